"""Introductions and referrals, run until everyone is thanked."""

from __future__ import annotations

from django.db import models

from kithbook.store.fields import InstantField
from kithbook.store.models.base import Owned, Recorded, batch_link, owned_link


class Introduction(Owned):
    """A brings B and C together.

    `introducer` is empty where the owner introduces, `second` where the owner is introduced.
    """

    introducer = owned_link("store.Person", "introductions_made", null=True, blank=True, on_delete=models.SET_NULL)
    first = owned_link("store.Person", "introductions_first")
    second = owned_link("store.Person", "introductions_second", null=True, blank=True)
    asked_by = owned_link("store.Person", "introductions_asked", null=True, blank=True, on_delete=models.SET_NULL)
    purpose = models.CharField(max_length=500, blank=True, default="")
    blurb = models.TextField(blank=True, default="")
    endorsement = models.CharField(max_length=12, blank=True, default="")
    state = models.CharField(max_length=14, default="idea")
    outcome = models.CharField(max_length=500, blank=True, default="")
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    # The goal of one of the two that it serves; a goal can have several introductions.
    goal = owned_link("store.Topic", "introductions", null=True, blank=True, on_delete=models.SET_NULL)
    objective = owned_link("store.Objective", "introductions", null=True, blank=True, on_delete=models.SET_NULL)
    created_at = InstantField()
    batch = batch_link()

    class Meta:
        db_table = "kith_introduction"
        indexes = [
            models.Index(fields=["owner", "state"], name="introduction_by_state"),
            models.Index(fields=["owner", "first"], name="introduction_by_first"),
            models.Index(fields=["owner", "second"], name="introduction_by_second"),
        ]


class IntroductionStep(Owned):
    """One move of an introduction, append-only: state reached, when, by whom answered."""

    introduction = owned_link("store.Introduction", "steps")
    state = models.CharField(max_length=14)
    person = owned_link("store.Person", "introduction_steps", null=True, blank=True, on_delete=models.SET_NULL)
    note = models.CharField(max_length=500, blank=True, default="")
    at = InstantField()

    class Meta:
        db_table = "kith_introduction_step"
        indexes = [models.Index(fields=["owner", "introduction", "at"], name="introduction_step_order")]


class Referral(Recorded):
    """Someone sends an opportunity to somebody. `giver` or `receiver` is empty where it is the owner."""

    giver = owned_link("store.Person", "referrals_given", null=True, blank=True, on_delete=models.CASCADE)
    receiver = owned_link("store.Person", "referrals_received", null=True, blank=True, on_delete=models.CASCADE)
    about = owned_link("store.Person", "referrals_about", null=True, blank=True, on_delete=models.SET_NULL)
    kind = models.CharField(max_length=40, blank=True, default="")
    text = models.CharField(max_length=500, blank=True, default="")
    on = models.DateField()
    vouch = models.CharField(max_length=12, blank=True, default="")
    outcome = models.CharField(max_length=500, blank=True, default="")
    outcome_on = models.DateField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    objective = owned_link("store.Objective", "referrals", null=True, blank=True, on_delete=models.SET_NULL)
    introduction = owned_link("store.Introduction", "referrals", null=True, blank=True, on_delete=models.SET_NULL)
    batch = batch_link()

    class Meta:
        db_table = "kith_referral"
        indexes = [
            models.Index(fields=["owner", "giver"], name="referral_by_giver"),
            models.Index(fields=["owner", "receiver"], name="referral_by_receiver"),
        ]
