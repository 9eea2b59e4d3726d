"""Every parser on good input, inputs that once broke one, and a few new mutations; `make fuzz` tries many more."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.fuzz.__main__ import LONGEST_S, REGRESSIONS
from tests.fuzz.mutating import mutate
from tests.fuzz.parsers import PARSERS, Parser

BY_NAME = {parser.name: parser for parser in PARSERS}
KEPT = sorted(path.name for path in REGRESSIONS.iterdir() if path.name.partition(".")[0] in BY_NAME)
FRESH = 12


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_mutations_of_good_input_bring_out_nothing_but_our_own_errors(parser: Parser, tmp_path: Path) -> None:
    path = tmp_path / "input"
    inputs = [*parser.seeds, *(mutate(parser.seeds, random.Random(f"test/{parser.name}/{n}")) for n in range(FRESH))]
    for data in inputs:
        path.write_bytes(data)
        parser.read(path)


@pytest.mark.parametrize("name", KEPT)
def test_what_once_broke_a_parser_is_read_or_refused_in_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes((REGRESSIONS / name).read_bytes())
    began = time.monotonic()
    BY_NAME[name.partition(".")[0]].read(path)
    assert time.monotonic() - began < LONGEST_S


def test_a_mutation_is_the_same_for_the_same_seed_and_differs_from_its_origin() -> None:
    seeds = PARSERS[0].seeds
    made = [mutate(seeds, random.Random(number)) for number in range(50)]
    assert made == [mutate(seeds, random.Random(number)) for number in range(50)]
    assert sum(one not in seeds for one in made) > 40
