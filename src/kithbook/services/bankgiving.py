"""Give to get: whom to give something this week, and what; and what went wrong and waits to be mended."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from kithbook.core.bankgiving import (
    REPAIRS,
    Act,
    Receiver,
    Wish,
    choose_for_week,
    count_weeks_of_giving,
    find_gift,
    find_receivers,
    find_repairs,
)
from kithbook.core.ids import to_text
from kithbook.core.ledger import DEPOSIT_EVERY_DAYS, KINDS, gives_value, last_deposit_on
from kithbook.core.needy import find_allowed_days
from kithbook.services import clock, ties
from kithbook.services.bankrows import Book, Raw, entry_views
from kithbook.services.bankviews import GiftIdeaView, GiveList, HelpView, RepairView
from kithbook.services.personviews import PersonBrief
from kithbook.services.touches import put_off
from kithbook.store.models import Owner, Person, Topic

WEEKS = 12
WISHES = ("need", "goal", "interest")
COURTESY = frozenset(("thanks", "report", "apology", "clarity", "promise_kept"))
"""Right and good, but not what is meant by helping somebody."""
HELP = frozenset(code for code, kind in KINDS.items() if (kind.is_deposit or code == "ask") and code not in COURTESY)
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


def every_days(owner: Owner) -> int:
    """After how many days without a deposit somebody is on the list; the owner may change it."""
    return int(owner.settings.get("deposit_every_days", DEPOSIT_EVERY_DAYS))


def receivers(owner: Owner, book: Book) -> list[Receiver]:
    """Everybody who could be given something now: who was put off or waits for no more words is left out."""
    today = clock.today(owner)
    resting = put_off(owner) | _held(owner, today)
    wished = set(_wishes(owner).values_list("person_id", flat=True))
    rows = Person.objects.of(owner).filter(standing="kept").values_list("pk", "name", "stage")
    everybody = [
        Receiver(pk, name, stage, _last(book.of_person.get(pk, ()), today), pk in wished)
        for pk, name, stage in rows
        if pk not in resting
    ]
    return find_receivers(everybody, today, every_days=every_days(owner))


def _last(rows: Iterable[Raw], today: dt.date) -> dt.date | None:
    return last_deposit_on((row.entry for row in rows), today)


def _held(owner: Owner, today: dt.date) -> set[int]:
    """Those to whom nothing more is proposed for now: two unanswered, or the ceiling of their stage."""
    table = ties.table(owner)
    states = table.states
    last = states["last_out_day"].astype(np.int64) + _EPOCH_ORDINAL
    allowed = find_allowed_days(table.stage, states["unanswered"].astype(np.int64), last)
    return set(table.ids[allowed > today.toordinal()].tolist())


def _wishes(owner: Owner) -> Any:
    return Topic.objects.of(owner).filter(person__isnull=False, kind__in=WISHES, ended_on=None, is_sensitive=False)


def give_list(owner: Owner, found: Sequence[Receiver], limit: int, offset: int = 0) -> GiveList:
    """The list with one concrete thing for each of those shown."""
    shown = found[offset : offset + limit]
    ideas = ideas_for(owner, [one.person for one in shown])
    people = [
        GiftIdeaView(PersonBrief(to_text(one.person), one.name, one.stage), one.last_on, ideas[one.person])
        for one in shown
    ]
    return GiveList(people, len(found), every_days(owner))


def ideas_for(owner: Owner, people: Sequence[int]) -> dict[int, str]:
    """One thing to give or do for each of these people, from what they look for, want or care about."""
    topics: dict[int, list[Wish]] = defaultdict(list)
    rows = _wishes(owner).filter(person__in=list(people))
    for person, kind, text, day in rows.values_list("person_id", "kind", "text", "noted_on"):
        topics[person].append(Wish(kind, text, day))
    return {person: find_gift(topics.get(person, [])) for person in people}


def help_one(owner: Owner, book: Book, found: Sequence[Receiver]) -> HelpView:
    """One person to help this week, and what was given this week already."""
    week_of = clock.week_start(clock.today(owner))
    given = [row for row in book.rows.values() if row.direction == "gave" and row.kind in HELP]
    this_week = [row.id for row in given if row.on >= week_of]
    chosen = choose_for_week(found, week_of)
    idea = ideas_for(owner, [chosen.person])[chosen.person] if chosen else ""
    return HelpView(
        person=PersonBrief(to_text(chosen.person), chosen.name, chosen.stage) if chosen else None,
        idea=idea,
        given=entry_views(owner, this_week),
        weeks=WEEKS,
        weeks_with=count_weeks_of_giving((row.on for row in given), week_of, WEEKS),
    )


def repairs(book: Book, people: Mapping[int, tuple[str, int]]) -> list[RepairView]:
    """What went wrong with somebody and is not mended, the latest first; `people` are names and stages."""
    strained = {key for row in book.rows.values() if row.kind in REPAIRS for key in book.people_of[row.id]}
    found = [
        RepairView(PersonBrief(to_text(person), *people[person]), to_text(one.entry), one.on, one.mine, one.what)
        for person in strained & people.keys()
        for one in find_repairs(Act(row.id, row.on, row.direction, row.kind) for row in book.of_person.get(person, ()))
    ]
    return sorted(found, key=lambda one: (-one.on.toordinal(), one.person.name.casefold()))


def thanks_ids(rows: Iterable[Raw]) -> list[int]:
    """Thanks that were received."""
    return [row.id for row in rows if row.direction == "got" and row.kind == "thanks" and gives_value(row.entry)]
