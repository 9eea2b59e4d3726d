"""The owner: who uses this install, under which addresses, with how many minutes a week."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.models import F

from kithbook.core.addresses import normalise_email
from kithbook.core.errors import Conflict, Invalid
from kithbook.services.clock import now, week_start, zone
from kithbook.services.registry import operation
from kithbook.services.views import OwnerView
from kithbook.store.models import Batch, Identity, Owner, OwnerAddress, Plan

LOCAL = "local"
MOST_MINUTES = 7 * 24 * 60


def local_owner() -> Owner:
    """The single owner of a local install, made on first use."""
    owner = Owner.objects.filter(user_name=LOCAL).first()
    if owner:
        return owner
    try:
        with transaction.atomic():
            return Owner.objects.create(user_name=LOCAL, created_at=now())
    except IntegrityError:
        return Owner.objects.get(user_name=LOCAL)


def touch_revision(owner: Owner) -> None:
    """Say that something of this owner's changed, so that a stored plan is made anew."""
    Owner.objects.filter(pk=owner.pk).update(revision=F("revision") + 1)


@operation(reads=True)
def settings(owner: Owner) -> OwnerView:
    """Your name, addresses, time zone and minutes a week."""
    rows = OwnerAddress.objects.of(owner).order_by("value")
    return OwnerView(
        name=owner.name,
        addresses=[row.value for row in rows if row.is_confirmed],
        unconfirmed_addresses=[row.value for row in rows if not row.is_confirmed],
        minutes_per_week=owner.minutes_per_week,
        time_zone=owner.time_zone,
        is_set_up=owner.is_set_up,
    )


@operation()
@transaction.atomic
def change_settings(
    owner: Owner,
    name: str | None = None,
    minutes_per_week: int | None = None,
    time_zone: str | None = None,
    addresses: list[str] | None = None,
) -> OwnerView:
    """Change your name, minutes a week, time zone or list of own addresses; what is left out stays as it is."""
    changes: dict[str, Any] = {"is_set_up": True}
    if name is not None:
        changes["name"] = name.strip()[:200]
    if minutes_per_week is not None:
        if not 0 <= minutes_per_week <= MOST_MINUTES:
            raise Invalid(f"{minutes_per_week} minutes do not fit a week.", "Most people choose 30 to 240.")
        changes["minutes_per_week"] = minutes_per_week
    if time_zone is not None:
        if time_zone not in available_timezones():
            raise Invalid(f"“{time_zone[:60]}” is not a time zone.", "Write it like Europe/Vienna.")
        changes["time_zone"] = time_zone
    Owner.objects.filter(pk=owner.pk).update(**changes)
    if minutes_per_week is not None:
        this_week = week_start(now().astimezone(zone(owner)).date())
        Plan.objects.of(owner).filter(week_of__gte=this_week).update(minutes_budget=minutes_per_week)
    if addresses is not None:
        _set_addresses(owner, addresses)
    touch_revision(owner)
    owner.refresh_from_db()
    return settings(owner)


def address_keys(owner: Owner) -> frozenset[str]:
    """Normal forms of all the owner's addresses, inferred ones included."""
    return frozenset(OwnerAddress.objects.of(owner).values_list("key", flat=True))


def add_addresses(
    owner: Owner, values: Iterable[str], *, confirmed: bool = True, batch: Batch | None = None
) -> frozenset[str]:
    """Add own addresses; those known already stay as they are. Returns all keys. Raises Invalid for a non-address."""
    for value in values:
        key = normalise_email(value)
        if not key:
            raise Invalid(f"“{value[:80]}” is not a mail address.", "Write it like anna@example.org.")
        row, made = OwnerAddress.objects.get_or_create(
            owner=owner,
            key=key,
            defaults={"value": value.strip().lower()[:320], "is_confirmed": confirmed, "batch": batch},
        )
        if confirmed and not made and not row.is_confirmed:
            OwnerAddress.objects.of(owner).filter(pk=row.pk).update(is_confirmed=True)
    return address_keys(owner)


@operation()
@transaction.atomic
def confirm_addresses(owner: Owner) -> OwnerView:
    """Say that the addresses inferred from your mail are yours."""
    OwnerAddress.objects.of(owner).update(is_confirmed=True)
    return settings(owner)


def _set_addresses(owner: Owner, values: list[str]) -> None:
    wanted = {normalise_email(value) for value in values if value.strip()}
    OwnerAddress.objects.of(owner).exclude(key__in=wanted).delete()
    add_addresses(owner, [value for value in values if value.strip()])
    taken = Identity.objects.of(owner).filter(kind="email", key__in=wanted).select_related("person").first()
    if taken and taken.person.standing == "kept" and taken.person.batch_id is None:
        raise Conflict(
            f"{taken.value} belongs to {taken.person.name} in your people.",
            "Take the address away from that person first.",
        )
