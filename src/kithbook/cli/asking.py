"""`kith ask`: check the right to ask, write asks down, plan one. `kith thanks`: who waits for thanks."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from kithbook.cli import printing
from kithbook.cli.local import local_owner
from kithbook.cli.reading import read_day
from kithbook.core.errors import Invalid
from kithbook.services import starting

starting.start_django()

from kithbook.services import asks, referrals  # noqa: E402 - Django has to be started first
from kithbook.services.askviews import AskCheckView, AskItem, AskStep, AsksView  # noqa: E402
from kithbook.services.thankviews import OwedView, ThanksView  # noqa: E402

VERDICTS = {
    "ready": "Ready", "close_loop": "Close a loop first", "reintroduce": "Reintroduce yourself first",
    "deposit": "Give something first", "wait": "Wait",
}  # fmt: skip
NONE_YET = "No asks yet. Look before you ask with `kith ask check WHO --size N`."


def run_check(args: argparse.Namespace) -> Any:
    """Whether the owner is ready to ask."""
    return asks.check(local_owner(), " ".join(args.who), args.size, args.kind)


def run_record(args: argparse.Namespace) -> Any:
    """The owner asked."""
    return asks.record(
        local_owner(),
        " ".join(args.who),
        args.size,
        args.kind,
        args.text,
        args.outcome,
        read_day(args.on),
        args.planned,
    )


def run_plan(args: argparse.Namespace) -> Any:
    """The owner will ask."""
    day = read_day(args.on)
    if day is None:
        raise Invalid("The day is missing.", "Add it like --on 2027-05-01.")
    return asks.plan(local_owner(), " ".join(args.who), args.size, day, args.kind, args.text)


def run_outcome(args: argparse.Namespace) -> Any:
    """What came of an ask."""
    return asks.outcome(local_owner(), args.id, args.outcome, read_day(args.on))


def run_drop(args: argparse.Namespace) -> Any:
    """A planned ask is not made."""
    return asks.drop(local_owner(), args.id)


def run_list(_args: argparse.Namespace) -> Any:
    """All asks."""
    return asks.listing(local_owner())


def run_thanks(args: argparse.Namespace) -> Any:
    """Who waits for thanks, or thanks given."""
    if not args.who:
        return referrals.thanks_owed(local_owner())
    return referrals.thank(local_owner(), " ".join(args.who), args.channel, args.note, read_day(args.on))


def _check(view: AskCheckView) -> list[str]:
    what = f" ({view.kind})" if view.kind else ""
    lines = [f"{VERDICTS[view.verdict]}: an ask of size {view.size}{what} to {view.person.name}."]
    lines += printing.wrap(f"→ {view.remedy}", "  ")
    lines += ["", "Why"]
    for reason in view.reasons:
        lines += _dated(reason.on, reason.fact)
    if view.plan:
        lines += ["", f"The way there (ready on {printing.day(view.ready_on)})" if view.ready_on else "The way there"]
        lines += _steps(view.plan)
    if view.verdict != "ready" and view.rights:
        lines += ["", "What you have invested"]
        for reason in view.rights:
            lines += _dated(reason.on, reason.fact)
    notes = [*(flag.text for flag in view.flags), view.reminder, view.say_yes]
    lines.append("")
    for note in filter(None, notes):
        lines += printing.wrap(note)
    return lines


def _dated(on: dt.date, text: str) -> list[str]:
    first, *rest = printing.wrap(text, " " * 15)
    return [f"  {printing.day(on):<13}{first.strip()}", *rest]


def _steps(steps: Sequence[AskStep]) -> list[str]:
    return [line for step in steps for line in _dated(step.on, step.deposit)]


def _item(view: AskItem) -> list[str]:
    if view.asked_on is None:
        lines = [f"Planned for {printing.day(view.planned_on)}: {_title(view)}. id {view.id}"]
        lines += [*_steps(view.steps)] if view.steps else ["  Nothing has to come first."]
        if view.ready_on and view.planned_on and view.ready_on > view.planned_on:
            lines += printing.wrap(f"With these steps you would be ready on {printing.day(view.ready_on)}.", "  ")
    else:
        said = f", {view.outcome}" if view.outcome else ", no answer yet"
        lines = [f"Asked on {printing.day(view.asked_on)}{said}: {_title(view)}. id {view.id}"]
    lines += printing.wrap(view.message) if view.message else []
    return [*lines, f"To take it back: kith log undo {view.batch}"] if view.batch else lines


def _title(view: AskItem) -> str:
    return f"{view.person.name}, {view.text or view.kind or 'an ask'} (size {view.size})"


def _asks(view: AsksView) -> list[str]:
    lines: list[str] = []
    for title, items in (("No answer yet", view.open), ("Planned", view.planned), ("Past", view.past)):
        if items:
            lines += ["", title] if lines else [title]
            lines += [f"  {line}" for item in items for line in _item(item)]
    return lines or [NONE_YET]


def _thanks(view: ThanksView) -> list[str]:
    lines = [*_helped("Not thanked yet", view.owed), *_helped("Partly thanked", view.partly)]
    done = f"Thanked for {printing.plural(view.done_total, 'other thing')}." if view.done_total else ""
    if not lines:
        return [f"Everybody is thanked. {done}".strip()]
    return [*lines, *(["", done] if done else [])]


def _helped(title: str, items: Iterable[OwedView]) -> list[str]:
    lines = []
    for item in items:
        lines += _dated(item.got_on, f"{item.person.name}: {item.what}.")
        lines += printing.wrap(f"→ by {printing.day(item.due_on)}: {item.next_step}", " " * 15)
    return [title, *lines] if lines else []


printing.PRINTERS |= {AskCheckView: _check, AskItem: _item, AsksView: _asks, ThanksView: _thanks}
