"""Cards as they lie on a CardDAV server: raw lines that can be changed one by one and written back as they were."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kithbook.core.cardfields import card_from_lines
from kithbook.core.cards import card_version, fold_line, logical_lines
from kithbook.core.records import Card

_MEDIA = re.compile(r"(?:[^.:;]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]", re.IGNORECASE)
_FOLD = re.compile(r"\n[ \t]")
_EDGE = re.compile(r"(?:BEGIN|END)\s*:\s*VCARD\s*\Z", re.IGNORECASE)
KEPT_MEDIA = 200


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
