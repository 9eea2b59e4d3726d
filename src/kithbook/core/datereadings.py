"""What one date expression means, seen from a day: the reading rules behind `core.spans`.

Each `read_*` gets the match of its pattern and the view, and gives the day, a question, both, or None for no date.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from kithbook.core.datewords import DATE_WORDS
from kithbook.core.ledger import add_months


class Reading(NamedTuple):
    """What one date expression means: the day, and a question where it was not certain."""

    on: date | None
    question: str = ""


class View(NamedTuple):
    """From where a date is read: the local day, and whether the thing lies ahead."""

    today: date
    ahead: bool


_W = DATE_WORDS["en"]


def write_day(day: date) -> str:
    """Write the day for people: "Friday 27 November 2026"."""
    return f"{calendar.day_name[day.weekday()]} {day.day} {calendar.month_name[day.month]} {day.year}"


def read_number(text: str) -> int:
    """Read a count in digits or words."""
    return int(text) if text.isdecimal() else _W.numbers[re.sub(r"\s+", " ", text.lower())]


def _on_date(year: int, month: int, day: int, text: str) -> Reading:
    try:
        return Reading(date(year, month, day))
    except ValueError:
        return Reading(None, f"There is no day “{text}”: which day is meant?")


def _nearest(month: int, day: int, view: View, text: str) -> Reading:
    """Give the day of that month on the right side of today; 29 February waits for a leap year."""
    if day < 1 or day > calendar.monthrange(2000, month)[1]:
        return Reading(None, f"There is no day “{text}”: which day is meant?")
    for years in range(9):
        year = view.today.year + (years if view.ahead else -years)
        if day > calendar.monthrange(year, month)[1]:
            continue
        on = date(year, month, day)
        if (on >= view.today) if view.ahead else (on <= view.today):
            return Reading(on)
    return Reading(None, f"Which day is “{text}”?")


def read_iso(match: re.Match[str], view: View) -> Reading | None:  # noqa: ARG001 - one signature for all rules
    """Read a full date with its year: 2026-03-12, 12.03.2026."""
    return _on_date(int(match["y"]), int(match["m"]), int(match["d"]), match.group().strip())


def read_slash(match: re.Match[str], view: View) -> Reading | None:
    """12/3 is a question unless only one order gives a day of the calendar; 24/7 is no date at all."""
    first, second, year = int(match["a"]), int(match["b"]), match["y"]
    if (first, second) == (24, 7) and not year:
        return None
    orders = {(day, month) for day, month in ((first, second), (second, first)) if 1 <= month <= 12 and 1 <= day <= 31}
    if not orders:
        return None
    if len(orders) > 1:
        text = match.group("date")
        one, other = (f"{a} {calendar.month_name[b]}" for a, b in ((first, second), (second, first)))
        return Reading(None, f"Does {text} mean {one} or {other}?")
    (day, month) = orders.pop()
    if not year:
        return _nearest(month, day, view, match.group("date"))
    return _on_date(int(year) + (2000 if len(year) == 2 else 0), month, day, match.group("date"))


def read_month_day(match: re.Match[str], view: View) -> Reading | None:
    """Read "12 March", "Mar 12th, 2026"; without a year the nearest on the right side of today."""
    word = match["month"]
    if word.islower() and word in _W.unsafe and not (match["lead"] or match.groupdict().get("th")):
        return None
    month, day = _W.months[word.lower()], int(match["d"])
    if match["y"]:
        return _on_date(int(match["y"]), month, day, match.group().strip())
    return _nearest(month, day, view, match.group().strip())


def read_month(match: re.Match[str], view: View) -> Reading | None:
    """Read a month alone: by its first day, in it until its last; of the past no day can be named."""
    month, how = _W.months[match["month"].lower()], match["how"].lower()
    if match["month"].islower() and match["month"] in _W.unsafe and how not in {"in", "last", "next", "since"}:
        return None
    if how in {"by", "until", "till", "before"} and not view.ahead:
        return None
    if match["y"]:
        first = date(int(match["y"]), month, 1)
    else:
        first = _month_near(month, View(view.today, view.ahead or how == "next"))
    if how in {"by", "until", "till", "before"}:
        return Reading(first)
    if view.ahead or how == "next":
        return Reading(_month_end(first))
    return Reading(None, f"Which day in {calendar.month_name[month]} {first.year}?")


def read_weekday(match: re.Match[str], view: View) -> Reading | None:
    """Read "Friday", "last Tuesday", "Friday next week"; never today itself, for which one says "today"."""
    word, which = match["day"], (match["which"] or match["which2"] or "").lower()
    suffix = (match["week"] or "").lower()
    if word.lower() in _W.unsafe and not (match["lead"] or which or match["part"] or suffix):
        return None
    index = _W.weekdays[word.lower()]
    monday = view.today - timedelta(days=view.today.weekday())
    if suffix or match["which2"]:
        shift = {"last": -7, "past": -7, "this": 0}.get(suffix or which, 7)
        return Reading(monday + timedelta(days=shift + index))
    if which == "this":
        on = monday + timedelta(days=index)
        return Reading(on + timedelta(days=7) if view.ahead and on < view.today else on)
    if which == "next":
        return read_next(index, view)
    ahead = which == "coming" or (view.ahead and which not in {"last", "past"})
    return Reading(_weekday_after(view.today, index) if ahead else _weekday_before(view.today, index))


def read_next(index: int, view: View) -> Reading:
    """Ask about "next Friday" said on a Monday where two are meant: this week's to some, the next week's to others."""
    coming = _weekday_after(view.today, index)
    if coming.isocalendar()[:2] != view.today.isocalendar()[:2]:
        return Reading(coming)
    later = coming + timedelta(days=7)
    return Reading(
        later, f"Next {calendar.day_name[index]}: {write_day(coming)} or {write_day(later)}? Taken: the later."
    )


def _weekday_before(today: date, index: int) -> date:
    return today - timedelta(days=(today.weekday() - index - 1) % 7 + 1)


def _weekday_after(today: date, index: int) -> date:
    return today + timedelta(days=(index - today.weekday() - 1) % 7 + 1)


_RELATIVE_DAYS = {"yesterday": -1, "tomorrow": 1, "last night": -1, "day before yesterday": -2, "day after tomorrow": 2}


def read_relative(match: re.Match[str], view: View) -> Reading | None:
    """Read "yesterday", "this morning", "last night", "the day after tomorrow"."""
    words = re.sub(r"\s+", " ", match["word"].lower())
    return Reading(view.today + timedelta(days=_RELATIVE_DAYS.get(words, 0)))


def read_other_day(match: re.Match[str], view: View) -> Reading | None:  # noqa: ARG001 - one signature for all rules
    """Ask which day "the other day" was."""
    return Reading(None, "Which day was “the other day”?")


def read_count(match: re.Match[str], view: View) -> Reading | None:
    """Read "3 days ago", "in two weeks"; "a few" is taken as three and asked."""
    is_ago = bool(match.groupdict().get("ago"))
    if not is_ago and not view.ahead and re.match(r"\s*[\w\ue000]", match.string[match.end() :][:4]):
        return None  # "doubled sales in two years, ..." tells how long, not when
    count, unit = read_number(match["n"]), _W.units[match["unit"].lower()]
    signed = -count if is_ago else count
    question = f"How long exactly is “{match.group().strip()}”?" if match["n"].lower().startswith("a few") else ""
    if unit == "hour":
        return Reading(view.today, question) if is_ago else None
    if unit in {"month", "year"}:
        return Reading(add_months(view.today, signed * (12 if unit == "year" else 1)), question)
    return Reading(view.today + timedelta(days=signed * {"day": 1, "week": 7, "fortnight": 14}[unit]), question)


def _period(which: str, unit: str, today: date) -> tuple[date, date]:
    """First and last day of "last week", "this month", "next quarter", "next weekend"."""
    step = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(which, 0)
    if unit in {"week", "weekend"}:
        monday = today + timedelta(days=7 * step - today.weekday())
        return (monday + timedelta(days=5 if unit == "weekend" else 0), monday + timedelta(days=6))
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    start = date(today.year, (today.month - 1) // months * months + 1, 1)
    first = add_months(start, step * months)
    return first, add_months(first, months) - timedelta(days=1)


def read_period(match: re.Match[str], view: View) -> Reading | None:
    """Ahead a period means its last (working) day; of the past its middle is taken and the day is asked."""
    which, unit = match["which"].lower(), match["unit"].lower()
    if which == "the" and not view.ahead:
        which = "this" if view.today.weekday() >= 5 else "last"
    first, last = _period(which, unit, view.today)
    if view.ahead or which in {"next", "coming"}:
        friday = last - timedelta(days=2)
        return Reading(friday if unit == "week" and friday >= view.today else last)
    middle = min(view.today, first + (last - first) // 2)
    return Reading(middle, f"Which day {'at the' if which == 'the' else which} {unit}? Taken: {write_day(middle)}.")


def read_edge(match: re.Match[str], view: View) -> Reading | None:
    """Read "end of month", "start of next quarter", "end of March"; the end of a week is its Friday."""
    edge, which, unit = (match["edge"] or "end").lower(), (match["which"] or "this").lower(), match["unit"].lower()
    if unit in _W.months:
        first = _month_near(_W.months[unit], view)
        last = _month_end(first)
    else:
        which = "last" if which == "this" and not view.ahead and edge == "end" else which
        first, last = _period(which, unit, view.today)
        last = last - timedelta(days=2) if unit == "week" else last
    return Reading({"end": last, "middle": first + (last - first) // 2}.get(edge, first))


def read_short_end(match: re.Match[str], view: View) -> Reading | None:
    """Read "eod", "eow", "eom", "eoq", "eoy"."""
    unit = {"d": "day", "w": "week", "m": "month", "q": "quarter", "y": "year"}[match["e"].lower()]
    if unit == "day":
        return Reading(view.today)
    last = _period("this", unit, view.today)[1]
    return Reading(last - timedelta(days=2) if unit == "week" else last)


def read_ordinal(match: re.Match[str], view: View) -> Reading | None:
    """Read "the 5th": of this month, else of the nearest month on the right side that has such a day."""
    day = int(match["d"])
    if not 1 <= day <= 31:
        return None
    for months in range(3):
        month = add_months(view.today.replace(day=1), months if view.ahead else -months)
        if day <= calendar.monthrange(month.year, month.month)[1]:
            on = month.replace(day=day)
            if (on >= view.today) if view.ahead else (on <= view.today):
                return Reading(on)
    return None


def read_foreign(match: re.Match[str], view: View) -> Reading | None:
    """Hand what looks like a date in another language ("12 mars 2026") to dateparser; else it is no date."""
    import dateparser  # type: ignore[import-untyped,unused-ignore]  # half a second to import, needed for few sentences

    parsed = dateparser.parse(
        match["date"],
        languages=["en", "de", "fr", "es", "it", "nl", "pt"],
        settings={"RELATIVE_BASE": datetime.combine(view.today, time()), "STRICT_PARSING": True},
    )
    return Reading(parsed.date()) if parsed else None


def _month_near(month: int, view: View) -> date:
    """First day of that month: ahead the next one not yet over, else the last one begun."""
    this = date(view.today.year, month, 1)
    if view.ahead:
        return this if _month_end(this) >= view.today else add_months(this, 12)
    return this if this <= view.today else add_months(this, -12)


def _month_end(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])
