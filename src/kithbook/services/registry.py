"""The one list of operations. The JSON API, the assistant's tools and the plain commands are derived from it.

A service function marked `@operation` takes the owner first and plain typed arguments after it, and returns a view.
Its name, signature and docstring are all that the faces need; nobody writes a route, a tool and a command by hand.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, get_type_hints

F = TypeVar("F", bound=Callable[..., Any])

MODULES = (
    "owners",
    "people",
    "editing",
    "weeks",
    "touches",
    "capturing",
    "bank",
    "bankbook",
    "promises",
    "ladder",
    "asks",
    "referrals",
    "newcomers",
    "review",
    "stats",
    "social",
    "facts",
    "briefs",
    "calendars",
    "mailer",
    "preferences",
    "paces",
    "tips",
    "introductions",
    "requests",
    "objectives",
    "roles",
    "readiness",
    "outcomes",
    "events",
    "groups",
    "places",
    "reasons",
    "between",
    "clips",
    "feeds",
    "matching",
    "wishes",
    "goto",
    "semantic",
    "batches",
    "demo",
    "doctor",
    "duplicates",
    "merging",
    "splitting",
    "bulk",
    "trash",
    "privacy",
    "mappings",
    "accounts",
    "syncing",
    "devices",
    "tokens",
)
"""Service modules that offer operations, in the order in which faces list them."""

_REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an operation; `default` is `Argument.required` where there is none."""

    name: str
    type: Any
    default: Any

    @property
    def is_required(self) -> bool:
        """Whether the caller has to give it."""
        return self.default is _REQUIRED


@dataclass(frozen=True, slots=True)
class Operation:
    """A service function as faces see it. `name` is "noun.verb", unique."""

    noun: str
    verb: str
    reads: bool
    run: Callable[..., Any]
    arguments: tuple[Argument, ...]
    returns: Any
    text: str

    @property
    def name(self) -> str:
        """`noun.verb`."""
        return f"{self.noun}.{self.verb}"

    @property
    def summary(self) -> str:
        """The first line of the description."""
        return self.text.splitlines()[0]


def operation(*, reads: bool = False) -> Callable[[F], F]:
    """Put a service function on the list; `reads` says that it changes nothing."""

    def mark(function: F) -> F:
        function.__operation__ = {"reads": reads}  # type: ignore[attr-defined]
        return function

    return mark


@cache
def operations() -> dict[str, Operation]:
    """All operations by name."""
    found = {}
    for noun in MODULES:
        module = importlib.import_module(f"kithbook.services.{noun}")
        for function in vars(module).values():
            if hasattr(function, "__operation__") and inspect.unwrap(function).__module__ == module.__name__:
                entry = _describe(noun, function)
                found[entry.name] = entry
    return found


def _describe(noun: str, function: Callable[..., Any]) -> Operation:
    plain = inspect.unwrap(function)
    hints = get_type_hints(plain)
    parameters = list(inspect.signature(plain).parameters.values())
    if not parameters or parameters[0].name != "owner":
        raise TypeError(f"{noun}.{plain.__name__} is an operation and must take the owner first")
    return Operation(
        noun=noun,
        verb=plain.__name__,
        reads=function.__operation__["reads"],  # type: ignore[attr-defined]
        run=function,
        arguments=tuple(Argument(p.name, hints[p.name], p.default) for p in parameters[1:]),
        returns=hints["return"],
        text=inspect.getdoc(plain) or "",
    )
