"""Who of the names in somebody's chats they are themselves: the one name that the chats share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

LEAST_GROUPS = 3
"""Chats of several that are needed where those of two tell nothing."""

_MOST_APART, _MOST_OTHER = 0.2, 0.5
"""Share of the chats that may lack the owner's name, and the share of these that the next common name may be in."""


def guess_chat_owner(chats: Iterable[Collection[str]], *, least: int) -> str:
    """The owner's name from the names in each chat, "" where it is not clear.

    In a chat of two one of both is the owner, so these are asked first; `least` different ones are needed. Chats of
    the same people count once, and a chat of one tells nothing.
    """
    different = {frozenset(chat) for chat in chats}
    pairs = [chat for chat in different if len(chat) == 2]
    return _shared(pairs, least) or _shared([chat for chat in different if len(chat) > 1], max(least, LEAST_GROUPS))


def _shared(chats: Collection[frozenset[str]], least: int) -> str:
    if len(chats) < least:
        return ""
    (name, most), *others = Counter(name for chat in chats for name in chat).most_common(2)
    is_alone = not others or others[0][1] <= most * _MOST_OTHER
    return name if is_alone and most >= len(chats) * (1 - _MOST_APART) else ""
