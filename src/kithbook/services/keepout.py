"""People who were erased and are not to come back with an import: only hashes of their addresses are kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from kithbook.core.records import Handle
from kithbook.services import preferences
from kithbook.store.models import Owner

KEY = "kept_out"
REASON = "somebody you erased"
BYTES = 16


class KeptOut:
    """Tells whether a handle belongs to somebody who was erased for good."""

    def __init__(self, owner: Owner) -> None:
        kept = owner.settings.get(KEY, {})
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
    listed = sorted(set(handles))

    def change(kept: dict[str, Any] | None) -> dict[str, Any]:
        salt = (kept or {}).get("salt") or secrets.token_hex(BYTES)
        known = (kept or {}).get("keys", [])
        return {"salt": salt, "keys": sorted({*known, *(hash_of(salt, kind, key) for kind, key in listed)})}

    if listed:
        preferences.remember(owner, KEY, change)
    return len(listed)


def forget(owner: Owner, kind: str, key: str) -> bool:
    """Let an address come in again; False if it was not kept out."""
    if not KeptOut(Owner.objects.get(pk=owner.pk)).has(kind, key):
        return False

    def change(kept: dict[str, Any]) -> dict[str, Any]:
        gone = hash_of(kept["salt"], kind, key)
        return {**kept, "keys": [item for item in kept["keys"] if item != gone]}

    preferences.remember(owner, KEY, change)
    return True
