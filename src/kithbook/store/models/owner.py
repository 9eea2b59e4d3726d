"""Owners: whose network it is."""

from __future__ import annotations

from django.db import models

from kithbook.store.fields import InstantField
from kithbook.store.models.base import Owned, OwnedQuerySet, Row, batch_link


class Owner(Row):
    """The user whose network it is; all data belongs to exactly one owner."""

    user_name = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    time_zone = models.CharField(max_length=64, default="UTC")
    minutes_per_week = models.PositiveIntegerField(default=120)
    is_set_up = models.BooleanField(default=False)
    # Numbers marked (d) in the method that this owner changed; defaults live in core, not here.
    settings = models.JSONField(default=dict, blank=True)
    # What was learnt of this owner from the log: level of activity, answers by silence and channel.
    habits = models.JSONField(default=dict, blank=True)
    # Goes up with every write to this owner's network, so that a stored plan knows when it is out of date.
    revision = models.BigIntegerField(default=0)
    created_at = InstantField()

    class Meta:
        db_table = "kith_owner"

    def __str__(self) -> str:
        return self.name or self.user_name


class OwnerAddress(Owned):
    """A mail address of the owner: told by the owner, or inferred from mail and waiting for a yes."""

    value = models.CharField(max_length=320)
    key = models.CharField(max_length=320)
    is_confirmed = models.BooleanField(default=True)
    batch = batch_link()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        db_table = "kith_owner_address"
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="owner_address_once")]
