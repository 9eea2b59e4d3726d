"""Passwords of accounts at rest."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kithbook.core.errors import Unavailable
from kithbook.services.sealing import seal, unseal


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KITHBOOK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_what_is_sealed_is_unreadable_and_comes_back(home: Path) -> None:
    sealed = seal("pässword")
    assert "ssword" not in sealed
    assert sealed != seal("pässword")
    assert unseal(sealed) == "pässword"
    assert (seal(""), unseal("")) == ("", "")
    assert stat.S_IMODE((home / "accounts.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("sealed", ["nonsense", "gAAAAAB", "ü"])
def test_a_changed_value_is_one_clear_error(sealed: str) -> None:
    with pytest.raises(Unavailable, match="another one"):
        unseal(sealed)


def test_another_key_opens_nothing(home: Path) -> None:
    sealed = seal("x")
    (home / "accounts.key").unlink()
    with pytest.raises(Unavailable):
        unseal(sealed)
