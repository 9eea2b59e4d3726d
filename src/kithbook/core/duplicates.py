"""People who may be one: candidates by blocking, evidence weighed, never a decision.

Blocking: only people who share a key are compared (the family name with the first letter of the given name, the
whole name in any order, an informative local part of an address, the end of a phone number, an employer with the given
name). Blocks with more than `LARGEST_BLOCK` people say nothing by themselves and are left out, so that the work grows
with the people and not with their square. Each piece of evidence adds its weight in nats to a prior of `PRIOR`;
weights are judgement (d). The sum is shown as a chance, 1 / (1 + e^-sum), after Fellegi and Sunter, "A theory for
record linkage" (J. Am. Stat. Assoc. 64, 1969). Names alone never make two people one.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from kithbook.core.names import LOCAL_PARTS, NameIndex, fold_name, spells
from kithbook.core.nicknames import forms_of, is_short_form

LARGEST_BLOCK = 40
LEAST_CHANCE = 0.5
PRIOR = -2.0
PHONE_TAIL = 8
SHORTEST_LOCAL = 5
SPELLING, CLOSE_PART = 0.9, 0.84

SAME_NAME, MORE_PARTS, SHORT_FORM, SPELT, INITIAL = 3.0, 2.2, 2.0, 1.2, 0.8
SAME_LOCAL, NAMED_LOCAL, SAME_DOMAIN, SAME_PHONE, SAME_SLUG = 2.2, 1.6, 0.8, 3.2, 2.0
SAME_JOB, SAME_PLACE, SAME_BIRTHDAY, SAME_DAY = 1.4, 0.4, 3.0, 1.8
TOGETHER, OTHER_BIRTHDAY, OTHER_MIDDLE, NAMESAKES = -4.0, -4.0, -1.5, -1.0

FREE_HOSTS = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com me.com aol.com gmx.de
    gmx.net gmx.at gmx.ch web.de t-online.de proton.me protonmail.com mail.ru yandex.ru qq.com 163.com
    freenet.de orange.fr free.fr laposte.net wanadoo.fr libero.it hotmail.fr hotmail.de yahoo.de yahoo.fr
    yahoo.co.uk msn.com fastmail.com posteo.de mailbox.org zoho.com pm.me bluewin.ch aon.at
    """.split()
)
COMMON_LOCALS = frozenset(
    """
    office contact hello admin mail kontakt sales support team press presse jobs billing accounts email
    postmaster
    """.split()
)
_DIGITS = re.compile(r"\d+")


class Facts(NamedTuple):
    """What is compared of one person.

    `emails`, `phones` (digits with the country's prefix) and `urls` are normal forms; `organisations` and `place` are
    as written; `birthday` is "1980-04-07", "--04-07" or ""; `folded` is the folded name where it is known already.
    """

    id: int
    name: str
    nicknames: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    place: str = ""
    birthday: str = ""
    folded: str = ""


class Pair(NamedTuple):
    """Two people who may be one (`first` < `second`), how likely, and why, for and against, in words."""

    first: int
    second: int
    chance: float
    evidence: tuple[str, ...]


class _Clue(NamedTuple):
    weight: float
    text: str


class _Folded(NamedTuple):
    facts: Facts
    tokens: tuple[str, ...]
    locals: tuple[str, ...]
    hosts: tuple[str, ...]
    tails: tuple[str, ...]
    slugs: tuple[str, ...]
    jobs: tuple[str, ...]
    place: str


def find_pairs(
    people: Iterable[Facts],
    *,
    not_same: frozenset[tuple[int, int]] = frozenset(),
    together: Callable[[Sequence[tuple[int, int]]], frozenset[tuple[int, int]]] | None = None,
    least: float = LEAST_CHANCE,
) -> list[Pair]:
    """All pairs with a chance of at least `least`, the likeliest first, then by id.

    `not_same` are pairs (lower id first) that the owner keeps apart; `together(pairs)` says which of them appeared
    side by side on one message, which one person rarely does. Order of `people` does not matter.
    """
    folded = {facts.id: _fold(facts) for facts in people}
    namesakes = _count_names(folded.values())
    found = []
    for first, second in sorted(_candidates(folded.values()) - not_same):
        clues = _weigh(folded[first], folded[second], namesakes)
        if _chance(clues) >= least:
            found.append((first, second, clues))
    apart = together([(first, second) for first, second, _ in found]) if together else frozenset()
    pairs = [_judge(first, second, clues, (first, second) in apart) for first, second, clues in found]
    return sorted((p for p in pairs if p.chance >= least), key=lambda p: (-p.chance, p.first, p.second))


def similar_names(name: str, index: NameIndex) -> tuple[int, ...]:
    """Everybody with a word like one of this name, ids ascending: the same, a slip away or a short form of it.

    Initials and particles of one or two letters say nothing.
    """
    wanted = [word for word in fold_name(name).split() if len(word) > 2]
    people: dict[str, list[int]] = defaultdict(list)
    for person, words, _ in index.entries():
        for word in words:
            people[word].append(person)
    like = [word for word in people if any(word == own or _is_like(own, word) for own in wanted)]
    return tuple(sorted({person for word in like for person in people[word]}))


def _is_like(one: str, two: str) -> bool:
    return len(two) > 2 and (_is_slip(one, two) or is_short_form(one, two))


def _judge(first: int, second: int, clues: list[_Clue], are_together: bool) -> Pair:
    if are_together:
        clues = [*clues, _Clue(TOGETHER, "but both appear on the same message")]
    told = sorted((clue for clue in clues if clue.text), key=lambda clue: -clue.weight)
    return Pair(first, second, round(_chance(clues), 3), tuple(clue.text for clue in told))


def _chance(clues: Iterable[_Clue]) -> float:
    return 1 / (1 + math.exp(-(PRIOR + sum(clue.weight for clue in clues))))


def _fold(facts: Facts) -> _Folded:
    split = [email.rpartition("@")[::2] for email in facts.emails]
    folded = "" if "@" in facts.name else facts.folded or fold_name(facts.name)
    return _Folded(
        facts=facts,
        tokens=tuple(folded.split()),
        locals=_once(local for local, _ in split if _tells(local)),
        hosts=_once(host for _, host in split if host not in FREE_HOSTS),
        tails=_once(phone[-PHONE_TAIL:] for phone in facts.phones if len(phone) >= PHONE_TAIL),
        slugs=_once(_slug(url) for url in facts.urls),
        jobs=_once(filter(None, map(_fold_once, facts.organisations))),
        place=_fold_once(facts.place),
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    """Each word once; nearly all people have one or none of a kind, for which a set is large."""
    found = tuple(words)
    return found if len(found) < 2 else tuple(dict.fromkeys(found))


def _shared(one: tuple[str, ...], two: tuple[str, ...]) -> list[str]:
    return [word for word in one if word in two]


@lru_cache(maxsize=50_000)
def _fold_once(text: str) -> str:
    """Employers and places repeat."""
    return fold_name(text)


def _tells(local: str) -> bool:
    return len(local) >= SHORTEST_LOCAL and local not in COMMON_LOCALS and not local.isdecimal()


def _slug(url: str) -> str:
    """The last part of a profile address without the number that sites add: "anna-berger-8a1b2" -> "anna berger"."""
    last = url.rstrip("/").rpartition("/")[2]
    return " ".join(part for part in re.split(r"[-_.]", last) if part and not _DIGITS.search(part))


def _count_names(people: Iterable[_Folded]) -> dict[tuple[str, ...], int]:
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    for person in people:
        counts[tuple(sorted(person.tokens))] += 1
    return counts


def _candidates(people: Iterable[_Folded]) -> set[tuple[int, int]]:
    # Of keys only the hashes are kept, and most keys are of one person: half a million of them have to fit into memory.
    # Should two keys ever have one hash, a few pairs more are weighed.
    alone: dict[int, int] = {}
    blocks: dict[int, list[int]] = {}
    for person in people:
        own = person.facts.id
        for key in set(map(hash, _keys(person))):
            other = alone.setdefault(key, own)
            if other != own:
                blocks.setdefault(key, [other]).append(own)
    return {
        pair for ids in blocks.values() if len(ids) <= LARGEST_BLOCK for pair in combinations(sorted(ids), 2)
    }  # fmt: skip


def _keys(person: _Folded) -> Iterator[tuple[str, ...]]:
    tokens = person.tokens
    if len(tokens) > 1:
        yield ("name", *sorted(tokens))
        yield "family", tokens[-1], tokens[0][0]
        for group in forms_of(tokens[0]):
            yield "short", tokens[-1], str(group)
        yield "ends", *sorted((tokens[0], tokens[-1]))
        # A slip of the pen rarely hits the first letters of both parts.
        yield "sound", tokens[0][:2], tokens[-1][:3], str(len(tokens[-1]) // 3)
        for job in person.jobs:
            yield "job", job, tokens[0][:1], tokens[-1][:2]
    for local in person.locals:
        yield "local", _plain(local)
    for tail in person.tails:
        yield "tail", tail
    for slug in person.slugs:
        if " " in slug:
            yield ("name", *sorted(slug.split()))
    if not tokens:
        for local in person.locals:
            parts = sorted(part for part in LOCAL_PARTS.split(local) if len(part) > 1)
            if len(parts) > 1:
                yield ("name", *parts)
    for nickname in person.facts.nicknames:
        parts = fold_name(nickname).split()
        if len(parts) > 1:
            yield ("name", *sorted(parts))


def _plain(local: str) -> str:
    return LOCAL_PARTS.sub("", local)


def _weigh(one: _Folded, two: _Folded, namesakes: dict[tuple[str, ...], int]) -> list[_Clue]:
    clues = [*_of_names(one, two, namesakes), *_of_handles(one, two), *_of_life(one, two)]
    return [clue for clue in clues if clue.weight]


def _of_names(one: _Folded, two: _Folded, namesakes: dict[tuple[str, ...], int]) -> Iterator[_Clue]:
    clue = _compare_names(one.tokens, two.tokens)
    names = f"“{one.facts.name}” and “{two.facts.name}”"
    if clue is None:
        yield from _of_local_names(one, two)
        return
    yield _Clue(clue.weight, clue.text.format(names=names))
    others = max(namesakes[tuple(sorted(one.tokens))], namesakes[tuple(sorted(two.tokens))])
    if others > 2:
        yield _Clue(NAMESAKES * math.log2(others / 2), f"but {others} people have this name")
    middles = [person.tokens[1][:1] for person in (one, two) if len(person.tokens) == 3]
    if len(middles) == 2 and middles[0] != middles[1]:
        yield _Clue(OTHER_MIDDLE, "but their middle names differ")


def _of_local_names(one: _Folded, two: _Folded) -> Iterator[_Clue]:
    """An address without a name spells the name of the other: anna.berger@ is Anna Berger."""
    for named, unnamed in ((one, two), (two, one)):
        if len(named.tokens) > 1 and not unnamed.tokens:
            for local in unnamed.locals:
                if spells(local, named.tokens):
                    yield _Clue(SAME_NAME, f"the address “{local}@…” spells “{named.facts.name}”")
                    return


def _compare_names(one: tuple[str, ...], two: tuple[str, ...]) -> _Clue | None:
    if len(one) < 2 or len(two) < 2:
        return None
    if sorted(one) == sorted(two):
        return _Clue(SAME_NAME, "the same name")
    small, large = sorted((one, two), key=len)
    if set(small) < set(large):
        return _Clue(MORE_PARTS, "{names}: one has more parts")
    if one[-1] == two[-1]:
        if is_short_form(one[0], two[0]):
            return _Clue(SHORT_FORM, "{names}: a short form")
        if one[0][0] == two[0][0] and 1 in (len(one[0]), len(two[0])):
            return _Clue(INITIAL, "{names}: the initial fits")
    return _Clue(SPELT, "{names}: a spelling apart") if _is_near(one, two) else None


def _is_near(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Whether the names differ by a slip: alike as a whole, and both given and family name alike."""
    given, family = (one[0], two[0]), (one[-1], two[-1])
    if JaroWinkler.similarity("".join(one), "".join(two)) < SPELLING:
        return False
    return all(a == b or _is_slip(a, b) for a, b in (given, family)) and (
        min(map(len, (*given, *family))) > 2 or given[0] == given[1]
    )


def _is_slip(one: str, two: str) -> bool:
    """Whether two words are a letter apart, long ones two."""
    slips = 1 + (min(len(one), len(two)) > 6)
    return OSA.distance(one, two) <= slips and JaroWinkler.similarity(one, two) >= CLOSE_PART


def _of_handles(one: _Folded, two: _Folded) -> Iterator[_Clue]:
    same = _shared(one.locals, two.locals)
    if same:
        local = min(same)
        tells_name = any(len(token) > 2 and token in local for token in (*one.tokens, *two.tokens))
        weight = SAME_LOCAL if tells_name or len(local) > 7 else NAMED_LOCAL
        yield _Clue(weight, f"“{local}@” at two hosts")
    hosts, tails = _shared(one.hosts, two.hosts), _shared(one.tails, two.tails)
    if hosts:
        yield _Clue(SAME_DOMAIN, f"both write from {min(hosts)}")
    if tails:
        yield _Clue(SAME_PHONE, f"the same number, …{min(tails)[-4:]}")
    slugs = [slug for slug in _shared(one.slugs, two.slugs) if " " in slug]
    if slugs:
        yield _Clue(SAME_SLUG, f"profiles under the same name, “{min(slugs)}”")


def _of_life(one: _Folded, two: _Folded) -> Iterator[_Clue]:
    jobs = _shared(one.jobs, two.jobs)
    if jobs:
        named = next(name for name in one.facts.organisations if _fold_once(name) == min(jobs))
        yield _Clue(SAME_JOB, f"both at {named}")
    if one.place and one.place == two.place:
        yield _Clue(SAME_PLACE, f"both in {one.facts.place}")
    first, second = one.facts.birthday, two.facts.birthday
    if len(first) >= 7 and len(second) >= 7:
        if first == second:
            yield _Clue(SAME_BIRTHDAY if len(first) > 7 else SAME_DAY, "the same birthday")
        elif first[-6:] == second[-6:] and "-" in (first[0], second[0]):
            yield _Clue(SAME_DAY, "the same birthday, one without the year")
        else:
            yield _Clue(OTHER_BIRTHDAY, "but their birthdays differ")
