"""Short explanations, each shown once: at most one new one a week in each place."""

from __future__ import annotations

from collections.abc import Collection

from kithbook.core.errors import Refused
from kithbook.core.tips import TIPS, Tip, next_tip
from kithbook.services import clock
from kithbook.services.preferences import remember
from kithbook.services.registry import operation
from kithbook.services.reviewviews import TipView
from kithbook.services.views import Note
from kithbook.store.models import Owner

KEY = "tips"
READ = "read"
"""What is kept of a tip: the Monday of the week in which it was first shown, and whether it was closed since."""


def current(owner: Owner, place: str, met: Collection[str] | None = None) -> TipView | None:
    """The explanation of this week for a place, a new one where there was none yet; `met` names rules that came up.

    It stays until the week is over or the owner closes it, and never comes again.
    """
    week = clock.week_start(clock.today(owner)).isoformat()
    seen: dict[str, str] = owner.settings.get(KEY, {})
    for tip in TIPS.values():
        if tip.place == place and seen.get(tip.key, "").startswith(week):
            return None if seen[tip.key].endswith(READ) else _view(tip)
    found = next_tip(place, seen, met)
    if found is None:
        return None
    remember(owner, KEY, lambda kept: {**(kept or {}), found.key: week})
    return _view(found)


@operation(reads=True)
def listing(owner: Owner) -> list[TipView]:  # noqa: ARG001  every operation takes the owner
    """All the short explanations."""
    return [_view(tip) for tip in TIPS.values()]


@operation()
def close(owner: Owner, tip: str) -> Note:
    """Close an explanation: it does not come again."""
    if tip not in TIPS:
        raise Refused(f"There is no explanation “{tip[:30]}”.", "See them with `kith op tips listing`.")
    week = clock.week_start(clock.today(owner)).isoformat()
    remember(owner, KEY, lambda kept: {**(kept or {}), tip: f"{(kept or {}).get(tip, week)[:10]} {READ}"})
    return Note("It will not come again.")


def _view(tip: Tip) -> TipView:
    return TipView(tip.key, tip.title, tip.text)
