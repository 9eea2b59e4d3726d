"""Writes a made-up mailbox of any size, the same for the same seed: `python -m benchmarks.mailmaker OUT.mbox 100000`.

It looks like the mail of somebody on mailing lists: routing headers, threads, eight addresses a message, names in
several encodings, some robots. Nobody in it exists; bodies are made-up words.
"""

from __future__ import annotations

import argparse
import random
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from email.utils import formatdate
from pathlib import Path
from typing import NamedTuple

ME = "robin@home.example.org"
LISTS = ("river-users", "river-devel", "harbour-announce", "orchard")
BEGAN_AT = 1_420_000_000
"""The first mail is of the last day of 2014, the last one of autumn 2026."""
ENDED_AT = 1_795_000_000
SYLLABLES = [start + end for start in "bdfgklmnrstv" for end in "aeio"]


class Somebody(NamedTuple):
    """A writer: the address, and the name as it stands in their headers."""

    address: str
    shown: str


def make_people(count: int, rng: random.Random) -> list[Somebody]:
    """Made-up people; every ninth has letters beyond ASCII in the name, every fifteenth shows none."""
    people = []
    for number in range(count):
        first, last = ("".join(rng.choices(SYLLABLES, k=k)).title() for k in (2, 3))
        address = f"{first}.{last}{number}@host{number % 400}.example.net".lower()
        name = f"{first} {last}"
        if number % 9 == 1:
            name = f"=?utf-8?b?{b64encode(f'{first}é {last}ö'.encode()).decode()}?="
        elif number % 7 == 2:
            name = f'"{last}, {first}"'
        people.append(Somebody(address, "" if number % 15 == 3 else name))
    return people


def write_mailbox(
    path: Path, messages: int, *, people: int = 0, personal: bool = False, body: int = 2_000, seed: int = 1
) -> Path:
    """Write a mailbox of `messages` mails with bodies of about `body` characters.

    There are `people` others (default: one for 25 mails, 40 at least), few of them writing most of it. List mail goes
    to a list and names others, the owner `ME` on every third; `personal` mail is between the owner and one person
    each, so that everybody becomes known once there are at least as many mails as people.
    """
    rng = random.Random(seed)
    others = make_people(people or max(40, messages // 25), rng)
    with path.open("wb", buffering=1 << 20) as file:
        for mail in _mails(messages, others, personal, _bodies(body, rng), rng):
            file.write(mail)
    return path


def _bodies(size: int, rng: random.Random) -> list[str]:
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(800)]
    bodies = []
    for _ in range(200):
        lines, length = [], rng.lognormvariate(0, 0.7) * size
        while length > 0:
            line = rng.choice(("", "> ", "> > ")) + " ".join(rng.choices(words, k=rng.randint(3, 12)))
            length -= len(line) + 1
            lines.append(line)
        bodies.append("\n".join([*lines, ">From here on nothing new.", ""]))
    return bodies


def _mails(
    messages: int, people: Sequence[Somebody], personal: bool, bodies: Sequence[str], rng: random.Random
) -> Iterator[bytes]:
    step = (ENDED_AT - BEGAN_AT) / max(messages, 1)
    me = Somebody(ME, "Robin Home")
    for number in range(messages):
        at = int(BEGAN_AT + number * step)
        sender = people[number] if number < len(people) else people[int(len(people) * rng.random() ** 3)]
        if personal:
            pair = (sender, me) if number < len(people) or rng.random() < 0.55 else (me, sender)
            yield _mail(number, at, pair[0], [pair[1]], [], bodies[number % 200], rng)
            continue
        named = [people[int(len(people) * rng.random() ** 3)] for _ in range(rng.randint(2, 11))]
        if rng.random() < 0.12:
            sender = me
        elif rng.random() < 0.33:
            named.append(me)
        if rng.random() < 0.02:
            sender = Somebody(f"no-reply@host{number % 9}.example.net", "Build robot")
        yield _mail(number, at, sender, named[:2], named[2:], bodies[number % 200], rng)


def _mail(
    number: int,
    at: int,
    sender: Somebody,
    to: Sequence[Somebody],
    cc: Sequence[Somebody],
    body: str,
    rng: random.Random,
) -> bytes:
    date = formatdate(at)
    host = sender.address.partition("@")[2]
    parent = f"<{max(0, number - rng.randint(1, 30))}.mail@example.net>"
    lines = [
        f"From {sender.address} {time.asctime(time.gmtime(at))}",
        f"Return-Path: <{sender.address}>",
        f"Received: from {host} (unknown [192.0.2.{number % 250}])\n\tby mx.example.org with ESMTPS id {number:012X}",
        f"\tfor <{ME}>; {date}",
        f"Received: by {host} with SMTP id {number:09x}; {date}",
        f"DKIM-Signature: v=1; a=rsa-sha256; d={host}; s=mail;\n\tb={number:064x}{at:064x}",
        f"From: {_shown(sender)}",
        f"To: {', '.join(map(_shown, to))}",
    ]
    if cc:
        others = [f"{_list(number)} <{_list(number)}@lists.example.org>", *map(_shown, cc)]
        lines.append("Cc: " + ",\n ".join(others))
        lines += ["Precedence: list"] * (number % 50 == 0)
    lines += [
        f"Subject: {'Re: ' if number % 3 else ''}[{_list(number)}] matter {number // 9}",
        f"Date: {date}",
        f"Message-ID: <{number}.mail@example.net>",
        f"In-Reply-To: {parent}",
        f"References: {parent}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "User-Agent: Handmade/1.0",
    ]
    return "\n".join([*lines, "", body, ""]).encode()


def _shown(who: Somebody) -> str:
    return f"{who.shown} <{who.address}>" if who.shown else who.address


def _list(number: int) -> str:
    return LISTS[number // 11 % len(LISTS)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("messages", type=int)
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--personal", action="store_true")
    parser.add_argument("--body", type=int, default=2_000)
    args = parser.parse_args()
    path = write_mailbox(args.out, args.messages, people=args.people, personal=args.personal, body=args.body)
    print(f"{path}: {args.messages:,} mails, {path.stat().st_size / 1e6:.1f} MB; yours: {ME}")


if __name__ == "__main__":
    main()
