"""What to give or say: one concrete idea for a touch, from what is known about the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple


class Known(NamedTuple):
    """A topic of the person: `kind` need, offer, interest, goal or fact; `noted_on` when it was noted."""

    kind: str
    text: str
    noted_on: date


ORDER = ("need", "goal", "interest", "offer")
FROM_TOPIC = {
    "need": "Ask how it goes with {text}, and whom you could point them to.",
    "goal": "Ask how {text} is coming along.",
    "interest": "Send them something on {text}.",
    "offer": "Ask for their view on {text}: it is what they like to give.",
}
FROM_CHANNEL = {
    "call": "Call to hear how they are; ask what they are working on.",
    "video": "Talk for half an hour; ask what they are working on.",
    "meeting": "Suggest a coffee or a lunch.",
    "email": "Write a few lines: what you last talked about, and one question.",
    "message": "A short hello, with nothing asked.",
    "item": "Send one thing that is useful to them: an article, a name, an event.",
    "note": "Write a card by hand.",
    "gift": "Send something small, with a note.",
}


def find_idea(topics: Sequence[Known], channel: str, last_title: str = "") -> str:
    """One sentence: the newest need, goal, interest or offer if any is noted, else what suits the channel."""
    usable = [topic for topic in topics if topic.kind in ORDER]
    if usable:
        best = min(usable, key=lambda topic: (ORDER.index(topic.kind), -topic.noted_on.toordinal(), topic.text))
        return FROM_TOPIC[best.kind].format(text=best.text.rstrip("."))
    idea = FROM_CHANNEL.get(channel, "Get in touch.")
    if last_title and channel in ("call", "email", "meeting"):
        return f"{idea} Last time it was about “{last_title}”."
    return idea
