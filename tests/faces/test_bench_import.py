"""`kith bench import`: the figures of a small mailbox, other kinds, growth, and what it refuses."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks.cardmaker import write_cards, write_connections
from benchmarks.mailmaker import ME, write_mailbox
from kithbook.bench import imports
from kithbook.bench.importplain import plain_way
from kithbook.core.errors import Invalid
from kithbook.core.records import Problem
from kithbook.services import importing
from kithbook.sources.detect import open_sources
from kithbook.store.models import Owner
from tests.faces.commanding import Run, assert_refused

FIGURES = {"cpu_s", "wall_s", "peak_mb", "records_per_s", "messages_per_s", "mb_per_s"}
PARTS = ("wc", "mailbox_email", "scan", "import")
RATIOS = {
    "scan_cpu_per_wc_cpu", "import_cpu_per_wc_cpu", "mailbox_email_cpu_per_wc_cpu", "mailbox_email_cpu_per_scan_cpu",
    "mailbox_email_cpu_per_import_cpu", "mailbox_email_wall_per_import_wall",
}  # fmt: skip


def test_a_small_mailbox_has_all_figures(kith: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KITHBOOK_DATABASE", raising=False)
    monkeypatch.setattr(imports, "SHARES", {"half": 0.5})
    path = write_mailbox(tmp_path / "a.mbox", 500, body=400)
    answer = kith("bench", "import", path, "--me", ME, "--runs", "1", "--json")
    assert (answer.code, answer.err) == (0, "")
    view = answer.data
    assert (view["kind"], view["records"], view["messages"], view["runs"]) == ("mbox", 500, 500, 1)
    assert view["file_mb"] == round(path.stat().st_size / 1e6, 1)
    for part in PARTS:
        assert set(view[part]) == FIGURES
        assert view[part]["wall_s"] > 0
    assert set(view["ratios"]) == RATIOS
    assert view["mailbox_email"]["cpu_s"] > 0
    assert view["import"]["peak_mb"] >= view["peak_mb_least"] > 0
    assert [round(one["records"], -1) for one in view["growth"]] == [250, 500]


def test_ratios_are_medians_of_rounds(kith: Run) -> None:
    runs = [
        {"a": imports.Run(cpu, cpu, 1, ""), "b": imports.Run(2, 0, 1, "")} for cpu in (2, 100, 6)
    ]  # fmt: skip
    assert imports._ratio(runs, "a", "b") == 3
    assert imports._ratio(runs, "a", "b", "wall_s") == 0


def test_what_cannot_be_imported_is_refused(kith: Run, tmp_path: Path) -> None:
    other = tmp_path / "a.pdf"
    other.write_bytes(b"%PDF-1.7 nothing else")
    assert_refused(kith("bench", "import", other), "a.pdf cannot be imported. It is a PDF.")
    assert_refused(kith("bench", "import", tmp_path), "holds nothing that can be imported")
    assert_refused(kith("bench", "import", tmp_path / "nope"), "There is no file")


def made(folder: Path) -> list[tuple[str, str, Path]]:
    """(kind, name of its baseline, file) of small files of several kinds."""
    calendar, chat = folder / "a.ics", folder / "chat.txt"
    event = (
        "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTART:20230301T10{0:02d}00Z\r\nATTENDEE:mailto:a@one.example\r\nEND:VEVENT\r\n"
    )
    calendar.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(map(event.format, range(60)))}END:VCALENDAR\r\n")
    chat.write_text("".join(f"31.12.23, 10:{minute:02d} - Ada: “hi\n" for minute in range(60)))
    return [
        ("vcard", "vobject", write_cards(folder / "a.vcf", 80)),
        ("linkedin", "csv", write_connections(folder / "a.csv", 80)),
        ("calendar", "icalendar", calendar),
        ("whatsapp", "lines", chat),
    ]


def count(path: Path) -> int:
    sources = open_sources(path, latest=2_000_000_000)
    records = [record for source in sources for record in source.records()]
    assert not [record for record in records if isinstance(record, Problem)]
    return len(records)


def test_files_of_many_kinds_are_cut_between_records(tmp_path: Path) -> None:
    for kind, _, path in [("mbox", "", write_mailbox(tmp_path / "a.mbox", 80, body=90)), *made(tmp_path)]:
        assert imports._kind_of(path, None) == (kind, True)
        parts = imports._parts(path, kind, tmp_path)
        quarter, half, whole = (count(one) for one in (parts["quarter"], parts["half"], path))
        assert 0.2 * whole < quarter < 0.35 * whole, kind
        assert 0.45 * whole < half < 0.6 * whole, kind


def test_every_kind_is_compared_with_a_plain_way_that_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind, name, path in made(tmp_path):
        plain = plain_way(kind, is_whole_file=True)
        assert plain.name == name
        monkeypatch.setattr(sys, "argv", ["-c", str(path)])
        exec(plain.program, {})
        assert int(capsys.readouterr().out) >= count(path)


def test_a_folder_is_read_line_by_line_and_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path)
    kind, is_single = imports._kind_of(tmp_path, None)
    assert (kind, is_single) == ("folder", False)
    assert imports._parts(tmp_path, kind, tmp_path) == {}
    plain = plain_way(kind, is_whole_file=is_single)
    monkeypatch.setattr(sys, "argv", ["-c", str(tmp_path)])
    exec(plain.program, {})
    lines = sum(path.read_bytes().count(b"\n") for path in tmp_path.iterdir())
    assert capsys.readouterr().out == f"{lines}\n"


def test_growth_is_told_without_start_up() -> None:
    def run(cpu: float, records: int) -> imports.Run:
        return imports.Run(cpu, cpu, 50, f'{{"records": {records}}}')

    rounds = [{"start": run(1, 1), "quarter": run(2, 100), "half": run(3, 200), "import": run(7, 400)}]
    found = imports._growth(rounds, ["quarter", "half", "import"])
    assert [one["us_per_record"] for one in found] == [10_000, 10_000, 15_000]
    assert [one["beside_first"] for one in found] == [1, 1, 1.5]


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
