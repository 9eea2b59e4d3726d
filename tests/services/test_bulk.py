"""Many people changed at once, and taken back as one act."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.services import batches, bulk, editing, people, trash, weeks
from kithbook.store.models import Owner, Person, Tag
from tests.services.factories import person, talk
from tests.services.helpers import circle, key, snapshot


def three(owner: Owner) -> list[str]:
    found = [person(owner, name) for name in ("Anna Berger", "Bruno Costa", "Carla Diaz")]
    editing.tag(owner, key(found[0]), "chess")
    editing.edit(owner, key(found[1]), importance=2)
    return [key(row) for row in found]


def test_everything_is_changed_and_taken_back_exactly(owner: Owner) -> None:
    """R27: many are let go at once, without a word of blame, and taken back as easily."""
    ids = three(owner)
    talk(owner, Person.objects.get(name="Carla Diaz"), 40, 20)
    before = snapshot(owner)["tables"]
    done = bulk.change(owner, ids, tag="graz", untag="chess", standing="let_go", importance=5, liking=4)
    assert (done.changed, done.unchanged) == (3, 0)
    assert done.message == "3 people: tag “graz” put on, tag “chess” taken off, let go, importance 5, liking 4."
    for who in ids:
        page = people.show(owner, who)
        assert (page.tags, page.standing, page.importance, page.liking) == (["graz"], "archived", 5, 4)
    assert people.search(owner).total == 0
    batches.undo(owner, done.batch or "")
    after = snapshot(owner)["tables"]
    before.pop("batch")
    after.pop("batch")
    assert after == before


def test_who_is_like_that_already_stays_and_is_not_counted(owner: Owner) -> None:
    ids = three(owner)
    done = bulk.change(owner, ids, tag="chess")
    assert (done.changed, done.unchanged) == (2, 1)
    batches.undo(owner, done.batch or "")
    assert [tag.person.name for tag in Tag.objects.of(owner).select_related("person")] == ["Anna Berger"]
    again = bulk.change(owner, ids[1:2], importance=2)
    assert (again.changed, again.batch) == (0, None)


def test_the_trash_is_undone_as_one_act(owner: Owner) -> None:
    rows = circle(owner, 6)
    weeks.week(owner)
    done = bulk.change(owner, [key(row) for row in rows[:3]], standing="trash")
    assert trash.listing(owner).total == 3
    assert not {touch.person.name for touch in weeks.week(owner).touches} & {row.name for row in rows[:3]}
    batches.undo(owner, done.batch or "")
    assert trash.listing(owner).total == 0
    assert people.search(owner).total == 6


def test_what_was_changed_again_since_is_not_put_back(owner: Owner) -> None:
    ids = three(owner)
    done = bulk.change(owner, ids, importance=5)
    editing.edit(owner, ids[0], importance=1)
    batches.undo(owner, done.batch or "")
    assert [people.show(owner, who).importance for who in ids] == [1, 2, None]


def test_a_rating_can_be_taken_back(owner: Owner) -> None:
    ids = three(owner)
    bulk.change(owner, ids, importance=0)
    assert not Person.objects.of(owner).filter(importance__isnull=False).exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Nothing was said"),
        ({"importance": 9}, "not a rating"),
        ({"standing": "sold"}, "cannot be done"),
        ({"tag": "  "}, "Nothing was said"),
    ],
)
def test_nonsense_is_refused(owner: Owner, changes: dict[str, object], said: str) -> None:
    ids = three(owner)
    before = snapshot(owner)
    with pytest.raises((Invalid, Refused), match=said):
        bulk.change(owner, ids, **changes)  # type: ignore[arg-type]
    assert snapshot(owner) == before


def test_nobody_is_changed_if_one_of_them_is_not_there(owner: Owner, stranger: Owner) -> None:
    ids = three(owner)
    theirs = person(stranger, "Hidden Person")
    with pytest.raises(NotFound):
        bulk.change(owner, [*ids, key(theirs)], tag="graz")
    assert not Tag.objects.filter(name="graz").exists()
    with pytest.raises(Invalid, match="Nobody was chosen"):
        bulk.change(owner, [], tag="graz")


def test_ten_more_people_cost_no_more_queries(owner: Owner) -> None:
    rows = [key(person(owner, f"Person {number}")) for number in range(24)]

    def queries(ids: list[str], tag: str) -> int:
        with CaptureQueriesContext(connection) as log:
            bulk.change(owner, ids, tag=tag, untag="old", importance=3)
        return len(log)

    assert queries(rows[:4], "new") == queries(rows[4:24], "newer")
