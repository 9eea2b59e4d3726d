"""A story of the practice in its own verbs. Each verb does something, or looks at what a user sees and compares.

Who acts is behind `actor`: the services (`ByServices`) or the web app (`ByWeb`). The clock moves with `on`, always
forward; times are those of the owner's zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from tests.stories.asking import AskingVerbs
from tests.stories.doors import DoorVerbs

ZONE = "Europe/Zurich"
STAGES = ("", "Recognise", "Know", "Like", "Trust", "Support", "Advocate", "Friend")


def day(text: str) -> dt.date:
    """A day as the stories write it: "2025-03-06"."""
    return dt.date.fromisoformat(text)


class Story(AskingVerbs, DoorVerbs):
    """What is told, and what a user then sees."""

    def __init__(self, actor: Any, set_clock: Callable[[str], None]) -> None:
        self.actor = actor
        self._set_clock = set_clock
        self._now: dt.datetime | None = None

    def begins(self, when: str, name: str = "Alice Ammann", minutes: int = 120) -> None:
        """The owner starts the book."""
        self.on(when)
        self.actor.set_up(name, "alice@example.org", ZONE, minutes)

    def on(self, when: str) -> None:
        """It is that day, at nine or at the hour given; never earlier than before."""
        moment = dt.datetime.fromisoformat(when if " " in when else f"{when} 09:00").replace(tzinfo=ZoneInfo(ZONE))
        assert self._now is None or moment >= self._now, f"{when} is before what was told last"
        self._now = moment
        self._set_clock(moment.isoformat())

    @property
    def today(self) -> dt.date:
        """The day on which the story is."""
        assert self._now is not None
        return self._now.date()

    # What happens.

    def meets(self, name: str, **said: str) -> None:
        """Somebody new: `at`, `through`, `interests`, `needs`, `goals`, `promised`."""
        self.actor.met(name, **said)

    def writes_down(self, *sentences: str) -> None:
        """Sentences typed into the line on top."""
        for sentence in sentences:
            self.actor.log(sentence)

    def notes(self, name: str, about: str, text: str) -> None:
        """A fact, interest, need, goal or offer."""
        self.actor.note(name, about, text)

    def knows_work(self, name: str, organisation: str, role: str) -> None:
        """Where somebody works."""
        self.actor.works(name, organisation, role)

    def changes(self, name: str, **fields: Any) -> None:
        """Place, liking and the like."""
        self.actor.edit(name, **fields)

    def gives(self, name: str, kind: str, size: int, note: str) -> None:
        """Something given, written into the bank."""
        self.actor.entry(name, "gave", kind, size, note)

    def gets(self, name: str, kind: str, size: int, note: str) -> None:
        """Something got."""
        self.actor.entry(name, "got", kind, size, note)

    def keeps_promise(self, name: str, text: str) -> None:
        """A promise of mine is kept."""
        mine = self.actor.promises().mine
        found = [one for one in mine if one.person.name == name and text in one.text]
        assert len(found) == 1, f"promises to {name}: {[one.text for one in mine]}"
        self.actor.keep_promise(found[0].id)

    def does_step(self, name: str, channel: str, note: str = "") -> None:
        """The present step of 24-7-30, done from the board."""
        self.actor.step_done(name, channel, note)

    def places(self, name: str, stage: str, why: str) -> None:
        """A stage by one's own judgement."""
        self.actor.place(name, STAGES.index(stage), why)

    # 24-7-30.

    def step(self, name: str, number: int) -> Any:
        """A step as the board shows it."""
        for one in self.actor.newcomers().people:
            if one.person.name == name:
                return next(step for step in one.steps if step.number == number)
        raise AssertionError(f"{name} is not on the board")

    def step_is(
        self, name: str, number: int, state: str, *, due: str = "", window: tuple[str, str] | None = None
    ) -> None:
        """State, day and window of a step."""
        found = self.step(name, number)
        assert found.state == state, found
        if due:
            assert found.due_on == day(due), found
        if window:
            assert (found.opens_on, found.closes_on) == (day(window[0]), day(window[1])), found

    def has_no_steps(self, name: str) -> None:
        """Nobody of that name is on the board of new people."""
        assert name not in [one.person.name for one in self.actor.newcomers().people]

    # The ladder.

    def stands_at(self, name: str, stage: str) -> None:
        """The stage on the person's page."""
        view = self.actor.person(name)
        assert STAGES[view.stage] == stage, (STAGES[view.stage], view.proposal, view.missing)

    def is_proposed(self, name: str, stage: str, *because: str) -> None:
        """A move is proposed on that evidence, which the page names."""
        view = self.actor.person(name)
        assert view.proposal is not None, (STAGES[view.stage], view.missing)
        assert STAGES[view.proposal.to_stage] == stage
        why = " ".join(view.proposal.why)
        for text in because:
            assert text in why, why
            assert self.actor.says(text)

    def is_not_proposed(self, name: str, *missing: str) -> None:
        """No move is proposed, and this is said to be missing."""
        view = self.actor.person(name)
        assert view.proposal is None, view.proposal
        for text in missing:
            assert text in " ".join(view.missing), view.missing

    def confirms(self, name: str, stage: str) -> None:
        """The owner agrees to the proposed move, and it is on record with its reasons."""
        self.actor.confirm(name)
        view = self.actor.person(name)
        assert STAGES[view.stage] == stage
        last = max(view.stage_events, key=lambda one: one.at)
        assert (last.on, STAGES[last.to_stage], last.decision) == (self.today, stage, "confirmed"), view.stage_events
        assert last.why

    # Warmth and the lists.

    def is_warm(self, name: str, *states: str) -> float:
        """How alive the tie is, in words; gives the warmth itself."""
        view = self.actor.person(name)
        assert view.state in states, (view.state, view.warmth)
        return float(view.warmth)

    def has_open(self, name: str, kind: str, text: str = "") -> None:
        """Something is open with somebody, as their page says."""
        loops = [(loop.kind, loop.text) for loop in self.actor.person(name).open_loops]
        assert any(kind == loop[0] and text in loop[1] for loop in loops), loops

    def has_nothing_open(self, name: str) -> None:
        """Nothing is."""
        assert self.actor.person(name).open_loops == []

    def finds(self, words: str, *names: str) -> None:
        """The search of the list of people."""
        assert self.actor.search(words) == list(names)

    def is_in_week(self, name: str, kind: str, text: str = "") -> Any:
        """A touch of this week's plan."""
        touches = self.actor.week().touches
        found = [one for one in touches if one.person.name == name and one.kind == kind]
        said = [(one.person.name, one.kind, one.idea, one.why) for one in touches]
        assert found, said
        assert text in " ".join((found[0].idea, *found[0].why)), said
        return found[0]

    def does_touch(self, name: str, kind: str, text: str = "") -> None:
        """A touch of the week is done, and says so."""
        touch = self.is_in_week(name, kind, text)
        self.actor.touch_done(touch.id)
        assert touch.id in [one.id for one in self.actor.week().done]

    def is_not_in_week(self, name: str) -> None:
        """Nothing is proposed for this person."""
        touches = {one.person.name: one for one in self.actor.week().touches}
        assert name not in touches, touches.get(name)

    def standing_is(self, name: str, standing: str) -> None:
        """Kept, or let go ("archived")."""
        assert self.actor.person(name).standing == standing
