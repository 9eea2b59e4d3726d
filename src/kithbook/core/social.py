"""Minutes on social media against the cap, and what they achieved (method §8: light touches, small weight)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

CAP_MINUTES: Final = 30
"""A week (d)."""
LIGHT_CHANNELS: Final = frozenset(("comment", "like"))
MOST_MINUTES: Final = 24 * 60
ANSWER_DAYS: Final = 30


class SocialWeek(NamedTuple):
    """Minutes of a week against the cap, light touches (one a person and day), how many led to an answer."""

    minutes: int
    cap: int
    touches: int
    answers: int

    @property
    def over(self) -> int:
        """Minutes past the cap, 0 within it."""
        return max(0, self.minutes - self.cap)

    @property
    def minutes_per_answer(self) -> float | None:
        """Minutes that one answer took; None without any."""
        return self.minutes / self.answers if self.answers else None


def judge_week(minutes: Iterable[int], cap: int, answered: Iterable[bool]) -> SocialWeek:
    """Sum up a week: minutes as logged; `answered` says for each light touch whether they were heard of since."""
    touches = list(answered)
    return SocialWeek(sum(minutes), cap, len(touches), sum(touches))


def say_week(week: SocialWeek) -> str:
    """One calm sentence about a week; empty where nothing was logged."""
    if not week.minutes and not week.touches:
        return ""
    found = f"{week.minutes} of {week.cap} minutes on social media"
    if week.over:
        found = f"{week.minutes} minutes on social media, {week.over} past the {week.cap} you set"
    if not week.touches:
        return f"{found}; no light touch came of it."
    touches = "1 light touch" if week.touches == 1 else f"{week.touches} light touches"
    answers = {0: "no answer yet", 1: "1 answer"}.get(week.answers, f"{week.answers} answers")
    end = " The same minutes are a call or two." if week.over and not week.answers else ""
    return f"{found}; {touches}, {answers}.{end}"
