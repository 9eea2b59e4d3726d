"""What all tests share: the cast (Alice owns, Bob shares the install, Charlie must see nothing) and the village."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import settings

from kithbook.core import village as village_rules
from kithbook.core.villagetypes import Village
from kithbook.services import clock, demo, owners
from kithbook.store import erase
from kithbook.store.models import Owner

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
# A gate must not fail by chance, nor because the machine is busy: the same examples each time.
# `make fuzz` looks for new ones.
settings.load_profile("gate")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches the database of the run is worth running again."""
    if os.environ.get("KITHBOOK_TEST_DATABASE") != "postgres":
        return
    touching = [i for i in items if i.get_closest_marker("django_db") or "db" in getattr(i, "fixturenames", ())]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(touching)])
    items[:] = touching


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


@cache
def built_village() -> Village:
    """The demo network of the fixed day; building it takes as long as writing it."""
    return village_rules.build(NOW.date())


@pytest.fixture
def village(owner: Owner) -> Owner:
    """The owner with the demo network loaded."""
    with transaction.atomic():
        demo.write(owner, built_village())
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
