"""Places and trips through the service: who is where, whom to see, whom to keep."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.services import batches, editing, places
from kithbook.store.models import Owner, Person
from tests.services.factories import person, talk
from tests.services.helpers import key, place
from tests.services.test_growth import assert_constant_queries

SOON = dt.date(2026, 12, 10)


def somebody(owner: Owner, name: str, town: str, *days_ago: int, stage: int = 2) -> Person:
    who = place(owner, person(owner, name, place=town), stage)
    talk(owner, who, *days_ago)
    return who


def test_people_of_a_town_are_found_however_it_is_written(owner: Owner) -> None:
    """R49: "Lyon, France", "lyon" and "Greater Lyon Area" are one place; the warmest come first."""
    somebody(owner, "Ada Berg", "Lyon, France", 1500, 1400)
    somebody(owner, "Bea Berg", "lyon", 60, 30, 5)
    somebody(owner, "Cem Berg", "Greater Lyon Area", 400, 300)
    somebody(owner, "Dan Berg", "Paris, France", 5)
    somebody(owner, "Eve Berg", "", 5)
    view = places.who(owner, "LYON")
    assert (view.total, view.people[0].person.name) == (3, "Bea Berg")
    assert {one.person.name for one in view.people} == {"Ada Berg", "Bea Berg", "Cem Berg"}
    assert view.people[0].touch.startswith("Suggest a coffee")
    assert {one.person.name for one in places.who(owner, "France").people} == {"Ada Berg", "Dan Berg"}
    listed = places.listing(owner)
    assert [(one.name, one.people) for one in listed.places] == [("Lyon", 2), ("Paris", 1)] or listed.places[
        0
    ].people == 3
    assert listed.without_place == 1


def test_a_trip_shows_whom_to_see_and_whom_to_revive(owner: Owner) -> None:
    """R49: before a visit: the warm for a coffee, the once close for a line, the rest, and friends of friends."""
    somebody(owner, "Ada Berg", "Lyon", 60, 30, 5)
    somebody(owner, "Bea Berg", "Lyon", 2500, 2400, 2300, 2200, stage=4)
    somebody(owner, "Cem Berg", "Lyon", 1500)
    dan = somebody(owner, "Dan Berg", "Vienna", 40, 20, 5)
    editing.note_topic(owner, key(dan), "fact", "studied in Lyon")
    view = places.add_trip(owner, "Lyon, France", SOON, dt.date(2026, 12, 14))
    assert [one.person.name for one in view.warm] == ["Ada Berg"]
    assert view.warm[0].touch == "Suggest a coffee around 10 December."
    assert [one.person.name for one in view.worth_reviving] == ["Bea Berg"]
    assert [one.person.name for one in view.others] == ["Cem Berg"]
    assert [(one.person.name, one.why) for one in view.friends] == [("Dan Berg", "You noted: studied in Lyon")]
    assert (view.keep, view.leaving) == ([], "")


def test_moving_shows_whom_to_keep_and_how_little_it_takes(owner: Owner) -> None:
    """R49: home after years abroad: the old place's people to keep with a word now and then, the new place's to see."""
    places.home(owner, "Wien")
    somebody(owner, "Ada Berg", "Vienna, Austria", 60, 30, 5, stage=5)
    somebody(owner, "Bea Berg", "Vienna", 60, 30, 5, stage=3)
    cold_one = somebody(owner, "Cem Berg", "Vienna", 60, 30, 5, stage=2)
    editing.edit(owner, key(cold_one), liking=1)
    somebody(owner, "Dan Berg", "Lisbon", 2500, 2400, 2300, stage=4)
    view = places.add_trip(owner, "Lisboa, Portugal", dt.date(2027, 3, 1), kind="moving")
    assert view.leaving == "Wien"
    assert [(one.person.name, one.every_days) for one in view.keep] == [("Ada Berg", 182), ("Bea Berg", 90)]
    assert "twice a year" in view.keep[0].touch
    assert [one.person.name for one in view.worth_reviving] == ["Dan Berg"]


def test_those_left_behind_get_a_light_rhythm_that_can_be_taken_back(owner: Owner) -> None:
    """R49: surprisingly little: the keep list gets rhythms of months; a rhythm set by hand stays."""
    places.home(owner, "Wien")
    ada = somebody(owner, "Ada Berg", "Vienna", 60, 30, 5, stage=5)
    bea = somebody(owner, "Bea Berg", "Vienna", 60, 30, 5, stage=4)
    Person.objects.of(owner).filter(pk=bea.pk).update(rhythm_days=30)
    view = places.add_trip(owner, "Lisbon", dt.date(2027, 3, 1), kind="moving")
    kept = places.keep_lightly(owner, view.trip.id)
    rhythms = dict(Person.objects.of(owner).values_list("pk", "rhythm_days"))
    assert rhythms == {ada.pk: 182, bea.pk: 30}
    assert kept.batch
    batches.undo(owner, kept.batch)
    assert Person.objects.of(owner).get(pk=ada.pk).rhythm_days is None
    visit = places.add_trip(owner, "Graz", SOON)
    with pytest.raises(Refused, match="is a visit"):
        places.keep_lightly(owner, visit.trip.id)


def test_without_a_home_the_last_move_or_most_warm_ties_tell_it(owner: Owner) -> None:
    for name in ("Ada Berg", "Bea Berg"):
        somebody(owner, name, "Graz, Austria", 60, 30, 5, stage=4)
    somebody(owner, "Cem Berg", "Linz", 60, 30, 5, stage=4)
    assert places.add_trip(owner, "Lyon", dt.date(2027, 1, 1), kind="moving").leaving == "Graz"
    second = places.add_trip(owner, "Rome", dt.date(2028, 1, 1), kind="moving")
    assert second.leaving == "Lyon"


def test_trips_are_changed_listed_and_dropped(owner: Owner) -> None:
    first = places.add_trip(owner, "Lyon", SOON)
    places.add_trip(owner, "Graz", dt.date(2026, 11, 1), dt.date(2026, 11, 20))
    places.add_trip(owner, "Linz", dt.date(2026, 11, 1), dt.date(2026, 11, 21))
    listed = places.listing(owner)
    assert [one.place for one in listed.trips] == ["Linz", "Lyon"]
    assert [one.place for one in listed.past_trips] == ["Graz"]
    changed = places.edit_trip(owner, first.trip.id, kind="moving", note="for good")
    assert (changed.trip.kind, changed.trip.note, changed.trip.starts_on) == ("moving", "for good", SOON)
    with pytest.raises(Invalid, match="before it begins"):
        places.edit_trip(owner, first.trip.id, ends_on=dt.date(2026, 12, 9))
    places.drop_trip(owner, first.trip.id)
    assert [one.place for one in places.listing(owner).trips] == ["Linz"]
    assert first.batch


@pytest.mark.parametrize("values", [{"place": " "}, {"place": "…"}, {"place": "Lyon", "kind": "flight"}])
def test_nonsense_is_refused(owner: Owner, values: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        places.add_trip(owner, starts_on=SOON, **values)


def test_home_is_told_and_taken_back_without_touching_other_settings(owner: Owner) -> None:
    Owner.objects.filter(pk=owner.pk).update(settings={"max_touches": 5})
    assert places.home(owner, "  Wien ").home == "Wien"
    assert owner.settings == {"max_touches": 5, "home_place": "Wien"}
    assert places.home(owner, "").home == ""
    assert owner.settings == {"max_touches": 5}


def test_an_empty_network_has_empty_places(owner: Owner) -> None:
    assert (places.listing(owner).places, places.who(owner, "Lyon").people) == ([], [])
    view = places.add_trip(owner, "Lyon", SOON, kind="moving")
    assert (view.warm, view.keep, view.friends, view.leaving) == ([], [], [], "")


def test_a_stranger_sees_nobody_and_no_trip(owner: Owner, stranger: Owner) -> None:
    somebody(owner, "Ada Berg", "Lyon", 5)
    view = places.add_trip(owner, "Lyon", SOON)
    assert places.listing(stranger).places == places.who(stranger, "Lyon").people == []
    for act in (places.trip, places.drop_trip, places.keep_lightly):
        with pytest.raises(NotFound):
            act(stranger, view.trip.id)


def test_places_cost_the_same_for_ten_more(owner: Owner) -> None:
    places.home(owner, "Graz")
    somebody(owner, "Ada Berg", "Lyon", 5)
    somebody(owner, "Bea Berg", "Graz", 60, 30, 5, stage=5)
    editing.tag(owner, key(somebody(owner, "Cem Berg", "Linz", 40, 20, 5)), "Lyon")
    somebody(owner, "Dan Berg", "Lyon", 2500)
    view = places.add_trip(owner, "Lyon", SOON, kind="moving")

    def add() -> None:
        for number in range(10):
            name = "abcdefghij"[number] * 3
            somebody(owner, f"There {name}", "Lyon", 20, 5)
            somebody(owner, f"Here {name}", "Graz", 20, 5, stage=4)
            who = somebody(owner, f"Friend {name}", "Linz", 40, 20, 5)
            editing.tag(owner, key(who), "Lyon")
            places.add_trip(owner, f"Town {name}", SOON)

    def read() -> object:
        return places.listing(owner), places.who(owner, "Lyon"), places.trip(owner, view.trip.id)

    assert_constant_queries(read, add)
