"""Who is meant: by id, name, part of a name or e-mail; several matches are an error that lists them."""

from __future__ import annotations

from collections import defaultdict

from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.core.names import Known, NameIndex, resolve
from kithbook.services.views import PersonBrief
from kithbook.store.models import Identity, Owner, Person

CANDIDATES_SHOWN = 12
_index: dict[int, tuple[int, NameIndex]] = {}


def name_index(owner: Owner) -> NameIndex:
    """The names of all people of an owner, built once for each state of the network."""
    revision = Owner.objects.values_list("revision", flat=True).get(pk=owner.pk)
    cached = _index.get(owner.pk)
    if cached and cached[0] == revision:
        return cached[1]
    emails: dict[int, list[str]] = defaultdict(list)
    for person, key in Identity.objects.of(owner).filter(kind="email").values_list("person_id", "key"):
        emails[person].append(key)
    people = Person.objects.of(owner).filter(standing__in=("kept", "archived")).values_list("pk", "name", "nicknames")
    index = NameIndex(Known(pk, name, tuple(nicknames), tuple(emails.get(pk, ()))) for pk, name, nicknames in people)
    if len(_index) > 50:
        _index.clear()
    _index[owner.pk] = (revision, index)
    return index


def find_person(owner: Owner, who: str) -> Person:
    """The one person meant by `who`; NotFound for nobody, Conflict with the candidates for several."""
    wanted = who.strip()
    if not wanted:
        raise Invalid("Nobody was named.", "Give a name, part of one, an e-mail or an id.")
    if is_id(wanted):
        row: Person | None = Person.objects.of(owner).filter(pk=from_text(wanted)).exclude(standing="seen").first()
        if row:
            return row
    ids = resolve(wanted, name_index(owner)).ids
    rows: list[Person] = list(Person.objects.of(owner).filter(pk__in=ids[:200]))
    if not rows:
        raise NotFound(
            f"There is nobody called “{wanted[:60]}”.", "Look for them with `kith people`, or add them with `kith met`."
        )
    if len(rows) > 1:
        raise ambiguous(wanted, rows)
    return rows[0]


def ambiguous(name: str, rows: list[Person]) -> Conflict:
    """The error for a name that fits several people, with who they are."""
    rows = sorted(rows, key=lambda row: (row.folded_name, row.pk))
    briefs = [brief(row) for row in rows[:CANDIDATES_SHOWN]]
    listed = ", ".join(f"{item.name} ({item.id})" for item in briefs)
    more = f" and {len(rows) - len(briefs)} more" if len(rows) > len(briefs) else ""
    return Conflict(
        f"“{name[:60]}” fits {len(rows)} people: {listed}{more}.",
        "Use the full name, the e-mail or the id.",
        candidates=briefs,
    )


def brief(row: Person) -> PersonBrief:
    """Enough to show and to open a person."""
    return PersonBrief(to_text(row.pk), row.name, row.stage)
