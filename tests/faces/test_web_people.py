"""People and Person: search, filters, paging, one timeline, editing in place."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import bank, capturing, editing, people
from kithbook.services.views import PersonPage
from kithbook.store.models import Owner
from kithbook.web import charts, timeline
from kithbook.web.templatetags.kith import partial_date
from tests.faces.pages import count_queries, section, source_of


@pytest.fixture
def frank(owner: Owner) -> PersonPage:
    """Somebody with a little of everything."""
    page = editing.add(owner, "Frank Okafor", email="frank@example.org", place="Lagos")
    capturing.spoke(owner, page.id, channel="call", minutes=20, on=dt.date(2026, 11, 3))
    bank.gave(owner, page.id, "item", note="EU payments article", on=dt.date(2026, 11, 5))
    bank.got(owner, page.id, "introduction", on=dt.date(2026, 10, 2))
    return people.show(owner, page.id)


def test_the_list_shows_fifty_and_says_how_many_there_are(client: Client, village: Owner) -> None:
    page = source_of(client, reverse("people"))
    total = people.search(village).total
    assert page.count("data-card") == 50
    assert f"1–50 of {total}" in page
    second = source_of(client, reverse("people") + "?sort=warmth&offset=50")
    assert "51–" in second


@pytest.mark.parametrize("query", ["", "?sort=name", "?q=person", "?state=alive", "?tweeners=1"])
def test_the_list_costs_no_more_queries_for_more_people(client: Client, owner: Owner, query: str) -> None:
    def add(number: int) -> None:
        page = editing.add(owner, f"Person {number}", email=f"p{number}@example.org")
        editing.tag(owner, page.id, "friendly")
        editing.add_job(owner, page.id, "Meridian")
        capturing.spoke(owner, page.id, on=dt.date(2026, 11, 2))
        capturing.log(owner, f"promised Person {number} to send the paper", choices={f"Person {number}": page.id})

    for number in range(100, 103):
        add(number)
    few = count_queries(client, reverse("people") + query)
    for number in range(103, 113):
        add(number)
    assert count_queries(client, reverse("people") + query) == few


def test_search_and_filters_narrow_the_list(client: Client, village: Owner) -> None:
    somebody = people.search(village, sort="name").people[0]
    page = source_of(client, reverse("people") + f"?q={somebody.name}")
    assert reverse("person", args=[somebody.id]) in page
    for state in ("alive", "cooling", "cold", "dormant"):
        assert source_of(client, reverse("people") + f"?state={state}").count("data-card") == min(
            50, people.search(village, state=state).total
        )


def test_nobody_found_offers_a_way_on(client: Client, village: Owner) -> None:
    page = source_of(client, reverse("people") + "?q=zzzzzz")
    assert "Nobody fits" in page
    assert reverse("met") + "?name=zzzzzz" in page


@pytest.mark.parametrize(
    "query", ["stage=99", "stage=x", "state=hot", "sort=debt", "offset=-5", "offset=99999999", "q=%00"]
)
def test_nonsense_in_the_address_of_the_list_is_left_out(client: Client, village: Owner, query: str) -> None:
    assert client.get(reverse("people") + "?" + query).status_code == 200


def test_the_page_of_a_person_shows_all_parts(client: Client, frank: PersonPage) -> None:
    page = source_of(client, reverse("person", args=[frank.id]))
    for words in (
        "Frank Okafor",
        "frank@example.org",
        "Lagos",
        "Given and got",
        "How they see you",
        "Timeline",
        "Call",
    ):
        assert words in page
    assert 'aria-current="step"' in page
    assert page.index("EU payments article") < page.index("You got: introduction")


def test_everybody_in_the_village_has_a_page(client: Client, village: Owner) -> None:
    for offset in (0, 50, 100):
        for person in people.search(village, sort="name", limit=50, offset=offset).people[::5]:
            assert person.name in source_of(client, reverse("person", args=[person.id])).replace("&#x27;", "'")


def test_somebody_elses_person_is_not_there(client: Client, stranger: Owner) -> None:
    theirs = editing.add(stranger, "Hidden Person")
    assert client.get(reverse("person", args=[theirs.id])).status_code == 404
    assert client.post(reverse("tag", args=[theirs.id]), {"tag": "seen"}).status_code == 404
    assert people.show(stranger, theirs.id).tags == []


def test_what_was_spoken_about_lands_on_the_timeline_and_can_be_taken_back_there(
    client: Client, owner: Owner, frank: PersonPage
) -> None:
    address = reverse("person", args=[frank.id])
    sent = {"channel": "meeting", "minutes": "60", "on": "2026-11-20", "note": "The move to Lagos"}
    client.post(reverse("spoke", args=[frank.id]), sent)
    assert people.show(owner, frank.id).last_contact_on == dt.date(2026, 11, 20)
    line = section(source_of(client, address), 'datetime="2026-11-20"', "</li>")
    assert "The move to Lagos" in line
    assert "60 min" in line
    undo = "/batches" + line.split('href="/batches')[1].split('"')[0]
    page = source_of(client, undo)
    assert f'name="next" value="{address}"' in page
    client.post(undo.split("?")[0], {"next": address})
    assert "The move to Lagos" not in source_of(client, address)


def test_what_was_imported_is_not_taken_back_line_by_line(client: Client, village: Owner) -> None:
    pages = (people.show(village, row.id) for row in people.search(village, sort="last").people)
    somebody = next(page for page in pages if any(line.batch for line in page.interactions))
    timeline_part = section(source_of(client, reverse("person", args=[somebody.id])), 'id="timeline"')
    assert "/undo" not in timeline_part


def test_one_can_write_and_call_from_the_page(client: Client, frank: PersonPage) -> None:
    client.post(reverse("add_identity", args=[frank.id]), {"value": "+43 1 234 5678"})
    client.post(reverse("tag", args=[frank.id]), {"tag": "R&D"})
    page = source_of(client, reverse("person", args=[frank.id]))
    assert page.count('href="mailto:frank@example.org"') == 2
    assert 'href="tel:+4312345678"' in page
    assert f'href="{reverse("people")}?q=R%26D"' in page


@pytest.mark.parametrize(("typed", "names"), [("fra", ["Frank Okafor"]), ("", []), ("zzz", [])])
def test_names_are_offered_while_one_types(
    client: Client, owner: Owner, stranger: Owner, frank: PersonPage, typed: str, names: list[str]
) -> None:
    editing.add(stranger, "Franca Hidden")
    editing.add_job(owner, frank.id, "Meridian")
    offered = client.get(reverse("people_names"), {"q": typed}).json()["names"]
    assert offered == [{"name": name, "about": f"{name}, Meridian"} for name in names]


def test_of_two_with_one_name_the_id_is_offered(client: Client, owner: Owner, frank: PersonPage) -> None:
    other = editing.add(owner, frank.name)
    offered = client.get(reverse("people_names"), {"q": "frank"}).json()["names"]
    assert {one["name"] for one in offered} == {frank.id, other.id}


def test_a_date_of_which_not_all_is_known_is_written_as_one_says_it() -> None:
    said = {
        "1973-12-04": "4 December 1973", "--12-04": "4 December", "1973-12": "December 1973", "1973": "1973",
        "some spring": "some spring",
    }  # fmt: skip
    assert {text: partial_date(text) for text in said} == said


def test_fields_are_edited_in_place_and_unticked_boxes_are_understood(
    client: Client, owner: Owner, frank: PersonPage
) -> None:
    sent = {
        "name": "Frank O. Okafor",
        "place": "Vienna",
        "note": "likes tea",
        "nicknames": "Frankie, Fra",
        "liking": "4",
    }
    client.post(reverse("edit", args=[frank.id]), sent | {"is_kin": "1", "marks": ["is_kin", "is_key"]})
    page = people.show(owner, frank.id)
    assert (page.name, page.place, page.note, page.liking) == ("Frank O. Okafor", "Vienna", "likes tea", 4)
    assert page.nicknames == ["Frankie", "Fra"]
    assert (page.is_kin, page.is_key) == (True, False)
    client.post(reverse("edit", args=[frank.id]), {"marks": ["is_kin"], "liking": "0"})
    page = people.show(owner, frank.id)
    assert (page.is_kin, page.liking, page.place) == (False, None, "Vienna")


def test_tags_identities_jobs_and_topics_are_added_and_taken_away(
    client: Client, owner: Owner, frank: PersonPage
) -> None:
    client.post(reverse("tag", args=[frank.id]), {"tag": "fintech"})
    client.post(reverse("add_identity", args=[frank.id]), {"value": "+43 1 234 5678"})
    client.post(reverse("add_job", args=[frank.id]), {"organisation": "Meridian", "role": "Head of Product"})
    client.post(reverse("add_topic", args=[frank.id]), {"kind": "interest", "text": "slow running"})
    page = source_of(client, reverse("person", args=[frank.id]))
    assert all(words in page for words in ("fintech", "Meridian", "slow running", "+43 1 234 5678"))
    client.post(reverse("untag", args=[frank.id]), {"tag": "fintech"})
    client.post(reverse("remove_identity", args=[frank.id]), {"value": "+43 1 234 5678"})
    view = people.show(owner, frank.id)
    assert view.tags == []
    assert [item.value for item in view.identities] == ["frank@example.org"]


def test_what_cannot_be_an_address_is_refused_where_the_page_is(client: Client, frank: PersonPage) -> None:
    response = client.post(reverse("add_identity", args=[frank.id]), {"value": "???"}, headers={"hx-request": "true"})
    assert response.status_code == 400
    assert "neither an e-mail" in response.content.decode()


def test_given_and_got_are_entered_and_undone(client: Client, owner: Owner, frank: PersonPage) -> None:
    before = len(frank.ledger)
    sent = {"direction": "got", "kind": "advice", "size": "3", "note": "on pricing"}
    response = client.post(reverse("bank_entry", args=[frank.id]), sent, follow=True)
    view = people.show(owner, frank.id)
    assert [entry.note for entry in view.ledger if entry.size == 3 and entry.kind == "advice"] == ["on pricing"]
    undo = reverse("batch_undo", args=[view.ledger[0].batch])
    assert undo in response.content.decode()
    client.post(undo)
    assert len(people.show(owner, frank.id).ledger) == before


def test_the_balance_of_a_friend_is_hidden_until_asked_for(client: Client, owner: Owner, frank: PersonPage) -> None:
    client.post(reverse("stage_place", args=[frank.id]), {"stage": "7", "why": "old friends"})
    address = reverse("person", args=[frank.id])
    assert "nobody keeps count" in source_of(client, address)
    client.post(reverse("edit", args=[frank.id]), {"marks": "shows_balance", "shows_balance": "1"})
    assert "nobody keeps count" not in source_of(client, address)


def test_a_proposed_stage_is_confirmed_or_declined(client: Client, village: Owner) -> None:
    pages = (people.show(village, row.id) for row in people.search(village, sort="stage", limit=150).people)
    first, second = itertools.islice((page for page in pages if page.proposal), 2)
    assert first.proposal
    assert reverse("stage_confirm", args=[first.id]) in source_of(client, reverse("person", args=[first.id]))
    client.post(reverse("stage_confirm", args=[first.id]))
    assert people.show(village, first.id).stage == first.proposal.to_stage
    client.post(reverse("stage_decline", args=[second.id]))
    after = people.show(village, second.id)
    assert (after.stage, after.proposal) == (second.stage, None)


def test_letting_go_and_the_trash_can_be_taken_back(client: Client, owner: Owner, frank: PersonPage) -> None:
    response = client.post(reverse("archive", args=[frank.id]), follow=True)
    assert reverse("unarchive", args=[frank.id]) in response.content.decode()
    assert people.show(owner, frank.id).standing == "archived"
    client.post(reverse("unarchive", args=[frank.id]))
    response = client.post(reverse("trash", args=[frank.id]), follow=True)
    assert reverse("untrash", args=[frank.id]) in response.content.decode()
    client.post(reverse("untrash", args=[frank.id]))
    assert people.show(owner, frank.id).standing == "kept"


def test_more_of_a_long_timeline_is_loaded_on_demand(client: Client, owner: Owner, frank: PersonPage) -> None:
    for day in range(1, 31):
        capturing.spoke(owner, frank.id, on=dt.date(2026, 9, day))
    address = reverse("person", args=[frank.id])
    assert source_of(client, address).count("<time ") == 25
    assert "?shown=50" in source_of(client, address)
    assert source_of(client, address + "?shown=50").count("<time ") == 33
    assert client.get(address + "?shown=nonsense").status_code == 200


def test_timeline_is_newest_first_and_merges_all_kinds(frank: PersonPage) -> None:
    lines = timeline.entries(frank)
    assert [line.on for line in lines] == sorted((line.on for line in lines), reverse=True)
    assert {"gave", "got", ""} <= {line.tone for line in lines}


def test_the_line_of_warmth_stays_in_its_box() -> None:
    day = dt.date(2026, 1, 1)
    chart = charts.warmth_line([(day, -0.5), (day + dt.timedelta(days=5), 0.5), (day + dt.timedelta(days=10), 7.0)])
    assert chart is not None
    assert chart["line"] == "0.0,100.0 300.0,50.0 600.0,0.0"
    assert [label.day for label in chart["labels"]] == [1, 6, 11]
    assert charts.warmth_line([(day, 0.5)]) is None
    assert charts.warmth_line([(day, 0.5), (day, 0.6)]) is not None
