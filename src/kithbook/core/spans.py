"""Dates and durations in a sentence, each with its place: an own grammar that knows what it does not know.

`find_dates` reads relative to a given local day and a direction: what happened lies behind ("Friday" is the last
one), what was promised lies ahead. Whatever fits two days comes back with a question. Names must be masked before:
"Sam May", "April" and "Li Sun" are people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from kithbook.core import datereadings as rd
from kithbook.core.datereadings import Reading, View
from kithbook.core.datewords import DATE_WORDS
from kithbook.core.namewords import rule

Span = tuple[int, int]


class DateSpan(NamedTuple):
    """A date at text[start:end] with its lead word ("by Friday").

    `on` is None where no day can be named;
    `question` is "" or the sentence to ask; `lead` is the lead word in small letters ("" without).
    """

    start: int
    end: int
    text: str
    on: date | None
    question: str
    lead: str


class DurationSpan(NamedTuple):
    """A length of time at text[start:end], in whole minutes (1 to 1440)."""

    start: int
    end: int
    text: str
    minutes: int


Found = TypeVar("Found", DateSpan, DurationSpan)

_W = DATE_WORDS["en"]
_MONTH = "|".join(sorted(_W.months, key=len, reverse=True))
_DAY = "|".join(sorted(_W.weekdays, key=len, reverse=True))
_COUNT = r"\d{1,3}|" + "|".join(sorted(_W.numbers, key=len, reverse=True))
_UNIT = "|".join(_W.units)
_LEAD = r"(?:\b(?P<lead>on|by|until|till|before|since|due|no later than|from)\s+)?"
_AFTER_ORDINAL = r"(?=\s*(?:$|[^\w\s]|(?:at|with|and|for|to|about|in|or|but|he|she|they|we|i)\b))"
_AHEAD_LEADS = frozenset({"by", "until", "till", "before", "due", "no later than"})
_MONEY_AFTER = re.compile(
    r"\s*(?:arr|mrr|revenue|funding|round|seed|series|people|users|eur|usd|euros?|dollars?|pounds?)\b", re.IGNORECASE
)
_NOT_LENGTH_AFTER = re.compile(
    r"\s*(?:ago|late|later|early|earlier|before|after|away|from now|notice)\b", re.IGNORECASE
)
_NOT_LENGTH_BEFORE = re.compile(
    r"(?:[$€£¥\d.,/:]|\b(?:in|within|every|per|raised|raising|worth|of)\s+(?:about\s+)?)$", re.IGNORECASE
)


def find_dates(text: str, *, today: date, ahead: bool = False, masked: Iterable[Span] = ()) -> list[DateSpan]:
    """All dates in the text in order, not overlapping; `ahead` for promises and plans, else for what happened."""
    plain = _blank(text, masked)
    found: list[DateSpan] = []
    for pattern, read in _GRAMMAR:
        for match in pattern.finditer(plain):
            lead = _lead(match)
            view = View(today, (ahead or lead in _AHEAD_LEADS) and lead != "since")
            reading = _safely(read, match, view)
            if reading is None:
                continue
            on = _day_before(reading.on) if lead == "before" and reading.on and view.ahead else reading.on
            found.append(DateSpan(*match.span(), match.group(), on, reading.question, lead))
    return _without_overlaps(found)


def find_durations(text: str, *, masked: Iterable[Span] = ()) -> list[DurationSpan]:
    """All lengths of time in the text: 45m, 1h30, 90 minutes, half an hour; not "in 30 minutes", not "$45m"."""
    plain = _blank(text, masked)
    found = []
    for pattern, minutes_of in _LENGTHS:
        for match in pattern.finditer(plain):
            start, end = match.span("length")
            if _NOT_LENGTH_BEFORE.search(plain[max(0, start - 12) : start]) or _NOT_LENGTH_AFTER.match(plain, end):
                continue
            if plain[end - 1 : end] in "mM" and _MONEY_AFTER.match(plain, end):
                continue
            minutes = minutes_of(match)
            if 1 <= minutes <= 1440:
                found.append(DurationSpan(*match.span(), match.group(), minutes))
    return _without_overlaps(found)


def _blank(text: str, masked: Iterable[Span]) -> str:
    chars = list(text)
    for start, end in masked:
        chars[start:end] = "\ue000" * (end - start)
    return "".join(chars)


def _without_overlaps(found: Sequence[Found]) -> list[Found]:
    kept: list[Found] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _lead(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return (groups.get("lead") or groups.get("how") or "").lower()


def _safely(read: Callable[[re.Match[str], View], Reading | None], match: re.Match[str], view: View) -> Reading | None:
    try:
        return read(match, view)
    except (ValueError, OverflowError):  # a day outside the calendar (years 1 to 9999) is not a date
        return None


def _day_before(day: date) -> date:
    return day if day == date.min else day - timedelta(days=1)


_YEAR = r"(?:,?\s+(?P<y>(?:19|20)\d\d))?\b"
_GRAMMAR: list[tuple[re.Pattern[str], Callable[[re.Match[str], View], Reading | None]]] = [
    (rule(_LEAD + r"(?<![\w/.-])(?P<y>\d{4})(?P<s>[-/])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\w/-])"), rd.read_iso),
    (rule(_LEAD + r"(?<![\w/.-])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})\b"), rd.read_iso),
    (
        rule(
            _LEAD + r"(?<![\w/.,$€£-])(?P<date>(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>\d{4}|\d\d))?)(?![\w/%-]|\s+of\b)"
        ),
        rd.read_slash,
    ),
    (
        rule(
            _LEAD + rf"(?<![\w/.:-])(?:the\s+)?(?P<d>\d{{1,2}})(?P<th>st|nd|rd|"
            rf"th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?{_YEAR}"
        ),
        rd.read_month_day,
    ),
    (
        rule(
            _LEAD
            + rf"\b(?P<month>{_MONTH})\b\.?\s+(?:the\s+)?(?P<d>\d{{1,2}})(?P<th>st|nd|rd|th)?(?![\d:/%.]\d|\d){_YEAR}"
        ),
        rd.read_month_day,
    ),
    (
        rule(rf"\b(?P<how>in|by|until|till|before|since|last|next|this|during)\s+(?P<month>{_MONTH})\b{_YEAR}"),
        rd.read_month,
    ),
    (
        rule(
            _LEAD + r"(?:\b(?P<which2>last|next|this)\s+week\s+(?:on\s+)?|\b(?:the\s+)?(?P<which>last|next|this|coming|"
            r"past)\s+)?"
            rf"(?<!the )(?<!every )(?<!each )\b(?P<day>{_DAY})\b(?!'|\s+(?:school|times|roast|market|league)\b)"
            r"(?:\s+(?P<part>morning|afternoon|evening|night|noon))?"
            r"(?:\s+(?:of\s+)?(?P<week>last|next|this)\s+week)?"
        ),
        rd.read_weekday,
    ),
    (
        rule(
            _LEAD
            + r"\b(?:the\s+|earlier\s+|later\s+)?(?P<word>day\s+before\s+yesterday|day\s+after\s+tomorrow|yesterday|"
            r"tomorrow|"
            r"today|tonight|last\s+night|this\s+(?:morning|afternoon|evening|noon)|just\s+now)\b"
            r"(?:\s+(?:morning|afternoon|evening|night|at\s+noon))?(?!')"
        ),
        rd.read_relative,
    ),
    (rule(r"\bthe\s+other\s+(?:day|week)\b"), rd.read_other_day),
    (rule(rf"\b(?P<n>{_COUNT})\s+(?P<unit>{_UNIT})s?\s+(?P<ago>ago)\b"), rd.read_count),
    (rule(rf"\b(?:with)?in\s+(?:about\s+)?(?P<n>{_COUNT})\s+(?P<unit>{_UNIT})s?['’]?(?:\s+time)?\b"), rd.read_count),
    (rule(rf"\b(?P<n>{_COUNT})\s+(?P<unit>{_UNIT})s?\s+from\s+(?:now|today)\b"), rd.read_count),
    (
        rule(_LEAD + r"\b(?P<which>last|this|next|past|coming)\s+(?P<unit>week|weekend|month|quarter|year)\b(?!')"),
        rd.read_period,
    ),
    (rule(r"\b(?:at|over|on)\s+(?P<which>the)\s+(?P<unit>weekend)\b"), rd.read_period),
    (
        rule(
            _LEAD
            + r"(?:\bat\s+)?(?:\bthe\s+)?\b(?P<edge>end|start|beginning|middle)\s+of\s+(?:the\s+)?(?:(?P<which>this|"
            r"next|last)\s+)?"
            rf"(?P<unit>week|month|quarter|year|{_MONTH})\b"
        ),
        rd.read_edge,
    ),
    (
        rule(
            _LEAD
            + r"\b(?:the\s+)?(?:(?P<which>this|next|last)\s+)?(?P<unit>month|year|quarter)(?:'s)?[\s-](?P<edge>end)\b"
        ),
        rd.read_edge,
    ),
    (rule(_LEAD + r"\beo(?P<e>[dwmqy])\b"), rd.read_short_end),
    (rule(_LEAD + rf"\bthe\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)\b{_AFTER_ORDINAL}"), rd.read_ordinal),
    (
        rule(_LEAD + r"(?<![\w/.-])(?P<date>\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,12}\.?\s+(?:de\s+)?(?:19|20)\d\d)\b"),
        rd.read_foreign,
    ),
]


def _hours_minutes(match: re.Match[str]) -> int:
    return int(match["h"]) * 60 + int(match["m"])


def _hours(match: re.Match[str]) -> int:
    return round(float(match["h"].replace(",", ".")) * 60)


def _minutes(match: re.Match[str]) -> int:
    return rd.read_number(match["m"])


def _worded_hours(match: re.Match[str]) -> int:
    extra = {"half": 30, "quarter": 15}.get((match["more"] or "").lower(), 0)
    return rd.read_number(match["h"]) * 60 + (30 if match["half"] else extra)


def _part_hour(match: re.Match[str]) -> int:
    words = match["part"].lower()
    return 30 if "half" in words else 45 if "three" in words else 15


_FOR = r"(?:\b(?:for|about|around|some|almost|over)\s+|[~≈]\s?){0,2}"
_LENGTHS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], int]]] = [
    (
        rule(
            _FOR + r"(?P<length>(?<![\w.,])(?P<h>\d{1,2})\s?h(?:rs?|ours?)?\s?(?:and\s)?(?P<m>[0-5]?\d)\s?(?:m|mins?|"
            r"minutes?)?)\b"
        ),
        _hours_minutes,
    ),
    (rule(_FOR + r"(?P<length>(?<![\w.,])(?P<h>\d{1,2}(?:[.,]\d{1,2})?)[\s-]?(?:h|hrs?|hours?))\b"), _hours),
    (rule(_FOR + r"(?P<length>(?<![\w.,])(?P<m>\d{1,4})(?:m|[\s-]?(?:mins?|minutes?)))\b"), _minutes),
    (
        rule(
            _FOR + rf"(?P<length>\b(?P<h>{_COUNT})\s+(?P<half>and\s+a\s+half\s+)?hours?(?:\s+and\s+a\s+(?P<more>half|"
            rf"quarter))?)\b"
        ),
        _worded_hours,
    ),
    (rule(_FOR + rf"(?P<length>\b(?P<m>{_COUNT})\s+min(?:ute)?s?)\b"), _minutes),
    (
        rule(
            _FOR + r"(?P<length>\b(?P<part>(?:a\s+)?half(?:\s+an?)?|(?:a\s+)?quarter(?:\s+of)?\s+an|"
            r"three[\s-]quarters\s+of\s+an)\s+hour)\b"
        ),
        _part_hour,
    ),
]
