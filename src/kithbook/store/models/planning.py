"""Objectives, the weekly plan, its touches, and what was put off."""

from __future__ import annotations

from django.db import models

from kithbook.store.fields import InstantField
from kithbook.store.models.base import Owned, Recorded, batch_link, owned_link


class Objective(Owned):
    """Something the owner wants to reach, with a share of the strategic minutes."""

    STATES = [(word, word) for word in ("open", "reached", "dropped")]

    name = models.CharField(max_length=200)
    # job_search, sales, move, project, …: what the readiness check and the second-degree search go by.
    kind = models.CharField(max_length=20, blank=True, default="")
    # Whom or what it needs, in words: roles, industries, places.
    target = models.CharField(max_length=500, blank=True, default="")
    note = models.TextField(blank=True, default="")
    share = models.FloatField(default=0.0)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    due_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    created_at = InstantField()
    batch = batch_link()

    class Meta:
        db_table = "kith_objective"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="objective_once")]


class ObjectivePerson(Owned):
    """A person who matters to an objective, perhaps as its helper."""

    objective = owned_link("store.Objective", "people")
    person = owned_link("store.Person", "objectives")
    is_helper = models.BooleanField(default=False)
    batch = batch_link()

    class Meta:
        db_table = "kith_objective_person"
        constraints = [models.UniqueConstraint(fields=["owner", "objective", "person"], name="objective_person_once")]
        indexes = [models.Index(fields=["owner", "person"], name="objective_by_person")]


class Outcome(Recorded):
    """Something good that came of the network, sought or by luck."""

    on = models.DateField()
    text = models.CharField(max_length=500)
    objective = owned_link("store.Objective", "outcomes", null=True, blank=True, on_delete=models.SET_NULL)
    is_unexpected = models.BooleanField(default=False)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True, default="")
    batch = batch_link()

    class Meta:
        db_table = "kith_outcome"
        indexes = [models.Index(fields=["owner", "on"], name="outcome_by_date")]


class OutcomeParty(Owned):
    """A person, introduction or referral that an outcome came from."""

    outcome = owned_link("store.Outcome", "parties")
    person = owned_link("store.Person", "outcomes")
    introduction = owned_link("store.Introduction", "outcomes", null=True, blank=True, on_delete=models.SET_NULL)
    referral = owned_link("store.Referral", "outcomes", null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        db_table = "kith_outcome_party"
        indexes = [models.Index(fields=["owner", "person"], name="outcome_by_person")]


class Plan(Owned):
    """The plan of one week as it was last made; `revision` is the owner's when it was made."""

    week_of = models.DateField()
    minutes_budget = models.PositiveIntegerField()
    proven_optimal = models.BooleanField(default=False)
    left_out = models.JSONField(default=list)
    revision = models.BigIntegerField()
    made_at = InstantField()

    class Meta:
        db_table = "kith_plan"
        constraints = [models.UniqueConstraint(fields=["owner", "week_of"], name="plan_once")]


class Touch(Owned):
    """One proposed contact of a week: person, channel, minutes, reason and idea; and what became of it.

    `ref` names the duties that an obligation fulfils ("promise:…", "followup:…"), parted by spaces; empty for the rest.
    """

    STATES = [(word, word) for word in ("open", "done", "snoozed", "skipped", "lapsed")]

    week_of = models.DateField()
    person = owned_link("store.Person", "touches")
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    minutes = models.PositiveIntegerField()
    why = models.JSONField(default=list)
    idea = models.TextField(blank=True, default="")
    due_on = models.DateField(null=True, blank=True)
    day_on = models.DateField(null=True, blank=True)
    value = models.FloatField(default=0.0)
    ref = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=STATES, default="open")
    acted_at = InstantField(null=True, blank=True)
    minutes_spent = models.PositiveIntegerField(null=True, blank=True)
    interaction = owned_link("store.Interaction", "touches", null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        db_table = "kith_touch"
        constraints = [models.UniqueConstraint(fields=["owner", "week_of", "person", "ref"], name="touch_once")]
        indexes = [models.Index(fields=["owner", "person"], name="touch_by_person")]


class Snooze(Owned):
    """A person left alone until a day, by the owner's wish."""

    person = owned_link("store.Person", "snoozes")
    until_on = models.DateField()
    ref = models.CharField(max_length=60, blank=True, default="")
    why = models.CharField(max_length=200, blank=True, default="")
    made_at = InstantField()
    batch = batch_link()

    class Meta:
        db_table = "kith_snooze"
        indexes = [models.Index(fields=["owner", "person", "until_on"], name="snooze_by_person")]


class ReviewDecision(Owned):
    """What the owner decided about a person when going through the list: keep, lighten, or let go. Append-only."""

    DECISIONS = [(word, word) for word in ("keep", "lighten", "let_go")]

    person = owned_link("store.Person", "review_decisions")
    on = models.DateField()
    decision = models.CharField(max_length=10, choices=DECISIONS)
    why = models.CharField(max_length=200, blank=True, default="")
    batch = batch_link()

    class Meta:
        db_table = "kith_review_decision"
        indexes = [models.Index(fields=["owner", "person", "on"], name="review_by_person")]


class Trip(Owned):
    """A place the owner goes to, for some days or to live there."""

    KINDS = [(word, word) for word in ("visit", "moving")]

    place = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=KINDS, default="visit")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    batch = batch_link()

    class Meta:
        db_table = "kith_trip"
        indexes = [models.Index(fields=["owner", "starts_on"], name="trip_by_date")]


class TimeSpent(Owned):
    """Minutes that went to no one person, such as those on social media."""

    on = models.DateField()
    kind = models.CharField(max_length=12, default="social")
    minutes = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True, default="")
    batch = batch_link()

    class Meta:
        db_table = "kith_time_spent"
        indexes = [models.Index(fields=["owner", "kind", "on"], name="time_spent_by_date")]
