"""Programs that use the JSON API with a token, as faces show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenView:
    """A program's token: its name, how it begins, whether it may change anything, when it was used last."""

    id: str
    name: str
    prefix: str
    writes: bool
    created_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token with its text, which is shown this once and stored nowhere; `header` is what the program sends."""

    token: TokenView
    text: str
    header: str
