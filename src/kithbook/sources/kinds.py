"""The kinds of text files beyond mail and cards: each module says by the first bytes whether a file is its own.

A module has `tells(head: bytes) -> str`, a sentence with the reason or "", and a class made of (path, latest, zone).
"""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, cast

from kithbook.sources.base import Source


class TextKind(NamedTuple):
    """A kind by name, the module that reads it and its class; `is_asked`: only ever by the user's word."""

    name: str
    module: str
    source: str
    is_asked: bool = False


TEXT_KINDS = (
    TextKind("calendar", "calendars", "CalendarSource"),
    TextKind("ldif", "ldif", "LdifSource"),
    TextKind("monica", "monica", "MonicaSource"),
    TextKind("telegram", "telegram", "TelegramSource"),
    TextKind("facebook", "facebook", "FacebookSource"),
    TextKind("phone", "phonelog", "PhoneLogSource"),
    TextKind("whatsapp", "whatsapp", "WhatsAppSource"),
    TextKind("whatsapp-dmy", "whatsapp", "DayFirst", is_asked=True),
    TextKind("whatsapp-mdy", "whatsapp", "MonthFirst", is_asked=True),
)
"""In the order in which they are asked."""


def tell_kind(head: bytes) -> tuple[str, str] | None:
    """(kind, reason) for the first bytes of a text file, None where none of them reads it."""
    for kind in TEXT_KINDS:
        if kind.is_asked:
            continue
        reason = import_module(f"kithbook.sources.{kind.module}").tells(head)
        if reason:
            return kind.name, reason
    return None


def make_text_source(name: str, path: Path, latest: int, zone: dt.tzinfo) -> Source:
    """The source of one of `TEXT_KINDS`; `latest` is the newest time believed, `zone` that of times without one."""
    kind = next(kind for kind in TEXT_KINDS if kind.name == name)
    made = getattr(import_module(f"kithbook.sources.{kind.module}"), kind.source)(str(path), latest=latest, zone=zone)
    return cast("Source", made)
