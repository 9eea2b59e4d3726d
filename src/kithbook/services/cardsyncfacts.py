"""People as facts that cards know too, and changes from cards written to people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kithbook.core.cardmerge import HANDLES, LISTS, CardFacts, Delta
from kithbook.core.records import Card, Handle
from kithbook.services.cardchanges import CardChanges
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
LONGEST = {"note": None, "place": 200}


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


def apply_to_person(changes: CardChanges, delta: Delta, before: CardFacts, card: Card) -> list[str]:
    """Write what a card changed to a person, as if the owner had; gives sentences about what could not be.

    Addresses that the card lost stay with the person: old mail is recognised by them.
    """
    texts = delta.texts
    if texts.get("name"):
        changes.rename(card._replace(name=texts["name"]))
    changes.set(**{name: texts[name][:length] for name, length in LONGEST.items() if name in texts})
    if "birthday" in texts:
        changes.set_date("birthday", texts["birthday"])
    if "organisation" in texts or "role" in texts:
        old = (before.text("organisation"), before.text("role"))
        new = (texts.get("organisation", old[0])[:300], texts.get("role", old[1])[:300])
        changes.leave_jobs([old])
        changes.add_jobs([new] if any(new) else [])
    changes.leave_tags(delta.removed.get("tag", ()))
    changes.add_tags(delta.added.get("tag", {}))
    return [note for kind in HANDLES for note in _add_handles(changes, kind, delta.added.get(kind, {}))]


def _add_handles(changes: CardChanges, kind: str, values: Mapping[str, str]) -> Iterator[str]:
    taken = Identity.objects.of(changes.owner).filter(kind=kind, key__in=list(values)).select_related("person")
    holders = {row.key: row.person for row in taken}
    changes.add_handles(Handle(kind, value, key) for key, value in values.items() if key not in holders)
    for key, holder in holders.items():
        if holder.pk != changes.person.pk:
            name = changes.person.name
            yield f"{values[key]} on the card of {name} belongs to {holder.name} here and stays there."


def known_by_card_only(owner: Owner, ids: Sequence[int]) -> set[int]:
    """Those of whom nothing but a card is known: no exchange, nothing given or promised, nothing edited."""
    rest = set(Person.objects.of(owner).filter(pk__in=ids, edited=[]).values_list("pk", flat=True))
    for model in (Participant, EntryParty, Promise, Ask, Topic):
        rest -= set(model.objects.of(owner).filter(person__in=rest).values_list("person_id", flat=True))
    return rest
