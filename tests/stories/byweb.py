"""The same acts and looks through the pages of the web app: forms that stand there, and what the pages show."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from tests.stories.browser import Browser

VERDICT_WORDS = {
    "ready": "Ready", "close_loop": "Close a loop first", "reintroduce": "Reintroduce yourself first",
    "deposit": "Give something first", "wait": "Wait",
}  # fmt: skip
STAGE_WORDS = ("", "Recognise", "Know", "Like", "Trust", "Support", "Advocate", "Friend")


class ByWeb:
    """Opens the page on which a user would do it, and sends the form from there."""

    def __init__(self) -> None:
        self.browser = Browser()
        self._ids: dict[str, str] = {}

    def says(self, text: str) -> bool:
        """Whether the page that was looked at last has these words."""
        return " ".join(text.split()).casefold() in self.browser.text.casefold()

    def _open(self, page: str, /, *parts: str, **asked: Any) -> None:
        self.browser.open(reverse(page, args=parts), **asked)

    def _send(self, page: str, /, *parts: str, **given: Any) -> None:
        self.browser.send(reverse(page, args=parts), **given)

    def _id(self, name: str) -> str:
        """Found as a user finds somebody: by the search of the list of people."""
        if name not in self._ids:
            self._open("people", q=name)
            found = self.browser.context["found"].people
            assert len(found) == 1, f"“{name}” finds {[one.name for one in found]}"
            self._ids[name] = found[0].id
        return self._ids[name]

    def _named(self, *people: Any) -> None:
        for one in people:
            assert one.name in self.browser.text, f"{one.name} is not on {self.browser.address}"

    def set_up(self, name: str, address: str, zone: str, minutes: int) -> None:
        self._open("today")
        assert self.browser.address == reverse("setup")
        self._send("setup", name=name, addresses=address, time_zone=zone, minutes_per_week=minutes)

    # People and what happens with them.

    def met(self, name: str, **said: str) -> None:
        self._open("met")
        self._send("met", name=name, **said)

    def log(self, sentence: str) -> None:
        self._open("capture")
        self._send("capture", text=sentence)
        self._send("capture_save")

    def edit(self, person: str, **fields: Any) -> None:
        key = self._id(person)
        self._open("person", key)
        self._send("edit", key, **fields)

    def note(self, person: str, about: str, text: str) -> None:
        key = self._id(person)
        self._open("person", key)
        self._send("fact_note", key, about=about, text=text)

    def works(self, person: str, organisation: str, role: str) -> None:
        key = self._id(person)
        self._open("person", key)
        self._send("add_job", key, organisation=organisation, role=role)

    def person(self, name: str) -> Any:
        self._open("person", self._id(name))
        view = self.browser.context["person"]
        assert self.says(f"{STAGE_WORDS[view.stage]} · {view.stage} of 7")
        assert self.says(view.state)
        return view

    def search(self, words: str) -> list[str]:
        self._open("people", q=words)
        found = self.browser.context["found"].people
        self._named(*found)
        return [one.name for one in found]

    # 24-7-30 and the ladder.

    def newcomers(self) -> Any:
        self._open("newcomers")
        view = self.browser.context["board"]
        self._named(*(one.person for one in view.people))
        return view

    def step_done(self, person: str, channel: str, note: str) -> None:
        self._open("newcomers")
        self._send("newcomer_done", self._id_here(person), channel=channel, note=note)

    def _id_here(self, name: str) -> str:
        """From a list that is open: its links name people."""
        view = self.browser.context["board"]
        return str(next(one.person.id for one in view.people if name in one.person.name))

    def confirm(self, person: str) -> None:
        self._open("ladder")
        moves = self.browser.context["view"].proposals
        key = next(one.person.id for one in moves if person in one.person.name)
        self._send("stage_confirm", key)

    def place(self, person: str, stage: int, why: str) -> None:
        key = self._id(person)
        self._open("person", key)
        self._send("stage_place", key, stage=stage, why=why)

    # Bank, promises, asks, thanks.

    def entry(self, person: str, direction: str, kind: str, size: int, note: str) -> None:
        self._open("bank")
        self._send("bank_add", people=person, direction=direction, kind=kind, size=size, note=note)

    def account(self, person: str) -> Any:
        self._open("person", self._id(person))
        return self.browser.context["account"]

    def promises(self) -> Any:
        self._open("bank")
        view = self.browser.context["bank"].promises
        for one in (*view.mine, *view.theirs, *view.offers):
            assert self.says(f"{one.person.name} : {one.text}")
        return view

    def keep_promise(self, promise: str) -> None:
        self._open("bank")
        self._send("promise_keep", promise)

    def check(self, person: str, size: int, kind: str) -> Any:
        self._open("asks")
        self._send("asks", person=person, size=size, kind=kind)
        view = self.browser.context["found"]
        assert self.says(f"{VERDICT_WORDS[view.verdict]} size {size}")
        assert self.says(view.remedy)
        for reason in view.reasons:
            assert self.says(reason.fact)
        return view

    def asks(self) -> Any:
        self._open("asks")
        view = self.browser.context["asks"]
        self._named(*(one.person for one in (*view.open, *view.planned, *view.past)))
        return view

    def plan_ask(self, person: str, size: int, on: dt.date, kind: str, text: str) -> None:
        self.check(person, size, kind)
        self._send("ask_plan", on=on.isoformat(), text=text)

    def ask_planned(self, person: str, size: int, ask: str) -> None:
        self._open("asks")
        self._send("ask_record", ask=ask)

    def ask_now(self, person: str, size: int, kind: str, text: str, outcome: str) -> None:
        self.check(person, size, kind)
        self._send("ask_record", text=text, outcome=outcome)

    def answer_ask(self, ask: str, outcome: str) -> None:
        self._open("asks")
        self._send("ask_outcome", ask, outcome=outcome)

    def thanks(self) -> Any:
        self._open("thanks")
        view = self.browser.context["thanks"]
        for one in (*view.owed, *view.partly):
            assert self.says(one.next_step) and self.says(one.what)
        return view

    def thank(self, help_id: str, channel: str, note: str) -> None:
        self._open("thanks")
        self._send("thank", help_id, channel=channel, note=note)

    def report(self, help_id: str, note: str) -> None:
        self._open("thanks")
        self._send("thanks_report", help_id, note=note)

    def neglected(self) -> Any:
        self._open("thanks")
        view = self.browser.context["neglected"]
        for one in view:
            assert self.says(one.risk)
            assert all(self.says(text) for text in one.missing)
        return view

    def referral_got(self, person: str, kind: str, text: str, about: str) -> None:
        self._open("thanks")
        self._send("referral_received", person=person, kind=kind, text=text, about=about)

    def referral_outcome(self, referral: str, outcome: str, value: str) -> None:
        self._open("referrals")
        self._send("referral_outcome", referral, outcome=outcome, value=value)

    def doors(self, person: str) -> Any:
        self._open("doors")
        self._send("doors", person=person)
        view = self.browser.context["doors"]
        self._named(*(one.opener for one in view))
        return view

    # Introductions and requests.

    def suggestions(self, person: str) -> Any:
        self._open("introduction_suggestions")
        self.browser.send(reverse("introduction_suggestions"), **{"for": person})
        view = self.browser.context["suggestions"]
        for one in view:
            assert self.says(one.why)
        return view

    def take_suggestion(self, one: Any) -> str:
        self.suggestions(one.needs.name)
        self._send("introduction_verdict", needs=one.needs.id, need=one.need, offers=one.offers.id, verdict="yes")
        return str(self.browser.context["card"].id)

    def bring_together(self, a: str, b: str, purpose: str, asked_by: str) -> str:
        self._open("introductions")
        self._send("introduction_add", a=a, b=b, purpose=purpose, asked_by=asked_by)
        return str(self.browser.context["card"].id)

    def introduced(self, by: str, to: str, purpose: str) -> str:
        self._open("introductions")
        self._send("introduction_introduced", by=by, to=to, purpose=purpose)
        return str(self.browser.context["card"].id)

    def introduction(self, key: str) -> Any:
        self._open("introduction", key)
        view = self.browser.context["view"]
        assert self.says(view.card.next)
        return view

    def introductions(self) -> Any:
        self._open("introductions")
        view = self.browser.context["board"]
        self._named(*(card.first for column in view.columns for card in column.cards))
        return view

    def move(self, key: str, to: str, note: str) -> None:
        self._open("introduction", key)
        self._send("introduction_move", key, to=to, **({"note": note} if note else {}))

    def end(self, key: str, outcome: str) -> None:
        self._open("introduction", key)
        self._send("introduction_move", key, to="outcome", outcome=outcome)

    def connectors(self) -> Any:
        self._open("introduction_suggestions")
        view = self.browser.context["connectors"]
        for one in view:
            assert self.says(one.load.text)
        return view

    def request(self, person: str, text: str, kind: str, target: str) -> None:
        self._open("introduction_requests")
        self._send("request_add", person=person, text=text, kind=kind, target=target)

    def inbox(self) -> Any:
        self._open("introduction_requests")
        view = self.browser.context["inbox"]
        self._named(*(one.person for one in view.open))
        return view

    def close_request(self, key: str, state: str, to: str) -> str:
        self._open("introduction_requests")
        self._send("request_close", key, state=state, to=to)
        return str(self.browser.context["card"].id) if state == "passed_on" else ""

    # In between, plan, review.

    def between(self) -> Any:
        self._open("between")
        view = self.browser.context["view"]
        for one in view.candidates:
            assert self.says(one.why) and self.says(one.reason.text)
        self._named(*(one.person for one in (*view.dormant, *view.gone)))
        return view

    def decide(self, person: str, decision: str) -> None:
        view = self.between()
        key = next(one.person.id for one in view.candidates if one.person.name == person)
        self._send("between_decide", key, decision=decision)

    def week(self) -> Any:
        self._open("week")
        view = self.browser.context["week"]
        self._named(*(one.person for one in view.touches))
        return view

    def touch_done(self, touch: str) -> None:
        self._open("week")
        self._send("touch_done", touch)

    def review(self, week_of: dt.date | None) -> Any:
        self._open("review", **({"week": week_of.isoformat()} if week_of else {}))
        view = self.browser.context["review"]
        self._named(*(one.person for one in (*view.revived, *view.lost, *view.moves)))
        return view

    # Objectives, outcomes, places.

    def aim(self, name: str, kind: str, percent: int, target: str) -> str:
        self._open("objectives")
        self._send("objective_add", name=name, kind=kind, percent=percent, target=target)
        return str(self.browser.context["item"].id)

    def objective(self, key: str) -> Any:
        self._open("objective", key)
        view = self.browser.context["aim"]
        self._named(*(one.person for one in view.people))
        assert all(self.says(step.what) for step in view.keep_up)
        return view

    def reach(self, key: str, outcome: str) -> None:
        self._open("objective", key)
        self._send("objective_reach", key, outcome=outcome)

    def outcome(self, text: str, by: list[str], objective: str, unexpected: bool) -> None:
        self._open("objectives")
        self._send("outcome_add", text=text, people=", ".join(by), objective=objective, unexpected=unexpected)

    def outcomes(self) -> Any:
        self._open("objectives")
        view = self.browser.context["log"]
        for one in view.outcomes:
            assert self.says(one.text)
            self._named(*(party.person for party in one.parties))
        return view

    def link(self, key: str, person: str, helper: bool) -> None:
        self._open("objective", key)
        self._send("objective_link", key, person=person, helper=helper)

    def home(self, place: str) -> None:
        self._open("places")
        self._send("home_place", place=place)

    def trip(self, place: str, starts_on: dt.date, kind: str) -> str:
        self._open("places")
        self._send("trip_add", place=place, starts_on=starts_on.isoformat(), kind=kind)
        return str(self.browser.context["item"].id)

    def journey(self, key: str) -> Any:
        self._open("trip", key)
        view = self.browser.context["journey"]
        for one in (*view.warm, *view.worth_reviving, *view.others, *view.keep):
            assert self.says(one.person.name) and self.says(one.touch)
        return view

    def keep_lightly(self, key: str) -> None:
        self._open("trip", key)
        self._send("trip_keep", key)
