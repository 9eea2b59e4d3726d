"""Facts about people: noted with date and source, confirmed when they grow old, found again by their words.

A fact marked as sensitive is shown on the person's own pages only: no draft, match, calendar or mail uses it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.facts import ABOUT, LASTING, STALE_MONTHS, Known, accent_classes, fold_text, is_stale
from kithbook.core.facts import learn_next as find_gaps
from kithbook.core.ids import from_text, to_text
from kithbook.core.ledger import add_months
from kithbook.services import clock
from kithbook.services.briefviews import FactsView, FactView, FoundView, LearnView
from kithbook.services.finding import brief, find_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.views import Note
from kithbook.store.models import (
    Affiliation,
    EntryParty,
    Identity,
    Interaction,
    LedgerEntry,
    Owner,
    Participant,
    Person,
    PersonDate,
    Promise,
    Topic,
    Touch,
)

CONFIRMED = "confirmed"
LONGEST, LONGEST_SOURCE, LONGEST_QUERY, WORDS_MOST = 500, 200, 200, 6
MOST = 200
BRACKETS = frozenset("^[]\\")
"""Signs that mean something inside a class of letters: a word with one is found as it is written."""


@operation()
@transaction.atomic
def note(
    owner: Owner,
    person: str,
    text: str,
    about: str = "fact",
    source: str = "",
    sensitive: bool = False,
    on: dt.date | None = None,
) -> Note:
    """Note a fact, interest, need, goal or offer of a person, with the day and where you have it from."""
    row = find_person(owner, person)
    words = " ".join(text.split())[:LONGEST]
    day = clock.past_day(owner, on, "Give the day on which you learnt it.")
    if about not in ABOUT:
        raise Invalid(f"“{about[:30]}” cannot be noted.", f"Use one of: {', '.join(ABOUT)}.")
    if not words:
        raise Invalid("The text is empty.", "Say in a few words what it is.")
    batch = start_batch(owner, "fact", f"{about}: {row.name}")
    Topic.objects.create(
        owner=owner, person=row, kind=about, text=words, noted_on=day, source=source.strip()[:LONGEST_SOURCE],
        is_sensitive=sensitive, year=day.year if about == "goal" else None, batch=batch,
    )  # fmt: skip
    touch_revision(owner)
    return Note(f"Noted about {row.name}: {words}", to_text(batch.pk))


@operation()
@transaction.atomic
def confirm(owner: Owner, person: str, topic: str) -> FactView:
    """Say that a fact is still true: it is dated today, with "confirmed" as its source."""
    who, row = _find(owner, person, topic)
    row.noted_on, row.source = clock.today(owner), CONFIRMED
    row.save(update_fields=["noted_on", "source"])
    touch_revision(owner)
    return _view(who, row, clock.today(owner))


@operation()
@transaction.atomic
def mark_sensitive(owner: Owner, person: str, topic: str, sensitive: bool = True) -> FactView:
    """Mark a fact as sensitive, or not: it is then in no draft, match, calendar or mail."""
    who, row = _find(owner, person, topic)
    row.is_sensitive = sensitive
    row.save(update_fields=["is_sensitive"])
    if sensitive:
        # Ideas that were made with it before are part of the plan, which the calendar shows.
        words = row.text.rstrip(".")
        Touch.objects.of(owner).filter(person=who, idea__contains=words).update(idea="")
    touch_revision(owner)
    return _view(who, row, clock.today(owner))


@operation(reads=True)
def of_person(owner: Owner, person: str) -> FactsView:
    """All that is noted about a person, newest first, and what to learn next."""
    row = find_person(owner, person)
    return FactsView(brief(row), known_of(owner, row), gaps_of(owner, row))


@operation(reads=True)
def learn_next(owner: Owner, person: str) -> list[LearnView]:
    """What to learn next about a person, with a question for each."""
    return gaps_of(owner, find_person(owner, person))


@operation(reads=True)
def stale(owner: Owner, limit: int = 50) -> list[FactView]:
    """Facts older than two years that may have changed, people at Like and above first."""
    if not 0 <= limit <= MOST:
        raise Invalid(f"{limit} is too many.", f"Ask for at most {MOST}.")
    today = clock.today(owner)
    rows = Topic.objects.of(owner).filter(
        person__standing="kept", ended_on=None, kind__in=sorted(LASTING), noted_on__lt=add_months(today, -STALE_MONTHS)
    )
    rows = rows.select_related("person").order_by("-person__stage", "noted_on", "turn", "pk")[:limit]
    return [_view(row.person, row, today) for row in rows]


@operation(reads=True)
def search(owner: Owner, text: str, limit: int = 50) -> list[FoundView]:
    """Find words in your notes, facts, exchanges, bank entries and promises, newest first; accents do not matter."""
    if not 0 <= limit <= MOST:
        raise Invalid(f"{limit} is too many.", f"Ask for at most {MOST}.")
    words = list(dict.fromkeys(fold_text(text[:LONGEST_QUERY].replace("\0", "")).split()))[:WORDS_MOST]
    if not words:
        raise Invalid("There is nothing to look for.", "Give a word or two.")
    found = sorted(
        _found(owner, words, limit or 1), key=lambda one: (-(one.on or dt.date.min).toordinal(), one.person.name)
    )
    return found[:limit]


def _found(owner: Owner, words: Sequence[str], limit: int) -> list[FoundView]:
    zone = clock.zone(owner)
    promises = Promise.objects.of(owner)
    hits = [("note", key, text, None) for key, text, _ in _hits(Person.objects.of(owner), "note", "pk", words, limit)]
    topics = {key: (text, day) for key, text, day in _hits(Topic.objects.of(owner), "text", "noted_on", words, limit)}
    noted = Topic.objects.of(owner).filter(pk__in=list(topics)).exclude(person=None)
    hits += [(kind, person, *topics[key]) for key, kind, person in noted.values_list("pk", "kind", "person_id")]
    hits += [
        ("promise", key, text, day) for key, text, day in _hits(promises, "text", "made_on", words, limit, "person_id")
    ]
    exchanges = {
        key: (text, at.astimezone(zone).date())
        for column in ("title", "note")
        for key, text, at in _hits(Interaction.objects.of(owner), column, "at", words, limit)
    }
    parts = Participant.objects.of(owner).filter(interaction__in=list(exchanges)).exclude(role="also")
    for person, key in parts.values_list("person_id", "interaction_id"):
        hits.append(("exchange", person, *exchanges[key]))
    entries = {key: (text, day) for key, text, day in _hits(LedgerEntry.objects.of(owner), "note", "on", words, limit)}
    parties = EntryParty.objects.of(owner).filter(entry__in=list(entries))
    for person, key in parties.values_list("person_id", "entry_id"):
        hits.append(("bank", person, *entries[key]))
    people = {
        row.pk: brief(row)
        for row in Person.objects.of(owner).filter(
            pk__in={person for _, person, _, _ in hits}, standing__in=("kept", "archived")
        )
    }
    return [FoundView(people[key], where, text, day) for where, key, text, day in hits if key in people]


def _hits(
    rows: QuerySet[Any], column: str, newest: str, words: Sequence[str], limit: int, key: str = "pk"
) -> list[tuple[int, str, Any]]:
    """(key, text, day) of the newest rows whose column holds all the words.

    The database looks with patterns that find too much; what it finds is read until there is enough.
    """
    rows = rows.exclude(**{column: ""})
    for word in words:
        exact = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        ways = Q(_Like(F(column), Value(f"%{exact}%")))
        for classes in () if BRACKETS & set(word) else accent_classes(word):
            ways |= Q(_Accented(F(column))) & Q(_Spelled(F(column), Value(_spelling(classes))))
        rows = rows.filter(ways)
    found = []
    for number, text, day in rows.order_by(f"-{newest}", "-pk").values_list(key, column, newest).iterator():
        folded = fold_text(text)
        if all(word in folded for word in words):
            found.append((number, text, day))
            if len(found) >= limit:
                break
    return found


class _Like(Func):
    """`column LIKE pattern`, without regard to capitals."""

    template = "%(expressions)s ESCAPE '\\'"
    arg_joiner = " LIKE "
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """PostgreSQL tells capitals apart in LIKE."""
        return self.as_sql(compiler, connection, arg_joiner=" ILIKE ", **more)


class _Accented(Func):
    """Whether a text has letters outside ASCII: only there can a word be written with accents."""

    # More octets than letters; looking for such a letter with GLOB takes seven times as long.
    template = "length(%(expressions)s) <> length(CAST(%(expressions)s AS BLOB))"
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """PostgreSQL has a function for it."""
        template = "length(%(expressions)s) <> octet_length(%(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **more)


class _Spelled(Func):
    """Whether a text holds one of the spellings of a word, given as classes of letters."""

    template = "%(expressions)s"
    arg_joiner = " GLOB "
    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """A pattern without its stars is a regular expression too."""
        return self.as_sql(compiler, connection, template="%(expressions)s, '*')", arg_joiner=" ~ btrim(", **more)


def _spelling(classes: Sequence[str]) -> str:
    """Classes of letters as a GLOB pattern, which is a regular expression as well: every place is in brackets."""
    return "*" + "".join(f"[{letters}]" for letters in classes) + "*"


def known_of(owner: Owner, row: Person) -> list[FactView]:
    """What is noted about somebody, newest first; what has ended is left out."""
    today = clock.today(owner)
    rows = Topic.objects.of(owner).filter(person=row, ended_on=None).order_by("-noted_on", "-turn", "-pk")
    return [_view(row, topic, today) for topic in rows]


def gaps_of(owner: Owner, row: Person) -> list[LearnView]:
    """What to learn next about somebody."""
    topics = set(Topic.objects.of(owner).filter(person=row, ended_on=None).values_list("kind", flat=True).distinct())
    known = Known(
        stage=row.stage,
        work=Affiliation.objects.of(owner).filter(person=row, ended_on="").exists(),
        place=bool(row.place),
        met=bool(row.met_where or row.met_event_id or row.met_through_id),
        birthday=PersonDate.objects.of(owner).filter(person=row, kind="birthday").exists(),
        interest="interest" in topics,
        need="need" in topics,
        goal="goal" in topics,
        offer="offer" in topics,
        personal="fact" in topics,
        reach=Identity.objects.of(owner).filter(person=row, kind__in=("email", "phone")).exists(),
    )
    return [LearnView(gap.code, gap.what, gap.question) for gap in find_gaps(known)]


def _find(owner: Owner, person: str, topic: str) -> tuple[Person, Topic]:
    who = find_person(owner, person)
    row = Topic.objects.of(owner).filter(person=who, pk=from_text(topic)).first()
    if row is None:
        raise NotFound(f"{who.name} has no such fact.", "See their facts with `kith op facts of-person`.")
    return who, row


def _view(who: Person, row: Topic, today: dt.date) -> FactView:
    return FactView(
        to_text(row.pk), brief(who), row.kind, row.text, row.noted_on, row.source, row.is_sensitive,
        is_stale(row.kind, row.noted_on, today),
    )  # fmt: skip
