"""Feeds that the owner added, against a real server: only those, only what is new, errors as one sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from kithbook.core.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from kithbook.core.feeds import MOST_KEPT
from kithbook.services import batches, clips, editing, feeds
from kithbook.store.models import Clip, Feed, Owner
from tests.services.factories import person
from tests.services.helpers import key, set_clock
from tests.sources import feedserver

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[Any]:
    with feedserver.serving() as found:
        yield found


@pytest.fixture
def server(running: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv(feeds.ALLOW_PRIVATE, "1")
    running.seen.clear()
    return running


def hours_later(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    set_clock(monkeypatch, (NOW + dt.timedelta(hours=hours)).isoformat())


def test_a_feed_brings_clips_that_are_matched_to_people(owner: Owner, server: Any) -> None:
    """R76: what one reads anyway is matched to what matters to people."""
    ben = person(owner, "Ben Ito")
    editing.note_topic(owner, key(ben), "interest", "sailing")
    view = feeds.add(owner, f"{server.url}/rss")
    assert (view.title, view.clips, view.error) == ("Boats & maps", 3, "")
    first = clips.listing(owner).clips[0]
    assert (first.title, first.feed, first.note) == ("Sailing in winter", "Boats & maps", "Cold but clear.")
    assert [one.person.name for one in first.suggested] == ["Ben Ito"]
    assert first.noted_on == dt.date(2026, 11, 20)


def test_only_what_was_added_is_fetched_and_unchanged_feeds_answer_with_304(owner: Owner, server: Any) -> None:
    feeds.add(owner, f"{server.url}/rss")
    report = feeds.refresh(owner)
    assert (report.feeds, report.new_clips, report.failed) == (1, 0, [])
    assert {path for path, _ in server.seen} == {"/rss"}
    assert server.seen[-1][1]["If-None-Match"] == feedserver.ETAG


def test_a_private_address_is_refused_unless_the_installation_allows_it(
    owner: Owner, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(feeds.ALLOW_PRIVATE)
    for host in ("127.0.0.1", "localhost", "[::1]"):
        with pytest.raises(Refused, match="private network"):
            feeds.add(owner, f"http://{host}:{server.server_address[1]}/rss")
    assert server.seen == []
    assert not Feed.objects.of(owner).exists()


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("missing", Unavailable),
        ("page", Invalid),
        ("nothing", Invalid),
        ("oversize", Unavailable),
        ("error", Unavailable),
    ],
)
def test_what_is_no_feed_is_not_added(owner: Owner, server: Any, path: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        feeds.add(owner, f"{server.url}/{path}")
    assert not Feed.objects.of(owner).exists()


@pytest.mark.parametrize("url", ["", "ftp://example.org/x", "file:///etc/passwd", "javascript:alert(1)", "http://["])
def test_only_web_addresses_are_taken(owner: Owner, url: str) -> None:
    with pytest.raises(Invalid):
        feeds.add(owner, url)


def test_the_same_feed_is_added_once(owner: Owner, server: Any) -> None:
    feeds.add(owner, f"{server.url}/rss")
    with pytest.raises(Conflict):
        feeds.add(owner, f"{server.url}/rss")


def test_feeds_are_looked_at_about_hourly(owner: Owner, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    feeds.add(owner, f"{server.url}/rss")
    server.seen.clear()
    hours_later(monkeypatch, 0.9)
    assert feeds.refresh_due(owner).feeds == 0
    hours_later(monkeypatch, 1)
    assert feeds.refresh_due(owner).feeds == 1
    assert len(server.seen) == 1
    assert feeds.refresh_due(owner).feeds == 0


def test_failures_are_one_sentence_make_visits_rarer_and_are_forgotten(
    owner: Owner, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds.add(owner, f"{server.url}/rss")
    Feed.objects.of(owner).update(url=f"{server.url}/missing")
    hours_later(monkeypatch, 1)
    report = feeds.refresh_due(owner)
    assert report.failed == ["Boats & maps: The server answered with 404."]
    view = feeds.listing(owner)[0]
    assert view.failures == 1
    assert view.error.startswith("The server answered with 404. The feed may have moved")
    hours_later(monkeypatch, 2.5)
    assert feeds.refresh_due(owner).feeds == 0
    Feed.objects.of(owner).update(url=f"{server.url}/rss", etag="")
    hours_later(monkeypatch, 3)
    assert feeds.refresh_due(owner).failed == []
    view = feeds.listing(owner)[0]
    assert (view.failures, view.error) == (0, "")


def test_one_broken_feed_does_not_stop_the_others(owner: Owner, server: Any) -> None:
    feeds.add(owner, f"{server.url}/rss")
    Feed.objects.of(owner).update(url=f"{server.url}/oversize")
    feeds.add(owner, f"{server.url}/atom")
    Clip.objects.of(owner).filter(title="Über Pensionen").delete()
    report = feeds.refresh(owner)
    assert (report.feeds, report.new_clips, len(report.failed)) == (2, 1, 1)


def test_a_paused_feed_is_left_alone(owner: Owner, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    view = feeds.add(owner, f"{server.url}/rss")
    assert not feeds.switch(owner, view.id, on=False).is_on
    hours_later(monkeypatch, 5)
    server.seen.clear()
    assert feeds.refresh_due(owner).feeds == feeds.refresh(owner).feeds == 0
    assert server.seen == []
    feeds.switch(owner, view.id, on=True)
    assert feeds.refresh_due(owner).feeds == 1


def test_two_hundred_clips_of_a_feed_are_kept_and_those_that_were_used(
    owner: Owner, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = feeds.add(owner, f"{server.url}/many")
    assert view.clips == MOST_KEPT
    ben = person(owner, "Ben Ito")
    clips.sent(owner, clips.listing(owner).clips[0].id, key(ben))
    monkeypatch.setattr(feedserver, "rss_of", lambda count, first=0: _later(50))
    hours_later(monkeypatch, 1)
    assert feeds.refresh(owner).new_clips == 50
    assert feeds.listing(owner)[0].clips == MOST_KEPT + 1
    assert Clip.objects.of(owner).filter(uses__state="sent").count() == 1


def _later(count: int) -> bytes:
    items = "".join(
        f"<item><title>Later {n}</title><link>https://example.org/l/{n}</link></item>" for n in range(count)
    )
    return f'<rss version="2.0"><channel><title>Many</title>{items}</channel></rss>'.encode()


def test_what_was_put_away_does_not_come_back(owner: Owner, server: Any) -> None:
    feeds.add(owner, f"{server.url}/rss")
    clips.dismiss(owner, clips.listing(owner).clips[0].id)
    Feed.objects.of(owner).update(etag="", modified="")
    assert feeds.refresh(owner).new_clips == 0
    assert clips.listing(owner).total == 2


def test_removing_a_feed_keeps_what_was_sent(owner: Owner, server: Any) -> None:
    view = feeds.add(owner, f"{server.url}/rss")
    ben = person(owner, "Ben Ito")
    clips.sent(owner, clips.listing(owner).clips[0].id, key(ben))
    assert "2 clips went with it" in feeds.remove(owner, view.id).message
    assert feeds.listing(owner) == []
    assert Clip.objects.of(owner).get().feed is None


def test_adding_a_feed_is_taken_back_with_its_clips(owner: Owner, server: Any) -> None:
    feeds.add(owner, f"{server.url}/rss")
    batches.undo(owner, batches.listing(owner)[0].id)
    assert not Feed.objects.of(owner).exists()
    assert not Clip.objects.of(owner).exists()


def test_lists_of_feeds_come_in_and_go_out(owner: Owner, server: Any) -> None:
    feeds.add(owner, f"{server.url}/rss")
    text = feeds.export_opml(owner).text
    assert feeds.import_opml(owner, text).feeds == 0
    more = text.replace("/rss", "/atom").replace("Boats &amp; maps", "Pensionen")
    server.seen.clear()
    report = feeds.import_opml(owner, more)
    assert (report.feeds, server.seen) == (1, [])
    assert feeds.refresh_due(owner).new_clips == 1
    batches.undo(owner, str(report.batch))
    assert [view.title for view in feeds.listing(owner)] == ["Boats & maps"]
    with pytest.raises(Invalid):
        feeds.import_opml(owner, "<!DOCTYPE a [<!ENTITY b 'c'>]><opml/>")


def test_a_stranger_sees_and_touches_no_feed(owner: Owner, stranger: Owner, server: Any) -> None:
    view = feeds.add(owner, f"{server.url}/rss")
    assert feeds.listing(stranger) == []
    assert feeds.export_opml(stranger).feeds == 0
    server.seen.clear()
    assert feeds.refresh(stranger).feeds == feeds.refresh_due(stranger).feeds == 0
    assert server.seen == []
    with pytest.raises(NotFound):
        feeds.remove(stranger, view.id)
    with pytest.raises(NotFound):
        feeds.switch(stranger, view.id, on=False)
    with pytest.raises(NotFound):
        feeds.refresh(stranger, view.id)
    assert feeds.add(stranger, f"{server.url}/rss").clips == 3


def test_there_is_room_for_so_many_feeds(owner: Owner, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_FEEDS", 1)
    feeds.add(owner, f"{server.url}/rss")
    with pytest.raises(Refused):
        feeds.add(owner, f"{server.url}/atom")
