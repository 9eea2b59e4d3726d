"""`kith review`: the weekly review in the terminal, and its few acts."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from typing import Any

from kithbook.cli import printing
from kithbook.cli.local import local_owner
from kithbook.cli.printing import plural, table, wrap
from kithbook.cli.reading import read_day
from kithbook.core.errors import Invalid
from kithbook.core.stages import stage_rule
from kithbook.services.reviewviews import ActionView, GivenView, MailView, ReviewView, WordView

OPEN_SHOWN = 12


def run_review(args: argparse.Namespace) -> Any:
    """Show the review, or act on it."""
    if args.who and not args.action:
        raise Invalid("--for says whom --action is for.", "Write kith review --action TEXT --for WHO.")
    week = read_day(args.week)
    owner = local_owner()
    from kithbook.services import clock, mailer, review

    if args.done:
        return review.finish(owner, week)
    if args.action_done:
        return review.close_action(owner, week_of=week)
    if args.mail:
        return mailer.mail(owner)
    if args.action is not None:
        shown = week or review.review(owner).ahead.week_of
        return review.choose_action(owner, args.action, args.who, max(shown, clock.week_start(clock.today(owner))))
    return review.review(owner, week)


def _review(view: ReviewView) -> list[str]:
    """The review in words and a table."""
    done = f" · closed on {_day(view.done_on)}" if view.done_on else ""
    lines = [f"Week of {view.week_of:%A %-d %B %Y}{done}", ""]
    if view.is_empty:
        return [*lines, "Nothing to look back at yet, and nothing is open."]
    lines.append(
        f"{view.minutes_spent} minutes spent, {view.minutes_planned} planned, {view.minutes_budget} in the budget; "
        f"{view.touches_done} of {plural(view.touches_planned, 'planned touch', 'planned touches')} done."
    )
    rows = [(band.name, str(band.spent), str(band.planned), str(band.target)) for band in view.bands]
    lines += ["", *table(("stage", "spent", "planned", "usual share"), rows)]
    if view.objectives:
        aims = [(aim.name, str(aim.spent), str(aim.target)) for aim in view.objectives]
        lines += ["", *table(("objective", "spent", "share"), aims)]
    lines += ["", *_shares(view)]
    for text in filter(None, (view.need_warning, *(f"{one.person.name}: {one.why}" for one in view.clusters))):
        lines += wrap(text)
    for title, items in _sections(view):
        if items:
            lines += ["", title]
            for item in items:
                lines += wrap(item, "  ")
    if view.tip:
        lines += ["", f"{view.tip.title}.", *wrap(view.tip.text)]
    if not view.done_on:
        lines += ["", "When you are through: kith review --done"]
    return lines


def _shares(view: ReviewView) -> list[str]:
    found = []
    if view.before_need_half_year.share is not None:
        week = f" (this week {view.before_need.share:.0%})" if view.before_need.share is not None else ""
        found.append(f"With no ask near, in half a year: {view.before_need_half_year.share:.0%}{week}")
    if view.initiation.share is not None:
        found.append(f"Exchanges begun: {view.initiation.mine} by you, {view.initiation.theirs} by others")
    found.append(f"Helped this week: {view.helped} · in between: {view.tweeners} (kith people --tweeners)")
    return found


def _sections(view: ReviewView) -> Sequence[tuple[str, list[str]]]:
    opened = [f"{one.person.name}: {one.text}" + _due(one.due_on) for one in view.open[:OPEN_SHOWN]]
    if len(view.open) > OPEN_SHOWN:
        opened.append(f"and {len(view.open) - OPEN_SHOWN} more (see --json)")
    ahead = [
        f"{one.day_on:%a} {one.person.name} · {one.channel} · {one.minutes} min"
        + (f" → {one.idea}" if one.idea else "")
        for one in view.ahead.touches
        if one.day_on
    ]
    return (
        ("Stages", [f"{one.person.name}: {stage_rule(one.to_stage).name}. {one.why}" for one in view.moves]),
        ("In touch again", [f"{one.person.name}. {one.why}" for one in view.revived]),
        ("Fading", [f"{one.person.name}. {one.why}" for one in view.lost]),
        ("Promises", [f"{_whose(one)} {one.text}: {one.state}" for one in view.promises]),
        ("Given", [_given(one) for one in view.given]),
        ("Your one thing", [_action(view.action)] if view.action else []),
        ("Open", opened),
        ("Waiting for", [f"{one.person.name}: {one.text}" + _due(one.on) for one in view.waiting_for]),
        ("Social media", [view.social.text] if view.social.text else []),
        (f"Ahead, the week of {_day(view.ahead.week_of)}: {view.ahead.minutes_planned} minutes", ahead),
        ("One thing for the week ahead", [_action(view.next_action)] if view.next_action else _ideas(view)),
    )


def _ideas(view: ReviewView) -> list[str]:
    if not view.ideas:
        return []
    return [*(_action(one) for one in view.ideas), "Choose: kith review --action TEXT --for WHO"]


def _action(one: ActionView) -> str:
    name = f"{one.person.name}: " if one.person else ""
    return f"{name}{one.text}" + (f" (done {_day(one.done_on)})" if one.done_on else "")


def _given(one: GivenView) -> str:
    return f"{', '.join(person.name for person in one.people)}: {one.label} {one.note}".strip()


def _whose(one: WordView) -> str:
    return f"You to {one.person.name}:" if one.by_me else f"{one.person.name} to you:"


def _due(day: dt.date | None) -> str:
    return f" (due {_day(day)})" if day else ""


def _day(day: dt.date) -> str:
    return f"{day:%-d %b %Y}"


def _mail(view: MailView) -> list[str]:
    state = "is on" if view.is_on else "is off"
    ready = "" if view.is_ready else "; no mail server is named (see docs/reference/mail.md)"
    return [f"To: {view.to or 'nobody yet'} · the mail {state}{ready}", f"Subject: {view.subject}", "", view.text]


printing.PRINTERS |= {ReviewView: _review, MailView: _mail}
