"""Thanks in their ranks, what missing thanks become, keeping up with helpers, and vouching (method §7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kithbook.core import thanks, vouching
from kithbook.core.ledger import Entry, balance
from kithbook.core.obligations import Help
from kithbook.core.vouching import Known, vouch

GOT = date(2026, 11, 1)
REFERRAL = Help(1, 4, GOT, "referral (told Dana about me)", is_referral=True, size=4)
ADVICE = Help(1, 3, GOT, "answer or advice", size=2)


def after(days: int) -> date:
    return GOT + timedelta(days=days)


def thanked(got: Help, *channels: str, days: int = 1) -> Help:
    return replace(got, thanked=tuple((after(days), channel) for channel in channels))


class TestState:
    @pytest.mark.parametrize(("days", "state"), [(0, "due"), (2, "due"), (3, "overdue"), (400, "overdue")])
    def test_two_days_to_thank(self, days: int, state: str) -> None:
        """R98, R102: thanks for a referral are due within two days and overdue after."""
        found = thanks.judge(REFERRAL, after(days))
        assert (found.state, found.rank, found.due_on) == (state, 0, after(2))

    def test_help_of_any_kind_is_thanked(self) -> None:
        """R111: thanks for all help, not only referrals."""
        found = thanks.judge(ADVICE, after(3))
        assert (found.state, found.channel) == ("overdue", "message")

    @pytest.mark.parametrize(
        ("channel", "rank", "state"),
        [("email", 1, "partly"), ("message", 2, "thanked"), ("call", 2, "thanked"), ("note", 3, "thanked"),
         ("gift", 4, "thanked"), ("meeting", 4, "thanked"), ("comment", 0, "due")],
    )  # fmt: skip
    def test_ranks_of_thanks_for_a_referral(self, channel: str, rank: int, state: str) -> None:
        """R103: e-mail < message or call < note < gift or lunch; an e-mail alone leaves it partly thanked."""
        found = thanks.judge(thanked(REFERRAL, channel), after(2))
        assert (found.rank, found.state) == (rank, state)
        assert found.rank_words == thanks.RANK_WORDS[rank]

    def test_an_email_is_enough_for_small_help(self) -> None:
        assert thanks.judge(thanked(ADVICE, "email"), after(2)).state == "thanked"

    def test_the_best_thanks_count(self) -> None:
        assert thanks.judge(thanked(REFERRAL, "email", "note"), after(9)).rank == 3

    @pytest.mark.parametrize("got", [REFERRAL, thanked(REFERRAL, "email")])
    def test_who_takes_no_gifts_is_offered_none(self, got: Help) -> None:
        """R103: the no-gifts switch is respected in what is proposed."""
        assert "gift, or suggest a lunch" in thanks.judge(got, after(2)).next_step
        step = thanks.judge(got, after(2), no_gifts=True).next_step
        assert "lunch" not in step
        assert "handwritten note" in step

    def test_the_result_wants_thanks_again(self) -> None:
        ended = replace(thanked(REFERRAL, "call"), result_on=after(40))
        assert [thanks.judge(ended, after(days)).state for days in (40, 42, 43)] == ["partly", "partly", "overdue"]
        again = replace(ended, thanked=(*ended.thanked, (after(41), "note")))
        assert thanks.judge(again, after(43)).state == "thanked"

    def test_progress_then_giving_back(self) -> None:
        """R9, R112: after the thanks come reports, and something back within the year."""
        quiet = thanked(REFERRAL, "call")
        assert thanks.judge(quiet, after(10)).due_on == after(30)
        told = replace(thanked(ADVICE, "call"), returned_on=None)
        assert thanks.judge(told, after(304)).next_step == ""
        assert thanks.judge(told, after(305)).due_on == after(365)
        assert thanks.judge(replace(told, returned_on=after(80)), after(305)).next_step == ""


class TestMissing:
    """R100: missing thanks grow into a withdrawal that ages slowly."""

    @pytest.mark.parametrize(
        ("days", "size"), [(14, 0), (15, 1), (45, 1), (46, 2), (90, 2), (91, 3), (1_000, 3)],
    )  # fmt: skip
    def test_it_grows_with_time(self, days: int, size: int) -> None:
        found = thanks.missing_thanks(REFERRAL, after(days))
        assert (found.size if found else 0) == size

    def test_it_is_never_larger_than_the_help(self) -> None:
        small = thanks.missing_thanks(replace(ADVICE, size=1), after(300))
        assert small == Entry(after(15), "gave", "unthanked_referral", 1)
        assert thanks.missing_thanks(ADVICE, after(300)).size == 2  # type: ignore[union-attr]

    def test_it_weighs_on_the_account_and_ages_over_three_years(self) -> None:
        grown = thanks.missing_thanks(REFERRAL, after(91))
        assert grown is not None
        assert balance([grown], after(91)).net == -3
        assert balance([grown], grown.on + timedelta(days=1096)).net == pytest.approx(-1.5, abs=0.001)

    @pytest.mark.parametrize("channel", ["email", "call"])
    def test_thanks_mend_it_from_their_day_on(self, channel: str) -> None:
        late = thanked(REFERRAL, channel, days=100)
        assert thanks.missing_thanks(late, after(99)) is not None
        assert thanks.missing_thanks(late, after(100)) is None


class TestLoops:
    def test_no_thanks_is_a_loop_from_the_first_day(self) -> None:
        """R101: no second ask before the thanks."""
        (loop,) = thanks.open_loops([REFERRAL], GOT)
        assert (loop.kind, loop.on, loop.remedy) == ("thanks", GOT, "Thank them first: referral (told Dana about me).")
        assert thanks.open_loops([REFERRAL], after(-1)) == []
        assert thanks.open_loops([thanked(REFERRAL, "email")], after(5)) == []

    @pytest.mark.parametrize(("days", "count"), [(730, 1), (731, 0)])
    def test_small_help_is_let_rest_after_two_years(self, days: int, count: int) -> None:
        assert len(thanks.open_loops([ADVICE], after(days))) == count
        assert len(thanks.open_loops([REFERRAL, replace(ADVICE, size=4)], after(days))) == 2

    @pytest.mark.parametrize(("days", "count"), [(42, 0), (43, 1)])
    def test_a_result_they_were_not_told_is_one(self, days: int, count: int) -> None:
        ended = replace(thanked(REFERRAL, "call"), result_on=after(40))
        assert len(thanks.open_loops([ended], after(days))) == count
        assert thanks.open_loops([replace(ended, reported_on=(after(41),))], after(days)) == []


def test_help_back_goes_by_their_goals_and_needs() -> None:
    """R9, R106, R112: ask how you can help them reach what they want this year."""
    assert thanks.help_back(["run a marathon."], ["a tax adviser"]) == [
        "Their goal: run a marathon. Ask what would help.",
        "They look for a tax adviser. Whom or what do you know?",
    ]
    assert thanks.help_back([], []) == ["Ask how you can help them with what they want to reach this year."]


class TestKeepUp:
    reached = date(2026, 3, 2)

    def days(self, *ago: int) -> list[date]:
        return [self.reached + timedelta(days=day) for day in ago]

    def test_the_touches_of_a_year(self) -> None:
        assert [(step.on - self.reached).days for step in thanks.keep_up(self.reached)] == [2, 30, 90, 180, 365]

    @pytest.mark.parametrize(
        ("spoken", "today", "number"),
        [
            ((), 0, 1), ((1,), 1, 2), ((0,), 1, 1), ((1, 15), 15, 2), ((1, 16), 16, 3), ((1, 16, 76), 80, 4),
            ((), 47, 1), ((), 48, 2), ((1,), 75, 2), ((1,), 76, 3), ((), 410, 5), ((), 411, 0),
            ((1, 16, 76, 166, 351), 352, 0),
        ],
    )  # fmt: skip
    def test_contact_does_a_touch_and_an_old_one_lapses(self, spoken: tuple[int, ...], today: int, number: int) -> None:
        step = thanks.next_keep_up(self.reached, self.days(*spoken), self.days(today)[0])
        assert (step.number if step else 0) == number

    def test_contact_of_later_days_does_not_count_yet(self) -> None:
        step = thanks.next_keep_up(self.reached, self.days(5), self.days(1)[0])
        assert step is not None
        assert step.number == 1


class TestVouch:
    """R105: one's name stands behind a referral."""

    today = date(2026, 11, 21)

    @pytest.mark.parametrize(
        ("known", "level", "enough"),
        [
            (Known(), "know_of", False),
            (Known(has_met=True), "met", False),
            (Known(stage=2), "met", False),
            (Known(stage=4), "worked_with", True),
            (Known(stage=2, my_stage=4), "vouch", True),
            (Known(said="met", stage=6), "met", False),
            (Known(said="vouch", my_stage=5), "vouch", True),
            (Known(has_met=True, kept_on=date(2026, 5, 1)), "worked_with", True),
            (Known(said="met", kept_on=date(2026, 5, 1)), "met", False),
            (Known(has_met=True, well_on=date(2026, 5, 1)), "vouch", True),
        ],
    )  # fmt: skip
    def test_the_level(self, known: Known, level: str, enough: bool) -> None:
        found = vouch(known, self.today)
        assert (found.level, found.is_enough) == (level, enough)
        assert found.why

    def test_a_bad_outcome_takes_a_step_until_a_good_one(self) -> None:
        """R105: the outcome of a referral feeds the judgement."""
        badly = Known(stage=4, badly_on=date(2026, 5, 1))
        assert vouch(badly, self.today)[:2] == ("met", False)
        assert "1 May 2026" in " ".join(vouch(badly, self.today).why)
        assert vouch(replace(badly, well_on=date(2026, 4, 1)), self.today).level == "met"
        assert vouch(replace(badly, well_on=date(2026, 6, 1)), self.today).level == "vouch"
        assert vouch(Known(badly_on=date(2026, 5, 1)), self.today).level == "know_of"

    @pytest.mark.parametrize(("on", "level"), [(date(2023, 11, 21), "met"), (date(2023, 11, 20), "worked_with")])
    def test_a_promise_they_broke_counts_for_three_years(self, on: date, level: str) -> None:
        assert vouch(Known(stage=4, broken_on=on), self.today).level == level

    def test_an_old_judgement_is_named_as_old(self) -> None:
        assert len(vouch(Known(stage=4, last_on=date(2024, 11, 21)), self.today).why) == 1
        assert "20 November 2024" in vouch(Known(stage=4, last_on=date(2024, 11, 20)), self.today).why[-1]

    def test_every_level_has_words(self) -> None:
        assert set(vouching.WORDS) == set(vouching.LEVELS)
