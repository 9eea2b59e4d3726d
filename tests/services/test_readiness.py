"""Readiness through the service: roles, needs in words, objectives, hints, and the warning before a push."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Invalid, NotFound
from kithbook.services import editing, groups, objectives, readiness, roles
from kithbook.store.models import Owner, Person
from tests.services.factories import person, talk
from tests.services.helpers import key, place
from tests.services.test_growth import assert_constant_queries


def warm(owner: Owner, name: str, stage: int = 5) -> Person:
    """Somebody close, spoken with often and lately."""
    who = place(owner, person(owner, name), stage)
    talk(owner, who, 120, 90, 60, 30, 10, 3)
    return who


def cold(owner: Owner, name: str, stage: int = 2) -> Person:
    """Somebody spoken with twice, years ago."""
    who = place(owner, person(owner, name), stage)
    talk(owner, who, 1500, 1400)
    return who


def test_roles_show_whom_one_could_call_tomorrow(owner: Owner) -> None:
    """R11, R3: cover by role, with the warm who could be asked, and the roles that nobody has."""
    ada, bea = warm(owner, "Ada Berg"), warm(owner, "Bea Berg")
    roles.give(owner, key(ada), "Mentor")
    roles.give(owner, key(bea), "mentor")
    roles.give(owner, key(cold(owner, "Cem Berg")), "sponsor")
    view = readiness.check(owner)
    words = {cover.what: cover.word for cover in view.covers}
    assert words == {"mentor": "ready", "supporter": "empty", "sponsor": "cold", "connector": "empty"}
    assert [one.person.name for one in view.people if one.ready] == ["Ada Berg", "Bea Berg"]
    assert view.word == "ready"


def test_somebody_cold_comes_with_the_smallest_step(owner: Owner) -> None:
    """R11: who is not ready has the ask check's remedy as the one thing to do first."""
    roles.give(owner, key(cold(owner, "Cem Berg")), "sponsor")
    view = readiness.check(owner)
    assert view.word == "cold"
    (step,) = view.steps
    assert (step.person.name, step.verdict, step.ready) == ("Cem Berg", "reintroduce", False)
    assert step.step


def test_an_empty_network_is_said_plainly(owner: Owner) -> None:
    view = readiness.check(owner)
    assert (view.word, view.people, view.hints) == ("empty", [], [])
    assert view.sentence == "Nobody in your network is noted for this yet."
    assert readiness.check(owner, "a visa in Lyon").word == "empty"


def test_a_need_in_words_finds_people_by_what_is_noted(owner: Owner) -> None:
    """R11: "if I needed X tomorrow" in the owner's own words."""
    ada = warm(owner, "Ada Berg")
    editing.note_topic(owner, key(ada), "offer", "help with work visas and residence permits")
    warm(owner, "Bea Berg")
    view = readiness.check(owner, "help with a work visa")
    assert [one.person.name for one in view.people] == ["Ada Berg"]
    assert "visas" in view.people[0].why


def test_opening_a_job_search_on_thin_cover_warns(owner: Owner) -> None:
    """R96: the warning comes at the opening, with names and what is lacking; an ordinary project is not warned of."""
    who = cold(owner, "Cem Berg")
    search = objectives.add(owner, "A new job", kind="job_search", people=[key(who)])
    assert search.readiness is not None
    assert search.readiness.warning.startswith("Cover for this job search is cold.")
    assert "Cem Berg" in search.readiness.warning
    assert "Nobody warm is a sponsor" in search.readiness.warning
    project = objectives.add(owner, "A book", kind="project", people=[key(who)])
    assert project.readiness is not None
    assert project.readiness.warning == ""


def test_a_push_on_good_cover_is_not_warned_of(owner: Owner) -> None:
    """R96, R88: with two roles of its context warm, sales can begin."""
    for name, role in (("Ada Berg", "client"), ("Bea Berg", "referrer")):
        roles.give(owner, key(warm(owner, name)), role)
    view = objectives.add(owner, "Five clients", kind="sales")
    assert view.readiness is not None
    assert (view.readiness.word, view.readiness.warning) == ("ready", "")
    # The same people are no sponsors: a job search is another context.
    search = objectives.add(owner, "A job", kind="job_search")
    assert search.readiness is not None
    assert search.readiness.word == "thin"


def test_a_role_for_one_objective_does_not_serve_another(owner: Owner) -> None:
    objectives.add(owner, "A talk", kind="project")
    objectives.add(owner, "A book", kind="project")
    roles.give(owner, key(warm(owner, "Ada Berg")), "adviser", objective="A talk")
    assert [one.person.name for one in readiness.check(owner, objective="A talk").people] == ["Ada Berg"]
    assert readiness.check(owner, objective="A book").people == []


def test_ways_to_the_cold_lead_through_the_warm(owner: Owner) -> None:
    """R88: a second-degree path: somebody warm in the same group, at the same firm, or who brought them."""
    ada, cem = warm(owner, "Ada Berg"), cold(owner, "Cem Berg")
    groups.add(owner, "Design Circle")
    for who in (ada, cem):
        groups.join(owner, "Design Circle", key(who))
    objectives.add(owner, "A job", kind="job_search", people=[key(cem)])
    (hint,) = readiness.check(owner, objective="A job").hints
    assert hint.target is not None
    assert (hint.target.name, hint.through.name, hint.why) == ("Cem Berg", "Ada Berg", "both in Design Circle")
    editing.add_job(owner, key(ada), "Meridian")
    editing.add_job(owner, key(cem), "Meridian")
    assert readiness.check(owner, objective="A job").hints[0].why == "both at Meridian"
    Person.objects.of(owner).filter(pk=cem.pk).update(met_through=ada)
    assert readiness.check(owner, objective="A job").hints[0].why == "brought the two of you together"


def test_roles_are_given_and_taken(owner: Owner) -> None:
    """R3: mentor, supporter, sponsor: for everything or for one objective."""
    ada = warm(owner, "Ada Berg")
    objectives.add(owner, "A job")
    roles.give(owner, key(ada), "  Sponsor ")
    roles.give(owner, key(ada), "sponsor")
    roles.give(owner, key(ada), "adviser", objective="A job")
    found = roles.listing(owner, person="Ada")
    assert [(one.role, one.objective_name, one.state) for one in found] == [
        ("adviser", "A job", "alive"), ("sponsor", "", "alive"),
    ]  # fmt: skip
    roles.take(owner, "Ada", "sponsor")
    assert [one.role for one in roles.listing(owner, objective="A job")] == ["adviser"]
    with pytest.raises(NotFound, match="not noted as sponsor"):
        roles.take(owner, "Ada", "sponsor")
    with pytest.raises(Invalid):
        roles.give(owner, "Ada", " ")


def test_a_stranger_sees_no_roles(owner: Owner, stranger: Owner) -> None:
    ada = warm(owner, "Ada Berg")
    roles.give(owner, key(ada), "mentor")
    assert roles.listing(stranger) == []
    assert readiness.check(stranger).people == []
    with pytest.raises(NotFound):
        roles.give(stranger, key(ada), "mentor")


def test_readiness_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    def add(name: str) -> None:
        who = cold(owner, name)
        roles.give(owner, key(who), "mentor")
        editing.add_job(owner, key(who), "Meridian")

    for name in ("Ada", "Bela", "Cid", "Dan", "Eve", "Fay"):
        add(f"First {name}")
    more = [f"More {word}" for word in "Dora Emil Flora Gus Hanna Ivo Jana Karl Lena Max".split()]
    assert_constant_queries(lambda: readiness.check(owner), lambda: [add(name) for name in more])
