"""Reasons to write to somebody: facts about them, each turned into an occasion with its date (method §8).

Pure: facts in, occasions out, the strongest first. The last one needs no fact at all: a short hello with nothing asked
is always allowed. Strengths are judgement (d); their order is what matters, and docs/explanation/reasons.md has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from kithbook.core.channels import CHANNELS
from kithbook.core.clips import Fit, explain
from kithbook.core.daywords import say_date
from kithbook.core.ideas import FROM_CHANNEL
from kithbook.core.obligations import next_date
from kithbook.core.records import PartialDate

__all__ = ["Facts", "Reason", "choose_idea", "find_reasons"]

STRENGTH: Mapping[str, float] = {
    "promise": 1.0, "date": 0.95, "job": 0.9, "place": 0.85, "event": 0.8, "clip": 0.75, "introduction": 0.7,
    "need": 0.65, "goal": 0.6, "anniversary": 0.55, "interest": 0.5, "question": 0.45, "absence": 0.4, "checkin": 0.2,
}  # fmt: skip
DATE_AHEAD_DAYS, ANNIVERSARY_AHEAD_DAYS, ANNIVERSARY_BACK_DAYS = 14, 14, 3
EVENT_AHEAD_DAYS, TRIP_AHEAD_DAYS, JOB_DAYS = 60, 60, 60
ABSENT_DAYS = 182
CLIPS_MOST = 3
FRESH_DAYS, OLD_DAYS = 730.0, 365
"""A need, goal or interest counts half as much above its floor when it was noted so long ago (d)."""
TALKED = frozenset(("call", "video", "meeting"))
SENT = frozenset(("clip", "interest", "need"))
"""Channels on which one talks, and reasons that are something to send."""


class Noted(NamedTuple):
    """A need, goal, interest or offer of theirs; `year` where a goal is for one year."""

    kind: str
    text: str
    noted_on: date
    year: int | None = None


class ClipFit(NamedTuple):
    """A clip that suits them: its id, title and address, and the topic it fits."""

    key: int
    title: str
    url: str
    fit: Fit


class Owed(NamedTuple):
    """An open promise."""

    text: str
    by_me: bool
    made_on: date
    due_on: date | None


class Gathering(NamedTuple):
    """An event ahead at which both will be."""

    name: str
    on: date
    place: str


class Journey(NamedTuple):
    """A place the owner goes to and the person lives in; `ends_on` None for one that does not end."""

    place: str
    starts_on: date
    ends_on: date | None
    is_moving: bool = False


class NewJob(NamedTuple):
    """A job they took up; `since` in words or "", `known_on` the day by which it counts as new."""

    organisation: str
    role: str
    since: str
    known_on: date


class Match(NamedTuple):
    """Somebody they could be introduced to, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one person; `first` is what one calls them, `last_seen_on` the last meeting in person.

    `work` completes "Ada …": "is engineer at Meridian".
    """

    first: str
    stage: int
    topics: tuple[Noted, ...] = ()
    clips: tuple[ClipFit, ...] = ()
    dates: tuple[tuple[str, PartialDate], ...] = ()
    promises: tuple[Owed, ...] = ()
    events: tuple[Gathering, ...] = ()
    journeys: tuple[Journey, ...] = ()
    new_jobs: tuple[NewJob, ...] = ()
    work: str = ""
    met_on: date | None = None
    met_where: str = ""
    last_seen_on: date | None = None
    last_on: date | None = None
    last_title: str = ""
    matches: tuple[Match, ...] = ()


class Reason(NamedTuple):
    """An occasion: `text` says why, `idea` what to do, on which `channel` and in how many `minutes`.

    `strength` 0 to 1 sorts them; `about` is the topic or title in a few words; `key` is the id of the clip it stands
    for, 0 without one, and `url` its address.
    """

    kind: str
    text: str
    idea: str
    channel: str
    minutes: int
    strength: float
    about: str = ""
    key: int = 0
    url: str = ""


def find_reasons(facts: Facts, today: date) -> list[Reason]:
    """All reasons, the strongest first; never empty."""
    found = [
        *_promises(facts, today), *_dates(facts, today), *_jobs(facts, today), *_journeys(facts, today),
        *_events(facts, today), *_clips(facts, today), *_matches(facts), *_topics(facts, today),
        *_anniversary(facts, today), *_absence(facts, today), _check_in(facts, today),
    ]  # fmt: skip
    order = list(STRENGTH)
    return sorted(found, key=lambda one: (-one.strength, order.index(one.kind), one.text))


def idea_from(topics: Sequence[Noted], channel: str) -> str:
    """What the newest need, else goal, interest or offer suggests; what suits the channel where none is noted."""
    kinds = list(TOPIC_TEXTS)
    usable = [topic for topic in topics if topic.kind in kinds]
    if not usable:
        return FROM_CHANNEL.get(channel, "Get in touch.")
    best = min(usable, key=lambda topic: (kinds.index(topic.kind), -topic.noted_on.toordinal(), topic.text))
    return TOPIC_TEXTS[best.kind][2].format(text=best.text.strip().rstrip("."))


def choose_idea(reasons: Sequence[Reason], channel: str) -> tuple[str, str]:
    """The kind and the idea of the best reason for a channel: something to send, or something to talk about."""
    sent = [one for one in reasons if one.kind in SENT]
    if channel in TALKED:
        best = reasons[0]
        spoken = {
            "clip": f"Mention “{best.about}”, and offer to send it.",
            "interest": f"Ask what is new with {best.about}.",
        }
        return best.kind, spoken.get(best.kind, best.idea)
    best = sent[0] if channel == "item" and sent else reasons[0]
    return best.kind, best.idea


def _reason(kind: str, text: str, idea: str, channel: str, share: float = 1.0, about: str = "") -> Reason:
    return Reason(kind, text, idea, channel, CHANNELS[channel].minutes, round(STRENGTH[kind] * share, 3), about)


def _promises(facts: Facts, today: date) -> Iterator[Reason]:
    for owed in facts.promises:
        made = say_date(owed.made_on, today)
        what = owed.text.rstrip(".")
        due = f", due {say_date(owed.due_on, today)}" if owed.due_on else ""
        if owed.by_me:
            yield _reason("promise", f"You promised on {made}: {what}{due}.", f"Do what you promised: {what}.", "email")
        else:
            text = f"{facts.first} promised on {made}: {what}{due}."
            yield _reason("promise", text, f"Ask, without pressing, how it goes with {what}.", "message", 0.45)


def _dates(facts: Facts, today: date) -> Iterator[Reason]:
    for what, when in facts.dates:
        day = next_date(when, today)
        if day and (day - today).days <= DATE_AHEAD_DAYS:
            days = (day - today).days
            near = 1 - 0.3 * days / DATE_AHEAD_DAYS
            idea = f"Wish {facts.first} well in a line of your own, on the day."
            yield _reason("date", f"{facts.first}’s {what} is {_soon(day, today)}.", idea, "message", near)


def _soon(day: date, today: date) -> str:
    words = {0: "today", 1: "tomorrow"}
    return words.get((day - today).days, f"on {say_date(day, today)}")


def _jobs(facts: Facts, today: date) -> Iterator[Reason]:
    for job in facts.new_jobs:
        days = (today - job.known_on).days
        if -JOB_DAYS <= days <= JOB_DAYS:
            what = f"{job.role} at {job.organisation}" if job.role else f"at {job.organisation}"
            since = f"since {job.since}" if job.since else f"noted {say_date(job.known_on, today)}"
            idea = f"Congratulate {facts.first}, and ask what the first weeks are like."
            yield _reason("job", f"{facts.first} has a new job: {what}, {since}.", idea, "message")


def _journeys(facts: Facts, today: date) -> Iterator[Reason]:
    for trip in facts.journeys:
        last = trip.ends_on or trip.starts_on + timedelta(days=TRIP_AHEAD_DAYS if trip.is_moving else 0)
        if last < today or (trip.starts_on - today).days > TRIP_AHEAD_DAYS:
            continue
        when = f"from {say_date(trip.starts_on, today)}" if trip.starts_on > today else "now"
        until = f" to {say_date(trip.ends_on, today)}" if trip.ends_on and trip.ends_on != trip.starts_on else ""
        verb = "move to" if trip.is_moving else "are in"
        text = f"You {verb} {trip.place} {when}{until}; {facts.first} is there."
        yield _reason("place", text, f"Ask whether {facts.first} has time for a coffee in {trip.place}.", "meeting")


def _events(facts: Facts, today: date) -> Iterator[Reason]:
    for event in facts.events:
        if 0 <= (event.on - today).days <= EVENT_AHEAD_DAYS:
            where = f" in {event.place}" if event.place else ""
            text = f"You are both at {event.name}{where} {_soon(event.on, today)}."
            idea = f"Write that you look forward to seeing {facts.first} there, and settle when."
            yield _reason("event", text, idea, "message", 1 - 0.3 * (event.on - today).days / EVENT_AHEAD_DAYS)


def _clips(facts: Facts, today: date) -> Iterator[Reason]:
    for clip in facts.clips:
        idea = f"Send “{clip.title}”, with a line on why it made you think of {facts.first}."
        reason = _reason("clip", explain(facts.first, clip.fit.topic, today), idea, "item", clip.fit.share, clip.title)
        yield reason._replace(key=clip.key, url=clip.url)


def _matches(facts: Facts) -> Iterator[Reason]:
    for match in facts.matches:
        idea = f"Ask {facts.first} whether an introduction to {match.name} would be welcome."
        yield _reason("introduction", f"{match.name} may be somebody for {facts.first}: {match.why}", idea, "email")


TOPIC_TEXTS: Mapping[str, tuple[str, str, str, str]] = {
    "need": ("need", "{first} is looking for {text}", "Ask how it goes with {text}, and whom you could point them to.",
             "email"),
    "goal": ("goal", "{first}’s goal: {text}", "Ask how {text} is coming along.", "message"),
    "interest": ("interest", "{first} is interested in {text}", "Send them something on {text}.", "item"),
    "offer": ("question", "{first} knows about {text}", "Ask for their view on {text}: it is what they like to give.",
              "email"),
}  # fmt: skip
"""Kind of topic -> kind of reason, why, idea, channel."""
OLD_TEXTS: Mapping[str, tuple[str, str]] = {
    "need": ("{first} was looking for {text}", "Ask whether they found {text}."),
    "goal": ("{first}’s goal was {text}", "Ask what has become of {text}."),
}
"""What is said of a need or goal that was noted more than a year ago."""


def _topics(facts: Facts, today: date) -> Iterator[Reason]:
    for topic in facts.topics:
        if topic.kind not in TOPIC_TEXTS or (topic.year is not None and topic.year < today.year):
            continue
        kind, why, idea, channel = TOPIC_TEXTS[topic.kind]
        words = {"first": facts.first, "text": topic.text.strip().rstrip(".")}
        age = max(0, (today - topic.noted_on).days)
        if age > OLD_DAYS and topic.kind in OLD_TEXTS:
            why, idea = OLD_TEXTS[topic.kind]
        text = f"{why.format(**words)}, noted {say_date(topic.noted_on, today)}."
        share = 0.7 + 0.3 * 2.0 ** (-age / FRESH_DAYS)
        yield _reason(kind, text, idea.format(**words), channel, share, words["text"])
    if facts.work and not any(topic.kind == "offer" for topic in facts.topics):
        text = f"{facts.first} {facts.work}: there are questions that only they can answer."
        yield _reason("question", text, "Ask one question that only they can answer well.", "email", 0.6)


def _anniversary(facts: Facts, today: date) -> Iterator[Reason]:
    if facts.met_on is None:
        return
    start = today - timedelta(days=ANNIVERSARY_BACK_DAYS)
    day = next_date(PartialDate(None, facts.met_on.month, facts.met_on.day), start)
    if day is None or (day - today).days > ANNIVERSARY_AHEAD_DAYS or day.year <= facts.met_on.year:
        return
    years = day.year - facts.met_on.year
    where = f", {facts.met_where}" if facts.met_where else ""
    length = "One year" if years == 1 else f"{years} years"
    text = f"{length} since you met, {say_date(facts.met_on, today)}{where}."
    yield _reason("anniversary", text, "Say what has come of that meeting, and ask how they are.", "message")


def _absence(facts: Facts, today: date) -> Iterator[Reason]:
    """Coffee or lunch with those one writes to but has not seen for six months, where no event is near."""
    known = facts.last_seen_on or facts.met_on or facts.last_on
    if known is None or facts.stage < 2 or (today - known).days <= ABSENT_DAYS:
        return
    if facts.last_on is None or (today - facts.last_on).days > ABSENT_DAYS:
        return  # after a long silence a few lines come first
    if any(0 <= (event.on - today).days <= EVENT_AHEAD_DAYS for event in facts.events):
        return
    seen = facts.last_seen_on
    text = f"You last met in person on {say_date(seen, today)}." if seen else "You have not met in person for long."
    yield _reason("absence", text, "Suggest a coffee or a lunch.", "meeting")


def _check_in(facts: Facts, today: date) -> Reason:
    idea = "Write a short hello, with nothing asked."
    if facts.last_on is None:
        return _reason("checkin", "No reason is needed to say hello.", idea, "message")
    about = f", about “{facts.last_title}”" if facts.last_title else ""
    text = f"You last exchanged on {say_date(facts.last_on, today)}{about}; no reason is needed to say hello."
    return _reason("checkin", text, idea, "message")
