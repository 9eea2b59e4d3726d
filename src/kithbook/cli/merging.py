"""`kith duplicates` and `kith merge`: entries that are one person."""

from __future__ import annotations

import argparse
from typing import Any

from kithbook.cli import printing
from kithbook.cli.local import local_owner
from kithbook.services import starting

starting.start_django()

from kithbook.services import duplicates, merging  # noqa: E402 - Django has to be started first


def run_duplicates(args: argparse.Namespace) -> Any:
    """Which entries may be one person; or say of two that they are not."""
    owner = local_owner()
    if args.not_same:
        return merging.keep_apart(owner, *args.not_same)
    return duplicates.find(owner, limit=args.limit)


def run_merge(args: argparse.Namespace) -> Any:
    """Make two entries one, list what was merged, or take a merge back."""
    owner = local_owner()
    if args.first == "list" and args.second is None:
        return merging.merges(owner)
    if args.first == "undo" and args.second:
        return merging.undo(owner, args.second)
    return merging.merge(owner, args.first, args.second or "", take=args.take)


def _duplicates(view: duplicates.DuplicatesView) -> list[str]:
    if not view.total:
        return ["Nobody is here twice, as far as can be seen."]
    lines = [f"{view.total} pairs may be one person, {view.likely} of them likely.", ""]
    for pair in view.pairs:
        lines.append(f"{pair.chance:4.0%}  {_entry(pair.first)}")
        lines.append(f"      {_entry(pair.second)}")
        lines.append(f"      {'; '.join(pair.evidence)}")
    if view.total > len(view.pairs):
        lines.append(f"… {view.total - len(view.pairs)} more with --limit.")
    return [*lines, "", "Make two one with `kith merge ID ID`; say no with `kith duplicates --not-same ID ID`."]


def _entry(entry: duplicates.DuplicateEntryView) -> str:
    known = ", ".join([*entry.identities[:3], *entry.organisations[:2], *filter(None, [entry.place])])
    return f"{entry.person.name} ({entry.person.id}){': ' + known if known else ''}"


def _merge(view: merging.MergeView) -> list[str]:
    what = "was taken back" if view.is_undone else f"take it back with `kith merge undo {view.id}`"
    return [f"“{view.gone}” is part of {view.kept.name} ({view.kept.id}) now; {what}."]


printing.PRINTERS |= {duplicates.DuplicatesView: _duplicates, merging.MergeView: _merge}
