"""Ties: the stored state is what folding the whole log gives, whatever happened before."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kithbook.core import tiestate
from kithbook.services import batches, capturing, clock, editing, owners, recording, ties
from kithbook.store.models import Interaction, Owner, Participant, Person, Tie
from tests.services.factories import person, talk
from tests.services.helpers import place


def states(owner: Owner) -> dict[int, bytes]:
    return {row.person_id: bytes(row.state) for row in Tie.objects.of(owner)}


@pytest.fixture
def anna(owner: Owner) -> Person:
    return person(owner, "Anna Berger")


def test_folding_anew_changes_nothing(owner: Owner, anna: Person) -> None:
    talk(owner, anna, 200, 90, 30)
    talk(owner, anna, 25, channel="email", direction=-1)
    before = states(owner)
    ties.refold(owner, [anna.pk])
    assert states(owner) == before
    Tie.objects.of(owner).delete()
    ties.refold(owner, [anna.pk])
    assert states(owner) == before


def test_the_order_of_writing_down_does_not_matter(owner: Owner, anna: Person) -> None:
    bruno = person(owner, "Bruno Costa")
    days = [200, 150, 90, 60, 30, 1]
    for ago in days:
        talk(owner, anna, ago)
    for ago in (60, 1, 200, 30, 150, 90):
        talk(owner, bruno, ago)
    found = states(owner)
    assert found[anna.pk] == found[bruno.pk]


def test_a_person_without_contact_has_no_tie_and_an_empty_state(owner: Owner, anna: Person) -> None:
    assert states(owner) == {}
    table = ties.table(owner)
    assert table.ids.tolist() == [anna.pk]
    assert table.states["days"].tolist() == [0]
    assert 0 <= table.warmth(int(clock.now().timestamp()))[0] < 0.5


def test_the_tie_goes_with_the_last_contact(owner: Owner, anna: Person) -> None:
    view = capturing.log(owner, "call with Anna today")
    assert set(states(owner)) == {anna.pk}
    batches.undo(owner, view.batch or "")
    assert states(owner) == {}


def test_appearing_on_the_same_mail_is_no_contact(owner: Owner, anna: Person) -> None:
    bruno = person(owner, "Bruno Costa")
    row = recording.record_interaction(owner, [anna], "email")
    Participant.objects.create(owner=owner, interaction=row, person=bruno, role="also")
    ties.refold(owner, [anna.pk, bruno.pk])
    assert set(states(owner)) == {anna.pk}


def test_what_lies_ahead_does_not_count_yet(owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    talk(owner, anna, 30)
    before = states(owner)
    row = recording.record_interaction(owner, [anna], "meeting")
    Interaction.objects.filter(pk=row.pk).update(at=clock.now() + dt.timedelta(days=3))
    ties.refold(owner, [anna.pk])
    assert ties.table(owner).states["days"].tolist() == [1]
    monkeypatch.setenv("KITHBOOK_NOW", "2026-11-25T09:00:00+00:00")
    ties.refold(owner, [anna.pk])
    assert ties.table(owner).states["days"].tolist() == [2]
    assert states(owner) != before


def test_states_of_an_older_form_are_read_as_empty_and_folded_anew(owner: Owner, anna: Person) -> None:
    talk(owner, anna, 30)
    before = states(owner)
    Tie.objects.of(owner).update(version=tiestate.STATE_VERSION - 1, state=b"old")
    assert ties.table(owner).states["days"].tolist() == [0]
    ties.refresh_all(owner)
    assert states(owner) == before
    assert Tie.objects.get().version == tiestate.STATE_VERSION


def test_the_table_holds_what_judging_needs_by_ascending_id(owner: Owner) -> None:
    rows = [person(owner, f"Person {number}") for number in range(6)]
    editing.edit(owner, "Person 2", liking=4, importance=5, closeness=3, is_kin=True, is_key=True)
    place(owner, rows[3], 6)
    table = ties.table(owner)
    assert table.ids.tolist() == sorted(row.pk for row in rows)
    at = {int(key): position for position, key in enumerate(table.ids)}
    second = at[rows[2].pk]
    assert (table.liking[second], table.importance[second], table.closeness[second]) == (4, 5, 3)
    assert bool(table.kin[second]) is bool(table.key[second]) is bool(table.slow[second]) is True
    assert np.isnan(table.liking[at[rows[1].pk]])
    assert (table.horizon[at[rows[3].pk]], table.horizon[second]) == (365, 90)
    assert table.part(np.array([second])).ids.tolist() == [rows[2].pk]


def test_people_let_go_are_asked_for_by_name(owner: Owner, anna: Person) -> None:
    editing.archive(owner, "Anna")
    assert len(ties.table(owner)) == 0
    assert len(ties.table(owner, standings=("kept", "archived"))) == 1
    assert len(ties.table(owner, ids=[anna.pk])) == 1
    assert len(ties.table(owner, ids=[])) == 0


def test_contacts_on_one_local_day_are_one_day(owner: Owner, anna: Person) -> None:
    owners.change_settings(owner, time_zone="America/Los_Angeles")
    owner.refresh_from_db()
    for hours in (2, 20):
        row = recording.record_interaction(owner, [anna], "call")
        at = dt.datetime(2026, 11, 10, 5, tzinfo=dt.UTC) + dt.timedelta(hours=hours)
        Interaction.objects.filter(pk=row.pk).update(at=at)
    ties.refold(owner, [anna.pk])
    assert ties.table(owner).states["days"].tolist() == [2]
    Interaction.objects.filter(pk=row.pk).update(at=dt.datetime(2026, 11, 9, 23, tzinfo=dt.UTC))
    ties.refold(owner, [anna.pk])
    assert ties.table(owner).states["days"].tolist() == [1]


ZONES = ["UTC", "Europe/Vienna", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Australia/Lord_Howe"]


@settings(max_examples=60)
@given(at=st.lists(st.integers(0, 2_524_607_999), max_size=20), zone=st.sampled_from(ZONES))
@example(at=[1_792_889_999, 1_792_890_000], zone="Europe/Vienna")
def test_days_are_those_of_the_calendar_on_the_wall(at: list[int], zone: str) -> None:
    found = ties.local_days(np.array(at, dtype=np.int64), ZoneInfo(zone))
    expected = [dt.datetime.fromtimestamp(second, ZoneInfo(zone)).date() for second in at]
    assert [ties.day_of(int(day)) for day in found] == expected
    assert [ties.day_number(day) for day in expected] == found.tolist()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.integers(0, 400), min_size=1, max_size=6), undone=st.integers(0, 5))
def test_undo_of_any_contact_gives_the_state_without_it(owner: Owner, days: list[int], undone: int) -> None:
    first, second = person(owner, "First Person"), person(owner, "Second Person")
    gone = undone % len(days)
    batch = None
    for position, ago in enumerate(days):
        day = clock.today(owner) - dt.timedelta(days=ago)
        made = recording.start_batch(owner, "log", "x")
        recording.record_interaction(owner, [first], "call", on=day, batch=made)
        if position == gone:
            batch = made
        else:
            recording.record_interaction(owner, [second], "call", on=day)
    assert batch is not None
    from kithbook.core.ids import to_text

    batches.undo(owner, to_text(batch.pk))
    found = states(owner)
    assert found.get(first.pk) == found.get(second.pk)


def test_a_stranger_has_ties_of_their_own(owner: Owner, stranger: Owner, anna: Person) -> None:
    talk(owner, anna, 30)
    before = states(owner)
    assert len(ties.table(stranger)) == 0
    assert len(ties.table(stranger, ids=[anna.pk])) == 0
    ties.refold(stranger, [anna.pk])
    ties.refresh_all(stranger)
    assert states(owner) == before
    assert states(stranger) == {}
