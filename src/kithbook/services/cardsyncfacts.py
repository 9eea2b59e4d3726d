"""People as facts that cards know too, and changes from cards written to people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from kithbook.core.cardmerge import HANDLES, LISTS, CardFacts, Delta
from kithbook.core.names import fold_name
from kithbook.core.personnames import split_name
from kithbook.core.records import Card
from kithbook.services import clock
from kithbook.store.erase import erase
from kithbook.store.models import (
    Affiliation,
    Ask,
    EntryParty,
    Identity,
    Owner,
    Participant,
    Person,
    PersonDate,
    Promise,
    Tag,
    Topic,
)

Work = tuple[str, str]
NOTHING_KNOWN = ("", "")


def facts_of_people(owner: Owner, works: Mapping[int, Work]) -> dict[int, CardFacts]:
    """The facts of people by id. `works` holds the work each was known with, which stays theirs while it lasts."""
    ids = list(works)
    lists: dict[int, dict[str, dict[str, str]]] = defaultdict(lambda: {name: {} for name in LISTS})
    for row in Identity.objects.of(owner).filter(person__in=ids, kind__in=HANDLES).order_by("pk"):
        lists[row.person_id][row.kind][row.key] = row.value
    for person, word in Tag.objects.of(owner).filter(person__in=ids).order_by("pk").values_list("person_id", "name"):
        lists[person]["tag"][word] = word
    jobs: dict[int, list[Work]] = defaultdict(list)
    current = Affiliation.objects.of(owner).filter(person__in=ids, ended_on="")
    for job in current.order_by("-started_on", "-pk"):
        jobs[job.person_id].append((job.organisation, job.role))
    dates = PersonDate.objects.of(owner).filter(person__in=ids, kind="birthday")
    birthdays = {row.person_id: str(row.on) for row in dates}
    found = {}
    for person in Person.objects.of(owner).filter(pk__in=ids):
        known = jobs[person.pk]
        work = works[person.pk] if works[person.pk] in known else (known[0] if known else NOTHING_KNOWN)
        texts = {
            "name": person.name,
            "note": person.note,
            "birthday": birthdays.get(person.pk, ""),
            "organisation": work[0],
            "role": work[1],
            "place": person.place,
        }
        found[person.pk] = CardFacts(texts, lists[person.pk])
    return found


def apply_to_person(owner: Owner, person: Person, delta: Delta, before: CardFacts, card: Card) -> list[str]:
    """Write what a card changed to a person, as if the owner had; gives sentences about what could not be.

    Addresses that the card lost stay with the person: old mail is recognised by them.
    """
    texts = dict(delta.texts)
    values: dict[str, Any] = _names(texts["name"], card) if texts.get("name") else {}
    values |= {name: texts[name] for name in ("note", "place") if name in texts}
    if values:
        edited = sorted({*person.edited, *values.keys() & {"name", "note", "place"}})
        values |= {"edited": edited, "place": values.get("place", person.place)[:200]}
        for name, value in values.items():
            setattr(person, name, value)
        person.save(update_fields=[*values])
    if "birthday" in texts:
        _set_birthday(owner, person, texts["birthday"])
    if "organisation" in texts or "role" in texts:
        old = (before.text("organisation"), before.text("role"))
        _set_work(owner, person, old, (texts.get("organisation", old[0]), texts.get("role", old[1])))
    _change_tags(owner, person, delta)
    return _add_handles(owner, person, delta)


def _names(name: str, card: Card) -> dict[str, str]:
    given, family = (card.given_name, card.family_name) if card.given_name or card.family_name else split_name(name)
    folded = fold_name(name)[:300]
    return {"name": name[:300], "folded_name": folded, "given_name": given[:150], "family_name": family[:150]}


def _set_birthday(owner: Owner, person: Person, on: str) -> None:
    rows = PersonDate.objects.of(owner).filter(person=person, kind="birthday")
    if not on:
        rows.delete()
    elif not rows.update(on=on):
        PersonDate(owner=owner, person=person, kind="birthday", on=on).save(force_insert=True)


def _set_work(owner: Owner, person: Person, old: Work, new: Work) -> None:
    """The old work is over, the new one is current; past work is kept."""
    today = clock.today(owner)
    rows = Affiliation.objects.of(owner).filter(person=person)
    rows.filter(organisation=old[0], role=old[1], ended_on="").update(ended_on=today.isoformat())
    if not any(new):
        return
    organisation, role = new[0][:300], new[1][:300]
    again = rows.filter(organisation=organisation, role=role, started_on="")
    if not again.update(ended_on=""):
        Affiliation(
            owner=owner, person=person, organisation=organisation, role=role, noted_on=today
        ).save(force_insert=True)  # fmt: skip


def _change_tags(owner: Owner, person: Person, delta: Delta) -> None:
    theirs = Tag.objects.of(owner).filter(person=person)
    gone = theirs.filter(name__in=delta.removed.get("tag", ()))
    erase(Tag, owner.pk, list(gone.values_list("pk", flat=True)))
    known = set(theirs.values_list("name", flat=True))
    new = [Tag(owner=owner, person=person, name=word) for word in delta.added.get("tag", {}) if word not in known]
    Tag.objects.bulk_create(new)


def _add_handles(owner: Owner, person: Person, delta: Delta) -> list[str]:
    notes = []
    for kind in HANDLES:
        values = delta.added.get(kind, {})
        taken = Identity.objects.of(owner).filter(kind=kind, key__in=list(values)).select_related("person")
        holders = {row.key: row.person for row in taken}
        for key, value in values.items():
            holder = holders.get(key)
            if holder is None:
                row = Identity(owner=owner, person=person, kind=kind, value=value[:500], key=key[:500])
                row.save(force_insert=True)
            elif holder.pk != person.pk:
                notes.append(f"{value} on the card of {person.name} belongs to {holder.name} here and stays there.")
    return notes


def known_by_card_only(owner: Owner, ids: Sequence[int]) -> set[int]:
    """Those of whom nothing but a card is known: no exchange, nothing given or promised, nothing edited."""
    rest = set(Person.objects.of(owner).filter(pk__in=ids, edited=[]).values_list("pk", flat=True))
    for model in (Participant, EntryParty, Promise, Ask, Topic):
        rest -= set(model.objects.of(owner).filter(person__in=rest).values_list("person_id", flat=True))
    return rest
