"""Every row of the method has a page, a command, and a test that acts; the page that says so is up to date."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest
from django.urls import Resolver404, resolve

from docs.generate_requirements import PAGE, Row, Shown, by_row, find_tests, make_page, read_rows
from kithbook.cli.main import build_parser
from kithbook.services.registry import operations

ROWS = read_rows()
SHOWN = by_row(find_tests())


def commands(parser: argparse.ArgumentParser, before: str = "kith") -> Iterator[str]:
    """All commands, sub-commands too."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                yield f"{before} {name}"
                yield from commands(sub, f"{before} {name}")


COMMANDS = set(commands(build_parser()))


def test_all_rows_are_there() -> None:
    assert [row.key for row in ROWS] == [f"R{number}" for number in range(1, 116)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_a_row_has_a_page_a_command_and_a_test_that_acts(row: Row) -> None:
    assert row.pages
    assert row.commands
    for page in row.pages:
        try:
            resolve(page.replace("ID", "aaaaaaaaaaaaa"))
        except Resolver404:
            pytest.fail(f"{row.key}: there is no page {page}")
    for command in row.commands:
        plain = command.partition(" --")[0]
        assert plain in COMMANDS or command in operations(), f"{row.key}: there is no command {command}"
    assert SHOWN[row.key], f"{row.key} is shown by no test that acts"


def test_a_test_that_only_looks_whether_a_page_loads_shows_nothing() -> None:
    only_loads = Shown("tests/x.py", "test_x", ("R1",), acts=False)
    assert by_row(iter([only_loads])) == {}


def test_no_test_names_a_row_that_does_not_exist() -> None:
    known = {row.key for row in ROWS}
    assert {row for test in find_tests() for row in test.rows} <= known


def test_the_page_of_requirements_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == make_page(), "run `make docs`"
