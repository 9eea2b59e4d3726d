"""Verbs of introductions, of those in between, of places and objectives."""

from __future__ import annotations

import datetime as dt
from typing import Any


class DoorVerbs:
    """Bringing people together, keeping and letting go, moving, reaching."""

    actor: Any
    today: dt.date

    # Introductions.

    def is_suggested(self, needs: str, offers: str, *because: str) -> Any:
        """Two people who could help each other are suggested, in words."""
        pairs = self.actor.suggestions(needs)
        found = [one for one in pairs if one.offers.name == offers and one.needs.name == needs]
        assert found, [(one.needs.name, one.offers.name, one.why) for one in pairs]
        for text in because:
            assert text in " ".join((found[0].why, found[0].load, *found[0].before)), found[0]
            assert self.actor.says(text)
        return found[0]

    def takes_suggestion(self, needs: str, offers: str) -> str:
        """Yes to a suggestion: it becomes an idea."""
        return str(self.actor.take_suggestion(self.is_suggested(needs, offers)))

    def intro_is(self, key: str, state: str, *, who: str, next_step: str, due: str = "", late: bool = False) -> None:
        """State, who acts next, what, and until when; the same on its page and on the board."""
        card = self.actor.introduction(key).card
        assert (card.state, card.who, card.next) == (state, who, next_step), card
        assert card.is_overdue is late, card
        if due:
            assert card.due_on == dt.date.fromisoformat(due), card
        board = self.actor.introductions()
        assert [one for column in board.columns for one in column.cards if one.id == key] == [card]

    def moves(self, key: str, to: str, note: str = "") -> None:
        """The introduction goes on; the step is on record with its day."""
        self.actor.move(key, to, note)
        last = self.actor.introduction(key).steps[-1]
        assert (last.state, last.on, last.note) == (to, self.today, note), last

    def ends_with(self, key: str, outcome: str) -> None:
        """What came of it."""
        self.actor.end(key, outcome)
        view = self.actor.introduction(key)
        assert (view.card.state, view.outcome) == ("outcome", outcome)

    def draft_says(self, key: str, to: str, *texts: str) -> None:
        """There is a draft for the next word to somebody; nothing is sent."""
        drafts = self.actor.introduction(key).drafts
        mine = [one for one in drafts if to in [person.name for person in one.to]]
        assert mine, [(one.kind, [person.name for person in one.to]) for one in drafts]
        for text in texts:
            assert text in mine[0].body, mine[0].body

    # Tweeners.

    def review_offers(self, *names: str) -> Any:
        """The people of this week's review of those in between, in any order; gives the view."""
        view = self.actor.between()
        assert sorted(one.person.name for one in view.candidates) == sorted(names), view.candidates
        return view

    def decides(self, name: str, decision: str) -> None:
        """Keep, lighten or let go: noted, and not asked again now."""
        before = self.actor.between()
        self.actor.decide(name, decision)
        after = self.actor.between()
        assert name not in [one.person.name for one in after.candidates]
        assert after.decided_this_week == before.decided_this_week + 1

    # Places, objectives, outcomes.

    def has_outcome(self, text: str, *by: str, unexpected: bool = False, objective: str = "") -> None:
        """The log of outcomes has it, with who contributed."""
        log = self.actor.outcomes()
        found = next((one for one in log.outcomes if one.text == text), None)
        assert found is not None, [one.text for one in log.outcomes]
        assert sorted(party.person.name for party in found.parties) == sorted(by), found.parties
        assert (found.unexpected, found.objective_name, found.on) == (unexpected, objective, self.today), found
