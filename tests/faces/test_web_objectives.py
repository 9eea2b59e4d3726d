"""Objectives in the browser: opening, linking, reaching, readiness, outcomes, and roles on a person's page."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import objectives, outcomes, roles
from kithbook.store.models import Outcome, Owner, Role
from tests.faces.pages import source_of
from tests.services.factories import person, talk
from tests.services.helpers import key, place


def post(client: Client, view: str, /, *args: str, **data: object) -> str:
    response = client.post(reverse(view, args=args), data, follow=True)
    assert response.status_code == 200, response.content
    return response.content.decode()


def test_an_empty_page_says_what_it_is_for(client: Client, owner: Owner) -> None:
    page = source_of(client, reverse("objectives"))
    assert "Name one thing that you want to reach within a year" in page
    assert "note what people brought you" in page


def test_opening_an_objective_in_the_browser(client: Client, owner: Owner) -> None:
    """R67: name, kind, share in percent, target and date; the share shows on the list."""
    page = post(
        client, "objective_add", name="Five clients", kind="project", percent="40", target="hospitals",
        due_on="2027-03-20", note="small ones first",
    )  # fmt: skip
    assert "“Five clients” is open." in page
    view = objectives.show(owner, "Five clients")
    assert (view.objective.kind, view.objective.share, view.target, view.note) == (
        "project", 0.4, "hospitals", "small ones first",
    )  # fmt: skip
    assert "40 % of the minutes" in source_of(client, reverse("objectives"))


def test_a_job_search_on_empty_cover_warns_in_the_browser(client: Client, owner: Owner) -> None:
    """R96: the warning is the first thing seen after opening, and stays on the page."""
    page = post(client, "objective_add", name="A new job", kind="job_search")
    # Once as the notice, once where the cover stands.
    assert page.count("Cover for this job search is empty.") == 2
    assert "Nobody warm is a sponsor, referrer, connector or mentor for you." in page


def test_too_large_a_share_is_refused_in_words(client: Client, owner: Owner) -> None:
    objectives.add(owner, "Clients", share=0.8)
    response = client.post(reverse("objective_add"), {"name": "Talk", "percent": "30"})
    assert response.status_code == 400
    assert "110 % of the strategic minutes" in response.content.decode()


def test_people_are_linked_marked_and_taken_off_in_place(client: Client, owner: Owner) -> None:
    """R67, R106: who matters to it, who helps, and the question to ask helpers about their own year."""
    ada = person(owner, "Ada Berg")
    talk(owner, ada, 10)
    view = objectives.add(owner, "A book")
    page = post(client, "objective_link", view.objective.id, person="Ada", helper="1")
    assert reverse("person", args=[key(ada)]) in page
    assert "what they want to reach this year" in page
    page = post(client, "objective_helper", view.objective.id, person=key(ada))
    assert "what they want to reach this year" not in page
    assert not objectives.show(owner, "A book").people[0].helper
    page = post(client, "objective_unlink", view.objective.id, person=key(ada))
    assert "Nobody is linked yet" in page


def test_reaching_it_shows_what_follows_for_helpers(client: Client, owner: Owner) -> None:
    """R97: after the job is landed the page shows dated touches for those who helped."""
    ada = person(owner, "Ada Berg")
    view = objectives.add(owner, "A new job")
    objectives.link(owner, "A new job", key(ada), helper=True)
    page = post(client, "objective_reach", view.objective.id, outcome="Hired by Meridian")
    assert "Those who helped are not left in silence" in page
    section = page.split('id="keep-up"')[1]
    assert section.count(reverse("person", args=[key(ada)])) == len(objectives.show(owner, "A new job").keep_up)
    assert "Hired by Meridian" in page
    assert 'id="readiness"' not in page
    page = post(client, "objective_reopen", view.objective.id)
    assert 'id="readiness"' in page
    assert objectives.show(owner, "A new job").objective.state == "open"


def test_reached_without_helpers_asks_who_helped(client: Client, owner: Owner) -> None:
    """R97: nobody who helped is forgotten: the page asks, and marking somebody begins their touches."""
    ada = person(owner, "Ada Berg")
    view = objectives.add(owner, "A new job", people=[key(ada)])
    assert "Who helped?" in post(client, "objective_reach", view.objective.id)
    page = post(client, "objective_helper", view.objective.id, person=key(ada), helps="1")
    assert "Who helped?" not in page
    assert 'id="keep-up"' in page


def test_giving_up_can_be_undone(client: Client, owner: Owner) -> None:
    view = objectives.add(owner, "A book", share=0.2)
    page = post(client, "objective_drop", view.objective.id)
    assert reverse("objective_reopen", args=[view.objective.id]) in page
    assert objectives.listing(owner).share_taken == 0
    post(client, "objective_reopen", view.objective.id)
    assert objectives.listing(owner).share_taken == 0.2


def test_editing_keeps_and_clears(client: Client, owner: Owner) -> None:
    view = objectives.add(owner, "A book", kind="project", share=0.2)
    post(
        client,
        "objective_edit",
        view.objective.id,
        name="A short book",
        kind="other",
        percent="10",
        due_on="2027-01-01",
    )
    post(client, "objective_edit", view.objective.id, name="A short book", kind="other", percent="10", due_on="")
    found = objectives.show(owner, view.objective.id).objective
    assert (found.name, found.kind, found.share, found.due_on) == ("A short book", "other", 0.1, None)


def test_readiness_answers_for_roles_and_for_words(client: Client, owner: Owner) -> None:
    """R11, R3: the table of roles with names, and whom to call for something named in words."""
    ada = place(owner, person(owner, "Ada Berg"), 5)
    talk(owner, ada, 60, 30, 10, 3)
    roles.give(owner, key(ada), "mentor")
    page = source_of(client, reverse("objectives"))
    table = page.split('class="covers"')[1].split("</table>")[0]
    rows = dict(re.findall(r'<th scope="row">(\w+)</th><td>([\w ]+)</td>', table))
    assert rows == {"Mentor": "thin", "Supporter": "nobody yet", "Sponsor": "nobody yet", "Connector": "nobody yet"}
    assert "Could be asked tomorrow" in page
    assert "Nobody in your network" in source_of(client, reverse("objectives") + "?need=a+visa+in+Lyon")


def test_luck_is_noted_and_taken_back(client: Client, owner: Owner) -> None:
    """R2, R49: a serendipity log: what came, from whom, without having looked for it."""
    ada = person(owner, "Ada Berg")
    page = post(client, "outcome_add", text="A violin teacher", people="Ada", unexpected="1", value="")
    assert "by luck" in page
    assert reverse("person", args=[key(ada)]) in page
    (row,) = outcomes.listing(owner).outcomes
    assert (row.unexpected, [party.person.name for party in row.parties]) == (True, ["Ada Berg"])
    assert row.batch
    post(client, "batch_undo", row.batch)
    assert not Outcome.objects.of(owner).exists()


def test_an_outcome_is_taken_off_the_log(client: Client, owner: Owner) -> None:
    """R7: an outcome with its date and value stands on the log until it is taken off."""
    view = outcomes.add(owner, "A client", value=12000)
    assert "12,000" in source_of(client, reverse("objectives")).replace("\xa0", ",").replace("12000", "12,000")
    post(client, "outcome_drop", view.id)
    assert not Outcome.objects.of(owner).exists()


def test_roles_are_given_and_taken_on_a_persons_page(client: Client, owner: Owner) -> None:
    """R3: what somebody is to me, for everything or for one objective."""
    ada = person(owner, "Ada Berg")
    aim = objectives.add(owner, "A new job")
    page = post(client, "role_give", key(ada), role="sponsor", objective=aim.objective.id)
    section = page.split('id="roles"')[1].split("</section>")[0]
    assert "Sponsor" in section
    assert "A new job" in section
    outcomes.add(owner, "An interview", people=[key(ada)])
    assert "An interview" in source_of(client, reverse("person", args=[key(ada)]))
    post(client, "role_take", key(ada), role="sponsor", objective=aim.objective.id)
    assert not Role.objects.of(owner).exists()


@pytest.mark.parametrize("name", ["objective_add", "outcome_add"])
def test_acts_need_post(client: Client, owner: Owner, name: str) -> None:
    assert client.get(reverse(name)).status_code in (404, 405)


def test_the_village_shows_both_objectives_with_their_people(client: Client, village: Owner) -> None:
    """R67: shares, people and minutes of the demo network."""
    page = source_of(client, reverse("objectives"))
    for item in objectives.listing(village).objectives:
        assert reverse("objective", args=[item.id]) in page
        shown = source_of(client, reverse("objective", args=[item.id]))
        people = objectives.show(village, item.id).people
        assert people
        assert all(reverse("person", args=[one.person.id]) in shown for one in people)


def test_reaching_it_by_luck_and_what_it_is_worth_are_noted(client: Client, owner: Owner) -> None:
    """R2, R7: the form of "It is reached" takes the value and luck."""
    view = objectives.add(owner, "A job")
    post(client, "objective_reach", view.objective.id, outcome="Hired by Meridian", value="52000", unexpected="1")
    (found,) = outcomes.listing(owner, unexpected=True).outcomes
    assert (found.text, found.value) == ("Hired by Meridian", 52_000)
