"""Writes made-up address books of any size, the same for the same seed: `python -m benchmarks.cardmaker OUT.vcf 10000`.

`.vcf` gives vCards 3.0 as phones export them, `.csv` the Connections.csv of LinkedIn. Cards have names from several
languages, one or two addresses, phones in several spellings, jobs, towns, birthdays with and without year, tags, notes
and profiles; every fiftieth is a second card of somebody before, found again by an address. Nobody in it exists.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.mailmaker import SYLLABLES

LETTERS = ("", "", "é", "ö", "ł", "ñ", "ş", "李", "ø")
COMPANIES, TOWNS = 400, ("Lund", "Graz", "Porto", "Łódź", "Tartu", "Nagoya", "Cork", "Trieste")
ROLES = ("Engineer", "Baker", "Head of Research", "Nurse", "Founder", "Editor")
TAGS = ("chess", "choir", "school", "work", "neighbours")
PREAMBLE = (
    'Notes:\r\n"When exporting your connection data, you may notice that some of the email addresses are missing."\r\n'
    "\r\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
)
FIRST_DAY = dt.date(2012, 3, 4)
TWIN = 50
"""Every so many cards one is a second card of somebody before."""


class Made(NamedTuple):
    """A made-up person as address books know them; "" where nothing is known."""

    number: int
    first: str
    last: str
    email: str
    email2: str
    phone: str
    company: str
    role: str
    town: str
    birthday: str
    tags: tuple[str, ...]
    profile: str
    note: str


def make_people(count: int, seed: int = 1) -> Iterator[Made]:
    """`count` made-up people, all with names and addresses of their own."""
    rng = random.Random(seed)
    for number in range(count):
        first = "".join(rng.choices(SYLLABLES, k=2)).title() + rng.choice(LETTERS)
        last = "".join(rng.choices(SYLLABLES, k=3)).title() + rng.choice(LETTERS)
        plain = f"{first}.{last}".encode("ascii", "ignore").decode().lower()
        born = dt.date(1940, 1, 1) + dt.timedelta(days=rng.randrange(24_000))
        yield Made(
            number, first, last, f"{plain}{number}@host{number % 400}.example.net",
            f"{plain}{number}@home.example.org" if rng.random() < 0.25 else "",
            _phone(number, rng) if rng.random() < 0.6 else "",
            f"{SYLLABLES[number % 48].title()} & Partners {number % COMPANIES}" if rng.random() < 0.8 else "",
            rng.choice(ROLES), rng.choice(TOWNS) if rng.random() < 0.7 else "",
            "" if rng.random() < 0.6 else f"{born:%Y-%m-%d}" if rng.random() < 0.8 else f"--{born:%m%d}",
            tuple(rng.sample(TAGS, k=rng.choice((0, 0, 1, 2)))),
            f"https://www.linkedin.com/in/{plain.replace('.', '-')}-{number}" if rng.random() < 0.5 else "",
            "Met at the fair; wanted to hear about boats, and about ropes." if rng.random() < 0.3 else "",
        )  # fmt: skip


def _phone(number: int, rng: random.Random) -> str:
    digits = f"{number:07d}"
    shape = rng.choice(("+43 660 {}", "+43 (0)660 {}", "+43660{}", "0043 660 {}"))
    return shape.format(f"{digits[:3]} {digits[3:]}")


def write_cards(path: Path, count: int, *, seed: int = 1) -> Path:
    """Write `count` vCards 3.0 to a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        before: Made | None = None
        for number, somebody in enumerate(make_people(count, seed)):
            if number % TWIN == TWIN - 1 and before:
                file.write(_card(before._replace(town="Elsewhere", phone="", note=""), f"twin-{number}"))
            else:
                file.write(_card(somebody, f"made-{seed}-{number}"))
                before = somebody
    return path


def _card(who: Made, uid: str) -> str:
    lines = [
        "BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"N:{who.last};{who.first};;;", f"FN:{who.first} {who.last}",
        f"EMAIL;TYPE=INTERNET,PREF:{who.email}",
    ]  # fmt: skip
    lines += [f"EMAIL;TYPE=INTERNET,HOME:{who.email2}"] * bool(who.email2)
    lines += [f"TEL;TYPE=CELL:{who.phone}"] * bool(who.phone)
    lines += [f"ORG:{who.company}", f"TITLE:{who.role}"] if who.company else []
    lines += [f"ADR;TYPE=HOME:;;;{who.town};;;"] * bool(who.town)
    lines += [f"BDAY:{who.birthday}"] * bool(who.birthday)
    lines += [f"CATEGORIES:{','.join(who.tags)}"] * bool(who.tags)
    lines += [f"URL:{who.profile}"] * bool(who.profile)
    lines += ["NOTE:" + who.note.replace(";", "\\;").replace(",", "\\,")] * bool(who.note)
    return "\r\n".join([*lines, "END:VCARD", ""])


def write_connections(path: Path, count: int, *, seed: int = 1) -> Path:
    """Write LinkedIn's Connections.csv with `count` rows: mostly without an address, some hidden members."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(PREAMBLE)
        for who in make_people(count, seed):
            day = FIRST_DAY + dt.timedelta(days=who.number % 5_000)
            if who.number % 100 == 99:
                file.write(f",,,,,,{day:%d %b %Y}\r\n")
                continue
            url = who.profile or f"https://www.linkedin.com/in/member-{who.number}"
            email = who.email if who.number % 8 == 0 else ""
            company = f'"{who.company}, Inc."' if who.company and who.number % 5 == 0 else who.company
            file.write(f"{who.first},{who.last},{url},{email},{company},{who.role},{day:%d %b %Y}\r\n")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    write = write_connections if args.out.suffix == ".csv" else write_cards
    path = write(args.out, args.count, seed=args.seed)
    print(f"{path}: {args.count:,} people, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
