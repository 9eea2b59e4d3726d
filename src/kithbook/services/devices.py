"""Phones and programs that read the owner's cards, each by a password of its own that can be switched off alone."""

from __future__ import annotations

import hashlib
import hmac
import importlib.util
import re
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.core.names import fold_name
from kithbook.services import clock
from kithbook.services.deviceviews import DevicesView, DeviceView, NewDevice
from kithbook.services.registry import operation
from kithbook.store.models import ApiToken, Device, Owner

PATH = "/dav/"
MOST = 50
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 5, 5
"""Passwords of 25 letters that are not mistaken for each other, 123 bits, in groups for typing."""
PLAIN = "devices_without_encryption"
HASHER = "argon2" if importlib.util.find_spec("argon2") else "pbkdf2_sha256"
FREE_TRIES = 5
LONGEST_WAIT = 300.0
"""Seconds; from the sixth wrong password in a row the wait doubles, up to this (d)."""
REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Visit:
    """A device that signed in: whose cards it reads, and whether it may change them."""

    owner: Owner
    device: str
    user_name: str
    writes: bool


class Slow(Exception):
    """Too many wrong passwords; `seconds` says how long to wait."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, int(seconds + 0.999))
        super().__init__(f"Too many wrong passwords. Try again in {self.seconds} seconds.")


# -- What the owner does ------------------------------------------------------------------------------------------


@operation()
@transaction.atomic
def add(owner: Owner, name: str, writes: bool = True) -> NewDevice:
    """Let a phone or program read your people as an address book; its password is shown this once."""
    clean = _name(name)
    if Device.objects.of(owner).count() >= MOST:
        raise Refused(f"There are {MOST} devices already.", "Remove those that are not used any more.")
    if Device.objects.of(owner).filter(name=clean).exists():
        raise Invalid(f"There is a device “{clean}” already.", "Give another name, e.g. with a number.")
    password = "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
    row = Device(owner=owner, name=clean, user_name=_user_name(clean), writes=writes, created_at=clock.now())
    row.password_hash = make_password(password, hasher=HASHER)
    row.save(force_insert=True)
    return NewDevice(_view(row), password, PATH)


@operation(reads=True)
def listing(owner: Owner) -> DevicesView:
    """Phones and programs that read your people as an address book."""
    rows = Device.objects.of(owner).order_by("created_at", "pk")
    return DevicesView([_view(row) for row in rows], allows_plain=bool(owner.settings.get(PLAIN)), path=PATH)


@operation()
@transaction.atomic
def remove(owner: Owner, device: str) -> DevicesView:
    """Switch a device off: its password opens nothing from now on."""
    _find(owner, device).delete()
    return listing(owner)


@operation()
@transaction.atomic
def rename(owner: Owner, device: str, name: str) -> DevicesView:
    """Give a device another name; its user name and password stay."""
    row = _find(owner, device)
    row.name = _name(name)
    if Device.objects.of(owner).filter(name=row.name).exclude(pk=row.pk).exists():
        raise Invalid(f"There is a device “{row.name}” already.", "Give another name.")
    row.save(update_fields=["name"])
    return listing(owner)


@operation()
@transaction.atomic
def permit(owner: Owner, device: str, writes: bool) -> DevicesView:
    """Say whether a device may change your people, or only read them."""
    row = _find(owner, device)
    row.writes = writes
    row.save(update_fields=["writes"])
    return listing(owner)


@operation()
@transaction.atomic
def allow_plain(owner: Owner, allowed: bool) -> DevicesView:
    """Say whether devices may come without encryption, e.g. inside a VPN.

    Elsewhere everybody on the way could read their passwords, and your people.
    """
    row = Owner.objects.select_for_update().get(pk=owner.pk)
    row.settings = {**row.settings, PLAIN: allowed}
    row.save(update_fields=["settings"])
    owner.settings = row.settings
    return listing(owner)


def _name(name: str) -> str:
    clean = " ".join(name.split())[:100]
    if not clean:
        raise Invalid("The device needs a name.", "For example “Phone”.")
    return clean


def _user_name(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", fold_name(name)).strip("-")[:30].strip("-") or "device"
    return f"{words}-{''.join(secrets.choice(LETTERS) for _ in range(6))}"


def _find(owner: Owner, text: str) -> Device:
    rows = Device.objects.of(owner)
    found: Device | None = rows.filter(name=text.strip()).first() or rows.filter(user_name=text.strip()).first()
    if found is None and is_id(text) and not from_text(text) >> 62:
        found = rows.filter(pk=from_text(text)).first()
    if found is None:
        raise NotFound(f"There is no device “{text[:60]}”.", "See them with `kith op devices listing`.")
    return found


def _view(row: Device) -> DeviceView:
    return DeviceView(to_text(row.pk), row.name, row.user_name, row.writes, row.created_at, row.used_at)


# -- Signing in ---------------------------------------------------------------------------------------------------


def is_on() -> bool:
    """Whether anybody has a device; without one there is no such server."""
    return Device.objects.exists()


def allows_plain(user_name: str) -> bool:
    """Whether the owner of this device said that it may come without encryption."""
    row = _by_user_name(user_name)
    return bool(row and row.owner.settings.get(PLAIN))


def _by_user_name(user_name: str) -> Device | None:
    """User names are unique over all owners: this is where a device says whose it is."""
    rows: Any = Device._default_manager
    found: Device | None = rows.filter(user_name=user_name[:64]).select_related("owner").first()
    return found


def sign_in(user_name: str, password: str, address: str) -> Visit | None:
    """The visit of a device, None for a wrong name or password; raises Slow after several wrong ones in a row.

    It takes as long for a name that nobody has as for a wrong password.
    """
    gates = (f"name {user_name[:64]}", f"from {address}")
    _gate.check(gates)
    row = _by_user_name(user_name)
    right = _passwords.is_right(row.password_hash if row else "", user_name, password)
    if row is None or not right:
        _gate.note_wrong(gates)
        return None
    _gate.note_right(gates)
    note_use(row)
    return Visit(row.owner, row.name, row.user_name, row.writes)


def note_use(row: Device | ApiToken) -> None:
    """Once an hour is often enough to know that a device or program still comes."""
    now = clock.now()
    if row.used_at is None or (now - row.used_at).total_seconds() >= 3600:
        type(row).objects.of(row.owner_id).filter(pk=row.pk).update(used_at=now)


class _Passwords:
    """Checks passwords; one that was right is known again by a keyed digest, since devices send it with each request.

    The digest covers the stored hash, so that a removed or changed password is forgotten with it; the key is this
    process's own.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._right: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()
        self._nobody = ""

    def is_right(self, stored: str, user_name: str, password: str) -> bool:
        """Whether the password belongs to the stored hash ("" for nobody's, which costs as much)."""
        if not stored:
            self._nobody = self._nobody or make_password(secrets.token_urlsafe(), hasher=HASHER)
            check_password(password, self._nobody)
            return False
        text = f"{stored}\0{user_name}\0{password}".encode("utf-8", "replace")
        mark = hmac.new(self._key, text, hashlib.sha256).digest()
        with self._lock:
            if mark in self._right:
                self._right.move_to_end(mark)
                return True
        right = check_password(password, stored)
        if right:
            with self._lock:
                self._right[mark] = None
                while len(self._right) > REMEMBERED:
                    self._right.popitem(last=False)
        return right


class _Gate:
    """Counts wrong passwords in a row by user name and by address; what waits is not even looked at."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, keys: tuple[str, ...]) -> None:
        """Raise Slow if one of the keys has to wait."""
        now = time.monotonic()
        with self._lock:
            wait = max((self._wrong[key][1] - now for key in keys if key in self._wrong), default=0.0)
        if wait > 0:
            raise Slow(wait)

    def note_wrong(self, keys: tuple[str, ...]) -> None:
        """One more wrong password."""
        now = time.monotonic()
        with self._lock:
            for key in keys:
                count = self._wrong.pop(key, (0, 0.0))[0] + 1
                over = count - FREE_TRIES
                self._wrong[key] = (count, now + min(LONGEST_WAIT, 2.0 ** min(over, 12)) if over > 0 else 0.0)
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)

    def note_right(self, keys: tuple[str, ...]) -> None:
        """The right password: start counting anew."""
        with self._lock:
            for key in keys:
                self._wrong.pop(key, None)


_passwords = _Passwords()
_gate = _Gate()
