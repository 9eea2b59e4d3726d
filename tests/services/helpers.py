"""What several test modules need: another time, an export to compare, a circle of people worth a plan."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from kithbook.core.ids import to_text
from kithbook.services import exporting, ladder
from kithbook.store.models import Owner, Person
from tests.services.factories import person, talk

MONDAY = "2026-11-23T09:00:00+00:00"


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Make it that moment."""
    monkeypatch.setenv("KITHBOOK_NOW", moment)


def later(monkeypatch: pytest.MonkeyPatch, days: float = 0, *, since: str = MONDAY) -> None:
    """Make it so many days after a Monday morning."""
    set_clock(monkeypatch, (dt.datetime.fromisoformat(since) + dt.timedelta(days=days)).isoformat())


def snapshot(owner: Owner) -> dict[str, Any]:
    """The owner's whole export."""
    with tempfile.TemporaryDirectory() as folder:
        exporting.export(owner, Path(folder))
        found: dict[str, Any] = json.loads((Path(folder) / "kithbook.json").read_text("utf-8"))
        return found


def place(owner: Owner, who: Person, stage: int) -> Person:
    """Put somebody at a stage the way a user does."""
    ladder.place(owner, to_text(who.pk), stage)
    who.refresh_from_db()
    return who


FIRST = "Ada Bela Cleo Dina Elif Finn Gila Hugo Ines Jona Kira Levi Mina Nora Olaf Pina".split()


def circle(owner: Owner, size: int = 10) -> list[Person]:
    """People at Know to Support whose ties have begun to fade, so that a plan has something to choose from."""
    found = []
    for number in range(size):
        who = place(owner, person(owner, f"{FIRST[number]} Kreis"), 2 + number % 4)
        talk(owner, who, 240, 180, 130, 90, 35 + number)
        found.append(who)
    return found


def key(who: Person) -> str:
    """The id as faces give it."""
    return to_text(who.pk)
