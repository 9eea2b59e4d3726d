"""Changes to a person by hand. What a user edited is never overwritten by an import."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from kithbook.core.addresses import normalise_email, normalise_url
from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.core.ids import from_text, is_id
from kithbook.core.names import fold_name
from kithbook.core.personnames import split_name
from kithbook.core.phones import normalise_phone
from kithbook.services import clock, people, ties
from kithbook.services.finding import find_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.views import PersonPage
from kithbook.store.erase import erase
from kithbook.store.models import Affiliation, Batch, Identity, Owner, Participant, Person, Tag, Topic

LONGEST_NOTE = 20_000
TOPICS = ("need", "offer", "interest", "goal", "fact")


def clean_name(name: str) -> str:
    """A person's name in one line; raises Invalid where nothing of it could be seen."""
    clean = " ".join(name.split())[:300]
    if not any(letter.isprintable() and not letter.isspace() for letter in clean):
        raise Invalid("A person needs a name.", "Any name will do; it can be changed later.")
    return clean


def make_person(owner: Owner, name: str, batch: Batch | None = None, **fields: Any) -> Person:
    """A new person row; raises Invalid without a name."""
    clean = clean_name(name)
    given, family = split_name(clean)
    row = Person(
        owner=owner, name=clean, folded_name=fold_name(clean)[:300], given_name=given[:150], family_name=family[:150],
        batch=batch, created_at=clock.now(), **fields,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def find_or_make(owner: Owner, name: str, batch: Batch, *, through: Person) -> Person:
    """Somebody who came through another: new to the book they keep who opened the door, as do those of unknown origin.

    Raises Conflict where the name fits several people, as `find_person` does.
    """
    try:
        row = find_person(owner, name)
    except NotFound:
        if is_id(name.strip().lower()) or "@" in name:
            raise
        return make_person(owner, name, batch, met_through=through)
    if row.met_through_id is None and row.met_at is None and row.pk != through.pk:
        batch.before.setdefault("people", {})[str(row.pk)] = {"met_through_id": [None, through.pk]}
        batch.save(update_fields=["before"])
        Person.objects.of(owner).filter(pk=row.pk).update(met_through=through)
    return row


@operation()
@transaction.atomic
def add(owner: Owner, name: str, email: str = "", phone: str = "", place: str = "", note: str = "") -> PersonPage:
    """Add a person you know."""
    batch = start_batch(owner, "person", name)
    row = make_person(owner, name, batch, place=place[:200], note=note[:LONGEST_NOTE])
    for value in filter(None, (email, phone)):
        attach(owner, row, value, "", batch)
    touch_revision(owner)
    return people.page(owner, row)


@operation()
@transaction.atomic
def edit(
    owner: Owner,
    person: str,
    name: str | None = None,
    place: str | None = None,
    note: str | None = None,
    nicknames: list[str] | None = None,
    importance: int | None = None,
    liking: int | None = None,
    closeness: int | None = None,
    is_kin: bool | None = None,
    is_key: bool | None = None,
    no_gifts: bool | None = None,
    shows_balance: bool | None = None,
) -> PersonPage:
    """Change what you know about a person; ratings are 1 to 5, 0 takes one back; what is left out stays."""
    row = find_person(owner, person)
    changes: dict[str, Any] = {}
    if name is not None:
        clean = clean_name(name)
        given, family = split_name(clean)
        changes |= {"name": clean, "folded_name": fold_name(clean)[:300], "given_name": given[:150],
                    "family_name": family[:150]}  # fmt: skip
    if place is not None:
        changes["place"] = place.strip()[:200]
    if note is not None:
        changes["note"] = note[:LONGEST_NOTE]
    if nicknames is not None:
        changes["nicknames"] = [word.strip()[:60] for word in nicknames if word.strip()]
    changes |= _ratings(importance=importance, liking=liking, closeness=closeness)
    marks = {"is_kin": is_kin, "is_key": is_key, "no_gifts": no_gifts, "shows_balance": shows_balance}
    changes |= {field: value for field, value in marks.items() if value is not None}
    _save(owner, row, changes)
    return people.page(owner, row)


def _ratings(**ratings: int | None) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for field, value in ratings.items():
        if value is None:
            continue
        if not 0 <= value <= 5:
            raise Invalid(f"{value} is not a rating.", "Ratings go from 1 to 5; 0 takes one back.")
        found[field] = value or None
    return found


def _save(owner: Owner, row: Person, changes: dict[str, Any]) -> None:
    """Write the changes and remember which fields are the user's own."""
    for field, value in changes.items():
        setattr(row, field, value)
    row.edited = sorted({*row.edited, *changes})
    row.save(update_fields=[*changes, "edited"])
    touch_revision(owner)


@operation()
@transaction.atomic
def tag(owner: Owner, person: str, tag: str) -> PersonPage:
    """Put a word on a person."""
    row = find_person(owner, person)
    word = " ".join(tag.split())[:60]
    if not word:
        raise Invalid("The tag is empty.", "Give a word, e.g. fintech.")
    Tag.objects.get_or_create(owner=owner, person=row, name=word)
    touch_revision(owner)
    return people.page(owner, row)


@operation()
@transaction.atomic
def untag(owner: Owner, person: str, tag: str) -> PersonPage:
    """Take a word off a person."""
    row = find_person(owner, person)
    Tag.objects.of(owner).filter(person=row, name=tag).delete()
    touch_revision(owner)
    return people.page(owner, row)


@operation()
@transaction.atomic
def add_identity(owner: Owner, person: str, value: str, label: str = "") -> PersonPage:
    """Give a person an e-mail, phone number or profile address."""
    row = find_person(owner, person)
    attach(owner, row, value, label, None)
    touch_revision(owner)
    return people.page(owner, row)


def handle_of(value: str) -> tuple[str, str]:
    """Kind and normal form of an e-mail, phone number or profile address; raises Invalid for anything else."""
    text = value.strip()
    if "@" in text and (key := normalise_email(text)):
        return "email", key
    if "/" in text or "." in text:
        key = normalise_url(text)
        if key:
            return "url", key
    if key := normalise_phone(text):
        return "phone", key
    raise Invalid(
        f"“{text[:80]}” is neither an e-mail, a phone number nor a profile address.",
        "Write phone numbers with their country, e.g. +43 1 234 5678.",
    )


def attach(owner: Owner, row: Person, value: str, label: str, batch: Batch | None) -> None:
    """Give a person an e-mail, phone number or profile address, as part of the batch.

    Raises Invalid where it is none of these, Conflict where somebody else has it.
    """
    kind, key = handle_of(value)
    taken = Identity.objects.of(owner).filter(kind=kind, key=key[:500]).select_related("person").first()
    if taken and taken.person_id != row.pk:
        if taken.person.standing != "seen":
            raise Conflict(f"{value.strip()[:80]} belongs to {taken.person.name}.", "Take it away from them first.")
        _absorb(owner, taken.person, row, batch)
    if taken:
        return
    try:
        with transaction.atomic():
            Identity.objects.create(
                owner=owner,
                person=row,
                kind=kind,
                value=value.strip()[:500],
                key=key[:500],
                label=label[:60],
                batch=batch,
            )
    except IntegrityError as error:
        raise Conflict(f"{value.strip()[:80]} was just given to somebody else.", "Look again.") from error


def _absorb(owner: Owner, seen: Person, row: Person, batch: Batch | None) -> None:
    """Someone only seen on mails turns out to be this person: their addresses and places on mails move over."""
    Identity.objects.of(owner).filter(person=seen).update(person=row, batch=batch)
    theirs = Participant.objects.of(owner).filter(person=seen)
    both = Participant.objects.of(owner).filter(person=row, interaction__in=theirs.values("interaction"))
    doubled = list(both.values_list("interaction_id", flat=True))
    theirs.exclude(interaction__in=doubled).update(person=row)
    erase(Person, owner.pk, [seen.pk])
    ties.refold(owner, [row.pk])


@operation()
@transaction.atomic
def remove_identity(owner: Owner, person: str, value: str) -> PersonPage:
    """Take an e-mail, phone number or profile address away from a person."""
    row = find_person(owner, person)
    kind, key = handle_of(value)
    rows = Identity.objects.of(owner).filter(person=row, kind=kind, key=key)
    if not erase(Identity, owner.pk, rows.values_list("pk", flat=True)):
        raise NotFound(f"{row.name} has no {value[:80]}.", "See what they have with `kith person`.")
    touch_revision(owner)
    return people.page(owner, row)


@operation()
@transaction.atomic
def add_job(owner: Owner, person: str, organisation: str, role: str = "") -> PersonPage:
    """Note where a person works."""
    row = find_person(owner, person)
    if not organisation.strip():
        raise Invalid("The organisation is empty.", "Give its name.")
    Affiliation.objects.get_or_create(
        owner=owner, person=row, organisation=organisation.strip()[:300], role=role.strip()[:300], started_on="",
        defaults={"noted_on": clock.today(owner)},
    )  # fmt: skip
    touch_revision(owner)
    return people.page(owner, row)


@operation()
@transaction.atomic
def note_topic(owner: Owner, person: str, kind: str, text: str) -> PersonPage:
    """Note a need, offer, interest, goal or fact of a person."""
    row = find_person(owner, person)
    if kind not in TOPICS:
        raise Invalid(f"“{kind[:30]}” is not a kind of topic.", f"Use one of: {', '.join(TOPICS)}.")
    if not text.strip():
        raise Invalid("The text is empty.", "Say in a few words what it is.")
    Topic.objects.create(owner=owner, person=row, kind=kind, text=text.strip()[:500], noted_on=clock.today(owner))
    touch_revision(owner)
    return people.page(owner, row)


@operation()
@transaction.atomic
def drop_topic(owner: Owner, person: str, topic: str) -> PersonPage:
    """Take a need, offer, interest, goal or fact of a person away again."""
    row = find_person(owner, person)
    rows = Topic.objects.of(owner).filter(person=row, pk=from_text(topic))
    if not erase(Topic, owner.pk, rows.values_list("pk", flat=True)):
        raise NotFound(f"{row.name} has no such topic.", "See their topics with `kith person`.")
    touch_revision(owner)
    return people.page(owner, row)


@operation()
def archive(owner: Owner, person: str) -> PersonPage:
    """Let a person go without guilt: still found by search, revived by contact."""
    return _stand(owner, person, "archived")


@operation()
def unarchive(owner: Owner, person: str) -> PersonPage:
    """Take a person back among those you keep."""
    return _stand(owner, person, "kept")


@operation()
def trash(owner: Owner, person: str) -> PersonPage:
    """Put a person into the trash; nothing is lost until it is emptied."""
    return _stand(owner, person, "trashed")


@operation()
def untrash(owner: Owner, person: str) -> PersonPage:
    """Take a person out of the trash."""
    return _stand(owner, person, "kept")


@transaction.atomic
def _stand(owner: Owner, who: str, standing: str) -> PersonPage:
    row = find_person(owner, who)
    trashed_at = (row.trashed_at or clock.now()) if standing == "trashed" else None
    _save(owner, row, {"standing": standing, "trashed_at": trashed_at})
    return people.page(owner, row)
