"""What happened: groups, events, interactions and the state of each tie."""

from __future__ import annotations

from django.db import models

from kithbook.store.fields import InstantField
from kithbook.store.ids import new_id
from kithbook.store.models.base import Owned, OwnedQuerySet, batch_link, owned_link, owner_link


class Group(Owned):
    """An association, club, board, community or team; the owner has a role in it too."""

    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=40, blank=True, default="")
    my_role = models.CharField(max_length=100, blank=True, default="")
    note = models.TextField(blank=True, default="")
    batch = batch_link()

    class Meta:
        db_table = "kith_group"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="group_once")]


class Membership(Owned):
    """A person's role in a group."""

    group = owned_link("store.Group", "memberships")
    person = owned_link("store.Person", "memberships")
    role = models.CharField(max_length=100, blank=True, default="")
    batch = batch_link()

    class Meta:
        db_table = "kith_membership"
        constraints = [models.UniqueConstraint(fields=["owner", "group", "person"], name="membership_once")]
        indexes = [models.Index(fields=["owner", "person"], name="membership_by_person")]


class Event(Owned):
    """A dated gathering; who was there; what was learnt; what follows."""

    name = models.CharField(max_length=300)
    held_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True, default="")
    note = models.TextField(blank=True, default="")
    group = owned_link("store.Group", "events", null=True, blank=True, on_delete=models.SET_NULL)
    batch = batch_link()

    class Meta:
        db_table = "kith_event"
        indexes = [models.Index(fields=["owner", "held_on"], name="event_by_date")]


class Attendance(Owned):
    """Someone at an event; `met` where the owner talked to them there."""

    event = owned_link("store.Event", "attendances")
    person = owned_link("store.Person", "attendances")
    met = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    batch = batch_link()

    class Meta:
        db_table = "kith_attendance"
        constraints = [models.UniqueConstraint(fields=["owner", "event", "person"], name="attendance_once")]
        indexes = [models.Index(fields=["owner", "person"], name="attendance_by_person")]


class Interaction(Owned):
    """One dated exchange on a channel.

    `direction`: -1 they to me, 1 me to them, 0 both. `size`: how many people it was addressed to besides the one who
    began it (1 = one to one). `counts` says whether it is contact at all. `external_key` is what makes the same
    message the same row on every import. Texts of messages are never stored; `title` is a mail's subject.
    """

    at = InstantField()
    channel = models.CharField(max_length=12)
    direction = models.SmallIntegerField(default=0)
    size = models.PositiveIntegerField(default=1)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    counts = models.BooleanField(default=True)
    title = models.CharField(max_length=200, blank=True, default="")
    note = models.TextField(blank=True, default="")
    source = models.CharField(max_length=12, default="hand")
    external_key = models.BigIntegerField(default=new_id)
    event = owned_link("store.Event", "interactions", null=True, blank=True, on_delete=models.SET_NULL)
    batch = batch_link()

    class Meta:
        db_table = "kith_interaction"
        constraints = [models.UniqueConstraint(fields=["owner", "source", "external_key"], name="interaction_once")]
        indexes = [models.Index(fields=["owner", "batch"], name="interaction_by_batch")]


class Participant(models.Model):
    """A person in an interaction.

    `role`: "from" and "to" for those who exchanged with the owner, "also" for people who only appear on the same
    mail: "last talked" is not "last appeared together".
    """

    pk = models.CompositePrimaryKey("owner", "interaction", "person")
    owner = owner_link()
    interaction = owned_link("store.Interaction", "participants")
    person = owned_link("store.Person", "participations")
    role = models.CharField(max_length=4, default="to")

    objects = OwnedQuerySet.as_manager()

    class Meta:
        db_table = "kith_participant"
        indexes = [models.Index(fields=["owner", "person", "interaction"], name="participant_by_person")]


class Tie(models.Model):
    """Sufficient statistics of one tie (`core.tiestate`): evidence folded, never a value that decays.

    Derivable from the interactions at any time; kept because folding a mailbox at each page view is slow.
    """

    person = models.OneToOneField(
        "store.Person", primary_key=True, on_delete=models.CASCADE, db_constraint=False, related_name="tie"
    )
    owner = owner_link()
    version = models.PositiveSmallIntegerField()
    state = models.BinaryField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        db_table = "kith_tie"
        indexes = [models.Index(fields=["owner"], name="tie_by_owner")]
