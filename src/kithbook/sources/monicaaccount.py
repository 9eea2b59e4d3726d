"""One account of Monica's, from whichever of its exports: who is in it, and what their entries refer to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kithbook.core.addresses import normalise_email, normalise_url
from kithbook.core.cards import stable_key
from kithbook.core.phones import normalise_phone
from kithbook.core.records import Card, Counted, Handle, Job, PartialDate, Problem

Entry = Mapping[str, Any]
"""As Monica's JSON has it: `uuid`, `created_at`, `properties`, and `data` for what belongs to a contact."""

Numbered = tuple[int, Entry | Problem | Counted]
"""How many bytes were read, and the next contact."""


@dataclass(slots=True)
class Account:
    """`contacts` come one by one; the rest is by the uuid of what it is told of.

    `fields` are the types of contact fields ("email", "phone"), `relations` pairs of (what, uuid of who), `mine` the
    contacts that stand for the owner.
    """

    contacts: Iterable[Numbered] = ()
    fields: dict[str, str] = field(default_factory=dict)
    activities: dict[str, Entry] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    relations: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    mine: set[str] = field(default_factory=set)

    def inside(self, contact: Entry) -> Iterator[tuple[str, Entry]]:
        """(type, entry) of what belongs to a contact; references are followed."""
        for part in contact.get("data") or ():
            for value in part["values"]:
                found = self.activities.get(value) if isinstance(value, str) else value
                if found is not None:
                    yield str(part["type"]), found

    def told(self, contact: Entry) -> Iterator[str]:
        """Relations of a contact as sentences: "Child: Partial Child."."""
        through = (contact.get("properties") or {}).get("first_met_through")
        found = [*self.relations.get(str(contact.get("uuid", "")), ()), ("met through", str(through or ""))]
        for what, key in found:
            if self.names.get(key):
                yield f"{what.replace('_', ' ').capitalize()}: {self.names[key]}."

    def card(self, contact: Entry, where: str) -> Card:
        """The person."""
        properties, key = contact.get("properties") or {}, str(contact["uuid"])
        inside = list(self.inside(contact))
        birthday = partial_date(properties.get("birthdate"))
        places = [value.get("properties") or {} for kind, value in inside if kind == "address"]
        tags = [str(tag) for tag in properties.get("tags") or ()] + (["deceased"] if properties.get("is_dead") else [])
        return Card(
            key=stable_key("monica", key),
            where=where,
            name=full_name(properties),
            handles=(Handle("uid", key, f"monica:{key}"), *self._handles(inside)),
            jobs=tuple(dict.fromkeys(_jobs(properties, inside))),
            given_name=str(properties.get("first_name") or ""),
            family_name=str(properties.get("last_name") or ""),
            nicknames=(str(properties["nickname"]),) if properties.get("nickname") else (),
            note="\n\n".join(_notes(properties)),
            place=", ".join(str(places[0][part]) for part in ("city", "country") if places and places[0].get(part)),
            tags=tuple(dict.fromkeys(tags)),
            dates={"birthday": birthday} if birthday else {},
            connected_on=partial_date(properties.get("first_met_date")),
        )

    def _handles(self, inside: Iterable[tuple[str, Entry]]) -> Iterator[Handle]:
        for kind, value in inside:
            properties = value.get("properties") or {}
            text = str(properties.get("data") or "")
            if kind != "contact_field" or not text:
                continue
            what = self.fields.get(str(properties.get("type")), "")
            if what == "email" or "@" in text:
                found = ("email", text.lower(), normalise_email(text))
            elif what == "phone" or text[:1] in "+0(":
                found = ("phone", text, normalise_phone(text))
            else:
                found = ("url", text, normalise_url(text))
            if found[2]:
                yield Handle(*found)


def read_json(whole: Mapping[str, Any], size: int) -> Account:
    """The account of an export as JSON. Raises KeyError and the like where it is none."""
    data: dict[str, list[Any]] = {part["type"]: part["values"] for part in whole["account"]["data"]}
    contacts = list(data.get("contact", ()))
    kinds = (whole.get("instance") or whole["account"].get("instance") or {}).get("contact_field_types", ())
    relations: dict[str, list[tuple[str, str]]] = {}
    for value in data.get("relationship", ()):
        told = value.get("properties") or {}
        who = (str(told.get("type") or "relation"), str(told.get("contact_is")))
        relations.setdefault(str(told.get("of_contact")), []).append(who)
    return Account(
        contacts=((number * size // len(contacts), contact) for number, contact in enumerate(contacts, 1)),
        fields={kind["uuid"]: str(kind["properties"].get("type") or "") for kind in kinds},
        activities={value["uuid"]: value for value in data.get("activity", ()) if isinstance(value, dict)},
        names={str(value.get("uuid")): full_name(value.get("properties") or {}) for value in contacts},
        relations=relations,
        mine={str((value.get("properties") or {}).get("me_contact") or "?") for value in data.get("user", ())},
    )


def full_name(properties: Entry) -> str:
    """The name of a contact, its blanks put right."""
    parts = (properties.get(part) for part in ("first_name", "middle_name", "last_name"))
    return " ".join(" ".join(str(part).split()) for part in parts if part)


def day_of(value: Any) -> dt.date | None:
    """The day of what Monica writes for a date or a time."""
    try:
        return dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def partial_date(value: Any) -> PartialDate | None:
    """A date of Monica's; one reckoned from an age says the year at most."""
    if not isinstance(value, dict) or (day := day_of(value.get("date"))) is None:
        return None
    if value.get("is_age_based"):
        return PartialDate(day.year)
    return PartialDate(None if value.get("is_year_unknown") else day.year, day.month, day.day)


def _jobs(properties: Entry, inside: Iterable[tuple[str, Entry]]) -> Iterator[Job]:
    company, role = str(properties.get("company") or ""), str(properties.get("job") or "")
    if company or role:
        yield Job(company, role)
    for kind, value in inside:
        told = value.get("properties") or {}
        if kind == "occupation" and (told.get("company"), told.get("title")) != (company, role):
            began, ended = partial_date({"date": told.get("start_date")}), partial_date({"date": told.get("end_date")})
            yield Job(str(told.get("company") or ""), str(told.get("title") or ""), began, ended)


def _notes(properties: Entry) -> Iterator[str]:
    heads = {"description": "", "food_preferences": "Food: ", "first_met_where": "First met: ",
             "first_met_additional_info": ""}  # fmt: skip
    yield from (f"{head}{properties[name]}" for name, head in heads.items() if properties.get(name))
