"""Who could help whom, by what needs and offers mean; suggestions only: nothing is ever sent.

Sensitive and ended topics are left out, notes and facts are for the owner's own search only, and a suggestion that got
a "no" does not come back. The formula and its limits: docs/explanation/matching.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from kithbook.core import meaning as core
from kithbook.core.errors import Invalid
from kithbook.core.ids import to_text
from kithbook.services import clock, matchpairs, meaning, ranking, rowchanges
from kithbook.services.finding import find_person
from kithbook.services.matchshelf import NEEDS, OFFERS, PRIVATE, Line, find_places, lines_of, of
from kithbook.services.matchviews import Match, MatchList
from kithbook.services.matchwords import side, why
from kithbook.services.owners import touch_revision
from kithbook.services.recording import start_batch
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.services.views import Note
from kithbook.store.models import MatchVerdict, Owner

THIRD_PARTY_OFFERS = tuple(kind for kind in OFFERS if kind not in PRIVATE)
LONGEST, MOST = 500, 200


def best_offers(
    owner: Owner,
    need_text: str,
    *,
    among: Iterable[int] | None = None,
    limit: int = 5,
    place: str = "",
    needs: int = 0,
    own_search: bool = False,
) -> list[Match]:
    """People whose offers, work or tags fit a need, the best first, one line a person; fewer where little fits.

    `among`: ids of people to look at (default: all kept). `place` counts as said in the need. `needs` is the id of the
    person who has the need (0: the owner). With `own_search` notes and facts are looked at too. An offer that got a
    "no" for this need is left out.
    """
    shelves = of(owner)
    kinds = OFFERS if own_search else THIRD_PARTY_OFFERS
    rows = lines_of(shelves.offers, kinds, among)
    refused = refusals(owner)
    key = meaning.text_key(need_text)
    heard = ranking.understand(need_text, find_places(place) if place else ())
    found: dict[int, Match] = {}
    for one in ranking.rank(owner, need_text, heard, shelves.offers, rows):
        line = shelves.offers.lines[one.row]
        if one.strength < core.FITS or line.person in (0, needs) or line.person in found:
            continue
        if (key, line.person) not in refused:
            need = Line(needs, "need", need_text)
            reason = why(shelves, need, heard, line, shelves.offers.shelf.heard[one.row])
            found[line.person] = Match(side(shelves, need), side(shelves, line), round(one.strength, 3), reason)
    return list(found.values())[:limit]


def need_offer_pairs(owner: Owner, *, for_person: int | None = None, limit: int = 50) -> list[Match]:
    """Pairs of people, one with an open need, goal or request and one whose offer, work or tag fits it, best first.

    With `for_person` only pairs in which this person has the need or the offer. Left out: people who worked in the same
    organisation, pairs of which an introduction exists, and what got a "no". `gives_back` is filled where both win:
    the helper has a need that the helped person, or a need of the owner's that either, could serve.
    """
    return matchpairs.pairs(owner, of(owner), for_person, limit, refusals(owner))


def interested_in(owner: Owner, text: str, limit: int = 5) -> list[Match]:
    """People whose interests, needs or goals a text (a clip, an article, an event) suits, one line a person."""
    shelves = of(owner)
    rows = lines_of(shelves.needs, NEEDS)
    heard = ranking.understand(text)
    found: dict[int, Match] = {}
    for one in ranking.rank(owner, text, heard, shelves.needs, rows, asking=False):
        line = shelves.needs.lines[one.row]
        if one.strength >= core.FITS and line.person and line.person not in found:
            item = Line(0, "item", text)
            reason = why(shelves, line, shelves.needs.shelf.heard[one.row], item, heard)
            found[line.person] = Match(side(shelves, line), side(shelves, item), round(one.strength, 3), reason)
    return list(found.values())[:limit]


@operation(reads=True)
def suggest(owner: Owner, person: str = "", limit: int = 20) -> MatchList:
    """Pairs of your people who could help one another, in words; perhaps only those of one person."""
    _check(limit)
    row = find_person(owner, person) if person.strip() else None
    return MatchList(need_offer_pairs(owner, for_person=row.pk if row else None, limit=limit))


@operation(reads=True)
@remembered
def mine(owner: Owner, limit: int = 20) -> MatchList:
    """Who could help with your own needs and goals."""
    _check(limit)
    shelves = of(owner)
    own = [line.text for line in shelves.needs.lines if not line.person and line.kind in ("need", "goal")]
    found = [match for text in own[:MOST] for match in best_offers(owner, text, limit=3)]
    return MatchList(sorted(found, key=lambda match: -match.strength)[:limit])


@operation(reads=True)
@remembered
def giving(owner: Owner, limit: int = 20) -> MatchList:
    """Whose needs and goals your own offers fit: what you could give."""
    _check(limit)
    shelves = of(owner)
    own = [line.text for line in shelves.offers.lines if not line.person and line.kind == "offer"]
    return MatchList(matchpairs.given(owner, shelves, own[:MOST], limit))


@operation(reads=True)
def offers(owner: Owner, need: str, place: str = "", limit: int = 5) -> MatchList:
    """People whose offers or work fit a need in your own words."""
    _check(limit)
    return MatchList(best_offers(owner, _need(need), place=place, limit=limit))


@operation()
@transaction.atomic
def decide(owner: Owner, need: str, person: str, verdict: str, needs: str = "", why: str = "") -> Note:
    """Say yes or no to a suggestion that a person could help with a need (of `needs`); a no is remembered."""
    helper = find_person(owner, person)
    asker = find_person(owner, needs) if needs.strip() else None
    if verdict not in ("yes", "no"):
        raise Invalid(f"“{verdict[:30]}” is not an answer.", "Say yes or no.")
    words = _need(need)
    known = MatchVerdict.objects.of(owner).filter(text_key=meaning.text_key(words), offers=helper).first()
    batch = start_batch(owner, "verdict", f"Said {verdict} to {helper.name} for “{words[:60]}”")
    reason = why.strip()[:200]
    if known is None:
        MatchVerdict.objects.create(
            owner=owner, text_key=meaning.text_key(words), offers=helper, needs=asker, verdict=verdict, why=reason,
            at=clock.now(), batch=batch,
        )  # fmt: skip
    else:
        rowchanges.change(batch, known, verdict=verdict, why=reason, needs_id=asker and asker.pk)
    touch_revision(owner)
    said = "will not be suggested for this again" if verdict == "no" else "is noted as a good idea for this"
    return Note(f"{helper.name} {said}.", to_text(batch.pk))


def refusals(owner: Owner) -> set[tuple[int, int]]:
    """(need's key, id of who was to help) of every suggestion that got a no."""
    rows = MatchVerdict.objects.of(owner).filter(verdict="no")
    return set(rows.values_list("text_key", "offers_id"))


def _need(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise Invalid("There is no need in this.", "Say in a few words what is looked for.")
    return words[:LONGEST]


def _check(limit: int) -> None:
    if not 1 <= limit <= MOST:
        raise Invalid(f"{limit} suggestions cannot be shown.", f"Ask for 1 to {MOST}.")
