"""Looks at settings, data folder, database and schedule, and says what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zoneinfo import available_timezones

from django.db import DatabaseError, connection

from kithbook.core import tiestate
from kithbook.core.errors import KithbookError
from kithbook.services import clock, machine
from kithbook.services.jobs import troubles
from kithbook.services.machine import Finding
from kithbook.services.registry import operation
from kithbook.services.views import Check, DoctorView
from kithbook.store.erase import orphans
from kithbook.store.models import Batch, Owner, OwnerAddress, Person, Tie

RESTORE = "Put the last backup in place with `kith restore FILE`; what is there now is kept beside it."


@operation(reads=True)
def check(owner: Owner) -> DoctorView:
    """Check settings, permissions, database and data; every finding says what to do."""
    checks = [*machine.checks(), *(_look(owner, name) for name in LOOKS)]
    return DoctorView(all(found.is_well for found in checks), checks)


def _look(owner: Owner, name: str) -> Check:
    """One look; a database that breaks down under it is a finding as well."""
    try:
        finding = LOOKS[name](owner)
    except DatabaseError as error:
        finding = False, f"cannot be read: {error}", RESTORE
    except KithbookError as error:
        finding = False, error.message, error.hint
    return machine.named(name, finding)


def _database(_owner: Owner) -> Finding:
    if connection.vendor != "sqlite":
        return True, f"{connection.vendor}, reachable", ""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        answer = cursor.fetchone()[0]
        cursor.execute("PRAGMA journal_mode")
        journal = cursor.fetchone()[0]
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        size = cursor.fetchone()[0] / 1e6
    return answer == "ok", f"SQLite, {journal}, {size:.1f} MB, {answer}", RESTORE


def _links(_owner: Owner) -> Finding:
    lost = orphans()
    return not lost, "; ".join(lost) or "all lead somewhere", "Please report this as a fault."


def _ties(owner: Owner) -> Finding:
    stale = Tie.objects.of(owner).exclude(version=tiestate.STATE_VERSION).count()
    return not stale, f"{stale} to fold anew" if stale else "up to date", "`kith serve` folds them when it starts."


def _zone(owner: Owner) -> Finding:
    known = owner.time_zone in available_timezones()
    return known, owner.time_zone, "Choose one in the settings, e.g. Europe/Vienna."


def _addresses(owner: Owner) -> Finding:
    rows = OwnerAddress.objects.of(owner).order_by("value")
    guessed = rows.filter(is_confirmed=False).count()
    listed = ", ".join(rows.values_list("value", flat=True)) or "none yet"
    advice = "Confirm in the settings that they are yours." if guessed else "Import mail with --me you@example.org."
    return rows.exists() and not guessed, listed, advice


def _people(owner: Owner) -> Finding:
    count = Person.objects.of(owner).filter(standing="kept").count()
    return count > 0, f"{count} people", "Import mail, cards or LinkedIn with `kith import`."


def _imports(owner: Owner) -> Finding:
    stuck = Batch.objects.of(owner).filter(state="running").count()
    return (
        not stuck,
        f"{stuck} unfinished" if stuck else "none unfinished",
        "Import the file again; nothing is added twice.",
    )


def _schedule(owner: Owner) -> Finding:
    minutes = owner.minutes_per_week
    today = f"{clock.today(owner):%A %-d %B %Y}"
    return minutes > 0, f"{minutes} minutes a week; today is {today}", "Set your minutes a week."


def _jobs(owner: Owner) -> Finding:
    failing = troubles(owner)
    said = "; ".join(f"{one.job}: {one.error}" for one in failing)
    return not failing, said or "none failed", "It is tried again; see docs/reference/mail.md."


LOOKS: Mapping[str, Callable[[Owner], Finding]] = {
    "Database": _database,
    "Links between rows": _links,
    "Ties": _ties,
    "Time zone": _zone,
    "Your addresses": _addresses,
    "People": _people,
    "Imports": _imports,
    "Week": _schedule,
    "Jobs": _jobs,
}
