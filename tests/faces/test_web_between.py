"""In between, in the browser: decide, take back, go through the whole list; reasons and rhythm on a person's page."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import between, capturing, editing, people, weeks
from kithbook.store.models import Owner, Person, ReviewDecision
from tests.faces.pages import text_of
from tests.services.factories import person, talk
from tests.services.helpers import MONDAY, key, place, set_clock


@pytest.fixture(autouse=True)
def _monday(_fixed_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, MONDAY)


def tweener(owner: Owner, name: str) -> Person:
    who = place(owner, person(owner, name), 2)
    editing.add_identity(owner, key(who), f"{name.split(maxsplit=1)[0].lower()}@example.org")
    talk(owner, who, *(120 + 30 * n for n in range(6)))
    return who


def test_an_empty_page_says_what_it_is_for(client: Client, owner: Owner) -> None:
    page = text_of(client, reverse("between"))
    assert "Nobody is slipping away" in page
    assert "silent for three years or more" in page


def test_keeping_somebody_puts_them_into_the_plan_and_off_the_list(client: Client, owner: Owner) -> None:
    """R24, R40: the weekly review is done on its page."""
    who = tweener(owner, "Kira Bleibt")
    page = text_of(client, reverse("between"))
    assert "Kira Bleibt" in page
    assert "Nothing since 26 July; about 30 days between two were usual." in page
    assert "mailto:kira@example.org" in page
    answer = client.post(reverse("between_decide", args=[key(who)]), {"decision": "keep"}, follow=True)
    shown = html.unescape(answer.content.decode())
    assert "Kira Bleibt stays. They are in the plan of this week" in shown
    assert "1 of 5 this week" in shown
    assert "Nobody is slipping away" in shown
    assert any("You decided to keep this tie." in one.why for one in weeks.week(owner).touches)


@pytest.mark.parametrize("decision", ["keep", "lighten", "let_go"])
def test_each_decision_has_an_undo_that_works(client: Client, owner: Owner, decision: str) -> None:
    """R27: letting go is as easy to take back as to do."""
    who = tweener(owner, "Rita Zurueck")
    answer = client.post(reverse("between_decide", args=[key(who)]), {"decision": decision}, follow=True)
    undo = re.search(r'action="(/between/undo/[^"]+)"', answer.content.decode())
    assert undo
    client.post(undo[1])
    who.refresh_from_db()
    assert (who.standing, who.rhythm_days) == ("kept", None)
    assert "Rita Zurueck" in text_of(client, reverse("between"))


def test_let_go_is_listed_and_taken_back_from_the_page(client: Client, owner: Owner) -> None:
    """R27: archived, not lost."""
    who = tweener(owner, "Gerd Fort")
    client.post(reverse("between_decide", args=[key(who)]), {"decision": "let_go"})
    assert "Gerd Fort" in text_of(client, reverse("between"))
    assert "Gerd Fort" in text_of(client, reverse("people") + "?q=gerd")
    client.post(reverse("unarchive", args=[key(who)]), {"next": reverse("between")})
    assert people.show(owner, key(who)).standing == "kept"


def test_nonsense_decides_nothing(client: Client, owner: Owner) -> None:
    who = tweener(owner, "Kira Bleibt")
    client.post(reverse("between_decide", args=[key(who)]), {"decision": "sell"})
    assert client.get(reverse("between") + "?scope=x&more=-3").status_code == 200
    assert client.get(reverse("between") + "?more=99999").status_code == 200
    assert not ReviewDecision.objects.of(owner).exists()


def test_the_whole_list_and_five_more(client: Client, owner: Owner) -> None:
    """R40: a list review of everybody, in steps."""
    for number in range(7):
        tweener(owner, f"Anna{number} Viele")
    page = text_of(client, reverse("between") + "?scope=everyone")
    assert page.count('name="decision" value="keep"') == between.A_WEEK
    more = re.search(r'href="(\?more=\d+[^"]*)"', page)
    assert more
    assert text_of(client, reverse("between") + more[1]).count('name="decision" value="keep"') == 7


def test_somebody_elses_people_are_not_there(client: Client, stranger: Owner) -> None:
    who = tweener(stranger, "Hidden Person")
    assert "Hidden Person" not in text_of(client, reverse("between") + "?scope=everyone")
    answer = client.post(reverse("between_decide", args=[key(who)]), {"decision": "let_go"})
    assert answer.status_code == 404
    assert people.show(stranger, key(who)).standing == "kept"


def test_a_person_has_reasons_with_a_draft_that_opens_in_the_mail_program(client: Client, owner: Owner) -> None:
    """R44, R68: the reasons stand on the page, with a draft to finish; nothing is sent from here."""
    who = tweener(owner, "Ada Berger")
    editing.note_topic(owner, key(who), "interest", "sailing")
    before = people.show(owner, key(who)).interactions_total
    page = text_of(client, reverse("person", args=[key(who)]))
    assert "Ada is interested in sailing, noted 23 November." in page
    link = re.search(r'href="(mailto:[^"]+[?][^"]+)"', page)
    assert link
    parts = urlsplit(link[1])
    assert parts.path == "ada@example.org"
    assert "[What you found, and why it made you think of them.]" in parse_qs(parts.query)["body"][0]
    assert "If neither of you writes" in page
    assert people.show(owner, key(who)).interactions_total == before


def test_a_rhythm_is_chosen_on_the_page(client: Client, owner: Owner) -> None:
    """R41: how often one wants to be in touch with this person."""
    who = tweener(owner, "Ada Berger")
    client.post(reverse("rhythm", args=[key(who)]), {"days": "60"})
    who.refresh_from_db()
    assert who.rhythm_days == 60
    assert '<option value="60" selected>' in text_of(client, reverse("person", args=[key(who)]))
    client.post(reverse("rhythm", args=[key(who)]), {"days": "0"})
    who.refresh_from_db()
    assert who.rhythm_days is None


def test_a_dormant_tie_is_offered_and_leaves_when_written_to(client: Client, owner: Owner) -> None:
    """R62: an opener for a strong tie after a decade."""
    who = place(owner, person(owner, "Otto Alt", met_where="the choir"), 5)
    talk(owner, who, *(3650 + 20 * n for n in range(12)))
    page = text_of(client, reverse("between"))
    assert "Say plainly that it has been 10 years" in page
    capturing.log(owner, "call with Otto Alt today")
    assert "Otto Alt" not in text_of(client, reverse("between"))
