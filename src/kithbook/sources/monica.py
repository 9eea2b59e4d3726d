"""Monica's export (version 4, JSON): people with their calls, activities, notes, gifts and relations."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from kithbook.core.addresses import normalise_email, normalise_url
from kithbook.core.cards import stable_key
from kithbook.core.errors import Invalid
from kithbook.core.phones import normalise_phone
from kithbook.core.records import Card, Counted, Deed, Exchange, Handle, Job, PartialDate, Party, Problem, Remark
from kithbook.sources.base import Progress, Record
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import clean_values

LARGEST = 100 << 20
PARTIAL = "only part of somebody else's entry"
UNREAD = frozenset(("task", "reminder", "debt", "document", "photo", "pet", "life_event", "conversation"))
"""Kinds of entries that have no place in Kithbook or not enough in them; they are Counted."""
GIFT_STATES = {"given": "gave", "offered": "gave", "received": "got"}
_TELLS = re.compile(rb'"version"\s*:\s*"1\.0-preview')


def tells(head: bytes) -> str:
    """Why this is Monica's export, "" if it is none."""
    found = _TELLS.search(head) and b'"account"' in head
    return "It has the form of an export from Monica." if found else ""


class MonicaSource:
    """The people of one account. Raises Invalid for a broken file or one larger than 100 MB."""

    kind = "monica"

    def __init__(self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC) -> None:
        self.path = fspath(path)
        self._latest, self._zone = latest, zone

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield Cards, then what happened with each person."""
        path = Path(self.path)
        with told_plainly(path):
            size = path.stat().st_size
            if size > LARGEST:
                raise Invalid(f"{path.name} is larger than {LARGEST >> 20} MB; no export of Monica is.", "")
            content = path.read_bytes()
        try:
            whole = clean_values(json.loads(content.decode("utf-8-sig", "replace")))
            account = _Account(whole)
        except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
            yield Problem(path.name, "The file is cut off or no export of Monica's version 4.")
            return
        contacts = account.values("contact")
        for number, contact in enumerate(contacts, 1):
            if progress:
                progress(number * size // len(contacts), size)
            where = f"{path.name}, contact {number}"
            try:
                yield from self._contact(contact, account, where)
            except (ValueError, AttributeError, TypeError, KeyError):
                yield Problem(where, "This contact is not as Monica writes it.")

    def _contact(self, contact: Mapping[str, Any], account: _Account, where: str) -> Iterator[Record]:
        properties = contact.get("properties") or {}
        if properties.get("is_partial"):
            yield Counted(PARTIAL, where)
            return
        card = account.card(contact, where)
        yield card
        person = Party(card.name, card.handles)
        days: set[dt.date] = set()
        for kind, value in account.inside(contact):
            if kind in UNREAD:
                yield Counted(f"{kind.replace('_', ' ')} of Monica", where)
                continue
            record = self._entry(kind, value, person, where)
            if record is None:
                continue
            if isinstance(record, Exchange):
                days.add(dt.datetime.fromtimestamp(record.at, self._zone).date())
            yield record
        for text in account.relations(str(contact.get("uuid", ""))):
            yield Remark(stable_key("monica", card.handles[0].key, text), where, None, "fact", person, text)
        talked = _day(properties.get("last_talked_to"))
        if talked and talked not in days:
            yield self._exchange(f"talked|{card.handles[0].key}|{talked}", talked, "message", None, person, where)

    def _entry(self, kind: str, value: Mapping[str, Any], person: Party, where: str) -> Record | None:
        key, properties = str(value.get("uuid", "")), value.get("properties") or {}
        if kind == "call":
            day = _day(properties.get("called_at"))
            theirs = bool(properties.get("contact_called"))
            return self._exchange(key, day, "call", person if theirs else Party("", (), is_me=True), person, where)
        if kind == "activity":
            return self._exchange(
                f"{key}|{person.handles[0].key}", _day(properties.get("happened_at")), "meeting", None, person, where,
                title=str(properties.get("summary") or ""),
            )  # fmt: skip
        if kind == "note" and properties.get("body"):
            on = _day(value.get("created_at"))
            return Remark(stable_key("monica", key), where, on, "note", person, str(properties["body"]))
        if kind == "gift":
            direction = GIFT_STATES.get(str(properties.get("status") or "").lower())
            if direction is None:
                return Counted("idea for a gift", where)
            on = _day(properties.get("date")) or _day(value.get("created_at"))
            return Deed(
                stable_key("monica", key), where, on, direction, "gift", person, str(properties.get("name") or "")
            )
        return None

    def _exchange(
        self,
        key: str,
        day: dt.date | None,
        channel: str,
        sender: Party | None,
        person: Party,
        where: str,
        title: str = "",
    ) -> Record:
        if day is None:
            return Problem(where, "An entry of this contact has no date.")
        at = int(dt.datetime.combine(day, dt.time(12), self._zone).timestamp())
        if at > self._latest:
            return Counted("still to come", where)
        me = Party("", (), is_me=True)
        others = tuple(
            party for party in (me, person) if party is not sender and not (sender and sender.is_me == party.is_me)
        )
        return Exchange(stable_key("monica", key), where, at, channel, sender, others, title=title)


class _Account:
    """The parts of the export that contacts refer to."""

    def __init__(self, whole: Mapping[str, Any]) -> None:
        self._data = {part["type"]: part["values"] for part in whole["account"]["data"]}
        kinds = (whole.get("instance") or whole["account"].get("instance") or {}).get("contact_field_types", ())
        self._fields = {kind["uuid"]: str(kind["properties"].get("type") or "") for kind in kinds}
        self._activities = {value["uuid"]: value for value in self.values("activity") if isinstance(value, dict)}
        self._names = {str(value.get("uuid")): _name(value.get("properties") or {}) for value in self.values("contact")}

    def values(self, kind: str) -> list[Mapping[str, Any]]:
        """All entries of one type at the top."""
        return list(self._data.get(kind, ()))

    def inside(self, contact: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(type, entry) of what belongs to a contact; references are followed."""
        for part in contact.get("data") or ():
            for value in part["values"]:
                found = self._activities.get(value) if isinstance(value, str) else value
                if found is not None:
                    yield str(part["type"]), found

    def card(self, contact: Mapping[str, Any], where: str) -> Card:
        """The person."""
        properties, key = contact.get("properties") or {}, str(contact["uuid"])
        company, role = str(properties.get("company") or ""), str(properties.get("job") or "")
        birthday = _partial(properties.get("birthdate"))
        places = [value.get("properties") or {} for kind, value in self.inside(contact) if kind == "address"]
        food = properties.get("food_preferences")
        notes = [str(properties.get("description") or ""), f"Food: {food}" if food else ""]
        tags = [str(tag) for tag in properties.get("tags") or ()] + (["deceased"] if properties.get("is_dead") else [])
        return Card(
            key=stable_key("monica", key),
            where=where,
            name=_name(properties),
            handles=(Handle("uid", key, f"monica:{key}"), *self._handles(contact)),
            jobs=(Job(company, role),) if company or role else (),
            given_name=str(properties.get("first_name") or ""),
            family_name=str(properties.get("last_name") or ""),
            nicknames=(str(properties["nickname"]),) if properties.get("nickname") else (),
            note="\n\n".join(filter(None, notes)),
            place=", ".join(str(places[0][part]) for part in ("city", "country") if places and places[0].get(part)),
            tags=tuple(tags),
            dates={"birthday": birthday} if birthday else {},
            connected_on=_partial(properties.get("first_met_date")),
        )

    def _handles(self, contact: Mapping[str, Any]) -> Iterator[Handle]:
        for kind, value in self.inside(contact):
            properties = value.get("properties") or {}
            text = str(properties.get("data") or "")
            if kind != "contact_field" or not text:
                continue
            what = self._fields.get(str(properties.get("type")), "")
            if what == "email" or "@" in text:
                found = ("email", text.lower(), normalise_email(text))
            elif what == "phone" or text[:1] in "+0(":
                found = ("phone", text, normalise_phone(text))
            else:
                found = ("url", text, normalise_url(text))
            if found[2]:
                yield Handle(*found)

    def relations(self, key: str) -> Iterator[str]:
        """Relations of a contact as sentences: "Child: Partial Child."."""
        for value in self.values("relationship"):
            properties = value.get("properties") or {}
            if str(properties.get("of_contact")) == key:
                other = self._names.get(str(properties.get("contact_is")), "")
                if other:
                    yield f"{str(properties.get('type') or 'relation').replace('_', ' ').capitalize()}: {other}."


def _name(properties: Mapping[str, Any]) -> str:
    parts = (properties.get(part) for part in ("first_name", "middle_name", "last_name"))
    return " ".join(" ".join(str(part).split()) for part in parts if part)


def _day(value: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _partial(value: Any) -> PartialDate | None:
    """A date of Monica's; one reckoned from an age says the year at most."""
    if not isinstance(value, dict) or (day := _day(value.get("date"))) is None:
        return None
    if value.get("is_age_based"):
        return PartialDate(day.year)
    return PartialDate(None if value.get("is_year_unknown") else day.year, day.month, day.day)
