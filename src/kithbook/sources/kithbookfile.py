"""Kithbook's own export as JSON: the head, and the rows of all tables one after another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ijson

from kithbook.core.errors import Invalid
from kithbook.sources.jsonstream import SCALARS
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import clean_text

FORMAT = "kithbook"
FILES = {"json": "kithbook.json", "vcard": "kithbook.vcf", "csv": "people.csv"}
"""What `kith export` calls its file in each format."""
_ROW = re.compile(r"tables\.(\w+)\.item\Z")
_TELLS = re.compile(rb'\A\xef?\xbb?\xbf?\s*\{\s*"format"\s*:\s*"kithbook"')


def tells(head: bytes) -> str:
    """Why this is an export of Kithbook's, "" if it is none."""
    return "It is an export of Kithbook's." if _TELLS.match(head) else ""


def is_export(path: Path) -> bool:
    """Whether a file is one of Kithbook's own exports; raises Unavailable where it cannot be read."""
    with told_plainly(path):
        if not path.is_file():
            return False
    with told_plainly(path), path.open("rb") as file:
        return bool(tells(file.read(200)))


def find_export(path: Path) -> Path | None:
    """The export at a path: the file itself, or that of a folder which holds nothing but what `kith export` writes."""
    with told_plainly(path):
        names = {child.name for child in path.iterdir()} if path.is_dir() else None
    if names is None:
        return path if is_export(path) else None
    inside = path / FILES["json"]
    return inside if inside.name in names and names <= set(FILES.values()) and is_export(inside) else None


def read_head(path: Path) -> dict[str, Any]:
    """What stands before the tables: format, version, program, owner. Raises Invalid where it is broken."""
    with told_plainly(path), path.open("rb") as file:
        try:
            return dict(_head_items(file))
        except (ijson.JSONError, UnicodeDecodeError):
            raise _broken(path) from None


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(table, row) of every row, in the file's order. Raises Invalid where the JSON is broken or cut off."""
    with told_plainly(path), path.open("rb") as file:
        builder: Any = None
        inside = ""
        try:
            for prefix, event, value in ijson.parse(file, use_float=True):
                if builder is not None:
                    builder.event(event, clean_text(value) if event == "string" else value)
                    if prefix == inside and event == "end_map":
                        yield prefix.split(".")[1], builder.value
                        builder = None
                elif event == "start_map" and _ROW.match(prefix):
                    builder, inside = ijson.ObjectBuilder(), prefix
                    builder.event(event, value)
        except (ijson.JSONError, UnicodeDecodeError):
            raise _broken(path) from None


def _head_items(file: Any) -> Iterator[tuple[str, Any]]:
    builder: Any = None
    for prefix, event, value in ijson.parse(file, use_float=True):
        if prefix == "tables" or prefix.startswith("tables."):
            return
        if prefix == "owner" or prefix.startswith("owner."):
            if builder is None:
                builder = ijson.ObjectBuilder()
            builder.event(event, value)
            if prefix == "owner" and event == "end_map":
                yield "owner", builder.value
        elif event in SCALARS and "." not in prefix:
            yield prefix, value


def _broken(path: Path) -> Invalid:
    return Invalid(f"{path.name} is cut off or damaged: it is no whole JSON.", "Export again, or use a backup.")
