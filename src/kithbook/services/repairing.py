"""What the owner has to mend: a word about friction or a missed meeting belongs in the week like any other loop."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kithbook.core.bankgiving import REPAIRS, Act, find_repairs
from kithbook.core.ids import to_text
from kithbook.core.obligations import Loop, duty_of_loop
from kithbook.core.plantypes import Duty
from kithbook.store.models import EntryParty, Owner

DAYS, LOOKED_BACK_DAYS = 7, 180
"""A word within a week; what was never mended in half a year is not brought up by us again (d)."""
MINUTES = 10


def duties(owner: Owner, person_ids: Sequence[int] | None, day: dt.date) -> Iterator[Duty]:
    """One duty for each breach of the owner's own that nothing has mended."""
    since = day - dt.timedelta(days=LOOKED_BACK_DAYS)
    rows = EntryParty.objects.of(owner).filter(entry__on__gte=since, person__standing="kept")
    if person_ids is not None:
        rows = rows.filter(person__in=list(person_ids))
    strained = set(rows.filter(entry__kind__in=REPAIRS, entry__direction="gave").values_list("person_id", flat=True))
    acts: dict[tuple[int, int], list[Act]] = defaultdict(list)
    columns = ("person_id", "person__stage", "entry_id", "entry__on", "entry__direction", "entry__kind")
    for person, stage, *act in rows.filter(person__in=strained).values_list(*columns) if strained else ():
        acts[person, stage].append(Act(*act))
    for (person, stage), theirs in acts.items():
        for one in find_repairs(theirs):
            if one.mine:
                due = one.on + dt.timedelta(days=DAYS)
                ref = f"repair:{to_text(one.entry)}"
                yield duty_of_loop(Loop(person, stage, due, one.what, MINUTES, "call", "Say it plainly.", ref))
