"""`kith op NOUN VERB [--argument VALUE]…`: a plain command for every registered operation.

The tree is made only when `op` is used: it needs all services, and those need Django.
"""

from __future__ import annotations

import argparse
import datetime as dt
import types
from collections.abc import Iterable, Sequence
from typing import Any, Literal, Union, get_args, get_origin

from kithbook.services.registry import Argument, Operation

HELP = "any operation by its name, with plain arguments"


def add_commands(subparsers: Any, parents: Sequence[argparse.ArgumentParser] = ()) -> None:
    """Add `op` to the main parser; `parents` hold options that every command takes, such as `--json`.

    What follows `op` is kept as `operation_words` and read by `run`, once Django has started.
    """
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "op", help=HELP, parents=list(parents), add_help=False, allow_abbrev=False
    )
    read_known = parser.parse_known_args

    def keep_the_rest(words: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        found, rest = read_known(words, namespace)
        found.operation_words = rest
        return found, []

    parser.parse_known_args = keep_the_rest  # type: ignore[method-assign, assignment]


def run(args: argparse.Namespace, owner: Any, operations: Iterable[Operation] | None = None) -> Any:
    """Run the operation that `args.operation_words` name and return its view.

    Wrong usage ends the program with code 2 as argparse does; a value that does not fit raises Invalid.
    """
    from kithbook.services import calling
    from kithbook.services.registry import operations as all_operations

    listed = list(all_operations().values() if operations is None else operations)
    values = vars(build_parser(listed).parse_args(args.operation_words))
    operation = values.pop("operation")
    return calling.run(operation, owner, calling.check(calling.arguments_model(operation), values))


def build_parser(operations: Iterable[Operation]) -> argparse.ArgumentParser:
    """Make the tree of nouns and verbs."""
    parser = argparse.ArgumentParser(prog="kith op", description=f"Run {HELP}.", allow_abbrev=False)
    nouns = parser.add_subparsers(metavar="NOUN", required=True)
    verbs: dict[str, Any] = {}
    for operation in operations:
        if operation.noun not in verbs:
            noun = nouns.add_parser(_dashed(operation.noun), help=f"operations on {operation.noun}", allow_abbrev=False)
            verbs[operation.noun] = noun.add_subparsers(metavar="VERB", required=True)
        _add_verb(verbs[operation.noun], operation)
    return parser


def command_of(operation: Operation) -> str:
    """Give the words that run an operation: `kith op people search`."""
    return f"kith op {_dashed(operation.noun)} {_dashed(operation.verb)}"


def flag_of(argument: Argument) -> str:
    """Give the option of an argument: `--minutes-per-week`."""
    return f"--{_dashed(argument.name)}"


def _add_verb(verbs: Any, operation: Operation) -> None:
    # argparse formats help texts with %.
    summary = operation.summary.replace("%", "%%")
    verb = verbs.add_parser(_dashed(operation.verb), help=summary, description=operation.text, allow_abbrev=False)
    for argument in operation.arguments:
        verb.add_argument(
            flag_of(argument),
            dest=argument.name,
            required=argument.is_required,
            default=argparse.SUPPRESS,
            help="" if argument.is_required or argument.default is None else f"default: {argument.default}",
            **_reading(_bare(argument.type), argument.name.upper()),
        )
    verb.set_defaults(operation=operation)


def _reading(kind: Any, name: str) -> dict[str, Any]:
    """How argparse reads a value of this type."""
    if kind is bool:
        return {"action": argparse.BooleanOptionalAction}
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"choices": list(parts)}
    if origin in (list, tuple):
        return {"action": "append", **_reading(_bare(parts[0]), name)}
    if origin is dict:
        return {"action": _AddPair, "metavar": "NAME=VALUE"}
    if kind is dt.date:
        return {"type": _read_day, "metavar": "DATE"}
    return {"type": kind if kind in (int, float) else str, "metavar": name}


class _AddPair(argparse.Action):
    """Collects NAME=VALUE into a mapping."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        name, equals, value = values.partition("=")
        if not equals:
            parser.error(f"{option_string}: “{values}” has no “=”; write NAME=VALUE")
        setattr(namespace, self.dest, {**getattr(namespace, self.dest, {}), name: value})


def _read_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date like 2026-11-21") from None


def _bare(kind: Any) -> Any:
    """Take None out of a type."""
    if get_origin(kind) in (Union, types.UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _dashed(name: str) -> str:
    return name.replace("_", "-")
