"""Who can help with something, directly or through somebody; how many could; how many were helped."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from kithbook.core import meaning as core
from kithbook.core.errors import Invalid
from kithbook.core.meaningask import read_question
from kithbook.core.meaningplaces import SAME_COUNTRY, Place, agree_places
from kithbook.core.meaningwords import Heard
from kithbook.core.names import fold_name
from kithbook.core.warmth import WORDS, state_word
from kithbook.services import clock, gotopaths, matching, meaning, ranking, ties
from kithbook.services.matchshelf import OFFERS, Line, Shelves, Stock, find_places, lines_of, of
from kithbook.services.matchviews import CoverageView, CoverView, GoToView, HelperView, PeopleServedView
from kithbook.services.matchwords import person_brief, shared_words, shortened
from kithbook.services.persons import judge
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.store.models import EntryParty, Introduction, Owner, Referral

WARM = WORDS[0][0]
"""Warm means alive (method §1)."""
LONGEST, MOST = 300, 100
ALIKE = 0.02
"""Values so near to each other count as the same: then the warmer tie stands first."""
HINTS = ("tag", "fact", "note")
"""Have to fit better than what somebody offers or does."""
TOPICS = 3
NAMES = 4
MADE = ("made", "acknowledged", "met", "outcome", "reported", "thanked", "closed")
HELP = ("item", "advice", "praise", "favour", "goal_help", "service", "ask", "introduction", "referral")
KIND_WORDS = {
    "offer": "offers", "work": "works as", "past work": "worked as", "tag": "has your tag", "fact": "you noted",
    "note": "you noted",
}  # fmt: skip


class Fitting(NamedTuple):
    """Lines of one person that fit, the best first."""

    person: int
    lines: list[Line]
    value: float
    strength: float
    why: str


@operation(reads=True)
@remembered
def who_can_help(
    owner: Owner, what: str, place: str = "", limit: int = 10, stage: int | None = None, warm: bool = False
) -> GoToView:
    """Who can help with something: your people, why, and how warm; and through whom you could reach others.

    Ask in your own words (“who can help with a visa in Lyon”), in English. `stage` and `warm` narrow the list.
    """
    _check(what, limit, stage)
    question = read_question(meaning.quick().lexicon, what[:LONGEST])
    where = " ".join((place or question.place).split())
    if not question.what and not where:
        raise Invalid("There is nothing to look for in this.", "Say what is needed, like “help with a visa in Lyon”.")
    shelves = of(owner)
    people = _allowed(owner, shelves, where, stage, warm)
    if not question.what:
        fitting = [Fitting(key, [], 1.0, 1.0, f"Is in {shelves.people[key].place}.") for key in people]
    else:
        fitting = _fitting(owner, shelves, question.what, where, people)
    judged = judge(owner, [one.person for one in fitting])
    fitting = sorted(fitting, key=lambda one: (-round(one.value / ALIKE), -judged[one.person].warmth))[:limit]
    found = [
        HelperView(
            person=person_brief(shelves, one.person), why=one.why, warmth=judged[one.person].warmth,
            state=judged[one.person].state, topics=[line.text for line in one.lines[:TOPICS]],
            place=shelves.people[one.person].place, strength=round(one.strength, 3),
        )
        for one in fitting
    ]  # fmt: skip
    cold = [one.person for one in fitting if judged[one.person].state in ("cold", "dormant")]
    direct = {one.person for one in fitting}
    paths = gotopaths.paths(owner, shelves, question.what, direct, cold) if question.what else []
    return GoToView(question.what, where, found, paths)


def _check(what: str, limit: int, stage: int | None) -> None:
    if not 1 <= limit <= MOST:
        raise Invalid(f"{limit} people cannot be shown.", f"Ask for 1 to {MOST}.")
    if stage is not None and not 1 <= stage <= 7:
        raise Invalid(f"There is no stage {stage}.", "Stages go from 1 (Recognise) to 7 (Friend).")
    if "\x00" in what:
        raise Invalid("This text cannot be searched for.", "Type it again without control characters.")


def _allowed(owner: Owner, shelves: Shelves, where: str, stage: int | None, warm: bool) -> list[int]:
    """Ids of people who may be in the answer: where they are, at which stage, and how warm."""
    found = list(shelves.people)
    if stage is not None:
        found = [key for key in found if shelves.people[key].stage == stage]
    if where:
        near = _near(shelves, where)
        found = [key for key in found if key in near]
    if warm and found:
        table = ties.table(owner)
        warmth = table.warmth(int(clock.now().timestamp()))
        alive = set(table.ids[warmth >= WARM].tolist())
        found = [key for key in found if key in alive]
    return found


def _near(shelves: Shelves, where: str) -> set[int]:
    """People in or near a place, by their place or by an offer or job that names one."""
    wanted, folded = find_places(where), fold_name(where)
    near = {key for key, known in shelves.people.items() if folded and known.place and folded in fold_name(known.place)}
    if not wanted:
        return near
    shelf = shelves.offers.shelf
    spots = [number for number, where in enumerate(shelf.spots) if _is_near(wanted, where.places)]
    near |= set(shelves.offers.person[np.isin(shelf.spot, spots)].tolist())
    names = {known.place for known in shelves.people.values() if known.place}
    fitting = {name for name in names if _is_near(wanted, find_places(name))}
    return near | {key for key, known in shelves.people.items() if known.place in fitting}


def _is_near(wanted: Sequence[Place], places: Sequence[Place]) -> bool:
    return any(agree_places(a, b) >= SAME_COUNTRY for a in wanted for b in places)


def _fitting(owner: Owner, shelves: Shelves, what: str, where: str, people: Sequence[int]) -> list[Fitting]:
    """People with lines that fit, the best first."""
    stock = shelves.offers
    rows = lines_of(stock, OFFERS, people)
    heard = ranking.understand(what, find_places(where) if where else ())
    key, refused = meaning.text_key(what), matching.refusals(owner)
    by_person: dict[int, list[core.Found]] = defaultdict(list)
    for one in ranking.rank(owner, what, heard, stock, rows):
        person, kind = stock.lines[one.row].person, stock.lines[one.row].kind
        floor = core.FITS_UNASKED if kind in HINTS else core.FITS
        if one.strength >= floor and person and (key, person) not in refused:
            by_person[person].append(one)
    found = []
    for person, lines in by_person.items():
        best = stock.lines[lines[0].row]
        reason = _why(best, heard, stock.shelf.heard[lines[0].row])
        texts = [stock.lines[one.row] for one in lines]
        found.append(Fitting(person, texts, lines[0].value, lines[0].strength, reason))
    return found


def _why(line: Line, need: Heard, offer: Heard) -> str:
    """As in: works as “VP Engineering, Paymo”; both name payments and banking."""
    both = shared_words(need, offer)
    text = f"{KIND_WORDS[line.kind]} “{shortened(line.text)}”"
    return f"{text[0].upper()}{text[1:]}{f'; {both}' if both else ''}."


@operation(reads=True)
@remembered
def coverage(owner: Owner, limit: int = 30) -> CoverageView:
    """How many people, and how many warm ones, you have for each skill, industry and place."""
    if not 1 <= limit <= MOST:
        raise Invalid(f"{limit} lines cannot be shown.", f"Ask for 1 to {MOST}.")
    shelves = of(owner)
    table = ties.table(owner)
    warmth = table.warmth(int(clock.now().timestamp()))
    warm = dict(zip(table.ids.tolist(), warmth.tolist(), strict=True))
    skills, places = _skills(shelves.offers), _places(shelves)
    alive = sum(state_word(value) == "alive" for value in warm.values())
    return CoverageView(
        people=len(shelves.people),
        warm=alive,
        skills=_covers("skill", skills, shelves, warm)[:limit],
        places=_covers("place", places, shelves, warm)[:limit],
    )


def _skills(stock: Stock) -> dict[str, set[int]]:
    rows = lines_of(stock, ("offer", "work", "past work", "tag"))
    rows = rows[stock.person[rows] != 0]
    concepts, people = stock.shelf.concepts[rows], stock.person[rows]
    names = meaning.quick().lexicon.names
    return {names[n]: set(people[concepts[:, n]].tolist()) for n in np.flatnonzero(concepts.any(axis=0))}


def _places(shelves: Shelves) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for key, known in shelves.people.items():
        if known.place.strip():
            places = find_places(known.place)
            found[places[0].name.title() if places else known.place.strip()].add(key)
    return found


def _covers(kind: str, found: dict[str, set[int]], shelves: Shelves, warm: dict[int, float]) -> list[CoverView]:
    """Most people first; the warmest are named."""
    views = []
    for name, people in found.items():
        order = sorted(people, key=lambda key: (-warm.get(key, 0.0), key))
        alive = [key for key in order if warm.get(key, 0.0) >= WARM]
        names = [shelves.people[key].name for key in order[:NAMES]]
        views.append(CoverView(kind, name, len(people), len(alive), names))
    return sorted(views, key=lambda view: (-view.people, view.name))


@operation(reads=True)
@remembered
def served(owner: Owner) -> PeopleServedView:
    """How many people you have helped: introductions made, referrals sent, and other help given."""
    since = clock.today(owner) - dt.timedelta(days=365)
    entries = EntryParty.objects.of(owner).filter(entry__direction="gave", entry__kind__in=HELP)
    given = list(entries.values_list("person_id", "entry__on", "entry_id"))
    made = Introduction.objects.of(owner).filter(introducer=None, state__in=MADE).exclude(second=None)
    brought = list(made.values_list("first_id", "second_id", "created_at"))
    referrals = Referral.objects.of(owner).filter(giver=None).exclude(receiver=None)
    sent = list(referrals.values_list("receiver_id", "on"))
    dated = [(person, on) for person, on, _ in given] + sent
    dated += [(person, at.date()) for first, second, at in brought for person in (first, second)]
    return PeopleServedView(
        people=_people(dated),
        last_year=_people((person, on) for person, on in dated if on > since),
        introductions=len(brought),
        referrals=len(sent),
        help=len({entry for _, _, entry in given}),
    )


def _people(dated: Iterable[tuple[int, dt.date]]) -> int:
    return len({person for person, _ in dated})
