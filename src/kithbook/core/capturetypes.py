"""What quick capture understood: frozen records, and the draft that is filled clause by clause."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kithbook.core.ledger import Direction
from kithbook.core.names import NameIndex

Role = Literal["with", "through", "to", "about"]
Side = Literal["me", "them"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A person in the sentence, once per person: first place, text there, and who it can be.

    `ids` holds one id where it is clear, several where not, none for a new name (`is_new`). `role`: "with" took part
    (or is whom the sentence is about), "through" opened the door, "to" is whom somebody is introduced to, "about" is
    only mentioned. `near` are people with a similar name, who may be meant by a new one.
    """

    start: int
    end: int
    text: str
    ids: tuple[int, ...]
    role: Role
    is_new: bool
    near: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A bank entry: `kind` of `core.ledger.KINDS` with its usual `size`; `who` are positions in `people`."""

    direction: Direction
    kind: str
    size: int
    who: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise by "me" or by "them" (`who`, positions in `people`), with its day and the third parties in it."""

    by: Side
    text: str
    who: tuple[int, ...]
    due_on: date | None
    about: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Noticed:
    """A topic of a person: `kind` is "need", "offer", "interest" or "goal"."""

    kind: str
    text: str
    who: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """An ask by "me" (to `who`) or by "them" (to me).

    `outcome` is "", "gladly", "reluctantly", "refused" or "silence";
    a plain yes counts as gladly. `kind` is "help" or "introduction", `target` those who are to be met (positions).
    """

    by: Side
    text: str
    who: tuple[int, ...]
    size: int
    outcome: str
    kind: str = "help"
    target: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """text[start:end] was understood as `meaning` ("person", "channel", "date", "promise", "need", …)."""

    start: int
    end: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Understood:
    """Everything one sentence says. `channel` is a key of `core.channels.CHANNELS`, "" where no exchange is told.

    `direction`: 1 me to them, −1 they to me, 0 both. `happened_on` is None where no day is said (the caller takes
    today) or where it is in `questions`. `note` is what no rule took, in the words of the sentence.
    """

    people: tuple[Mention, ...] = ()
    channel: str = ""
    direction: int = 0
    happened_on: date | None = None
    minutes: int | None = None
    event: str = ""
    ledger: tuple[Given, ...] = ()
    promises: tuple[Promised, ...] = ()
    topics: tuple[Noticed, ...] = ()
    asks: tuple[Asked, ...] = ()
    note: str = ""
    questions: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(slots=True)
class Name:
    """One name in the text: whom it means (position in the draft's people) and whether a possessive 's follows."""

    start: int
    end: int
    who: int
    is_possessive: bool


@dataclass(slots=True)
class Somebody:
    """A person of the draft; `role` is "" until a clause tells it."""

    start: int
    end: int
    text: str
    ids: tuple[int, ...]
    is_new: bool
    role: Role | Literal[""] = ""
    near: tuple[int, ...] = ()


@dataclass(slots=True)
class Clause:
    """text[start:end] with what was used of it, and where a promise, topic or ask begins (`limit`)."""

    start: int
    end: int
    limit: int
    used: list[tuple[int, int]] = field(default_factory=list)
    has_event: bool = False
    giving_at: int | None = None
    giving_kind: str = ""


@dataclass(slots=True)
class Draft:
    """The state while the clauses are read in order; `masked` is the text with the names hidden (see capturewords).

    `current` are the people a pronoun can mean.
    """

    text: str
    masked: str
    today: date
    index: NameIndex
    names: list[Name]
    people: list[Somebody]
    current: tuple[int, ...] = ()
    channel: str = ""
    direction: int = 0
    happened_on: date | None = None
    minutes: int | None = None
    event: str = ""
    ledger: list[Given] = field(default_factory=list)
    promises: list[Promised] = field(default_factory=list)
    topics: list[Noticed] = field(default_factory=list)
    asks: list[Asked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Note a question once."""
        if question and question not in self.questions:
            self.questions.append(question)

    def use(self, clause: Clause, start: int, end: int, meaning: str) -> None:
        """Mark text[start:end] as understood."""
        if end > start:
            clause.used.append((start, end))
            self.parts.append(Part(start, end, meaning))

    def names_in(self, start: int, end: int) -> list[Name]:
        """Give the names that begin in text[start:end]."""
        return [name for name in self.names if start <= name.start < end]

    def give_role(self, who: tuple[int, ...], role: Role) -> None:
        """Keep the first role; only taking part is more than a mention."""
        for position in who:
            person = self.people[position]
            if not person.role or (person.role == "about" and role == "with"):
                person.role = role
