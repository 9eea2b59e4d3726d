"""The rows of the review: people to decide about, dormant ties, those let go; and a touch for somebody who stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kithbook.core import dormancy, reconnect, tweeners
from kithbook.core.daywords import say_date, write_month
from kithbook.core.needy import check_outbound
from kithbook.core.openers import Draft, mail_link
from kithbook.core.warmth import state_word
from kithbook.services import clock, reasons, ties
from kithbook.services.betweenviews import CandidateView, DormantView, ForecastView, LetGoView
from kithbook.services.finding import brief
from kithbook.store.models import Affiliation, Identity, Owner, Person, ReviewDecision, Touch

LET_GO_SHOWN = 20
LATE_WEEKDAY = 4
"""From Friday on a touch goes into the plan of the next week."""
_DAY = 86_400


def candidates(
    owner: Owner, part: ties.TieTable, dropped: NDArray[np.bool_], between: NDArray[np.bool_], now: int
) -> list[CandidateView]:
    """The people of a table as rows to decide about, in its order, with a fixed number of queries."""
    ids = [int(key) for key in part.ids]
    people = {row.pk: row for row in Person.objects.of(owner).filter(pk__in=ids)}
    occasions = reasons.for_many(owner, ids)
    falls = forecasts(owner, part, [people[key] for key in ids], now)
    work = _work(owner, ids)
    count = tweeners.interactions(part.states)
    today = clock.today(owner)
    return [
        CandidateView(
            person=brief(people[key]),
            work=work.get(key, ""),
            last_contact_on=_last_on(part, place),
            interactions=int(count[place]),
            was_dropped=bool(dropped[place]),
            rhythm_days=people[key].rhythm_days,
            why=_why(part, place, dropped=bool(dropped[place]), between=bool(between[place]), today=today),
            forecast=falls[key],
            reason=occasions[key].reasons[0],
        )
        for place, key in enumerate(ids)
    ]


def _why(part: ties.TieTable, place: int, *, dropped: bool, between: bool, today: dt.date) -> str:
    """Why somebody is in the review, in a sentence."""
    last_on = _last_on(part, place)
    if last_on is None:
        return "No exchange with them is noted."
    last = say_date(last_on, today)
    if dropped:
        count = int(tweeners.interactions(part.states)[place])
        return f"After {count} exchanges nothing followed; the last was on {last}."
    if not between:
        return f"The last exchange was on {last}."
    gap = float(tweeners.mean_gap_days(part.states)[place])
    usual = "" if np.isnan(gap) or gap < 1 else f"; about {round(gap)} days between two were usual"
    return f"Nothing since {last}{usual}."


def _last_on(part: ties.TieTable, place: int) -> dt.date | None:
    state = part.states[place]
    return ties.day_of(int(state["last_day"])) if state["days"] else None


def _work(owner: Owner, ids: Sequence[int]) -> dict[int, str]:
    rows = Affiliation.objects.of(owner).filter(person__in=ids, ended_on="").order_by("-started_on", "pk")
    found: dict[int, str] = {}
    for person, organisation, role in rows.values_list("person_id", "organisation", "role"):
        found.setdefault(person, ", ".join(filter(None, (role, organisation))))
    return found


def forecasts(owner: Owner, part: ties.TieTable, people: Sequence[Person], now: int) -> dict[int, ForecastView]:
    """When each tie turns cold and falls asleep; `people` in the order of the table."""
    shape: dict[str, Any] = {
        "now": now, "horizon_days": part.horizon, "level": part.level, "slow": part.slow, "rating": part.closeness,
    }  # fmt: skip
    cold = dormancy.days_until_below(part.states, dormancy.COLD, **shape)
    asleep = dormancy.days_until_below(part.states, dormancy.DORMANT, **shape)
    warm, today = part.warmth(now), clock.today(owner)
    found = {}
    for place, row in enumerate(people):
        days = [_after(today, int(cold[place])), _after(today, int(asleep[place]))]
        state = state_word(float(warm[place]))
        said = [_about(day, today) if day else "" for day in days]
        text = dormancy.describe_fall(row.given_name or row.name, state, *said)
        found[row.pk] = ForecastView(brief(row), round(float(warm[place]), 4), state, days[0], days[1], text)
    return found


def _after(today: dt.date, days: int) -> dt.date | None:
    return None if days == dormancy.NEVER else today + dt.timedelta(days=days)


def _about(day: dt.date, today: dt.date) -> str:
    """A day as exactly as a forecast knows it: the day for the next three months, else the month."""
    return say_date(day, today) if (day - today).days <= 92 else write_month(day)


def dormant(
    owner: Owner, people: ties.TieTable, now: int, limit: int = reconnect.A_MONTH
) -> tuple[list[DormantView], int]:
    """The dormant ties most worth reviving, each with an opener; and how many more there are.

    They stay the same until one of them is written to: a dormant tie ranks by years, which weeks hardly change.
    """
    rank = reconnect.rank(people.states, people.stage, people.liking, now)
    rows = np.lexsort((people.ids, -rank))[: int((rank > 0).sum())]
    part, ranks = people.part(rows[:limit]), rank[rows[:limit]]
    ids = [int(key) for key in part.ids]
    occasions = reasons.for_many(owner, ids)
    emails: dict[int, str] = {}
    kept = Identity.objects.of(owner).filter(person__in=ids, kind="email").order_by("pk")
    for person, value in kept.values_list("person_id", "value"):
        emails.setdefault(person, value)
    found = []
    for place, key in enumerate(ids):
        view = occasions[key]
        body = f"{view.person.name.partition(' ')[0]},\n\n[{view.opener}]\n"
        found.append(
            DormantView(
                person=view.person,
                last_contact_on=_last_on(part, place),
                years=round((now - int(part.states["last_at"][place])) / (365.25 * _DAY), 1),
                rank=round(float(ranks[place]), 3),
                opener=view.opener,
                mail=mail_link(emails.get(key, ""), Draft("", body)),
            )
        )
    return found, len(rows) - len(found)


def let_go(owner: Owner) -> list[LetGoView]:
    """Those let go most lately, with the day where the review decided it."""
    decided = ReviewDecision.objects.of(owner).filter(decision="let_go").order_by("on", "pk")
    days: dict[int, dt.date] = dict(decided.values_list("person_id", "on"))
    rows = Person.objects.of(owner).filter(standing="archived").order_by("folded_name", "pk")
    ordered = sorted(rows, key=lambda row: days.get(row.pk, dt.date.min), reverse=True)[:LET_GO_SHOWN]
    return [LetGoView(brief(row), days.get(row.pk)) for row in ordered]


def propose(owner: Owner, row: Person) -> tuple[Touch | None, str]:
    """Put a touch for somebody into the plan of this week, or of the next one when this one is nearly over.

    Nothing is proposed where a touch waits already or where the next word is theirs. The planner keeps it while the
    minutes allow.
    """
    today = clock.today(owner)
    week_of = clock.week_start(today)
    late = today.weekday() >= LATE_WEEKDAY
    wanted = week_of + dt.timedelta(days=7) if late else week_of
    if Touch.objects.of(owner).filter(person=row, state="open", week_of__in=(week_of, wanted)).exists():
        return None, "They are in the plan already."
    allowance = check_outbound(row.stage, ties.unanswered(owner, row))
    if not allowance.allows(wanted if late else today):
        return (
            None,
            f"Nothing is proposed before {say_date(allowance.allowed_on or today, today)}: {allowance.why}.",
        )
    best = reasons.for_many(owner, [row.pk])[row.pk].reasons[0]
    touch = Touch(
        owner=owner, week_of=wanted, person=row, kind="investment", channel=best.channel, minutes=best.minutes,
        why=["You decided to keep this tie.", best.text], idea=best.idea, day_on=None if late else today, value=1.0,
    )  # fmt: skip
    touch.save(force_insert=True)
    return touch, f"They are in the plan of {'next' if late else 'this'} week: {best.idea}"
