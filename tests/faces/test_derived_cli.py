"""`kith op`: commands derived from the list of operations."""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Any

import pytest

from kithbook.cli import derived
from kithbook.core.errors import Invalid
from kithbook.services import registry
from kithbook.services.views import Note, PersonBrief
from tests.faces.fakes import OPERATIONS


def main_parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true")
    parser = argparse.ArgumentParser(prog="kith")
    subparsers = parser.add_subparsers(dest="command", required=True)
    derived.add_commands(subparsers, parents=[common])
    return parser


def run(*words: str) -> Any:
    return derived.run(main_parser().parse_args(["op", *words]), None, OPERATIONS)


def test_values_are_read_by_the_types_of_the_signature() -> None:
    view = run(
        *("fakes", "find", "--query", "Ann", "--stage", "3", "--warmth", "0.25", "--sort", "name", "--tweeners"),
        *("--tags", "a", "--tags", "b", "--choices", "Anna=new", "--choices", "Bo=12=3", "--since-on", "2026-11-21"),
    )
    assert view == Note(
        "('Ann', 3, 0.25, 'name', True, ['a', 'b'], {'Anna': 'new', 'Bo': '12=3'}, datetime.date(2026, 11, 21))"
    )


def test_what_is_left_out_keeps_the_operations_own_default() -> None:
    assert run("fakes", "rest-a-while") == Note("(7, None)")
    assert run("fakes", "rest-a-while", "--no-is-kin") == Note("(7, False)")


def test_common_options_are_found_wherever_they_stand() -> None:
    args = main_parser().parse_args(["op", "fakes", "show", "--json", "--person", "Bo"])
    assert args.json
    assert derived.run(args, None, OPERATIONS) == PersonBrief("0000000000000", "Bo", 3)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("fakes",),
        ("nobody",),
        ("fakes", "show"),
        ("fakes", "show", "--person"),
        ("fakes", "show", "--pers", "Bo"),
        ("fakes", "show", "--person", "Bo", "--zz", "1"),
        ("fakes", "find", "--query", "a", "--stage", "third"),
        ("fakes", "find", "--query", "a", "--sort", "age"),
        ("fakes", "find", "--query", "a", "--since-on", "soon"),
        ("fakes", "find", "--query", "a", "--choices", "Anna"),
    ],
)
def test_wrong_usage_ends_with_code_2(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
    assert "usage: kith op" in capsys.readouterr().err


def test_a_value_of_the_right_type_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Invalid, match="longer than"):
        run("fakes", "show", "--person", "x" * 10_001)


def test_help_shows_the_docstring_and_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("fakes", "find", "--help")
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert "Repeat what was understood." in shown
    assert "100 % of it" in shown
    assert "--tweeners, --no-tweeners" in shown


def test_help_of_the_noun_lists_its_verbs(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("fakes", "--help")
    shown = capsys.readouterr().out
    for operation in OPERATIONS:
        assert operation.verb.replace("_", "-") in shown


def test_every_operation_is_a_command_and_nothing_else_is() -> None:
    words = {derived.command_of(operation) for operation in registry.operations().values()}
    tree = derived.build_parser(registry.operations().values())
    assert words == set(leaves(tree, "kith op"))


def leaves(parser: argparse.ArgumentParser, prefix: str) -> list[str]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        return [prefix]
    return [leaf for name, child in groups[0].choices.items() for leaf in leaves(child, f"{prefix} {name}")]


def test_adding_the_commands_loads_neither_django_nor_pydantic() -> None:
    code = (
        "import argparse, sys; from kithbook.cli import derived\n"
        "derived.add_commands(argparse.ArgumentParser().add_subparsers())\n"
        "sys.exit(bool({'django', 'pydantic', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
