"""How the people of the demo village and Robin exchange: rhythms, seasons, answers, and the move to Vienna.

Gaps are log-normal around each person's own rhythm, so that contact is bursty and heavy-tailed as in real logs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from kithbook.core.villagepeople import CIRCLES, Cast
from kithbook.core.villagetypes import Dice, Exchange
from kithbook.core.villagewords import SUBJECTS, TALKS

YEARS_DAYS = 1826
MOVED_DAYS = 730
"""Robin came to Vienna this many days ago; from then on people elsewhere are seen less and hardly in person."""

GAP_SIGMA = 1.0
PERSON_SIGMA = 0.6
FEWEST = 3
"""Exchanges that everybody with a rhythm has at least."""
LAST_HOUR_BACK = 7
"""Nothing of the past is later than this many hours before the midnight that begins today (UTC)."""


class Rhythm(NamedTuple):
    """`per_year` conversations; `reply`: chance that they answer; `theirs`: share they begin; `ended` days ago."""

    per_year: float
    reply: float
    theirs: float
    ended: tuple[int, int] = (0, 0)


RHYTHMS: dict[str, Rhythm] = {
    "close": Rhythm(34, 0.93, 0.5),
    "steady": Rhythm(15, 0.88, 0.45),
    "light": Rhythm(5, 0.8, 0.4),
    "rare": Rhythm(1.6, 0.75, 0.4),
    "event": Rhythm(1.2, 0.7, 0.35),
    "faded": Rhythm(9, 0.8, 0.4, (240, 900)),
    "silent": Rhythm(80, 0.95, 0.5, (1470, 1470)),
    "project": Rhythm(6, 0.9, 0.5),
}
CHANNEL_MIX: dict[bool, tuple[tuple[str, float], ...]] = {
    True: (("email", 0.62), ("call", 0.12), ("video", 0.1), ("meeting", 0.12), ("message", 0.04)),
    False: (("email", 0.2), ("call", 0.2), ("video", 0.1), ("meeting", 0.25), ("message", 0.25)),
}
USUAL_MINUTES = {"call": 18, "video": 35, "meeting": 70}
WAITING = {"email": 0.5, "message": 0.08}
"""Middle of the days until an answer."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The village's today and seed; turns "days ago" into times."""

    today: date
    seed: int

    def day(self, ago: float) -> date:
        """The date this many days ago (negative: ahead)."""
        return self.today - timedelta(days=math.floor(ago))

    def at(self, ago: float, hour: int = 10, minute: int = 0) -> datetime:
        """A time on that day, UTC."""
        return datetime.combine(self.day(ago), time(hour, minute), UTC)

    @property
    def latest(self) -> datetime:
        """The last moment at which anything may have happened."""
        return datetime.combine(self.today, time(), UTC) - timedelta(hours=LAST_HOUR_BACK)

    def dice(self, name: str) -> Dice:
        """The dice of that name."""
        return Dice(self.seed, name)

    def started(self, cast: Cast) -> int:
        """How many days ago Robin met them."""
        fixed = FIRST_DAYS.get(cast.key) or FIRST_DAYS.get(cast.rhythm)
        if fixed:
            return fixed
        facts = CIRCLES[cast.circle]
        return self.dice(f"{cast.key}:start").whole(facts.last_day, facts.first_day)


FIRST_DAYS = {
    "anna-berger": 640, "birgit-ahrens": 396, "tarek-mansour": 300, "felix-gruber": 700, "leila-haddadi": 1600,
    "marcus-eidinger": 690, "ngozi-adeyemi": 460, "helene-zauner": 380, "marlene-fuchs": 420, "adaeze-obi": 26,
    "sabine-kostler": 695, "elif-demirci": 350, "sarah-feldmann": 330, "vera-zimmermann": 600, "frank-okafor": 1500,
    "luca-morandi": 500, "stefan-kroll": 380, "andrej-novak": 420, "priya-raghunath": 1550,
    "mother": YEARS_DAYS, "silent": 1820, "oneside": 430, "dropped": 260, "new_day": 1, "new_week": 6, "new_month": 29,
    "new_silent": 21, "new_warm": 45,
}  # fmt: skip
"""Days ago of the first meeting where the story fixes it, by person or by rhythm."""


def list_exchanges(cast: Cast, calendar: Calendar) -> list[Exchange]:
    """All one-to-one exchanges with a person, oldest first; none later than `calendar.latest`."""
    dice = calendar.dice(f"{cast.key}:life")
    talk = _Talk(cast, calendar, dice)
    special = SPECIAL.get(cast.rhythm)
    if special:
        special(talk)
    elif cast.rhythm == "project":
        _live_by_projects(talk)
    elif cast.rhythm != "seen":
        _live_by_rhythm(talk, RHYTHMS[cast.rhythm])
    return sorted(talk.said, key=lambda exchange: exchange.at)


def season(day: date) -> float:
    """How busy a day is, from 0 to 1: quiet in August and between the years, busy in autumn and late winter."""
    if day.month == 8:
        return 0.35
    if (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 6):
        return 0.3
    return 1.0 if day.month in (2, 3, 9, 10, 11) else 0.85


class _Talk:
    """Writes down exchanges with one person and remembers when they last answered."""

    def __init__(self, cast: Cast, calendar: Calendar, dice: Dice) -> None:
        self.cast, self.calendar, self.dice = cast, calendar, dice
        self.is_work = CIRCLES[cast.circle].work
        self.start = calendar.started(cast)
        self.said: list[Exchange] = []
        self._answered_at = calendar.at(self.start)

    def add(
        self, at: datetime, channel: str, direction: int, title: str = "", *, minutes: int | None = None, note: str = ""
    ) -> None:
        """One exchange, unless it would lie ahead."""
        if at > self.calendar.latest:
            return
        role = "from" if direction < 0 else "to"
        self.said.append(Exchange(at, channel, direction, ((self.cast.key, role),), 1, minutes, title, note))
        if direction <= 0:
            self._answered_at = max(self._answered_at, at)

    def moment(self, ago: float) -> datetime:
        """A likely time of day near that day; people of work seldom write at weekends."""
        day = self.calendar.day(ago)
        if self.is_work and day.weekday() >= 5 and self.dice.is_below(0.88):
            day -= timedelta(days=self.dice.whole(day.weekday() - 4, day.weekday()))
        hour = self.dice.whole(7, 16) if self.is_work else self.dice.whole(8, 20)
        return datetime.combine(day, time(hour, self.dice.whole(0, 59)), UTC)

    def converse(self, at: datetime, rhythm: Rhythm) -> None:
        """One conversation on a likely channel."""
        channel = self._channel(at)
        if channel in WAITING:
            self._write(at, channel, rhythm)
            return
        minutes = max(5, round(self.dice.spread(USUAL_MINUTES[channel], 0.4) / 5) * 5)
        note = self.dice.one_of(TALKS[self.cast.circle])
        self.add(at, channel, 0, minutes=minutes, note=note)

    def _channel(self, at: datetime) -> str:
        throw, channel = self.dice.share(), "email"
        for name, share in CHANNEL_MIX[self.is_work]:
            channel, throw = name, throw - share
            if throw < 0:
                break
        home = "Vienna" if at.date() > self.calendar.day(MOVED_DAYS) else "Lisbon"
        if channel == "meeting" and self.cast.place != home and not self.dice.is_below(0.08):
            return "video"
        return channel

    def _write(self, at: datetime, channel: str, rhythm: Rhythm) -> None:
        title = self.dice.one_of(SUBJECTS[self.cast.circle]) if channel == "email" else ""
        direction = -1 if self.dice.is_below(rhythm.theirs) else 1
        for turn in range(6):
            self.add(at, channel, direction, f"Re: {title}" if turn and title else title)
            chance = self._reply_chance(at, rhythm) if direction > 0 else 0.85
            if not self.dice.is_below(chance * (1.0 if turn == 0 else 0.45)):
                return
            at = self._awake(at + timedelta(days=min(self.dice.spread(WAITING[channel], 1.1), 20.0)))
            direction = -direction

    def _awake(self, at: datetime) -> datetime:
        """Nobody answers at night, few answer work at weekends: then the answer comes the next good morning."""
        first, last = (6, 17) if self.is_work else (6, 20)
        if at.hour > last:
            at = datetime.combine(at.date() + timedelta(days=1), time(first, self.dice.whole(5, 59)), UTC)
        elif at.hour < first:
            at = at.replace(hour=first)
        if self.is_work and at.weekday() >= 5 and self.dice.is_below(0.88):
            at += timedelta(days=7 - at.weekday())
        return at

    def _reply_chance(self, at: datetime, rhythm: Rhythm) -> float:
        """The odds of an answer fall to 0.8 with every doubling of silence beyond three weeks."""
        silence = (at - self._answered_at) / timedelta(days=21)
        doublings = math.log2(max(silence, 1.0))
        odds = rhythm.reply / (1.0 - rhythm.reply) * math.exp(math.log(0.8) * doublings)
        return odds / (1.0 + odds)


def _days(talk: _Talk, start: float, end: float, per_year: float) -> Iterator[float]:
    """Days ago of conversations from `start` to `end`, thinned by season and, from afar, by the move."""
    dice = talk.dice
    middle = 365.25 / per_year * math.exp(-(GAP_SIGMA**2) / 2)
    ago = start - dice.share()
    while ago > end:
        far = ago < MOVED_DAYS and talk.cast.place != "Vienna" and talk.cast.circle != "family"
        if dice.is_below(season(talk.calendar.day(ago)) * (0.5 if far else 1.0)):
            yield ago
        ago -= max(dice.spread(middle, GAP_SIGMA), 0.3)


def _live_by_rhythm(talk: _Talk, rhythm: Rhythm) -> None:
    ended = talk.dice.whole(*rhythm.ended)
    own = min(max(talk.dice.spread(1.0, PERSON_SIGMA), 0.35), 3.0)
    for ago in _days(talk, talk.start, min(ended, talk.start - 60), rhythm.per_year * own):
        talk.converse(talk.moment(ago), rhythm)
    if len(talk.said) < FEWEST:
        for share in (0.0, 0.3, 0.6):
            talk.converse(talk.moment(talk.start - share * (talk.start - ended)), rhythm)


def _live_by_projects(talk: _Talk) -> None:
    """Dense weeks while a project runs, a few words in between."""
    rhythm, dice, ago = RHYTHMS["project"], talk.dice, float(talk.start)
    while ago > 0:
        length = dice.spread(75, 0.4)
        pace = min(max(dice.spread(70.0, 0.5), 30.0), 160.0)
        for day in _days(talk, ago, max(ago - length, 0.0), pace):
            talk.converse(talk.moment(day), rhythm)
        pause = dice.spread(240, 0.5)
        for day in _days(talk, ago - length, max(ago - length - pause, 0.0), rhythm.per_year):
            talk.converse(talk.moment(day), rhythm)
        ago -= length + pause


def _call_mother(talk: _Talk) -> None:
    """The first Sunday of every month at five, for five years."""
    for ago in range(talk.start, 0, -1):
        day = talk.calendar.day(ago)
        if day.weekday() == 6 and day.day <= 7:
            minutes = 5 * talk.dice.whole(5, 9)
            talk.add(talk.calendar.at(ago, 16, 0), "call", 0, minutes=minutes, note=talk.dice.one_of(TALKS["family"]))


def _never_answer(talk: _Talk) -> None:
    titles = (
        "Good to meet you at the round table", "The summary you asked about", "A question on rehabilitation at home",
        "Invitation to Care by Design", "Results from another clinic", "One more study, and then I stop",
    )  # fmt: skip
    for ago, title in zip((428, 396, 330, 241, 160, 74), titles, strict=True):
        talk.add(talk.moment(ago), "email", 1, title)


def _drop_after_three(talk: _Talk) -> None:
    shift = talk.dice.whole(0, 60)
    topic = talk.dice.one_of(SUBJECTS[talk.cast.circle])
    start, at = talk.start - shift, talk.calendar.at
    talk.add(at(start, 9, 10), "email", 1, topic)
    talk.add(at(start - 3, 14, 35), "email", -1, f"Re: {topic}")
    note = "Friendly, and then neither of us wrote again."
    talk.add(at(start - 21, 11, 30), "call", 0, minutes=20, note=note)


def _live_as_tweener(talk: _Talk) -> None:
    """A handful of good exchanges, the last of them months ago."""
    last = talk.dice.whole(110, 320)
    start = max(talk.start, last + 150)
    count = talk.dice.whole(2, 6)
    rhythm = Rhythm(4, 0.9, 0.5)
    for number in range(count):
        talk.converse(talk.moment(start - (start - last) * (number + talk.dice.share() / 2) / count), rhythm)
    title = talk.dice.one_of(SUBJECTS[talk.cast.circle])
    talk.add(talk.calendar.at(last + 1, 9, 20), "email", 1, title)
    talk.add(talk.calendar.at(last, 11, 45), "email", -1, f"Re: {title}")


def _meet_once(talk: _Talk) -> None:
    talk.add(talk.calendar.at(talk.start, 13, 15), "meeting", 0, minutes=30, note="Met once; a short, friendly talk.")


def _new_this_week(talk: _Talk) -> None:
    talk.add(talk.calendar.at(5, 9, 5), "email", 1, "Good to meet you on the panel")
    talk.add(talk.calendar.at(4, 12, 40), "email", -1, "Re: Good to meet you on the panel")


def _new_this_month(talk: _Talk) -> None:
    talk.add(talk.calendar.at(28, 8, 20), "email", 1, "Thank you for the talk on Nordic care models")
    talk.add(talk.calendar.at(27, 10, 15), "email", -1, "Re: Thank you for the talk on Nordic care models")
    talk.add(talk.calendar.at(22, 9, 30), "item", 1, "The Aarhus report we spoke about")


def _new_and_silent(talk: _Talk) -> None:
    talk.add(talk.calendar.at(20, 8, 45), "email", 1, "Thank you for the tour of the pharmacy")
    talk.add(talk.calendar.at(14, 9, 10), "item", 1, "A study on pharmacies as first stop")


def _new_and_warm(talk: _Talk) -> None:
    for ago, direction, title in (
        (44, 1, "Good to meet you, and your question about hand therapy"),
        (43, -1, "Re: Good to meet you, and your question about hand therapy"),
        (38, 1, "An article on waiting with a sore hand"),
        (37, -1, "Re: An article on waiting with a sore hand"),
        (16, -1, "Would you talk to our team in January?"),
        (15, 1, "Re: Would you talk to our team in January?"),
    ):
        talk.add(talk.calendar.at(ago, 10, 20), "email", direction, title)


def _introduced(talk: _Talk) -> None:
    talk.add(talk.calendar.at(26, 13, 5), "email", 1, "Re: Robin, meet Adaeze")
    talk.add(talk.calendar.at(25, 8, 40), "email", -1, "Re: Robin, meet Adaeze")
    talk.add(talk.calendar.at(18, 14, 0), "video", 0, minutes=35, note="A good first call about the Euro Health Forum.")


SPECIAL = {
    "introduced": _introduced,
    "mother": _call_mother,
    "oneside": _never_answer,
    "dropped": _drop_after_three,
    "tweener": _live_as_tweener,
    "once": _meet_once,
    "new_day": lambda _talk: None,
    "new_week": _new_this_week,
    "new_month": _new_this_month,
    "new_silent": _new_and_silent,
    "new_warm": _new_and_warm,
}
