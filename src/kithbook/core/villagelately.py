"""What has become of it in the demo village: outcomes, trips, what people asked of Robin, clips, social media."""

# Tables of texts read better with one entry a line, however long it is.
# ruff: noqa: E501
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kithbook.core.villagelife import Calendar
from kithbook.core.villagestory import CLIENTS_AIM, FIRST_AIM


@dataclass(frozen=True, slots=True)
class Result:
    """An outcome; `referral` and `introduction` are keys of the doors it came through."""

    on: date
    text: str
    people: tuple[str, ...]
    objective: str = ""
    is_unexpected: bool = False
    value: float | None = None
    referral: str = ""
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class Journey:
    """A place that Robin goes or went to; without an end they stayed."""

    place: str
    kind: str
    starts_on: date
    ends_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked of Robin; `introduction` is what came of one passed on."""

    person: str
    kind: str
    text: str
    asked_on: date
    target: str = ""
    state: str = "open"
    closed_on: date | None = None
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class Cutting:
    """A clip, and to whom it was sent on which day."""

    url: str
    title: str
    note: str
    noted_on: date
    sent: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Lately:
    """All of it; `social` are (day, minutes, note)."""

    outcomes: tuple[Result, ...]
    trips: tuple[Journey, ...]
    requests: tuple[Wish, ...]
    clips: tuple[Cutting, ...]
    social: tuple[tuple[date, int, str], ...]


def list_lately(today: date) -> Lately:
    """The same for everybody on the same day."""
    day = Calendar(today, 0).day
    return Lately(
        outcomes=(
            Result(day(350), "The Volksbad project: four months of work", ("leila-haddadi",), FIRST_AIM, value=18400.0, referral="leila-client"),
            Result(day(150), "A violin teacher two doors away, for the lessons put off for ten years", ("elisabeth-hruby",), is_unexpected=True),
            Result(day(95), "Tarek's ordering page is online and busy", ("felix-gruber", "tarek-mansour"), introduction="felix-tarek"),
            Result(day(52), "Two days a week in a shared studio, at half the rent", ("luca-morandi",), is_unexpected=True, value=2600.0),
            Result(day(15), "A workshop for the therapy practice, booked for January", ("marcus-eidinger",), CLIENTS_AIM, value=3200.0, referral="marcus-door"),
        ),
        trips=(
            Journey("Vienna", "moving", day(730), None, "From Lisbon, for good."),
            Journey("Copenhagen", "visit", day(410), day(406), "Two days of hospitals, one of walking."),
            Journey("Lisbon", "visit", day(-26), day(-34), "Family, and whoever has time for a coffee."),
        ),
        requests=(
            Wish("xaver-dietl", "introduction", "An introduction to the head of nursing, about medicine at discharge", day(9), target="helene-zauner"),
            Wish("elif-demirci", "question", "Which printer takes small runs of leaflets?", day(5)),
            Wish("oksana-melnyk", "help", "Somebody to read the English of her website", day(12)),
            Wish("frank-okafor", "help", "An eye on his portfolio", day(35), state="helped", closed_on=day(33)),
            Wish("tarek-mansour", "help", "Somebody who can make an ordering page", day(176), state="passed_on", closed_on=day(175), introduction="felix-tarek"),
        ),
        clips=(
            Cutting("https://journal.example.org/night-shifts", "What night shifts teach about handover", "Twelve wards, one winter.", day(4)),
            Cutting("https://notes.example.org/waiting-lists", "Waiting lists that patients understand", "Three letters, tested with 400 people.", day(6)),
            Cutting("https://cities.example.org/boards", "How to start a patient advisory board", "A small hospital tells what it would do again.", day(2)),
            Cutting("https://north.example.org/learning", "How hospitals learn from each other: ten years in Aarhus", "", day(24), (("greta-solberg", day(22)),)),
            Cutting("https://archive.example.org/letters", "Letters of the nineteenth century, now in one place", "", day(11)),
        ),
        social=((day(2), 10, "Answered comments on the talk"), (day(8), 15, ""), (day(16), 20, "Looked longer than I wanted to")),
    )  # fmt: skip
