"""What all tests share: the cast (Alice owns, Bob shares the install, Charlie must see nothing) and the village."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from kithbook.services import clock, demo, owners
from kithbook.store import erase
from kithbook.store.models import Owner

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Saturday 21 November 2026, nine in the morning, UTC."""
    monkeypatch.setenv("KITHBOOK_NOW", NOW.isoformat())


@pytest.fixture
def owner(db: None) -> Iterator[Owner]:
    """Alice, the local owner. Afterwards every link of every row must lead somewhere."""
    yield owners.local_owner()
    assert erase.orphans() == []


@pytest.fixture
def stranger(db: None) -> Owner:
    """Charlie, who must see nothing of Alice's."""
    return Owner.objects.create(user_name="charlie", name="Charlie", created_at=clock.now())


@pytest.fixture
def village(owner: Owner) -> Owner:
    """The owner with the demo network loaded."""
    demo.load(owner)
    owner.refresh_from_db()
    return owner


@pytest.fixture
def client(owner: Owner) -> Client:
    """A browser of the local owner."""
    return Client(headers={"host": "127.0.0.1"})


@pytest.fixture
def shared_data() -> Path:
    """Real files beside the project; tests that need them are skipped where the folder is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared/data with real files is not here")
    return SHARED
