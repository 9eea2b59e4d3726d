"""The words after `kith`: the parsers of all commands. Handlers are imported when they run."""

from __future__ import annotations

import argparse
import importlib
from typing import Any

from kithbook.cli.reading import read_stage

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
    text = "import mail, people, chats, calls; `import list` shows the imports, `import undo BATCH` takes one back"
    parser = command(commands, common, "import", text)
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="mbox, Maildir, .eml, .vcf, .csv, .ics, LinkedIn's zip, a chat, or a folder",
    )
    parser.add_argument(
        "--me",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="an address of yours, or your name in a chat; repeatable",
    )
    parser.add_argument("--kind", help="say the kind where the content does not tell")
    parser.add_argument("--dry-run", action="store_true", help="report what would happen and keep nothing")


def _add_daily(commands: Any, common: argparse.ArgumentParser) -> None:
    command(commands, common, "today", "what to do today")
    week = command(commands, common, "week", "this week's plan, within your minutes")
    week.add_argument("--minutes", type=int, help="plan this week with so many minutes")
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
    people.add_argument("--stage", type=read_stage, metavar="STAGE", help="1 to 7, or its name")
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
        parser.add_argument("--on", metavar="DATE", help="the day, today if left out")
        parser.add_argument("--with", dest="others", action="append", default=[], metavar="WHO", help="repeatable")
        parser.add_argument("--minutes", type=int)
        parser.add_argument("--money", default="", metavar="AMOUNT", help="private to you")
        parser.add_argument("--currency", default="", metavar="EUR")
        parser.add_argument("--asked", action="store_true", help="it was asked for")
        parser.add_argument("--meaningful", default="unknown", choices=("yes", "unknown", "no"))
        parser.add_argument("--inspired-by", default="", metavar="ENTRY", help="id of the help it came from")
        for word in ("objective", "goal", "group"):
            parser.add_argument(f"--{word}", default="", help=f"the {word} that it served")
        parser.add_argument("--satisfaction", default="", metavar="TEXT", help="how it felt")
        parser.add_argument("--outside-balance", action="store_true", help="keep it out of every sum")


def _add_keeping(commands: Any, common: argparse.ArgumentParser) -> None:
    export = command(commands, common, "export", "write everything to a folder")
    export.add_argument("folder", metavar="DIR")
    export.add_argument("--format", default="json", choices=("json", "vcard", "csv"))
    backup = command(commands, common, "backup", "a consistent copy of the database")
    backup.add_argument("file", metavar="FILE")
    restore = command(commands, common, "restore", "put a backup in place")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--rehearse", action="store_true", help="only check it, and say what it holds")


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
            parser.add_argument("--kind", metavar="KIND")
            parser.add_argument("--runs", type=int, default=3)
        if name == "ties":
            parser.add_argument("--horizon", type=int, metavar="DAYS")
            parser.add_argument("--egos", metavar="FILE")
            parser.add_argument("--predictions", metavar="OUT.csv")
    text = "time, queries and bytes of every page with a large network"
    pages = kinds.add_parser("pages", help=text, description=text, parents=[common])
    for name, usual in (("people", 10_000), ("interactions", 200_000), ("runs", 5)):
        pages.add_argument(f"--{name}", type=int, default=usual, metavar="N", help=f"default: {usual}")
    pages.set_defaults(run=late("commands", "bench_pages"))
    text = "score the comparison of needs and offers beside BM25 and TF-IDF"
    match = kinds.add_parser("match", help=text, description=text, parents=[common])
    match.add_argument("file", nargs="?", metavar="FILE", help="pairs as JSON (default: the packaged test pairs)")
    match.add_argument("--model", metavar="DIR", help="a model of your own for the second look")
    match.set_defaults(run=late("finding", "run_bench"))


def _add_identity(commands: Any, common: argparse.ArgumentParser) -> None:
    text = "which entries may be one person, with the evidence"
    duplicates = command(commands, common, "duplicates", text, ("merging", "run_duplicates"))
    duplicates.add_argument("--limit", type=int, default=20)
    duplicates.add_argument("--not-same", nargs=2, metavar="WHO", help="say that two are not the same person")
    text = "make two entries one, A stays; `merge list` shows merges, `merge undo ID` takes one back"
    merge = command(commands, common, "merge", text, ("merging", "run_merge"))
    merge.add_argument("first", metavar="A")
    merge.add_argument("second", metavar="B", nargs="?")
    merge.add_argument(
        "--take", action="append", default=[], metavar="FIELD", help="take this field from B; repeatable"
    )


def _add_review(commands: Any, common: argparse.ArgumentParser) -> None:
    text = "the weekly review: look back, close loops, look ahead"
    review = command(commands, common, "review", text, ("reviewing", "run_review"))
    review.add_argument("--week", metavar="DATE", help="any day of the week to look back at")
    acts = review.add_mutually_exclusive_group()
    acts.add_argument("--done", action="store_true", help="close the review of this week")
    acts.add_argument("--action", metavar="TEXT", help="choose one thing to do for somebody in the week ahead")
    acts.add_argument("--action-done", action="store_true", help="say that this week's one thing is done")
    acts.add_argument("--mail", action="store_true", help="print the review mail; nothing is sent")
    review.add_argument("--for", dest="who", metavar="WHO", help="for whom the one thing is, with --action")


def _add_introductions(commands: Any, common: argparse.ArgumentParser) -> None:
    intro = commands.add_parser("intro", help="introductions: from the idea until everyone is thanked")
    kinds = intro.add_subparsers(metavar="WHAT", required=True)

    def kind(name: str, text: str) -> argparse.ArgumentParser:
        return command(kinds, common, name, text, ("introducing", f"run_{name}"))

    suggest = kind("suggest", "who could help whom, why, and what comes first")
    suggest.add_argument("--for", dest="for_person", default="", metavar="WHO", help="only about this person")
    suggest.add_argument("--limit", type=int, default=10)
    kind("list", "all introductions by how far they are")
    kind("show", "one introduction: steps, what can follow, drafts").add_argument("id", metavar="ID")
    kind("undo", "take the last step back").add_argument("id", metavar="ID")
    add = kind("add", "the idea to bring two people together")
    add.add_argument("a", metavar="A")
    add.add_argument("b", metavar="B")
    for name, metavar, text in (
        ("purpose", "TEXT", "what it is about"),
        ("asked-by", "WHO", "who wanted it"),
        ("endorsement", "LEVEL", "know_of, met, worked_with or vouch"),
        ("goal", "TEXT", "the goal or need of one of them that it serves"),
    ):
        add.add_argument(f"--{name}", default="", metavar=metavar, help=text)
    move = kind("move", "move it on: asked_first, asked_second, both_yes, made, met, outcome, thanked, closed, …")
    move.add_argument("id", metavar="ID")
    move.add_argument("state", nargs="+", metavar="STATE")
    move.add_argument("--note", default="", metavar="TEXT")
    move.add_argument("--on", metavar="DATE")
    move.add_argument("--outcome", default="", metavar="TEXT", help="what came of it")
    move.add_argument("--value", type=float, metavar="MONEY", help="what it was worth")
    introduced = kind("introduced", "somebody introduced you to TO")
    introduced.add_argument("by", metavar="BY")
    introduced.add_argument("to", metavar="TO")
    introduced.add_argument("--purpose", default="", metavar="TEXT")
    introduced.add_argument("--on", metavar="DATE")


def _add_finding(commands: Any, common: argparse.ArgumentParser) -> None:
    find = command(commands, common, "find", "who can help with something, in your own words", ("finding", "run_find"))
    find.add_argument("what", nargs="+", metavar="QUESTION", help="“who can help with X”, perhaps “in Y”")
    find.add_argument("--place", default="", metavar="P", help="only people in or near this place")
    find.add_argument("--stage", type=read_stage, metavar="STAGE", help="1 to 7, or its name")
    find.add_argument("--warm", action="store_true", help="only people whose tie is alive")
    find.add_argument("--limit", type=int, default=10)
    text = "which model compares needs and offers; `use DIR` takes one of yours, `reset` the packaged one"
    semantic = command(commands, common, "semantic", text, ("finding", "run_semantic"))
    semantic.add_argument("act", nargs="?", default="status", choices=("status", "use", "reset"))
    semantic.add_argument("folder", nargs="?", default="", metavar="DIR", help="with model.safetensors and vocab.txt")


def _add_asking(commands: Any, common: argparse.ArgumentParser) -> None:
    ask = commands.add_parser("ask", help="the right to ask: check it first, write asks down, plan one")
    kinds = ask.add_subparsers(metavar="WHAT", required=True)

    def kind(name: str, text: str) -> argparse.ArgumentParser:
        return command(kinds, common, name, text, ("asking", f"run_{name}"))

    for name, text in (
        ("check", "am I ready to ask this person for that much, and what comes first"),
        ("record", "write down that you asked, with the outcome if you know it"),
        ("plan", "an ask for a day to come; what is given before it is planned too"),
    ):
        parser = kind(name, text)
        parser.add_argument("who", nargs="+", metavar="WHO")
        parser.add_argument("--size", type=int, required=True, choices=range(1, 6), help="1 a question, 5 a career")
        parser.add_argument("--kind", default="", help="interview, help, introduction, reference, sales, job, …")
        if name != "check":
            parser.add_argument("--text", default="", help="what for")
            parser.add_argument("--on", metavar="DATE", required=name == "plan")
        if name == "record":
            parser.add_argument("--outcome", default="", choices=("gladly", "reluctantly", "refused", "silence"))
            parser.add_argument("--planned", metavar="ID", help="the planned ask that this was")
    outcome = kind("outcome", "what came of an ask")
    outcome.add_argument("id", metavar="ID")
    outcome.add_argument("outcome", choices=("gladly", "reluctantly", "refused", "silence"))
    outcome.add_argument("--on", metavar="DATE")
    kind("drop", "a planned ask is not made").add_argument("id", metavar="ID")
    kind("list", "asks without an answer, planned and past")
    text = "who waits for your thanks; with WHO: you thanked them"
    thanks = command(commands, common, "thanks", text, ("asking", "run_thanks"))
    thanks.add_argument("who", nargs="*", metavar="WHO")
    channels = ("email", "message", "call", "video", "note", "gift", "meeting")
    thanks.add_argument("--channel", default="call", choices=channels)
    thanks.add_argument("--note", default="")
    thanks.add_argument("--on", metavar="DATE")


def _add_clips(commands: Any, common: argparse.ArgumentParser) -> None:
    text = "keep a link or a note to pass on, and see whom it suits"
    clip = command(commands, common, "clip", text, ("clips", "run_clip"))
    clip.add_argument("text", nargs="+", help="an address, with a title if you like, or a note")
    clip.add_argument("--note", default="", help="why it is worth reading")


def _add_accounts(commands: Any, common: argparse.ArgumentParser) -> None:
    text = "look at accounts on servers now; `sync add KIND URL USER` adds one and asks for its password"
    sync = command(commands, common, "sync", text, ("accounts", "run_sync"))
    sync.add_argument(
        "words", nargs="*", metavar="ACCOUNT", help="its name; all that are due if left out; or add KIND URL USER"
    )
    sync.add_argument("--address", default="", metavar="ADDRESS", help="your mail address there, if USER is none")
    sync.add_argument("--name", default="", help="what to call a new account")


ALL = (
    _add_serving,
    _add_imports,
    _add_accounts,
    _add_daily,
    _add_review,
    _add_people,
    _add_finding,
    _add_bank,
    _add_clips,
    _add_asking,
    _add_introductions,
    _add_identity,
    _add_keeping,
    _add_measuring,
)
"""In the order of `kith --help`."""
