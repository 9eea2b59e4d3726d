"""What to give or say where no occasion is known: one sentence that suits the channel."""

from __future__ import annotations

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
OWN_OCCASIONS = frozenset(("absence", "checkin", "question"))
"""Reasons that say less than the channel and the last subject do."""


def find_idea(best: tuple[str, str] | None, channel: str, last_title: str = "") -> str:
    """One sentence: the idea of the best reason, (kind, idea), if it is an occasion, else what suits the channel."""
    if best and best[0] not in OWN_OCCASIONS:
        return best[1]
    idea = FROM_CHANNEL.get(channel, "Get in touch.")
    if last_title and channel in ("call", "email", "meeting"):
        return f"{idea} Last time it was about “{last_title}”."
    return idea
