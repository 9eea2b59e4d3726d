"""Address books as LDIF (RFC 2849): what Thunderbird, Mozilla and directories export.

The entries are read like the rows of a table: each attribute that is known has one of the meanings of `core.columns`.
"""

from __future__ import annotations

import binascii
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import NamedTuple

from kithbook.core.cards import decode_text, stable_key
from kithbook.core.charsets import judge_charset
from kithbook.core.records import Card, Counted, Problem
from kithbook.sources.addresstable import Row
from kithbook.sources.base import Progress, Record
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import read_chunks, read_text_lines

LONGEST_LINE, LARGEST_ENTRY = 1 << 20, 4 << 20
CHANGE, NO_PERSON, EMPTY = "change of an entry", "not a person", "empty card"
_SPELLINGS: Mapping[str, str] = {
    "name": "cn commonname displayname",
    "given": "givenname gn",
    "family": "sn surname",
    "nickname": "mozillanickname xmozillanickname nickname",
    "email": "mail rfc822mailbox email mozillasecondemail xmozillasecondemail mailalternateaddress othermailbox",
    "phone": "telephonenumber homephone hometelephonenumber mobile mobiletelephonenumber cellphone othermobile",
    "organisation": "o organizationname company",
    "role": "title",
    "url": "mozillahomeurl homeurl mozillaworkurl workurl labeleduri wwwhomepage",
    "city": "mozillahomelocalityname l locality localityname",
    "country": "mozillahomecountryname c co countryname friendlycountryname",
    "note": "description notes comment info",
    "birth_year": "birthyear",
    "birth_month": "birthmonth",
    "birth_day": "birthday",
}
_MEANINGS = {name: meaning for meaning, names in _SPELLINGS.items() for name in names.split()}
_LABELS = {
    "telephonenumber": "work", "homephone": "home", "hometelephonenumber": "home", "mobile": "mobile",
    "mobiletelephonenumber": "mobile", "cellphone": "mobile", "othermobile": "mobile",
}  # fmt: skip
_GROUPS = frozenset(("groupofnames", "groupofuniquenames", "mailgroup", "posixgroup", "mozillaabpersonlist"))
_PEOPLE = re.compile(r"person|contact\Z|user\Z")
_ATTRIBUTE = re.compile(rb"([A-Za-z0-9.][\w.-]*)(?:;[^:\s]*)?[ \t]*:([:<]?)[ \t]*")
_TELLING = re.compile(rb"^(?:cn|mail|sn|givenname|objectclass)(?:;[^:\n]*)?::?[ \t]", re.IGNORECASE | re.MULTILINE)


def tells(head: bytes) -> str:
    """Why this is LDIF, "" if it is none."""
    for line in head.split(b"\n"):
        word = line[:9].lower()
        if line.strip() and not word.startswith((b"#", b" ", b"version:")):
            is_entry = word.startswith(b"dn:") and _TELLING.search(head)
            return "It has the entries of an address book as LDIF." if is_entry else ""
    return ""


class _Entry(NamedTuple):
    """An entry: the line at which it begins, its lines unfolded, and whether some of it was too long."""

    line: int
    lines: list[bytes]
    is_large: bool


class LdifSource:
    """One person an entry; lists of addresses are groups, what only belongs to a directory is Counted.

    Text that is neither UTF-8 nor base64 gets the encoding that all such text looks like, and `notes` says so.
    """

    kind = "ldif"

    def __init__(self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC) -> None:
        del latest, zone  # nothing in an address book has a time
        self.path = fspath(path)
        self.notes: tuple[str, ...] = ()

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield a Card, Counted or Problem for each entry."""
        path = Path(self.path)
        with told_plainly(path):
            size = path.stat().st_size
            with path.open("rb") as file:
                charset, self.notes = judge_charset(path.name, (chunk for chunk, _ in read_chunks(file)))
        found = False
        for entry, done in _entries(path):
            if progress:
                progress(min(done, size), size)
            record = _read(entry, charset, f"{path.name}, line {entry.line}")
            if record:
                found = True
                yield record
        if not found:
            yield Problem(path.name, "There is no entry in this file.")


def _entries(path: Path) -> Iterator[tuple[_Entry, int]]:
    """(entry, bytes read so far) of a file; entries are parted by empty lines."""
    pieces: list[list[bytes]] = []
    begun = size = done = 0
    with told_plainly(path), path.open("rb") as file:
        for number, line, done in read_text_lines(file, limit=LONGEST_LINE):
            if not line.strip(b"\t "):
                if pieces:
                    yield _Entry(begun, [b"".join(parts) for parts in pieces], size > LARGEST_ENTRY), done
                pieces, size = [], 0
                continue
            begun = begun if pieces else number
            size += len(line)
            if size > LARGEST_ENTRY:
                continue
            if line[:1] == b" " and pieces:
                pieces[-1].append(line[1:])
            else:
                pieces.append([line])
    if pieces:
        yield _Entry(begun, [b"".join(parts) for parts in pieces], size > LARGEST_ENTRY), done


def _read(entry: _Entry, charset: str, where: str) -> Record | None:
    """What an entry is, None where it only says the version of the format or is a comment."""
    if entry.is_large:
        return Problem(where, f"This entry is larger than {LARGEST_ENTRY >> 20} MB and was left out.")
    lines = [line for line in entry.lines if not line.startswith(b"#")]
    values = [found for line in lines if (found := _value(line, charset))]
    if lines and not values:
        return Problem(where, "This is no entry of an address book.")
    if {name for name, _ in values} <= {"version"}:
        return None
    kinds = {value.lower() for name, value in values if name in ("objectclass", "changetype")}
    if kinds & {"delete", "modify", "moddn", "modrdn"}:
        return Counted(CHANGE, where)
    if kinds & _GROUPS:
        title = next((value for name, value in values if name == "cn"), "")
        return Card(stable_key("ldif", "group", title.casefold()), where, title, is_group=True)
    card = _row(values).card(where)
    if card and not card.handles and kinds - {"add"} and not any(map(_PEOPLE.search, kinds)):
        return Counted(NO_PERSON, where)
    return card or Counted(EMPTY, where)


def _value(line: bytes, charset: str) -> tuple[str, str] | None:
    """(attribute in lower case, text) of a line, the text "" where nothing here reads it; None if it is none."""
    match = _ATTRIBUTE.match(line)
    if not match:
        return None
    name, raw = match[1].decode().lower(), line[match.end() :]
    if match[2] == b"<" or (name not in _MEANINGS and name not in ("objectclass", "changetype")):
        return name, ""
    if match[2]:
        try:
            raw = binascii.a2b_base64(raw)
        except binascii.Error:
            return name, ""
    return name, decode_text(raw, charset).strip()


def _row(values: Sequence[tuple[str, str]]) -> Row:
    """The entry as a row; the family name alone, which directories want, is less than the whole name."""
    names = {name for name, value in values if value}
    is_alone = not names & {"givenname", "gn"} and "cn" in names
    cells: list[str] = []
    meanings: dict[int, str] = {}
    for name, value in values:
        meaning = _MEANINGS.get(name, "")
        if not meaning or not value or (meaning == "family" and is_alone):
            continue
        for what, cell in (("label", _LABELS.get(name, "")), (meaning, value)):
            if cell:
                meanings[len(cells)] = what
                cells.append(cell)
    return Row(cells, meanings)
