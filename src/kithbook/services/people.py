"""People: lists with search and filters, and the page of one person."""

from __future__ import annotations

from functools import reduce
from operator import or_

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from kithbook.core.errors import Invalid
from kithbook.core.names import fold_name
from kithbook.core.tweeners import find_tweeners
from kithbook.core.warmth import state_word
from kithbook.services import clock, ties
from kithbook.services.finding import find_person
from kithbook.services.personpage import page
from kithbook.services.persons import rows_of
from kithbook.services.registry import operation
from kithbook.services.views import PeoplePage, PersonPage
from kithbook.store.models import Affiliation, Identity, Owner, Person, Tag, Topic

__all__ = ["page", "search", "show"]

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]

STATES = ("alive", "cooling", "cold", "dormant")
SORTS = ("warmth", "name", "last", "stage")
MOST = 500
WORDS_MOST = 8
LONGEST_QUERY = 200


@operation(reads=True)
def show(owner: Owner, person: str) -> PersonPage:
    """Everything about one person: history, bank, promises, stage, and why the tie is as warm as it is."""
    return page(owner, find_person(owner, person))


@operation(reads=True)
def search(
    owner: Owner,
    query: str = "",
    stage: int | None = None,
    state: str | None = None,
    tweeners: bool = False,
    sort: str = "warmth",
    limit: int = 50,
    offset: int = 0,
) -> PeoplePage:
    """A list of people by words (name, e-mail, organisation, tag, place, note), stage, state, or only tweeners."""
    _check(stage, state, sort, limit, offset)
    found = _matching(owner, query, stage)
    if sort in ("name", "stage") and state is None and not tweeners:
        return _page_by_column(owner, found, sort, limit, offset)
    table = ties.table(owner, standings=("kept", "archived") if query.strip() else ("kept",))
    if query.strip() or stage:
        wanted = np.array(sorted(found.values_list("pk", flat=True)), dtype=np.int64)
        table = table.part(np.isin(table.ids, wanted))
    now = int(clock.now().timestamp())
    warm = table.warmth(now)
    rows = _filtered(table, warm, state, tweeners, now)
    rows = rows[_order(owner, table, warm, rows, sort)]
    shown = rows[offset : offset + limit]
    return PeoplePage(rows_of(owner, [int(i) for i in table.ids[shown]]), len(rows), offset, limit)


def _check(stage: int | None, state: str | None, sort: str, limit: int, offset: int) -> None:
    if stage is not None and not 1 <= stage <= 7:
        raise Invalid(f"There is no stage {stage}.", "Stages go from 1 (Recognise) to 7 (Friend).")
    if state is not None and state not in STATES:
        raise Invalid(f"“{state[:30]}” is not a state.", f"Use one of: {', '.join(STATES)}.")
    if sort not in SORTS:
        raise Invalid(f"People cannot be sorted by “{sort[:30]}”.", f"Use one of: {', '.join(SORTS)}.")
    if not 0 <= limit <= MOST or offset < 0:
        raise Invalid("This page does not exist.", f"Ask for at most {MOST} people, from 0 on.")


def _matching(owner: Owner, query: str, stage: int | None) -> QuerySet[Person]:
    rows: QuerySet[Person] = Person.objects.of(owner)
    words = query[:LONGEST_QUERY].replace("\x00", "").split()[:WORDS_MOST]
    rows = rows.filter(standing__in=("kept", "archived")) if words else rows.filter(standing="kept")
    if stage:
        rows = rows.filter(stage=stage)
    for word in words:
        rows = rows.filter(_has_word(owner, word))
    return rows


def _has_word(owner: Owner, word: str) -> Q:
    """Somebody whose name, identities, work, tags, topics, place or note hold the word."""
    folded = fold_name(word) or word.casefold()
    linked = (
        (Identity, "value"), (Affiliation, "organisation"), (Affiliation, "role"),
        (Tag, "name"), (Topic, "text"),
    )  # fmt: skip
    found = Q(folded_name__contains=folded) | _holds("place", word) | _holds("note", word)
    for model, column in linked:
        hits = model.objects.of(owner).filter(_holds(column, word)).values("person_id")
        found |= Q(pk__in=hits)
    return found


def _holds(column: str, word: str) -> Q:
    """Whether a column holds a word in capital or small letters; SQLite by itself knows those of ASCII only."""
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    return reduce(or_, (Q(**{f"{column}__icontains": spelling}) for spelling in sorted(spellings)))


def _page_by_column(owner: Owner, found: QuerySet[Person], sort: str, limit: int, offset: int) -> PeoplePage:
    order = ("folded_name", "pk") if sort == "name" else ("-stage", "folded_name", "pk")
    ids = list(found.order_by(*order).values_list("pk", flat=True)[offset : offset + limit])
    return PeoplePage(rows_of(owner, ids), found.count(), offset, limit)


def _filtered(table: ties.TieTable, warm: Numbers, state: str | None, tweeners: bool, now: int) -> Rows:
    keep = np.ones(len(table), dtype=np.bool_)
    if state is not None:
        keep &= np.array([state_word(float(value)) == state for value in warm], dtype=np.bool_)
    if tweeners:
        keep &= find_tweeners(table.states, table.stage, table.kept_up, table.liking, now)
    return np.flatnonzero(keep)


def _order(owner: Owner, table: ties.TieTable, warm: Numbers, rows: Rows, sort: str) -> Rows:
    """Positions in `rows` in the order of the list; equal ones by id, so that pages never overlap."""
    ids, last = table.ids[rows], table.states["last_at"][rows]
    if sort == "last":
        return np.lexsort((ids, -last))
    if sort == "stage":
        return np.lexsort((ids, -warm[rows], -table.stage[rows]))
    if sort == "name":
        names = dict(Person.objects.of(owner).exclude(standing="seen").values_list("pk", "folded_name"))
        order = sorted(range(len(ids)), key=lambda i: (names.get(int(ids[i]), ""), int(ids[i])))
        return np.array(order, dtype=np.int64)
    return np.lexsort((ids, -last, -warm[rows]))
