"""Who the owner is in a heap of chats, found out once for all of them and before the first is read.

Only the first bytes of each chat are looked at: they name those who take part, or show enough who write.
"""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from kithbook.core.chatowners import guess_chat_owner
from kithbook.core.errors import KithbookError
from kithbook.sources import facebook, whatsapp
from kithbook.sources.base import Source
from kithbook.sources.rawtext import read_chunks
from kithbook.sources.sniffing import HEAD

_LEAST = {"facebook": 2, "whatsapp": 3}
"""Chats of two that are needed: Facebook lists who takes part, WhatsApp shows who wrote."""

_ABOVE = re.compile(r"[/\\]messages[/\\]")


class _Chat(NamedTuple):
    path: str
    names: tuple[str, ...]


class _Heap:
    """Chats of one program and account, and the values of the profile beside them."""

    def __init__(self) -> None:
        self.chats: list[_Chat] = []
        self.told: set[str] = set()

    def owner(self, kind: str) -> str:
        """The owner's name, "" where it is not clear."""
        found = Counter(name for chat in self.chats for name in chat.names if name in self.told)
        if found:
            return found.most_common(1)[0][0]
        if kind == "whatsapp":
            titled = {whatsapp.owner_by_title(Path(chat.path), chat.names) for chat in self.chats} - {""}
            if titled:
                return titled.pop() if len(titled) == 1 else ""
        return guess_chat_owner((chat.names for chat in self.chats), least=_LEAST[kind])


def find_own_names(sources: Sequence[Source], is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """The owner's name in the chats of WhatsApp, Facebook and Instagram among the sources, as it stands there.

    Chats in which a name appears that `is_known` as the owner's are left alone; so is what is not clear.
    """
    heaps: dict[tuple[str, str], _Heap] = defaultdict(_Heap)
    told: set[str] = set()
    for source in sources:
        if source.kind in _LEAST:
            head = _head(source)
            told.update(facebook.own_names(head) if source.kind == "facebook" else ())
            names = facebook.writers(head) if source.kind == "facebook" else whatsapp.writers(head)
            heaps[source.kind, _account(source)].chats.append(_Chat(source.path, names))
    found: dict[str, None] = {}
    for (kind, _), heap in heaps.items():
        heap.told = told if kind == "facebook" else set()
        if not any(is_known(name) for chat in heap.chats for name in chat.names) and (name := heap.owner(kind)):
            found[name] = None
    return tuple(found)


def _account(source: Source) -> str:
    """Facebook and Instagram may lie side by side in one export, where the owner has a name in each."""
    above = _ABOVE.split(source.path)
    return above[0] if len(above) > 1 and source.kind == "facebook" else ""


def _head(source: Source) -> bytes:
    """The first bytes as UTF-8; none of what cannot be read, which is told when it is read."""
    peek = getattr(source, "head", None)
    try:
        if peek:
            head: bytes = peek()
        else:
            with Path(source.path).open("rb") as file:
                head = file.read(HEAD)
    except (OSError, KithbookError):
        return b""
    return b"".join(chunk for chunk, _ in read_chunks(io.BytesIO(head)))
