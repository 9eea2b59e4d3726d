"""What holds for every command: options anywhere, exit codes, where words go, a quick start, the reference page."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kithbook.cli import printing, progress
from kithbook.cli.main import build_parser
from kithbook.core.errors import Unavailable
from kithbook.services import views
from tests.faces.commanding import PROGRAM, Run, assert_refused, environment, finish, start

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.md"
HEAVY = {
    "django", "numpy", "highspy", "dateparser", "phonenumbers", "platformdirs", "mcp", "uvicorn", "sqlite3", "asyncio",
    "email", "zoneinfo", "ssl", "kithbook.services.views", "kithbook.store",
}  # fmt: skip


def test_options_of_all_commands_stand_before_or_after_the_command(kith: Run) -> None:
    for words in (("--json", "people"), ("people", "--json"), ("--json", "op", "people", "search")):
        assert kith(*words).data["total"] == 0
    assert kith("bench", "import", "/nope", "--json").error["kind"] == "not_found"
    assert kith("--json", "bench", "import", "/nope").error["kind"] == "not_found"


def test_the_home_can_be_told_before_and_after_the_command(tmp_path: Path) -> None:
    for place in range(3):
        words: list[object] = ["import", "list"]
        words[place:place] = ["--home", tmp_path / "told"]
        answer = finish(start(tmp_path / "other", *words, "--json"))
        assert (answer.code, answer.data) == (0, [])
    assert (tmp_path / "told" / "kithbook.sqlite3").exists()
    assert not (tmp_path / "other").exists()


def test_the_data_folder_is_closed_to_other_users(tmp_path: Path) -> None:
    assert finish(start(tmp_path / "new" / "home", "people")).code == 0
    home = tmp_path / "new" / "home"
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("made", ["a file", "a folder that cannot be made"])
def test_a_home_that_cannot_be_used_is_said_in_one_line(made: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    answer = finish(start(file if made == "a file" else file / "home", "people"))
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.count("\n") == 1
    assert "data folder" in answer.err
    assert "--home" in answer.err


def test_a_damaged_database_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "kithbook.sqlite3").write_bytes(b"This is no database. " * 500)
    answer = finish(start(tmp_path, "people"))
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert "cannot be used" in answer.err


def test_the_doctor_says_what_can_be_seen_where_nothing_starts(tmp_path: Path) -> None:
    (tmp_path / "kithbook.sqlite3").write_bytes(b"This is no database. " * 500)
    answer = finish(start(tmp_path, "doctor", "--json"))
    assert (answer.code, answer.data["is_well"], answer.data["error"]["kind"]) == (1, False, "unavailable")
    assert json.loads(answer.err) == answer.data
    unwell = {check["name"]: check for check in answer.data["checks"] if not check["is_well"]}
    assert "not a database" in unwell["Database"]["found"]
    assert "kith restore" in unwell["Database"]["advice"]


def test_the_doctor_says_in_words_that_the_database_is_newer(
    kith: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from kithbook.services import starting

    def refuse() -> None:
        raise Unavailable("The database was written by a newer Kithbook.", "Install the newer version.")

    monkeypatch.setattr(starting, "ensure_schema", refuse)
    answer = kith("--home", tmp_path / "not there", "doctor")
    assert (answer.code, answer.err) == (
        1,
        "The database was written by a newer Kithbook. Install the newer version.\n",
    )
    assert "✗ Database: The database was written by a newer Kithbook.  → Install the newer version.\n" in answer.out
    assert f"✗ Data folder: {tmp_path / 'not there'}: No such file or directory  → " in answer.out


def test_a_home_without_a_name_is_not_the_usual_one(kith: Run, tmp_path: Path) -> None:
    for nothing in ("", " "):
        assert_refused(kith("--home", nothing, "people"), "--home names no folder.")
        assert_refused(kith("people", "--home", nothing), "--home names no folder.")
    answer = finish(start(tmp_path, "people", "--home", "~nobody-of-that-name/kith"))
    assert_refused(answer, "There is no folder ~nobody-of-that-name/kith.", "--home")


@pytest.mark.parametrize("address", ["mysql://localhost/kith", "kith", "postgresql://localhost", "postgresql://h:x/n"])
def test_a_database_address_that_is_none_is_said_in_one_line(address: str) -> None:
    from kithbook.config import settings

    with pytest.raises(Unavailable, match="KITHBOOK_DATABASE is no address"):
        settings._read_url(address)
    assert settings._read_url("postgresql:///kith?host=/run/postgresql").path == "/kith"


def test_a_clock_that_is_none_is_said_in_one_line(kith: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KITHBOOK_NOW", "soon")
    answer = kith("today")
    assert (answer.code, answer.out) == (1, "")
    assert "KITHBOOK_NOW" in answer.err


WRONG = (
    "", "nonsense", "import", "met", "log", "person", "done", "gave Anna", "gave Anna advice --size 9", "export",
    "people --stage 8", "people --state lukewarm", "people --sort age", "people --limit many", "week --minutes soon",
    "serve --port http", "bench", "bench nothing", "bench import", "op", "op nothing", "op people", "op people nothing",
    "op people show", "op people search --limit many", "export out --format xml", "people --unknown", "--json",
)  # fmt: skip


@pytest.mark.parametrize("line", WRONG)
def test_wrong_usage_ends_with_2_and_says_how_it_goes(line: str, kith: Run) -> None:
    answer = kith(*line.split())
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("usage: kith")
    assert "Traceback" not in answer.err


def every_command() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The words of each command that can be run, with its parser."""
    for name, parser in _children(build_parser()):
        inner = list(_children(parser))
        if inner:
            yield from ((f"{name} {verb}", child) for verb, child in inner)
        else:
            yield name, parser


def _children(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


COMMANDS = dict(every_command())


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "op"])
def test_every_command_explains_itself(command: str, kith: Run) -> None:
    answer = kith(*command.split(), "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"usage: kith {command} ")
    assert "--json" in answer.out
    assert "--home" in answer.out


def test_the_commands_of_the_contract_are_all_there() -> None:
    promised = "demo serve import today week done snooze skip log met people person gave got export backup restore"
    more = "find review merge duplicates doctor mcp op"
    inner = {
        "ask": ("check", "record", "plan"),
        "intro": ("suggest", "add", "move"),
        "bench": ("ties", "plan", "import", "pages"),
    }
    pairs = {f"{noun} {verb}" for noun, verbs in inner.items() for verb in verbs}
    assert set(COMMANDS) >= {*promised.split(), *more.split(), *pairs}


def test_help_starts_without_anything_heavy(tmp_path: Path) -> None:
    code = "import sys\nfrom kithbook.cli.main import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
    code += "print('Modules:', *sys.modules)"
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment(tmp_path / "home"))
    assert done.stdout.startswith("usage: kith")
    loaded = set(done.stdout.rpartition("Modules:")[2].split())
    assert "kithbook.cli.main" in loaded
    assert not HEAVY & loaded
    assert not (tmp_path / "home").exists()


def test_a_reader_that_leaves_before_the_help_is_no_fault(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = start(tmp_path, "--help", stdout=writer)
    os.close(writer)
    answer = finish(process)
    assert (answer.code, answer.err) == (0, "")


def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    assert finish(start(tmp_path, "met", "Anna Berger")).code == 0
    reader, writer = os.pipe()
    os.close(reader)
    process = start(tmp_path, "people", "--json", stdout=writer)
    os.close(writer)
    answer = finish(process)
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_disk_behind_the_answer_is_said_in_one_line(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        answer = finish(start(tmp_path, "people", stdout=full))
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert "No space left on device" in answer.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("is_full", [True, False])
def test_a_failure_as_json_that_nobody_takes_is_said_in_one_line(is_full: bool, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with Path("/dev/full").open("wb") as full:
        answer = finish(start(tmp_path, "person", "Nobody", "--json", stdout=full if is_full else writer))
    os.close(writer)
    assert answer.code == 1
    assert json.loads(answer.err)["error"]["kind"] == "not_found"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_terminal_with_few_letters_gets_what_it_can_show(encoding: str, tmp_path: Path) -> None:
    assert finish(start(tmp_path, "met", "Zoë Müller 王")).code == 0
    few = {"PYTHONIOENCODING": encoding}
    process = start(tmp_path, "people", env=few)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b"M\xfcller" in out if encoding == "latin-1" else b"ller" in out
    listed = json.loads(start(tmp_path, "people", "--json", env=few).communicate()[0].decode(encoding))
    assert listed["people"][0]["name"] == "Zoë Müller 王"


class Screen(io.StringIO):
    """A standard error that may be a terminal."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def show_progress(monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool, seconds: float) -> str:
    screen, clock = Screen(is_terminal), iter([0.0, *[seconds * part / 10 for part in range(1, 11)]])
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.Bar() as bar:
        for part in range(1, 11):
            bar.step("mail.mbox", part * 100, 1_000)
    return screen.getvalue()


def test_progress_is_shown_on_a_terminal_and_wiped_away(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = show_progress(monkeypatch, is_terminal=True, seconds=20)
    assert re.search(r"\rmail\.mbox  █{15}·{15}  50%  about 10 s left", shown)
    assert shown.endswith("\r\x1b[K")
    assert "\n" not in shown


def test_progress_is_silent_where_nobody_looks_or_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert show_progress(monkeypatch, is_terminal=False, seconds=20) == ""
    assert show_progress(monkeypatch, is_terminal=True, seconds=0.9) == ""


def test_a_command_that_takes_longer_says_so_and_wipes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(True)
    monkeypatch.setattr(sys, "stderr", screen)
    waiting = progress.Waiting("Making the demo network")
    seconds = iter([False, False, True])
    monkeypatch.setattr(waiting._over, "wait", lambda _seconds: next(seconds))
    with waiting:
        pass
    wiped = "\x1b[K\r"
    assert screen.getvalue() == f"\rMaking the demo network: 1 s{wiped}Making the demo network: 2 s{wiped}\x1b[K"


def test_a_command_says_nothing_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(False)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "FIRST_AFTER_S", 0.0)
    with progress.Waiting():
        pass
    assert screen.getvalue() == ""


def test_progress_of_nothing_divides_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, clock = Screen(True), iter([0.0, 5.0, 10.0])
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.Bar() as bar:
        bar.step("\x1b]0;owned\x07.mbox", 0, 0)
        bar.step("grew while it was read.mbox", 9, 3)
    assert "100%" in screen.getvalue()
    assert "owned\x07" not in screen.getvalue()


def test_a_fault_of_ours_is_one_line_and_a_traceback_only_on_request(
    kith: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kithbook.services import people

    def break_down(*_args: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(people, "search", break_down)
    answer = kith("people")
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert "did not foresee" in answer.err
    monkeypatch.setenv("KITHBOOK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        kith("people")


def test_stopping_a_command_by_hand_is_said_calmly(kith: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from kithbook.services import people

    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(people, "search", stop)
    answer = kith("people")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "Stopped; nothing half-done was kept.\n"
    assert kith("people", "--json").error["message"] == "Stopped; nothing half-done was kept."


def test_views_without_a_printer_of_their_own_are_written_name_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    printing.show(views.OwnerView("Robin", ["a@example.org"], [], 90, "UTC", True))
    said = capsys.readouterr().out
    assert "name: Robin\naddresses:\n  a@example.org\nunconfirmed addresses: –\nminutes per week: 90\n" in said


def usage(command: str, parser: argparse.ArgumentParser) -> str:
    """How a command is written, in the notation of the reference page."""
    words = ["kith", *command.split()]
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction) or action.dest in ("json", "home"):
            continue
        name = action.metavar or action.dest.upper()
        if action.choices:
            parts = [str(choice) for choice in action.choices]
            name = f"{parts[0]}–{parts[-1]}" if parts[0] == "1" else "|".join(parts)
        if action.option_strings:
            value = "" if action.nargs == 0 else f" {name}"
            words.append(f"[{action.option_strings[0]}{value}]" + ("…" if isinstance(action.default, list) else ""))
        else:
            words.append({"+": f"{name}…", "*": f"[{name}…]"}.get(str(action.nargs), str(name)))
    return " ".join(words + (["NOUN VERB [--ARGUMENT VALUE]…"] if command == "op" else []))


def test_the_reference_page_has_every_command_just_as_it_is() -> None:
    page = REFERENCE.read_text("utf-8")
    written = re.findall(r"^### `kith ([^`]+)`\n\n```\n(.+)\n```$", page, re.MULTILINE)
    assert dict(written) == {name: usage(name, parser) for name, parser in COMMANDS.items()}


def test_the_program_can_be_called_by_its_name(tmp_path: Path) -> None:
    kith = Path(sys.executable).with_name("kith")
    if not kith.exists():
        pytest.skip("kith is not installed beside this Python")
    said = subprocess.run([str(kith), "--version"], capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(r"kith \d+\.\d+\.\d+\S*\n", said)
    assert said == subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
