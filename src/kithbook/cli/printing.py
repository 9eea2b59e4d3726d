"""Answers in words and tables, for people. What `--json` prints is the same view."""

from __future__ import annotations

import datetime as dt
import shutil
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kithbook.core.channels import CHANNELS
from kithbook.core.mail import NOT_YOURS
from kithbook.core.stages import stage_rule
from kithbook.services import views

WIDEST, NARROWEST = 100, 10
PROBLEMS_SHOWN = 20
NOBODY_YET = "You have no people yet. Import mail or an address book with `kith import`, or look at `kith demo`."
# What moves the cursor, changes colours or turns the direction of a line: it comes from other people's mail.
_UNSEEN = dict.fromkeys((*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
del _UNSEEN[ord("\n")]


def visible(text: str) -> str:
    """Text without anything that could control the terminal."""
    return text.translate(_UNSEEN)


def show(view: Any) -> None:
    """Print a view."""
    if isinstance(view, list):
        gap = "\n" if view and type(view[0]) in PRINTERS else "\n\n"
        print(visible(gap.join("\n".join(_any(item)) for item in view)) or "Nothing.")
    else:
        print(visible("\n".join(_any(view))))


def _any(view: Any) -> list[str]:
    printer = PRINTERS.get(type(view))
    return list(printer(view)) if printer else _fields(views.as_json(view))


def _fields(value: Any, indent: str = "") -> list[str]:
    """Any other view, name by name."""
    if not isinstance(value, dict):
        return [f"{indent}{value}"]
    lines = []
    for name, item in value.items():
        if isinstance(item, dict | list) and item:
            lines.append(f"{indent}{name.replace('_', ' ')}:")
            for part in item if isinstance(item, list) else [item]:
                lines += _fields(part, indent + "  ")
        else:
            lines.append(f"{indent}{name.replace('_', ' ')}: {'–' if item in (None, [], {}) else item}")
    return lines


def width() -> int:
    """How wide lines may be."""
    return min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)


def cut(text: str, longest: int) -> str:
    """Text short enough for a column."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def wrap(text: str, indent: str = "", first: str | None = None) -> list[str]:
    """Text in lines that fit; `first` begins the first one where it is not the indent."""
    begin = indent if first is None else first
    return textwrap.wrap(text, width(), initial_indent=begin, subsequent_indent=indent) or [begin]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Columns as wide as they need; the last one is cut where the lines would not fit."""
    cells = [list(head), *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    room = max(NARROWEST, width() - sum(widths[:-1]) - 2 * len(widths[:-1]))
    for row in cells:
        row[:] = [*(cell.ljust(wide) for cell, wide in zip(row[:-1], widths[:-1], strict=True)), cut(row[-1], room)]
    return ["  ".join(row).rstrip() for row in cells]


def day(value: dt.date | None) -> str:
    """A date as people read it."""
    return f"{value:%-d %b %Y}" if value else "–"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 person", "3 people"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _touch(touch: views.TouchView) -> list[str]:
    channel = CHANNELS[touch.channel].label if touch.channel in CHANNELS else touch.channel
    when = f"{touch.day_on:%a}" if touch.day_on else "   "
    due = f" · due {touch.due_on:%a %-d %b}" if touch.due_on else ""
    state = "" if touch.state == "open" else f" · {touch.state}"
    stage = stage_rule(touch.person.stage).name
    number = touch.number or ""
    head = f"{touch.person.name} · {channel} · {touch.minutes} min · {stage}{due}{state}"
    lines = wrap(head, " " * 10, f"{number:>3}  {when}  ")
    for reason in touch.why:
        lines += wrap(reason, " " * 10)
    if touch.idea:
        lines += wrap(f"→ {touch.idea}", " " * 10)
    return lines


def _one_touch(touch: views.TouchView) -> list[str]:
    words = {"done": "Done", "snoozed": "Put off", "skipped": "Not this week", "open": "Open again"}
    label = CHANNELS[touch.channel].label
    return [f"{words.get(touch.state, touch.state)}: {touch.person.name}, {label}, {touch.minutes} min."]


def _week(view: views.WeekView) -> list[str]:
    best = "no better plan fits" if view.proven_optimal else "a good plan, not proven the best"
    lines = [
        f"Week of {view.week_of:%A %-d %B %Y} · {view.minutes_planned} of {view.minutes_budget} minutes · {best}",
        "",
    ]
    if not view.people:
        return [
            lines[0],
            "",
            NOBODY_YET,
        ]
    if not view.touches:
        lines.append(
            "All caught up: nothing is planned for this week." if view.done else "Nothing is worth your time this week."
        )
    for touch in view.touches:
        lines += _touch(touch)
    if view.done:
        lines += ["", "Done: " + ", ".join(f"{touch.person.name} ({touch.minutes} min)" for touch in view.done)]
    if view.left_out:
        lines += ["", "Left out:"]
        for item in view.left_out:
            lines += wrap(f"{item.person.name}: {item.why}", "     ")
    if view.is_look:
        keep = f"To plan this week so: kith week --minutes {view.minutes_budget}"
        lines += ["", "This was a look; your plan stays as it is.", keep]
    return lines


def _today(view: views.TodayView) -> list[str]:
    head = f"{view.on:%A %-d %B %Y} · {view.minutes_done} of {view.minutes_budget} minutes of the week spent"
    lines = [head, ""]
    for touch in view.touches:
        lines += _touch(touch)
    if not view.touches:
        lines.append("All caught up for today." if view.people else NOBODY_YET)
    if view.later:
        lines += ["", f"{view.later} more this week: `kith week`."]
    return lines


def _people(view: views.PeoplePage) -> list[str]:
    if not view.people:
        return ["Nobody fits."]
    rows = [
        (
            person.id,
            cut(person.name, 28),
            stage_rule(person.stage).name,
            f"{person.state} {person.warmth:.0%}",
            day(person.last_contact_on),
            "tweener" if person.tweener else "",
            cut(person.affiliations[0].organisation, 24) if person.affiliations else "",
        )
        for person in view.people
    ]
    lines = table(("id", "name", "stage", "warmth", "last contact", "", "works at"), rows)
    shown = view.offset + len(view.people)
    if view.total > shown or view.offset:
        more = f"; the next with --offset {shown}" if view.total > shown else ""
        lines += ["", f"{view.offset + 1}–{shown} of {view.total:,}{more}."]
    return lines


def _person(view: views.PersonPage) -> list[str]:
    jobs = "; ".join(" · ".join(filter(None, (job.role, job.organisation))) for job in view.affiliations)
    lines = [
        view.name,
        " · ".join(filter(None, (view.stage_name, f"{view.state} ({view.warmth:.0%})", jobs, view.place))),
    ]
    lines.append(
        f"Last contact {day(view.last_contact_on)} · {plural(view.interactions_total, 'exchange')} · id {view.id}"
    )
    sections: list[tuple[str, list[str]]] = [
        ("Reach", [f"{i.kind}: {i.value}" for i in view.identities]),
        ("Why this warm", [reason.text for reason in view.why]),
        ("Open", [f"{loop.text}" + (f" (due {day(loop.due_on)})" if loop.due_on else "") for loop in view.open_loops]),
        ("Proposed", _proposal(view)),
        ("To earn next", view.missing),
        ("Topics", [f"{topic.kind}: {topic.text} ({day(topic.noted_on)})" for topic in view.topics]),
        ("Bank", _bank(view)),
        ("Promises", [_promise(promise) for promise in view.promises]),
        ("Tags", [", ".join(view.tags)] if view.tags else []),
        ("Note", [view.note] if view.note else []),
        ("Last exchanges", [_exchange(item) for item in view.interactions[:12]]),
    ]  # fmt: skip
    for title, items in sections:
        if items:
            lines += ["", title]
            for item in items:
                lines += wrap(item, "  ")
    return lines


def _proposal(view: views.PersonPage) -> list[str]:
    if view.proposal is None:
        return []
    return [f"{stage_rule(view.proposal.to_stage).name}: {' '.join(view.proposal.why)}"]


def _promise(promise: views.PromiseView) -> str:
    due = f", due {day(promise.due_on)}" if promise.due_on else ""
    return f"{'you' if promise.by_me else 'they'}: {promise.text}, {promise.state}{due}"


def _bank(view: views.PersonPage) -> list[str]:
    lines = [f"gave {view.bank.gave:g}, got {view.bank.got:g}"] if view.bank and view.ledger else []
    return lines + [f"{day(e.on)} {e.direction} {e.label} (size {e.size}) {e.note}".rstrip() for e in view.ledger[:10]]


def _exchange(item: views.InteractionView) -> str:
    arrow = {1: "→", -1: "←", 0: "↔"}[item.direction]
    minutes = f", {item.minutes} min" if item.minutes else ""
    text = item.title or item.note
    return f"{day(item.on)} {arrow} {CHANNELS[item.channel].label}{minutes}{': ' + text if text else ''}"


def _import(view: views.ImportReport) -> list[str]:
    kinds = ", ".join(sorted({file.kind for file in view.files}))
    did = "Would import" if view.dry_run else "Imported"
    files = f"{plural(len(view.files), 'file')} ({kinds})"
    lines = [f"{did} {plural(view.records, 'record')} from {files} in {view.seconds:.1f} s."]
    rows = [
        ("people added", view.people_added), ("people recognised", view.people_matched),
        ("interactions added", view.interactions_added), ("interactions known already", view.interactions_known),
    ]  # fmt: skip
    lines += [f"  {count:>8,}  {name}" for name, count in rows if count or name.endswith("added")]
    lines += [f"  {count:>8,}  left out: {reason}" for reason, count in view.skipped.items()]
    if view.problems_count:
        lines.append(f"  {view.problems_count:>8,}  could not be read:")
        for problem in view.problems[:PROBLEMS_SHOWN]:
            lines += wrap(f"{problem.where}: {problem.what}", " " * 12)
        if view.problems_count > PROBLEMS_SHOWN:
            lines.append(f"            … and {view.problems_count - PROBLEMS_SHOWN:,} more (see --json)")
    if 2 * view.skipped.get(NOT_YOURS, 0) > view.records:
        lines += wrap("Most of it is neither from you nor to you: name other addresses of yours with --me.")
    for note in view.notes[:PROBLEMS_SHOWN]:
        lines += wrap(note)
    if view.left_aside:
        shown, rest = ", ".join(visible(name) for name in view.left_aside[:3]), len(view.left_aside) - 3
        more = f" and {rest:,} more" if rest > 0 else ""
        lines += wrap(f"Of no kind that Kithbook reads: {plural(len(view.left_aside), 'file')} ({shown}{more}).")
    if view.me:
        lines.append(
            f"Your addresses: {', '.join(view.me)}"
            + (" (inferred: confirm them in the settings, or import with --me)" if view.me_inferred else "")
        )
    if view.batch and (view.people_added or view.people_matched or view.interactions_added):
        lines.append(f"To take it back: kith import undo {view.batch}")
    return lines


def _batch(view: views.BatchView) -> list[str]:
    counts = ", ".join(filter(None, (
        plural(view.people_added, "person", "people") if view.people_added else "",
        plural(view.interactions_added, "interaction") if view.interactions_added else "",
    )))  # fmt: skip
    return [
        f"{view.id}  {view.at:%-d %b %Y %H:%M}  {view.kind}: {view.title}  {counts}  "
        f"{'' if view.state == 'done' else view.state}".rstrip()
    ]


def _undo(view: views.UndoReport) -> list[str]:
    people = plural(view.people_removed, "person", "people")
    lines = [f"Taken back: {people} and {plural(view.interactions_removed, 'interaction')} removed."]
    if view.people_kept:
        lines += wrap(f"Kept, because you have added to them since: {', '.join(view.people_kept)}.")
    return lines


def _capture(view: views.CaptureView) -> list[str]:
    lines = ["Understood:" if not view.batch else "Written down:"]
    lines += [f"  {line}" for line in view.lines]
    for question in view.questions:
        lines.append(f"  ? {question}")
    for choice in view.choices:
        lines += [f"      --who {choice.text}={person.id}  {person.name}" for person in choice.candidates]
    if view.batch:
        lines.append(f"To take it back: kith log undo {view.batch}")
    return lines


def _ledger(view: views.LedgerView) -> list[str]:
    return [f"Noted: {view.direction} {view.label}, size {view.size}, {day(view.on)}."]


def _doctor(view: views.DoctorView) -> list[str]:
    lines = [
        f"{'✓' if c.is_well else '✗'} {c.name}: {c.found}" + ("" if c.is_well else f"  → {c.advice}")
        for c in view.checks
    ]
    return [*lines, "", "All is well." if view.is_well else "Some things want attention."]


def _note(view: views.Note) -> list[str]:
    return [view.message]


PRINTERS: dict[type, Callable[[Any], list[str]]] = {
    views.WeekView: _week,
    views.TodayView: _today,
    views.TouchView: _one_touch,
    views.PeoplePage: _people,
    views.PersonPage: _person,
    views.ImportReport: _import,
    views.BatchView: _batch,
    views.UndoReport: _undo,
    views.CaptureView: _capture,
    views.LedgerView: _ledger,
    views.DoctorView: _doctor,
    views.Note: _note,
}
