"""Why somebody is in the plan and what to say or give: words for the few that were chosen."""

from __future__ import annotations

from kithbook.core.ideas import Known, find_idea
from kithbook.services import clock
from kithbook.services.personpage import why
from kithbook.services.ties import TieTable
from kithbook.store.models import Owner, Participant, Topic

REASONS = 2


class Words:
    """Gives reasons and an idea for (tie, channel); asked for the chosen only."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def __call__(self, one: TieTable, channel: str) -> tuple[tuple[str, ...], str]:
        """The strongest reasons behind the warmth of one tie as sentences, and one concrete idea."""
        person = int(one.ids[0])
        reasons = tuple(reason.text for reason in why(one)[:REASONS])
        return reasons, find_idea(self._topics(person), channel, self._last_title(person))

    def _topics(self, person: int) -> list[Known]:
        rows = Topic.objects.of(self._owner).filter(person=person, ended_on=None, is_sensitive=False)
        return [Known(*row) for row in rows.values_list("kind", "text", "noted_on")]

    def _last_title(self, person: int) -> str:
        """What the last mail between the two was about, where the two were alone and it was not long ago."""
        last = (
            Participant.objects.of(self._owner)
            .filter(person=person, interaction__size=1, interaction__at__lte=clock.now())
            .exclude(role="also")
            .exclude(interaction__title="")
            .order_by("-interaction__at")
            .values_list("interaction__title", flat=True)
            .first()
        )
        return plain_title(last or "")


def plain_title(title: str) -> str:
    """A subject without "Re:" and the like, short enough for a sentence."""
    words = title.split()
    while words and words[0].rstrip(":").casefold() in ("re", "aw", "fw", "fwd", "wg", "sv", "tr", "antw"):
        words.pop(0)
    text = " ".join(words)
    return text if len(text) <= 60 else f"{text[:57].rstrip()}…"
