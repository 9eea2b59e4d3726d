"""What tests of the faces share."""

from __future__ import annotations

import os
from functools import partial

import pytest

from kithbook.services import starting
from kithbook.store.models import Owner
from tests.faces.commanding import Run, in_process


@pytest.fixture
def kith(owner: Owner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `kith` in this process, on the database of the test, whose tables pytest has made already."""
    monkeypatch.setattr(starting, "_migrate", lambda: None)
    monkeypatch.setenv("KITHBOOK_HOME", os.environ["KITHBOOK_HOME"])
    monkeypatch.delenv("KITHBOOK_DEBUG", raising=False)
    return partial(in_process, capsys)
