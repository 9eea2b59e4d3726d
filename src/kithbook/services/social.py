"""Minutes on social media: written down, held against a cap, and compared with what they achieved (R54)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from kithbook.core.errors import Invalid
from kithbook.core.ids import to_text
from kithbook.core.social import ANSWER_DAYS, LIGHT_CHANNELS, MOST_MINUTES, judge_week, say_week
from kithbook.services import clock
from kithbook.services.moments import epoch
from kithbook.services.owners import touch_revision
from kithbook.services.preferences import social_cap
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.reviewviews import SocialView
from kithbook.services.views import Note
from kithbook.store.models import Interaction, Owner, Participant, TimeSpent

KIND = "social"


@operation()
@transaction.atomic
def log(owner: Owner, minutes: int, note: str = "", on: dt.date | None = None) -> Note:
    """Write down minutes spent on social media."""
    day = clock.past_day(owner, on)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(f"{minutes} minutes do not fit a day.", "Give the minutes it took, e.g. 10.")
    batch = start_batch(owner, "social", f"{minutes} minutes on social media")
    TimeSpent.objects.create(owner=owner, on=day, kind=KIND, minutes=minutes, note=note.strip()[:200], batch=batch)
    touch_revision(owner)
    return Note(week(owner, day).text, to_text(batch.pk))


@operation(reads=True)
def week(owner: Owner, week_of: dt.date | None = None) -> SocialView:
    """Minutes on social media in a week against your cap, and what came of them."""
    monday = clock.week_start(week_of or clock.today(owner))
    sunday = monday + dt.timedelta(days=6)
    minutes = TimeSpent.objects.of(owner).filter(kind=KIND, on__gte=monday, on__lte=sunday)
    found = judge_week(minutes.values_list("minutes", flat=True), social_cap(owner), _answered(owner, monday, sunday))
    return SocialView(
        week_of=monday,
        minutes=found.minutes,
        cap=found.cap,
        over=found.over,
        touches=found.touches,
        answers=found.answers,
        minutes_per_answer=round(found.minutes_per_answer, 1) if found.minutes_per_answer else None,
        text=say_week(found),
    )


def _answered(owner: Owner, monday: dt.date, sunday: dt.date) -> list[bool]:
    """For each person and day with a like or comment of the owner's in the week: whether they were heard of since."""
    start, end = epoch(owner, monday), epoch(owner, sunday + dt.timedelta(days=1))
    parts = Participant.objects.of(owner).exclude(role="also")
    given = Interaction.objects.of(owner).filter(
        at__gte=start, at__lt=end, channel__in=sorted(LIGHT_CHANNELS), direction__gte=0
    )
    light = parts.filter(interaction__in=given.values("pk"))
    zone = clock.zone(owner)
    first: dict[tuple[int, dt.date], dt.datetime] = {}
    for person, at in light.order_by("-interaction__at").values_list("person_id", "interaction__at"):
        first[person, at.astimezone(zone).date()] = at
    heard: dict[int, list[dt.datetime]] = {}
    came = parts.filter(
        person__in={person for person, _ in first}, interaction__at__gte=start, interaction__direction__lte=0
    )
    for person, at in came.values_list("person_id", "interaction__at"):
        heard.setdefault(person, []).append(at)
    span = dt.timedelta(days=ANSWER_DAYS)
    return [any(at < one <= at + span for one in heard.get(person, [])) for (person, _), at in sorted(first.items())]
