"""Gathers what the right to ask is judged on: for a few people as dated facts, for everybody as columns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kithbook.core.askrules import Facts, Loop, Standing, all_asks, waits_until
from kithbook.core.daywords import write_date
from kithbook.core.ledger import KINDS, LARGE_SIZE, LONG_HALF_LIFE_MONTHS, MONTH_DAYS, SHORT_HALF_LIFE_MONTHS
from kithbook.core.ledger import balance as reckon
from kithbook.core.obligations import PROMISE_DAYS
from kithbook.core.reasons import Noted, idea_from
from kithbook.core.thanks import open_loops
from kithbook.services import clock, helping, introducing, ties
from kithbook.services.helping import AskRow, Received, entries_of
from kithbook.store.ledgerrows import LedgerRow
from kithbook.store.models import Owner, Person, Promise, Topic

EPOCH = dt.date(1970, 1, 1).toordinal()
GIFTS_NAMED = 12
IDEAS = 3
_KNOWN = list(KINDS)
_CODES = {kind: code for code, kind in enumerate(_KNOWN)}
_OTHER = _CODES["favour"]
_VALUE = np.array([KINDS[kind].is_deposit or kind == "ask" for kind in _KNOWN])
_SLOW = np.array([KINDS[kind].is_slow for kind in _KNOWN])
_ASK = np.array([kind == "ask" for kind in _KNOWN])


def facts_of(owner: Owner, people: Sequence[Person]) -> dict[int, Facts]:
    """The facts about each of these people, with a fixed number of queries."""
    ids = [row.pk for row in people]
    table = ties.table(owner, ids=ids)
    place = {int(key): number for number, key in enumerate(table.ids)}
    rows, asks = helping.read(owner, ids), helping.read_asks(owner, ids)
    loops, ideas, met = _loops(owner, ids), _ideas(owner, ids), _met(owner, ids)
    day, zone = clock.today(owner), clock.zone(owner)
    return {
        row.pk: _facts(row, table.states[place[row.pk]], rows[row.pk], asks[row.pk], loops[row.pk], day, zone,
                       ideas.get(row.pk, ()), met.get(row.pk, ""))
        for row in people
    }  # fmt: skip


def _facts(
    row: Person, state: Any, rows: Sequence[LedgerRow], asked: Sequence[AskRow], loops: Sequence[Loop],
    day: dt.date, zone: dt.tzinfo, ideas: tuple[str, ...], met: str,
) -> Facts:  # fmt: skip
    entries, asks = entries_of(rows), [one.asked for one in asked]
    helped = helping.received(row.pk, row.stage, rows, asked)
    every = all_asks(asks, entries)
    days = int(state["days"])
    met_on = row.met_at.astimezone(zone).date() if row.met_at else None
    first_on = min(filter(None, (met_on, ties.day_of(int(state["first_day"])) if days else None)), default=None)
    at = int(state["last_two_way_at"])
    two_way = int(state["two_way"])
    return Facts(
        stage=row.stage,
        entries=(*entries, *helping.granted(rows, asked)),
        missing=tuple(helping.missing_of(helped, rows, day)),
        asks=every,
        loops=(*open_loops([one.help for one in helped], day), *loops),
        two_way=two_way,
        conversations=min(two_way, days),
        first_on=first_on,
        last_two_way_on=dt.datetime.fromtimestamp(at, zone).date() if two_way else None,
        met=met or (f"your first exchange was on {write_date(first_on)}" if first_on else ""),
        ideas=ideas,
        given=_given(rows),
        exchanges=days,
        exchanges_with_ask=min(days, len({one.on for one in every})),
        hides_balance=row.is_kin or row.shows_balance is False,
    )


def _given(rows: Sequence[LedgerRow]) -> tuple[tuple[dt.date, str], ...]:
    """What the owner gave, in words, the latest first."""
    gave = [row for row in rows if row.direction == "gave" and (row.kind not in KINDS or KINDS[row.kind].is_deposit)]
    return tuple((row.on, _gift(row)) for row in reversed(gave))[:GIFTS_NAMED]


def _gift(row: LedgerRow) -> str:
    label = KINDS[row.kind].label if row.kind in KINDS else row.kind
    note = row.note.strip().split("\n")[0].rstrip(".")
    return f"{label}: {note[:80]}" if note else label


def _loops(owner: Owner, ids: Sequence[int] | None) -> dict[int, list[Loop]]:
    """The owner's promises past their day, and reports to those who introduced the owner that are past theirs."""
    day = clock.today(owner)
    found: dict[int, list[Loop]] = defaultdict(list)
    rows = Promise.objects.of(owner).filter(state="open", by_me=True)
    rows = rows if ids is None else rows.filter(person__in=list(ids))
    for person, text, made_on, due_on in rows.order_by("made_on", "turn", "pk").values_list(
        "person_id", "text", "made_on", "due_on"
    ):
        due = due_on or made_on + dt.timedelta(days=PROMISE_DAYS)
        if due < day:
            fact = f"You promised {text.rstrip('.')} on {write_date(made_on)}; it was due on {write_date(due)}."
            found[person].append(Loop("promise", fact, made_on, f"Keep your promise: {text}", "promise_kept"))
    for duty in introducing.duties(owner, ids):
        if duty.due_on < day and duty.kind in ("thanks", "report"):
            remedy = duty.idea or "Tell them where it stands, and thank them."
            found[duty.person_id].append(Loop("introduction", " ".join(duty.why), duty.due_on, remedy, "report"))
    return found


def _ideas(owner: Owner, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Up to three things to give each of them, from what they need, want and care about."""
    topics: dict[int, list[Noted]] = defaultdict(list)
    rows = Topic.objects.of(owner).filter(
        person__in=ids, ended_on=None, is_sensitive=False, kind__in=("need", "goal", "interest")
    )
    for person, kind, text, noted_on in rows.order_by("-noted_on", "-turn", "-pk").values_list(
        "person_id", "kind", "text", "noted_on"
    ):
        topics[person].append(Noted(kind, text, noted_on))
    order = ("need", "goal", "interest")
    return {
        person: tuple(idea_from([one], "item") for one in sorted(known, key=lambda one: order.index(one.kind))[:IDEAS])
        for person, known in topics.items()
    }


def _met(owner: Owner, ids: Sequence[int]) -> dict[int, str]:
    """Where, when and through whom the owner met each of them, as a clause."""
    rows = Person.objects.of(owner).filter(pk__in=ids)
    columns = ("pk", "met_at", "met_where", "met_event__name", "met_through__name")
    zone = clock.zone(owner)
    found = {}
    for person, at, where, event, through in rows.values_list(*columns):
        place = where or event
        if at or place or through:
            found[person] = "you met" + "".join((
                f" at {place}" if place else "",
                f" on {write_date(at.astimezone(zone).date())}" if at else "",
                f", through {through}" if through else "",
            ))  # fmt: skip
    return found


def standings(owner: Owner, ids: Sequence[int] | None = None) -> tuple[NDArray[np.int64], Standing]:
    """Everybody kept, or the people named, as columns that `askrules.decide` judges at once; their ids first."""
    table = ties.table(owner, ids=ids)
    day, zone = clock.today(owner), clock.zone(owner)
    place = {key: number for number, key in enumerate(table.ids.tolist())}
    rows = helping.ledger_rows(owner, ids)
    asks = helping.read_asks(owner, ids)
    net = net_of(rows, place, day)
    loops, waits = np.zeros(len(table), np.int64), np.zeros(len(table), np.int64)
    for person, found in _loops(owner, ids).items():
        if person in place:
            loops[place[person]] += sum(loop.on <= day for loop in found)
    for person, mine in helping.of_interest(rows, asks).items():
        where = place.get(person)
        if where is None:
            continue
        asked = [one.asked for one in asks[person]]
        entries = entries_of(mine)
        helped = helping.received(person, int(table.stage[where]), mine, asks[person])
        loops[where] += len(open_loops([one.help for one in helped], day))
        net[where] += _unwritten(helped, mine, asks[person], day)
        until = waits_until(all_asks(asked, entries), int(table.stage[where]), day)
        waits[where] = until.toordinal() if until else 0
    return table.ids, _columns(owner, table, ids, loops, waits, net, zone)


def _unwritten(
    helped: Iterable[Received],
    rows: Sequence[LedgerRow],
    asks: Sequence[AskRow],
    day: dt.date,
) -> float:
    """What counts in the account without a row in the bank: granted asks, and thanks that are missing."""
    more = [*helping.granted(rows, asks), *helping.missing_of(helped, rows, day)]
    return reckon(more, day).net if more else 0.0


def _columns(
    owner: Owner, table: ties.TieTable, ids: Sequence[int] | None, loops: NDArray[np.int64], waits: NDArray[np.int64],
    net: NDArray[np.float64], zone: Any,
) -> Standing:  # fmt: skip
    states = table.states
    days, two_way = states["days"].astype(np.int64), states["two_way"].astype(np.int64)
    first = np.where(days > 0, states["first_day"].astype(np.int64) + EPOCH, 0)
    met = Person.objects.of(owner).filter(met_at__isnull=False)
    met = met.filter(standing="kept") if ids is None else met.filter(pk__in=list(ids))
    place = {key: number for number, key in enumerate(table.ids.tolist())}
    for person, at in met.values_list("pk", "met_at"):
        day = at.astimezone(zone).date().toordinal()
        where = place.get(person)
        if where is not None and (first[where] == 0 or day < first[where]):
            first[where] = day
    last = np.where(two_way > 0, ties.local_days(states["last_two_way_at"].astype(np.int64), zone) + EPOCH, 0)
    first = np.where(first > clock.today(owner).toordinal(), 0, first)
    return Standing(table.stage, loops, two_way, np.minimum(two_way, days), first, last, waits, net)


def net_of(rows: Sequence[LedgerRow], place: dict[int, int], day: dt.date) -> NDArray[np.float64]:
    """`ledger.balance(…).net` of everybody at once: the aged sums by the same kinds and half-lives, as columns."""
    n, today = len(rows), day.toordinal()
    if not n:
        return np.zeros(len(place))
    who, _, on, direction, kind, size, asked, meaningful, outside = list(zip(*rows, strict=True))[:9]
    where = np.fromiter((place.get(one, -1) for one in who), np.int64, n)
    ago = today - np.fromiter((one.toordinal() for one in on), np.int64, n)
    gave = np.fromiter((one == "gave" for one in direction), np.bool_, n)
    codes = np.fromiter((_CODES.get(one, _OTHER) for one in kind), np.int64, n)
    sizes = np.array(size, dtype=np.float64)
    idle = np.fromiter((one is not None and not one for one in meaningful), np.bool_, n)
    left_out = np.fromiter(map(bool, outside), np.bool_, n) | (where < 0) | (ago < 0) | (_VALUE[codes] & idle)
    months = np.where(_SLOW[codes] | (sizes >= LARGE_SIZE), LONG_HALF_LIFE_MONTHS, SHORT_HALF_LIFE_MONTHS)
    aged = np.where(left_out, 0.0, sizes * 2.0 ** (-np.maximum(ago, 0) / (MONTH_DAYS * months)))
    drawn = ~gave & (_ASK[codes] | (np.fromiter(map(bool, asked), np.bool_, n) & _VALUE[codes]))
    sign = np.where(gave, np.where(_VALUE[codes], 1.0, -1.0), np.where(drawn, -1.0, 0.0))
    return np.bincount(np.maximum(where, 0), weights=sign * aged, minlength=len(place)).astype(np.float64)
