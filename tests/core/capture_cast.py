"""The people of the capture sentences, and the short form in which their tables are written."""

from __future__ import annotations

from datetime import date
from typing import Any

from kithbook.core.capture import Understood, understand
from kithbook.core.names import Known, NameIndex

TODAY = date(2026, 11, 21)
CAST = (
    Known(1, "Frank Weber"),
    Known(2, "Dana Ortiz"),
    Known(3, "Anna Schmidt"),
    Known(4, "Anna Berg"),
    Known(5, "Tom Okafor"),
    Known(6, "Sam May"),
    Known(7, "April Jones"),
    Known(8, "Li Sun"),
    Known(9, "Robert Hale", ("Bob",)),
    Known(10, "Will Price"),
    Known(11, "Mark Hare"),
    Known(12, "Zoë Lindqvist"),
    Known(13, "Seán O'Brien"),
    Known(14, "Grace Kim", (), ("grace@example.org",)),
    Known(15, "Maria da Silva"),
    Known(16, "Ken Wu"),
)
INDEX = NameIndex(CAST)
NAMES = {known.id: known.name for known in CAST}


def _label(understood: Understood, position: int | None) -> str:
    if position is None:
        return "nobody"
    mention = understood.people[position]
    if mention.is_new:
        return f"+{mention.text}"
    return NAMES[mention.ids[0]] if len(mention.ids) == 1 else f"{mention.text}?"


def _labels(understood: Understood, positions: tuple[int, ...]) -> str:
    return ", ".join(_label(understood, position) for position in positions) or "nobody"


def _sides(by: str, whom: str) -> str:
    return f"me -> {whom}" if by == "me" else f"{whom} -> me"


def summary(understood: Understood) -> dict[str, Any]:
    """Everything understood in the short form of the table; empty things left out."""
    label = [_label(understood, position) for position in range(len(understood.people))]
    promises = []
    for promise in understood.promises:
        line = f"{_sides(promise.by, _labels(understood, promise.who))}: {promise.text}"
        line += f" | {promise.due_on}" if promise.due_on else ""
        promises.append(line + (f" | about {_labels(understood, promise.about)}" if promise.about else ""))
    found: dict[str, Any] = {
        "people": [f"{mention.role} {label[at]}" for at, mention in enumerate(understood.people)],
        "channel": understood.channel,
        "direction": understood.direction,
        "on": str(understood.happened_on or ""),
        "minutes": understood.minutes,
        "event": understood.event,
        "ledger": [
            f"{given.direction} {given.kind}: {_labels(understood, given.who)}"
            + (f" | {given.text}" if given.text else "")
            for given in understood.ledger
        ],
        "promises": promises,
        "topics": [f"{topic.kind} of {_labels(understood, topic.who)}: {topic.text}" for topic in understood.topics],
        "asks": [
            f"{_sides(ask.by, _labels(understood, ask.who))}: {ask.text}" + (f" = {ask.outcome}" if ask.outcome else "")
            for ask in understood.asks
        ],
        "note": understood.note,
        "questions": list(understood.questions),
    }
    return {key: value for key, value in found.items() if value}


def compare(text: str, expected: dict[str, Any]) -> None:
    """Check all that was understood, and that each question asked holds the piece hoped for."""
    found = summary(understand(text, index=INDEX, today=TODAY))
    asked, hoped = found.pop("questions", []), expected.get("questions", [])
    assert found == {key: value for key, value in expected.items() if key != "questions"}
    assert len(asked) == len(hoped), asked
    assert all(piece in question for piece, question in zip(hoped, asked, strict=True)), asked
