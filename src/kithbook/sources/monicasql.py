"""Monica's export as SQL, and a dump of its tables: the rows put together to what its JSON has for each contact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kithbook.core.errors import Invalid
from kithbook.core.records import Counted, Problem
from kithbook.sources.monicaaccount import Account, Entry, Numbered, full_name
from kithbook.sources.opening import told_plainly
from kithbook.sources.sqldump import CutOff, Row, read_rows

LARGEST = 100 << 20
"""Bytes of what is kept of the entries; the file may be larger."""

MOST_PROBLEMS = 1_000
MARKS = (
    b"number_of_invitations_sent",
    b"stay_in_touch_frequency",
    b"contact_field_type_id",
    b"birthday_special_date_id",
)
"""Columns that only Monica's tables have."""

_OWN = "id uuid account_id contact_id created_at".split()
_WANTED: Mapping[str, frozenset[str]] = {
    table: frozenset((*_OWN, *columns.split()))
    for table, columns in {
        "contacts": "first_name middle_name last_name nickname description is_partial is_dead deleted_at job company "
        "food_preferences last_talked_to birthday_special_date_id first_met_special_date_id birthdate "
        "first_met_through_contact_id first_met_where first_met_additional_info is_birthdate_approximate "
        "email phone_number linkedin_profile_url facebook_profile_url twitter_profile_url",
        "contact_fields": "data contact_field_type_id",
        "contact_field_types": "type protocol",
        "contact_tag": "tag_id",
        "tags": "name",
        "activities": "summary happened_at date_it_happened",
        "activity_contact": "activity_id",
        "calls": "called_at contact_called",
        "conversations": "happened_at",
        "messages": "conversation_id written_at written_by_me",
        "gifts": "name status date has_been_offered has_been_received",
        "notes": "body",
        "debts": "", "tasks": "", "reminders": "", "life_events": "", "pets": "",
        "companies": "name",
        "occupations": "company_id title start_date end_date",
        "relationships": "relationship_type_id contact_is of_contact",
        "relationship_types": "name",
        "special_dates": "date is_year_unknown is_age_based",
        "addresses": "place_id city country",
        "places": "city country",
        "users": "me_contact_id",
    }.items()
}  # fmt: skip
_ENTRIES = {
    "contact_fields": "contact_field", "calls": "call", "conversations": "conversation", "gifts": "gift",
    "notes": "note", "debts": "debt", "tasks": "task", "reminders": "reminder", "life_events": "life_event",
    "pets": "pet", "occupations": "occupation", "addresses": "address", "activities": "activity",
}  # fmt: skip
_REFERRED = ("contact_field_types", "tags", "activities", "companies", "relationship_types", "special_dates", "places")
_OLD_FIELDS = ("email", "phone_number", "linkedin_profile_url", "facebook_profile_url", "twitter_profile_url")
Cells = dict[str, str | None]


def read_sql(path: Path) -> Account:
    """The account of a dump; of several the one with the most contacts. Raises Invalid where it is too large."""
    tables = _Tables(path)
    return Account(
        contacts=tables.contacts(),
        fields={key: _field_type(cells) for key, cells in tables.by_id["contact_field_types"].items()},
        names={uuid: name for uuid, name in tables.people.values() if name},
        relations=tables.relations,
        mine=tables.mine,
    )


class _Tables:
    """Everything but the contacts themselves, which are read once more when their turn comes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.by_id: dict[str, dict[str, Cells]] = {table: {} for table in _REFERRED}
        self.people: dict[str, tuple[str, str]] = {}
        self.relations: dict[str, list[tuple[str, str]]] = {}
        self._inside: dict[tuple[str, str], list[Cells]] = {}
        self._problems: list[Problem] = []
        self._accounts: Counter[str] = Counter()
        self._related: list[Cells] = []
        self._users: list[Cells] = []
        self._read()
        self._account = max(self._accounts, key=lambda key: self._accounts[key], default="")
        self.mine = {self.people.get(cells.get("me_contact_id") or "", ("", ""))[0] for cells in self._users} - {""}
        for cells in self._related:
            kind = self.by_id["relationship_types"].get(cells.get("relationship_type_id") or "", {}).get("name")
            who = self.people.get(cells.get("contact_is") or "", ("", ""))[0]
            of = self.people.get(cells.get("of_contact") or "", ("", ""))[0]
            self.relations.setdefault(of, []).append((kind or "relation", who))

    def contacts(self) -> Iterator[Numbered]:
        """Each contact with all that belongs to it, in the order of the file; then what could not be read."""
        with suppress(CutOff):
            for row in self._rows({"contacts": _WANTED["contacts"]}):
                yield row.done, self._found(row)
        size = self.path.stat().st_size
        yield from ((size, problem) for problem in self._problems)

    def _found(self, row: Row) -> Entry | Problem | Counted:
        where = f"{self.path.name}, contact {row.number}"
        if row.cells is None:
            return Problem(where, "This contact cannot be read.")
        if (row.cells.get("account_id") or "") != self._account:
            return Counted("of another account in Monica", where)
        return Counted("deleted in Monica", where) if row.cells.get("deleted_at") else self._contact(row.cells)

    def _rows(self, wanted: Mapping[str, frozenset[str]]) -> Iterator[Row]:
        with told_plainly(self.path):
            file = self.path.open("rb")
        with file:
            yield from read_rows(file, wanted)

    def _read(self) -> None:
        kept = 0
        try:
            for row in self._rows(_WANTED):
                if row.cells is not None:
                    kept += sum(len(cell) + 60 for cell in row.cells.values() if cell is not None)
                    self._keep(row.table, row.cells)
                elif row.table != "contacts" and len(self._problems) < MOST_PROBLEMS:
                    where = f"{self.path.name}, row {row.number} of {row.table}"
                    self._problems.append(Problem(where, "This row cannot be read."))
                if kept > LARGEST:
                    raise Invalid(f"{self.path.name} holds more than {LARGEST >> 20} MB of entries.", "")
        except CutOff:
            self._problems.append(Problem(self.path.name, "The file is cut off; what stands before that was read."))
        if not self._accounts and not self._problems:
            self._problems.append(Problem(self.path.name, "There is no contact of Monica's in this file."))

    def _keep(self, table: str, cells: Cells) -> None:
        own, whose = cells.get("id") or "", cells.get("contact_id") or ""
        if table == "contacts":
            self.people[own] = (_key(table, cells), full_name(cells))
            self._accounts[cells.get("account_id") or ""] += 1
        elif table == "relationships":
            self._related.append(cells)
        elif table == "users":
            self._users.append(cells)
        elif table == "messages":
            self._inside.setdefault((table, cells.get("conversation_id") or ""), []).append(cells)
        elif table in _REFERRED and not (table == "activities" and whose):  # before version 2 each had one contact
            self.by_id[table][own] = cells
        else:
            self._inside.setdefault((table, whose), []).append(cells)

    def _of(self, table: str, key: str) -> list[Cells]:
        return self._inside.get((table, key), [])

    def _refer(self, table: str, key: str | None) -> Cells:
        return self.by_id[table].get(key or "", {})

    def _contact(self, cells: Cells) -> Entry:
        """A contact as the JSON has it."""
        own = cells.get("id") or ""
        done = [self._refer("activities", link.get("activity_id")) for link in self._of("activity_contact", own)]
        tags = [self._refer("tags", link.get("tag_id")).get("name") for link in self._of("contact_tag", own)]
        met = self._refer("special_dates", cells.get("first_met_special_date_id"))
        properties: dict[str, Any] = {
            **cells,
            "is_partial": _yes(cells, "is_partial"),
            "is_dead": _yes(cells, "is_dead"),
            "tags": [tag for tag in tags if tag],
            "birthdate": self._birthday(cells),
            "first_met_date": _special(met),
            "first_met_through": self.people.get(cells.get("first_met_through_contact_id") or "", ("", ""))[0],
        }
        parts = {table: list(self._of(table, own)) for table in _ENTRIES}
        parts["activities"] += [activity for activity in done if activity]
        data = [
            {"type": _ENTRIES[table], "values": [self._entry(table, one) for one in found]}
            for table, found in parts.items()
        ]
        old = [{"properties": {"data": cells[name]}} for name in _OLD_FIELDS if cells.get(name)]
        data.append({"type": "contact_field", "values": old})
        return {"uuid": _key("contacts", cells), "properties": properties, "data": data}

    def _birthday(self, cells: Cells) -> Mapping[str, Any]:
        """The date of a contact's birth; versions before 2 have it in the contact itself."""
        kind = cells.get("is_birthdate_approximate")
        if cells.get("birthdate") and kind != "unknown":
            return {"date": cells["birthdate"], "is_age_based": kind == "approximate"}
        return _special(self._refer("special_dates", cells.get("birthday_special_date_id")))

    def _entry(self, table: str, cells: Cells) -> Entry:
        told: dict[str, Any] = dict(cells)
        if table == "contact_fields":
            told["type"] = cells.get("contact_field_type_id")
        elif table == "calls":
            told["contact_called"] = _yes(cells, "contact_called")
        elif table == "activities":
            told["happened_at"] = cells.get("happened_at") or cells.get("date_it_happened")
        elif table == "conversations":
            told["messages"] = [self._entry("messages", one) for one in self._of("messages", cells.get("id") or "")]
        elif table == "messages":
            told["written_by_me"] = _yes(cells, "written_by_me")
        elif table == "gifts":
            old = (
                "offered" if _yes(cells, "has_been_offered") else "received" if _yes(cells, "has_been_received") else ""
            )
            told["status"] = cells.get("status") or old
        elif table == "occupations":
            told["company"] = self._refer("companies", cells.get("company_id")).get("name")
        elif table == "addresses":
            told |= {name: text for name, text in self._refer("places", cells.get("place_id")).items() if text}
        return {"uuid": _key(table, cells), "created_at": cells.get("created_at"), "properties": told}


def _key(table: str, cells: Cells) -> str:
    """Monica's uuid where there is one, else what stays the same in every export of the same account."""
    parts = (cells.get("account_id"), table, cells.get("id"), cells.get("created_at"))
    return cells.get("uuid") or "-".join(part or "" for part in parts)


def _yes(cells: Cells, name: str) -> bool:
    return (cells.get(name) or "0").lower() not in ("0", "false", "no", "\0")


def _special(cells: Cells) -> Mapping[str, Any]:
    return {
        "date": cells.get("date"),
        "is_year_unknown": _yes(cells, "is_year_unknown"),
        "is_age_based": _yes(cells, "is_age_based"),
    }


def _field_type(cells: Cells) -> str:
    return cells.get("type") or ("email" if cells.get("protocol") == "mailto:" else "")
