"""Looks at settings, data folder, database and schedule, and says what to do."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable
from zoneinfo import available_timezones

from django.db import DatabaseError, connection

from kithbook.core import tiestate
from kithbook.services import clock
from kithbook.services.jobs import troubles
from kithbook.services.registry import operation
from kithbook.services.views import Check, DoctorView
from kithbook.store.erase import orphans
from kithbook.store.home import home_path
from kithbook.store.models import Batch, Owner, OwnerAddress, Person, Tie

ROOM_BYTES = 200_000_000


@operation(reads=True)
def check(owner: Owner) -> DoctorView:
    """Check settings, permissions, database and data; every finding says what to do."""
    checks = [look(owner) for look in LOOKS]
    return DoctorView(all(found.is_well for found in checks), checks)


def _program(_owner: Owner) -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("Python", sys.version_info >= (3, 11), f"Python {version}", "Use Python 3.11 or newer.")


def _folder(_owner: Owner) -> Check:
    home = home_path()
    mode = stat.S_IMODE(home.stat().st_mode)
    private = os.name == "nt" or not mode & 0o077
    return Check(
        "Data folder", private, f"{home} (mode {mode:03o})", "" if private else f"Others can read it: chmod 700 {home}"
    )


def _room(_owner: Owner) -> Check:
    free = shutil.disk_usage(home_path()).free
    return Check(
        "Room on disk", free > ROOM_BYTES, f"{free / 1e9:.1f} GB free", "Make room on the disk of the data folder."
    )


def _database(_owner: Owner) -> Check:
    if connection.vendor != "sqlite":
        return Check("Database", True, f"{connection.vendor}, reachable")
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            answer = cursor.fetchone()[0]
            cursor.execute("PRAGMA journal_mode")
            journal = cursor.fetchone()[0]
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            size = cursor.fetchone()[0] / 1e6
    except DatabaseError as error:
        return Check("Database", False, str(error), "Restore the last backup with `kith restore FILE`.")
    well = answer == "ok"
    return Check(
        "Database", well, f"SQLite, {journal}, {size:.1f} MB, {answer}", "" if well else "Restore the last backup."
    )


def _links(_owner: Owner) -> Check:
    lost = orphans()
    return Check(
        "Links between rows", not lost, "; ".join(lost) or "all lead somewhere", "Please report this as a fault."
    )


def _ties(owner: Owner) -> Check:
    stale = Tie.objects.of(owner).exclude(version=tiestate.STATE_VERSION).count()
    return Check(
        "Ties", not stale, f"{stale} to fold anew" if stale else "up to date", "`kith serve` folds them when it starts."
    )


def _zone(owner: Owner) -> Check:
    known = owner.time_zone in available_timezones()
    return Check("Time zone", known, owner.time_zone, "Choose one in the settings, e.g. Europe/Vienna.")


def _addresses(owner: Owner) -> Check:
    rows = OwnerAddress.objects.of(owner)
    guessed = rows.filter(is_confirmed=False).count()
    listed = ", ".join(rows.values_list("value", flat=True)) or "none yet"
    advice = "Confirm in the settings that they are yours." if guessed else "Import mail with --me you@example.org."
    return Check("Your addresses", rows.exists() and not guessed, listed, advice)


def _people(owner: Owner) -> Check:
    count = Person.objects.of(owner).filter(standing="kept").count()
    return Check("People", count > 0, f"{count} people", "Import mail, cards or LinkedIn with `kith import`.")


def _imports(owner: Owner) -> Check:
    stuck = Batch.objects.of(owner).filter(state="running").count()
    return Check(
        "Imports",
        not stuck,
        f"{stuck} unfinished" if stuck else "none unfinished",
        "Import the file again; nothing is added twice.",
    )


def _schedule(owner: Owner) -> Check:
    minutes = owner.minutes_per_week
    return Check(
        "Week",
        minutes > 0,
        f"{minutes} minutes a week; today is {clock.today(owner):%A %-d %B %Y}",
        "Set your minutes a week.",
    )


def _jobs(owner: Owner) -> Check:
    failing = troubles(owner)
    said = "; ".join(f"{one.job}: {one.error}" for one in failing)
    return Check("Jobs", not failing, said or "none failed", "It is tried again; see docs/reference/mail.md.")


LOOKS: tuple[Callable[[Owner], Check], ...] = (
    _program, _folder, _room, _database, _links, _ties, _zone, _addresses, _people, _imports, _schedule, _jobs,
)  # fmt: skip
