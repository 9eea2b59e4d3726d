"""To pass on, in the browser: keep, send, refuse, put away; feeds and lists of feeds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kithbook.services import clips, editing, feeds, people
from kithbook.store.models import ClipUse, Feed, Owner, Person
from tests.faces.commanding import in_process
from tests.faces.pages import text_of
from tests.services.factories import person
from tests.services.helpers import key
from tests.sources import feedserver


@pytest.fixture
def ben(owner: Owner) -> Person:
    who = person(owner, "Ben Ito")
    editing.add_identity(owner, key(who), "ben@example.org")
    editing.note_topic(owner, key(who), "interest", "sailing")
    return who


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    with feedserver.serving() as found:
        yield found


@pytest.fixture
def server(running: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(feeds.ALLOW_PRIVATE, "1")
    return running


def undo_in(text: str) -> str:
    found = re.search(r'class="notice done".*?action="([^"]+)"', text, re.DOTALL)
    assert found
    return found[1]


def test_a_link_is_kept_in_one_field_and_suggested(client: Client, owner: Owner, ben: Person) -> None:
    """R76, R77: paste a link, see whom it suits and why."""
    assert "Nothing to pass on yet" in text_of(client, reverse("clips"))
    answer = client.post(reverse("clip_add"), {"text": "https://example.org/winter-sailing", "note": "x"}, follow=True)
    page = html.unescape(answer.content.decode())
    assert "Winter sailing (example.org)" in page
    assert "Ben is interested in sailing, noted 21 November." in page
    assert "mailto:ben@example.org?subject=Winter%20sailing" in page
    client.post(undo_in(page))
    assert clips.listing(owner).total == 0
    assert "Winter sailing" in text_of(client, reverse("clips") + "?away=1")


def test_sent_is_one_click_and_taken_back_with_one(client: Client, owner: Owner, ben: Person) -> None:
    """R77: a small deposit counts and is logged by one click."""
    clip = clips.add(owner, "Sailing in winter")
    answer = client.post(reverse("clip_sent", args=[clip.id]), {"person": key(ben)}, follow=True)
    page = html.unescape(answer.content.decode())
    assert "sent to Ben Ito today" in page
    assert [entry.kind for entry in people.show(owner, key(ben)).ledger] == ["item"]
    client.post(undo_in(page))
    assert people.show(owner, key(ben)).ledger == []
    assert clips.listing(owner).clips[0].sent == []


def test_not_for_them_and_put_away(client: Client, owner: Owner, ben: Person) -> None:
    clip = clips.add(owner, "Sailing in winter")
    client.post(reverse("clip_not_for_them", args=[clip.id]), {"person": key(ben)})
    assert clips.listing(owner).clips[0].suggested == []
    client.post(reverse("clip_dismiss", args=[clip.id]))
    assert clips.listing(owner).total == 0
    client.post(reverse("clip_restore", args=[clip.id]))
    assert clips.listing(owner).total == 1


def test_a_clip_goes_to_somebody_else_by_name(client: Client, owner: Owner, ben: Person) -> None:
    person(owner, "Mia Meer")
    clip = clips.add(owner, "Nothing that is noted")
    assert "You may know better" in text_of(client, reverse("clip", args=[clip.id]))
    client.post(reverse("clip_sent", args=[clip.id]), {"person": "Mia"})
    assert ClipUse.objects.of(owner).get().person.name == "Mia Meer"


def test_a_long_list_has_pages(client: Client, owner: Owner) -> None:
    for number in range(23):
        clips.add(owner, f"Clip {number}")
    assert text_of(client, reverse("clips")).count("data-card") == 20
    assert "21–23 of 23" in text_of(client, reverse("clips") + "?offset=20")
    assert client.get(reverse("clips") + "?offset=x").status_code == 200


def test_texts_from_outside_are_shown_as_text(client: Client, owner: Owner) -> None:
    clips.add(owner, "<script>alert(1)</script> https://example.org/x", note="<b>bold</b>")
    raw = client.get(reverse("clips")).content.decode()
    assert "<script>alert" not in raw
    assert "<b>bold" not in raw
    clip = clips.add(owner, "javascript:alert(1)")
    assert clip.url == ""


def test_a_stranger_has_no_clips_of_mine(client: Client, stranger: Owner) -> None:
    theirs = clips.add(stranger, "Hidden thing")
    assert "Hidden thing" not in text_of(client, reverse("clips"))
    assert client.get(reverse("clip", args=[theirs.id])).status_code == 404
    assert client.post(reverse("clip_dismiss", args=[theirs.id])).status_code == 404
    assert clips.listing(stranger).total == 1


def test_feeds_are_added_paused_looked_at_and_removed(client: Client, owner: Owner, server: Any) -> None:
    """R76: feeds bring things to pass on."""
    assert "No feeds yet" in text_of(client, reverse("feeds"))
    page = client.post(reverse("feed_add"), {"url": f"{server.url}/rss"}, follow=True).content.decode()
    assert "Boats &amp; maps: 3 clips." in page
    assert "Sailing in winter" in text_of(client, reverse("clips"))
    feed = feeds.listing(owner)[0]
    client.post(reverse("feed_switch", args=[feed.id]), {"on": "0"})
    assert not feeds.listing(owner)[0].is_on
    client.post(reverse("feed_switch", args=[feed.id]), {"on": "1"})
    Feed.objects.of(owner).update(url=f"{server.url}/missing")
    client.post(reverse("feed_refresh"))
    assert "The server answered with 404." in text_of(client, reverse("feeds"))
    client.post(reverse("feed_remove", args=[feed.id]))
    assert feeds.listing(owner) == []


def test_a_feed_of_the_own_network_is_refused_in_words(
    client: Client, owner: Owner, running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(feeds.ALLOW_PRIVATE, raising=False)
    before = len(running.seen)
    answer = client.post(reverse("feed_add"), {"url": f"{running.url}/rss"})
    assert "private network" in answer.content.decode()
    assert len(running.seen) == before
    assert feeds.listing(owner) == []


def test_a_list_of_feeds_comes_in_and_goes_out_as_a_file(client: Client, owner: Owner) -> None:
    data = b'<opml version="2.0"><body><outline text="Sails" xmlUrl="https://example.org/sails.xml"/></body></opml>'
    page = client.post(
        reverse("opml_import"), {"file": SimpleUploadedFile("feeds.opml", data)}, follow=True
    ).content.decode()
    assert "1 feed was added." in page
    answer = client.get(reverse("opml_export"))
    assert "attachment" in answer["Content-Disposition"]
    assert b'xmlUrl="https://example.org/sails.xml"' in answer.content
    client.post(undo_in(page))
    assert feeds.listing(owner) == []
    for wrong in (b"<html/>", b"x" * 1_000_001):
        assert client.post(reverse("opml_import"), {"file": SimpleUploadedFile("x", wrong)}).status_code >= 400
    assert client.post(reverse("opml_import")).status_code >= 400


def test_a_clip_is_kept_from_the_command_line(owner: Owner, ben: Person, capsys: pytest.CaptureFixture[str]) -> None:
    """R77: one line is enough."""
    said = in_process(capsys, "clip", "https://example.org/s", "Sailing", "in", "winter", "--note", "for the club")
    assert said.code == 0
    assert "Sailing in winter" in said.out
    assert "Ben is interested in sailing, noted 21 November." in said.out
    again = in_process(capsys, "clip", "Maps", "--json").data
    assert (again["title"], again["suggested"]) == ("Maps", [])
    assert clips.listing(owner).total == 2
