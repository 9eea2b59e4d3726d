"""Programs that use the JSON API, each by a token of its own that can be taken away alone."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.db import transaction

from kithbook.core.errors import Invalid, Refused
from kithbook.core.ids import to_text
from kithbook.services import clock, lookup
from kithbook.services.devices import note_use
from kithbook.services.registry import operation
from kithbook.services.tokenviews import NewToken, TokenView
from kithbook.store.models import ApiToken, Owner

START = "kith_"
"""By which people, and programs that look for leaked secrets, know what it is."""
BYTES, SHOWN = 32, 8
"""256 random bits, too many to guess: a plain digest is enough, and nothing has to be slow. Letters that stay known."""
MOST = 50


@operation()
@transaction.atomic
def add(owner: Owner, name: str, writes: bool = False) -> NewToken:
    """Make a token with which a program reads your network over the JSON API; it is shown this once.

    With `writes` the program may change everything that you can change yourself.
    """
    clean = " ".join(name.split())[:100]
    if not clean:
        raise Invalid("The token needs a name.", "For example that of the program, “Dashboard”.")
    if ApiToken.objects.of(owner).count() >= MOST:
        raise Refused(f"There are {MOST} tokens already.", "Remove those that are not used any more.")
    if ApiToken.objects.of(owner).filter(name=clean).exists():
        raise Invalid(f"There is a token “{clean}” already.", "Give another name, e.g. with a number.")
    letters = secrets.token_urlsafe(BYTES)
    text = f"{START}{letters}"
    row = ApiToken(owner=owner, name=clean, prefix=letters[:SHOWN], writes=writes, created_at=clock.now())
    row.digest = _digest(text)
    row.save(force_insert=True)
    return NewToken(_view(row), text, f"Authorization: Bearer {text}")


@operation(reads=True)
def listing(owner: Owner) -> list[TokenView]:
    """Programs that may use the JSON API, and when each did last."""
    return [_view(row) for row in ApiToken.objects.of(owner).order_by("created_at", "pk")]


@operation()
@transaction.atomic
def remove(owner: Owner, token: str) -> list[TokenView]:
    """Take a program's token away: it opens nothing from now on."""
    lookup.find_token(owner, token).delete()
    return listing(owner)


def owner_of_token(text: str) -> tuple[Owner, bool] | None:
    """Whose token this is and whether it may change anything; None for one that nobody has.

    One look at an index by digest, whatever the text: the time tells nothing about the tokens there are.
    """
    rows: Any = ApiToken._default_manager  # over all owners: this is where a program says whose it is
    row: ApiToken | None = rows.filter(digest=_digest(text)).select_related("owner").first()
    if row is None:
        return None
    note_use(row)
    return row.owner, row.writes


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _view(row: ApiToken) -> TokenView:
    return TokenView(to_text(row.pk), row.name, START + row.prefix, row.writes, row.created_at, row.used_at)
