"""Views have names of their own: the API's schema knows each by its name alone."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

SERVICES = Path(__file__).resolve().parents[2] / "src" / "kithbook" / "services"


def test_no_two_views_have_one_name() -> None:
    names = Counter(
        name
        for path in SERVICES.glob("*.py")
        for name in re.findall(r"^class (\w+View)\b", path.read_text(), re.MULTILINE)
    )
    assert [name for name, count in names.items() if count > 1] == []
