"""Template tags and filters of the web app."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import dates
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kithbook.core.partialdates import parse_partial_date
from kithbook.web import words
from kithbook.web.lists import Shown

register = template.Library()
DAYS_IN_MONTH = 30.44
DAYS_IN_YEAR = 365.25


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture of the sprite, for the eye only."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("web/icons.svg"), name)


@register.filter
def initials(name: str) -> str:
    """At most two letters that stand for a name."""
    parts = [part for part in name.replace(".", " ").split() if part[:1].isalnum()]
    letters = [parts[0][0], parts[-1][0]] if len(parts) > 1 else [part[0] for part in parts]
    return "".join(letters).upper()


@register.filter
def word(code: Any, table: str) -> Any:
    """The word for a code: `{{ touch.kind|word:"KINDS" }}`."""
    return words.say(getattr(words, table), code)


@register.filter
def ago(day: dt.date | None, today: dt.date) -> str:
    """How long ago (or ahead) a date is, in words."""
    if day is None:
        return _("never")
    days = (today - day).days
    if days < 0:
        return ahead(day, today)
    if days <= 1:
        return _("today") if days == 0 else _("yesterday")
    return _("%(span)s ago") % {"span": span(days)}


@register.filter
def ahead(day: dt.date, today: dt.date) -> str:
    """When a date is, seen from today: a weekday within the week, else the date."""
    days = (day - today).days
    if days in (0, 1):
        return _("today") if days == 0 else _("tomorrow")
    if days == -1:
        return _("yesterday")
    form = "l" if 0 < days < 7 else "j M" if day.year == today.year else "j M Y"
    return template.defaultfilters.date(day, form)


def span(days: int) -> str:
    """A number of days in the unit one would say."""
    if days < 14:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if days < 60:
        weeks = days // 7
        return ngettext("%(n)d week", "%(n)d weeks", weeks) % {"n": weeks}
    if days < 2 * DAYS_IN_YEAR:
        months = round(days / DAYS_IN_MONTH)
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = round(days / DAYS_IN_YEAR)
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


@register.filter
def partial_date(text: str) -> str:
    """A date of which the year, or the day, may not be known: 4 December 1973, 4 December, December 1973, 1973."""
    known = parse_partial_date(text)
    if known is None:
        return text
    parts = (str(known.day or ""), str(dates.MONTHS[known.month]) if known.month else "", str(known.year or ""))
    return " ".join(part for part in parts if part)


@register.filter
def minutes(value: int | None) -> str:
    """Minutes in words: 45 min, 1 h 15 min."""
    number = int(value or 0)
    if number < 120:
        return _("%(n)d min") % {"n": number}
    hours, rest = divmod(number, 60)
    return _("%(h)d h %(n)d min") % {"h": hours, "n": rest} if rest else _("%(h)d h") % {"h": hours}


@register.filter
def count(value: int) -> str:
    """A number with its thousands apart by a narrow space."""
    return f"{value:,}".replace(",", "\u202f")


@register.filter
def percent(value: float) -> str:
    """A share as a whole percentage."""
    return f"{round(value * 100)} %"


@register.filter
def upto(rows: Sequence[Any], shown: Shown) -> Sequence[Any]:
    """The part of a list that a page shows at first, or after “Show more”."""
    return rows[: shown.upto]


@register.filter
def get(table: Mapping[Any, Any], key: Any) -> Any:
    """An entry of a mapping."""
    return table.get(key)


@register.filter
def local(moment: dt.datetime, zone: str) -> dt.datetime:
    """An instant in the owner's time zone."""
    return moment.astimezone(ZoneInfo(zone))


@register.inclusion_tag("web/_bar.html")
def bar(value: float, most: float, label: Any = "", kind: str = "", ahead: float = 0.0) -> dict[str, Any]:
    """A bar filled to `value` of `most`, paler up to `ahead`; `label` is its text, empty where it stands beside it."""
    return {"filled": _part(value, most), "label": label, "kind": kind, "ahead": _part(ahead, most)}


def _part(value: float, most: float) -> float:
    """A part as a percentage from 0 to 100."""
    return 0.0 if most <= 0 else round(100 * max(0.0, min(1.0, value / most)), 1)
