"""Cards as they lie on a CardDAV server: raw lines that can be changed one by one and written back as they were."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

from kithbook.core.cardfields import card_from_lines
from kithbook.core.cards import card_version, fold_line, logical_lines
from kithbook.core.records import Card, Problem
from kithbook.sources.base import Progress
from kithbook.sources.dav import Item

_MEDIA = re.compile(r"(?:[^.:;]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]", re.IGNORECASE)
_FOLD = re.compile(r"\n[ \t]")
_EDGE = re.compile(r"(?:BEGIN|END)\s*:\s*VCARD\s*\Z", re.IGNORECASE)
KEPT_MEDIA = 200


def is_card(text: str) -> bool:
    """Whether this begins and ends as a card does."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and bool(_EDGE.match(lines[0]) and _EDGE.match(lines[-1]))


def raw_lines(text: str) -> list[str]:
    """The lines of one card, unfolded and otherwise untouched, without its BEGIN and END."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    lines = [line for line in _FOLD.sub("", plain).split("\n") if line.strip()]
    if lines and _EDGE.match(lines[0]):
        lines = lines[1:]
    if lines and _EDGE.match(lines[-1]):
        lines = lines[:-1]
    return lines


def kept_lines(lines: Sequence[str]) -> list[str]:
    """What is remembered of a card to compare it with later: all but pictures and the like."""
    return [line for line in lines if len(line) <= KEPT_MEDIA or not _MEDIA.match(line)]


def card_text(lines: Sequence[str]) -> str:
    """The card of these raw lines, folded, with CRLF; nothing is made newer or tidier."""
    return "".join(f"{fold_line(line)}\r\n" for line in ("BEGIN:VCARD", *lines, "END:VCARD"))


def can_be_written(lines: Sequence[str]) -> bool:
    """Whether single lines can be changed: those of vCard 2.1 may go on over several."""
    return card_version(lines) != "2.1"


def card_of(text: str, where: str) -> Card:
    """The card as imports know it."""
    block = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    lines = [line for line in logical_lines(block) if not _EDGE.match(line)]
    return card_from_lines(lines, where)


class CardSpool:
    """Cards as they came, in a file without a name: pictures make an address book larger than memory should be."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed by `close`
        self._places: dict[str, tuple[int, int, str]] = {}

    def add(self, item: Item) -> None:
        """Keep one card."""
        body = item.text.encode("utf-8", "replace")
        self._places[item.href] = (self._file.seek(0, 2), len(body), item.etag)
        self._file.write(body)

    def __contains__(self, href: str) -> bool:
        return href in self._places

    def get(self, href: str) -> Item:
        """One card."""
        start, length, etag = self._places[href]
        self._file.seek(start)
        return Item(href, etag, self._file.read(length).decode("utf-8"))

    def close(self) -> None:
        """Delete it."""
        self._file.close()


class CardSource:
    """Some cards of a spool under the name of their account."""

    kind = "vcard"

    def __init__(self, spool: CardSpool, hrefs: Sequence[str], name: str) -> None:
        self.path = name
        self._spool, self._hrefs = spool, hrefs

    def records(self, progress: Progress | None = None) -> Iterator[Card | Problem]:
        """Yield a Card for each, a Problem for what is none."""
        for number, href in enumerate(self._hrefs, 1):
            text = self._spool.get(href).text
            name = href.rpartition("/")[2]
            yield card_of(text, href) if is_card(text) else Problem(name, "This is no vCard.")
            if progress:
                progress(number, len(self._hrefs))
