"""Why a need and an offer fit, as a sentence."""

from __future__ import annotations

from kithbook.core.ids import to_text
from kithbook.core.meaningplaces import SAME_PLACE, Place, Where, agree_places
from kithbook.core.meaningwords import Heard, shared_concepts
from kithbook.services import meaning
from kithbook.services.matchshelf import Line, Shelves, find_places
from kithbook.services.matchviews import MatchSide
from kithbook.services.personviews import PersonBrief

KIND_WORDS = {"fact": "note", "item": "item"}
NAMED_MOST = 2
LONGEST = 120


def person_brief(shelves: Shelves, person: int) -> PersonBrief:
    """Enough to show and to open a person of the shelves."""
    known = shelves.people[person]
    return PersonBrief(to_text(person), known.name, known.stage)


def side(shelves: Shelves, line: Line) -> MatchSide:
    """One side of a match."""
    person = person_brief(shelves, line.person) if line.person else None
    return MatchSide(person, line.kind, line.text)


def why(shelves: Shelves, need: Line, need_heard: Heard, offer: Line, offer_heard: Heard) -> str:
    """As in: Anna's need “…” fits Ben's work “…”; both name payments and banking."""
    both = shared_words(need_heard, offer_heard) or _same_town(shelves, need, offer)
    reason = f"; {both}" if both else ""
    return f"{_of(shelves, need)} fits {_of(shelves, offer, inside=True)}{reason}."


def _same_town(shelves: Shelves, need: Line, offer: Line) -> str:
    if not need.person or not offer.person:
        return ""
    first, second = (find_places(shelves.people[line.person].place) for line in (need, offer))
    return shared_place(_at(first), _at(second)) if first and second else ""


def _at(places: tuple[Place, ...]) -> Heard:
    return Heard(where=Where(places))


def _of(shelves: Shelves, line: Line, *, inside: bool = False) -> str:
    if line.person:
        whose = f"{shelves.people[line.person].name}'s"
    elif line.kind == "item":
        whose = "the" if inside else "The"
    else:
        whose = "your" if inside else "Your"
    return f"{whose} {KIND_WORDS.get(line.kind, line.kind)} “{shortened(line.text)}”"


def shortened(text: str) -> str:
    """A text short enough for a sentence."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def shared_words(need: Heard, offer: Heard) -> str:
    """What both name: concepts, places, languages; empty for nothing."""
    lexicon = meaning.quick().lexicon
    names = [lexicon.names[number] for number in shared_concepts(lexicon, need, offer)[:NAMED_MOST]]
    spoken = {code: name for name, code in reversed(list(lexicon.gazetteer.languages.items()))}
    names += [spoken[code].title() for code in sorted(need.where.languages & offer.where.languages) if code in spoken]
    parts = [f"both name {' and '.join(names)}"] if names else []
    near = shared_place(need, offer)
    return ", ".join([*parts, near] if near else parts)


def shared_place(need: Heard, offer: Heard) -> str:
    """“both in Lyon”, “Villeurbanne is near Lyon”, “both in France”; empty where they say nothing of the kind."""
    pairs = [(agree_places(a, b), a, b) for a in need.where.places for b in offer.where.places]
    if not pairs:
        return ""
    fits, a, b = max(pairs, key=lambda pair: pair[0])
    first, second = a.name.title(), b.name.title()
    if fits <= 0:
        return ""
    if a.name == b.name:
        return f"both in {first}"
    if fits >= SAME_PLACE and "country" not in (a.kind, b.kind):
        return f"{second} is near {first}"
    return f"both in {country_name(b.country)}"


def country_name(code: str) -> str:
    """The English name of a country."""
    places = meaning.quick().lexicon.gazetteer.places.values()
    return next((place.name.title() for place in places if place.kind == "country" and place.country == code), code)
