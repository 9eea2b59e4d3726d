"""What can be said without the database: the program, the data folder, the room on its disk. Needs no Django."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from kithbook.core.errors import KithbookError
from kithbook.services.views import Check, DoctorView
from kithbook.store.home import ANOTHER, home_path

ROOM_BYTES = 200_000_000

Finding = tuple[bool, str, str]
"""Whether it is well, what was found, and what to do where it is not."""


def check_without_database(error: KithbookError) -> DoctorView:
    """What can be looked at where Kithbook does not start, and as the last thing why it does not."""
    name = "Database" if error.kind == "unavailable" else "Settings"
    return DoctorView(False, [*checks(), Check(name, False, error.message, error.hint)])


def checks() -> list[Check]:
    """All looks at the machine."""
    return [named(name, look()) for name, look in LOOKS.items()]


def named(name: str, finding: Finding) -> Check:
    """A finding as faces show it: advice only where something is to be done."""
    is_well, found, advice = finding
    return Check(name, is_well, found, "" if is_well else advice)


def _program() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return sys.version_info >= (3, 11), f"Python {version}", "Use Python 3.11 or newer."


def _folder() -> Finding:
    try:
        home = home_path()
        status = home.stat()
    except KithbookError as error:
        return False, error.message, error.hint
    except OSError as error:
        return False, f"{home}: {error.strerror}", ANOTHER
    if not stat.S_ISDIR(status.st_mode):
        return False, f"{home} is no folder", ANOTHER
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        return False, f"{home} may not be written", "Give yourself the right to write in it, or name another folder."
    mode = stat.S_IMODE(status.st_mode)
    private = os.name == "nt" or not mode & 0o077
    return private, f"{home} (mode {mode:03o})", f"Others can read it: chmod 700 {home}"


def _room() -> Finding:
    try:
        free = shutil.disk_usage(_there(home_path())).free
    except (KithbookError, OSError):
        return False, "not known", "Choose a data folder that can be reached."
    return free > ROOM_BYTES, f"{free / 1e9:.1f} GB free", "Make room on the disk of the data folder."


def _there(path: Path) -> Path:
    """The path, or the first folder above it that is there."""
    return next(part for part in (path, *path.parents) if part.exists())


LOOKS: Mapping[str, Callable[[], Finding]] = {"Python": _program, "Data folder": _folder, "Room on disk": _room}
