"""Events and groups in the browser: roster and brief, talks noted on the spot, follow-up, stepping up."""

from __future__ import annotations

import datetime as dt

from django.test import Client
from django.urls import reverse

from kithbook.core.ids import from_text
from kithbook.services import events, groups
from kithbook.store.models import Attendance, Group, Interaction, LedgerEntry, Owner, Person, Topic
from tests.faces.pages import source_of
from tests.faces.test_web_objectives import post
from tests.services.factories import person, talk
from tests.services.helpers import key, place

TODAY = dt.date(2026, 11, 21)


def test_an_empty_page_says_how_it_fills(client: Client, owner: Owner) -> None:
    page = source_of(client, reverse("events"))
    assert "No event yet" in page
    assert "Associations, clubs, boards, teams" in page


def test_from_a_new_event_to_its_roster(client: Client, owner: Owner) -> None:
    """R46: note an event, paste the list, look at who is known and who is new, put them on it."""
    ada, twin, other = (person(owner, name) for name in ("Ada Berg", "Anna Stern", "Anna Stern"))
    page = post(client, "event_add", name="Design Week", on="2026-12-03", place="Vienna", note="", group="")
    event = events.listing(owner).ahead[0].id
    assert "Who will be there" in page
    assert "Talked to them" not in page
    page = post(client, "event_read", event, names="Ada Berg - Meridian\nAnna Stern\nGrace Hopper")
    assert not Attendance.objects.of(owner).exists()
    panel = page.split('id="names"')[1].split("</section>")[0]
    assert f'name="person" value="{key(ada)}" checked' in panel
    assert all(f'value="{key(one)}"' in panel for one in (twin, other))
    assert 'name="new" value="Grace Hopper"' in panel
    page = post(client, "event_roster", event, person=[key(ada), ""], new=["Grace Hopper"])
    assert [one.person.name for one in events.show(owner, event).roster] == ["Ada Berg", "Grace Hopper"]
    assert "On the list: 2 people." in page
    page = post(client, "event_leave_out", event, person=key(ada))
    assert [one.person.name for one in events.show(owner, event).roster] == ["Grace Hopper"]


def test_a_brief_on_everybody_is_on_the_page(client: Client, owner: Owner) -> None:
    """R46: interests, open loops, last contact and a question for each."""
    ada = person(owner, "Ada Berg", place="Graz")
    talk(owner, ada, 40)
    Topic.objects.create(owner=owner, person=ada, kind="interest", text="night trains", noted_on=TODAY)
    view = events.add(owner, "Design Week", on=dt.date(2026, 12, 3))
    events.roster(owner, view.event.id, people=[key(ada)])
    page = source_of(client, reverse("event", args=[view.event.id]))
    for words in ("night trains", "Graz", "Ask what is new in night trains."):
        assert words in page


def test_a_talk_with_somebody_new_is_noted_at_the_event(client: Client, owner: Owner) -> None:
    """R75, R46: name, interests, needs, goals and promise in one form; the three steps begin; undo takes all back."""
    event = events.add(owner, "Design Week", on=TODAY).event.id
    page = post(
        client, "event_encounter", event, person="Grace Hopper", new="1", note="Builds compilers",
        interests="sailing, clocks", needs="a tester", goals="a new language", promised="the paper",
        promised_for="2026-11-27",
    )  # fmt: skip
    assert "1 talked to" in page
    row = Person.objects.of(owner).get(name="Grace Hopper")
    assert row.follows_up
    assert set(Topic.objects.of(owner).values_list("text", flat=True)) == {
        "sailing", "clocks", "a tester", "a new language",
    }  # fmt: skip
    assert "the paper" in page
    batch = Interaction.objects.of(owner).get().batch_id
    assert batch
    from kithbook.core.ids import to_text

    post(client, "batch_undo", to_text(batch))
    assert not Person.objects.of(owner).exists()


def test_a_talk_with_somebody_on_the_list_and_taking_it_back(client: Client, owner: Owner) -> None:
    """R78, R46: one exchange a person and day, from the list itself."""
    ada = person(owner, "Ada Berg")
    talk(owner, ada, 90)
    event = events.add(owner, "Design Week", on=TODAY).event.id
    events.roster(owner, event, people=[key(ada)])
    assert "Talked to them" in source_of(client, reverse("event", args=[event]))
    post(client, "event_encounter", event, person=key(ada), note="In the queue")
    page = post(client, "event_encounter", event, person=key(ada), note="At dinner")
    assert "In the queue<br>At dinner" in page
    assert Interaction.objects.of(owner).filter(channel="event").count() == 1
    post(client, "event_take_back", event, person=key(ada))
    assert not Interaction.objects.of(owner).filter(channel="event").exists()
    assert [one.met for one in events.show(owner, event).roster] == [False]


def test_a_name_that_nobody_has_is_answered_with_what_to_do(client: Client, owner: Owner) -> None:
    event = events.add(owner, "Design Week", on=TODAY).event.id
    response = client.post(reverse("event_encounter", args=[event]), {"person": "Grace Hopper"})
    assert response.status_code == 404
    assert "Say that they are new" in response.content.decode()
    assert not Person.objects.of(owner).exists()


def test_events_without_follow_up_are_listed(client: Client, owner: Owner) -> None:
    """R113: the event and what it was worth; after a word within two weeks it is not there."""
    ada = person(owner, "Ada Berg")
    for days, name in ((40, "Faded Fair"), (100, "Lively Fair")):
        view = events.add(owner, name, on=TODAY - dt.timedelta(days=days))
        events.encounter(owner, view.event.id, key(ada))
    talk(owner, ada, 95)
    faded = source_of(client, reverse("events")).split('id="faded"')[1].split("</section>")[0]
    assert "Faded Fair" in faded
    assert "Lively Fair" not in faded


def test_a_coffee_is_proposed_to_those_not_seen(client: Client, owner: Owner) -> None:
    """R45: on the same page, with when they were last seen."""
    ada = place(owner, person(owner, "Ada Berg"), 4)
    talk(owner, ada, 60, 30, 10)
    section = source_of(client, reverse("events")).split('id="coffee"')[1].split("</section>")[0]
    assert "Ada Berg" in section
    assert "Suggest a coffee or a lunch." in section
    talk(owner, ada, 1, channel="meeting")
    assert 'id="coffee"' not in source_of(client, reverse("events"))


def test_an_event_is_changed_and_taken_away(client: Client, owner: Owner) -> None:
    event = events.add(owner, "Design Week", on=TODAY).event.id
    post(client, "event_edit", event, name="Design Days", on="2026-11-20", place="Graz", note="Bring cards", group="")
    page = source_of(client, reverse("event", args=[event]))
    assert "Design Days" in page
    assert "Bring cards" in page
    post(client, "event_drop", event)
    assert events.listing(owner).total == 0


def test_a_group_from_the_first_note_to_a_deposit(client: Client, owner: Owner) -> None:
    """R114: my role, members with theirs, and what I do for it, in the browser."""
    ada = person(owner, "Ada Berg")
    page = post(client, "group_add", name="Design Circle", kind="association", my_role="member")
    group = groups.listing(owner)[0].id
    page = post(client, "group_join", group, person="Ada", role="chair")
    assert "Chair" in page
    page = post(client, "group_give", group, text="wrote the minutes", size="2", on="")
    assert "wrote the minutes" in page
    assert LedgerEntry.objects.of(owner).get().group_id == from_text(group)
    post(client, "group_edit", group, name="Design Circle", kind="", my_role="organiser", note="")
    assert Group.objects.of(owner).get().my_role == "organiser"
    post(client, "group_leave", group, person=key(ada))
    assert groups.show(owner, group).members == []


def test_a_step_up_is_on_the_page_of_groups(client: Client, village: Owner) -> None:
    """R114: the demo network's coworking house: a member for long, with warm ties."""
    steps = groups.step_ups(village)
    assert steps
    page = source_of(client, reverse("groups"))
    for step in steps:
        assert step.why in page.replace("&#x27;", "'")
        assert reverse("group", args=[step.group]) in page
        assert step.role in source_of(client, reverse("group", args=[step.group]))


def test_past_events_come_in_pages(client: Client, village: Owner) -> None:
    first = source_of(client, reverse("events"))
    assert "Older" in first
    second = source_of(client, reverse("events") + "?offset=12")
    shown = events.listing(village, 12, 12).past
    assert all(reverse("event", args=[one.id]) in second for one in shown)
