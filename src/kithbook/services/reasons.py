"""Reasons to write: occasions with their dates and a draft to finish; and the words of the weekly plan."""

from __future__ import annotations

from collections.abc import Sequence

from kithbook.core.errors import Invalid
from kithbook.core.ideas import find_idea
from kithbook.core.ids import from_text, to_text
from kithbook.core.openers import draft, mail_link, reopen
from kithbook.core.reasons import Reason, choose_idea, find_reasons
from kithbook.services.clipviews import ReasonsView, ReasonToWrite
from kithbook.services.finding import brief, find_person
from kithbook.services.personpage import why
from kithbook.services.reasonfacts import Gatherer, Known, plain_title
from kithbook.services.registry import operation
from kithbook.services.ties import TieTable
from kithbook.store.models import Owner

__all__ = ["Words", "for_many", "for_people", "for_person", "plain_title"]

REASONS = 2
MOST_PEOPLE = 200


@operation(reads=True)
def for_person(owner: Owner, person: str) -> ReasonsView:
    """Reasons to write to a person, the strongest first, each with a draft that you finish and send yourself."""
    row = find_person(owner, person)
    return for_many(owner, [row.pk])[row.pk]


@operation(reads=True)
def for_people(owner: Owner, people: list[str]) -> list[ReasonsView]:
    """Reasons to write to several people, given by their ids, at once."""
    if len(people) > MOST_PEOPLE:
        raise Invalid(f"{len(people)} people are too many at once.", f"Ask for at most {MOST_PEOPLE}.")
    found = for_many(owner, [from_text(one) for one in people])
    return list(found.values())


def for_many(owner: Owner, ids: Sequence[int]) -> dict[int, ReasonsView]:
    """Reasons by person, in the order of the ids, with as many queries for two hundred people as for one."""
    gatherer = Gatherer(owner)
    known = gatherer.gather(ids)
    return {key: _view(owner, known[key], gatherer) for key in dict.fromkeys(ids) if key in known}


def _view(owner: Owner, known: Known, gatherer: Gatherer) -> ReasonsView:
    found = find_reasons(known.facts, gatherer.today)
    return ReasonsView(
        person=brief(known.person),
        reasons=[_reason(owner, known, reason) for reason in found],
        opener=reopen(known.facts, gatherer.today),
        rhythm_days=known.person.rhythm_days,
    )


def _reason(owner: Owner, known: Known, reason: Reason) -> ReasonToWrite:
    wanted = draft(reason, known.facts, owner.name.partition(" ")[0])
    return ReasonToWrite(
        kind=reason.kind,
        text=reason.text,
        idea=reason.idea,
        channel=reason.channel,
        minutes=reason.minutes,
        strength=reason.strength,
        subject=wanted.subject,
        draft=wanted.body,
        mail=mail_link(known.email, wanted),
        clip=to_text(reason.key) if reason.key else None,
    )


class Words:
    """Gives reasons and an idea for (tie, channel); asked for the chosen only."""

    def __init__(self, owner: Owner) -> None:
        self._gatherer = Gatherer(owner)
        self._known: dict[int, Known] = {}

    def look_up(self, people: Sequence[int]) -> None:
        """Gather the facts of these people at once: as many queries for a week as for one person."""
        self._known.update(self._gatherer.gather(people))

    def __call__(self, one: TieTable, channel: str) -> tuple[tuple[str, ...], str]:
        """The strongest reasons behind the warmth of one tie as sentences, and one concrete idea with its occasion."""
        person = int(one.ids[0])
        reasons = tuple(reason.text for reason in why(one)[:REASONS])
        known = self._known.get(person) or self._gatherer.gather([person]).get(person)
        if known is None:
            return reasons, find_idea(None, channel)
        best = choose_idea(find_reasons(known.facts, self._gatherer.today), channel)
        return reasons, find_idea(best, channel, known.facts.last_title)
