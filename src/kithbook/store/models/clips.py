"""Clips: things to read that may matter to somebody, and the feeds that bring them."""

from __future__ import annotations

from django.db import models

from kithbook.store.fields import InstantField
from kithbook.store.models.base import Owned, batch_link, owned_link


class Feed(Owned):
    """An RSS or Atom feed that the owner added; `etag` and `modified` are what its server said last."""

    url = models.CharField(max_length=1000)
    title = models.CharField(max_length=300, blank=True, default="")
    is_on = models.BooleanField(default=True)
    etag = models.CharField(max_length=300, blank=True, default="")
    modified = models.CharField(max_length=100, blank=True, default="")
    fetched_at = InstantField(null=True, blank=True)
    # The last error as a sentence; empty after a fetch that went well.
    error = models.CharField(max_length=300, blank=True, default="")
    failures = models.PositiveSmallIntegerField(default=0)
    created_at = InstantField()
    batch = batch_link()

    class Meta:
        db_table = "kith_feed"
        constraints = [models.UniqueConstraint(fields=["owner", "url"], name="feed_once")]


class Clip(Owned):
    """A link or a note to pass on. `key` is a hash of its address (or of its title): the same thing comes once."""

    key = models.BigIntegerField()
    url = models.CharField(max_length=1000, blank=True, default="")
    title = models.CharField(max_length=300)
    note = models.TextField(blank=True, default="")
    feed = owned_link("store.Feed", "clips", null=True, blank=True, on_delete=models.SET_NULL)
    published_at = InstantField(null=True, blank=True)
    noted_at = InstantField()
    is_dismissed = models.BooleanField(default=False)
    batch = batch_link()

    class Meta:
        db_table = "kith_clip"
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="clip_once")]
        indexes = [models.Index(fields=["owner", "noted_at"], name="clip_by_time")]


class ClipUse(Owned):
    """A clip that was sent to a person, or that the owner said is not for them."""

    STATES = [(word, word) for word in ("sent", "not_for_them")]

    clip = owned_link("store.Clip", "uses")
    person = owned_link("store.Person", "clip_uses")
    state = models.CharField(max_length=12, choices=STATES, default="sent")
    on = models.DateField()
    entry = owned_link("store.LedgerEntry", "clip_uses", null=True, blank=True, on_delete=models.SET_NULL)
    batch = batch_link()

    class Meta:
        db_table = "kith_clip_use"
        constraints = [models.UniqueConstraint(fields=["owner", "clip", "person"], name="clip_use_once")]
        indexes = [models.Index(fields=["owner", "person"], name="clip_use_by_person")]
