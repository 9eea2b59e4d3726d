"""The relationship bank: what was given, thanked, promised and asked for."""

from __future__ import annotations

from django.db import models

from kithbook.store.models.base import Owned, Recorded, batch_link, owned_link


class LedgerEntry(Recorded):
    """Value given or got, with its date, kind and size; no return is expected."""

    DIRECTIONS = [("gave", "gave"), ("got", "got")]

    on = models.DateField()
    direction = models.CharField(max_length=4, choices=DIRECTIONS)
    kind = models.CharField(max_length=20)
    size = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    money = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    was_asked = models.BooleanField(default=False)
    is_meaningful = models.BooleanField(null=True, blank=True)
    no_strings = models.BooleanField(default=True)
    outside_balance = models.BooleanField(default=False)
    # What it felt like, in the owner's words: a satisfaction that needs no return.
    satisfaction = models.CharField(max_length=200, blank=True, default="")
    note = models.TextField(blank=True, default="")
    interaction = owned_link("store.Interaction", "entries", null=True, blank=True, on_delete=models.SET_NULL)
    cause_entry = owned_link("self", "caused", null=True, blank=True, on_delete=models.SET_NULL)
    inspired_by = owned_link("self", "inspired", null=True, blank=True, on_delete=models.SET_NULL)
    referral = owned_link("store.Referral", "entries", null=True, blank=True, on_delete=models.SET_NULL)
    introduction = owned_link("store.Introduction", "entries", null=True, blank=True, on_delete=models.SET_NULL)
    objective = owned_link("store.Objective", "entries", null=True, blank=True, on_delete=models.SET_NULL)
    goal = owned_link("store.Topic", "entries", null=True, blank=True, on_delete=models.SET_NULL)
    group = owned_link("store.Group", "entries", null=True, blank=True, on_delete=models.SET_NULL)
    batch = batch_link()

    class Meta:
        db_table = "kith_ledger_entry"
        indexes = [models.Index(fields=["owner", "on"], name="ledger_by_date")]


class EntryParty(Owned):
    """A person in a ledger entry."""

    entry = owned_link("store.LedgerEntry", "parties")
    person = owned_link("store.Person", "entry_parties")

    class Meta:
        db_table = "kith_entry_party"
        constraints = [models.UniqueConstraint(fields=["owner", "entry", "person"], name="entry_party_once")]
        indexes = [models.Index(fields=["owner", "person"], name="entry_party_by_person")]


class Promise(Recorded):
    """Something one side said it would do, with a due date; kept or broken."""

    STATES = [(word, word) for word in ("open", "kept", "broken", "released")]

    person = owned_link("store.Person", "promises")
    by_me = models.BooleanField(default=True)
    text = models.CharField(max_length=500)
    made_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    closed_on = models.DateField(null=True, blank=True)
    about = owned_link("store.Person", "promises_about", null=True, blank=True, on_delete=models.SET_NULL)
    interaction = owned_link("store.Interaction", "promises", null=True, blank=True, on_delete=models.SET_NULL)
    batch = batch_link()

    class Meta:
        db_table = "kith_promise"
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="promise_by_due"),
            models.Index(fields=["owner", "person"], name="promise_by_person"),
        ]


class Ask(Recorded):
    """A request by the owner to a person, of size 1 to 5, with its outcome; planned ones have no `asked_on` yet."""

    OUTCOMES = [(word, word) for word in ("", "gladly", "reluctantly", "refused", "silence")]

    person = owned_link("store.Person", "asks")
    kind = models.CharField(max_length=40, blank=True, default="")
    size = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(max_length=500, blank=True, default="")
    planned_on = models.DateField(null=True, blank=True)
    asked_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True, default="", choices=OUTCOMES)
    outcome_on = models.DateField(null=True, blank=True)
    objective = owned_link("store.Objective", "asks", null=True, blank=True, on_delete=models.SET_NULL)
    interaction = owned_link("store.Interaction", "asks", null=True, blank=True, on_delete=models.SET_NULL)
    batch = batch_link()

    class Meta:
        db_table = "kith_ask"
        indexes = [models.Index(fields=["owner", "person"], name="ask_by_person")]


class Request(Recorded):
    """What a person asked of the owner: help, an introduction to `target`, an answer.

    `entry` and `introduction` are what came of it.
    """

    KINDS = [(word, word) for word in ("help", "introduction", "question")]
    STATES = [(word, word) for word in ("open", "helped", "passed_on", "declined")]

    person = owned_link("store.Person", "requests")
    kind = models.CharField(max_length=12, choices=KINDS, default="help")
    text = models.CharField(max_length=500)
    target = owned_link("store.Person", "requests_about", null=True, blank=True, on_delete=models.SET_NULL)
    asked_on = models.DateField()
    state = models.CharField(max_length=10, choices=STATES, default="open")
    closed_on = models.DateField(null=True, blank=True)
    entry = owned_link("store.LedgerEntry", "requests", null=True, blank=True, on_delete=models.SET_NULL)
    introduction = owned_link("store.Introduction", "requests", null=True, blank=True, on_delete=models.SET_NULL)
    batch = batch_link()

    class Meta:
        db_table = "kith_request"
        indexes = [
            models.Index(fields=["owner", "state"], name="request_by_state"),
            models.Index(fields=["owner", "person"], name="request_by_person"),
        ]
