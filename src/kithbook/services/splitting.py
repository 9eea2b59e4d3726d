"""One entry that is two people, divided: what is chosen goes to a new person; and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import Count, Max, Min, Q

from kithbook.core.cardfields import card_from_lines
from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import from_text, to_text
from kithbook.services import clock, editing, ties
from kithbook.services.finding import brief, find_person
from kithbook.services.owners import touch_revision
from kithbook.services.privacyviews import ExchangesOfPerson, PartOfPerson, PartsView, SplitView
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.views import Note
from kithbook.store import imaging
from kithbook.store.erase import erase
from kithbook.store.models import (
    Affiliation,
    Batch,
    CardCopy,
    Identity,
    Interaction,
    NotSame,
    Owner,
    Participant,
    Person,
    Tag,
    Topic,
)
from kithbook.store.moving import move_everything

KIND = "split"


@operation(reads=True)
def parts(owner: Owner, person: str) -> PartsView:
    """What an entry is made of, to be divided between two people."""
    row = find_person(owner, person)
    return PartsView(
        person=brief(row),
        identities=[_part(item, item.value) for item in _of(Identity, owner, row).order_by("kind", "value")],
        jobs=[
            _part(item, ", ".join(filter(None, (item.role, item.organisation))))
            for item in _of(Affiliation, owner, row).order_by("organisation", "pk")
        ],
        tags=[_part(item, item.name) for item in _of(Tag, owner, row).order_by("name")],
        topics=[_part(item, item.text) for item in _of(Topic, owner, row).order_by("kind", "noted_on", "turn", "pk")],
        exchanges=_exchanges(owner, row),
    )


def _of(model: Any, owner: Owner, row: Person) -> Any:
    return model.objects.of(owner).filter(person=row)


def _part(row: models.Model, text: str) -> PartOfPerson:
    return PartOfPerson(to_text(row.pk), text)


def _exchanges(owner: Owner, row: Person) -> list[ExchangesOfPerson]:
    zone = clock.zone(owner)
    found = (
        Interaction.objects.of(owner)
        .filter(participants__person=row)
        .values("channel", "source")
        .annotate(count=Count("pk"), first=Min("at"), last=Max("at"))
        .order_by("-count", "channel", "source")
    )
    return [
        ExchangesOfPerson(
            item["channel"],
            item["source"],
            item["count"],
            item["first"].astimezone(zone).date(),
            item["last"].astimezone(zone).date(),
        )
        for item in found
    ]


@operation()
@transaction.atomic
def split(
    owner: Owner,
    person: str,
    name: str,
    identities: list[str] | None = None,
    jobs: list[str] | None = None,
    tags: list[str] | None = None,
    topics: list[str] | None = None,
    channels: list[str] | None = None,
    sources: list[str] | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    containing: str = "",
) -> SplitView:
    """Divide an entry that is two people: what you choose goes to a new person; `splitting undo` takes it back.

    `identities`, `jobs`, `tags` and `topics` are values or ids from `splitting parts`. Of the exchanges those go that
    fit all you say: channels, sources, days from `since` to `until`, and words in the title or in the name of somebody
    else who took part. Without any of these all exchanges stay.
    """
    old = find_person(owner, person)
    chosen: list[tuple[Any, list[int]]] = [
        (Identity, _chosen(owner, old, Identity, ("value", "key"), identities)),
        (Affiliation, _chosen(owner, old, Affiliation, ("organisation",), jobs)),
        (Tag, _chosen(owner, old, Tag, ("name",), tags)),
        (Topic, _chosen(owner, old, Topic, ("text",), topics)),
    ]
    exchanges = _wanted_exchanges(owner, old, channels, sources, since, until, containing)
    if not exchanges and not any(ids for _, ids in chosen):
        raise Invalid("Nothing was chosen for the second person.", "Choose addresses, jobs, tags, topics or exchanges.")
    batch = start_batch(owner, KIND, f"{old.name} / {name}")
    new = editing.make_person(owner, name, batch)
    image: dict[str, Any] = {"person": to_text(old.pk), "new": to_text(new.pk)}
    image["cards"] = _trim_cards(owner, old, dict(chosen)[Identity])
    rows = sum(imaging.hand_over(model, owner.pk, ids, new.pk) for model, ids in chosen)
    given = imaging.give_exchanges(owner.pk, exchanges, old.pk, new.pk)
    first, second = sorted((old, new), key=lambda row: int(row.pk))
    image["apart"] = to_text(NotSame.objects.create(owner=owner, first=first, second=second).pk)
    batch.before = {KIND: image}
    batch.save(update_fields=["before"])
    ties.refold(owner, [old.pk, new.pk])
    touch_revision(owner)
    message = f"{new.name} has an entry of their own now, apart from {old.name}."
    return SplitView(to_text(batch.pk), brief(old), brief(new), rows=rows, exchanges=given, message=message)


def _chosen(
    owner: Owner, person: Person, model: Any, columns: Sequence[str], wanted: Sequence[str] | None
) -> list[int]:
    """The ids of the rows that these values or ids name; raises NotFound for one that the person does not have."""
    if not wanted:
        return []
    rows = list(_of(model, owner, person))
    found: list[int] = []
    for text in filter(None, (item.strip() for item in wanted)):
        fits = [row.pk for row in rows if text == to_text(row.pk)] or [
            row.pk for row in rows if any(str(getattr(row, column)).casefold() == text.casefold() for column in columns)
        ]
        if not fits:
            raise NotFound(
                f"{person.name} has no “{text[:60]}”.", "See what there is with `kith op splitting parts --person …`."
            )
        found += fits
    return sorted(set(found))


def _wanted_exchanges(
    owner: Owner,
    person: Person,
    channels: Sequence[str] | None,
    sources: Sequence[str] | None,
    since: dt.date | None,
    until: dt.date | None,
    containing: str,
) -> list[int]:
    words = containing.strip()[:200]
    if not (channels or sources or since or until or words):
        return []
    rows = Interaction.objects.of(owner).filter(participants__person=person)
    if channels:
        rows = rows.filter(channel__in=channels)
    if sources:
        rows = rows.filter(source__in=sources)
    zone = clock.zone(owner)
    if since:
        rows = rows.filter(at__gte=dt.datetime.combine(since, dt.time(), zone))
    if until:
        rows = rows.filter(at__lt=dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), zone))
    if words:
        people = Person.objects.of(owner).filter(name__icontains=words).exclude(pk=person.pk)
        others = Participant.objects.of(owner).filter(person__in=people.values("pk"))
        rows = rows.filter(Q(title__icontains=words) | Q(pk__in=others.values("interaction_id")))
    return sorted(set(rows.values_list("pk", flat=True)))


def _trim_cards(owner: Owner, person: Person, identities: Sequence[int]) -> list[list[Any]]:
    """Take addresses that go to the new person out of the copies of cards: [id, lines before, lines after]."""
    gone = set(Identity.objects.of(owner).filter(pk__in=list(identities)).values_list("kind", "key"))
    changed: list[list[Any]] = []
    for copy in _of(CardCopy, owner, person) if gone else ():
        left = [line for line in copy.lines if not gone & {(h.kind, h.key) for h in card_from_lines([line]).handles}]
        if left != copy.lines:
            changed.append([to_text(copy.pk), copy.lines, left])
            CardCopy.objects.of(owner).filter(pk=copy.pk).update(lines=left)
    return changed


@operation()
@transaction.atomic
def undo(owner: Owner, batch: str) -> Note:
    """Take a split back: the entry is one again, with everything that was added to either since."""
    row = Batch.objects.of(owner).filter(pk=from_text(batch), kind=KIND).first()
    if row is None:
        raise NotFound("There is no split with this id.", "See what was done with `kith import list`.")
    if row.state == "undone":
        raise Refused("This was taken back already.", "Split the entry again if it was right after all.")
    old = take_back(owner, row)
    Batch.objects.of(owner).filter(pk=row.pk).update(state="undone", finished_at=clock.now(), before={})
    touch_revision(owner)
    return Note(f"{old.name} is one entry again.")


def take_back(owner: Owner, batch: Batch) -> Person:
    """Put everything of a split back; gives the person who has it all again. Refused if one of the two is gone."""
    image = batch.before.get(KIND, {})
    people = Person.objects.of(owner).filter(
        pk__in=[from_text(image[key]) for key in ("person", "new") if image.get(key)]
    )
    found: dict[str, Person] = {to_text(row.pk): row for row in people}
    if len(found) < 2:
        raise Refused("One of the two is gone, so that this cannot be taken back.", "Add by hand what is missing.")
    old, new = found[image["person"]], found[image["new"]]
    for key, before, after in image["cards"]:
        copies = CardCopy.objects.of(owner).filter(pk=from_text(key))
        if list(copies.values_list("lines", flat=True)) == [after]:
            copies.update(lines=before)
    erase(NotSame, owner.pk, [from_text(image["apart"])])
    # All that the new entry has came from the old one, or since; what both have is kept once.
    move_everything(owner.pk, new.pk, old.pk)
    erase(Person, owner.pk, [new.pk])
    ties.refold(owner, [old.pk])
    return old
