"""LinkedIn's data export: the zip, or Connections.csv alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import BinaryIO

from kithbook.core.addresses import normalise_email, normalise_url
from kithbook.core.cards import stable_key
from kithbook.core.errors import Invalid, KithbookError, NotFound, Unavailable
from kithbook.core.nametags import clean_name
from kithbook.core.partialdates import parse_partial_date
from kithbook.core.records import Card, Counted, Handle, Job, Problem
from kithbook.sources.base import Progress, Record
from kithbook.sources.csvtable import Table, read_table
from kithbook.sources.zips import DamagedZip, find_member, open_zip, read_member

CONNECTIONS = "Connections.csv"
_ADDRESSES = "Email Addresses.csv"
_PROFILE = "Profile.csv"
_NEEDED = frozenset(("first name", "last name", "connected on"))
_EXPECTED = "First Name, Last Name, URL, Email Address, Company, Position, Connected On"
_HOW = "On linkedin.com ask for a copy of your data with “Connections” ticked, and give the zip or its Connections.csv."


def is_connections_header(cells: frozenset[str]) -> bool:
    """Whether these lower-cased cells are the header of Connections.csv, of whatever year."""
    return cells >= _NEEDED and bool(cells & {"company", "position", "url", "email address"})


class LinkedInSource:
    """The connections in an export, in its order.

    Hidden members are Counted. `records` raises Invalid for a file that is not such an export, a broken or
    locked zip, or one that would unpack to more than 200 MB; NotFound and Unavailable where it cannot be opened.
    """

    kind = "linkedin"

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield a Card, Counted or Problem for each row."""
        with self._open(CONNECTIONS) as opened:
            if opened is None:
                raise Invalid(f"{Path(self.path).name} has no {CONNECTIONS} in it.", _HOW)
            file, size = opened
            consumed = (lambda done: progress(done, size)) if progress else (lambda _: None)
            table = read_table(file, is_connections_header, consumed)
            if not isinstance(table, Table):
                raise wrong_columns(Path(self.path).name, table)
            columns = [name.lower() for name in table.columns]
            rows = table.rows
            while True:
                try:
                    number, cells = next(rows)
                except StopIteration:
                    return
                except OSError as error:
                    yield Problem(CONNECTIONS, f"Reading stopped: {error.strerror}.")
                    return
                yield _read_row(columns, cells, f"{CONNECTIONS}, line {number}")

    def owner_addresses(self) -> tuple[str, ...]:
        """The owner's confirmed addresses from "Email Addresses.csv", the primary one first; () if it is not there."""
        rows = self._read_small(_ADDRESSES, frozenset(("email address",)))
        found = [row for row in rows if row.get("confirmed", "yes").lower() in ("yes", "true", "1")]
        found.sort(key=lambda row: row.get("primary", "").lower() not in ("yes", "true", "1"))
        addresses = (row.get("email address", "").lower() for row in found)
        return tuple(dict.fromkeys(address for address in addresses if normalise_email(address)))

    def owner_name(self) -> str:
        """The owner's name from "Profile.csv"; "" if it is not there."""
        for row in self._read_small(_PROFILE, frozenset(("first name", "last name"))):
            name = clean_name(row.get("first name", ""), row.get("last name", "")).full
            if name:
                return name
        return ""

    def _read_small(self, name: str, needed: frozenset[str]) -> list[dict[str, str]]:
        try:
            with self._open(name) as opened:
                table = read_table(opened[0], lambda cells: cells >= needed) if opened else ()
                if not isinstance(table, Table):
                    return []
                columns = [column.lower() for column in table.columns]
                return [dict(zip(columns, cells, strict=False)) for _, cells in table.rows if cells]
        except (KithbookError, OSError):
            return []  # only a help to find out who the owner is

    @contextmanager
    def _open(self, name: str) -> Iterator[tuple[BinaryIO, int] | None]:
        """A file of the export with its size: a member of the zip, or beside the lone Connections.csv."""
        path = Path(self.path)
        try:
            with path.open("rb") as file:
                magic = file.read(4)
                file.seek(0)
                if magic[:2] == b"PK":
                    with open_zip(file, path.name) as archive:
                        member = find_member(archive, name)
                        yield (read_member(archive, member), member.file_size) if member else None
                    return
                if name == CONNECTIONS:
                    yield file, path.stat().st_size
                    return
        except FileNotFoundError:
            raise NotFound(f"There is no file {path}.", "Check the spelling and the folder you are in.") from None
        except DamagedZip as error:
            raise Invalid(f"{path.name} is a broken zip file: {error.strerror}.", "Download it again.") from None
        except OSError as error:
            raise Unavailable(f"{path.name} cannot be read: {error.strerror}.", "Check who may read it.") from None
        beside = path.with_name(name)
        yield (io.BytesIO(beside.read_bytes()), beside.stat().st_size) if beside.is_file() else None


def wrong_columns(name: str, columns: tuple[str, ...]) -> Invalid:
    """The error for a CSV with these columns instead of LinkedIn's."""
    found = ", ".join(column[:40] for column in columns[:20]) or "none"
    return Invalid(
        f"{name} is not LinkedIn's Connections.csv: its columns are {found}; expected are {_EXPECTED}.",
        _HOW,
        columns=list(columns[:20]),
    )


def _read_row(columns: list[str], cells: list[str] | None, where: str) -> Record:
    if cells is None:
        return Problem(where, "This row cannot be read.")
    while len(cells) > len(columns) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != len(columns):
        return Problem(where, f"This row has {len(cells)} cells where the header has {len(columns)}.")
    row = dict(zip(columns, cells, strict=True))
    if not any(row.get(name) for name in columns if name != "connected on"):
        return Counted("hidden member", where)
    return _card(row, where)


def _name_key(name: str, company: str) -> int:
    return stable_key("linkedin", name.casefold(), company.casefold())


def _card(row: dict[str, str], where: str) -> Card:
    name = clean_name(row["first name"], row["last name"])
    url, email = row.get("url", ""), row.get("email address", "")
    profile = normalise_url(url) if url else ""
    company, position = row.get("company", ""), row.get("position", "")
    own_page = profile.startswith("linkedin.com/in/")
    handles: tuple[Handle, ...] = (Handle("url", url, profile, "linkedin"),) if own_page else ()
    if normalise_email(email):
        handles += (Handle("email", email.lower(), normalise_email(email)),)
    return Card(
        key=stable_key("linkedin", profile) if own_page else _name_key(name.full, company),
        where=where,
        name=name.full,
        handles=handles,
        jobs=(Job(company, position),) if company or position else (),
        given_name=name.given,
        family_name=name.family,
        nicknames=name.nicknames,
        note=name.rest,
        tags=name.tags,
        connected_on=parse_partial_date(row["connected on"]),
    )
