"""`kith find`, `kith semantic` and `kith bench match`: who can help, and what compares needs and offers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kithbook.cli import printing
from kithbook.cli.local import local_owner
from kithbook.core.errors import Invalid
from kithbook.services import starting

starting.start_django()

from kithbook.services import goto, semantic  # noqa: E402 - Django has to be started first
from kithbook.services.matchviews import GoToView, Match, MatchList, SemanticView  # noqa: E402


def run_find(args: argparse.Namespace) -> GoToView:
    """Who can help with something."""
    return goto.who_can_help(
        local_owner(), " ".join(args.what), args.place, limit=args.limit, stage=args.stage, warm=args.warm
    )


def run_semantic(args: argparse.Namespace) -> SemanticView:
    """Which model compares texts; choose another, or go back to the packaged one."""
    owner = local_owner()
    if args.act == "use":
        if not args.folder.strip():
            raise Invalid("No folder was named.", "Say where the model is: `kith semantic use DIR`.")
        return semantic.use(owner, Path(args.folder))
    return semantic.reset(owner) if args.act == "reset" else semantic.status(owner)


def run_bench(args: argparse.Namespace) -> Any:
    """Score matching on a file of pairs."""
    from kithbook.bench import match

    found = match.run(args.file, model=args.model)
    return found if getattr(args, "json", False) else "\n".join(match.lines_of(found))


def _help(view: GoToView) -> list[str]:
    asked = " ".join(filter(None, [view.what and f"“{view.what}”", view.place and f"in {view.place}"]))
    if not view.people and not view.paths:
        return [f"Nobody fits {asked}, as far as has been noted. Say it in other words, or note what people offer."]
    lines = [f"Who can help with {asked}:" if view.people else f"Nobody offers {asked} directly."]
    for number, one in enumerate(view.people, 1):
        lines.append(f"{number:3}. {one.person.name}, {one.state} ({one.warmth:.0%})")
        lines += printing.wrap(one.why, "     ")
    if view.paths:
        lines += ["", "Who may know somebody:"]
        for path in view.paths:
            lines.append(f"   · {path.through.name}, {path.state}")
            lines += printing.wrap(path.why, "     ")
    return lines


def _matches(view: MatchList) -> list[str]:
    if not view.matches:
        return ["Nothing fits yet. Note what people need and offer, as with `kith log`."]
    lines = []
    for match in view.matches:
        lines += _match(match)
    return lines


def _match(match: Match) -> list[str]:
    return [line for text in (match.why, match.gives_back) if text for line in printing.wrap(text)]


def _semantic(view: SemanticView) -> list[str]:
    where = f" in {view.folder}" if view.folder else ""
    return [f"Model: {view.model}{where}, {view.width} numbers a text, {view.stored} texts stored.", view.message]


printing.PRINTERS |= {GoToView: _help, MatchList: _matches, Match: _match, SemanticView: _semantic}
