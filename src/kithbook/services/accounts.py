"""Live accounts: mailboxes, calendars and address books on servers. Passwords go in and never come out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from kithbook.core.addresses import normalise_email
from kithbook.core.errors import Conflict, Invalid, NotFound, Refused
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.services import cardsyncconflicts as conflicts
from kithbook.services import clock, owners, syncing
from kithbook.services.accountsshowing import run_view, view_of, views_of
from kithbook.services.accountviews import AccountPage, AccountTest, AccountView, RunView
from kithbook.services.cardsyncitems import LINKED
from kithbook.services.finding import find_person
from kithbook.services.keepout import LEFT
from kithbook.services.registry import operation
from kithbook.services.sealing import seal
from kithbook.services.views import Note
from kithbook.sources.imapplace import place_of
from kithbook.store.erase import erase
from kithbook.store.models import Account, Owner, SyncItem, SyncRun

KINDS = ("imap", "caldav", "carddav")
FASTEST, SLOWEST = 5, 7 * 24 * 60
MOST = 50
LONGEST_PASSWORD = 1_000
SHOWN = 50


@operation()
@transaction.atomic
def add(
    owner: Owner,
    kind: str,
    url: str,
    user_name: str = "",
    password: str = "",
    name: str = "",
    address: str = "",
    every_minutes: int = 60,
    places: list[str] | None = None,
) -> AccountView:
    """Add a mailbox ("imap"), calendar ("caldav") or address book ("carddav") on a server; it is read, never changed.

    `address` is your own mail address there, if the user name is none; `places` are folders or collections, the usual
    ones if left out. The password is kept encrypted and never shown.
    """
    if kind not in KINDS:
        raise Invalid(f"There is no kind of account “{kind[:20]}”.", f"The kinds are {', '.join(KINDS)}.")
    if Account.objects.of(owner).count() >= MOST:
        raise Refused(f"There is room for {MOST} accounts.", "Take some away first.")
    host = _check_url(kind, url)
    row = Account(owner=owner, kind=kind, url=url.strip(), user_name=_line(user_name, 320), created_at=clock.now())
    row.name = _name(name) or _name(row.user_name) or host
    row.secret = seal(_password(password))
    row.every_minutes = _pace(every_minutes)
    row.settings = {"places": _places(places)} if places else {}
    _need_login(row)
    if kind == "imap":
        _learn_address(owner, row, address)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict("You have this account already.", "See your accounts with `kith op accounts listing`.") from None
    return view_of(owner, row)


@operation()
@transaction.atomic
def edit(
    owner: Owner,
    account: str,
    name: str | None = None,
    url: str | None = None,
    user_name: str | None = None,
    password: str | None = None,
    every_minutes: int | None = None,
    places: list[str] | None = None,
) -> AccountView:
    """Change an account; what is left out stays. Another server or user name means that it is read from the start."""
    row = find(owner, account)
    before = _source_of(row)
    if name is not None:
        row.name = _name(name) or row.name
    if url is not None:
        _check_url(row.kind, url)
        row.url = url.strip()
    if user_name is not None:
        row.user_name = _line(user_name, 320)
    if password is not None:
        row.secret = seal(_password(password))
    if every_minutes is not None:
        row.every_minutes = _pace(every_minutes)
    if places is not None:
        row.settings = {**row.settings, "places": _places(places)}
    _need_login(row)
    if _source_of(row) != before:
        row.cursor, row.writes = {}, False
        row.settings = {name: value for name, value in row.settings.items() if name != LEFT}
        erase(SyncItem, owner.pk, list(SyncItem.objects.of(owner).filter(account=row).values_list("pk", flat=True)))
    row.failures = 0
    if not _is_running(owner, row):
        row.next_run_at = None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict("Another of your accounts has this address and user name.", "Change that one.") from None
    return view_of(owner, row)


@operation(reads=True)
def listing(owner: Owner) -> list[AccountView]:
    """Your accounts on servers, with when each was looked at last and what went wrong."""
    return views_of(owner, list(Account.objects.of(owner).order_by("kind", "name", "pk")))


@operation(reads=True)
def show(owner: Owner, account: str) -> AccountPage:
    """One account: the looks at it, newest first, and cards that wait for your decision."""
    row = find(owner, account)
    return AccountPage(view_of(owner, row), history(owner, account), conflicts.waiting(owner, row))


@operation(reads=True)
def history(owner: Owner, account: str) -> list[RunView]:
    """The looks at an account, newest first: what each brought, or why it failed."""
    rows = SyncRun.objects.of(owner).filter(account=find(owner, account)).select_related("batch")
    return [run_view(row) for row in rows.order_by("-started_at", "-pk")[:SHOWN]]


@operation()
def test(owner: Owner, account: str) -> AccountTest:
    """Log in to an account and see what is there, without reading anything from it."""
    row = find(owner, account)
    there, usual = syncing.reader(row.kind).look(row)
    what = {"imap": "folder", "caldav": "calendar", "carddav": "address book"}[row.kind]
    names = [place.name for place in there]
    count = f"is 1 {what}" if len(names) == 1 else f"are {len(names)} {what}s"
    return AccountTest(f"The login works; there {count}.", names, list(usual))


@operation()
@transaction.atomic
def switch(owner: Owner, account: str, on: bool) -> AccountView:
    """Pause an account, or go on with it."""
    row = find(owner, account)
    Account.objects.of(owner).filter(pk=row.pk).update(is_on=on)
    return view_of(owner, find(owner, account))


@operation()
@transaction.atomic
def let_write(owner: Owner, account: str, on: bool) -> AccountView:
    """Let Kithbook change cards of an address book on its server, or read only again. Off until you switch it on."""
    row = find(owner, account)
    if on and row.kind != "carddav":
        raise Refused("Mailboxes and calendars are only ever read.", "Only address books can be written to.")
    Account.objects.of(owner).filter(pk=row.pk).update(writes=on)
    return view_of(owner, find(owner, account))


@operation()
def run_now(owner: Owner, account: str, seconds: int = 60) -> AccountPage:
    """Look at an account now, for so many seconds at most; a big mailbox goes on in the background."""
    row = find(owner, account)
    syncing.run(owner, row, seconds=max(1, min(seconds, 600)))
    return show(owner, account)


@operation()
@transaction.atomic
def reread(owner: Owner, account: str) -> Note:
    """Read an account from the start the next time; what you had taken back or erased may come again then."""
    row = find(owner, account)
    if _is_running(owner, row):
        raise Conflict("This account is being looked at just now.", "Try again in a moment.")
    settings = {name: value for name, value in row.settings.items() if name != LEFT}
    Account.objects.of(owner).filter(pk=row.pk).update(cursor={}, next_run_at=None, settings=settings)
    loose = SyncItem.objects.of(owner).filter(account=row, person=None)
    erase(SyncItem, owner.pk, list(loose.values_list("pk", flat=True)))
    return Note(f"{row.name} is read from the start the next time. What is known already is not added twice.")


@operation()
@transaction.atomic
def put_card(owner: Owner, account: str, person: str) -> Note:
    """Put a person into an address book that Kithbook may write to; the card is made at the next look."""
    row, who = find(owner, account), find_person(owner, person)
    book = row.cursor.get("book", "")
    if row.kind != "carddav" or not row.writes:
        raise Refused(f"{row.name} is no address book that Kithbook may write to.", "Switch on writing for it first.")
    if not book:
        raise Refused(f"{row.name} was not looked at yet.", "Look at it once, then put people into it.")
    if SyncItem.objects.of(owner).filter(account=row, person=who).exists():
        raise Conflict(f"{who.name} has a card in {row.name} already.", "What you change goes there by itself.")
    name = f"kithbook-{to_text(who.pk)}"
    # A path, as servers give them; what was deleted there once may come again under its name.
    href = f"{urlsplit(book).path.rstrip('/')}/{name}.vcf"
    erase(
        SyncItem, owner.pk, list(SyncItem.objects.of(owner).filter(account=row, href=href).values_list("pk", flat=True))
    )
    SyncItem(owner=owner, account=row, href=href, uid=name, person=who, mine=LINKED).save(force_insert=True)
    return Note(f"{who.name} gets a card in {row.name} at the next look.")


@operation()
@transaction.atomic
def resolve(owner: Owner, account: str, card: str, keep: str) -> Note:
    """Decide about a card that both sides changed: keep "mine" or "theirs". It is carried out at the next look."""
    row = find(owner, account)
    note = conflicts.resolve(owner, row, card, keep)
    if not _is_running(owner, row):
        Account.objects.of(owner).filter(pk=row.pk).update(next_run_at=None)
    return note


@operation()
@transaction.atomic
def let_loss_through(owner: Owner, account: str) -> Note:
    """Say that cards which are gone on one side are meant to be gone; they are let go at the next look, once."""
    row = find(owner, account)
    row.settings = {**row.settings, "loss_is_meant": True}
    row.failures = 0
    if not _is_running(owner, row):
        row.next_run_at = None
    row.save(update_fields=["settings", "failures", "next_run_at"])
    return Note(f"At the next look at {row.name} the loss of cards is let through.")


@operation()
@transaction.atomic
def remove(owner: Owner, account: str) -> Note:
    """Forget an account and its password. What it brought stays; nothing is changed on the server."""
    row = find(owner, account)
    erase(Account, owner.pk, [row.pk])
    return Note(f"{row.name} is forgotten, with its password. What it brought stays.")


def find(owner: Owner, account: str) -> Account:
    """One of the owner's accounts by id or by its name; raises NotFound."""
    text = account.strip()
    rows: list[Account] = list(Account.objects.of(owner).filter(name=text)[:2])
    if len(rows) != 1:
        rows = list(Account.objects.of(owner).filter(pk=from_text(text))) if is_id(text) else []
    if not rows:
        raise NotFound(f"There is no account “{text[:60]}”, or several.", "See them with `kith op accounts listing`.")
    return rows[0]


def _is_running(owner: Owner, row: Account) -> bool:
    running = SyncRun.objects.of(owner).filter(account=row, state="running").exists()
    return bool(running and row.next_run_at and row.next_run_at > clock.now())


def _source_of(row: Account) -> tuple[Any, ...]:
    """What says where the cards of an account lie; folders and calendars can come and go."""
    return (row.url, row.user_name, row.settings.get("places", []) if row.kind == "carddav" else [])


def _check_url(kind: str, url: str) -> str:
    """The host of a valid address; raises Invalid or Refused."""
    if kind == "imap":
        return place_of(url).host
    from kithbook.sources.dav import check_url

    return check_url(url)


def _learn_address(owner: Owner, row: Account, address: str) -> None:
    """Own mail can only be told from others' by the owner's address."""
    own = address.strip() or (row.user_name if normalise_email(row.user_name) else "")
    if own:
        owners.add_addresses(owner, [own])
    elif not owners.address_keys(owner):
        raise Invalid("Which address is yours in this mailbox is not clear.", "Give it as your address.")


def _need_login(row: Account) -> None:
    if row.kind == "imap" and not (row.user_name and row.secret):
        raise Invalid("A mailbox needs a user name and a password.", "Give both.")


def _name(text: str) -> str:
    """A name that is no path: it becomes the title of imports."""
    return _line(text, 200).replace("/", "-").replace("\\", "-").strip(".")


def _line(text: str, most: int) -> str:
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:most]


def _password(text: str) -> str:
    if len(text) > LONGEST_PASSWORD or any(char in text for char in "\r\n\0"):
        raise Invalid("This password cannot be used.", "It is one line of up to 1,000 characters.")
    return text


def _pace(minutes: int) -> int:
    if not FASTEST <= minutes <= SLOWEST:
        raise Invalid(f"{minutes} minutes are no pace to look at an account.", "Give 5 minutes to 7 days (10080).")
    return minutes


def _places(values: Any) -> list[str]:
    return list(dict.fromkeys(value.strip()[:500] for value in values if value.strip()))[:200]
