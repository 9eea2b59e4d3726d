"""The right to ask: the order of the verdicts, every threshold on its day, the plan that reaches it (method §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core import askplan, asks, askwords
from kithbook.core.askrules import (
    CLOSE_LOOP,
    DEPOSIT,
    READY,
    REINTRODUCE,
    VERDICTS,
    WAIT,
    Asked,
    Facts,
    Loop,
    all_asks,
    as_entry,
    needed_balance,
    net,
    remembered_since,
    unbooked,
)
from kithbook.core.errors import Invalid
from kithbook.core.ledger import Entry, add_months, balance

TODAY = date(2026, 11, 21)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def known(stage: int = 3, **more: object) -> Facts:
    """Somebody with a year of history and a talk last month."""
    plain: dict[str, object] = {
        "two_way": 6, "conversations": 5, "first_on": ago(365), "last_two_way_on": ago(30),
    }  # fmt: skip
    return Facts(stage, **(plain | more))  # type: ignore[arg-type]


def gift(days: int = 0, size: int = 2) -> Entry:
    return Entry(ago(days), "gave", "favour", size)


def verdict(facts: Facts, size: int, on: date = TODAY) -> str:
    return asks.check(facts, size, on).verdict


LOOP = Loop("thanks", "Not thanked yet: referral, 1 November 2026.", ago(20), "Thank them first: referral.")


class TestOrder:
    """Each verdict hides all that come after it."""

    everything = known(
        loops=(LOOP,), last_two_way_on=ago(800), asks=(Asked(ago(3), 2),), entries=(Entry(ago(9), "got", "ask", 5),)
    )

    def test_the_order_is_loop_reintroduce_wait_deposit_ready(self) -> None:
        """R79: only then has one earned the right to ask."""
        facts = self.everything
        assert verdict(facts, 4) == "close_loop"
        facts = replace(facts, loops=())
        assert verdict(facts, 4) == "reintroduce"
        facts = replace(facts, last_two_way_on=ago(5))
        assert verdict(facts, 4) == "wait"
        facts = replace(facts, asks=())
        assert verdict(facts, 4) == "deposit"
        facts = replace(facts, entries=(gift(), gift()))
        assert verdict(facts, 4) == "ready"

    def test_the_codes_are_the_places_of_the_words(self) -> None:
        assert [VERDICTS[code] for code in (CLOSE_LOOP, REINTRODUCE, WAIT, DEPOSIT, READY)] == list(VERDICTS)


class TestRemembered:
    """R72: would they know who this is?"""

    @pytest.mark.parametrize(
        ("last", "on", "expected"),
        [
            (date(2025, 5, 21), date(2026, 11, 21), "ready"),  # eighteen months to the day
            (date(2025, 5, 20), date(2026, 11, 21), "reintroduce"),
            (date(2024, 8, 29), date(2026, 2, 28), "ready"),
            (date(2024, 8, 31), date(2026, 2, 28), "ready"),  # eighteen months later is the last of February
            (date(2024, 8, 31), date(2026, 3, 1), "reintroduce"),
            (date(2024, 2, 29), date(2025, 8, 29), "ready"),
            (date(2024, 2, 29), date(2025, 8, 30), "reintroduce"),
        ],
    )
    def test_eighteen_months_without_an_exchange(self, last: date, on: date, expected: str) -> None:
        """R71, R72: an unsolicited call years later meets “who is this?”."""
        assert verdict(known(last_two_way_on=last, first_on=date(2020, 1, 1)), 1, on) == expected

    @settings(max_examples=300)
    @given(on=st.dates(date(1990, 1, 1), date(2100, 1, 1)), back=st.integers(500, 600))
    def test_the_limit_is_the_same_as_that_of_the_stages(self, on: date, back: int) -> None:
        last = on - timedelta(days=back)
        assert (last >= remembered_since(on)) == (on <= add_months(last, 18))

    def test_only_one_exchange_ever(self) -> None:
        assert verdict(known(two_way=1), 1) == "reintroduce"
        assert verdict(known(two_way=2, conversations=2), 1) == "ready"

    def test_somebody_never_met_is_a_cold_ask(self) -> None:
        """R71: a cold ask is named as one."""
        found = asks.check(Facts(1), 2, TODAY)
        assert found.verdict == "reintroduce"
        assert [flag.kind for flag in found.flags] == ["cold", "no_deposits"]
        assert found.reasons == (("No exchange that went both ways is noted.", TODAY),)
        assert "introduce you" in found.remedy

    @pytest.mark.parametrize("stage", [5, 6, 7])
    def test_strong_ties_keep_the_right_through_years_of_silence(self, stage: int) -> None:
        """R63: they would happily help each other."""
        facts = Facts(stage, two_way=40, conversations=30, first_on=ago(6_000), last_two_way_on=ago(5_000))
        assert [verdict(facts, size) for size in range(1, 6)] == ["ready"] * 5
        assert [flag.kind for flag in asks.check(facts, 1, TODAY).flags] == ["cold", "no_deposits"]
        assert verdict(Facts(stage), 3) == "ready"

    def test_the_line_to_use_says_where_when_and_through_whom(self) -> None:
        """R72: where, when and through whom is what a reintroduction says."""
        facts = known(last_two_way_on=ago(900), met="you met at FinFest on 3 March 2024, through Dana")
        found = asks.check(facts, 1, TODAY)
        assert found.remedy == "Write and say who you are: you met at FinFest on 3 March 2024, through Dana."


class TestWaiting:
    @pytest.mark.parametrize(("days", "expected"), [(0, "wait"), (30, "wait"), (31, "ready")])
    def test_thirty_days_after_an_ask_was_granted(self, days: int, expected: str) -> None:
        assert verdict(known(asks=(Asked(ago(days), 1, "gladly", ago(days)),), entries=(gift(0, 3),)), 1) == expected

    def test_the_days_run_from_the_answer(self) -> None:
        assert verdict(known(asks=(Asked(ago(90), 1, "gladly", ago(10)),)), 1) == "wait"

    @pytest.mark.parametrize("stage", [5, 6, 7])
    def test_from_support_up_a_granted_ask_is_no_reason_to_wait(self, stage: int) -> None:
        assert verdict(known(stage, asks=(Asked(ago(1), 1, "gladly", ago(1)),)), 2) == "ready"

    @pytest.mark.parametrize(("days", "expected"), [(0, "wait"), (90, "wait"), (91, "ready")])
    @pytest.mark.parametrize("stage", [3, 6])
    def test_an_ask_that_met_with_silence_holds_back_the_next(self, stage: int, days: int, expected: str) -> None:
        found = asks.check(known(stage, asks=(Asked(ago(days), 2, "silence"),)), 1, TODAY)
        assert found.verdict == expected
        assert ("there was no answer" in found.reasons[0].fact) is (expected == "wait")

    @pytest.mark.parametrize("days", [0, 91, 160, 2_000])
    @pytest.mark.parametrize("stage", [3, 6])
    def test_an_ask_without_a_noted_answer_holds_back_the_next_until_one_is_noted(self, stage: int, days: int) -> None:
        facts = known(stage, asks=(Asked(ago(days), 2, "", None, "a reference"),))
        found = asks.check(facts, 1, TODAY)
        assert found.verdict == "wait"
        assert found.reasons[0].on == ago(days)
        assert found.remedy == "Note what came of “a reference”, or ask once how it stands."
        assert [(step.on, step.deposit, step.kind) for step in found.plan] == [(TODAY, found.remedy, "answer")]
        assert found.ready_on == TODAY + timedelta(days=7)
        assert verdict(known(stage, asks=(Asked(ago(days), 2, "refused", TODAY),)), 1) == "ready"

    def test_every_open_ask_is_settled_before_a_planned_one(self) -> None:
        facts = known(entries=(gift(),), asks=(Asked(ago(200), 1), Asked(ago(9), 2, "", None, "a lift")))
        way = askplan.schedule(facts, 1, TODAY, TODAY + timedelta(days=60))
        assert [step.deposit for step in way.steps] == [
            "Note what came of your ask of 5 May 2026, or ask once how it stands.",
            "Note what came of “a lift”, or ask once how it stands.",
        ]
        assert way.ready_on == TODAY + timedelta(days=60)

    def test_a_refusal_does_not_hold_back(self) -> None:
        assert verdict(known(asks=(Asked(ago(2), 2, "refused", ago(1)),)), 1) == "ready"

    def test_the_remedy_names_the_day(self) -> None:
        facts = known(asks=(Asked(ago(10), 1, "gladly", ago(10), "a reference"),))
        found = asks.check(facts, 1, TODAY)
        assert "11 December 2026" in found.remedy
        assert found.ready_on == date(2026, 12, 12)
        assert found.reasons[0].on == ago(10)


class TestBalance:
    """R83: no deposit, no easy withdrawal."""

    @pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
    @pytest.mark.parametrize(("stage", "headroom"), [(1, 2), (2, 2), (3, 2), (4, 4)])
    def test_exactly_what_is_needed_is_enough(self, stage: int, headroom: int, size: int) -> None:
        """R74, R83: an ask draws on what was given before; size less 2, at Trust size less 4."""
        needed = size - headroom
        assert needed_balance(stage, size) == needed
        have = (
            tuple(gift(0, 1) for _ in range(needed))
            if needed > 0
            else (Entry(TODAY, "got", "ask", -needed),) * bool(needed)
        )
        facts = known(stage, entries=have)
        assert net(facts, TODAY) == needed
        assert verdict(facts, size) == "ready"
        less = replace(facts, entries=(*have, Entry(TODAY, "gave", "spam", 1)))
        assert verdict(less, size) == "deposit"

    def test_a_gift_of_yesterday_is_no_longer_worth_its_full_size(self) -> None:
        assert verdict(known(entries=(gift(1, 1),)), 3) == "deposit"

    def test_nothing_is_needed_from_support_up(self) -> None:
        deep = (Entry(TODAY, "got", "ask", 5),) * 4
        assert needed_balance(5, 5) is None
        assert verdict(known(5, entries=deep), 5) == "ready"

    def test_a_gift_that_meant_nothing_gives_no_right(self) -> None:
        empty = replace(gift(0, 5), meaningful=False)
        assert verdict(known(entries=(empty,)), 5) == "deposit"

    def test_entries_and_asks_of_later_days_do_not_count(self) -> None:
        later = known(entries=(gift(-1, 5),), asks=(Asked(ago(-1), 1),))
        assert verdict(later, 3) == "deposit"
        assert verdict(later, 1) == "ready"

    def test_what_is_said_to_be_there_is_never_rounded_up_to_what_is_needed(self) -> None:
        facts = known(entries=(gift(21, 1),))
        assert 0.95 < net(facts, TODAY) < 1
        assert "stands at 0.9;" in asks.check(facts, 3, TODAY).reasons[0].fact

    def test_no_figures_are_said_where_the_balance_is_hidden(self) -> None:
        shown, hidden = (asks.check(known(hides_balance=hides), 5, TODAY).reasons[0].fact for hides in (False, True))
        assert "0.0" in shown
        assert not any(letter.isdigit() for letter in hidden.replace("size 5", ""))


class TestLargeAsks:
    plenty = (gift(0, 5),)

    @pytest.mark.parametrize(("days", "expected"), [(179, "deposit"), (180, "ready")])
    @pytest.mark.parametrize("stage", [1, 2, 3])
    def test_below_trust_size_three_wants_half_a_year(self, stage: int, days: int, expected: str) -> None:
        facts = known(stage, first_on=ago(days), entries=self.plenty)
        assert verdict(facts, 3) == expected
        assert verdict(facts, 2) == "ready"

    @pytest.mark.parametrize(("count", "expected"), [(1, "deposit"), (2, "ready")])
    def test_and_two_conversations(self, count: int, expected: str) -> None:
        assert verdict(known(conversations=count, entries=self.plenty), 3) == expected

    def test_at_trust_neither_matters(self) -> None:
        assert verdict(known(4, first_on=ago(3), conversations=1, entries=self.plenty), 5) == "ready"


@pytest.mark.parametrize("size", [0, 6, -1])
def test_other_sizes_are_refused(size: int) -> None:
    with pytest.raises(Invalid):
        asks.check(known(), size, TODAY)


class TestWords:
    def test_what_gives_the_right_is_listed_with_days(self) -> None:
        """R81: what gives me the right, how have I invested?"""
        facts = known(entries=(gift(40),), given=((ago(40), "advice: how to hire"), (ago(90), "useful item")))
        found = asks.check(facts, 2, TODAY)
        assert found.verdict == "ready"
        assert found.rights[0] == ("You last spoke both ways on 22 October 2026.", ago(30))
        assert found.rights[1:] == (("You gave: advice: how to hire.", ago(40)), ("You gave: useful item.", ago(90)))
        assert found.reasons == found.rights

    def test_something_for_nothing_is_named(self) -> None:
        """R73: an ask with no deposits is flagged, also where a small ask is allowed."""
        assert "no_deposits" in [flag.kind for flag in asks.check(known(), 1, TODAY).flags]
        assert "no_deposits" not in [flag.kind for flag in asks.check(known(entries=(gift(),)), 1, TODAY).flags]

    @pytest.mark.parametrize(("asked", "expected"), [(1, False), (2, False), (3, True), (5, True)])
    def test_contact_only_in_need_is_named(self, asked: int, expected: bool) -> None:
        """R89: they did not become friends by reaching out only when in need."""
        facts = known(exchanges=6, exchanges_with_ask=asked)
        assert askwords.need_only_share(facts) == asked / 6
        assert ("need_only" in [flag.kind for flag in asks.check(facts, 1, TODAY).flags]) is expected

    def test_one_ask_in_one_contact_is_not_yet_need_only(self) -> None:
        assert "need_only" not in [f.kind for f in asks.check(known(exchanges=1, exchanges_with_ask=1), 1, TODAY).flags]
        assert askwords.need_only_share(Facts(1)) is None

    @pytest.mark.parametrize(("size", "days"), sorted(askwords.COLD_DAYS.items()))
    def test_the_larger_the_ask_the_sooner_it_is_cold(self, size: int, days: int) -> None:
        """R71: the gap is compared with the ask."""
        assert not askwords.is_cold(known(last_two_way_on=ago(days)), size, TODAY)
        assert askwords.is_cold(known(last_two_way_on=ago(days + 1)), size, TODAY)

    def test_people_say_yes_more_often_than_askers_expect(self) -> None:
        for facts in (Facts(1), known(loops=(LOOP,)), known(6)):
            assert asks.check(facts, 1, TODAY).say_yes == askwords.SAY_YES

    def test_every_reason_has_a_day(self) -> None:
        for facts in (Facts(1), known(loops=(LOOP,)), known(asks=(Asked(ago(1), 2),)), known(), known(6)):
            found = asks.check(facts, 5, TODAY)
            assert found.reasons
            assert all(reason.fact.endswith(".") and reason.on <= TODAY for reason in found.reasons)


class TestOnce:
    """A granted ask counts once, whether it is in the bank, among the asks or in both."""

    ask = Asked(ago(12), 3, "gladly", ago(10))

    @pytest.mark.parametrize("days", [12, 10, 3])
    def test_an_entry_stands_for_the_ask(self, days: int) -> None:
        entry = Entry(ago(days), "got", "ask", 3)
        assert unbooked([self.ask], [entry]) == []
        assert all_asks([self.ask], [entry]) == (self.ask,)

    @pytest.mark.parametrize("days", [13, 2])
    def test_an_entry_outside_its_days_is_another_one(self, days: int) -> None:
        entry = Entry(ago(days), "got", "ask", 3)
        assert unbooked([self.ask], [entry]) == [self.ask]
        assert len(all_asks([self.ask], [entry])) == 2

    def test_one_entry_stands_for_one_ask(self) -> None:
        entry = Entry(ago(10), "got", "ask", 3)
        assert unbooked([self.ask, self.ask], [entry]) == [self.ask]
        assert unbooked([self.ask, self.ask], [entry, entry]) == []

    def test_what_was_not_granted_is_never_booked(self) -> None:
        assert unbooked([Asked(ago(3), 2, "refused", ago(2)), Asked(ago(3), 2)], []) == []

    def test_its_entry_draws_on_the_account(self) -> None:
        assert balance([as_entry(self.ask)], ago(10)).net == -3
