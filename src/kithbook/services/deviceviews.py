"""Devices that read Kithbook's cards, as faces show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A phone or program: its name, the user name that it signs in with, whether it may write, when it came last."""

    id: str
    name: str
    user_name: str
    writes: bool
    created_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device with its password, which is shown this once and stored nowhere in clear; `path` is below the address."""

    device: DeviceView
    password: str
    path: str


@dataclass(frozen=True, slots=True)
class DevicesView:
    """All devices, and whether they may come over a network without encryption."""

    devices: list[DeviceView]
    allows_plain: bool
    path: str
