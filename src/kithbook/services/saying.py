"""What was understood of a sentence, said back in plain lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kithbook.core.capture import Asked, Understood
from kithbook.core.channels import CHANNELS
from kithbook.core.ledger import KINDS

TOPIC_WORDS = {
    "need": "looks for",
    "offer": "can help with",
    "interest": "is interested in",
    "goal": "wants",
    "fact": "",
}


def lines_of(found: Understood, names: Sequence[str], today: dt.date) -> list[str]:
    """One line for each thing that would be written down; `names` are those of `found.people`, in order."""
    lines = []
    if found.channel:
        lines.append(_exchange(found, names, today))
    for given in found.ledger:
        verb = "You gave" if given.direction == "gave" else "You got"
        link = "to" if given.direction == "gave" else "from"
        lines.append(f"{verb} {link} {_who(given.who, names)}: {KINDS[given.kind].label} (size {given.size})")
    for promise in found.promises:
        due = f", due {_day(promise.due_on)}" if promise.due_on else ""
        whose = (
            f"You promised {_who(promise.who, names)}" if promise.by == "me" else f"{_who(promise.who, names)} promised"
        )
        lines.append(f"{whose}: {promise.text}{due}")
    lines += [f"{_who(topic.who, names)} {TOPIC_WORDS[topic.kind]}: {topic.text}" for topic in found.topics]
    lines += [_ask(ask, names) for ask in found.asks]
    if found.note:
        lines.append(f"Note: {found.note}")
    return lines


def _exchange(found: Understood, names: Sequence[str], today: dt.date) -> str:
    with_ = [name for name, mention in zip(names, found.people, strict=True) if mention.role == "with"] or list(names)
    label = CHANNELS[found.channel].label
    arrow = {1: "you to", -1: "from", 0: "with"}[found.direction]
    length = f", {found.minutes} minutes" if found.minutes else ""
    where = f" at {found.event}" if found.event else ""
    on = _day(found.happened_on or today)
    return f"{label[:1].upper()}{label[1:]}: {arrow} {_join(with_)}, {on}{length}{where}"


def _ask(ask: Asked, names: Sequence[str]) -> str:
    outcome = f" ({ask.outcome})" if ask.outcome else ""
    if ask.by == "me":
        return f"You asked {_who(ask.who, names)}: {ask.text}{outcome}"
    if ask.kind == "introduction" and ask.target:
        return f"{_who(ask.who, names)} asked you for an introduction to {_who(ask.target, names)}{outcome}"
    return f"{_who(ask.who, names)} asked you: {ask.text}{outcome}"


def _who(positions: Sequence[int], names: Sequence[str]) -> str:
    return _join([names[position] for position in positions]) or "them"


def _join(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _day(day: dt.date) -> str:
    return f"{day:%a %-d %b %Y}"
