"""`kith bench import`: the figures of a small mailbox, and what it refuses."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.mailmaker import ME, write_mailbox
from kithbook.bench import imports
from kithbook.core.errors import Invalid
from kithbook.services import importing
from kithbook.store.models import Owner
from tests.faces.commanding import Run, assert_refused

FIGURES = {"cpu_s", "wall_s", "peak_mb", "messages_per_s", "mb_per_s"}
PARTS = ("wc", "mailbox_email", "scan", "import")
RATIOS = {
    "scan_cpu_per_wc_cpu", "mailbox_email_cpu_per_wc_cpu", "mailbox_email_cpu_per_scan_cpu",
    "mailbox_email_cpu_per_import_cpu", "mailbox_email_wall_per_import_wall",
}  # fmt: skip


def test_a_small_mailbox_has_all_figures(kith: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KITHBOOK_DATABASE", raising=False)
    path = write_mailbox(tmp_path / "a.mbox", 500, body=400)
    answer = kith("bench", "import", path, "--me", ME, "--runs", "1", "--json")
    assert (answer.code, answer.err) == (0, "")
    view = answer.data
    assert (view["messages"], view["runs"]) == (500, 1)
    assert view["file_mb"] == round(path.stat().st_size / 1e6, 1)
    for part in PARTS:
        assert set(view[part]) == FIGURES
        assert view[part]["wall_s"] > 0
    assert set(view["ratios"]) == RATIOS
    assert view["mailbox_email"]["cpu_s"] > 0
    assert view["import"]["peak_mb"] >= view["peak_mb_least"] > 0


def test_ratios_are_medians_of_rounds(kith: Run) -> None:
    runs = [
        {"a": imports.Run(cpu, cpu, 1, ""), "b": imports.Run(2, 0, 1, "")} for cpu in (2, 100, 6)
    ]  # fmt: skip
    assert imports._ratio(runs, "a", "b") == 3
    assert imports._ratio(runs, "a", "b", "wall_s") == 0


def test_what_is_no_mailbox_is_refused(kith: Run, tmp_path: Path) -> None:
    other = tmp_path / "a.vcf"
    other.write_text("BEGIN:VCARD\nFN:Anna\nEND:VCARD\n")
    assert_refused(kith("bench", "import", other), "a.vcf is not a mailbox (mbox).")
    assert_refused(kith("bench", "import", tmp_path), "There is no file")
    assert_refused(kith("bench", "import", tmp_path / "nope"), "There is no file")


def test_a_measured_program_that_fails_is_said_in_one_line() -> None:
    with pytest.raises(Invalid, match="Measuring stopped: out of paper"):
        imports.measure([sys.executable, "-c", "import sys; sys.exit('out of paper')"])


def test_a_measured_program_is_accounted_for() -> None:
    run = imports.measure([sys.executable, "-c", "x = bytearray(80_000_000); print(len(x))"], dict(os.environ))
    assert run.output == "80000000\n"
    assert run.peak_mb > 80
    assert run.cpu_s > 0
    assert run.wall_s > 0


def test_the_made_up_mailbox_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first, again, other = (
        write_mailbox(tmp_path / name, 50, seed=seed).read_bytes() for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == again != other


def test_the_made_up_mailbox_adds_up(owner: Owner, tmp_path: Path) -> None:
    lists = importing.run(owner, [write_mailbox(tmp_path / "lists", 1_000, body=100)], me=[ME])
    assert (lists.records, lists.problems_count) == (1_000, 0)
    assert lists.interactions_added + sum(lists.skipped.values()) == 1_000
    assert lists.interactions_added > 300
    personal = write_mailbox(tmp_path / "own", 400, people=300, personal=True, body=100, seed=3)
    personal.write_bytes(personal.read_bytes().replace(b".mail@", b".own@"))
    assert importing.run(owner, [personal]).interactions_added == 400
