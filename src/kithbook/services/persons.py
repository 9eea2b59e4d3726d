"""Turns rows of people into the views that lists and pages show, with a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from kithbook.core.ids import to_text
from kithbook.core.ledger import Entry, balance, is_hidden
from kithbook.core.plantypes import Duty
from kithbook.core.tweeners import find_tweeners
from kithbook.core.warmth import state_word
from kithbook.services import clock, duties, helping, ties
from kithbook.services.views import (
    AffiliationView,
    BalanceView,
    IdentityView,
    LoopView,
    PersonView,
)
from kithbook.store.models import Affiliation, Identity, Owner, Person, Promise, Tag

SHOWN_KINDS = ("email", "phone", "url")


def rows_of(owner: Owner, ids: Sequence[int]) -> list[PersonView]:
    """The people with these ids, in this order."""
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids)}
    judged = judge(owner, list(people))
    identities = _grouped(Identity.objects.of(owner).filter(person__in=ids, kind__in=SHOWN_KINDS).order_by("pk"))
    jobs = _grouped(Affiliation.objects.of(owner).filter(person__in=ids).order_by("ended_on", "pk"))
    tags = _grouped(Tag.objects.of(owner).filter(person__in=ids).order_by("name"))
    loops = open_loops(owner, list(people))
    entries = helping.whole(owner, list(people))
    today = clock.today(owner)
    return [
        PersonView(
            id=to_text(key),
            name=people[key].name,
            stage=people[key].stage,
            warmth=judged[key].warmth,
            state=judged[key].state,
            balance=net_balance(people[key], entries.get(key, []), today),
            last_contact_on=judged[key].last_contact_on,
            identities=[identity_view(row) for row in identities[key]],
            affiliations=[affiliation_view(row) for row in jobs[key]],
            tags=[row.name for row in tags[key]],
            tweener=judged[key].tweener,
            open_loops=loops.get(key, []),
        )
        for key in ids
        if key in people
    ]


class Judged:
    """How warm a tie is now, in numbers and words."""

    __slots__ = ("last_contact_on", "state", "tweener", "warmth")

    def __init__(self, warmth: float, last_contact_on: dt.date | None, tweener: bool) -> None:
        self.warmth, self.state = round(warmth, 4), state_word(warmth)
        self.last_contact_on, self.tweener = last_contact_on, tweener


def judge(owner: Owner, ids: Sequence[int]) -> dict[int, Judged]:
    """Warmth, last contact and tweener mark of the named people."""
    now = int(clock.now().timestamp())
    table = ties.table(owner, ids=list(ids))
    warm = table.warmth(now)
    tweeners = find_tweeners(table.states, table.stage, table.kept_up, table.liking, now)
    last = [ties.day_of(int(state["last_day"])) if state["days"] else None for state in table.states]
    return {
        int(key): Judged(float(w), day, bool(tweener))
        for key, w, day, tweener in zip(table.ids, warm, last, tweeners, strict=True)
    }


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def identity_view(row: Identity) -> IdentityView:
    """An identity as faces show it."""
    return IdentityView(row.kind, row.value, row.label)


def affiliation_view(row: Affiliation) -> AffiliationView:
    """An affiliation as faces show it."""
    return AffiliationView(row.organisation, row.role, row.started_on, row.ended_on)


def is_balance_hidden(row: Person) -> bool:
    """Keeping score harms close ties: hidden for friends and family unless the owner asked to see it."""
    if row.shows_balance is not None:
        return not row.shows_balance
    return is_hidden(row.stage, family=row.is_kin)


def net_balance(row: Person, entries: Sequence[Entry], today: dt.date) -> float | None:
    """The net of the bank with a person, None where it is hidden."""
    return None if is_balance_hidden(row) else round(balance(entries, today).net, 2)


def bank_view(row: Person, entries: Sequence[Entry], today: dt.date) -> BalanceView | None:
    """Both directions of the bank, or None where it is hidden."""
    if is_balance_hidden(row):
        return None
    found = balance(entries, today)
    return BalanceView(round(found.gave, 2), round(found.got, 2), round(found.net, 2), hidden=False)


def open_loops(owner: Owner, ids: Sequence[int]) -> dict[int, list[LoopView]]:
    """What is open with people: duties of the owner's, and promises to the owner; an offer without a day is no loop."""
    found: dict[int, list[LoopView]] = defaultdict(list)
    for duty in duties.gather(owner, ids):
        found[duty.person_id].append(loop_view(duty))
    theirs = Promise.objects.of(owner).filter(person__in=ids, by_me=False, state="open", due_on__isnull=False)
    for row in theirs.order_by("due_on", "turn", "pk"):
        found[row.person_id].append(LoopView("their promise", row.text, row.due_on))
    return found


def loop_view(duty: Duty) -> LoopView:
    """A duty as an open loop."""
    return LoopView(duty.kind, " ".join(duty.why), duty.due_on)
