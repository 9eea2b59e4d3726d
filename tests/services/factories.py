"""Small makers for tests: people and what happened, through the services that users go through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from kithbook.core.addresses import normalise_email
from kithbook.core.records import Address, Mail
from kithbook.core.robots import bot_kind
from kithbook.services import clock, recording
from kithbook.services.editing import make_person
from kithbook.store.models import Owner, Person

ME = "me@example.org"
_keys = iter(range(1, 10**9))


def address(text: str) -> Address:
    """ "Anna <anna@example.org>" as a source would read it."""
    name, _, rest = text.rpartition("<")
    email = rest.rstrip(">").strip().lower()
    return Address(name.strip(), email, normalise_email(email), bot_kind(email))


def mail(
    sender: str,
    to: Sequence[str] = (ME,),
    *,
    day: str = "2026-11-01",
    key: int = 0,
    cc: Sequence[str] = (),
    **more: object,
) -> Mail:
    """One mail; anything not given is ordinary."""
    at = int(dt.datetime.fromisoformat(f"{day}T10:00:00+00:00").timestamp())
    plain: dict[str, object] = {
        "offset": 0, "key": key or next(_keys), "message_id": "<x@example.org>", "at": at, "at_from": "date",
        "delivered_to": (), "subject": "Hello", "bulk": "", "labels": (),
    }  # fmt: skip
    plain |= more
    return Mail(sender=(address(sender),), to=tuple(map(address, to)), cc=tuple(map(address, cc)), **plain)  # type: ignore[arg-type]


def person(owner: Owner, name: str, **fields: object) -> Person:
    """Somebody the owner knows."""
    return make_person(owner, name, **fields)  # type: ignore[arg-type]


def talk(owner: Owner, who: Person, *days_ago: int, channel: str = "call", direction: int | None = None) -> None:
    """Exchanges so many days ago."""
    for ago in sorted(days_ago, reverse=True):
        day = clock.today(owner) - dt.timedelta(days=ago)
        recording.record_interaction(owner, [who], channel, on=day, direction=direction)


MBOX = """\
From anna@example.org Mon Nov  2 09:00:00 2026
From: Anna Berger <anna@example.org>
To: Me <me@example.org>
Date: Mon, 2 Nov 2026 09:00:00 +0000
Message-ID: <1@example.org>
Subject: Lunch?

Body that is never stored: xyzzy

From me@example.org Mon Nov  2 10:00:00 2026
From: Me <me@example.org>
To: Anna Berger <anna@example.org>, Bruno Costa <bruno@example.org>
Cc: all@lists.example.org
Date: Mon, 2 Nov 2026 10:00:00 +0000
Message-ID: <2@example.org>
Subject: Re: Lunch?

Yes.

From noreply@shop.example.com Tue Nov  3 10:00:00 2026
From: Shop <noreply@shop.example.com>
To: me@example.org
Date: Tue, 3 Nov 2026 10:00:00 +0000
Message-ID: <3@shop.example.com>
Subject: Your order

Order.

From carla@example.org Wed Nov  4 10:00:00 2026
From: Carla Diaz <carla@example.org>
To: Me <me@example.org>, Dora Novak <dora@example.org>
Date: Wed, 4 Nov 2026 10:00:00 +0000
Message-ID: <4@example.org>
Subject: Conference

See you.
"""


def write_mbox(folder: Path, text: str = MBOX) -> Path:
    """A mailbox file: Anna wrote, I answered her and Bruno, a shop's robot wrote, Carla wrote to me and Dora."""
    path = folder / "mail.mbox"
    path.write_text(text, "utf-8")
    return path
