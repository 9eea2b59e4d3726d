"""Who is who while an import runs: address keys to people, new people, better names, promotions from "seen"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from kithbook.core.names import fold_name
from kithbook.core.personnames import best_name, clean_display_name, split_name
from kithbook.core.records import Address, Handle, Party
from kithbook.services.clock import now
from kithbook.services.describing import FIELDS, NOTHING, Descriptions, Told
from kithbook.services.keepout import KeptOut
from kithbook.store import contacts
from kithbook.store.bulk import Inserter, update_alike
from kithbook.store.ids import IdRun
from kithbook.store.models import Batch, Identity, Owner, Person

PERSON_COLUMNS = ("id", "owner", "name", "folded_name", "standing", "batch", "created_at", *FIELDS)
IDENTITY_COLUMNS = ("id", "owner", "person", "kind", "value", "key", "label", "batch")
CHUNK = 2_000
LIST_MAILS, LIST_WRITERS = 10, 3
"""An address on so many mails of so many writers that never wrote itself is a list (d)."""


class PersonBook:
    """The people of one owner by identity, and the changes that one batch makes to them.

    People are written by `flush`, which comes once, at the end; `changed` holds [old, new] by person and field
    for undo.
    """

    def __init__(self, owner: Owner, batch: Batch) -> None:
        self.owner, self.batch = owner, batch
        self._owner_id, self._batch_id = owner.pk, batch.pk
        self._by_key: dict[str, dict[str, int]] = defaultdict(dict)
        self.by_email = self._by_key["email"]
        self._descriptions = Descriptions()
        self.kept_out = KeptOut(owner)
        self.added = 0
        self.changed: dict[int, dict[str, list[object]]] = {}
        self._ids = IdRun()
        self._seen: set[int] = set()
        self._unnamed: dict[int, str] = {}
        self._new: dict[int, str] = {}
        self._names: dict[int, str | dict[str, int]] = {}
        self._identities: list[tuple[object, ...]] = []
        self._insert_people = Inserter(Person, PERSON_COLUMNS)
        self._insert_identities = Inserter(Identity, IDENTITY_COLUMNS)
        self._load()

    def _load(self) -> None:
        rows = Identity.objects.of(self.owner).values_list("kind", "key", "person_id").iterator(chunk_size=CHUNK)
        for kind, key, person in rows:
            self._by_key[kind][key] = person
        people = Person.objects.of(self.owner)
        self._seen = set(people.filter(standing="seen").values_list("pk", flat=True))
        # Somebody known by address only takes the first real name that turns up.
        self._unnamed = dict(people.filter(name__contains="@").values_list("pk", "name"))

    def mailer(self, address: Address, *, exchanged: bool) -> int:
        """The person behind an address, new if need be; `exchanged` with the owner, or only on the same mail."""
        person = self.by_email.get(address.key)
        if person is None:
            person = self._add(address.email, "kept" if exchanged else "seen")
            self.by_email[address.key] = person
            self._add_identity(person, "email", address.email, address.key)
        elif exchanged and person in self._seen:
            self._keep(person)
        if address.name and (person in self._new or person in self._unnamed):
            self._note_name(person, address.name)
        return person

    def party(self, party: Party, *, exchanged: bool) -> int:
        """The person whom an exchange names, new if need be; `exchanged` with the owner, or only there as well."""
        person = self.find(party.handles)
        if person is None:
            fallback = party.name or next((handle.value for handle in party.handles), "") or "No name"
            person = self._add(fallback, "kept" if exchanged else "seen")
        elif exchanged and person in self._seen:
            self._keep(person)
        if party.name and (person in self._new or person in self._unnamed):
            self._note_name(person, party.name)
        for handle in party.handles:
            self.add_handle(person, handle)
        return person

    def find(self, handles: Iterable[Handle]) -> int | None:
        """The person who has one of these handles; the first match counts, names never do."""
        for kind, _, key, _ in handles:
            person = self._by_key[kind].get(key)
            if person is not None:
                return person
        return None

    def keeps_out(self, handles: Iterable[Handle]) -> bool:
        """Whether these are somebody whom the owner erased for good and did not add again."""
        if not self.kept_out:
            return False
        listed = list(handles)
        return self.kept_out.have(listed) and self.find(listed) is None

    def add_card_person(self, name: str) -> int:
        """A new person from an address book."""
        person = self._add(name, "kept")
        self._note_name(person, name)
        return person

    def recognise(self, person: int, name: str) -> None:
        """A card describes somebody there already: keep them, and take the name if they had none."""
        if person in self._seen:
            self._keep(person)
        if name and (person in self._new or person in self._unnamed):
            self._note_name(person, name)

    def describe(self, person: int, name: str, told: Told) -> None:
        """Keep what a card with this display name tells of a person."""
        if person in self._new and told[:2] == split_name(name):
            told = told._replace(given="", family="")  # will be found in the name again; 100,000 people feel it
        if told != NOTHING:
            self._descriptions.add(person, told)

    def add_handle(self, person: int, handle: Handle) -> None:
        """Give a person a handle unless somebody, perhaps they, has it already."""
        kind, value, key, label = handle
        known = self._by_key[kind]
        if key not in known:
            known[key] = person
            self._add_identity(person, kind, value, key, label)

    def _add(self, name: str, standing: str) -> int:
        person = self._ids.next()
        self._new[person] = name
        if standing == "seen":
            self._seen.add(person)
        else:
            self.added += 1
        return person

    def _keep(self, person: int) -> None:
        self._seen.discard(person)
        self.added += 1
        if person not in self._new:
            self.changed.setdefault(person, {})["standing"] = ["seen", "kept"]

    def _note_name(self, person: int, raw: str) -> None:
        counts = self._names.get(person)
        if counts is None:
            self._names[person] = raw  # most people have one card and one name: no table for those
        elif isinstance(counts, str):
            self._names[person] = {counts: 2} if counts == raw else {counts: 1, raw: 1}
        else:
            counts[raw] = counts.get(raw, 0) + 1

    def _name_of(self, person: int) -> str:
        """The best of the names seen, cleaned only now: a mailbox repeats the same few names a million times."""
        counts = self._names.get(person)
        if counts is None or isinstance(counts, str):
            return clean_display_name(counts or "")
        cleaned: dict[str, int] = {}
        for raw, count in counts.items():
            name = clean_display_name(raw)
            if name:
                cleaned[name] = cleaned.get(name, 0) + count
        return best_name(cleaned)

    def _add_identity(self, person: int, kind: str, value: str, key: str, label: str = "") -> None:
        row = (self._ids.next(), self._owner_id, person, kind, value[:500], key[:500], label[:60], self._batch_id)
        self._identities.append(row)
        if len(self._identities) >= CHUNK:
            self._write_identities()

    def _write_identities(self) -> None:
        self._insert_identities.insert(self._identities)
        self._identities.clear()

    def hide_lists(self, marked: Collection[str]) -> None:
        """Take mailing lists back out of the new people, once the mails are written.

        `marked` are addresses that some mail's headers called a list; older mail has no such headers, but there a list
        is an address that many write to, that never writes and that nobody gives a name.
        """
        named = {key for key, counts in self._names.items() if counts}
        lists = {self.by_email[key] for key in marked if key in self.by_email}
        suspects = [key for key in self._new if key not in self._seen and (key in lists or key not in named)]
        for person, seen in contacts.appearances(self.owner.pk, suspects).items():
            busy = seen.mails >= LIST_MAILS and seen.writers >= LIST_WRITERS
            if not seen.written and (person in lists or busy):
                self._seen.add(person)
                self.added -= 1

    def flush(self) -> None:
        """Write new people with the best name seen, their identities, and the changes to those there already."""
        rows = self._new_rows()
        while chunk := list(islice(rows, CHUNK)):
            self._insert_people.insert(chunk)
        self._write_identities()
        for person, old in self._unnamed.items():
            name = self._name_of(person)
            if name and person not in self._new:
                self.changed.setdefault(person, {})["name"] = [old, name[:300]]
        for person, fields in self._descriptions.changes(self.owner, self._new):
            self.changed.setdefault(person, {}).update(fields)
        self._write_changes()

    def _new_rows(self) -> Iterator[tuple[object, ...]]:
        created_at, owner, batch = int(now().timestamp()), self._owner_id, self._batch_id
        for person, fallback in self._new.items():
            name = self._name_of(person) or fallback
            given, family = split_name(name) if "@" not in name else ("", "")
            standing = "seen" if person in self._seen else "kept"
            described = self._descriptions.row(person, given[:150], family[:150])
            yield (person, owner, name[:300], fold_name(name)[:300], standing, batch, created_at, *described)

    def _write_changes(self) -> None:
        changes: dict[int, dict[str, object]] = {}
        for person, fields in self.changed.items():
            values = changes[person] = {field: new for field, (_, new) in fields.items()}
            if "name" in values:
                values["folded_name"] = fold_name(str(values["name"]))[:300]
        update_alike(Person, self._owner_id, changes)
