"""The data folder: where it is, and the secret and permissions it needs. Standard library and platformdirs only."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from kithbook.core.errors import Unavailable

DATABASE_NAME = "kithbook.sqlite3"
ANOTHER = "Name another one with --home or KITHBOOK_HOME."


def home_path() -> Path:
    """`KITHBOOK_HOME`, else the user's data folder."""
    told = os.environ.get("KITHBOOK_HOME")
    if told:
        try:
            return Path(told).expanduser().absolute()
        except RuntimeError as error:  # ~somebody who has no account here
            raise Unavailable(f"There is no folder {told}.", ANOTHER) from error
    from platformdirs import user_data_path

    return user_data_path("kithbook", appauthor=False)


def ensure_home() -> Path:
    """Make the data folder, readable by its user only; raises Unavailable where that cannot be done."""
    home = home_path()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The data folder {home} cannot be made: {error.strerror}.", ANOTHER) from error
    return home


@contextlib.contextmanager
def alone(what: str) -> Iterator[None]:
    """Wait until no other process of this data folder does the same; a process that dies gives its place free."""
    with (ensure_home() / f"{what}.lock").open("a") as file:
        try:
            import fcntl
        except ImportError:  # not on Windows, where SQLite's own lock has to do
            yield
            return
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def secret_key() -> str:
    """The key that signs cookies."""
    return stored_key("secret.key", lambda: secrets.token_urlsafe(48))


def stored_key(name: str, make: Callable[[], str]) -> str:
    """A key kept in a file of the data folder; made whole on first use, readable by its user only."""
    path = ensure_home() / name
    try:
        with alone("secret"):
            if not path.exists():
                draft = path.with_suffix(".part")
                draft.touch(mode=0o600)
                draft.write_text(make(), "ascii")
                draft.replace(path)
        return path.read_text("ascii")
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be read or written: {error.strerror}.", "Check who owns the data folder."
        ) from error
