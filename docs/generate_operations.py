"""Write `docs/reference/operations.md` from the list of operations: `python docs/generate_operations.py`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import types
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from kithbook.services.starting import start_django

start_django()

from kithbook.api.routes import route_of  # noqa: E402 - Django has to be started first
from kithbook.cli.derived import command_of, flag_of  # noqa: E402
from kithbook.mcp.tools import name_of  # noqa: E402
from kithbook.services.registry import Argument, Operation, operations  # noqa: E402

PAGE = Path(__file__).parent / "reference" / "operations.md"
INTRODUCTION = """# Operations

<!-- Written by docs/generate_operations.py; change the docstrings and signatures in src/kithbook/services instead. -->

Everything that Kithbook does for other programs, each reachable in three ways with the same arguments and the same
answer: the JSON API, a tool for an assistant (`kith mcp`; tools that change something need `--allow-writes`), and a
plain command. `--json` after a command prints the answer as the API gives it.

`person` takes an id, a name, part of one, or an e-mail address; when several people fit, the failure lists them. Dates
are written like 2026-11-21. A failure is `{"error": {"kind", "message", "hint"}}`; its kind is not_found (404),
invalid (422), conflict (409), refused (403) or unavailable (503).
"""
_WORDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Decimal: "amount",
    Any: "any value",
    dt.date: "date",
    dt.datetime: "time",
}


def make_page(listed: Iterable[Operation]) -> str:
    """The page as Markdown."""
    entries = list(listed)
    parts = [INTRODUCTION]
    for noun, group in groupby(entries, key=lambda operation: operation.noun):
        parts.append(f"## {noun}\n")
        parts += [_describe(operation) for operation in group]
    parts.append("## Answers\n")
    parts += [_describe_view(view) for view in sorted(_views(entries), key=lambda view: view.__name__)]
    return "\n".join(parts)


def _describe(operation: Operation) -> str:
    method, path = route_of(operation)
    lines = [f"### {operation.name}\n", f"{operation.text}\n"]
    lines += [
        f"- API: `{method} /api/v1{path}`",
        f"- Tool: `{name_of(operation)}`",
        f"- Command: `{command_of(operation)}`",
    ]
    lines += [f"- Answer: {words_for(operation.returns)}", ""]
    if operation.arguments:
        lines += ["| argument | option | takes | default |", "|---|---|---|---|"]
        lines += [_argument_row(argument) for argument in operation.arguments]
        lines.append("")
    return "\n".join(lines)


def _argument_row(argument: Argument) -> str:
    default = "needed" if argument.is_required else _default(argument.default)
    return f"| {argument.name} | `{flag_of(argument)}` | {words_for(argument.type, skip_none=True)} | {default} |"


def _default(value: Any) -> str:
    if value is None or value in ("", (), []):
        return "–"
    return str(value).lower() if isinstance(value, bool) else f"{value}"


def _describe_view(view: type) -> str:
    hints = get_type_hints(view)
    lines = [f"### {view.__name__}\n", f"{(view.__doc__ or '').strip()}\n", "| field | holds |", "|---|---|"]
    lines += [f"| {field.name} | {words_for(hints[field.name])} |" for field in dataclasses.fields(view)]
    return "\n".join([*lines, ""])


def words_for(kind: Any, *, skip_none: bool = False) -> str:
    """A type in plain words."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind in _WORDS:
        return _WORDS[kind]
    if dataclasses.is_dataclass(kind):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    if origin in (Union, types.UnionType):
        known = [words_for(part) for part in parts if part is not type(None)]
        return " or ".join(known if skip_none or type(None) not in parts else [*known, "null"])
    if origin is Literal:
        return "one of " + ", ".join(map(str, parts))
    if origin is tuple and ... not in parts:
        return "pair of " + " and ".join(words_for(part) for part in parts)
    if origin in (list, tuple):
        return f"list of {words_for(parts[0])}"
    if origin is dict:
        return f"object with {words_for(parts[1])} by name"
    raise TypeError(f"no words for {kind}: add them here")


def _views(listed: Iterable[Operation]) -> set[type]:
    """Every view that an operation can answer with, and those inside it."""
    found: set[type] = set()
    waiting = [view for operation in listed for view in _dataclasses_in(operation.returns)]
    while waiting:
        view = waiting.pop()
        if view not in found:
            found.add(view)
            waiting += [inner for hint in get_type_hints(view).values() for inner in _dataclasses_in(hint)]
    return found


def _dataclasses_in(kind: Any) -> Iterator[type]:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        yield kind
    for part in get_args(kind):
        yield from _dataclasses_in(part)


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(make_page(operations().values()), "utf-8")


if __name__ == "__main__":
    main()
