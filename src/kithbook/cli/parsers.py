"""The words after `kith`: the parsers of all commands. Handlers are imported when they run."""

from __future__ import annotations

import argparse
import importlib
from typing import Any

STATES = ("alive", "cooling", "cold", "dormant")


def late(module: str, name: str) -> Any:
    """A handler in a module of this package that is imported when it runs."""

    def handler(args: argparse.Namespace) -> Any:
        return getattr(importlib.import_module(f"kithbook.cli.{module}"), name)(args)

    return handler


def command(
    commands: Any, common: argparse.ArgumentParser, name: str, text: str, run: tuple[str, str] | None = None
) -> argparse.ArgumentParser:
    """Add a command; `run` names (module, function) of its handler, `commands.run_NAME` where it is left out."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text, parents=[common])
    parser.set_defaults(run=late(*(run or ("commands", f"run_{name}"))))
    return parser


def _add_serving(commands: Any, common: argparse.ArgumentParser) -> None:
    demo = command(commands, common, "demo", "make a demo network in its own data folder, print its week and serve it")
    demo.add_argument("--host", default="127.0.0.1")
    demo.add_argument("--port", type=int, default=8765)
    demo.add_argument("--no-serve", action="store_true", help="only make it and print the week")
    serve = command(commands, common, "serve", "serve the web app and the API")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8765)
    mcp = command(commands, common, "mcp", "offer tools to an assistant over standard input and output")
    mcp.add_argument("--allow-writes", action="store_true", help="offer tools that change something too")
    command(commands, common, "doctor", "check settings, data folder and database")


def _add_imports(commands: Any, common: argparse.ArgumentParser) -> None:
    text = "import mail, address books or LinkedIn; `import list` shows the imports, `import undo BATCH` takes one back"
    parser = command(commands, common, "import", text)
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="mbox, Maildir, .eml, .vcf, LinkedIn zip or CSV, or a folder"
    )
    parser.add_argument(
        "--me", action="append", default=[], metavar="ADDRESS", help="an address of your own; repeatable"
    )
    parser.add_argument("--kind", help="say the kind where the content does not tell")
    parser.add_argument("--dry-run", action="store_true", help="report what would happen and keep nothing")


def _add_daily(commands: Any, common: argparse.ArgumentParser) -> None:
    command(commands, common, "today", "what to do today")
    week = command(commands, common, "week", "this week's plan, within your minutes")
    week.add_argument("--minutes", type=int, help="plan this week with another budget")
    done = command(commands, common, "done", "mark a touch as done")
    done.add_argument("touch", help="its number in the week, or its id")
    done.add_argument("--minutes", type=int, help="how long it took")
    snooze = command(commands, common, "snooze", "put a touch off")
    snooze.add_argument("touch")
    snooze.add_argument("--days", type=int, default=7)
    skip = command(commands, common, "skip", "not this person this week")
    skip.add_argument("touch")
    log = command(commands, common, "log", "write down what happened, in a sentence; `log undo BATCH` takes it back")
    log.add_argument("text", nargs="+")
    log.add_argument(
        "--who", action="append", default=[], metavar="NAME=PERSON", help="who is meant by a name; PERSON may be “new”"
    )
    log.add_argument("--dry-run", action="store_true", help="only show what is understood")
    met = command(commands, common, "met", "someone new: starts 24-7-30")
    met.add_argument("name")
    met.add_argument("--at", default="", metavar="EVENT")
    met.add_argument("--through", default="", metavar="PERSON")
    met.add_argument("--on", metavar="DATE")
    for word in ("interests", "needs", "goals"):
        met.add_argument(f"--{word}", default="", help="separated by commas")


def _add_people(commands: Any, common: argparse.ArgumentParser) -> None:
    people = command(commands, common, "people", "list people")
    people.add_argument("query", nargs="*")
    people.add_argument("--stage", type=int, choices=range(1, 8))
    people.add_argument("--state", choices=STATES)
    people.add_argument("--tweeners", action="store_true")
    people.add_argument("--sort", default="warmth", choices=("warmth", "name", "last", "stage"))
    people.add_argument("--limit", type=int, default=50)
    people.add_argument("--offset", type=int, default=0)
    person = command(commands, common, "person", "everything about one person")
    person.add_argument("who", nargs="+")


def _add_bank(commands: Any, common: argparse.ArgumentParser) -> None:
    for name, text in (("gave", "write down something you gave"), ("got", "write down something you got")):
        parser = command(commands, common, name, text)
        parser.add_argument("who")
        parser.add_argument("kind")
        parser.add_argument("--size", type=int, choices=range(1, 6))
        parser.add_argument("--note", default="")


def _add_keeping(commands: Any, common: argparse.ArgumentParser) -> None:
    export = command(commands, common, "export", "write everything to a folder")
    export.add_argument("folder", metavar="DIR")
    export.add_argument("--format", default="json", choices=("json", "vcard", "csv"))
    backup = command(commands, common, "backup", "a consistent copy of the database")
    backup.add_argument("file", metavar="FILE")
    restore = command(commands, common, "restore", "put a backup in place")
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
        parser.set_defaults(run=late("commands", f"bench_{name}"))
        if name != "plan":
            parser.add_argument("file", metavar="FILE")
        if name == "import":
            parser.add_argument("--me", action="append", default=[], metavar="ADDRESS")
            parser.add_argument("--runs", type=int, default=3)
        if name == "ties":
            parser.add_argument("--horizon", type=int, metavar="DAYS")
            parser.add_argument("--egos", metavar="FILE")
            parser.add_argument("--predictions", metavar="OUT.csv")


ALL = (_add_serving, _add_imports, _add_daily, _add_people, _add_bank, _add_keeping, _add_measuring)
"""In the order of `kith --help`."""
