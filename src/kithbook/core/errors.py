"""The five things that can go wrong, each with a sentence for a person and a hint.

Every face has one table from `kind` to its own kind of failure (exit code, HTTP status, tool error).
"""

from __future__ import annotations

_ENDS = (".", "!", "?", "…", ":")


class KithbookError(Exception):
    """A failure that a person can understand: `message` says what, `hint` says what to do."""

    kind = "error"

    def __init__(self, message: str, hint: str = "", **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details

    @property
    def told(self) -> str:
        """What happened and what to do, as one text."""
        return sentences(self.message, self.hint)


def sentences(*parts: str) -> str:
    """Texts put one after another, each ended with a full stop where it has no end of its own."""
    return " ".join(_ended(part.strip()) for part in parts if part.strip())


def _ended(text: str) -> str:
    return text if text.rstrip("”’\"')")[-1:] in _ENDS else f"{text}."


class NotFound(KithbookError):
    """Nothing of this owner's has that name, id or path."""

    kind = "not_found"


class Invalid(KithbookError):
    """The input does not have the form or the value that is needed."""

    kind = "invalid"


class Conflict(KithbookError):
    """Two things claim the same place, or the words fit several people."""

    kind = "conflict"


class Refused(KithbookError):
    """Understood, and not done because a rule forbids it."""

    kind = "refused"


class Unavailable(KithbookError):
    """Something needed is not there just now: a locked database, a full disk, a server."""

    kind = "unavailable"
