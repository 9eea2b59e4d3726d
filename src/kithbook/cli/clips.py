"""`kith clip`: keep a link or a note to pass on, and see whom it suits."""

from __future__ import annotations

import argparse
from typing import Any

from kithbook.cli import printing
from kithbook.cli.local import local_owner
from kithbook.services.clipviews import ClipView


def run_clip(args: argparse.Namespace) -> Any:
    """Keep it."""
    owner = local_owner()
    from kithbook.services import clips

    return clips.add(owner, " ".join(args.text), note=args.note)


def _clip(view: ClipView) -> list[str]:
    """A clip in words."""
    lines = [view.title, *([f"  {view.url}"] if view.url else [])]
    for one in view.suggested:
        lines += printing.wrap(f"{one.person.name}: {one.why}", "  ")
    nobody = "  Nobody’s noted interests, needs or goals have these words."
    return lines if view.suggested else [*lines, nobody]


printing.PRINTERS |= {ClipView: _clip}
