"""The data folder: where it is, and the secret and permissions it needs. Standard library and platformdirs only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from kithbook.core.errors import Unavailable

DATABASE_NAME = "kithbook.sqlite3"


def home_path() -> Path:
    """`KITHBOOK_HOME`, else the user's data folder."""
    told = os.environ.get("KITHBOOK_HOME")
    if told:
        return Path(told).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("kithbook", appauthor=False)


def ensure_home() -> Path:
    """Make the data folder, readable by its user only; raises Unavailable where that cannot be done."""
    home = home_path()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"The data folder {home} cannot be made: {error.strerror}.",
            "Name another one with --home or KITHBOOK_HOME.",
        ) from error
    return home


def secret_key() -> str:
    """The key that signs cookies; made on first use, readable by its user only."""
    path = ensure_home() / "secret.key"
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        pass
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}.", "Check who owns the data folder.") from error
    key = secrets.token_urlsafe(48)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii")
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}.", "Check who owns the data folder.") from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key)
    return key
