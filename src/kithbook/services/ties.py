"""The state of every tie: folded from the log, kept in step, and read as arrays for warmth and plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kithbook.core import tiestate, warmth
from kithbook.core.needy import Unanswered
from kithbook.core.tierow import Log
from kithbook.core.tweeners import is_key_role
from kithbook.services import clock, habits
from kithbook.services.remembering import remembered
from kithbook.store import contacts
from kithbook.store.models import Batch, Owner, Person, Role

SUPPORT = 5
NEAR_HORIZON_DAYS, FAR_HORIZON_DAYS = 90.0, 365.0
_DAY = 86_400
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


def day_number(day: dt.date) -> int:
    """Calendar days since 1970-01-01, as the states count them."""
    return day.toordinal() - _EPOCH_ORDINAL


def day_of(number: int) -> dt.date:
    """The calendar day of a day number."""
    return dt.date.fromordinal(number + _EPOCH_ORDINAL)


def local_days(at: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int64]:
    """Calendar day numbers in a zone of epoch seconds, looked up once for each quarter of an hour that occurs."""
    if zone.key == "UTC" or not len(at):
        return at // _DAY
    quarters, where = np.unique(at // 900, return_inverse=True)
    shifts = [
        int((dt.datetime.fromtimestamp(int(q) * 900, zone).utcoffset() or dt.timedelta()).total_seconds())
        for q in quarters.tolist()
    ]
    return (at + np.array(shifts, dtype=np.int64)[where]) // _DAY


def refold(owner: Owner, person_ids: Iterable[int], *, batch: Batch | None = None) -> None:
    """Fold the ties of these people anew from the log, and place those at a stage that an import may place."""
    from kithbook.services import ladder

    ids = sorted(set(person_ids))
    for part in contacts.runs_of_people(owner.pk, ids):
        states = _replay(owner, part)
        with_contact = [row for row, state in enumerate(states) if state["days"] or state["count_out"]]
        contacts.save_ties(
            owner.pk, tiestate.STATE_VERSION, [(part[row], states[row].tobytes()) for row in with_contact]
        )
        kept = set(with_contact)
        contacts.delete_ties(owner.pk, [person for row, person in enumerate(part) if row not in kept])
        ladder.place_imported(owner, dict(zip(part, states, strict=True)), batch)


def _replay(owner: Owner, people: Sequence[int]) -> tiestate.States:
    return tiestate.replay_many(*log_of(owner, people), len(people), until_at=int(clock.now().timestamp()))


def log_of(owner: Owner, people: Sequence[int]) -> Log:
    """The log of these people as columns; ties are numbered by their place in `people`."""
    place = {person: number for number, person in enumerate(people)}
    parts = [_columns(rows, place) for rows in contacts.contact_rows(owner.pk, people)]
    tie, at, channel, direction, size, minutes, counts = (
        (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else _columns([], place)
    )
    return Log(tie, at, local_days(at, clock.zone(owner)), channel, direction, size, minutes, counts)


def _columns(rows: Sequence[contacts.Row], place: dict[int, int]) -> tuple[NDArray[Any], ...]:
    codes, n = tiestate.CHANNEL_CODES, len(rows)
    return (
        np.fromiter((place[row[0]] for row in rows), np.int64, n),
        np.fromiter((row[1] for row in rows), np.int64, n),
        np.fromiter((codes[row[2]] for row in rows), np.int64, n),
        np.fromiter((row[3] for row in rows), np.int64, n),
        np.fromiter((row[4] for row in rows), np.int64, n),
        np.fromiter((np.nan if row[5] is None else row[5] for row in rows), np.float64, n),
        np.fromiter((bool(row[6]) for row in rows), np.bool_, n),
    )


@dataclass(frozen=True, slots=True)
class TieTable:
    """Kept people with what judging them needs, one entry a person, ascending by id; all arrays have length n.

    `key` are key people, `kept_up` those and clients and prospects; `rhythm` is in days, 0 where there is none.
    """

    ids: NDArray[np.int64]
    states: tiestate.States
    stage: NDArray[np.int64]
    kin: NDArray[np.bool_]
    key: NDArray[np.bool_]
    kept_up: NDArray[np.bool_]
    bridge: NDArray[np.bool_]
    importance: NDArray[np.float64]
    liking: NDArray[np.float64]
    closeness: NDArray[np.float64]
    rhythm: NDArray[np.int64]
    level: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def horizon(self) -> NDArray[np.float64]:
        """90 days below Support, 365 from Support up (method §1)."""
        return horizon_of(self.stage)

    @property
    def slow(self) -> NDArray[np.bool_]:
        """Kin and Support and above fade slowly."""
        return self.kin | (self.stage >= SUPPORT)

    def warmth(self, now: int) -> NDArray[np.float64]:
        """Warmth of each person at `now` (epoch seconds)."""
        return warmth.warmth(
            self.states, now=now, horizon_days=self.horizon, level=self.level, slow=self.slow, rating=self.closeness
        )

    def part(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> TieTable:
        """Some of the people."""
        return TieTable(
            self.ids[rows], self.states[rows], self.stage[rows], self.kin[rows], self.key[rows],
            self.kept_up[rows], self.bridge[rows],
            self.importance[rows], self.liking[rows], self.closeness[rows], self.rhythm[rows], self.level[rows],
        )  # fmt: skip


def horizon_of(stage: NDArray[np.int64]) -> NDArray[np.float64]:
    """The horizon of warmth in days for each stage."""
    return np.where(stage >= SUPPORT, FAR_HORIZON_DAYS, NEAR_HORIZON_DAYS)


_COLUMNS = ("pk", "stage", "is_kin", "is_key", "is_bridge", "importance", "liking", "closeness", "rhythm_days")


def table(owner: Owner, *, ids: Sequence[int] | None = None, standings: Sequence[str] = ("kept",)) -> TieTable:
    """Everybody, or the named people, with the state of their tie; an empty state where there was never contact."""
    return _read(owner, None if ids is None else list(ids), tuple(standings))


def unanswered(owner: Owner, person: Person) -> Unanswered:
    """What went out to one person since they last answered."""
    state = table(owner, ids=[person.pk]).states[0]
    return Unanswered(int(state["unanswered"]), day_of(int(state["last_out_day"])) if state["unanswered"] else None)


@remembered
def _read(owner: Owner, ids: list[int] | None, standings: tuple[str, ...]) -> TieTable:
    """Pages about everybody read it several times, and so do those about one person."""
    rows = Person.objects.of(owner)
    rows = rows.filter(pk__in=ids) if ids is not None else rows.filter(standing__in=standings)
    people = list(rows.order_by("pk").values_list(*_COLUMNS))
    columns: list[tuple[Any, ...]] = list(zip(*people, strict=True)) if people else [()] * len(_COLUMNS)
    keys = np.array(columns[0], dtype=np.int64)
    kin, key, bridge = (np.array(column, dtype=np.bool_) for column in columns[2:5])
    importance, liking, closeness = (
        np.array([np.nan if v is None else v for v in column], dtype=np.float64) for column in columns[5:8]
    )
    stage = np.array(columns[1], dtype=np.int64)
    rhythm = np.array([days or 0 for days in columns[8]], dtype=np.int64)
    found = TieTable(
        keys, _states_of(owner, keys, ids), stage, kin, key, key | _is_client(owner, keys, ids), bridge,
        importance, liking, closeness, rhythm, habits.levels(owner, horizon_of(stage)),
    )  # fmt: skip
    for name in TieTable.__slots__:
        getattr(found, name).flags.writeable = False  # it is shared by everybody who reads it
    return found


def _is_client(owner: Owner, keys: NDArray[np.int64], ids: Sequence[int] | None) -> NDArray[np.bool_]:
    """Who is a client or prospect by a role: one keeps up with them anyway."""
    rows = Role.objects.of(owner) if ids is None else Role.objects.of(owner).filter(person__in=list(ids))
    roles = rows.values_list("person_id", "role")
    having = [person for person, role in roles if is_key_role(role)]
    return np.isin(keys, np.array(having, dtype=np.int64))


def _states_of(owner: Owner, keys: NDArray[np.int64], ids: Sequence[int] | None) -> tiestate.States:
    states = np.zeros(len(keys), tiestate.STATE)
    stored = contacts.load_ties(owner.pk, ids)
    current = [row for row in stored if _is_current(row)]
    if current:
        found = np.array([row[0] for row in current], dtype=np.int64)
        values = np.frombuffer(b"".join(bytes(row[2]) for row in current), tiestate.STATE)
        where = np.searchsorted(keys, found)
        fits = (
            (where < len(keys)) & (keys[np.minimum(where, max(len(keys) - 1, 0))] == found) if len(keys) else found < 0
        )
        states[where[fits]] = values[fits]
    return states


def _is_current(stored: tuple[int, int, bytes]) -> bool:
    """Whether a stored state has the form that this version of the program writes."""
    _, version, state = stored
    return version == tiestate.STATE_VERSION and len(state) == tiestate.STATE.itemsize


def refresh_all(owner: Owner) -> None:
    """Fold every tie anew where the stored form is from an older version of the program, and learn habits."""
    stale = [row[0] for row in contacts.load_ties(owner.pk) if not _is_current(row)]
    if stale:
        refold(owner, stale)
