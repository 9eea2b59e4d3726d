"""A memo of mailboxes: what was written between two commas -> Address. Most mail repeats the same few thousand."""

from __future__ import annotations

import re

from kithbook.core.addresses import GMAIL, normalise_email, parse_mailbox, parse_plain
from kithbook.core.records import Address
from kithbook.core.robots import bot_kind

_MOST = 24_000
_UNKNOWN = "?"
_STRINGS = re.compile(r'"[^"\\]*"')
_WHOLE_WORDS = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")
# The mailbox as nine in ten are written; the reader proper would find the same, at three times the cost.
_SIMPLE = re.compile(
    r"(?:([A-Za-z][A-Za-z.'-]*+(?: [A-Za-z][A-Za-z.'-]*+)*+) <)?+"
    r"([A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)*+)(\+[A-Za-z0-9]{1,6})?+"
    r"@([A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++)(>?)\Z"
)

_new = tuple.__new__


class NotAlone(Exception):
    """A piece between two commas that is not a whole mailbox by itself."""


class MailboxMemo(dict[bytes, Address]):
    """Raw mailbox as written -> Address. Bounded; knows the list addresses learnt so far."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: set[str] = set()
        self._keys: set[str] = set()
        self._kinds: dict[str, str] = {}

    def __missing__(self, piece: bytes) -> Address:
        try:
            text = piece.decode("utf-8").strip()  # the blanks of folding differ from mail to mail
        except UnicodeDecodeError:
            raise NotAlone from None
        address = self._read(text)
        if len(self) >= _MOST:
            self.clear()
            self._keys.clear()
            self._kinds.clear()
        self[piece] = address
        self._keys.add(address.key)
        return address

    def _read(self, text: str) -> Address:
        simple = _SIMPLE.match(text)
        if simple is not None:
            address = self._simple(*simple.groups(""))
            if address is not None:
                return address
        plain = parse_plain(text)
        if plain is None:
            if not _is_whole(text):
                raise NotAlone
            plain = parse_mailbox(text)
        return self.address(*plain)

    def _simple(self, name: str, local: str, tag: str, domain: str, close: str) -> Address | None:
        """The Address of `Name <local+tag@domain>` or `local+tag@domain` with nothing odd in it; None for Gmail's.

        A short +tag changes nothing about who reads the mailbox, so what was found out about it is kept by key.
        """
        domain = domain.lower()
        if bool(name) != bool(close) or domain in GMAIL:
            return None
        key = f"{local.lower()}@{domain}"
        if "bot" in name or "ail" in name or "epl" in name:  # a name that may speak of a robot counts itself
            kind = bot_kind(key, name)
        else:
            kind = self._kinds.get(key, _UNKNOWN)
            if kind is _UNKNOWN:
                kind = self._kinds[key] = bot_kind(key)
        email = f"{local.lower()}{tag.lower()}@{domain}" if tag else key
        return _new(Address, (name, email, key, "list" if key in self.lists else kind))

    def address(self, name: str, email: str) -> Address:
        """Make the Address of a name and an address as read."""
        key = normalise_email(email)
        if key == email:
            key = email  # one string instead of two equal ones
        return _new(Address, (name, email, key, "list" if key in self.lists else bot_kind(email, name)))

    def learn(self, lists: set[str]) -> bool:
        """Mark addresses as lists from now on; True if one of them was already in the memo as something else."""
        fresh = lists - self.lists
        self.lists |= fresh
        known = fresh & self._keys
        if known:
            for piece, address in self.items():
                if address.key in known:
                    self[piece] = address._replace(bot="list")
        return bool(known)


def _is_whole(text: str) -> bool:
    """Whether text between two commas is one mailbox for sure: nothing open, no group, an @."""
    if "@" not in text:
        return False
    if '"' in text:
        text = _STRINGS.sub("", text)
    if "=?" in text:
        text = _WHOLE_WORDS.sub("", text)
    if "(" in text or ")" in text:
        inside = text.partition("(")[2]
        if text.count("(") != 1 or inside.count(")") != 1 or text.count(")") != 1:
            return False
    if text.count("<") > 1 or text.count("<") != text.count(">"):
        return False
    if "<" not in text and text.count("@") > 1:
        return False
    return not any(char in text for char in '":;\\') and "=?" not in text
