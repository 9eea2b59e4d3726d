"""Gatherings, groups and mail to many in the demo village."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from kithbook.core.mail import GROUP_SIZE, LIST_ONLY, NEWSLETTER
from kithbook.core.villagelife import MOVED_DAYS, Calendar
from kithbook.core.villagepeople import Cast
from kithbook.core.villagetypes import BulkMail, Circle, Dice, Exchange, Gathering
from kithbook.core.villagewords import EVENING_THEMES, SUBJECTS, TALKS

CIRCLE = "circle"
WERKRAUM = "werkraum"
LISBON = "encontro"
CHOIR = "choir"
STAY_AWAY = ("new", "oneside", "dropped", "once", "tweener", "faded")
"""Rhythms of people whom Robin does not run into."""
NEXT_EVENT = "care-by-design-ahead"
LETTER_CIRCLES = ("studio", "old_clients", "clients", "health", "partners")

BULK_MAIL = (
    BulkMail("Vienna Service Design Circle (list)", "circle-announce@example.org", 214, LIST_ONLY),
    BulkMail("Service Design Weekly", "newsletter@example.net", 96, NEWSLETTER),
)
"""Mail that came often in the five years and made nobody: a mailing list and a newsletter."""


def list_groups(cast: Sequence[Cast]) -> tuple[Circle, ...]:
    """The association, the coworking house, the Lisbon meet-up and the choir, with their members."""

    def members(circle: str, **roles: str) -> tuple[tuple[str, str], ...]:
        named = {key.replace("_", "-"): role for key, role in roles.items()}
        return tuple((one.key, named.get(one.key, "member")) for one in cast if one.circle == circle)

    circle = members("association", sabine_kostler="chair", luca_morandi="programme", oksana_melnyk="treasurer")
    extra = tuple((key, "member") for key in ("ngozi-adeyemi", "vera-zimmermann", "chen-wei"))
    house = members("cowork", hanna_leitner="host")
    lisbon = members("studio", rita_salgueiro="organiser")
    choir = (("nina-scholz", "leader"), ("franz-kofler", "bass"), ("elisabeth-hruby", "alto"))
    return (
        Circle(
            CIRCLE,
            "Vienna Service Design Circle",
            "association",
            "programme team",
            "Meets on a Thursday every month. Its list is circle-announce@example.org.",
            circle + extra,
        ),
        Circle(WERKRAUM, "Werkraum Neubau", "coworking house", "member", "Breakfast once a quarter.", house),
        Circle(
            LISBON, "Encontro de Serviços", "community", "former co-organiser", "Lisbon, every second month.", lisbon
        ),
        Circle(CHOIR, "Chor am Spittelberg", "choir", "tenor", "Rehearses on Mondays.", choir),
    )


class _Series(NamedTuple):
    """A gathering that recurs: on which `days` ago, with whom of which circles, and how many (from, to) come."""

    key: str
    name: str
    place: str
    group: str
    circles: tuple[str, ...]
    days: tuple[int, ...]
    size: tuple[int, int]


SERIES = (
    _Series(
        LISBON, "Encontro de Serviços", "Lisbon", LISBON, ("studio",), tuple(range(1780, MOVED_DAYS + 30, -61)), (4, 9)
    ),
    _Series(CIRCLE, "Circle evening", "Vienna", CIRCLE, ("association",), tuple(range(690, 10, -30)), (6, 13)),
    _Series(WERKRAUM, "Werkraum breakfast", "Vienna", WERKRAUM, ("cowork",), tuple(range(650, 20, -91)), (4, 9)),
    _Series("care", "Care by Design", "Vienna", "", ("health", "clients", "partners"), (498, 133), (9, 14)),
)


def list_events(cast: Sequence[Cast], calendar: Calendar) -> tuple[Gathering, ...]:
    """Past gatherings, oldest first, and one ahead. Nobody is at an event before Robin had met them."""
    events = [
        _gather(series, number, [one for one in cast if one.circle in series.circles], calendar)
        for series in SERIES
        for number in range(len(series.days))
    ]
    return tuple(sorted([*events, *_told(calendar)], key=lambda event: (event.held_on, event.key)))


def _told(calendar: Calendar) -> list[Gathering]:
    """The events at which the new people were met, and the one ahead."""
    ahead = tuple(
        (key, False, "") for key in ("anna-berger", "helene-zauner", "ngozi-adeyemi", "valerie-kornfeld", "adaeze-obi")
    )
    return [
        Gathering(
            "nordic-afternoon",
            "Nordic Care Afternoon",
            calendar.day(29),
            "Vienna",
            "Three hospitals told how they fail and learn.",
            "",
            (("greta-solberg", True, "Runs exchanges between hospitals in six countries."),),
        ),
        Gathering(
            "care-panel",
            "Panel on home care",
            calendar.day(6),
            "Vienna",
            "Robin was on the panel.",
            "",
            (
                ("benjamin-osei", True, "Opens two new homes next year and dreads the first day of residents."),
                ("ruth-oberhauser", True, "Asked the best question of the evening."),
            ),
        ),
        Gathering(
            "care-evening",
            "Care and Design Evening",
            calendar.day(1),
            "Vienna",
            "Small circle, good food.",
            CIRCLE,
            (("valerie-kornfeld", True, "Wants patients in every project team."), ("sabine-kostler", True, "")),
        ),
        Gathering(NEXT_EVENT, "Care by Design", calendar.day(-12), "Vienna", "Robin speaks at eleven.", "", ahead),
    ]


def _gather(series: _Series, number: int, people: Sequence[Cast], calendar: Calendar) -> Gathering:
    key, ago = f"{series.key}-{number}", series.days[number]
    dice = calendar.dice(f"event:{key}")
    ago += (calendar.day(ago).weekday() - 3) % 7  # the Thursday on or before that day
    known = [one for one in people if calendar.started(one) >= ago and not one.rhythm.startswith(STAY_AWAY)]
    there = sorted(one.key for one in dice.some_of(known, dice.whole(*series.size)))
    theme = f": {EVENING_THEMES[number % len(EVENING_THEMES)]}" if series.key == CIRCLE else ""
    met = tuple((who, dice.is_below(0.4), "") for who in there)
    return Gathering(key, series.name + theme, calendar.day(ago), series.place, "", series.group, met)


def list_chats(events: Sequence[Gathering], cast: dict[str, Cast], calendar: Calendar) -> list[Exchange]:
    """A chat at the event with everybody Robin talked to there."""
    chats = []
    for event in events:
        if event.held_on >= calendar.today:
            continue
        dice = calendar.dice(f"chats:{event.key}")
        ago = (calendar.today - event.held_on).days
        for number, (key, met, note) in enumerate(event.there):
            minutes = 5 * dice.whole(1, 4)
            said = note or dice.one_of(TALKS[cast[key].circle])
            at = calendar.at(ago, 16) + timedelta(minutes=7 * number)
            if met:
                chats.append(Exchange(at, "event", 0, ((key, "to"),), 1, minutes, event.name, said, event.key))
    return chats


def list_mail_to_many(cast: Sequence[Cast], calendar: Calendar) -> list[Exchange]:
    """Mail of the association to its members, project mail to teams, and the mails on which strangers were copied."""
    members = [one for one in cast if one.circle == "association"]
    dice = calendar.dice("mail to many")
    mails = []
    for ago in range(700, 3, -24):
        at = calendar.at(ago, dice.whole(8, 15), dice.whole(0, 59))
        known = [one.key for one in members if calendar.started(one) > ago and one.rhythm != "dropped"]
        mails.extend(_circle_mail(known, at, dice))
    mails.extend(_new_year(cast, calendar))
    for stranger in (one for one in cast if one.rhythm == "seen"):
        writer = next((one for one in cast if one.organisation == stranger.organisation and one is not stranger), None)
        if writer:
            mails.extend(_copied(writer, stranger, calendar))
    return mails


def _circle_mail(known: list[str], at: datetime, dice: Dice) -> list[Exchange]:
    """One round to the members, mostly from Robin, who is on the programme team; sometimes the chair writes."""
    if len(known) < 4:
        return []
    title = dice.one_of(SUBJECTS["association"])
    if dice.is_below(0.3) and "sabine-kostler" in known:
        return [Exchange(at, _channel(len(known)), -1, (("sabine-kostler", "from"),), len(known), None, title)]
    return [Exchange(at, _channel(len(known)), 1, tuple((key, "to") for key in known), len(known), None, title)]


def _new_year(cast: Sequence[Cast], calendar: Calendar) -> list[Exchange]:
    """Robin's yearly letter, to everybody of work known by then."""
    letters = []
    for year in range(calendar.today.year - 4, calendar.today.year + 1):
        at = datetime(year, 1, 8, 8, 30, tzinfo=UTC)
        ago = (calendar.today - at.date()).days
        known = [one.key for one in cast if one.circle in LETTER_CIRCLES and calendar.started(one) > ago > 0]
        known = [key for key in known if key != "gregor-haas"]
        if len(known) > GROUP_SIZE and at <= calendar.latest:
            to = tuple((key, "to") for key in known)
            letters.append(Exchange(at, "group_mail", 1, to, len(known), None, f"What I learnt in {year - 1}"))
    return letters


def _copied(writer: Cast, stranger: Cast, calendar: Calendar) -> list[Exchange]:
    """Three mails of a known person on which somebody else was copied."""
    dice = calendar.dice(f"{stranger.key}:copied")
    first = min(calendar.started(writer) - 20, 400)
    people = ((writer.key, "from"), (stranger.key, "also"))
    return [
        Exchange(calendar.at(first - gap, 9, dice.whole(0, 59)), "email", -1, people, 2, None, title)
        for gap, title in ((0, "Our data sheet"), (2, "Re: Our data sheet"), (9, "Signed form"))
    ]


def _channel(size: int) -> str:
    return "group_mail" if size > GROUP_SIZE else "email"
