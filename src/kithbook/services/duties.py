"""What is due towards people: gathered from promises, help received, new people, introductions and dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from kithbook.core.ids import to_text
from kithbook.core.obligations import (
    Promised,
    SpecialDay,
    duties_of_day,
    duties_of_followups,
    duties_of_help,
    duties_of_promise,
    sort_duties,
)
from kithbook.core.plantypes import Duty
from kithbook.core.records import PartialDate
from kithbook.services import askduties, clock, helping, introducing, keepingup, newcomers, repairing
from kithbook.store.fields import PARTIAL
from kithbook.store.models import Owner, Participant, Person, PersonDate, Promise, Touch

HELP_YEARS = 2
DATES_AHEAD_DAYS = 7


def gather(owner: Owner, person_ids: Sequence[int] | None = None) -> list[Duty]:
    """All duties that are open now, by due day; of some people only where `person_ids` is given."""
    day = clock.today(owner)
    found = [
        *_of_promises(owner, person_ids),
        *_of_help(owner, person_ids, day),
        *askduties.duties(owner, person_ids, day),
        *keepingup.duties(owner, person_ids, day),
        *_of_new_people(owner, person_ids),
        *_of_dates(owner, person_ids, day),
        *introducing.duties(owner, person_ids),
        *repairing.duties(owner, person_ids, day),
    ]
    return sort_duties(found)


def spoken_for(duties: Sequence[Duty], until: dt.date) -> frozenset[int]:
    """People for whom a week until that day has no other touch: something is due, or their 24-7-30 still runs.

    At Recognise its steps are all that goes out before they are over (method §2).
    """
    return frozenset(
        duty.person_id for duty in duties if duty.due_on <= until or (duty.kind == "followup" and duty.stage == 1)
    )


def _only(rows: Any, person_ids: Sequence[int] | None, column: str = "person_id__in") -> Any:
    rows = rows.filter(person__standing="kept") if column.startswith("person_") else rows
    return rows if person_ids is None else rows.filter(**{column: list(person_ids)})


def _of_promises(owner: Owner, person_ids: Sequence[int] | None) -> Iterable[Duty]:
    rows = _only(Promise.objects.of(owner).filter(state="open", by_me=True), person_ids)
    for row in rows.values_list("pk", "person_id", "person__stage", "made_on", "text", "due_on"):
        key, person, stage, made_on, text, due_on = row
        yield from duties_of_promise(Promised(person, stage, made_on, text, due_on, ref=f"promise:{to_text(key)}"))


def _of_help(owner: Owner, person_ids: Sequence[int] | None, day: dt.date) -> Iterable[Duty]:
    """Help got in the last two years, with what was thanked, reported and given back since, person by person."""
    since = day - dt.timedelta(days=365 * HELP_YEARS)
    rows, asks = helping.read(owner, person_ids), helping.read_asks(owner, person_ids)
    people = Person.objects.of(owner).filter(pk__in={*rows, *asks}, standing="kept")
    introduced = introducing.entries(owner)
    for person, stage, no_gifts in people.values_list("pk", "stage", "no_gifts"):
        for got in helping.received(person, stage, rows[person], asks[person]):
            if got.help.on >= since:
                # Thanks and reports for being introduced are duties of the introduction itself.
                told = got.entry in introduced
                owed = duties_of_help(got.help, day, no_gifts=no_gifts)
                yield from (duty for duty in owed if not told or duty.ref.endswith(":return"))


def _of_new_people(owner: Owner, person_ids: Sequence[int] | None) -> Iterable[Duty]:
    for one in newcomers.series(owner, person_ids):
        row, ref = one.person, f"followup:{to_text(one.person.pk)}"
        yield from duties_of_followups(row.pk, row.stage, one.steps, one.begun_at, place=row.met_where, ref=ref)


def _of_dates(owner: Owner, person_ids: Sequence[int] | None, day: dt.date) -> Iterable[Duty]:
    """Birthdays and the like of people near enough for it to matter: from Like up, or kin."""
    greeted = _greetings(owner, day)
    found = []
    for row in _only(PersonDate.objects.of(owner), person_ids).select_related("person"):
        if row.person.stage < 3 and not row.person.is_kin:
            continue
        ref = f"date:{to_text(row.pk)}"
        special = SpecialDay(
            row.person_id, row.person.stage, row.kind, to_partial(row.on), greeted_on=greeted.get(ref), ref=ref
        )
        found += [duty for duty in duties_of_day(special, day) if (duty.due_on - day).days <= DATES_AHEAD_DAYS]
    spoken = _spoken_on(owner, day, [duty.person_id for duty in found if duty.due_on == day])
    return [duty for duty in found if duty.due_on > day or duty.person_id not in spoken]


def _greetings(owner: Owner, day: dt.date) -> dict[str, dt.date]:
    """When a touch for a date was done last, by the name of the duty; long ago does not matter."""
    rows = Touch.objects.of(owner).filter(state="done", ref__contains="date:", week_of__gte=day - dt.timedelta(days=21))
    found: dict[str, dt.date] = {}
    for ref, at in rows.order_by("acted_at").values_list("ref", "acted_at"):
        found |= dict.fromkeys(ref.split(), at.astimezone(clock.zone(owner)).date())
    return found


def _spoken_on(owner: Owner, day: dt.date, people: Sequence[int]) -> set[int]:
    """Those of the people whom the owner wrote to or spoke with since the day began: nobody is greeted twice."""
    begun = dt.datetime.combine(day, dt.time(), clock.zone(owner))
    rows = Participant.objects.of(owner).filter(
        person__in=people, interaction__counts=True, interaction__at__gte=begun, interaction__at__lte=clock.now()
    )
    return set(rows.exclude(role="also").exclude(interaction__direction=-1).values_list("person_id", flat=True))


def to_partial(text: str) -> PartialDate:
    """The stored form of a partial date as a record."""
    match = PARTIAL.fullmatch(text)
    if not match:
        return PartialDate()
    year, month, day, month_only, day_only = (int(part) if part else None for part in match.groups())
    return PartialDate(year, month or month_only, day or day_only)
