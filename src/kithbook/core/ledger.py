"""The relationship bank (method §4): kinds of entries, balance with ageing, one-way ties, the mirror.

Nothing here says that somebody has to return something. What a person was given freely never counts against
anybody: only help that was *asked for* draws on the account of the one who asked.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from kithbook.core.daywords import write_date
from kithbook.core.errors import Invalid

Direction = Literal["gave", "got"]

MONTH_DAYS = 365.25 / 12
SHORT_HALF_LIFE_MONTHS = 12
LONG_HALF_LIFE_MONTHS = 36
LARGE_SIZE = 4
ONE_WAY_GIFTS = 3
ONE_WAY_SIZE = 3
ONE_WAY_MONTHS = 12
RETURN_SIZE = 2
POSITIVE_PER_NEGATIVE = 5.0
DEPOSIT_EVERY_DAYS = 90
FRIEND_STAGE = 7


class Kind(NamedTuple):
    """`label` for people, default `size` 1–5 and `minutes`; `is_slow`: half-life of 36 months at any size."""

    label: str
    size: int
    minutes: int
    is_deposit: bool = True
    is_slow: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "item": Kind("useful item", 1, 5),
        "advice": Kind("answer or advice", 2, 15),
        "introduction": Kind("introduction", 3, 15),
        "referral": Kind("referral", 4, 15),
        "praise": Kind("public praise or recommendation", 3, 10),
        "favour": Kind("favour", 2, 30),
        "hospitality": Kind("hospitality", 2, 75),
        "gift": Kind("gift", 2, 25),
        "thanks": Kind("thanks", 1, 5),
        "report": Kind("outcome reported", 1, 5),
        "promise_kept": Kind("promise kept", 2, 15),
        "apology": Kind("apology", 1, 5),
        "clarity": Kind("expectation clarified", 1, 10),
        "goal_help": Kind("help with a goal", 3, 45),
        "service": Kind("service to a group", 2, 60),
        "ask": Kind("ask granted", 2, 0, is_deposit=False),
        "promise_broken": Kind("promise broken", 3, 0, is_deposit=False, is_slow=True),
        "missed_meeting": Kind("missed meeting", 2, 0, is_deposit=False),
        "friction": Kind("friction", 2, 0, is_deposit=False),
        "unthanked_referral": Kind("referral or help not thanked", 3, 0, is_deposit=False, is_slow=True),
        "loop_open": Kind("loop left open", 1, 0, is_deposit=False),
        "spam": Kind("unwanted mass mail", 1, 0, is_deposit=False),
    }
)

_SAID_OTHERWISE = {
    "broken promise": "promise_broken", "clarification": "clarity", "favor": "favour", "group service": "service",
    "kept promise": "promise_kept", "open loop": "loop_open", "outcome": "report",
    "unthanked help": "unthanked_referral",
}  # fmt: skip


def find_kind(words: str) -> str:
    """The key of a kind of entry, from the key or from words for it: "useful item", "promise kept"; raises Invalid."""
    said = " ".join(words.replace("_", " ").replace("-", " ").lower().split())
    named = {key.replace("_", " "): key for key in KINDS}
    labels = {kind.label: key for key, kind in KINDS.items()}
    parts = {part: labels[label] for label in labels for part in label.split(" or ")}
    found = {**parts, **labels, **_SAID_OTHERWISE, **named}.get(said)
    if found is None:
        raise Invalid(f"“{words[:30]}” is not a kind of entry.", f"Use one of: {', '.join(KINDS)}.")
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One act in the bank: `direction` "gave" is an act of the owner, "got" one of the other person.

    `kind` is a key of `KINDS`, `size` 1–5. `asked`: the help was asked for by the one who got it (a granted ask
    always is). `meaningful` to the one who got it: True, False or None (unknown).
    An ask that the other person granted is ("got", "ask"); a promise the owner broke is ("gave", "promise_broken").
    """

    on: date
    direction: Direction
    kind: str
    size: int
    asked: bool = False
    meaningful: bool | None = None


class Balance(NamedTuple):
    """Aged sums of sizes, in both directions.

    `gave` and `got` are the value that went each way; `net` is the owner's account with the person (given,
    less what was asked and got, less breaches), `net_of_theirs` the same seen from the other side.
    """

    gave: float
    got: float
    net: float
    net_of_theirs: float


class OneWay(NamedTuple):
    """The gifts that nothing came back for, the asks in between, and the sentence for the owner."""

    gifts_on: tuple[date, ...]
    asks_on: tuple[date, ...]
    why: str


class Mirror(NamedTuple):
    """How the owner looks in other people's books. `ask_share` and `give_per_ask` are None where there is no base."""

    ask_share: float | None
    give_per_ask: float | None
    positives: int
    negatives: int
    is_amber: bool


def add_months(day: date, months: int) -> date:
    """Give the same day `months` later (or earlier), or the last day of a shorter month; clamped to years 1–9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return date.max if year > 9999 else date.min
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def half_life_days(entry: Entry) -> float:
    """Days after which the entry counts half: 12 months up to size 3, 36 months from size 4 and for slow kinds."""
    slow = entry.size >= LARGE_SIZE or _kind(entry).is_slow
    return MONTH_DAYS * (LONG_HALF_LIFE_MONTHS if slow else SHORT_HALF_LIFE_MONTHS)


def aged_size(entry: Entry, on: date) -> float:
    """Age the size to that day: size · 2^(−days / half-life); 0 for later days and for what meant nothing to them."""
    days = (on - entry.on).days
    if days < 0 or (gives_value(entry) and entry.meaningful is False):
        return 0.0
    return float(entry.size * 2.0 ** (-days / half_life_days(entry)))


def gives_value(entry: Entry) -> bool:
    """Tell whether the act gave the other side something: every deposit, and an ask that was granted."""
    return _kind(entry).is_deposit or entry.kind == "ask"


def was_asked(entry: Entry) -> bool:
    """Tell whether the one who got it had asked for it."""
    return entry.kind == "ask" or (entry.asked and gives_value(entry))


def balance(entries: Iterable[Entry], on: date) -> Balance:
    """Add up the aged balance on that day; entries of later days do not count yet. Order does not matter."""
    value = {"gave": 0.0, "got": 0.0}
    asked = {"gave": 0.0, "got": 0.0}
    breach = {"gave": 0.0, "got": 0.0}
    for entry in entries:
        size = aged_size(entry, on)
        (value if gives_value(entry) else breach)[entry.direction] += size
        if was_asked(entry):
            asked[entry.direction] += size
    return Balance(
        value["gave"],
        value["got"],
        value["gave"] - asked["got"] - breach["gave"],
        value["got"] - asked["gave"] - breach["got"],
    )


def is_hidden(stage: int, *, family: bool = False) -> bool:
    """Tell whether the balance stays hidden: keeping score harms close ties (Friend and family)."""
    return family or stage >= FRIEND_STAGE


def one_way(entries: Iterable[Entry], on: date) -> OneWay | None:
    """Tell whether giving has been one-way so far.

    That is: at least 3 gifts of size ≥ 3 over at least 12 months, nothing of size
    ≥ 2 back since the first of them, and at least one ask of theirs between the first and the last.
    """
    past = sorted((entry for entry in entries if entry.on <= on), key=lambda entry: entry.on)
    gifts = [entry.on for entry in _since_return(past) if _is_large_gift(entry)]
    if len(gifts) < ONE_WAY_GIFTS or add_months(gifts[0], ONE_WAY_MONTHS) > gifts[-1]:
        return None
    asks = [
        entry.on
        for entry in past
        if entry.direction == "gave" and was_asked(entry) and gifts[0] <= entry.on <= gifts[-1]
    ]
    if not asks:
        return None
    why = (
        f"One-way so far: {len(gifts)} larger things given between {write_date(gifts[0])} and {write_date(gifts[-1])}, "
        f"asked for help {len(asks)} time{'s' if len(asks) > 1 else ''} meanwhile. Less effort is fine; the tie stays."
    )
    return OneWay(tuple(gifts), tuple(asks), why)


def mirror(entries: Iterable[Entry], *, contacts: int = 0, contacts_with_ask: int = 0) -> Mirror:
    """Hold up the mirror: the owner's own asks, gifts and breaches as other people may see them.

    Share of `contacts` in which something was asked, deposits per ask, and amber where there are fewer than 5
    positive acts per negative one; with no negative act at all it is never amber.
    """
    acts = list(entries)
    positives = sum(1 for entry in acts if entry.direction == "gave" and gives_value(entry))
    asks = sum(1 for entry in acts if entry.direction == "got" and was_asked(entry))
    negatives = asks + sum(1 for entry in acts if entry.direction == "gave" and not gives_value(entry))
    return Mirror(
        contacts_with_ask / contacts if contacts > 0 else None,
        positives / asks if asks else None,
        positives,
        negatives,
        negatives > 0 and positives / negatives < POSITIVE_PER_NEGATIVE,
    )


def turned(entries: Iterable[Entry]) -> list[Entry]:
    """Give the same entries as the other person would have written them."""
    return [replace(entry, direction="got" if entry.direction == "gave" else "gave") for entry in entries]


def last_deposit_on(entries: Iterable[Entry], on: date) -> date | None:
    """Give the day of the owner's latest deposit up to that day, None if there was none."""
    days = [e.on for e in entries if e.direction == "gave" and gives_value(e) and e.on <= on]
    return max(days, default=None)


def needs_deposit(last_on: date | None, on: date, *, every_days: int = DEPOSIT_EVERY_DAYS) -> bool:
    """Tell whether the last `every_days` days saw no deposit (day 90 itself still counts as recent)."""
    return last_on is None or (on - last_on).days > every_days


def _kind(entry: Entry) -> Kind:
    # A kind from a later version of the program is read as a deposit of its own size rather than refused.
    return KINDS.get(entry.kind, KINDS["favour"])


def _is_large_gift(entry: Entry) -> bool:
    return (
        entry.direction == "gave"
        and gives_value(entry)
        and entry.size >= ONE_WAY_SIZE
        and entry.meaningful is not False
    )


def _since_return(past: Sequence[Entry]) -> Sequence[Entry]:
    """Give what follows the last thing that came back; small thanks are courtesy, not a return."""
    for position in range(len(past) - 1, -1, -1):
        entry = past[position]
        if entry.direction == "got" and gives_value(entry) and entry.size >= RETURN_SIZE:
            return past[position + 1 :]
    return past
