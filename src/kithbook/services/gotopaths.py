"""Second-degree paths: who may know somebody, by what they care about, where they belong, whom they wrote with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kithbook.core import meaning as core
from kithbook.core.meaningwords import Heard
from kithbook.services import ranking
from kithbook.services.matchshelf import Line, Shelves, lines_of, stock_of
from kithbook.services.matchviews import PathView
from kithbook.services.matchwords import person_brief, shortened
from kithbook.services.persons import judge
from kithbook.services.reasons import plain_title
from kithbook.store.models import (
    Attendance,
    Event,
    Group,
    Interaction,
    Introduction,
    Membership,
    Owner,
    Participant,
    Person,
)

SHOWN, PER_SOURCE, COLLEAGUES = 6, 4, 3
LATEST_MAILS = 800
LATEST_EVENTS = 300


class Path(NamedTuple):
    """Somebody, why they may know somebody, and how good a reason that is (lower is better)."""

    through: int
    why: str
    order: int


def paths(owner: Owner, shelves: Shelves, what: str, direct: set[int], cold: Sequence[int]) -> list[PathView]:
    """People to ask for an introduction, best reasons and warmest first; one path a person, none of the direct ones."""
    heard = ranking.understand(what)
    found = [
        *_to_cold(owner, shelves, cold),
        *_mails(owner, what, heard),
        *_groups(owner, what, heard),
        *_interests(owner, shelves, what, heard),
        *_events(owner, what, heard),
    ]
    best: dict[int, Path] = {}
    for path in found:
        if path.through in shelves.people and path.through not in direct and path.through not in best:
            best[path.through] = path
    judged = judge(owner, list(best))
    order = sorted(best.values(), key=lambda path: (path.order, -judged[path.through].warmth))
    return [
        PathView(person_brief(shelves, path.through), path.why, judged[path.through].warmth, judged[path.through].state)
        for path in order[:SHOWN]
    ]


def _to_cold(owner: Owner, shelves: Shelves, cold: Sequence[int]) -> list[Path]:
    """Those who brought the owner together with somebody who fits and has gone cold, or who worked with them."""
    names = {key: shelves.people[key].name for key in cold}
    found = []
    made = Introduction.objects.of(owner).filter(first__in=cold, second=None).exclude(introducer=None)
    for through, person in made.values_list("introducer_id", "first_id"):
        found.append(Path(through, f"Introduced you to {names[person]}, who fits and has gone quiet.", 0))
    brought = Person.objects.of(owner).filter(pk__in=cold).exclude(met_through=None)
    for through, person in brought.values_list("met_through_id", "pk"):
        found.append(Path(through, f"You met {names[person]} through them; that tie has gone quiet.", 0))
    for person in cold:
        for other, firm in _colleagues(shelves, person)[:COLLEAGUES]:
            text = f"Was at {firm} like {names[person]}, who fits and has gone quiet."
            found.append(Path(other, text, 1))
    return found


def _colleagues(shelves: Shelves, person: int) -> list[tuple[int, str]]:
    """Who was in an organisation of this person's, and in which."""
    firms = shelves.employers.get(person, frozenset())
    shared = ((key, sorted(firms & theirs)) for key, theirs in shelves.employers.items() if key != person)
    return [(key, shelves.firms[names[0]]) for key, names in shared if names] if firms else []


def _mails(owner: Owner, what: str, heard: Heard) -> list[Path]:
    """Mails about it on which somebody was whom the owner does not know, and who else was on them."""
    unknown = Participant.objects.of(owner).filter(role="also", person__standing="seen")
    rows = unknown.exclude(interaction__title="").order_by("-interaction__at")
    mails: dict[str, tuple[int, str]] = {}
    for mail, title, name in rows.values_list("interaction_id", "interaction__title", "person__name")[:LATEST_MAILS]:
        mails.setdefault(plain_title(title), (mail, name))
    fitting = _fitting(owner, what, heard, list(mails), core.FITS_UNASKED)
    chosen = {mails[title][0]: (title, mails[title][1]) for title in fitting}
    dates = dict(Interaction.objects.of(owner).filter(pk__in=chosen).values_list("pk", "at"))
    found = []
    for mail, person in (
        Participant.objects.of(owner).filter(interaction__in=chosen).exclude(role="also")
        .values_list("interaction_id", "person_id")
    ):  # fmt: skip
        title, name = chosen[mail]
        when = f"{dates[mail]:%B %Y}"
        found.append(Path(person, f"Was on the mail “{title}” ({when}) with {name}, whom you have not met.", 1))
    return found


def _groups(owner: Owner, what: str, heard: Heard) -> list[Path]:
    """Members of groups that are about it."""
    groups = {f"{name}, {kind}" if kind else name: (key, name) for key, name, kind in
              Group.objects.of(owner).order_by("pk").values_list("pk", "name", "kind")}  # fmt: skip
    fitting = [groups[text] for text in _fitting(owner, what, heard, list(groups), core.FITS_UNASKED)]
    names = dict(fitting)
    found = []
    members = Membership.objects.of(owner).filter(group__in=names).order_by("pk")
    for group, person, role in members.values_list("group_id", "person_id", "role"):
        as_role = f" ({role})" if role else ""
        found.append(Path(person, f"Belongs to “{names[group]}”{as_role} and may know somebody there.", 2))
    return found


def _interests(owner: Owner, shelves: Shelves, what: str, heard: Heard) -> list[Path]:
    """People who care about it."""
    rows = lines_of(shelves.needs, ("interest",))
    found = []
    for one in ranking.rank(owner, what, heard, shelves.needs, rows)[:PER_SOURCE]:
        line = shelves.needs.lines[one.row]
        if one.strength >= core.FITS_UNASKED and line.person:
            found.append(Path(line.person, f"Is interested in “{shortened(line.text)}” and may know somebody.", 2))
    return found


def _events(owner: Owner, what: str, heard: Heard) -> list[Path]:
    """People met at events that were about it."""
    rows = Event.objects.of(owner).order_by("-held_on", "pk").values_list("pk", "name", "held_on")[:LATEST_EVENTS]
    by_name: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for key, name, day in rows:
        by_name[name].append((key, f" ({day:%B %Y})" if day else ""))
    fitting = _fitting(owner, what, heard, list(by_name), core.FITS_UNASKED)
    chosen = {key: (name, when) for name in fitting for key, when in by_name[name]}
    found = []
    there = Attendance.objects.of(owner).filter(event__in=chosen, met=True).order_by("pk")
    for event, person in there.values_list("event_id", "person_id"):
        name, when = chosen[event]
        found.append(Path(person, f"Was at “{name}”{when} and may know somebody from there.", 3))
    return found


def _fitting(owner: Owner, what: str, heard: Heard, texts: list[str], floor: float) -> list[str]:
    """Those of the texts that fit, the best first."""
    stock = stock_of([Line(0, "offer", text) for text in texts])
    rows = np.arange(len(texts))
    best = ranking.rank(owner, what, heard, stock, rows, titles=True)[:PER_SOURCE]
    return [texts[one.row] for one in best if one.strength >= floor]
