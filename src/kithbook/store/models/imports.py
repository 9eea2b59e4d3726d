"""Where rows came from, and how they are taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Max

from kithbook.store.fields import InstantField
from kithbook.store.ids import id_after
from kithbook.store.models.base import Owned, batch_link, owned_link


class Batch(Owned):
    """One act that added rows: an import, a quick capture, the demo. Can be undone as one act.

    `before` holds what the act changed in rows that were there already: {"people": {id: {field: [old, new]}}, …}.
    """

    STATES = [(word, word) for word in ("running", "done", "failed", "undone")]

    kind = models.CharField(max_length=12, default="import")
    title = models.CharField(max_length=300, blank=True, default="")
    state = models.CharField(max_length=10, choices=STATES, default="running")
    started_at = InstantField()
    finished_at = InstantField(null=True, blank=True)
    report = models.JSONField(default=dict)
    before = models.JSONField(default=dict)

    def note_people(self, changed: Mapping[int, Mapping[str, Sequence[Any]]]) -> None:
        """Add [old, new] values by person and field to `before`; of a field noted twice the oldest stays."""
        people = self.before.setdefault("people", {})
        for person, fields in changed.items():
            was = people.setdefault(str(person), {})
            was |= {name: [was.get(name, both)[0], both[1]] for name, both in fields.items()}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new act gets an id above those of the same second, by a step nobody can guess: that orders them."""
        if self._state.adding:
            newest = Batch.objects.of(self.owner_id).filter(started_at=self.started_at).aggregate(at=Max("pk"))["at"]
            self.pk = self.pk if newest is None else id_after(newest)
        super().save(*args, **kwargs)

    class Meta:
        db_table = "kith_batch"
        indexes = [models.Index(fields=["owner", "started_at"], name="batch_by_time")]


class CardCopy(Owned):
    """A card as a source gave it, line by line, so that unknown properties go back out unchanged."""

    person = owned_link("store.Person", "card_copies")
    source = models.CharField(max_length=12)
    external_key = models.BigIntegerField()
    lines = models.JSONField(default=list)
    batch = batch_link()

    class Meta:
        db_table = "kith_card_copy"
        constraints = [models.UniqueConstraint(fields=["owner", "source", "external_key"], name="card_copy_once")]
        indexes = [models.Index(fields=["owner", "person"], name="card_copy_by_person")]


class SourceKey(Owned):
    """A deed or remark that a source told of, so that reading it again adds nothing."""

    source = models.CharField(max_length=12)
    external_key = models.BigIntegerField()
    batch = batch_link()

    class Meta:
        db_table = "kith_source_key"
        constraints = [models.UniqueConstraint(fields=["owner", "source", "external_key"], name="source_key_once")]


class ColumnMapping(Owned):
    """Which column of a table means what, as the owner said; `signature` is a hash of the column names."""

    signature = models.BigIntegerField()
    title = models.CharField(max_length=200, blank=True, default="")
    columns = models.JSONField(default=dict)
    created_at = InstantField()

    class Meta:
        db_table = "kith_column_mapping"
        constraints = [models.UniqueConstraint(fields=["owner", "signature"], name="column_mapping_once")]


class MergeLog(Owned):
    """Two people made one, with the image before, so that it can be undone."""

    kept = owned_link("store.Person", "merges")
    gone_name = models.CharField(max_length=300)
    before = models.JSONField(default=dict)
    at = InstantField()
    undone_at = InstantField(null=True, blank=True)

    class Meta:
        db_table = "kith_merge_log"
        indexes = [models.Index(fields=["owner", "kept"], name="merge_by_kept")]


class NotSame(Owned):
    """Two people the owner said are not the same; `first_id` < `second_id`."""

    first = owned_link("store.Person", "not_same_first")
    second = owned_link("store.Person", "not_same_second")

    class Meta:
        db_table = "kith_not_same"
        constraints = [models.UniqueConstraint(fields=["owner", "first", "second"], name="not_same_once")]
