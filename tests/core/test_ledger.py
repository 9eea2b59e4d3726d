"""The relationship bank, worked by hand (a half-life of 12 months is 365.25 days, of 36 months 1,095.75 days)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.ledger import (
    KINDS,
    Direction,
    Entry,
    add_months,
    aged_size,
    balance,
    half_life_days,
    is_hidden,
    last_deposit_on,
    mirror,
    needs_deposit,
    one_way,
)

TODAY = date(2026, 11, 21)
YEAR = timedelta(days=365)


def _entry(direction: Direction, kind: str, size: int, days_ago: int = 0, *, asked: bool = False) -> Entry:
    return Entry(TODAY - timedelta(days=days_ago), direction, kind, size, asked)


def test_every_kind_has_a_label_a_size_and_minutes() -> None:
    assert all(kind.label and 1 <= kind.size <= 5 and kind.minutes >= 0 for kind in KINDS.values())
    assert sum(kind.is_deposit for kind in KINDS.values()) == 15
    assert {name for name, kind in KINDS.items() if not kind.is_deposit} == {
        "ask", "promise_broken", "missed_meeting", "friction", "unthanked_referral", "loop_open", "spam"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "size", "days"),
    [
        ("item", 1, 365.25),
        ("favour", 3, 365.25),
        ("referral", 4, 1095.75),
        ("gift", 5, 1095.75),
        ("promise_broken", 1, 1095.75),
        ("unthanked_referral", 2, 1095.75),
        ("missed_meeting", 2, 365.25),
        ("ask", 3, 365.25),
    ],
)
def test_the_half_life_goes_by_size_and_breach(kind: str, size: int, days: float) -> None:
    assert half_life_days(_entry("gave", kind, size)) == pytest.approx(days)


@pytest.mark.parametrize(
    ("size", "days_ago", "worth"),
    [
        (2, 0, 2.0),
        (2, 365, 2 * 0.5 ** (365 / 365.25)),
        (3, 1461, 3 / 16),
        (4, 4383, 4 / 16),
        (4, 365, 4 * 0.5 ** (365 / 1095.75)),
        (5, -1, 0.0),
    ],
)
def test_the_size_halves_with_time_and_later_days_do_not_count(size: int, days_ago: int, worth: float) -> None:
    assert aged_size(_entry("gave", "favour", size, days_ago), TODAY) == pytest.approx(worth)


def test_what_meant_nothing_to_them_weighs_nothing_but_unknown_counts() -> None:
    assert aged_size(Entry(TODAY, "gave", "item", 2, meaningful=False), TODAY) == 0
    assert aged_size(Entry(TODAY, "gave", "item", 2, meaningful=None), TODAY) == 2


@pytest.mark.parametrize(
    ("entries", "gave", "got", "net", "theirs"),
    [
        ([], 0, 0, 0, 0),
        ([_entry("gave", "advice", 2)], 2, 0, 2, 0),
        ([_entry("got", "referral", 4)], 0, 4, 0, 4),
        ([_entry("gave", "advice", 2), _entry("got", "ask", 3)], 2, 3, -1, 3),
        ([_entry("gave", "ask", 2)], 2, 0, 2, -2),
        ([_entry("got", "favour", 2, asked=True)], 0, 2, -2, 2),
        ([_entry("gave", "gift", 2), _entry("gave", "promise_broken", 3)], 2, 0, -1, 0),
        ([_entry("got", "missed_meeting", 2)], 0, 0, 0, -2),
        ([_entry("gave", "something of a later version", 2)], 2, 0, 2, 0),
    ],
)
def test_only_help_that_was_asked_for_draws_on_an_account(
    entries: list[Entry], gave: float, got: float, net: float, theirs: float
) -> None:
    assert balance(entries, TODAY) == pytest.approx((gave, got, net, theirs))


ENTRIES = st.lists(
    st.builds(
        Entry,
        st.dates(date(2000, 1, 1), date(2030, 1, 1)),
        st.sampled_from(["gave", "got"]),
        st.sampled_from(list(KINDS)),
        st.integers(1, 5),
        st.booleans(),
        st.sampled_from([True, False, None]),
    ),
    max_size=30,
)


@given(ENTRIES, st.randoms())
def test_order_does_not_matter_and_sides_are_mirror_images(entries: list[Entry], random: object) -> None:
    found = balance(entries, TODAY)
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert balance(shuffled, TODAY) == pytest.approx(found)
    turned = [
        Entry(one.on, "got" if one.direction == "gave" else "gave", one.kind, one.size, one.asked, one.meaningful)
        for one in entries
    ]
    assert balance(turned, TODAY) == pytest.approx((found.got, found.gave, found.net_of_theirs, found.net))


@given(ENTRIES)
def test_what_was_got_unasked_never_lowers_an_account(entries: list[Entry]) -> None:
    gift = Entry(TODAY, "got", "gift", 5)
    assert balance([*entries, gift], TODAY).net == pytest.approx(balance(entries, TODAY).net)


def test_the_balance_of_friends_and_family_is_hidden() -> None:
    assert is_hidden(7)
    assert is_hidden(1, family=True)
    assert not is_hidden(6)


GIFTS = [
    Entry(date(2025, 1, 10), "gave", "introduction", 3),
    Entry(date(2025, 6, 1), "gave", "goal_help", 3, asked=True),
    Entry(date(2026, 1, 10), "gave", "referral", 4),
]


def test_three_large_gifts_over_a_year_with_an_ask_between_are_one_way_so_far() -> None:
    found = one_way(GIFTS, TODAY)
    assert found is not None
    assert found.gifts_on == (date(2025, 1, 10), date(2025, 6, 1), date(2026, 1, 10))
    assert found.asks_on == (date(2025, 6, 1),)
    assert found.why == (
        "One-way so far: 3 larger things given between 10 January 2025 and 10 January 2026, asked for help 1 time "
        "meanwhile. Less effort is fine; the tie stays."
    )


@pytest.mark.parametrize(
    "entries",
    [
        [],
        GIFTS[:2],
        [*GIFTS[:2], Entry(date(2026, 1, 9), "gave", "referral", 4)],
        [GIFTS[0], Entry(date(2025, 6, 1), "gave", "goal_help", 3), GIFTS[2]],
        [
            GIFTS[0],
            Entry(date(2025, 6, 1), "gave", "advice", 2, asked=True),
            Entry(date(2025, 6, 2), "gave", "favour", 2),
            GIFTS[2],
        ],
        [*GIFTS, Entry(date(2026, 2, 1), "got", "favour", 2)],
        [*GIFTS[:2], Entry(date(2025, 7, 1), "got", "advice", 2), GIFTS[2]],
    ],
)
def test_fewer_smaller_quicker_unasked_or_returned_gifts_are_not_one_way(entries: list[Entry]) -> None:
    assert one_way(entries, TODAY) is None


def test_a_small_thank_you_is_no_return_and_a_gift_of_tomorrow_does_not_count_yet() -> None:
    assert one_way([*GIFTS, Entry(date(2026, 2, 1), "got", "thanks", 1)], TODAY) is not None
    assert one_way(GIFTS, date(2026, 1, 9)) is None


@pytest.mark.parametrize(
    ("positives", "asks", "breaches", "amber", "per_ask"),
    [
        (0, 0, 0, False, None),
        (5, 1, 0, False, 5.0),
        (4, 1, 0, True, 4.0),
        (9, 1, 1, True, 9.0),
        (10, 1, 1, False, 10.0),
        (0, 0, 1, True, None),
    ],
)
def test_the_mirror_turns_amber_below_five_to_one(
    positives: int, asks: int, breaches: int, amber: bool, per_ask: float | None
) -> None:
    entries = (
        [_entry("gave", "item", 1)] * positives
        + [_entry("got", "ask", 2)] * asks
        + [_entry("gave", "loop_open", 1)] * breaches
        + [_entry("got", "spam", 1), _entry("got", "gift", 3)]
    )
    found = mirror(entries, contacts=20, contacts_with_ask=5)
    assert (found.positives, found.negatives) == (positives, asks + breaches)
    assert (found.is_amber, found.give_per_ask, found.ask_share) == (amber, per_ask, 0.25)


def test_the_mirror_without_contacts_names_no_share() -> None:
    assert mirror([]).ask_share is None


@pytest.mark.parametrize(("days_ago", "needed"), [(None, True), (0, False), (90, False), (91, True)])
def test_a_deposit_is_recent_up_to_its_ninetieth_day(days_ago: int | None, needed: bool) -> None:
    last = None if days_ago is None else TODAY - timedelta(days=days_ago)
    assert needs_deposit(last, TODAY) is needed


def test_the_last_deposit_is_the_owners_own_and_not_in_the_future() -> None:
    entries = [
        _entry("gave", "item", 1, 30),
        _entry("got", "gift", 2, 3),
        _entry("gave", "spam", 1, 2),
        _entry("gave", "gift", 2, -5),
    ]
    assert last_deposit_on(entries, TODAY) == TODAY - timedelta(days=30)
    assert last_deposit_on([], TODAY) is None


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date.max, 1, date.max),
        (date.min, -1, date.min),
    ],
)
def test_months_end_where_the_calendar_does(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_the_example_worked_by_hand_in_the_explanation() -> None:
    entries = [_entry("gave", "advice", 2), _entry("gave", "introduction", 3, 1461), _entry("got", "ask", 3)]
    assert balance(entries, TODAY) == pytest.approx((2.1875, 3, -0.8125, 3))
