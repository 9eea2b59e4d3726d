"""Accounts that are read again and again, what was seen there last, and devices and programs that read here."""

from __future__ import annotations

from django.db import models

from kithbook.store.fields import InstantField
from kithbook.store.models.base import Owned, owned_link


class Account(Owned):
    """A mailbox, calendar or address book on a server. `secret` is encrypted with a key outside the database.

    `cursor` is what the protocol needs to go on from where it was: UIDVALIDITY and MODSEQ, sync-token, ctag.
    """

    KINDS = [(word, word) for word in ("imap", "caldav", "carddav")]

    kind = models.CharField(max_length=8, choices=KINDS)
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=1000)
    user_name = models.CharField(max_length=320, blank=True, default="")
    secret = models.TextField(blank=True, default="")
    settings = models.JSONField(default=dict, blank=True)
    cursor = models.JSONField(default=dict, blank=True)
    is_on = models.BooleanField(default=True)
    writes = models.BooleanField(default=False)
    every_minutes = models.PositiveIntegerField(default=60)
    next_run_at = InstantField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    created_at = InstantField()

    class Meta:
        db_table = "kith_account"
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "url", "user_name"], name="account_once")]


class SyncRun(Owned):
    """One look at an account: what it brought, what it changed there, or the error as a sentence."""

    STATES = [(word, word) for word in ("running", "done", "failed")]

    account = owned_link("store.Account", "runs")
    state = models.CharField(max_length=8, choices=STATES, default="running")
    started_at = InstantField()
    finished_at = InstantField(null=True, blank=True)
    report = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=500, blank=True, default="")
    batch = owned_link("store.Batch", "+", null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        db_table = "kith_sync_run"
        indexes = [models.Index(fields=["owner", "account", "started_at"], name="sync_run_by_time")]


class SyncItem(Owned):
    """A card on a server and the person it describes.

    `lines` are its lines when both sides agreed last, the base of three-way merges; `theirs` holds what the person was
    then ("mine"), and the other version while a conflict waits for the owner. `mine` is "linked" once it had a person.
    """

    STATES = [(word, word) for word in ("same", "conflict")]

    account = owned_link("store.Account", "items")
    href = models.CharField(max_length=1000)
    etag = models.CharField(max_length=300, blank=True, default="")
    uid = models.CharField(max_length=500, blank=True, default="")
    person = owned_link("store.Person", "sync_items", null=True, blank=True, on_delete=models.SET_NULL)
    lines = models.JSONField(default=list, blank=True)
    mine = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=8, choices=STATES, default="same")
    theirs = models.JSONField(default=dict, blank=True)

    class Meta:
        db_table = "kith_sync_item"
        constraints = [models.UniqueConstraint(fields=["owner", "account", "href"], name="sync_item_once")]
        indexes = [models.Index(fields=["owner", "person"], name="sync_item_by_person")]


class Device(Owned):
    """A phone or program that may read (and perhaps write) the owner's cards, by a password of its own."""

    name = models.CharField(max_length=100)
    user_name = models.CharField(max_length=64, unique=True)
    password_hash = models.CharField(max_length=200)
    writes = models.BooleanField(default=True)
    created_at = InstantField()
    used_at = InstantField(null=True, blank=True)

    class Meta:
        db_table = "kith_device"
        indexes = [models.Index(fields=["owner"], name="device_by_owner")]


class ApiToken(Owned):
    """What a program shows to use the JSON API. Kept is only its SHA-256; `prefix` is how the owner knows it again."""

    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=8)
    writes = models.BooleanField(default=False)
    created_at = InstantField()
    used_at = InstantField(null=True, blank=True)

    class Meta:
        db_table = "kith_api_token"
        indexes = [models.Index(fields=["owner"], name="api_token_by_owner")]


class ServedCard(Owned):
    """A card as it was last served to devices: its name there, what it was, and when it changed, for sync-tokens."""

    href = models.CharField(max_length=255)
    person = owned_link("store.Person", "served_cards", null=True, blank=True, on_delete=models.SET_NULL)
    etag = models.CharField(max_length=64, blank=True, default="")
    changed = models.BigIntegerField(default=0)
    is_gone = models.BooleanField(default=False)

    class Meta:
        db_table = "kith_served_card"
        constraints = [models.UniqueConstraint(fields=["owner", "href"], name="served_card_once")]
        indexes = [
            models.Index(fields=["owner", "changed"], name="served_card_by_change"),
            models.Index(fields=["owner", "person"], name="served_card_by_person"),
        ]
