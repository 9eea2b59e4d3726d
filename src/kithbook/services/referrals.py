"""Referrals both ways, thanks and reports for help received, neglected referrers, and who opened which door."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import from_text, is_id, to_text
from kithbook.core.introductiongates import read_level
from kithbook.core.obligations import THANKS_RANKS
from kithbook.core.thanks import RANK_WORDS
from kithbook.core.vouching import WORDS
from kithbook.services import clock, keepingup, rowchanges, thanking
from kithbook.services.editing import find_or_make
from kithbook.services.finding import brief, find_person
from kithbook.services.owners import touch_revision
from kithbook.services.recording import record_entry, record_interaction, start_batch
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.thanking import Found
from kithbook.services.thankviews import (
    DoorView,
    KeepUpView,
    NeglectedView,
    ReferralView,
    ThanksView,
    VouchView,
)
from kithbook.services.views import Note, as_number
from kithbook.store.models import Batch, LedgerEntry, Objective, Owner, Referral

LONGEST_TEXT = 500
BADLY_SIZE = 2


@operation()
@transaction.atomic
def received(
    owner: Owner, person: str, kind: str = "", text: str = "", about: str = "", on: dt.date | None = None
) -> ReferralView:
    """Write down a referral that you got: a large gift, to be thanked within two days and reported on.

    `about` is whom it leads to; somebody who is not in your book yet is added to it.
    """
    giver = find_person(owner, person)
    batch = start_batch(owner, "referral", f"Referral from {giver.name}")
    whom = find_or_make(owner, about, batch, through=giver) if about.strip() else None
    row = _make(owner, batch, on, giver=giver, about=whom, kind=kind, text=text)
    entry = record_entry(owner, [giver], "got", "referral", on=row.on, note=row.text or row.kind, batch=batch)
    _link(entry, row)
    return referral_view(row, "Thank them within two days, whether it leads anywhere or not.", batch)


@operation()
@transaction.atomic
def given(
    owner: Owner, receiver: str, text: str = "", about: str = "", vouch: str = "", on: dt.date | None = None
) -> ReferralView:
    """Write down a referral that you made. Where you know them too little you are asked how far you vouch for them."""
    taker = find_person(owner, receiver)
    whom = find_person(owner, about) if about.strip() else None
    level = read_level(vouch)
    known = thanking.vouch_for(owner, taker)
    if not level and not known.is_enough:
        raise Refused(
            f"Your name stands behind a referral to {taker.name}, and {WORDS[known.level]}. {' '.join(known.why)}",
            f"Say so when you refer them, and write it down with vouch={known.level}.",
        )
    batch = start_batch(owner, "referral", f"Referral to {taker.name}")
    row = _make(owner, batch, on, receiver=taker, about=whom, text=text, vouch=level or known.level)
    entry = record_entry(owner, [taker], "gave", "referral", on=row.on, note=row.text, batch=batch)
    _link(entry, row)
    return referral_view(row, f"You vouch: {WORDS[row.vouch]}. Ask later how it went.", batch)


@operation(reads=True)
def vouch(owner: Owner, person: str) -> VouchView:
    """How far you can vouch for somebody before you refer them, and why."""
    row = find_person(owner, person)
    found = thanking.vouch_for(owner, row)
    return VouchView(brief(row), found.level, found.is_enough, list(found.why))


@operation()
@transaction.atomic
def outcome(
    owner: Owner, referral: str, outcome: str, on: dt.date | None = None, value: str = "", went: str = ""
) -> ReferralView:
    """Say what came of a referral. For one that you made, `went` is well or badly: it tells how far you vouch next."""
    row = find_referral(owner, referral)
    words, day = " ".join(outcome.split())[:LONGEST_TEXT], on or clock.today(owner)
    if not words:
        raise Invalid("The outcome is missing.", "Say in a few words what came of it; “nothing” is an outcome too.")
    if not row.on <= day <= clock.today(owner):
        raise Invalid(f"{day:%-d %B %Y} does not fit.", "Give a day between the referral and today.")
    if went not in ("", "well", "badly") or (went and row.receiver is None):
        raise Invalid(f"“{went[:20]}” does not fit here.", "Say well or badly, and only for referrals that you made.")
    batch = start_batch(owner, "referral", f"Outcome of a referral: {_other(row).name}")
    rowchanges.change(batch, row, outcome=words, outcome_on=day, value=_amount(value) if value else row.value)
    if went:
        kind, size = ("promise_kept", None) if went == "well" else ("friction", BADLY_SIZE)
        _link(record_entry(owner, [_other(row)], "got", kind, size=size, on=day, note=words, batch=batch), row)
    touch_revision(owner)
    message = "" if row.giver is None else f"Tell {row.giver.name}, and thank them again."
    return referral_view(row, message, batch)


@operation()
@transaction.atomic
def thank(owner: Owner, help_id: str, channel: str = "call", note: str = "", on: dt.date | None = None) -> Note:
    """Write down that you thanked for help (its id, or the person): by email, message, call, note, gift or meeting."""
    found = thanking.find(owner, help_id)
    if channel not in THANKS_RANKS:
        raise Invalid(f"“{channel[:20]}” thanks nobody.", f"Use one of: {', '.join(THANKS_RANKS)}.")
    rank = THANKS_RANKS[channel]
    batch = start_batch(owner, "thanks", f"Thanked {found.person.name}")
    _answer(owner, found, "thanks", channel, note, on, batch, size=2 if rank == max(THANKS_RANKS.values()) else 1)
    text = f"{found.person.name} is thanked for {found.got.help.what}: {RANK_WORDS[rank]}."
    if found.got.help.is_referral and rank == 1 and not found.got.help.thanked:
        text += " An e-mail alone is half a thank-you for a referral."
    if channel == "gift" and found.person.no_gifts:
        text += " They take no gifts: next time a card does as much."
    return Note(text, to_text(batch.pk))


@operation()
@transaction.atomic
def report(owner: Owner, help_id: str, note: str = "", channel: str = "email", on: dt.date | None = None) -> Note:
    """Write down that you told them how it goes with what they helped with: its id, or the person."""
    found = thanking.find(owner, help_id, thanked=True)
    batch = start_batch(owner, "thanks", f"Told {found.person.name} how it goes")
    _answer(owner, found, "report", channel, note, on, batch)
    if found.referral is not None:
        rowchanges.change(batch, found.referral, reported_on=on or clock.today(owner))
    return Note(f"{found.person.name} knows how it goes with {found.got.help.what}.", to_text(batch.pk))


@operation(reads=True)
@remembered
def thanks_owed(owner: Owner) -> ThanksView:
    """Help you got: not thanked yet, partly thanked and thanked, each with its next step and day."""
    return thanking.listing(owner)


@operation(reads=True)
@remembered
def neglected(owner: Owner) -> list[NeglectedView]:
    """People who opened a door for you and have not been thanked or told what came of it."""
    return thanking.neglected(owner)


@operation(reads=True)
@remembered
def doors(owner: Owner, person: str = "") -> list[DoorView]:
    """Who opened which door: people, introductions, referrals and outcomes; with a person only those about them."""
    from kithbook.services.doors import listing as list_doors

    return list_doors(owner, find_person(owner, person) if person.strip() else None)


@operation(reads=True)
@remembered
def listing(owner: Owner) -> list[ReferralView]:
    """Referrals you got and made, the latest first, with what came of them."""
    rows = Referral.objects.of(owner).select_related("giver", "receiver", "about").order_by("-on", "-turn", "-pk")
    return [referral_view(row) for row in rows if row.giver or row.receiver]


@operation(reads=True)
def keep_up(owner: Owner, objective: str) -> list[KeepUpView]:
    """Light touches, with dates, for everybody who helped with an objective: its name or id."""
    rows = Objective.objects.of(owner)
    wanted = objective.strip()
    row = rows.filter(pk=from_text(wanted)).first() if is_id(wanted) else rows.filter(name__iexact=wanted).first()
    if row is None:
        raise NotFound(f"There is no objective “{objective[:60]}”.", "See them under Objectives.")
    return keepingup.touches_after(owner, row)


def find_referral(owner: Owner, text: str) -> Referral:
    """A referral by its id, NotFound for anybody else's."""
    rows = Referral.objects.of(owner).select_related("giver", "receiver", "about")
    row: Referral | None = rows.filter(pk=from_text(text)).first()
    if row is None:
        raise NotFound(f"There is no referral “{text[:30]}”.", "See them with `kith op referrals listing`.")
    return row


def referral_view(row: Referral, message: str = "", batch: Batch | None = None) -> ReferralView:
    """A referral as faces show it."""
    return ReferralView(
        id=to_text(row.pk), is_mine=row.giver_id is None, person=brief(_other(row)),
        about=brief(row.about) if row.about else None, kind=row.kind, text=row.text, on=row.on, vouch=row.vouch,
        outcome=row.outcome, outcome_on=row.outcome_on, reported_on=row.reported_on,
        value=as_number(row.value), message=message, batch=to_text(batch.pk) if batch else None,
    )  # fmt: skip


def _make(owner: Owner, batch: Batch, on: dt.date | None, *, kind: str = "", text: str = "", **parts: Any) -> Referral:
    day = clock.past_day(owner, on)
    row = Referral(
        owner=owner, on=day, kind=" ".join(kind.split())[:40], text=" ".join(text.split())[:LONGEST_TEXT], batch=batch,
        **parts,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def _link(entry: LedgerEntry, row: Referral) -> None:
    entry.referral = row
    entry.save(update_fields=["referral"])


def _other(row: Referral) -> Any:
    return row.giver or row.receiver


def _answer(
    owner: Owner, found: Found, kind: str, channel: str, note: str, on: dt.date | None, batch: Batch,
    size: int | None = None,
) -> None:  # fmt: skip
    """Thanks or a report: contact on that channel, and an entry of the bank that names what it is for."""
    if on is not None and on < found.got.help.on:
        raise Invalid("Thanks cannot be older than the help.", f"It was on {found.got.help.on:%-d %B %Y}.")
    interaction = record_interaction(owner, [found.person], channel, on=on, note=note[:LONGEST_TEXT], batch=batch)
    entry = record_entry(
        owner, [found.person], "gave", kind, on=on, size=size, note=note[:LONGEST_TEXT], interaction=interaction,
        cause=found.entry, batch=batch,
    )  # fmt: skip
    if found.referral is not None:
        _link(entry, found.referral)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", "").strip())
    except InvalidOperation as error:
        raise Invalid(f"“{text[:20]}” is not an amount.", "Write it like 1200 or 1200.50.") from error
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 12:
        raise Invalid(f"“{text[:20]}” is not an amount.", "Write it like 1200 or 1200.50.")
    return amount.quantize(Decimal("0.01"))
