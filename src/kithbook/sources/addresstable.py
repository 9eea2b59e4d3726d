"""Address books as CSV: Google's old and new, Outlook's of all languages, and any table whose columns are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path

from kithbook.core.addresses import normalise_email, normalise_url
from kithbook.core.cards import stable_key
from kithbook.core.columns import fold_column, guess_columns
from kithbook.core.errors import Invalid
from kithbook.core.nametags import clean_name
from kithbook.core.partialdates import make_partial_date, parse_partial_date
from kithbook.core.phones import normalise_phone
from kithbook.core.records import Card, Counted, Handle, Job, PartialDate, Party, Problem, Remark
from kithbook.sources.base import Progress, Record
from kithbook.sources.csvtable import Table, read_table
from kithbook.sources.opening import told_plainly

JOINED = re.compile(r"\s+:::\s+")
SEVERAL = re.compile(r"\s*(?:\s:::\s|[;,])\s*")
SYSTEM_TAG = re.compile(r"\*\s*")
_NO_NAME = re.compile(r"[=@]|:(?! |\Z)")
NO_DATE = re.compile(r"0+[/.-]0+[/.-]0+\Z")
LONGEST_TAG = 60
EMPTY = "empty row"


def is_address_header(cells: frozenset[str]) -> bool:
    """Whether these cells can be the header of an address book; those of a line of a card are none."""
    return not any(map(_NO_NAME.search, cells)) and guess_columns(sorted(cells)).is_people


class AddressTableSource:
    """One person a row. `columns` maps folded names of columns to meanings; without it they are guessed."""

    kind = "table"

    def __init__(self, path: str | PathLike[str], *, columns: Mapping[str, str] | None = None) -> None:
        self.path = fspath(path)
        self._columns = columns

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield a Card for each row, with Remarks for interests and the like; Counted or Problem for the others."""
        path = Path(self.path)
        with told_plainly(path):
            size = path.stat().st_size
        with told_plainly(path), path.open("rb") as file:
            table = read_table(
                file, self._is_header, (lambda done: progress(done, size)) if progress else lambda _: None
            )
            if not isinstance(table, Table):
                raise Invalid(
                    f"{path.name} has no row with the names of columns that are known.",
                    "Say on the import page what its columns mean.",
                )
            columns = self._meanings(table.columns)
            for number, cells in table.rows:
                yield from _read_row(cells, columns, len(table.columns), f"{path.name}, line {number}")

    def _is_header(self, cells: frozenset[str]) -> bool:
        if self._columns is None:
            return is_address_header(cells)
        return frozenset(self._columns) <= frozenset(map(fold_column, cells))

    def _meanings(self, names: Sequence[str]) -> Mapping[int, str]:
        if self._columns is None:
            return guess_columns(names).columns
        told = ((place, self._columns.get(fold_column(name))) for place, name in enumerate(names))
        return {place: what for place, what in told if what}


def _read_row(cells: list[str] | None, columns: Mapping[int, str], width: int, where: str) -> Iterator[Record]:
    if cells is None:
        yield Problem(where, "This row cannot be read.")
        return
    if len(cells) > width and any(cells[width:]):
        yield Problem(where, f"This row has {len(cells)} cells where the header has {width}.")
        return
    row = Row(cells, columns)
    card = row.card(where)
    if card is None:
        yield Counted(EMPTY, where)
        return
    yield card
    yield from row.remarks(card)


class Row:
    """The cells of one row by meaning, labels beside their values."""

    def __init__(self, cells: Sequence[str], columns: Mapping[int, str]) -> None:
        self._values: dict[str, list[tuple[str, str]]] = {}
        label = ""
        for place in sorted(columns):
            what, cell = columns[place], cells[place] if place < len(cells) else ""
            if what == "label":
                label = SYSTEM_TAG.sub("", cell).strip().lower()
                continue
            if cell and what != "ignore":
                self._values.setdefault(what, []).append((cell, label))
            if what not in ("city", "country"):
                label = ""

    def first(self, what: str) -> str:
        """The first cell with this meaning, "" without one."""
        return self._values[what][0][0] if what in self._values else ""

    def all(self, what: str) -> list[str]:
        """All cells with this meaning."""
        return [cell for cell, _ in self._values.get(what, ())]

    def card(self, where: str) -> Card | None:
        """The person of the row, None where there is nobody."""
        handles = tuple(self._handles())
        given = " ".join(filter(None, (self.first("given"), self.first("middle"))))
        name = clean_name(given, self.first("family")) if given or self.first("family") else None
        full = (name.full if name else "") or clean_name(self.first("name"), "").full
        company, role = self.first("organisation"), self.first("role")
        if not full and not handles and not company:
            return None
        identity = self.first("id") or "|".join(sorted(handle.key for handle in handles)) or f"{full}|{company}"
        return Card(
            key=stable_key("table", identity.casefold()),
            where=where,
            name=full or (company if not handles else ""),
            handles=handles,
            jobs=(Job(company, role),) if company or role else (),
            given_name=name.given if name else "",
            family_name=name.family if name else "",
            nicknames=tuple(dict.fromkeys([*self.all("nickname"), *(name.nicknames if name else ())])),
            note="\n\n".join([*self.all("note"), *([name.rest] if name and name.rest else [])]),
            place=", ".join(dict.fromkeys(filter(None, (self.first("city"), self.first("country"))))),
            tags=tuple(dict.fromkeys([*self._tags(), *(name.tags if name else ())])),
            dates=self._dates(),
            connected_on=parse_partial_date(self.first("met_on")),
        )

    def remarks(self, card: Card) -> Iterator[Record]:
        """Interests and who they came through, for people who can be found again by a handle."""
        if not card.handles:
            return
        person = Party(card.name, card.handles)
        told = [("interest", text) for cell in self.all("interest") for text in SEVERAL.split(cell)]
        told += [("note", f"Referred by {text}.") for text in self.all("met_through")]
        for kind, text in told:
            if text:
                yield Remark(stable_key("table", str(card.key), kind, text), card.where, None, kind, person, text)

    def _handles(self) -> Iterator[Handle]:
        seen: set[tuple[str, str]] = set()
        for kind, cell, label in self._reachable():
            key = _KEYS[kind](cell)
            if key and (kind, key) not in seen:
                seen.add((kind, key))
                yield Handle(kind, cell, key, label)

    def _reachable(self) -> Iterator[tuple[str, str, str]]:
        for cell, label in self._values.get("email", ()):
            for value in re.split(r"[\s;,]+|:::", cell):
                yield "email", value.lower(), label
        for cell, label in self._values.get("phone", ()):
            for value in JOINED.split(cell):
                yield "phone", value, label
        for cell, label in self._values.get("url", ()):
            for value in JOINED.split(cell):
                yield "url", value, label

    def _tags(self) -> Iterator[str]:
        for cell in self.all("tag"):
            for tag in SEVERAL.split(cell):
                # "* myContacts" and the like are Google's own groups.
                if tag and not SYSTEM_TAG.match(tag) and len(tag) <= LONGEST_TAG:
                    yield tag

    def _dates(self) -> dict[str, PartialDate]:
        found = {}
        for kind in ("birthday", "anniversary"):
            text = self.first(kind)
            day = None if NO_DATE.match(text) else parse_partial_date(text)
            if day:
                found[kind] = day
        parts = [self.first(f"birth_{part}") for part in ("year", "month", "day")]
        told = [part if part.isdecimal() and len(part) < 5 else None for part in parts]
        if "birthday" not in found and any(told) and (whole := make_partial_date(*told)):
            found["birthday"] = whole
        return found


def _profile(text: str) -> str:
    """Only pages of a person identify one: a company's home page is that of many."""
    key = normalise_url(text)
    return (
        key if re.match(r"linkedin\.com/in/|(?:github|twitter|x|instagram|facebook|mastodon)[^/]*/[^/]+", key) else ""
    )


_KEYS = {"email": normalise_email, "phone": normalise_phone, "url": _profile}
