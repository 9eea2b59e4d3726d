"""The demo network: loaded once, as one batch, and taken back without a trace."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps

from kithbook.core import village as core_village
from kithbook.core.errors import Conflict, Refused
from kithbook.core.villagelately import list_lately
from kithbook.services import (
    batches,
    clips,
    clock,
    demo,
    duties,
    editing,
    objectives,
    outcomes,
    owners,
    places,
    requests,
)
from kithbook.services.registry import operations
from kithbook.store.models import (
    Batch,
    Group,
    Interaction,
    Introduction,
    LedgerEntry,
    Objective,
    Owner,
    OwnerAddress,
    Participant,
    Person,
    Tie,
    Topic,
)

TODAY = dt.date(2026, 11, 21)
CPU_SECONDS = 2.0


def tables() -> Iterator[type[Any]]:
    yield from apps.get_app_config("store").get_models()


def everything(owner: Owner) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of an owner but the list of batches and the counter of changes."""
    found = {}
    for model in tables():
        if model is Owner:
            columns = [f.attname for f in model._meta.concrete_fields if f.name != "revision"]
            rows = Owner.objects.filter(pk=owner.pk).values_list(*columns)
        elif model is Batch:
            continue
        else:
            rows = model._default_manager.filter(owner_id=owner.pk).values_list(
                *[f.attname for f in model._meta.concrete_fields]
            )
        found[model.__name__] = sorted(map(str, rows))
    return found


def test_loading_writes_the_village_of_the_day(village: Owner) -> None:
    plan = core_village.build(TODAY)
    assert Person.objects.of(village).filter(standing="kept").count() == 144
    assert Person.objects.of(village).get(standing="archived").name == "Rui Esteves"
    assert Person.objects.of(village).filter(standing="seen").count() == 5
    assert Interaction.objects.of(village).count() == len(plan.exchanges)
    assert Participant.objects.of(village).count() == sum(len(one.people) for one in plan.exchanges)
    assert LedgerEntry.objects.of(village).count() == len(plan.gifts)
    anna = Person.objects.of(village).get(name="Anna Berger")
    first = next(one for one in plan.exchanges if one.people[0][0] == "anna-berger")
    assert Interaction.objects.of(village).filter(participants__person=anna).order_by("at")[0].at == first.at
    assert list(anna.identities.filter(kind="email").values_list("key", flat=True)) == ["anna.berger@example.com"]
    assert set(anna.objectives.values_list("objective__name", flat=True)) == {plan.objectives[0].name}


def test_every_row_that_can_carries_the_batch(village: Owner) -> None:
    batch = Batch.objects.of(village).get(kind="demo")
    carrying = [model for model in tables() if any(f.name == "batch" for f in model._meta.concrete_fields)]
    filled = {model.__name__ for model in carrying if model._default_manager.filter(batch=batch).exists()}
    assert filled >= {
        "Affiliation", "Ask", "Attendance", "Event", "Group", "Identity", "Interaction", "Introduction", "LedgerEntry",
        "Membership", "Person", "Promise", "Referral", "StageEvent", "Tag", "Topic",
    }  # fmt: skip
    for model in carrying:
        assert not model._default_manager.filter(batch=None).exists(), model


def test_loading_is_refused_while_the_demo_is_here(village: Owner) -> None:
    assert demo.is_loaded(village)
    with pytest.raises(Refused):
        demo.load(village)
    assert Batch.objects.of(village).filter(kind="demo").count() == 1


def test_removing_takes_back_exactly_what_was_loaded(owner: Owner) -> None:
    editing.add(owner, "Wanda Eigen", email="wanda@example.org", note="My own.")
    before = everything(owner)
    demo.load(owner)
    note = demo.remove(owner)
    assert note.message == "Removed 145 people of the demo network."
    assert everything(owner) == before
    assert not demo.is_loaded(owner)


def test_the_demo_can_be_loaded_again_after_it_was_removed(village: Owner) -> None:
    demo.remove(village)
    demo.load(village)
    assert demo.is_loaded(village)
    assert Objective.objects.of(village).count() == 3


def test_removing_without_a_demo_is_refused(owner: Owner) -> None:
    with pytest.raises(Refused):
        demo.remove(owner)
    assert not demo.is_loaded(owner)


def test_people_to_whom_the_owner_added_stay(village: Owner) -> None:
    editing.note_topic(village, "Frank Okafor", "interest", "old maps")
    note = demo.remove(village)
    assert note.message.endswith("Kept, because you added to them: Frank Okafor.")
    assert list(Person.objects.of(village).values_list("name", flat=True)) == ["Frank Okafor"]
    assert list(Topic.objects.of(village).values_list("text", flat=True)) == ["old maps"]


def test_taking_the_batch_back_by_its_id_leaves_no_people(village: Owner) -> None:
    batch = next(view for view in batches.listing(village) if view.kind == "demo")
    assert (batch.people_added, batch.title) == (145, "Demo network")
    demo.remove(village)
    assert Tie.objects.of(village).count() == Person.objects.of(village).count() == 0


def test_an_owner_who_is_not_set_up_becomes_robin_and_is_given_back(owner: Owner) -> None:
    demo.load(owner)
    view = owners.settings(owner)
    assert (view.name, view.minutes_per_week, view.time_zone) == ("Robin Vale", 150, "Europe/Vienna")
    assert view.addresses == ["robin.vale@example.org"]
    assert view.is_set_up
    demo.remove(owner)
    view = owners.settings(owner)
    assert (view.name, view.minutes_per_week, view.time_zone, view.is_set_up) == ("", 120, "UTC", False)
    assert view.addresses == []


def test_an_owner_who_is_set_up_keeps_name_and_addresses(owner: Owner) -> None:
    owners.change_settings(owner, name="Alice", minutes_per_week=60, addresses=["alice@example.org"])
    demo.load(owner)
    owner.refresh_from_db()
    assert (owner.name, owner.minutes_per_week, owner.time_zone) == ("Alice", 60, "UTC")
    assert OwnerAddress.objects.of(owner).count() == 1


def test_settings_changed_after_loading_are_not_put_back(village: Owner) -> None:
    owners.change_settings(village, minutes_per_week=45)
    demo.remove(village)
    village.refresh_from_db()
    assert (village.name, village.minutes_per_week, village.is_set_up) == ("Robin Vale", 45, True)


def test_a_clash_with_the_owners_own_group_leaves_nothing_half_written(owner: Owner) -> None:
    Group.objects.create(owner=owner, name="Vienna Service Design Circle")
    before = everything(owner)
    with pytest.raises(Conflict):
        demo.load(owner)
    owner.refresh_from_db()
    assert everything(owner) == before
    assert not owner.is_set_up


def test_two_owners_have_a_demo_each(village: Owner, stranger: Owner) -> None:
    assert not demo.is_loaded(stranger)
    demo.load(stranger)
    demo.remove(village)
    assert demo.is_loaded(stranger)
    assert Person.objects.of(stranger).count() == 150
    assert Person.objects.of(village).count() == 0


@pytest.mark.parametrize(
    "moment", ["2026-11-21T00:10:00+00:00", "2026-11-21T12:00:00+00:00", "2026-11-20T10:30:00+00:00"]
)
def test_nothing_lies_ahead_wherever_the_owner_lives(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    monkeypatch.setenv("KITHBOOK_NOW", moment)
    owners.change_settings(owner, time_zone="Pacific/Kiritimati")
    demo.load(owner)
    assert not Interaction.objects.of(owner).filter(at__gt=clock.now()).exists()
    assert not Person.objects.of(owner).filter(met_at__gt=clock.now()).exists()


def test_the_open_loops_are_the_ones_that_were_told(village: Owner) -> None:
    names = dict(Person.objects.of(village).values_list("pk", "name"))
    open_now = {(duty.kind, names[duty.person_id]) for duty in duties.gather(village)}
    assert {pair for pair in open_now if pair[0] == "promise"} == {
        ("promise", "Marlene Fuchs"), ("promise", "Luca Morandi"), ("promise", "Ngozi Adeyemi"),
    }  # fmt: skip
    assert {pair for pair in open_now if pair[0] == "thanks"} == {
        ("thanks", "Marcus Eidinger"),
        ("thanks", "Sabine Köstler"),
    }
    assert ("date", "Leila Haddadi") in open_now
    new = {name for kind, name in open_now if kind == "followup"}
    assert new >= {"Benjamin Osei", "Greta Solberg", "Valerie Kornfeld"}


def test_every_tie_with_contact_is_folded(village: Owner) -> None:
    spoken = Participant.objects.of(village).exclude(role="also").values_list("person_id", flat=True).distinct()
    assert set(Tie.objects.of(village).values_list("person_id", flat=True)) == set(spoken)


def test_loading_takes_less_than_two_seconds_of_cpu(owner: Owner) -> None:
    begun = time.process_time()
    demo.load(owner)
    assert time.process_time() - begun < CPU_SECONDS


def test_the_three_verbs_are_operations() -> None:
    assert {name: entry.reads for name, entry in operations().items() if entry.noun == "demo"} == {
        "demo.is_loaded": True, "demo.load": False, "demo.remove": False,
    }  # fmt: skip


def test_every_page_of_the_demo_has_something_on_it(village: Owner) -> None:
    """R2, R5, R7, R76, R97: outcomes, trips, requests and clips are there, beside objectives with kind and target."""
    log = outcomes.listing(village)
    assert (log.total, log.unexpected) == (5, 2)
    assert {one.person.name for one in log.contributors} >= {"Leila Haddadi", "Marcus Eidinger"}
    aims = {aim.name: aim for aim in objectives.listing(village).objectives}
    assert {aim.kind for aim in aims.values()} == {"sales", "project"}
    assert aims["A first client in Vienna"].state == "reached"
    inbox = requests.inbox(village)
    assert [one.kind for one in inbox.open] == ["help", "introduction", "question"]
    assert {one.state for one in inbox.closed} == {"helped", "passed_on"}
    travel = places.listing(village)
    assert ([one.place for one in travel.trips], len(travel.past_trips)) == (["Lisbon"], 2)
    items = clips.listing(village).clips
    assert len(items) == 5 and sum(bool(one.suggested) for one in items) >= 3  # matched to interests that were noted
    states = {row.state for row in Introduction.objects.of(village)}
    assert states == {"idea", "asked_second", "made", "met", "declined", "closed"}


def test_the_told_parts_name_people_and_doors_of_the_village() -> None:
    plan, lately = core_village.build(TODAY), list_lately(TODAY)
    people = {one.key for one in plan.people}
    named = {who for one in lately.outcomes for who in one.people} | {one.person for one in lately.requests}
    named |= {one.target for one in lately.requests} | {who for one in lately.clips for who, _ in one.sent}
    assert named - {""} <= people
    assert {one.referral for one in lately.outcomes} - {""} <= {door.key for door in plan.referrals}
    bridges = {one.key for one in plan.introductions}
    assert {one.introduction for one in (*lately.outcomes, *lately.requests)} - {""} <= bridges
    met = {one.key: one.met_at.date() for one in plan.people}
    assert all(one.on >= met[who] for one in lately.outcomes for who in one.people)
    assert all(one.asked_on >= met[one.person] for one in lately.requests)
