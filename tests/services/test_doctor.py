"""The doctor: finds what is wrong and says what to do."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db import DatabaseError

from kithbook.core.errors import Unavailable
from kithbook.services import clock, doctor, machine, owners
from kithbook.services.views import Check
from kithbook.store.home import home_path
from kithbook.store.models import Batch, Owner, OwnerAddress, Tag, Tie
from tests.services.factories import person, talk


def found(owner: Owner, name: str) -> Check:
    return next(check for check in doctor.check(owner).checks if check.name == name)


@pytest.fixture
def settled(owner: Owner) -> Owner:
    """An owner with whom all is well."""
    owners.change_settings(owner, name="Alice", minutes_per_week=90, addresses=["alice@example.org"])
    talk(owner, person(owner, "Anna Berger"), 10)
    owner.refresh_from_db()
    home_path().chmod(0o700)
    return owner


def test_all_is_well_with_somebody_settled(settled: Owner) -> None:
    view = doctor.check(settled)
    assert [check for check in view.checks if not check.is_well] == []
    assert view.is_well
    assert len({check.name for check in view.checks}) == len(view.checks) == 12
    assert "alice@example.org" in found(settled, "Your addresses").found


def test_a_fresh_install_is_told_what_to_do(owner: Owner) -> None:
    view = doctor.check(owner)
    assert not view.is_well
    assert {check.name for check in view.checks if not check.is_well} == {"Your addresses", "People"}
    assert all(check.advice for check in view.checks if not check.is_well)


def test_a_folder_that_others_can_read_is_found(settled: Owner) -> None:
    home_path().chmod(0o755)
    check = found(settled, "Data folder")
    assert not check.is_well
    assert "chmod 700" in check.advice
    home_path().chmod(0o700)
    assert found(settled, "Data folder").is_well


def test_a_lost_link_is_found(settled: Owner) -> None:
    tag = Tag.objects.create(owner=settled, person_id=12345, name="lost")
    check = found(settled, "Links between rows")
    assert not check.is_well
    assert "kith_tag.person_id: 1 rows" in check.found
    tag.delete()
    assert found(settled, "Links between rows").is_well


def test_ties_of_an_older_form_are_found(settled: Owner) -> None:
    Tie.objects.of(settled).update(version=0)
    check = found(settled, "Ties")
    assert (check.is_well, check.found) == (False, "1 to fold anew")


def test_inferred_addresses_wait_for_a_yes(settled: Owner) -> None:
    OwnerAddress.objects.update(is_confirmed=False)
    check = found(settled, "Your addresses")
    assert not check.is_well
    assert "Confirm" in check.advice


def test_an_import_that_stopped_half_way_is_found(settled: Owner) -> None:
    Batch.objects.create(owner=settled, started_at=clock.now() - dt.timedelta(days=1))
    assert found(settled, "Imports").found == "1 unfinished"
    assert not found(settled, "Imports").is_well


def test_a_time_zone_that_this_machine_does_not_know_is_found(settled: Owner) -> None:
    settled.time_zone = "Mars/Olympus"
    settled.save()
    assert not found(settled, "Time zone").is_well


def test_no_minutes_at_all_are_found(settled: Owner) -> None:
    settled.minutes_per_week = 0
    settled.save()
    assert not found(settled, "Week").is_well


def test_a_database_that_breaks_down_under_a_look_is_a_finding(settled: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down() -> list[str]:
        raise DatabaseError("database disk image is malformed")

    monkeypatch.setattr(doctor, "orphans", break_down)
    monkeypatch.setenv("KITHBOOK_NOW", "soon")
    view = doctor.check(settled)
    unwell = {check.name: check for check in view.checks if not check.is_well}
    assert set(unwell) == {"Links between rows", "Week"}
    assert "malformed" in unwell["Links between rows"].found
    assert "kith restore" in unwell["Links between rows"].advice
    assert unwell["Week"].found == "KITHBOOK_NOW is “soon”, which is not a time."


def test_a_folder_that_is_none_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for place in (tmp_path / "nowhere", tmp_path / "file"):
        (tmp_path / "file").touch()
        monkeypatch.setenv("KITHBOOK_HOME", str(place))
        view = machine.check_without_database(Unavailable("It cannot be opened.", "Look."))
        assert [(one.name, one.is_well) for one in view.checks] == [
            ("Python", True), ("Data folder", False), ("Room on disk", True), ("Database", False),
        ]  # fmt: skip
        assert "--home" in view.checks[1].advice
        assert (view.checks[-1].found, view.checks[-1].advice) == ("It cannot be opened.", "Look.")


def test_a_stranger_is_told_nothing_of_mine(settled: Owner, stranger: Owner) -> None:
    text = " ".join(check.found for check in doctor.check(stranger).checks)
    assert "alice@example.org" not in text
    assert found(stranger, "People").found == "0 people"
    assert found(stranger, "Your addresses").found == "none yet"
