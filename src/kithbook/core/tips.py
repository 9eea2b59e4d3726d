"""Short explanations, each shown once where its rule is first met: a steady weekly rhythm (method §11)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple


class Tip(NamedTuple):
    """Two sentences about one rule; `key` names it, `place` is the page or part where it is first met."""

    key: str
    place: str
    title: str
    text: str


_TIPS: Final = (
    Tip(
        "before-need",
        "review",
        "Before you need it",
        "A call with nothing to ask costs little today and is worth much on the day you do need somebody. The "
        "share of contacts with no ask near them tells how well you are doing at that.",
    ),
    Tip(
        "initiation",
        "review",
        "Somebody has to write first",
        "Most ties end because both wait. Being the one who writes first is a habit, and it can be counted.",
    ),
    Tip(
        "lost",
        "review",
        "Ties fade in silence",
        "Nobody decides to lose a tie; it cools week by week until writing feels odd. One line while it is "
        "still cooling does more than a long letter a year later.",
    ),
    Tip(
        "revived",
        "review",
        "Old ties come back quickly",
        "Somebody you trusted years ago needs no new beginning. They also hear of things that your daily "
        "circle does not.",
    ),
    Tip(
        "bands",
        "review",
        "The middle deserves the minutes",
        "People at Like and Trust gain most from an hour, because there they either grow or slip away. "
        "Everybody else keeps a small share, so that nobody is forgotten.",
    ),
    Tip(
        "help-one",
        "review",
        "Help one person",
        "Once a week, do one small thing for somebody without a reason. It takes minutes, and it is what "
        "people remember.",
    ),
    Tip(
        "loops",
        "review",
        "Close the loop",
        "Tell people what came of their help, also when nothing did. It is the rarest thanks, and it earns "
        "the next door.",
    ),
    Tip(
        "social",
        "review",
        "Likes are light",
        "A like keeps your name in view; it hardly keeps a tie. Use it as a reminder to write, and set "
        "yourself a limit.",
    ),
    Tip(
        "depth",
        "stats",
        "Depth before numbers",
        "A hundred people who would not return your call help less than five who would. Look first at how "
        "many stand at Trust and above.",
    ),
    Tip(
        "redundancy",
        "stats",
        "More than one way in",
        "Where a single person links you to a whole circle, one move of theirs closes it. A second warm tie "
        "there is worth an hour.",
    ),
    Tip(
        "results",
        "stats",
        "Where results come from",
        "Outcomes follow minutes by months, so look at the year and not at the week. It shows which stage "
        "pays you back.",
    ),
    Tip(
        "facts",
        "person",
        "Write it down the same day",
        "What somebody told you in passing is gone by next week. One line with a date and a source is enough.",
    ),
    Tip(
        "stale",
        "person",
        "Facts grow old",
        "A job or a wish that was true two years ago may not be now. Asking again is also a good reason to write.",
    ),
    Tip(
        "learn",
        "person",
        "One question at a time",
        "Go into a conversation with one thing that you would like to learn. Whoever asks about the other is "
        "remembered kindly.",
    ),
    Tip(
        "stages",
        "person",
        "Seven stages, one step at a time",
        "A stage says how somebody sees you, and it takes evidence to move up. Silence cools a tie but does "
        "not take a stage away from Support up.",
    ),
    Tip(
        "brief",
        "brief",
        "Two minutes before the door",
        "Read what you last talked about and what is open between you. Coming with one useful thing beats "
        "coming with a question.",
    ),
    Tip(
        "new",
        "newcomers",
        "24 hours, 7 days, 30 days",
        "Most people you meet are forgotten within a month because nobody writes. Three light steps are "
        "enough to be remembered.",
    ),
    Tip(
        "bank",
        "bank",
        "Give first, keep no count",
        "What you give carries no bill. The book is there so that you thank in time, and so that you notice "
        "when you only ask.",
    ),
    Tip(
        "asks",
        "asks",
        "The right to ask",
        "Ask where there is trust or where you have given before; elsewhere mend or give first. People say "
        "yes more often than you expect.",
    ),
    Tip(
        "introductions",
        "introductions",
        "Ask both before you introduce",
        "A yes from each side before their names meet saves everybody an awkward mail. Then follow it until "
        "somebody has thanked somebody.",
    ),
    Tip(
        "tweeners",
        "between",
        "People in between",
        "Not close, not gone: these slip away unseen. A look through them once a week keeps the good ones.",
    ),
)

TIPS: Final[dict[str, Tip]] = {tip.key: tip for tip in _TIPS}
"""All explanations by key, in the order in which they come up."""


def next_tip(place: str, seen: Collection[str], met: Collection[str] | None = None) -> Tip | None:
    """The next explanation of a place that was not shown yet; `met` narrows it to rules that have come up just now."""
    fitting = [tip for tip in TIPS.values() if tip.place == place and tip.key not in seen]
    return next((tip for tip in fitting if met is None or tip.key in met), None)
