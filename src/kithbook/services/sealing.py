"""Passwords of accounts, encrypted with a key that lies in the data folder and not in the database.

Fernet (AES-128-CBC with HMAC-SHA256) of the `cryptography` library. A copy of the database alone opens no mailbox;
whoever moves the data folder takes `accounts.key` along, or enters the passwords again.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken

from kithbook.core.errors import Unavailable
from kithbook.store.home import stored_key

KEY = "accounts.key"


def seal(text: str) -> str:
    """The text encrypted; "" stays ""."""
    return _box().encrypt(text.encode()).decode("ascii") if text else ""


def unseal(sealed: str) -> str:
    """The text again. Raises Unavailable where the key is another one or the value was changed."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode("ascii", "replace")).decode()
    except (InvalidToken, ValueError):
        raise Unavailable(
            "The stored password cannot be opened: the key in the data folder is another one.",
            f"Put {KEY} of the old data folder in place, or enter the password again.",
        ) from None


def _box() -> Fernet:
    return Fernet(stored_key(KEY, lambda: Fernet.generate_key().decode("ascii")).encode("ascii"))
