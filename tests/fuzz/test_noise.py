"""Noise behind a good beginning: what came before is read, the rest is a Problem, and memory stays small."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest

from kithbook.core.records import Card, Exchange, Problem
from kithbook.sources.detect import make_source
from tests.faces.mixedfiles import calendar, calls, cards, chat, google
from tests.fuzz.parsers import LATEST, ZONE

NOISE = random.Random(5).randbytes(1 << 20)
LETTERS = NOISE.translate(bytes(97 + value % 26 for value in range(256)))
MEGABYTES = 24
GOOD = 20
MESSAGES = (
    b'{"participants":[{"name":"Ada"}],"messages":[' + b'{"sender_name":"Ada","timestamp_ms":1609578000123},' * GOOD
)
BEGINNINGS = {
    "vcard": cards(GOOD),
    "calendar": calendar(GOOD).removesuffix(b"END:VCALENDAR\r\n") + b"BEGIN:VEVENT\r\nSUMMARY:",
    "table": google(GOOD),
    "whatsapp": chat(GOOD),
    "phone": calls(GOOD).removesuffix(b"</calls>") + b'<call number="',
    "facebook": MESSAGES + b'{"sender_name":"',
}


@pytest.mark.parametrize("noise", [NOISE, LETTERS], ids=["bytes", "letters"])
@pytest.mark.parametrize("kind", BEGINNINGS)
def test_noise_is_given_up_within_bounded_memory(kind: str, noise: bytes, tmp_path: Path) -> None:
    path = tmp_path / "noise"
    path.write_bytes(BEGINNINGS[kind] + noise * MEGABYTES)
    tracemalloc.start()
    found = [type(record) for record in make_source(kind, path, LATEST, ZONE).records()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    good = sum(one in (Card, Exchange) for one in found)
    assert peak < 32_000_000
    assert len(found) < 3_000
    assert good >= GOOD - 1
    if (kind, noise) != ("whatsapp", LETTERS):  # there it may be one long message
        assert Problem in found
