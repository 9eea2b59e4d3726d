"""The review by mail: to a real server on loopback, to the owner only, once a week, never twice."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from kithbook.core.errors import Invalid, KithbookError, Refused, Unavailable
from kithbook.services import doctor, facts, jobs, mailer, owners, preferences, review
from kithbook.store.models import Owner, OwnerAddress
from tests.servers import Inbox, mail_server
from tests.services.factories import person, talk
from tests.services.helpers import circle, key, set_clock

SUNDAY = "2026-11-22T17:05:00+00:00"


@pytest.fixture
def inbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A mail server, named in the environment."""
    with mail_server() as (found, port):
        monkeypatch.setenv(mailer.HOST, "127.0.0.1")
        monkeypatch.setenv(mailer.PORT, str(port))
        yield found


@pytest.fixture
def alice(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Owner:
    """Alice with an address and people, on Sunday at five, with the mail switched on."""
    owners.change_settings(owner, name="Alice Berg", addresses=["alice@example.org", "berg@example.net"])
    circle(owner, 5)
    preferences.change(owner, review_mail=True)
    set_clock(monkeypatch, SUNDAY)
    return owner


def read(envelope: Any) -> EmailMessage:
    return email.message_from_bytes(envelope.content, policy=email.policy.default)  # type: ignore[return-value]


def test_the_mail_goes_to_the_owner_alone_with_text_html_and_a_way_out(alice: Owner, inbox: Inbox) -> None:
    """R70: the weekly review in the inbox, with one-click unsubscribe (RFC 8058)."""
    assert mailer.send_due(alice) == "sent"
    (envelope,) = inbox.envelopes
    assert envelope.rcpt_tos == ["alice@example.org"]
    found = read(envelope)
    assert found["Subject"] == "Your week with people: 16 November to 22 November"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<(http://127\.0\.0\.1:8765/unsubscribe/\S+)>", found["List-Unsubscribe"].strip())
    assert link
    text = found.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    html = found.get_body(("html",)).get_content()  # type: ignore[union-attr]
    for body in (text, html):
        assert "Ada Kreis" in body
        assert link[1] in body
    assert "Good day, Alice." in text
    assert "<script" not in html


def test_it_is_off_until_switched_on(owner: Owner, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    owners.change_settings(owner, addresses=["alice@example.org"])
    circle(owner, 3)
    set_clock(monkeypatch, SUNDAY)
    assert mailer.send_due(owner) == ""
    assert inbox.envelopes == []


def test_a_second_try_in_the_same_week_sends_nothing(
    alice: Owner, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailer.send_due(alice)
    assert mailer.send_due(Owner.objects.get(pk=alice.pk)) == ""
    preferences.change(alice, review_day="monday", review_hour=8)
    assert mailer.send_due(alice) == ""
    set_clock(monkeypatch, "2026-11-29T18:00:00+00:00")
    assert mailer.send_due(alice) == ""
    preferences.change(alice, review_day="sunday", review_hour=17)
    assert mailer.send_due(alice) == "sent"
    assert len(inbox.envelopes) == 2


def test_a_process_that_dies_after_the_claim_loses_that_mail_and_sends_no_second(alice: Owner, inbox: Inbox) -> None:
    """At most once: the claim stands when the process is gone."""
    assert mailer._claim(alice) is not None
    assert mailer.send_due(Owner.objects.get(pk=alice.pk)) == ""
    assert inbox.envelopes == []


def test_the_hour_is_the_owners_own(alice: Owner, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    owners.change_settings(alice, time_zone="America/Los_Angeles")
    assert mailer.send_due(alice) == ""
    set_clock(monkeypatch, "2026-11-23T01:00:00+00:00")
    assert mailer.send_due(alice) == "sent"


def test_nothing_is_sent_where_there_is_nothing_to_say(
    owner: Owner, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners.change_settings(owner, addresses=["alice@example.org"])
    preferences.change(owner, review_mail=True)
    set_clock(monkeypatch, SUNDAY)
    assert mailer.send_due(owner) == "nothing to say"
    assert inbox.envelopes == []


def test_a_review_that_is_closed_already_is_not_sent(alice: Owner, inbox: Inbox) -> None:
    review.finish(alice)
    assert mailer.send_due(alice) == "nothing to say"
    assert inbox.envelopes == []


def test_without_a_connection_it_is_tried_again(alice: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Certainly nothing went out, so the claim is given back."""
    monkeypatch.setenv(mailer.HOST, "127.0.0.1")
    monkeypatch.setenv(mailer.PORT, "9")
    with pytest.raises(Unavailable):
        mailer.send_due(alice)
    with mail_server() as (inbox, port):
        monkeypatch.setenv(mailer.PORT, str(port))
        assert mailer.send_due(Owner.objects.get(pk=alice.pk)) == "sent"
        assert len(inbox.envelopes) == 1


def test_a_mail_that_the_server_refuses_is_not_sent_again(alice: Owner, inbox: Inbox) -> None:
    inbox.refuse = "554 no"
    with pytest.raises(Unavailable):
        mailer.send_due(alice)
    inbox.refuse = ""
    assert mailer.send_due(Owner.objects.get(pk=alice.pk)) == ""
    assert inbox.envelopes == []


def test_the_chosen_address_is_used_while_it_is_the_owners(alice: Owner, inbox: Inbox) -> None:
    preferences.change(alice, review_to="Berg@example.net")
    mailer.send_now(alice)
    owners.change_settings(alice, addresses=["alice@example.org"])
    mailer.send_now(alice)
    assert [one.rcpt_tos for one in inbox.envelopes] == [["berg@example.net"], ["alice@example.org"]]


def test_nobody_elses_address_can_be_chosen(alice: Owner, inbox: Inbox) -> None:
    with pytest.raises(Invalid):
        preferences.change(alice, review_to="boss@example.com")
    OwnerAddress.objects.of(alice).update(is_confirmed=False)
    with pytest.raises(Refused):
        mailer.send_now(alice)
    assert inbox.envelopes == []


def test_sensitive_facts_are_never_in_the_mail(alice: Owner, inbox: Inbox) -> None:
    """R110: nothing marked as sensitive leaves for the inbox."""
    who = person(alice, "Nora Still")
    talk(alice, who, 200, 150, 100, 60)
    facts.note(alice, key(who), "a doctor for her illness", about="need", sensitive=True)
    mailer.send_now(alice)
    assert "illness" not in inbox.envelopes[0].content.decode()


def test_the_link_of_the_mail_asks_first_and_one_click_ends_it(alice: Owner, client: Client) -> None:
    """R70: opening the link changes nothing, as programs that check mail open links; the post needs no login."""
    path = mailer.unsubscribe_url(alice).removeprefix(mailer.DEFAULT_URL)
    assert "Switch the review mail off?" in client.get(path).content.decode()
    assert preferences.show(Owner.objects.get(pk=alice.pk)).review_mail
    browser = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "The mail is off" in answer.content.decode()
    assert not preferences.show(Owner.objects.get(pk=alice.pk)).review_mail


@pytest.mark.parametrize("token", ["x", "0000000000000~abc", "13ajk4f61nc3f", "🙂"])
def test_a_link_that_was_not_signed_here_is_not_found(token: str, client: Client, owner: Owner) -> None:
    assert client.post(f"/unsubscribe/{token}").status_code == 404


@pytest.mark.parametrize(
    ("settings", "tls", "port"),
    [
        ({}, "starttls", 587),
        ({mailer.TLS: "ssl"}, "ssl", 465),
        ({mailer.TLS: "none", mailer.PORT: "2525"}, "none", 2525),
    ],
)
def test_the_server_comes_from_the_environment(
    settings: dict[str, str], tls: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(mailer.HOST, "mail.example.org")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    found = mailer.server()
    assert found is not None
    assert (found.tls, found.port) == (tls, port)


@pytest.mark.parametrize(
    "settings",
    [
        {mailer.TLS: "maybe"},
        {mailer.PORT: "0"},
        {mailer.PORT: "x"},
        {mailer.TLS: "none", mailer.USER: "a", mailer.PASSWORD: "b"},
    ],
)
def test_settings_that_make_no_sense_or_show_a_password_are_refused(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(mailer.HOST, "mail.example.org")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Invalid):
        mailer.server()


def test_the_password_is_never_shown(alice: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(mailer.HOST, "127.0.0.1")
    monkeypatch.setenv(mailer.PORT, "9")
    monkeypatch.setenv(mailer.USER, "alice")
    monkeypatch.setenv(mailer.PASSWORD, "correct horse")
    assert "correct" not in repr(mailer.server())
    with pytest.raises(KithbookError) as raised:
        mailer.send_now(alice)
    assert "correct" not in f"{raised.value.message} {raised.value.hint}"


def test_a_job_that_fails_leaves_a_sentence_and_the_doctor_tells(alice: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(mailer.HOST, "127.0.0.1")
    monkeypatch.setenv(mailer.PORT, "9")
    (trouble,) = jobs.run_due((jobs.Job("review mail", 300, mailer.send_due),), {}, 0.0)
    assert trouble.error.startswith("The mail server 127.0.0.1:9 did not take the connection")
    found = {check.name: check for check in doctor.check(Owner.objects.get(pk=alice.pk)).checks}["Jobs"]
    assert not found.is_well
    assert "review mail" in found.found
