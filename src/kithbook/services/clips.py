"""Clips: links and notes to pass on, whom they suit, and what was sent to whom."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kithbook.core.clips import Fit, TopicIndex, TopicOf, clip_key, explain, read_field
from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.core.feeds import clean_url
from kithbook.core.ids import from_text, to_text
from kithbook.core.openers import Draft, mail_link
from kithbook.services import clock, matching
from kithbook.services.clipviews import ClipsPage, ClipUseView, ClipView, SuggestionView
from kithbook.services.finding import brief, find_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_entry, record_interaction, start_batch
from kithbook.services.registry import operation
from kithbook.services.views import Note
from kithbook.store.erase import erase
from kithbook.store.models import Batch, Clip, ClipUse, Identity, Owner, Person, Topic

LOOKED_AT = 500
SUGGESTED = 3
MOST = 100
LONGEST_NOTE, LONGEST_FIELD = 2_000, 5_000
MATCHED_CHARS = 400
MATCHED = ("need", "goal", "interest")


@operation()
@transaction.atomic
def add(owner: Owner, text: str, note: str = "", title: str = "") -> ClipView:
    """Keep a link or a note to pass on; the title is what you type beside the address, nothing is fetched."""
    written = read_field(text[:LONGEST_FIELD], title)
    if not written.title:
        raise Invalid("There is nothing to keep.", "Paste an address, or write a line about what you want to pass on.")
    url = clean_url(written.url) if written.url else ""
    if written.url and not url:
        raise Invalid("This address cannot be kept.", "It begins with https:// or http:// and has no password in it.")
    key = clip_key(url, written.title)
    row = Clip.objects.of(owner).filter(key=key).first()
    if row is None:
        batch = start_batch(owner, "clip", written.title)
        row = Clip(owner=owner, key=key, url=url, title=written.title, note=note[:LONGEST_NOTE], noted_at=clock.now(),
                   batch=batch)  # fmt: skip
        row.save(force_insert=True)
    else:
        row.is_dismissed, row.noted_at = False, clock.now()
        row.note = note[:LONGEST_NOTE] or row.note
        row.save(update_fields=["is_dismissed", "noted_at", "note"])
    touch_revision(owner)
    return _views(owner, [row])[0]


@operation(reads=True)
def listing(owner: Owner, person: str = "", dismissed: bool = False, limit: int = 20, offset: int = 0) -> ClipsPage:
    """Things to pass on, those that suit somebody first, with the people and why; or only those for one person."""
    if not 0 <= limit <= MOST or offset < 0:
        raise Invalid("This page does not exist.", f"Ask for at most {MOST} clips, from 0 on.")
    rows = list(
        Clip.objects.of(owner)
        .filter(is_dismissed=dismissed)
        .select_related("feed")
        .order_by("-noted_at", "pk")[:LOOKED_AT]
    )
    only = find_person(owner, person).pk if person.strip() else None
    uses = _uses(owner, rows)
    fits = _fits(owner, rows, uses, only)
    if only is not None:
        rows = [row for row in rows if fits[row.pk]]
    best = {row.pk: max((fit.share for fit in fits[row.pk]), default=0.0) for row in rows}
    rows.sort(key=lambda row: -best[row.pk] if not dismissed else 0)
    shown = rows[offset : offset + limit]
    suiting = sum(1 for row in rows if best[row.pk])
    return ClipsPage(_views(owner, shown, uses, fits), len(rows), suiting, offset, limit)


@operation(reads=True)
def show(owner: Owner, clip: str, limit: int = 8) -> ClipView:
    """One clip with those it suits best, by its words and by what it means."""
    if not 0 <= limit <= MOST:
        raise Invalid(f"{limit} people are too many at once.", f"Ask for at most {MOST}.")
    row = find_clip(owner, clip)
    uses = _uses(owner, [row])
    by_words = _fits(owner, [row], uses)[row.pk]
    decided = {use.person_id for use in uses[row.pk]} | {fit.topic.person for fit in by_words}
    by_meaning = [fit for fit in _meant(owner, row, limit) if fit.topic.person not in decided]
    return _views(owner, [row], uses, {row.pk: [*by_words, *by_meaning][:limit]}, limit)[0]


def _meant(owner: Owner, row: Clip, limit: int) -> list[Fit]:
    """Topics that mean what the clip is about, best first; behind those that share its words."""
    matches = matching.interested_in(owner, f"{row.title} {row.note}"[:MATCHED_CHARS], limit + SUGGESTED)
    sides = {(from_text(m.need.person.id), m.need.text): m.strength for m in matches if m.need.person}
    rows = Topic.objects.of(owner).filter(
        person__in=[person for person, _ in sides], text__in=[text for _, text in sides], kind__in=MATCHED,
        is_sensitive=False, ended_on=None,
    )  # fmt: skip
    columns = rows.order_by("noted_on", "turn", "pk").values_list("person_id", "kind", "text", "noted_on", "pk")
    found = {topic.person: topic for topic in (TopicOf(*one) for one in columns) if (topic.person, topic.text) in sides}
    order = [person for person, _ in sides]
    return [Fit(found[person], sides[person, found[person].text] / 2) for person in order if person in found]


@operation()
@transaction.atomic
def sent(owner: Owner, clip: str, person: str, channel: str = "item") -> Note:
    """Say that you sent a clip to a person: it is written down as contact and as a useful item you gave."""
    row, who = find_clip(owner, clip), find_person(owner, person)
    before = ClipUse.objects.of(owner).filter(clip=row, person=who).first()
    if before and before.state == "sent":
        raise Conflict(f"{who.name} has this since {before.on:%-d %B %Y}.", "Pick somebody else.")
    batch = start_batch(owner, "clip", f"Sent to {who.name}: {row.title}")
    interaction = record_interaction(owner, [who], channel, title=row.title, batch=batch)
    entry = record_entry(
        owner, [who], "gave", "item", note=" ".join(filter(None, (row.title, row.url))), interaction=interaction,
        batch=batch,
    )  # fmt: skip
    if before:
        erase(ClipUse, owner.pk, [before.pk])
    _use(owner, row, who, "sent", batch, entry=entry)
    return Note(f"Written down: “{row.title}” went to {who.name}.", to_text(batch.pk))


@operation()
@transaction.atomic
def not_for_them(owner: Owner, clip: str, person: str) -> Note:
    """Say that a clip is not for a person; it is remembered and not suggested again."""
    row, who = find_clip(owner, clip), find_person(owner, person)
    if ClipUse.objects.of(owner).filter(clip=row, person=who).exists():
        raise Conflict(f"This is decided for {who.name} already.", "Take it back first if it was a slip.")
    batch = start_batch(owner, "clip", f"Not for {who.name}: {row.title}")
    _use(owner, row, who, "not_for_them", batch)
    touch_revision(owner)
    return Note(f"“{row.title}” is not suggested for {who.name} any more.", to_text(batch.pk))


@operation()
def dismiss(owner: Owner, clip: str) -> ClipView:
    """Put a clip away; nothing is lost, and its feed does not bring it again."""
    return _dismiss(owner, clip, dismissed=True)


@operation()
def restore(owner: Owner, clip: str) -> ClipView:
    """Take a clip that was put away back into the list."""
    return _dismiss(owner, clip, dismissed=False)


@transaction.atomic
def _dismiss(owner: Owner, clip: str, *, dismissed: bool) -> ClipView:
    row = find_clip(owner, clip)
    row.is_dismissed = dismissed
    row.save(update_fields=["is_dismissed"])
    touch_revision(owner)
    return _views(owner, [row])[0]


def find_clip(owner: Owner, clip: str) -> Clip:
    """A clip by its id; NotFound for anybody else's."""
    row: Clip | None = Clip.objects.of(owner).filter(pk=from_text(clip)).select_related("feed").first()
    if row is None:
        raise NotFound("There is no such clip.", "See them with `kith op clips listing`.")
    return row


def _use(owner: Owner, row: Clip, who: Person, state: str, batch: Batch, **more: Any) -> None:
    ClipUse.objects.create(
        owner=owner, clip=row, person=who, state=state, on=clock.today(owner), batch=batch, **more
    )  # fmt: skip


def _uses(owner: Owner, rows: Sequence[Clip]) -> dict[int, list[ClipUse]]:
    found: dict[int, list[ClipUse]] = defaultdict(list)
    uses = ClipUse.objects.of(owner).filter(clip__in=[row.pk for row in rows]).select_related("person")
    for use in uses.order_by("on", "pk"):
        found[use.clip_id].append(use)
    return found


def _fits(
    owner: Owner, rows: Sequence[Clip], uses: dict[int, list[ClipUse]], only: int | None = None
) -> dict[int, list[Fit]]:
    """Whom each clip suits, best first, without those who have it or whom it is not for."""
    index = _topics(owner, only) if rows else TopicIndex(())
    found = {}
    for row in rows:
        decided = {use.person_id for use in uses.get(row.pk, ())}
        found[row.pk] = index.find(f"{row.title} {row.note}", SUGGESTED, decided) if len(index) else []
    return found


_index: dict[int, tuple[int, TopicIndex]] = {}


def _topics(owner: Owner, only: int | None) -> TopicIndex:
    """The needs, goals and interests of everybody kept, built once for each state of the network; or of one person."""
    revision = Owner.objects.values_list("revision", flat=True).get(pk=owner.pk)
    cached = _index.get(owner.pk)
    if only is None and cached and cached[0] == revision:
        return cached[1]
    rows = Topic.objects.of(owner).filter(
        kind__in=MATCHED, ended_on=None, is_sensitive=False, person__standing="kept"
    )  # fmt: skip
    rows = rows.filter(person=only) if only is not None else rows
    index = TopicIndex(
        TopicOf(*row) for row in rows.order_by("pk").values_list("person_id", "kind", "text", "noted_on", "pk")
    )
    if only is None:
        if len(_index) > 50:
            _index.clear()
        _index[owner.pk] = revision, index
    return index


def _views(
    owner: Owner,
    rows: Sequence[Clip],
    uses: dict[int, list[ClipUse]] | None = None,
    fits: dict[int, list[Fit]] | None = None,
    most: int = SUGGESTED,
) -> list[ClipView]:
    uses = _uses(owner, rows) if uses is None else uses
    fits = _fits(owner, rows, uses) if fits is None else fits
    ids = {fit.topic.person for row in rows for fit in fits[row.pk][:most]}
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids)}
    emails: dict[int, str] = {}
    for person, value in (
        Identity.objects.of(owner).filter(person__in=ids, kind="email").order_by("pk").values_list("person_id", "value")
    ):
        emails.setdefault(person, value)
    today, zone = clock.today(owner), clock.zone(owner)
    return [
        ClipView(
            id=to_text(row.pk),
            title=row.title,
            url=row.url,
            note=row.note,
            feed=row.feed.title or row.feed.url if row.feed else "",
            noted_on=row.noted_at.astimezone(zone).date(),
            is_dismissed=row.is_dismissed,
            suggested=[
                _suggestion(row, fit, people[fit.topic.person], emails.get(fit.topic.person, ""), today)
                for fit in fits[row.pk][:most]
                if fit.topic.person in people
            ],
            sent=[ClipUseView(brief(use.person), use.on) for use in uses.get(row.pk, ()) if use.state == "sent"],
            batch=to_text(row.batch_id) if row.batch_id else None,
        )
        for row in rows
    ]


def _suggestion(row: Clip, fit: Fit, person: Person, email: str, today: dt.date) -> SuggestionView:
    first = person.given_name or person.name.partition(" ")[0]
    body = "\n".join([f"{first},", "", "[One line on why it made you think of them.]", "", row.url or row.note])
    link = mail_link(email, Draft(row.title, body))
    return SuggestionView(brief(person), explain(first, fit.topic, today), round(fit.share, 3), link)
