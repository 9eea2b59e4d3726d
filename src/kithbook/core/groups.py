"""Groups: my role beside theirs, and when it is time to step up (method §8).

Getting involved at a higher level beats showing up. A step up is suggested where the owner has had the plain part of a
member for more than a year, or none, and at least three ties in the group are warm; the next role to aim for is the
lowest above the owner's own that somebody there holds, else the lowest above it in the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

LEAST_WARM = 3
"""So many warm ties in a group carry a step up (d)."""
LEAST_DAYS = 365
"""So long as a plain member (d)."""

LADDER: tuple[tuple[str, ...], ...] = (
    ("", "guest", "participant", "follower", "attendee"),
    ("member",),
    ("volunteer", "helper", "contributor", "mentor", "team"),
    ("speaker", "host", "moderator", "editor", "coach"),
    ("organiser", "organizer", "committee", "committee member", "coordinator", "lead"),
    ("board", "board member", "treasurer", "secretary", "vice chair", "vice president", "deputy"),
    ("chair", "chairman", "chairwoman", "president", "founder", "director", "head"),
)
MEMBER = 1
PAST = frozenset(("former", "ex", "past", "retired"))
"""Who had a role and has it no longer is a member like others."""
STEPS = ("", "", "volunteer", "speaker", "organiser", "board member", "chair")
"""What to aim for at each rung where nobody's role is known."""


def rank_of(role: str) -> int:
    """The rung of a role in a group, 0 to 6; an unknown word, or one of the past, is a member's."""
    words = " ".join(role.casefold().replace("-", " ").split())
    if set(words.split()) & PAST:
        return MEMBER
    for rung, names in enumerate(LADDER):
        if words in names:
            return rung
    for rung in range(len(LADDER) - 1, 0, -1):
        if set(words.split()) & {name for name in LADDER[rung] if " " not in name}:
            return rung
    return MEMBER if words else 0


class Member(NamedTuple):
    """Somebody in the group; `is_warm`: the tie is alive or cooling."""

    person_id: int
    name: str
    role: str
    is_warm: bool


class StepUp(NamedTuple):
    """The next role, whom to ask about it (ids, those with that role or above first), and why now."""

    role: str
    ask: tuple[int, ...]
    why: str


def find_step_up(my_role: str, since: date | None, members: Iterable[Member], today: date) -> StepUp | None:
    """The next step in a group, or None while it is too early or the owner already helps to run it."""
    mine = rank_of(my_role)
    people = sorted(members, key=lambda one: (one.name.casefold(), one.person_id))
    warm = [one for one in people if one.is_warm]
    if mine > MEMBER or since is None or (today - since).days <= LEAST_DAYS or len(warm) < LEAST_WARM:
        return None
    above = sorted((one for one in people if rank_of(one.role) > mine and rank_of(one.role) > MEMBER), key=_by_rung)
    role = above[0].role if above else STEPS[MEMBER + 1]
    ask = [one for one in above if one.is_warm] or above or warm
    names = " and ".join(one.name for one in ask[:2])
    why = (
        f"{len(warm)} ties there are warm and you have been part of it since {since:%B %Y}: ask {names} what is needed."
    )
    return StepUp(role, tuple(one.person_id for one in ask[:2]), why)


def _by_rung(one: Member) -> tuple[int, str, int]:
    return rank_of(one.role), one.name.casefold(), one.person_id
