"""The week that comes: its plan, made without writing anything; and the one thing to do for somebody in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kithbook.core.errors import Invalid
from kithbook.core.facts import help_with
from kithbook.core.ids import from_text, to_text
from kithbook.core.planning import plan_week
from kithbook.services import candidates, clock, duties, weeks
from kithbook.services.finding import brief
from kithbook.services.preferences import remember, rules
from kithbook.services.reasons import Words
from kithbook.services.reviewviews import ActionView, AheadTouchView, AheadView
from kithbook.services.touches import put_off
from kithbook.store.models import EntryParty, Objective, Owner, Person, Topic

KEY = "reviews"
KEPT_WEEKS = 60
IDEAS, DEPOSIT_DAYS, LONGEST = 3, 90, 200
SUNDAY = 6
_plans: dict[int, tuple[tuple[Any, ...], AheadView]] = {}


def ahead(owner: Owner, monday: dt.date) -> AheadView:
    """This week's plan as it stands, or a plan of a week to come, made anew when something changed."""
    this_week = clock.week_start(clock.today(owner))
    if monday <= this_week:
        view = weeks.week(owner)
        touches = [
            AheadTouchView(t.person, t.kind, t.channel, t.minutes, t.why, t.idea, t.due_on, t.day_on)
            for t in view.touches
        ]
        return AheadView(view.week_of, view.minutes_budget, sum(t.minutes for t in touches), touches)
    owner.refresh_from_db(fields=["revision", "minutes_per_week", "settings", "habits", "time_zone"])
    key = (monday, owner.revision, clock.today(owner))
    kept = _plans.get(owner.pk)
    if kept and kept[0] == key:
        return kept[1]
    found = _plan(owner, monday)
    if len(_plans) > 50:
        _plans.clear()
    _plans[owner.pk] = (key, found)
    return found


def _plan(owner: Owner, monday: dt.date) -> AheadView:
    """What the planner would choose for that week if nothing else happened before."""
    hidden = put_off(owner)
    open_duties = [duty for duty in duties.gather(owner) if duty.person_id not in hidden]
    sunday = monday + dt.timedelta(days=SUNDAY)
    due = [duty for duty in open_duties if duty.due_on <= sunday]
    busy = hidden | duties.spoken_for(open_duties, sunday)
    table = candidates.find(owner, busy, monday, Words(owner))
    names = dict(Person.objects.of(owner).filter(standing="kept").values_list("pk", "name"))
    aims = list(Objective.objects.of(owner).filter(state="open"))
    limits = rules(owner, owner.minutes_per_week, {aim.pk: aim.share for aim in aims if aim.share > 0}, duties=len(due))
    result = plan_week(
        table, open_duties, limits, monday, names=names, objective_names={aim.pk: aim.name for aim in aims}
    )
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=[t.person_id for t in result.touches])}
    touches = [
        AheadTouchView(brief(people[t.person_id]), t.kind, t.channel, t.minutes, list(t.why), t.idea, t.due_on, t.on)
        for t in sorted(result.touches, key=lambda t: (t.on or monday, t.person_id))
        if t.person_id in people
    ]
    return AheadView(monday, owner.minutes_per_week, sum(t.minutes for t in touches), touches)


def kept_of(owner: Owner, monday: dt.date) -> dict[str, Any]:
    """What is kept of a week's review: `done_on`, `action`, `person`, `action_done_on`."""
    found: dict[str, Any] = owner.settings.get(KEY, {}).get(monday.isoformat(), {})
    return found


def keep(owner: Owner, monday: dt.date, **changes: Any) -> None:
    """Change what is kept of a week's review; the last sixty weeks stay."""

    def change(weeks: dict[str, Any] | None) -> dict[str, Any]:
        found = dict(weeks or {})
        entry = {**found.get(monday.isoformat(), {}), **changes}
        found[monday.isoformat()] = {name: value for name, value in entry.items() if value is not None}
        return dict(sorted(found.items())[-KEPT_WEEKS:])

    remember(owner, KEY, change)


def action(owner: Owner, monday: dt.date) -> ActionView | None:
    """The one thing chosen for a week; something given to the person in that week has done it by itself."""
    kept = kept_of(owner, monday)
    if not kept.get("action"):
        return None
    row = None
    if kept.get("person"):
        row = Person.objects.of(owner).filter(pk=from_text(kept["person"])).exclude(standing="seen").first()
    done_on = dt.date.fromisoformat(kept["action_done_on"]) if kept.get("action_done_on") else None
    if done_on is None and row is not None:
        given = EntryParty.objects.of(owner).filter(
            person=row, entry__direction="gave", entry__on__gte=monday,
            entry__on__lte=monday + dt.timedelta(days=SUNDAY),
        )  # fmt: skip
        done_on = given.order_by("entry__on").values_list("entry__on", flat=True).first()
    return ActionView(monday, kept["action"], brief(row) if row else None, done_on)


def choose(owner: Owner, monday: dt.date, text: str, person: Person | None) -> ActionView | None:
    """Choose the one thing for a week; raises Invalid without words."""
    words = " ".join(text.split())[:LONGEST]
    if not words:
        raise Invalid("The one thing is empty.", "Say in a few words what you will do for somebody.")
    keep(owner, monday, action=words, person=to_text(person.pk) if person else None, action_done_on=None)
    return action(owner, monday)


def ideas(owner: Owner, monday: dt.date) -> list[ActionView]:
    """Up to three things that could be done for somebody: open needs and goals of people without a recent deposit."""
    today = clock.today(owner)
    rows = Topic.objects.of(owner).filter(
        kind__in=("need", "goal"), person__standing="kept", ended_on=None, is_sensitive=False
    )
    recent = EntryParty.objects.of(owner).filter(
        entry__direction="gave", entry__on__gte=today - dt.timedelta(days=DEPOSIT_DAYS)
    )
    given = set(recent.values_list("person_id", flat=True))
    newest: dict[int, tuple[str, str]] = {}
    for person, kind, text in (
        rows.order_by("-noted_on", "-turn", "-pk").values_list("person_id", "kind", "text").iterator()
    ):
        if person not in given:
            newest.setdefault(person, (kind, text))
        if len(newest) >= IDEAS * 20:
            break
    waiting = list(newest)
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=waiting)}
    best = sorted((person for person in waiting if person in people), key=lambda p: people[p].stage not in (3, 4))[
        :IDEAS
    ]
    return [ActionView(monday, help_with(*newest[person]), brief(people[person]), None) for person in best]
