"""The records that sources hand to the services: what was read, before anybody was recognised.

A source yields `Mail`, `Card` or `Problem` records one by one and never raises for one bad record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple


class Problem(NamedTuple):
    """One record that could not be used. `where` is file and position, `what` a sentence."""

    where: str
    what: str


class Address(NamedTuple):
    """A mail address as read.

    `email` is the address as written, lower-cased, without display name ("" if there was none);
    `key` is its normal form (see `core.addresses.normalise_email`), the same for all spellings of one mailbox;
    `bot` is "" for a person, else why it is none: "noreply", "bounce", "role", "list".
    """

    name: str
    email: str
    key: str
    bot: str


class Mail(NamedTuple):
    """The header of one mail. Bodies are never read into memory as text, let alone kept.

    `offset` is the byte position of the message in its file; `at` is epoch seconds UTC;
    `at_from` says where the time came from ("date", "received", "separator", "file");
    `message_id` includes its angle brackets ("" where missing); `key` is a stable positive 63-bit digest that
    is the same whenever the same mail is read again, from whatever file;
    `bulk` is "" for personal mail, else "list", "bulk", "auto" or "bounce"; `labels` are Gmail's, decoded;
    `delivered_to` are normalised keys from Delivered-To / X-Original-To.
    """

    offset: int
    key: int
    message_id: str
    at: int
    at_from: str
    sender: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    subject: str
    bulk: str
    labels: tuple[str, ...]


class Handle(NamedTuple):
    """One way to reach or recognise a person: `kind` is "email", "phone", "url" or "uid".

    `value` is what was written, `key` its normal form that identifies (see `core.addresses`), `label` e.g. "work".
    """

    kind: str
    value: str
    key: str
    label: str = ""


class PartialDate(NamedTuple):
    """A date of which year, month or day may be unknown (None)."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


class Job(NamedTuple):
    """An affiliation as read: `organisation` × `role`, from/to where known."""

    organisation: str
    role: str = ""
    started_on: PartialDate | None = None
    ended_on: PartialDate | None = None


NO_DATES: Mapping[str, PartialDate] = MappingProxyType({})


class Card(NamedTuple):
    """One person as an address book or a contact list describes them.

    `key` is a stable positive 63-bit digest of what identifies the card inside its kind of source (UID, profile
    URL, else its content). `where` is file and position for messages. `connected_on` is LinkedIn's date.
    `lines` are the property lines of a vCard exactly as read (unfolded), so that export gives them back.
    `dates` maps "birthday" or "anniversary" to a partial date. `hidden` marks a record without any person in it.
    """

    key: int
    where: str
    name: str
    handles: tuple[Handle, ...] = ()
    jobs: tuple[Job, ...] = ()
    given_name: str = ""
    family_name: str = ""
    nicknames: tuple[str, ...] = ()
    note: str = ""
    place: str = ""
    tags: tuple[str, ...] = ()
    dates: Mapping[str, PartialDate] = NO_DATES
    connected_on: PartialDate | None = None
    is_group: bool = False
    hidden: bool = False
    lines: tuple[str, ...] = ()


class Counted(NamedTuple):
    """A record that holds nobody to keep, with the reason, so that the counts of a report add up."""

    reason: str
    where: str = ""


class Party(NamedTuple):
    """Somebody as an exchange names them: by handles, strongest first, and a display name; or the owner (`is_me`).

    `declined`: was invited and said no.
    """

    name: str
    handles: tuple[Handle, ...] = ()
    is_me: bool = False
    declined: bool = False


class Exchange(NamedTuple):
    """One dated exchange that is no mail: a meeting, a call, a chat message of which only who and when is kept.

    `key` is a stable positive 63-bit digest, the same however often and from whatever file it is read; `at` is epoch
    seconds UTC; `channel` one of `core.channels`; `sender` is who began it, None where nobody did (a meeting);
    `others` are the rest, the owner perhaps among them. `minutes` where known; `title` a subject, never a text.
    `counts` is false for what is kept but is no contact (a missed call).
    """

    key: int
    where: str
    at: int
    channel: str
    sender: Party | None
    others: tuple[Party, ...]
    minutes: int | None = None
    title: str = ""
    counts: bool = True


class Deed(NamedTuple):
    """Something given or got that a source tells of: `direction` "gave" (by the owner) or "got", `kind` of the bank.

    `on` is None where the day is not told; `size` None for what is usual for the kind.
    """

    key: int
    where: str
    on: date | None
    direction: str
    kind: str
    person: Party
    note: str = ""
    size: int | None = None


class Remark(NamedTuple):
    """Something noted about a person: `kind` "note", or a kind of topic (need, offer, interest, goal, fact)."""

    key: int
    where: str
    on: date | None
    kind: str
    person: Party
    text: str
