"""One timeline of a person: exchanges, the bank, stages, promises, merged by date, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from kithbook.services.views import InteractionView, LedgerView, PersonPage, PromiseView, StageEventView
from kithbook.web import words


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `icon` of the sprite, `tone` "gave", "got", "stage" or "", `text` and a quieter `note`."""

    on: dt.date
    order: int
    icon: str
    tone: str
    text: str
    note: str
    batch: str | None = None


def entries(page: PersonPage) -> list[Entry]:
    """All lines, newest first; within a day exchanges before what followed from them."""
    found = [
        *(_exchange(item, page.name) for item in page.interactions),
        *(_bank(item) for item in page.ledger),
        *(_stage(item) for item in page.stage_events),
        *(_promise(item, page.name) for item in page.promises),
    ]
    if page.met_on and page.met_where:
        found.append(Entry(page.met_on, 9, "met", "", _("You met: %(where)s") % {"where": page.met_where}, ""))
    return sorted(found, key=lambda one: (one.on.toordinal(), -one.order), reverse=True)


def first_name(name: str) -> str:
    """What one calls somebody."""
    return name.partition(" ")[0]


def by_month(lines: list[Entry]) -> list[tuple[dt.date, list[Entry]]]:
    """Lines under the first day of their month, order kept."""
    return [(month, list(rows)) for month, rows in groupby(lines, key=lambda one: one.on.replace(day=1))]


def _exchange(item: InteractionView, name: str) -> Entry:
    label = str(words.say(words.CHANNELS, item.channel))
    arrow = {1: _("from you"), -1: _("from %(name)s") % {"name": first_name(name)}}.get(item.direction, "")
    parts = [item.title, item.note, ""]
    if item.minutes:
        parts.append(_("%(n)d min") % {"n": item.minutes})
    if item.others:
        names = ", ".join(other.name for other in item.others[:3])
        more = len(item.others) - 3
        parts.append(_("with %(names)s") % {"names": names} + (f" +{more}" if more > 0 else ""))
    if not item.counts:
        parts.append(_("does not count as contact"))
    text = f"{label} {arrow}".strip()
    return Entry(item.on, 1, words.CHANNEL_ICONS.get(item.channel, "talk"), "", text, _joined(parts), item.batch)


def _bank(item: LedgerView) -> Entry:
    text = (_("You gave: %(what)s") if item.direction == "gave" else _("You got: %(what)s")) % {"what": item.label}
    return Entry(
        item.on, 2, "gift", item.direction, text, _joined([item.note, _("size %(n)d") % {"n": item.size}]), item.batch
    )


def _stage(item: StageEventView) -> Entry:
    to = words.say(words.STAGES, item.to_stage)
    if item.view == "me":
        return Entry(item.on, 4, "stage", "stage", _("You see them at %(to)s") % {"to": to}, item.why)
    text = _("Stays where it is, not yet %(to)s") if item.decision == "declined" else _("Now at %(to)s")
    return Entry(item.on, 4, "stage", "stage", text % {"to": to}, item.why)


def _promise(item: PromiseView, name: str) -> Entry:
    text = _("You promised: %(what)s") if item.by_me else _("%(name)s promised: %(what)s")
    state = str(words.say(words.PROMISE_STATES, item.state))
    return Entry(item.made_on, 3, "promise", "", text % {"what": item.text, "name": first_name(name)}, state)


def _joined(parts: list[Any]) -> str:
    return " · ".join(str(part) for part in parts if part)
