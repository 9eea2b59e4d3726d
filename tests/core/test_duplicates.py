"""Duplicate finder: who is proposed as one person, why, and who is not."""

from __future__ import annotations

import random

import pytest

from kithbook.core.duplicates import Facts, find_pairs
from kithbook.core.nicknames import is_short_form


def pairs(*people: Facts, **options: object) -> dict[tuple[int, int], tuple[str, ...]]:
    return {(p.first, p.second): p.evidence for p in find_pairs(people, **options)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "two", "because"),
    [
        (Facts(1, "Anna Berger"), Facts(2, "Berger, Anna"), "the same name"),
        (Facts(1, "Zoë Łukasz"), Facts(2, "Zoe Lukasz"), "the same name"),
        (Facts(1, "Dr. Anna Berger"), Facts(2, "Anna Maria Berger"), "one has more parts"),
        (Facts(1, "Robert Miller", organisations=("Acme",)), Facts(2, "Bob Miller", organisations=("ACME",)),
         "both at"),
        (Facts(1, "J. Smith", emails=("j.smith@acme.com",)), Facts(2, "John Smith", emails=("js@acme.com",)), None),
        (Facts(1, "John Smith", phones=("4915112345678",)), Facts(2, "J Smith", phones=("015112345678",)),
         "the same number"),
        (Facts(1, "Anna Bergner", place="Graz", organisations=("Acme",)),
         Facts(2, "Anna Berger", place="Graz", organisations=("Acme",)), "a spelling apart"),
        (Facts(1, "anna.berger@example.org", emails=("anna.berger@example.org",)), Facts(2, "Anna Berger"), "spells"),
        (Facts(1, "Anna Berger", emails=("anna.berger@acme.com",)), Facts(2, "Anna Huber",
         emails=("anna.berger@gmail.com",), phones=("436641234567",)), "at two hosts"),
        (Facts(1, "Li Wei", birthday="1980-04-07"), Facts(2, "Wei Li", birthday="--04-07"), "one without the year"),
    ],
)  # fmt: skip
def test_pairs_are_proposed_on_evidence(one: Facts, two: Facts, because: str | None) -> None:
    found = pairs(one, two)
    if because is None:
        assert found == {}
    else:
        assert because in " ".join(found[1, 2])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (Facts(1, "Anna Berger"), Facts(2, "Anna Gruber")),
        (Facts(1, "Anna"), Facts(2, "Anna")),
        (Facts(1, "Jan Novak", birthday="1980-04-07"), Facts(2, "Jan Novak", birthday="1991-01-30")),
        (Facts(1, "Sam Lee", emails=("info@one.com",)), Facts(2, "Kim Roe", emails=("info@two.com",))),
        (Facts(1, "Peter A. Stone"), Facts(2, "Peter B. Stone")),
        (Facts(1, "Maria Costa", organisations=("Acme",)), Facts(2, "Marco Costa", organisations=("Acme",))),
        (Facts(1, ""), Facts(2, "")),
    ],
)
def test_other_people_are_left_alone(one: Facts, two: Facts) -> None:
    assert pairs(one, two) == {}


def test_a_common_name_says_less_than_a_rare_one() -> None:
    rare = find_pairs([Facts(1, "Ada Quill"), Facts(2, "Ada Quill")])
    common = find_pairs([Facts(n, "John Smith") for n in range(1, 9)], least=0.0)
    assert rare[0].chance > 0.7
    assert all(pair.chance < 0.5 for pair in common)


def test_who_appears_beside_the_other_on_one_message_is_somebody_else() -> None:
    people = [Facts(1, "Ada Quill"), Facts(2, "Ada Quill")]
    assert find_pairs(people, together=frozenset) == []


def test_what_the_owner_said_is_remembered() -> None:
    assert pairs(Facts(1, "Ada Quill"), Facts(2, "Ada Quill"), not_same=frozenset([(1, 2)])) == {}


def test_the_order_of_people_does_not_matter() -> None:
    people = [Facts(n, f"{given} {family}") for n, (given, family) in enumerate(
        (g, f) for g in ("Anna", "Ana", "Bob", "Robert", "J") for f in ("Miller", "Miler", "Mueller", "Stone")
    )]  # fmt: skip
    shuffled = random.Random(5).sample(people, len(people))
    assert find_pairs(people, least=0.1) == find_pairs(shuffled, least=0.1) != []


def test_short_forms_are_known_both_ways() -> None:
    assert is_short_form("bob", "robert")
    assert is_short_form("sepp", "josef")
    assert not is_short_form("anna", "robert")
