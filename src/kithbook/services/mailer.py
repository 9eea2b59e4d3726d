"""The weekly review by mail: only to the owner's own address, only when they switched it on, at most once a week.

The week is claimed in the database before the mail goes out. A crash in between loses that week's mail; it never sends
two (docs/reference/mail.md). Where no connection could be made at all, nothing was sent: the claim is given back.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import smtplib
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any

from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.template.loader import render_to_string

from kithbook.core.errors import Invalid, Refused, Unavailable
from kithbook.core.ids import from_text, to_text
from kithbook.core.reviewmail import due_week
from kithbook.services import clock, preferences
from kithbook.services.registry import operation
from kithbook.services.review import review
from kithbook.services.reviewviews import MailView, ReviewView
from kithbook.services.views import Note
from kithbook.store.models import Owner, OwnerAddress

HOST, PORT = "KITHBOOK_SMTP_HOST", "KITHBOOK_SMTP_PORT"
USER, PASSWORD = "KITHBOOK_SMTP_USER", "KITHBOOK_SMTP_PASSWORD"
TLS, FROM, URL = "KITHBOOK_SMTP_TLS", "KITHBOOK_SMTP_FROM", "KITHBOOK_URL"
TLS_KINDS = ("starttls", "ssl", "none")
PORTS = {"starttls": 587, "ssl": 465, "none": 25}
TIMEOUT_S = 20
DEFAULT_URL = "http://127.0.0.1:8765"
SALT = "kithbook.review-mail"
STATE = "mail"
OPEN_SHOWN, PEOPLE_SHOWN = 8, 6


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes out, from the environment; the password is never shown."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    sender: str

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"


def server() -> Server | None:
    """The mail server of the environment, None where none is named; raises Invalid for settings that make no sense."""
    host = os.environ.get(HOST, "").strip()
    if not host:
        return None
    tls = os.environ.get(TLS, "").strip().lower() or ("none" if _is_loopback(host) else "starttls")
    if tls not in TLS_KINDS:
        raise Invalid(f"{TLS} is “{tls[:20]}”.", f"Use one of: {', '.join(TLS_KINDS)}.")
    port = os.environ.get(PORT, "").strip() or str(PORTS[tls])
    if not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise Invalid(f"{PORT} is “{port[:20]}”, which is no port.", "Use a number, e.g. 587.")
    user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if user and tls == "none" and not _is_loopback(host):
        raise Invalid("A password would be sent in the clear.", f"Set {TLS} to starttls or ssl.")
    return Server(host, int(port), user, password, tls, os.environ.get(FROM, "").strip())


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def preview(owner: Owner) -> MailView:
    """What the mail would say now, and to whom."""
    view = review(owner)
    subject, text, _ = _words(owner, view, unsubscribe_url(owner))
    return MailView(
        to=address(owner), subject=subject, text=text, is_empty=view.is_empty,
        is_on=bool(owner.settings.get("review_mail")), is_ready=is_ready(),
    )  # fmt: skip


def is_ready() -> bool:
    """Whether the environment names a mail server that makes sense."""
    try:
        return server() is not None
    except Invalid:
        return False


@operation(reads=True)
def mail(owner: Owner) -> MailView:
    """Preview the weekly mail: to whom it would go and what it would say; nothing is sent."""
    return preview(owner)


@operation()
def send_now(owner: Owner) -> Note:
    """Send the review to your own address now, to try the mail settings."""
    to = address(owner)
    if not to:
        raise Refused("You have no confirmed address of your own.", "Add one in the settings.")
    _send(owner, to, review(owner))
    return Note(f"Sent to {to}.")


def send_due(owner: Owner) -> str:
    """Send the mail of this week if it is due; returns what was done in a word: "", "sent", "nothing to say".

    Raises Unavailable or Refused where it could not be sent.
    """
    week = _claim(owner)
    if week is None:
        return ""
    view = review(owner)
    if view.is_empty or view.done_on is not None:
        return "nothing to say"
    to = address(owner)
    try:
        if not to:
            raise Refused("The review has no address to go to.", "Add an address of your own in the settings.")
        _send(owner, to, view)
    except NotSent as error:
        _give_back(owner, week)
        raise Unavailable(error.message, error.hint) from error
    return "sent"


class NotSent(Unavailable):
    """No connection to the mail server: certainly nothing went out, so that it may be tried again."""


@transaction.atomic
def _claim(owner: Owner) -> dt.date | None:
    """Take this week's mail for this process; None where it is not due, or somebody has taken it."""
    row = Owner.objects.select_for_update().get(pk=owner.pk)
    if not row.settings.get("review_mail"):
        return None
    day, hour = preferences.review_time(row)
    last = row.settings.get(STATE, {}).get("week")
    week = due_week(clock.now().astimezone(clock.zone(row)), day, hour, dt.date.fromisoformat(last) if last else None)
    if week is None:
        return None
    state = {"week": week.isoformat(), "before": last, "at": clock.now().isoformat()}
    row.settings = {**row.settings, STATE: state}
    Owner.objects.filter(pk=row.pk).update(settings=row.settings)
    owner.settings = row.settings
    return week


def _give_back(owner: Owner, week: dt.date) -> None:
    def change(state: dict[str, Any] | None) -> dict[str, Any]:
        state = state or {}
        return {**state, "week": state.get("before")} if state.get("week") == week.isoformat() else state

    preferences.remember(owner, STATE, change)


def address(owner: Owner) -> str:
    """The chosen own address while it is one still, else the first confirmed one, else ""."""
    rows = OwnerAddress.objects.of(owner).filter(is_confirmed=True).order_by("value")
    known = list(rows.values_list("value", flat=True))
    chosen = owner.settings.get("review_to", "")
    return chosen if chosen in known else next(iter(known), "")


def _send(owner: Owner, to: str, view: ReviewView) -> None:
    found = server()
    if found is None:
        raise Refused("No mail server is named.", f"Set {HOST} and start Kithbook again; see docs/reference/mail.md.")
    link = unsubscribe_url(owner)
    subject, text, html = _words(owner, view, link)
    backend = EmailBackend(
        host=found.host, port=found.port, username=found.user, password=found.password,
        use_tls=found.tls == "starttls", use_ssl=found.tls == "ssl", timeout=TIMEOUT_S,
    )  # fmt: skip
    headers = {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    message = EmailMultiAlternatives(
        subject, text, formataddr(("Kithbook", found.sender or to)), [to], connection=backend, headers=headers
    )
    message.attach_alternative(html, "text/html")
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(
            f"The mail server {found.host}:{found.port} did not take the connection ({_kind(error)}).",
            "It is tried again; see docs/reference/mail.md for the settings.",
        ) from error
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(
            f"The mail server {found.host} did not take the mail ({_kind(error)}).", "Check the sender's address."
        ) from error
    finally:
        backend.close()


def _kind(error: Exception) -> str:
    """What went wrong without anything the server said: it may repeat user names."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _words(owner: Owner, view: ReviewView, link: str) -> tuple[str, str, str]:
    """Subject, text and HTML of the mail."""
    context = {
        "name": owner.name.partition(" ")[0],
        "review": view,
        "open": view.open[:OPEN_SHOWN],
        "more_open": max(0, len(view.open) - OPEN_SHOWN),
        "lost": view.lost[:PEOPLE_SHOWN],
        "revived": view.revived[:PEOPLE_SHOWN],
        "ahead": view.ahead,
        "url": f"{base_url()}/review",
        "unsubscribe": link,
    }
    subject = f"Your week with people: {view.week_of:%-d %B} to {view.ends_on:%-d %B}"
    text = render_to_string("web/mail/review.txt", context).strip() + "\n"
    return subject, text, render_to_string("web/mail/review.html", context)


def base_url() -> str:
    """The address of this install in links."""
    return (os.environ.get(URL, "").strip() or DEFAULT_URL).rstrip("/")


def unsubscribe_url(owner: Owner) -> str:
    """The link that switches the mail off without a login; it stays good, as a mail may be opened years later."""
    return f"{base_url()}/unsubscribe/{signing.Signer(salt=SALT).sign(to_text(owner.pk)).replace(':', '~')}"


def unsubscribe(token: str) -> bool:
    """Switch the review mail off by the link of a mail; False for a link that is not ours."""
    owner = owner_of(token)
    if owner is None:
        return False
    preferences.remember(owner, "review_mail", lambda _: False)
    return True


def owner_of(token: str) -> Owner | None:
    """Whose link it is; None for one that was not signed here."""
    try:
        key = signing.Signer(salt=SALT).unsign(token.replace("~", ":"))
    except signing.BadSignature:
        return None
    return Owner.objects.filter(pk=from_text(key)).first()
