"""People who were erased and are not to come back: only hashes are kept, of their addresses and of cards on servers."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from kithbook.core.records import Handle
from kithbook.store.models import Account, Owner, SyncItem

KEY = "kept_out"
LEFT = "left_alone"
"""Where an account keeps which cards describe somebody who was erased."""
REASON = "somebody you erased"
BYTES = 16


class KeptOut:
    """Tells whether a handle belongs to somebody who was erased for good."""

    def __init__(self, row: Owner | Account, key: str = KEY) -> None:
        kept = row.settings.get(key, {})
        self._salt, self._hashes = kept.get("salt", ""), frozenset(kept.get("keys", []))
        self._known: dict[tuple[str, str], bool] = {}

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def has(self, kind: str, key: str) -> bool:
        """Whether this one address was theirs."""
        found = self._known.get((kind, key))
        if found is None:
            found = self._known[kind, key] = bool(self._hashes) and hash_of(self._salt, kind, key) in self._hashes
        return found

    def have(self, handles: Iterable[Handle]) -> bool:
        """Whether these handles describe them. A phone alone may be a household's: then all handles have to fit."""
        listed = list(handles)
        theirs = [handle for handle in listed if self.has(handle.kind, handle.key)]
        return bool(theirs) and (len(theirs) == len(listed) or any(handle.kind != "phone" for handle in theirs))


def hash_of(salt: str, kind: str, key: str) -> str:
    """What is kept of an address: it cannot be read back, only compared."""
    return hashlib.blake2b(f"{kind}:{key}".encode(), key=bytes.fromhex(salt), digest_size=BYTES).hexdigest()


def remember(owner: Owner, handles: Iterable[tuple[str, str]]) -> int:
    """Keep the hashes of these (kind, key); how many."""
    from kithbook.services import preferences  # an import that only compares does without it

    listed = sorted(set(handles))

    if listed:
        preferences.remember(owner, KEY, lambda kept: _with_hashes(kept or {}, listed))
    return len(listed)


def _with_hashes(kept: dict[str, Any], handles: Iterable[tuple[str, str]]) -> dict[str, Any]:
    salt = kept.get("salt") or secrets.token_hex(BYTES)
    return {"salt": salt, "keys": sorted({*kept.get("keys", []), *(hash_of(salt, *handle) for handle in handles)})}


def leave_cards(owner: Owner, people: Sequence[int]) -> None:
    """Keep hashes of the cards on servers that describe people about to be erased: no look takes them again."""
    cards: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for account, href in SyncItem.objects.of(owner).filter(person__in=people).values_list("account_id", "href"):
        cards[account].append(("card", href))
    for row in Account.objects.select_for_update().filter(owner=owner, pk__in=list(cards)).order_by("pk"):
        row.settings = {**row.settings, LEFT: _with_hashes(row.settings.get(LEFT, {}), cards[row.pk])}
        row.save(update_fields=["settings"])


def forget(owner: Owner, kind: str, key: str) -> bool:
    """Let an address come in again; False if it was not kept out."""
    if not KeptOut(Owner.objects.get(pk=owner.pk)).has(kind, key):
        return False
    from kithbook.services import preferences

    def change(kept: dict[str, Any]) -> dict[str, Any]:
        gone = hash_of(kept["salt"], kind, key)
        return {**kept, "keys": [item for item in kept["keys"] if item != gone]}

    preferences.remember(owner, KEY, change)
    return True
