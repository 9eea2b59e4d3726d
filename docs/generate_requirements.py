"""Write `docs/requirements.md`: each row of the method, where a user does it, and the tests that show it.

The rows and their places stand in `docs/requirements.toml`; the tests say themselves which rows they show, by the
beginning of their docstring ("R57, R60: …"). `python -m docs.generate_requirements`.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TABLE, PAGE, TESTS = ROOT / "docs" / "requirements.toml", ROOT / "docs" / "requirements.md", ROOT / "tests"
ROWS = re.compile(r"\A\s*((?:R\d+(?:,\s*)?)+):")
INTRODUCTION = """# What the method asks, where Kithbook does it, and what shows it

<!-- Written by docs/generate_requirements.py from docs/requirements.toml and the docstrings of the tests. -->

A row holds when a user can do it in the web app and in at least one of command line, API and assistant tools, and a
test shows it. Operations (`noun.verb`) are all three at once: see [operations](reference/operations.md).
"""


class Row(NamedTuple):
    """A row of the method: what the practice says, what Kithbook does, on which pages, by which commands."""

    key: str
    says: str
    does: str
    pages: tuple[str, ...]
    commands: tuple[str, ...]


class Shown(NamedTuple):
    """A test that shows rows; `acts` is false for one that only looks whether a page loads."""

    path: str
    name: str
    rows: tuple[str, ...]
    acts: bool


def read_rows() -> list[Row]:
    """The rows in their order."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    return [
        Row(key, row["says"], row["does"], tuple(row["pages"]), tuple(row["commands"]))
        for key, row in sorted(table.items(), key=lambda pair: int(pair[0][1:]))
    ]


def find_tests() -> Iterator[Shown]:
    """All tests whose docstring begins with the names of rows."""
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                match = ROWS.match(ast.get_docstring(node) or "")
                if match:
                    rows = tuple(re.findall(r"R\d+", match[1]))
                    yield Shown(path.relative_to(ROOT).as_posix(), node.name, rows, _acts(node))


def _acts(test: ast.FunctionDef) -> bool:
    """Whether a test checks anything beside the status of an answer."""
    for node in ast.walk(test):
        if isinstance(node, ast.Assert) and "status_code" not in ast.unparse(node.test):
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("pytest.raises", "raises"):
            return True
    return False


def by_row(tests: Iterator[Shown]) -> dict[str, list[Shown]]:
    """The tests of each row that count."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for test in tests:
        for row in test.rows if test.acts else ():
            found[row].append(test)
    return found


def make_page() -> str:
    """The page as Markdown."""
    shown = by_row(find_tests())
    lines = [
        INTRODUCTION,
        "| row | the practice | what Kithbook does | page | command | shown by |",
        "|---|---|---|---|---|---|",
    ]
    for row in read_rows():
        pages = "<br>".join(f"`{page}`" for page in row.pages)
        commands = "<br>".join(f"`{command}`" for command in row.commands)
        tests = "<br>".join(f"[{test.name}](../{test.path})" for test in shown.get(row.key, []))
        lines.append(f"| {row.key} | {row.says} | {row.does} | {pages} | {commands} | {tests} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(make_page(), "utf-8")
