"""Who can help: directly, through somebody, and how well things are covered."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.core.errors import Invalid
from kithbook.services import bank, clock, editing, goto, matching
from kithbook.store.models import (
    Attendance,
    Event,
    Group,
    Interaction,
    Introduction,
    Membership,
    Owner,
    Participant,
    Person,
    Referral,
)
from tests.services.factories import person, talk
from tests.services.helpers import key, place


@pytest.fixture
def lawyer(owner: Owner) -> Person:
    row = person(owner, "Cleo Diaz", place="Lyon")
    editing.add_job(owner, key(row), "Studio Diaz", "divorce lawyer")
    talk(owner, row, 60, 40, 20, 5)
    return row


QUESTION = "who can help with ending a marriage in court"


def through(view: goto.HelpView) -> dict[str, str]:
    return {path.through.name: path.why for path in view.paths}


def test_a_question_finds_people_by_what_they_do_with_reason_and_warmth(owner: Owner, lawyer: Person) -> None:
    """R33: search by expertise, sector and place."""
    view = goto.who_can_help(owner, QUESTION)
    assert view.what == "ending a marriage in court"
    assert [one.person.name for one in view.people] == ["Cleo Diaz"]
    one = view.people[0]
    assert one.why.startswith("Works as “divorce lawyer, Studio Diaz”")
    assert one.state == "alive"
    assert one.topics == ["divorce lawyer, Studio Diaz"]


@pytest.mark.parametrize(
    ("what", "where", "found"),
    [
        (f"{QUESTION} in Lyon", "", True),
        (f"{QUESTION} in Villeurbanne", "", True),
        (QUESTION, "France", True),
        (QUESTION, "Berlin", False),
        (QUESTION, "lyon", True),
        ("who is in Lyon?", "", True),
    ],
)
def test_places_narrow_the_answer(owner: Owner, lawyer: Person, what: str, where: str, found: bool) -> None:
    """R33: by place."""
    assert bool(goto.who_can_help(owner, what, where).people) is found


def test_a_place_nobody_knows_is_looked_for_as_written(owner: Owner, lawyer: Person) -> None:
    editing.edit(owner, key(lawyer), place="Unterwinden am See")
    assert goto.who_can_help(owner, QUESTION, "unterwinden").people
    assert not goto.who_can_help(owner, QUESTION, "Oberwinden").people


def test_stage_and_warmth_narrow_the_answer(owner: Owner, lawyer: Person) -> None:
    place(owner, lawyer, 3)
    cold = person(owner, "Dirk Alt")
    editing.add_job(owner, key(cold), "Alt", "family law attorney")
    assert len(goto.who_can_help(owner, QUESTION).people) == 2
    assert [one.person.name for one in goto.who_can_help(owner, QUESTION, warm=True).people] == ["Cleo Diaz"]
    assert [one.person.name for one in goto.who_can_help(owner, QUESTION, stage=3).people] == ["Cleo Diaz"]


def test_a_no_for_this_question_is_respected(owner: Owner, lawyer: Person) -> None:
    matching.decide(owner, "ending a marriage in court", "Cleo", "no")
    assert goto.who_can_help(owner, QUESTION).people == []


def test_those_who_brought_us_together_lead_to_somebody_gone_quiet(owner: Owner) -> None:
    """R88: a friend of a friend."""
    cold = person(owner, "Dirk Alt")
    editing.add_job(owner, key(cold), "Kanzlei Nord", "divorce lawyer")
    anna, ben, eva = (person(owner, name) for name in ("Anna Berger", "Ben Okafor", "Eva Lind"))
    Introduction.objects.create(owner=owner, introducer=anna, first=cold, created_at=clock.now())
    Person.objects.of(owner).filter(pk=cold.pk).update(met_through=ben)
    editing.add_job(owner, key(eva), "Kanzlei Nord", "receptionist")
    view = goto.who_can_help(owner, QUESTION)
    assert view.people[0].state in ("cold", "dormant")
    found = through(view)
    assert found["Anna Berger"] == "Introduced you to Dirk Alt, who fits and has gone quiet."
    assert found["Ben Okafor"].startswith("You met Dirk Alt through them")
    assert found["Eva Lind"] == "Was at Kanzlei Nord like Dirk Alt, who fits and has gone quiet."


def test_interests_groups_and_events_lead_to_others(owner: Owner) -> None:
    """R88: second-degree paths where nobody fits directly."""
    anna, ben, cleo = (person(owner, name) for name in ("Anna Berger", "Ben Okafor", "Cleo Diaz"))
    editing.note_topic(owner, key(anna), "interest", "jazz piano")
    group = Group.objects.create(owner=owner, name="Jazz musicians of Vienna")
    Membership.objects.create(owner=owner, group=group, person=ben, role="treasurer")
    event = Event.objects.create(owner=owner, name="Night of jazz pianists", held_on=dt.date(2026, 5, 1))
    Attendance.objects.create(owner=owner, event=event, person=cleo, met=True)
    view = goto.who_can_help(owner, "who can teach jazz piano")
    assert view.people == []
    found = through(view)
    assert found["Anna Berger"] == "Is interested in “jazz piano” and may know somebody."
    assert found["Ben Okafor"] == "Belongs to “Jazz musicians of Vienna” (treasurer) and may know somebody there."
    assert found["Cleo Diaz"] == "Was at “Night of jazz pianists” (May 2026) and may know somebody from there."


def test_a_mail_about_it_leads_to_somebody_i_have_not_met(owner: Owner) -> None:
    """R88: appeared together on a mail."""
    _write(owner)
    found = through(goto.who_can_help(owner, "who can teach me bread baking"))
    assert "Dora Novak, whom you have not met" in found["Anna Berger"]
    assert "Sourdough bread baking course" in found["Anna Berger"]


def _write(owner: Owner) -> None:
    """Anna wrote to me and to somebody I only saw there."""
    anna = person(owner, "Anna Berger")
    dora = person(owner, "Dora Novak")
    Person.objects.of(owner).filter(pk=dora.pk).update(standing="seen")
    row = Interaction.objects.create(
        owner=owner, at=clock.now() - dt.timedelta(days=9), channel="email", direction=-1, size=2,
        title="Re: Sourdough bread baking course",
    )  # fmt: skip
    Participant.objects.create(owner=owner, interaction=row, person=anna, role="from")
    Participant.objects.create(owner=owner, interaction=row, person=dora, role="also")


def test_how_many_there_are_for_each_skill_and_place(owner: Owner, lawyer: Person) -> None:
    """R32: redundancy, how many warm people per skill, sector and place."""
    other = person(owner, "Dirk Alt", place="Lyon, France")
    editing.add_job(owner, key(other), "Alt", "notary and divorce lawyer")
    view = goto.coverage(owner)
    law = next(row for row in view.skills if row.name == "law")
    assert (law.people, law.warm, law.names) == (2, 1, ["Cleo Diaz", "Dirk Alt"])
    assert [(row.name, row.people, row.warm) for row in view.places] == [("Lyon", 2, 1)]
    assert (view.people, view.warm) == (2, 1)


def test_people_helped_are_counted_once_each(owner: Owner, lawyer: Person) -> None:
    """R33: the count of people served."""
    anna = person(owner, "Anna Berger")
    assert goto.served(owner).people == 0
    bank.gave(owner, key(lawyer), "advice")
    bank.gave(owner, key(lawyer), "thanks")
    bank.got(owner, key(anna), "advice")
    assert goto.served(owner).people == 1
    Introduction.objects.create(owner=owner, first=lawyer, second=anna, state="made", created_at=clock.now())
    Referral.objects.create(owner=owner, receiver=lawyer, on=dt.date(2024, 1, 5))
    view = goto.served(owner)
    assert (view.people, view.last_year, view.introductions, view.referrals, view.help) == (2, 2, 1, 1, 1)


def test_a_stranger_finds_nobody(stranger: Owner, lawyer: Person) -> None:
    view = goto.who_can_help(stranger, QUESTION)
    assert (view.people, view.paths) == ([], [])
    assert goto.coverage(stranger).skills == []
    assert goto.served(stranger).people == 0


@pytest.mark.parametrize(
    "asked", [{"what": ""}, {"what": "?"}, {"what": "law", "limit": 0}, {"what": "law", "stage": 9}, {"what": "a\0b"}]
)
def test_nonsense_is_refused_in_words(owner: Owner, asked: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        goto.who_can_help(owner, **asked)  # type: ignore[arg-type]


def test_the_village_answers_everyday_questions(village: Owner) -> None:
    """R33: as a user would ask."""
    for question, name in (
        ("who can help with a tax return?", "tax adviser"),
        ("who can fix my bike", "bicycle mechanic"),
        ("who knows about wine", "winemaker"),
    ):
        people = goto.who_can_help(village, question).people
        assert any(name in one.why for one in people[:3]), [one.why for one in people]
