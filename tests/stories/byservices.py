"""The acts and looks of a story through the services: what the command line, the API and assistants use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kithbook.services import (
    asks,
    bank,
    bankbook,
    between,
    capturing,
    editing,
    facts,
    introductions,
    ladder,
    newcomers,
    objectives,
    outcomes,
    owners,
    people,
    places,
    promises,
    referrals,
    requests,
    review,
    touches,
    views,
    weeks,
)
from kithbook.store.models import Owner


class ByServices:
    """Calls one service function an act; remembers what was looked at last, so that its words can be checked."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.seen: Any = None

    def _look(self, view: Any) -> Any:
        self.seen = view
        return view

    def says(self, text: str) -> bool:
        """Whether what was looked at last has these words."""
        return any(text in piece for piece in _texts(views.as_json(self.seen)))

    def set_up(self, name: str, address: str, zone: str, minutes: int) -> None:
        owners.change_settings(self.owner, name=name, addresses=[address], time_zone=zone, minutes_per_week=minutes)
        self.owner.refresh_from_db()

    # People and what happens with them.

    def met(self, name: str, **said: str) -> None:
        lists = {key: [said.pop(key)] for key in ("interests", "needs", "goals") if key in said}
        capturing.met(self.owner, name, **said, **lists)  # type: ignore[arg-type]

    def log(self, sentence: str) -> None:
        self._look(capturing.log(self.owner, sentence))

    def edit(self, person: str, **fields: Any) -> None:
        editing.edit(self.owner, person, **fields)

    def note(self, person: str, about: str, text: str) -> None:
        facts.note(self.owner, person, text, about=about)

    def works(self, person: str, organisation: str, role: str) -> None:
        editing.add_job(self.owner, person, organisation, role)

    def person(self, name: str) -> views.PersonPage:
        return self._look(people.show(self.owner, name))

    def search(self, words: str) -> list[str]:
        return [one.name for one in self._look(people.search(self.owner, words)).people]

    # 24-7-30 and the ladder.

    def newcomers(self) -> Any:
        return self._look(newcomers.board(self.owner))

    def step_done(self, person: str, channel: str, note: str) -> None:
        newcomers.done(self.owner, person, channel=channel, note=note)

    def confirm(self, person: str) -> None:
        ladder.confirm(self.owner, person)

    def place(self, person: str, stage: int, why: str) -> None:
        ladder.place(self.owner, person, stage, why)

    # Bank, promises, asks, thanks.

    def entry(self, person: str, direction: str, kind: str, size: int, note: str) -> None:
        (bank.gave if direction == "gave" else bank.got)(self.owner, person, kind, size=size, note=note)

    def account(self, person: str) -> Any:
        return self._look(bankbook.account(self.owner, person))

    def promises(self) -> Any:
        return self._look(promises.listing(self.owner))

    def keep_promise(self, promise: str) -> None:
        promises.keep(self.owner, promise)

    def check(self, person: str, size: int, kind: str) -> Any:
        return self._look(asks.check(self.owner, person, size, kind))

    def asks(self) -> Any:
        return self._look(asks.listing(self.owner))

    def plan_ask(self, person: str, size: int, on: dt.date, kind: str, text: str) -> None:
        asks.plan(self.owner, person, size, on, kind=kind, text=text)

    def ask_planned(self, person: str, size: int, ask: str) -> None:
        asks.record(self.owner, person, size, ask=ask)

    def ask_now(self, person: str, size: int, kind: str, text: str, outcome: str) -> None:
        asks.record(self.owner, person, size, kind=kind, text=text, outcome=outcome)

    def answer_ask(self, ask: str, outcome: str) -> None:
        asks.outcome(self.owner, ask, outcome)

    def thanks(self) -> Any:
        return self._look(referrals.thanks_owed(self.owner))

    def thank(self, help_id: str, channel: str, note: str) -> None:
        referrals.thank(self.owner, help_id, channel, note)

    def report(self, help_id: str, note: str) -> None:
        referrals.report(self.owner, help_id, note)

    def neglected(self) -> Any:
        return self._look(referrals.neglected(self.owner))

    def referral_got(self, person: str, kind: str, text: str, about: str) -> None:
        referrals.received(self.owner, person, kind, text, about)

    def referral_outcome(self, referral: str, outcome: str, value: str) -> None:
        referrals.outcome(self.owner, referral, outcome, value=value)

    def doors(self, person: str) -> Any:
        return self._look(referrals.doors(self.owner, person))

    # Introductions and requests.

    def suggestions(self, person: str) -> Any:
        return self._look(introductions.suggest(self.owner, for_person=person, limit=12))

    def take_suggestion(self, one: Any) -> str:
        introductions.feedback(self.owner, one.needs.id, one.need, one.offers.id, "yes")
        goal = one.need if one.need_kind in ("need", "goal") else ""
        view = introductions.add(self.owner, one.needs.id, one.offers.id, purpose=one.need, goal=goal)
        return str(view.card.id)

    def bring_together(self, a: str, b: str, purpose: str, asked_by: str) -> str:
        return str(introductions.add(self.owner, a, b, purpose=purpose, asked_by=asked_by).card.id)

    def introduced(self, by: str, to: str, purpose: str) -> str:
        return str(introductions.introduced(self.owner, by, to, purpose=purpose).card.id)

    def introduction(self, key: str) -> Any:
        return self._look(introductions.show(self.owner, key))

    def introductions(self) -> Any:
        return self._look(introductions.board(self.owner))

    def move(self, key: str, to: str, note: str) -> None:
        introductions.move(self.owner, key, to, note=note)

    def end(self, key: str, outcome: str) -> None:
        introductions.move(self.owner, key, "outcome", outcome=outcome)

    def connectors(self) -> Any:
        return self._look(introductions.connectors(self.owner))

    def request(self, person: str, text: str, kind: str, target: str) -> None:
        requests.received(self.owner, person, text, kind=kind, target=target)

    def inbox(self) -> Any:
        return self._look(requests.inbox(self.owner))

    def close_request(self, key: str, state: str, to: str) -> str:
        return str(requests.close(self.owner, key, state, to=to).introduction)

    # In between, plan, review.

    def between(self) -> Any:
        return self._look(between.review(self.owner))

    def decide(self, person: str, decision: str) -> None:
        {"keep": between.keep, "lighten": between.lighten, "let_go": between.let_go}[decision](self.owner, person)

    def week(self) -> Any:
        return self._look(weeks.week(self.owner))

    def touch_done(self, touch: str) -> None:
        touches.done(self.owner, touch)

    def review(self, week_of: dt.date | None) -> Any:
        return self._look(review.review(self.owner, week_of))

    # Objectives, outcomes, places.

    def aim(self, name: str, kind: str, percent: int, target: str) -> str:
        return str(objectives.add(self.owner, name, kind=kind, share=percent / 100, target=target).objective.id)

    def objective(self, key: str) -> Any:
        return self._look(objectives.show(self.owner, key))

    def reach(self, key: str, outcome: str) -> None:
        objectives.reach(self.owner, key, outcome)

    def outcome(self, text: str, by: list[str], objective: str, unexpected: bool) -> None:
        outcomes.add(self.owner, text, people=by, objective=objective, unexpected=unexpected)

    def outcomes(self) -> Any:
        return self._look(outcomes.listing(self.owner))

    def link(self, key: str, person: str, helper: bool) -> None:
        objectives.link(self.owner, key, person, helper=helper)

    def home(self, place: str) -> None:
        places.home(self.owner, place)

    def trip(self, place: str, starts_on: dt.date, kind: str) -> str:
        return str(places.add_trip(self.owner, place, starts_on, kind=kind).trip.id)

    def journey(self, key: str) -> Any:
        return self._look(places.trip(self.owner, key))

    def keep_lightly(self, key: str) -> None:
        places.keep_lightly(self.owner, key)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []
