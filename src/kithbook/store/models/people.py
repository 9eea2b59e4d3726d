"""People and what is known about them."""

from __future__ import annotations

from typing import Any

from django.db import models

from kithbook.store.fields import InstantField, PartialDateField
from kithbook.store.models.base import Owned, OwnedQuerySet, Recorded, batch_link, owned_link


class PersonQuerySet(OwnedQuerySet):
    """People by standing."""

    def known(self) -> PersonQuerySet:
        """People the owner has met or exchanged with, archived ones left out."""
        return self.filter(standing="kept")


class Person(Owned):
    """Someone the owner knows.

    `standing`: "seen" (only ever appeared together on a mail: shown nowhere, kept so that later evidence counts),
    "kept", "archived" (let go), "trashed". `stage` is how they see the owner, `my_stage` how the owner sees them.
    """

    STANDINGS = [(word, word) for word in ("seen", "kept", "archived", "trashed")]

    name = models.CharField(max_length=300)
    # Folded for search and sorting (core.names.fold_name); changed only together with the name.
    folded_name = models.CharField(max_length=300)
    given_name = models.CharField(max_length=150, blank=True, default="")
    family_name = models.CharField(max_length=150, blank=True, default="")
    nicknames = models.JSONField(default=list, blank=True)
    standing = models.CharField(max_length=10, choices=STANDINGS, default="kept")
    trashed_at = InstantField(null=True, blank=True)
    stage = models.PositiveSmallIntegerField(default=1)
    my_stage = models.PositiveSmallIntegerField(null=True, blank=True)
    importance = models.PositiveSmallIntegerField(null=True, blank=True)
    liking = models.PositiveSmallIntegerField(null=True, blank=True)
    closeness = models.PositiveSmallIntegerField(null=True, blank=True)
    is_kin = models.BooleanField(default=False)
    is_key = models.BooleanField(default=False)
    is_bridge = models.BooleanField(default=False)
    no_gifts = models.BooleanField(default=False)
    standing_permission = models.BooleanField(default=False)
    # How far the owner would vouch for them: know_of, met, worked_with, vouch; empty where they have not said.
    vouch = models.CharField(max_length=12, blank=True, default="")
    shows_balance = models.BooleanField(null=True, blank=True)
    rhythm_days = models.PositiveIntegerField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True, default="")
    note = models.TextField(blank=True, default="")
    met_at = InstantField(null=True, blank=True)
    met_where = models.CharField(max_length=300, blank=True, default="")
    met_event = owned_link("store.Event", "people_met", null=True, blank=True, on_delete=models.SET_NULL)
    met_through = owned_link("self", "people_brought", null=True, blank=True, on_delete=models.SET_NULL)
    # 24-7-30 runs for people met on purpose, not for everyone an import brings.
    follows_up = models.BooleanField(default=False)
    # Names of fields the owner changed by hand: no import or sync writes them again.
    edited = models.JSONField(default=list, blank=True)
    batch = batch_link()
    created_at = InstantField()

    objects: Any = PersonQuerySet.as_manager()

    class Meta:
        db_table = "kith_person"
        indexes = [
            models.Index(fields=["owner", "standing", "folded_name"], name="person_by_name"),
            models.Index(fields=["owner", "batch"], name="person_by_batch"),
        ]

    def __str__(self) -> str:
        return self.name


class Identity(Owned):
    """An e-mail, phone, profile URL or card UID, normalised; unique per owner."""

    person = owned_link("store.Person", "identities")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=500)
    key = models.CharField(max_length=500)
    label = models.CharField(max_length=60, blank=True, default="")
    batch = batch_link()

    class Meta:
        db_table = "kith_identity"
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "key"], name="identity_once")]
        indexes = [
            models.Index(fields=["owner", "person"], name="identity_by_person"),
            models.Index(fields=["owner", "batch"], name="identity_by_batch"),
        ]


class Affiliation(Owned):
    """Person × organisation × role × from/to; past ones are kept."""

    person = owned_link("store.Person", "affiliations")
    organisation = models.CharField(max_length=300)
    role = models.CharField(max_length=300, blank=True, default="")
    started_on = PartialDateField()
    ended_on = PartialDateField()
    # The day on which it became known here; empty where it came with the person.
    noted_on = models.DateField(null=True, blank=True)
    batch = batch_link()

    class Meta:
        db_table = "kith_affiliation"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "person", "organisation", "role", "started_on"], name="affiliation_once"
            )
        ]


class PersonDate(Owned):
    """A date that matters to a person: birthday, anniversary, or one with a label."""

    person = owned_link("store.Person", "dates")
    kind = models.CharField(max_length=40)
    on = PartialDateField()
    batch = batch_link()

    class Meta:
        db_table = "kith_person_date"
        constraints = [models.UniqueConstraint(fields=["owner", "person", "kind"], name="person_date_once")]


class Tag(Owned):
    """A word the owner puts on a person."""

    person = owned_link("store.Person", "tags")
    name = models.CharField(max_length=60)
    batch = batch_link()

    class Meta:
        db_table = "kith_tag"
        constraints = [
            models.UniqueConstraint(fields=["owner", "person", "name"], name="tag_once"),
        ]
        indexes = [models.Index(fields=["owner", "name"], name="tag_by_name")]


class Role(Owned):
    """What a person is to the owner: mentor, supporter, sponsor, connector, client; perhaps for one objective."""

    person = owned_link("store.Person", "roles")
    role = models.CharField(max_length=40)
    objective = owned_link("store.Objective", "roles", null=True, blank=True)
    batch = batch_link()

    class Meta:
        db_table = "kith_role"
        indexes = [models.Index(fields=["owner", "person"], name="role_by_person")]


class Topic(Recorded):
    """A need, offer, interest, goal or personal fact of a person, with its date and source.

    Without a person it is the owner's own.
    """

    KINDS = [(word, word) for word in ("need", "offer", "interest", "goal", "fact")]

    person = owned_link("store.Person", "topics", null=True, blank=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    text = models.CharField(max_length=500)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    noted_on = models.DateField()
    source = models.CharField(max_length=200, blank=True, default="")
    is_sensitive = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)
    batch = batch_link()

    class Meta:
        db_table = "kith_topic"
        indexes = [
            models.Index(fields=["owner", "person"], name="topic_by_person"),
            models.Index(fields=["owner", "kind"], name="topic_by_kind"),
        ]


class StageEvent(Owned):
    """One move on the ladder, or a proposal declined. Append-only: rows are never changed."""

    person = owned_link("store.Person", "stage_events")
    view = models.CharField(max_length=4, default="they", choices=[("they", "they"), ("me", "me")])
    from_stage = models.PositiveSmallIntegerField()
    to_stage = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, default="confirmed")
    why = models.TextField(blank=True, default="")
    at = InstantField()
    batch = batch_link()

    class Meta:
        db_table = "kith_stage_event"
        indexes = [models.Index(fields=["owner", "person", "at"], name="stage_event_by_person")]
