"""The owner: one of them, with addresses that are nobody else's, and settings that stay."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Conflict, Invalid
from kithbook.services import clock, editing, owners
from kithbook.store.models import Owner, OwnerAddress
from tests.services.factories import person
from tests.services.helpers import key


def test_the_local_owner_is_made_once(owner: Owner) -> None:
    assert owners.local_owner() == owners.local_owner() == owner
    assert Owner.objects.count() == 1
    view = owners.settings(owner)
    assert (view.name, view.minutes_per_week, view.time_zone, view.is_set_up) == ("", 120, "UTC", False)


def test_settings_are_changed_one_by_one(owner: Owner) -> None:
    view = owners.change_settings(owner, name="  Alice ")
    assert (view.name, view.minutes_per_week, view.is_set_up) == ("Alice", 120, True)
    view = owners.change_settings(owner, minutes_per_week=0, time_zone="Europe/Vienna")
    assert (view.name, view.minutes_per_week, view.time_zone) == ("Alice", 0, "Europe/Vienna")
    assert owner.time_zone == "Europe/Vienna"


@pytest.mark.parametrize(
    "change",
    [
        {"minutes_per_week": -1}, {"minutes_per_week": 10_081}, {"time_zone": "Mars/Olympus"}, {"time_zone": ""},
        {"addresses": ["not an address"]}, {"addresses": ["a@example.org", "b@"]},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_change_nothing(owner: Owner, change: dict[str, object]) -> None:
    owners.change_settings(owner, name="Alice", addresses=["alice@example.org"])
    before = owners.settings(owner)
    with pytest.raises(Invalid) as caught:
        owners.change_settings(owner, name="Mallory", **change)  # type: ignore[arg-type]
    assert caught.value.hint
    owner.refresh_from_db()
    assert owners.settings(owner) == before


def test_addresses_are_a_list_that_is_replaced(owner: Owner) -> None:
    owners.change_settings(owner, addresses=["Alice@Example.org", "a@example.org", " "])
    assert owners.settings(owner).addresses == ["a@example.org", "alice@example.org"]
    owners.change_settings(owner, addresses=["alice@example.org"])
    assert owners.settings(owner).addresses == ["alice@example.org"]
    owners.change_settings(owner, addresses=[])
    assert OwnerAddress.objects.of(owner).count() == 0


def test_inferred_addresses_are_confirmed_by_a_yes(owner: Owner) -> None:
    owners.add_addresses(owner, ["alice@example.org"], confirmed=False)
    assert owners.settings(owner).unconfirmed_addresses == ["alice@example.org"]
    assert owners.address_keys(owner) == {"alice@example.org"}
    view = owners.confirm_addresses(owner)
    assert (view.addresses, view.unconfirmed_addresses) == (["alice@example.org"], [])


def test_an_address_told_again_counts_as_confirmed(owner: Owner) -> None:
    owners.add_addresses(owner, ["alice@example.org"], confirmed=False)
    owners.add_addresses(owner, ["ALICE@example.org"])
    owners.add_addresses(owner, ["alice@example.org"], confirmed=False)
    assert owners.settings(owner).addresses == ["alice@example.org"]


def test_an_address_of_somebody_else_is_not_mine(owner: Owner) -> None:
    editing.add_identity(owner, key(person(owner, "Anna Berger")), "anna@example.org")
    with pytest.raises(Conflict, match="belongs to Anna Berger"):
        owners.change_settings(owner, addresses=["anna@example.org"])
    assert owners.settings(owner).addresses == []


def test_every_change_is_noticed(owner: Owner) -> None:
    before = Owner.objects.get().revision
    owners.touch_revision(owner)
    owners.change_settings(owner, name="Alice")
    assert Owner.objects.get().revision >= before + 2


def test_the_day_is_that_of_the_owners_place(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITHBOOK_NOW", "2026-11-21T23:30:00+00:00")
    days = {}
    for zone in ("UTC", "Europe/Vienna", "America/Los_Angeles"):
        owners.change_settings(owner, time_zone=zone)
        days[zone] = clock.today(owner).day
    assert days == {"UTC": 21, "Europe/Vienna": 22, "America/Los_Angeles": 21}


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-01", ""])
def test_a_clock_that_is_no_time_is_refused(owner: Owner, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("KITHBOOK_NOW", moment)
    if moment:
        with pytest.raises(Invalid, match="not a time"):
            clock.now()
    else:
        assert clock.now().tzinfo is not None


def test_a_stranger_has_settings_of_their_own(owner: Owner, stranger: Owner) -> None:
    owners.change_settings(owner, name="Alice", addresses=["alice@example.org"])
    owners.change_settings(stranger, minutes_per_week=30, addresses=["alice@example.org"])
    owners.confirm_addresses(stranger)
    owners.change_settings(stranger, addresses=[])
    view = owners.settings(owner)
    assert (view.name, view.minutes_per_week, view.addresses) == ("Alice", 120, ["alice@example.org"])
