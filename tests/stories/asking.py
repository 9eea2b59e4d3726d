"""Verbs of asking and thanking."""

from __future__ import annotations

import datetime as dt
from typing import Any


class AskingVerbs:
    """The right to ask, thanks, referrals."""

    actor: Any
    today: dt.date

    def ask_is(self, name: str, size: int, verdict: str, *because: str, kind: str = "") -> Any:
        """The verdict of the check, with dated facts that it names; gives the whole answer."""
        found = self.actor.check(name, size, kind)
        assert found.verdict == verdict, found
        facts = " ".join([found.remedy, *(reason.fact for reason in found.reasons), *(r.fact for r in found.rights)])
        for text in because:
            assert text in facts, facts
            assert self.actor.says(text)
        assert all(reason.on <= self.today for reason in found.reasons)
        return found

    def plans_ask(self, name: str, size: int, on: str, kind: str, text: str) -> Any:
        """An ask for a day to come; gives it with the steps before it."""
        self.actor.plan_ask(name, size, dt.date.fromisoformat(on), kind, text)
        found = self.planned_ask(name)
        assert (found.planned_on, found.text) == (dt.date.fromisoformat(on), text)
        return found

    def planned_ask(self, name: str) -> Any:
        """The ask that is planned with somebody, with what comes before it."""
        return next(one for one in self.actor.asks().planned if one.person.name == name)

    def asks_as_planned(self, name: str) -> None:
        """The planned ask is made, and waits for its answer."""
        one = self.planned_ask(name)
        self.actor.ask_planned(name, one.size, one.id)
        waiting = [(open_one.text, open_one.asked_on) for open_one in self.actor.asks().open]
        assert waiting == [(one.text, self.today)]

    def is_answered(self, name: str, outcome: str) -> None:
        """What came of the open ask."""
        one = next(one for one in self.actor.asks().open if one.person.name == name)
        self.actor.answer_ask(one.id, outcome)
        past = self.actor.asks().past[0]
        assert (past.person.name, past.outcome, past.outcome_on) == (name, outcome, self.today)

    def asks_for(self, name: str, size: int, kind: str, text: str, outcome: str = "") -> None:
        """An ask on the spot."""
        self.actor.ask_now(name, size, kind, text, outcome)

    # Thanks.

    def help_of(self, name: str, what: str = "") -> Any:
        """Help got from somebody, wherever it stands on the page of thanks."""
        view = self.actor.thanks()
        mine = [one for one in (*view.owed, *view.partly, *view.done) if one.person.name == name and what in one.what]
        assert len(mine) == 1, [
            (one.person.name, one.what, one.state) for one in (*view.owed, *view.partly, *view.done)
        ]
        return mine[0]

    def thanks_are(self, name: str, state: str, *, what: str = "", due: str = "", step: str = "") -> None:
        """How far somebody is thanked, and what comes next until when."""
        found = self.help_of(name, what)
        assert found.state == state, found
        assert step in found.next_step, found
        if due:
            assert found.due_on == dt.date.fromisoformat(due), found

    def thanks(self, name: str, channel: str, note: str = "", what: str = "") -> None:
        """Thanks are given and stand with the help they are for."""
        found = self.help_of(name, what)
        self.actor.thank(found.id, channel, note)
        given = [(one.on, one.channel) for one in self.help_of(name, what).thanked]
        assert (self.today, channel) in given, given

    def reports(self, name: str, note: str, what: str = "") -> None:
        """They are told how it goes."""
        found = self.help_of(name, what)
        self.actor.report(found.id, note)
        assert self.today in self.help_of(name, what).reported_on

    def gets_referral(self, name: str, kind: str, text: str, about: str = "") -> None:
        """A door is opened."""
        self.actor.referral_got(name, kind, text, about)

    def referral_leads_to(self, name: str, outcome: str, value: str = "") -> None:
        """What came of the referral."""
        self.actor.referral_outcome(self.help_of(name).referral, outcome, value)
        found = self.help_of(name)
        assert (found.outcome, found.outcome_on) == (outcome, self.today)

    def are_neglected(self, *names: str) -> None:
        """Exactly these opened a door and have not heard enough since."""
        found = self.actor.neglected()
        assert [one.person.name for one in found] == list(names), found

    def door_was_opened(self, by: str, to: str, kind: str, outcome: str = "") -> None:
        """Who opened which door stays known."""
        doors = self.actor.doors(to)
        assert any((one.opener.name, one.kind, one.outcome) == (by, kind, outcome) for one in doors), doors

    def balance(self, name: str) -> float:
        """The account with somebody, as their page shows it."""
        found = self.actor.account(name)
        assert found.net is not None
        return float(found.net)
