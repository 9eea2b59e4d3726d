"""What tests of the faces share."""

from __future__ import annotations

import datetime as dt
import os
from functools import partial
from typing import Any

import pytest

from kithbook.services import bank, capturing, editing, introductions, promises, requests, starting
from kithbook.store.models import Owner
from tests.faces.commanding import Run, in_process
from tests.faces.operations import ids_of


@pytest.fixture
def kith(owner: Owner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `kith` in this process, on the database of the test, whose tables pytest has made already."""
    monkeypatch.setattr(starting, "_migrate", lambda: None)
    monkeypatch.setenv("KITHBOOK_HOME", os.environ["KITHBOOK_HOME"])
    monkeypatch.delenv("KITHBOOK_DEBUG", raising=False)
    return partial(in_process, capsys)


@pytest.fixture
def network(owner: Owner) -> Owner:
    """Alice with a few people, made in no time: the whole village would have to be built for each of many tests."""
    for name in ("Anna Berg", "Anna Stern", "Frank Moll"):
        editing.add(owner, name, email=f"{name.replace(' ', '.').lower()}@example.org", place="Graz")
    capturing.spoke(owner, "Frank Moll", minutes=20, on=dt.date(2026, 6, 1))
    capturing.spoke(owner, "Anna Berg")
    bank.gave(owner, "Frank Moll", "advice")
    promises.add(owner, "Frank Moll", "send the paper")
    editing.note_topic(owner, "Anna Berg", "need", "a designer")
    introductions.add(owner, "Anna Berg", "Frank Moll")
    requests.received(owner, "Anna Stern", "a word about Graz")
    owner.refresh_from_db()
    return owner


@pytest.fixture
def ids(network: Owner) -> dict[str, Any]:
    """One of each thing of Alice's."""
    return ids_of(network)
