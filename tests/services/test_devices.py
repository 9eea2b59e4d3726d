"""Devices: a password of their own, shown once, switched off alone, and no guessing."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.services import devices
from kithbook.services.deviceviews import NewDevice
from kithbook.store.models import Device, Owner
from tests.services.helpers import set_clock

FAR = "203.0.113.7"


@pytest.fixture(autouse=True)
def _nobody_waits() -> None:
    devices._gate._wrong.clear()


def enter(new: NewDevice, password: str = "") -> devices.Visit | None:
    return devices.sign_in(new.device.user_name, password or new.password, FAR)


def test_a_device_signs_in_with_the_password_that_was_shown_once(owner: Owner) -> None:
    assert not devices.is_on()
    new = devices.add(owner, "  My   Phone ")
    assert devices.is_on()
    assert new.device.name == "My Phone"
    assert new.device.user_name.startswith("my-phone-")
    assert len(new.password.replace("-", "")) == 25
    row = Device.objects.of(owner).get()
    assert new.password not in row.password_hash
    assert row.password_hash.startswith(devices.HASHER)
    visit = enter(new)
    assert visit is not None
    assert (visit.owner, visit.device, visit.writes) == (owner, "My Phone", True)
    assert enter(new, "wrong") is None
    assert devices.sign_in("nobody", new.password, FAR) is None


def test_a_password_that_was_right_is_known_again_without_the_slow_check(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = devices.add(owner, "Phone")
    assert enter(new)
    monkeypatch.setattr(devices, "check_password", lambda *_: pytest.fail("checked again"))
    assert enter(new)


def test_a_device_is_switched_off_alone(owner: Owner) -> None:
    phone, tablet = devices.add(owner, "Phone"), devices.add(owner, "Tablet", writes=False)
    assert enter(phone)
    assert enter(tablet)
    left = devices.remove(owner, "Phone")
    assert [device.name for device in left.devices] == ["Tablet"]
    assert enter(phone) is None
    visit = enter(tablet)
    assert visit is not None
    assert not visit.writes


def test_a_renamed_device_keeps_its_password(owner: Owner) -> None:
    new = devices.add(owner, "Phone")
    assert devices.rename(owner, new.device.id, "Old phone").devices[0].name == "Old phone"
    visit = enter(new)
    assert visit is not None
    assert visit.device == "Old phone"
    devices.permit(owner, new.device.user_name, writes=False)
    visit = enter(new)
    assert visit is not None
    assert not visit.writes


def test_names_are_given_once_and_not_empty(owner: Owner) -> None:
    devices.add(owner, "Phone")
    devices.add(owner, "Tablet")
    for act in (lambda: devices.add(owner, "Phone"), lambda: devices.add(owner, " "),
                lambda: devices.rename(owner, "Tablet", "Phone")):  # fmt: skip
        with pytest.raises(Invalid):
            act()
    with pytest.raises(NotFound):
        devices.remove(owner, "Watch")


def test_there_is_a_most_number_of_devices(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "MOST", 1)
    devices.add(owner, "Phone")
    with pytest.raises(Refused):
        devices.add(owner, "Tablet")


def test_charlie_sees_and_touches_no_device_of_alice(owner: Owner, stranger: Owner) -> None:
    new = devices.add(owner, "Phone")
    assert devices.listing(stranger).devices == []
    for name in ("Phone", new.device.user_name, new.device.id):
        with pytest.raises(NotFound):
            devices.remove(stranger, name)
    devices.add(stranger, "Phone")
    assert len(devices.listing(owner).devices) == 1


def test_wrong_passwords_make_wait_longer_and_longer(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(devices.time, "monotonic", lambda: now[0])
    new = devices.add(owner, "Phone")
    for _ in range(devices.FREE_TRIES + 1):
        assert enter(new, "wrong") is None
    with pytest.raises(devices.Slow) as slow:
        enter(new)
    assert slow.value.seconds == 2
    now[0] += 2.1
    assert enter(new, "wrong") is None
    with pytest.raises(devices.Slow) as slow:
        enter(new)
    assert slow.value.seconds == 4
    now[0] += 4.1
    assert enter(new)
    assert enter(new, "wrong") is None
    assert enter(new)


def test_guessing_names_from_one_address_waits_as_well(owner: Owner) -> None:
    new = devices.add(owner, "Phone")
    for number in range(devices.FREE_TRIES + 1):
        assert devices.sign_in(f"guess-{number}", "x", FAR) is None
    with pytest.raises(devices.Slow):
        enter(new)
    assert devices.sign_in(new.device.user_name, new.password, "127.0.0.1")


def test_the_last_visit_is_noted_once_an_hour(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    new = devices.add(owner, "Phone")
    enter(new)
    first = devices.listing(owner).devices[0].used_at
    set_clock(monkeypatch, "2026-11-21T09:30:00+00:00")
    enter(new)
    assert devices.listing(owner).devices[0].used_at == first
    set_clock(monkeypatch, "2026-11-21T10:30:00+00:00")
    enter(new)
    assert devices.listing(owner).devices[0].used_at != first


def test_without_encryption_only_where_the_owner_says_so(owner: Owner, stranger: Owner) -> None:
    mine, theirs = devices.add(owner, "Phone"), devices.add(stranger, "Phone")
    assert devices.allow_plain(owner, allowed=True).allows_plain
    assert devices.allows_plain(mine.device.user_name)
    assert not devices.allows_plain(theirs.device.user_name)
    assert not devices.allows_plain("nobody")
    assert not devices.allow_plain(owner, allowed=False).allows_plain
    assert not devices.allows_plain(mine.device.user_name)
