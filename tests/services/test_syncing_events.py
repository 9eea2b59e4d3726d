"""Calendars on a real server: meetings that took place, each once, also those that were still to come at first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from kithbook.services import accounts, batches
from kithbook.services.accountviews import AccountView
from kithbook.store.models import Account, Interaction, Owner, Person
from tests.liveservers import PASSWORD, USER, Radicale, radicale
from tests.services.helpers import set_clock

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)


def event(uid: str, day: str, *more: str, guest: str = "anna@example.org", name: str = "Anna Berger") -> str:
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", "BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z",
        f"DTSTART:{day}T100000Z", f"DTEND:{day}T110000Z", "SUMMARY:Coffee", f"ORGANIZER:mailto:{USER}",
        f"ATTENDEE;CN={name}:mailto:{guest}", *more, "END:VEVENT", "END:VCALENDAR", "",
    )  # fmt: skip
    return "\r\n".join(lines)


@pytest.fixture(scope="module")
def server() -> Iterator[Radicale]:
    with radicale() as found:
        yield found


@pytest.fixture
def calendar(server: Radicale, request: pytest.FixtureRequest) -> str:
    return server.make(f"c{abs(hash(request.node.name)) % 10**9}", "calendar")


@pytest.fixture
def account(owner: Owner, calendar: str) -> AccountView:
    accounts.add(owner, "imap", "imaps://mail.example.org", USER, PASSWORD)  # makes the owner's address known
    return accounts.add(owner, "caldav", calendar, USER, PASSWORD, name="Meetings")


def put(server: Radicale, calendar: str, uid: str, text: str) -> None:
    assert server.call("PUT", f"{calendar}{uid}.ics", text, Content_Type="text/calendar")[0] in (201, 204)


def test_meetings_come_once_and_later_those_that_were_still_to_come(
    owner: Owner, server: Radicale, calendar: str, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, calendar, "past", event("past", "20261102"))
    put(server, calendar, "ahead", event("ahead", "20261124", guest="ben@example.org", name="Ben Ito"))
    put(server, calendar, "off", event("off", "20261103", "STATUS:CANCELLED"))
    assert accounts.test(owner, account.id).message == "The login works; there is 1 calendar."
    page = accounts.run_now(owner, account.id)
    assert page.runs[0].summary == "1 person added, 1 exchange added."
    assert [row.channel for row in Interaction.objects.all()] == ["meeting"]
    assert accounts.run_now(owner, account.id).runs[0].summary == "Nothing new."
    set_clock(monkeypatch, (NOW + dt.timedelta(days=5)).isoformat())
    page = accounts.run_now(owner, account.id)
    assert page.runs[0].summary == "1 person added, 1 exchange added."
    assert {row.name for row in Person.objects.all()} == {"Anna Berger", "Ben Ito"}


def test_a_recurring_meeting_grows_by_what_took_place(
    owner: Owner, server: Radicale, calendar: str, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(server, calendar, "weekly", event("weekly", "20261102", "RRULE:FREQ=WEEKLY"))
    accounts.run_now(owner, account.id)
    assert Interaction.objects.count() == 3  # 2, 9 and 16 November
    set_clock(monkeypatch, (NOW + dt.timedelta(days=10)).isoformat())
    accounts.run_now(owner, account.id)
    assert Interaction.objects.count() == 5  # and 23 and 30 November


def test_what_was_taken_back_stays_away_even_if_the_server_forgets_the_token(
    owner: Owner, server: Radicale, calendar: str, account: AccountView
) -> None:
    put(server, calendar, "past", event("past", "20261102"))
    batches.undo(owner, accounts.run_now(owner, account.id).runs[0].batch)
    row = Account.objects.get(kind="caldav")
    row.cursor["calendars"][calendar]["token"] = "http://radicale.org/ns/sync/forgotten"
    row.save()
    assert accounts.run_now(owner, account.id).runs[0].summary == "Nothing new."
    put(server, calendar, "next", event("next", "20261103"))
    accounts.run_now(owner, account.id)
    assert Interaction.objects.count() == 1


def test_a_chosen_calendar_that_is_not_there_is_told(owner: Owner, calendar: str) -> None:
    view = accounts.add(owner, "caldav", calendar, USER, PASSWORD, places=["Gone"])
    assert accounts.run_now(owner, view.id).account.error.startswith("There is no calendar to read")


def test_only_chosen_calendars_are_read(owner: Owner, server: Radicale, account: AccountView) -> None:
    one, two = server.make("one", "calendar"), server.make("two", "calendar")
    put(server, one, "a", event("a", "20261102"))
    put(server, two, "b", event("b", "20261103"))
    view = accounts.add(owner, "caldav", server.root, USER, PASSWORD, places=["two"])
    assert "two" in accounts.test(owner, view.id).usual
    assert accounts.run_now(owner, view.id).runs[0].summary == "1 person added, 1 exchange added."
