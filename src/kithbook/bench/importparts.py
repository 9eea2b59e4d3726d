"""The first part of a file of records one after another, as a file of the same kind: to see how imports grow."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

WINDOW = 1 << 20
"""The end of the part is looked for in so many bytes; records are much shorter."""


class Cut(NamedTuple):
    """Where a file of some kind may be cut: behind a match of `end`, outside of quotes where they tell.

    `closing` makes the part whole again.
    """

    end: re.Pattern[bytes]
    closing: bytes = b""
    has_quotes: bool = False


_LINE = re.compile(rb"\n")
_CUTS = {
    "mbox": Cut(re.compile(rb"\n(?=From )")),
    "vcard": Cut(re.compile(rb"^END:VCARD[ \t\r]*\n", re.IGNORECASE | re.MULTILINE)),
    "calendar": Cut(re.compile(rb"^END:VEVENT[ \t\r]*\n", re.IGNORECASE | re.MULTILINE), b"END:VCALENDAR\r\n"),
    "linkedin": Cut(_LINE, has_quotes=True),
    "table": Cut(_LINE, has_quotes=True),
    "whatsapp": Cut(_LINE),
}


def write_part(path: Path, kind: str, share: float, out: Path) -> Path | None:
    """Write about the first `share` of a file to `out`; None for kinds that cannot be cut, or files too small."""
    cut = _CUTS.get("linkedin" if kind.startswith("linkedin") else kind.partition("-")[0])
    if cut is None:
        return None
    with path.open("rb") as file, out.open("wb") as part:
        if file.read(4) == b"PK\x03\x04":
            return None
        file.seek(0)
        left = int(path.stat().st_size * share)
        quotes = 0
        while left > 0 and (block := file.read(min(left, WINDOW))):
            part.write(block)
            quotes += block.count(b'"')
            left -= len(block)
        rest = file.read(WINDOW)
        for found in cut.end.finditer(rest):
            if not cut.has_quotes or (quotes + rest.count(b'"', 0, found.end())) % 2 == 0:
                part.write(rest[: found.end()] + cut.closing)
                return out
    return None
