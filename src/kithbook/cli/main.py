"""`kith`: parses the command line, runs one command, prints its answer; heavy imports wait until they are needed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from kithbook import __version__
from kithbook.core.errors import Invalid, KithbookError, Unavailable

DONE, FAILED, WRONG_USAGE = 0, 1, 2
STATES = ("alive", "cooling", "cold", "dormant")


def run(argv: Sequence[str] | None = None) -> NoReturn:
    """Entry point of the `kith` command."""
    sys.exit(main(sys.argv[1:] if argv is None else list(argv)))


def main(argv: Sequence[str]) -> int:
    """Run one command and return the exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # file names can hold bytes that no encoding has
            stream.reconfigure(errors="replace")
    args = build_parser().parse_args(argv)
    wants_json = getattr(args, "json", False)
    if getattr(args, "home", None):
        os.environ["KITHBOOK_HOME"] = args.home
    try:
        view = args.run(args)
        if view is not None:
            answer(view, wants_json)
    except KithbookError as error:
        return _report(error, wants_json)
    except KeyboardInterrupt:
        print("Stopped; nothing half-done was kept.", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # the outermost face: whatever happens, one sentence and no traceback
        if os.environ.get("KITHBOOK_DEBUG"):
            raise
        return _report(_unforeseen(error), wants_json)
    return DONE


def answer(view: Any, wants_json: bool) -> None:
    """Print a view as words or as JSON."""
    from kithbook.cli import printing
    from kithbook.services.views import as_json

    if wants_json:
        is_unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
        print(json.dumps(as_json(view), ensure_ascii=not is_unicode, indent=2))
    else:
        printing.show(view)
    sys.stdout.flush()


def _report(error: KithbookError, wants_json: bool) -> int:
    message, hint = _one_line(error.message), _one_line(error.hint)
    choices = getattr(error.details.get("capture"), "choices", [])
    if wants_json:
        from kithbook.services.views import as_json

        body: dict[str, Any] = {"kind": error.kind, "message": message, "hint": hint}
        candidates = error.details.get("candidates") or [one for choice in choices for one in choice.candidates]
        if candidates:
            body["candidates"] = as_json(candidates)
        if choices:
            body["choices"] = as_json(choices)
        line = json.dumps({"error": body}, ensure_ascii=False)
        print(line)
        print(line, file=sys.stderr)
    else:
        if choices:
            hint = f"Say who is meant: {_options(choices)}."
        print(" ".join(filter(None, (message, hint))), file=sys.stderr)
    return FAILED


def _one_line(text: str) -> str:
    from kithbook.cli.printing import visible

    return " ".join(visible(text).split())


def _options(choices: Sequence[Any]) -> str:
    """What to add to the sentence so that every name is clear."""
    words = [f"--who “{choice.text}={one.id}” ({one.name})" for choice in choices for one in choice.candidates]
    return ", ".join([*words, *(f"--who “{choice.text}=new” (someone new)" for choice in choices)])


def _unforeseen(error: Exception) -> KithbookError:
    name = type(error).__name__
    if name == "OperationalError" and "locked" in str(error):
        return Unavailable("The database is busy: another command or an import is writing.", "Try again in a moment.")
    if name in ("DatabaseError", "OperationalError"):
        return Unavailable(
            f"The database cannot be used: {error}.", "Put the last backup in place with `kith restore`."
        )
    if name == "DataError":  # PostgreSQL takes no NUL in a text
        return Invalid("Some of this text cannot be stored.", "Type it again without control characters.")
    if isinstance(error, UnicodeEncodeError):
        return Invalid("Some of this text is not valid Unicode, so that it cannot be written down.", "Type it again.")
    if isinstance(error, MemoryError):
        return Unavailable("There was not enough memory for this.", "Try it with a smaller file.")
    if isinstance(error, OSError):
        return Unavailable(
            f"{error.strerror or error}: {error.filename or ''}".rstrip(": ") + ".", "Run `kith doctor`."
        )
    return KithbookError(f"Something went wrong that Kithbook did not foresee ({name}: {error}).", "Run `kith doctor`.")


def build_parser() -> argparse.ArgumentParser:
    """All commands of the public contract."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument("--json", action="store_true", help="answer as JSON")
    common.add_argument(
        "--home", metavar="DIR", help="the data folder (default: KITHBOOK_HOME, else your user data folder)"
    )
    parser = argparse.ArgumentParser(
        prog="kith",
        description="Kithbook: where to invest relationship time, before you need anybody.",
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"kith {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for add in (_add_serving, _add_imports, _add_daily, _add_people, _add_bank, _add_keeping, _add_measuring):
        add(commands, common)
    from kithbook.cli import derived

    derived.add_commands(commands, [common])
    commands.choices["op"].set_defaults(run=_late("run_operation"))
    return parser


def _late(name: str) -> Any:
    """A handler that is imported when it runs."""

    def handler(args: argparse.Namespace) -> Any:
        from kithbook.cli import commands

        return getattr(commands, name)(args)

    return handler


def _command(commands: Any, common: argparse.ArgumentParser, name: str, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text, parents=[common])
    parser.set_defaults(run=_late(f"run_{name}"))
    return parser


def _add_serving(commands: Any, common: argparse.ArgumentParser) -> None:
    demo = _command(commands, common, "demo", "make a demo network in its own data folder, print its week and serve it")
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--port", type=int, default=8765)
    demo.add_argument("--no-serve", action="store_true", help="only make it and print the week")
    serve = _command(commands, common, "serve", "serve the web app and the API")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8765)
    mcp = _command(commands, common, "mcp", "offer tools to an assistant over standard input and output")
    mcp.add_argument("--allow-writes", action="store_true", help="offer tools that change something too")
    _command(commands, common, "doctor", "check settings, data folder and database")


def _add_imports(commands: Any, common: argparse.ArgumentParser) -> None:
    text = "import mail, address books or LinkedIn; `import list` shows the imports, `import undo BATCH` takes one back"
    parser = _command(commands, common, "import", text)
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="mbox, Maildir, .eml, .vcf, LinkedIn zip or CSV, or a folder"
    )
    parser.add_argument(
        "--me", action="append", default=[], metavar="ADDRESS", help="an address of your own; repeatable"
    )
    parser.add_argument("--kind", help="say the kind where the content does not tell")
    parser.add_argument("--dry-run", action="store_true", help="report what would happen and keep nothing")


def _add_daily(commands: Any, common: argparse.ArgumentParser) -> None:
    _command(commands, common, "today", "what to do today")
    week = _command(commands, common, "week", "this week's plan, within your minutes")
    week.add_argument("--minutes", type=int, help="plan this week with another budget")
    done = _command(commands, common, "done", "mark a touch as done")
    done.add_argument("touch", help="its number in the week, or its id")
    done.add_argument("--minutes", type=int, help="how long it took")
    snooze = _command(commands, common, "snooze", "put a touch off")
    snooze.add_argument("touch")
    snooze.add_argument("--days", type=int, default=7)
    skip = _command(commands, common, "skip", "not this person this week")
    skip.add_argument("touch")
    log = _command(commands, common, "log", "write down what happened, in a sentence; `log undo BATCH` takes it back")
    log.add_argument("text", nargs="+")
    log.add_argument(
        "--who", action="append", default=[], metavar="NAME=PERSON", help="who is meant by a name; PERSON may be “new”"
    )
    log.add_argument("--dry-run", action="store_true", help="only show what is understood")
    met = _command(commands, common, "met", "someone new: starts 24-7-30")
    met.add_argument("name")
    met.add_argument("--at", default="", metavar="EVENT")
    met.add_argument("--through", default="", metavar="PERSON")
    met.add_argument("--on", metavar="DATE")
    for word in ("interests", "needs", "goals"):
        met.add_argument(f"--{word}", default="", help="separated by commas")


def _add_people(commands: Any, common: argparse.ArgumentParser) -> None:
    people = _command(commands, common, "people", "list people")
    people.add_argument("query", nargs="*")
    people.add_argument("--stage", type=int, choices=range(1, 8))
    people.add_argument("--state", choices=STATES)
    people.add_argument("--tweeners", action="store_true")
    people.add_argument("--sort", default="warmth", choices=("warmth", "name", "last", "stage"))
    people.add_argument("--limit", type=int, default=50)
    people.add_argument("--offset", type=int, default=0)
    person = _command(commands, common, "person", "everything about one person")
    person.add_argument("who", nargs="+")


def _add_bank(commands: Any, common: argparse.ArgumentParser) -> None:
    for name, text in (("gave", "write down something you gave"), ("got", "write down something you got")):
        parser = _command(commands, common, name, text)
        parser.add_argument("who")
        parser.add_argument("kind")
        parser.add_argument("--size", type=int, choices=range(1, 6))
        parser.add_argument("--note", default="")


def _add_keeping(commands: Any, common: argparse.ArgumentParser) -> None:
    export = _command(commands, common, "export", "write everything to a folder")
    export.add_argument("folder", metavar="DIR")
    export.add_argument("--format", default="json", choices=("json", "vcard", "csv"))
    backup = _command(commands, common, "backup", "a consistent copy of the database")
    backup.add_argument("file", metavar="FILE")
    restore = _command(commands, common, "restore", "put a backup in place")
    restore.add_argument("file", metavar="FILE")


def _add_measuring(commands: Any, common: argparse.ArgumentParser) -> None:
    bench = commands.add_parser("bench", help="reproducible measurements")
    kinds = bench.add_subparsers(metavar="WHAT", required=True)
    for name, text in (
        ("ties", "score the warmth model on a log of interactions"),
        ("plan", "compare ways to spend the same minutes"),
        ("import", "measure the import of a file"),
    ):
        parser = kinds.add_parser(name, help=text, description=text, parents=[common])
        parser.set_defaults(run=_late(f"bench_{name}"))
        if name != "plan":
            parser.add_argument("file", metavar="FILE")
        if name == "import":
            parser.add_argument("--me", action="append", default=[], metavar="ADDRESS")
            parser.add_argument("--runs", type=int, default=3)
        if name == "ties":
            parser.add_argument("--horizon", type=int, metavar="DAYS")
            parser.add_argument("--egos", metavar="FILE")
            parser.add_argument("--predictions", metavar="OUT.csv")
