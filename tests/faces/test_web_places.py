"""Places and trips in the browser: who is there, whom to see, whom to keep."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from kithbook.services import places
from kithbook.store.models import Owner, Person, Trip
from tests.faces.pages import source_of
from tests.faces.test_web_objectives import post
from tests.services.factories import person, talk
from tests.services.helpers import key, place


def test_an_empty_page_says_how_it_fills(client: Client, owner: Owner) -> None:
    page = source_of(client, reverse("places"))
    assert "No place is noted yet" in page
    assert "Say where you go next" in page


def test_who_is_in_a_place(client: Client, owner: Owner) -> None:
    """R49: a town however it is written, from the table or typed."""
    ada = person(owner, "Ada Berg", place="Lyon, France")
    person(owner, "Bea Berg", place="Graz")
    page = source_of(client, reverse("places") + "?place=lyon")
    section = page.split('id="there"')[1].split("<table")[0]
    assert reverse("person", args=[key(ada)]) in section
    assert "Bea Berg" not in section
    assert "1 person in lyon" in section


def test_a_trip_from_the_form_to_whom_to_see(client: Client, owner: Owner) -> None:
    """R49: the trip's page names the warm with a light thing to do."""
    ada = person(owner, "Ada Berg", place="Lyon")
    talk(owner, ada, 60, 30, 5)
    page = post(client, "trip_add", place="Lyon, France", starts_on="2026-12-10", ends_on="2026-12-14", kind="visit")
    section = page.split('id="warm"')[1].split("</section>")[0]
    assert "Suggest a coffee around 10 December." in section
    trip = places.listing(owner).trips[0].id
    post(client, "trip_edit", trip, place="Graz", starts_on="2026-12-11", ends_on="", kind="visit", note="by train")
    row = Trip.objects.of(owner).get()
    assert (row.place, str(row.starts_on), row.note) == ("Graz", "2026-12-11", "by train")
    assert "Nobody you know there yet" in source_of(client, reverse("trip", args=[trip]))
    post(client, "trip_drop", trip)
    assert not Trip.objects.of(owner).exists()


def test_moving_keeps_those_left_behind_lightly(client: Client, owner: Owner) -> None:
    """R49: the keep list of the old place, and one button for a light rhythm; undo takes it back."""
    ada = place(owner, person(owner, "Ada Berg", place="Vienna"), 5)
    talk(owner, ada, 60, 30, 5)
    post(client, "home_place", place="Wien")
    page = post(client, "trip_add", place="Lisbon", starts_on="2027-03-01", ends_on="", kind="moving")
    assert "To keep in Wien" in page
    trip = places.listing(owner).trips[0].id
    page = post(client, "trip_keep", trip)
    assert Person.objects.of(owner).get(pk=ada.pk).rhythm_days == 182
    undo = page.split("/batches/")[1].split("/undo")[0]
    post(client, "batch_undo", undo)
    assert Person.objects.of(owner).get(pk=ada.pk).rhythm_days is None


def test_a_strange_trip_is_refused_in_words(client: Client, owner: Owner) -> None:
    for data in ({"place": "Lyon"}, {"place": "…", "starts_on": "2026-12-10", "kind": "visit"}):
        response = client.post(reverse("trip_add"), data)
        assert response.status_code == 400
        assert "DOCTYPE" in response.content.decode().upper()
    assert not Trip.objects.of(owner).exists()


def test_every_place_of_the_village_can_be_opened(client: Client, village: Owner) -> None:
    """R49: each place in the table leads to its people."""
    for item in places.listing(village).places[:4]:
        page = source_of(client, reverse("places") + f"?place={item.name}")
        found = places.who(village, item.name)
        assert found.total == item.people
        assert all(reverse("person", args=[one.person.id]) in page for one in found.people)
