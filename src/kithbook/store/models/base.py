"""What all tables share: an id that cannot be guessed, an owner, and reads that begin with the owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from kithbook.store.ids import new_id, new_turn

if TYPE_CHECKING:
    from kithbook.store.models.owner import Owner


class OwnedQuerySet(models.QuerySet[Any]):
    """Every read of owned rows begins with `.of(owner)`."""

    def of(self, owner: Owner | int) -> Self:
        """Only the rows of this owner."""
        return self.filter(owner_id=owner if isinstance(owner, int) else owner.pk)


class Row(models.Model):
    """A table with an unguessable 62-bit id."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


def owner_link() -> models.ForeignKey[Any, Any]:
    """The owner of a row; indexes and unique keys name it first instead of indexing it alone."""
    return models.ForeignKey(
        "store.Owner", on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )


class Owned(Row):
    """A row that belongs to exactly one owner."""

    owner = owner_link()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True


class Recorded(Owned):
    """A row with a day, and its turn among what was written: rows of one day are listed in the order of entry.

    `turn`: microseconds of the machine's clock when it was written, never the same twice in a process. Ids are random
    and say nothing of the kind; `at` and `on` tell when it happened, not when it was noted.
    """

    turn = models.BigIntegerField(default=new_turn, editable=False)

    class Meta:
        abstract = True


def owned_link(to: str, related_name: str, **options: Any) -> models.ForeignKey[Any, Any]:
    """A link between two rows of one owner; `on_delete` is carried out by `store.erase`, within the owner.

    The database does not enforce it: a constraint would need a second index that does not begin with the owner and
    a look-up for every row of an import. Only services write, and `store.erase.orphans` tells if one went wrong.
    """
    options.setdefault("on_delete", models.CASCADE)
    return models.ForeignKey(to, db_index=False, db_constraint=False, related_name=related_name, **options)


def batch_link() -> models.ForeignKey[Any, Any]:
    """The import or capture that made this row, so that it can be taken back as one act."""
    return owned_link("store.Batch", "+", null=True, blank=True, on_delete=models.SET_NULL)
