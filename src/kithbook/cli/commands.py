"""What each command does: reads its arguments, calls one service, returns the view to print."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from kithbook.cli.local import local_owner
from kithbook.cli.reading import read_day, read_path
from kithbook.core.errors import Invalid, Refused
from kithbook.services import starting


def run_serve(args: argparse.Namespace) -> None:
    """Serve the app until it is stopped."""
    from kithbook.cli.main import answer
    from kithbook.cli.serving import address_of, serve

    address_of(args.host, args.port)
    wants_json = getattr(args, "json", False)
    tell = (lambda address: answer({"address": address}, wants_json)) if wants_json else _tell_address
    serve(local_owner(), args.host, args.port, tell)


def _tell_address(address: str) -> None:
    print(f"\nKithbook is at {address}  (stop with Ctrl-C)", flush=True)


def run_demo(args: argparse.Namespace) -> Any:
    """Make the demo network once in its own folder, print its week, and serve it.

    Raises Refused where people of the owner's own are in that folder.
    """
    if not getattr(args, "home", None) and not os.environ.get("KITHBOOK_HOME"):
        from kithbook.store.home import home_path

        os.environ["KITHBOOK_HOME"] = str(home_path().with_name("kithbook-demo"))
    from kithbook.cli import serving
    from kithbook.cli.main import answer
    from kithbook.services.views import as_json

    address = "" if args.no_serve else serving.address_of(args.host, args.port)
    owner, week = _make_demo()
    if args.no_serve:
        return week
    if wants_json := getattr(args, "json", False):
        answer({**as_json(week), "address": address}, wants_json)
    else:
        answer(week, wants_json)
    serving.serve(owner, args.host, args.port, (lambda _address: None) if wants_json else _tell_address)
    return None


def _make_demo() -> tuple[Any, Any]:
    """The owner of the demo network, made where it is not there yet, and its week."""
    from kithbook.cli.progress import Waiting

    with Waiting("Making the demo network"):
        owner = local_owner()
        from kithbook.services import demo, people, weeks

        if not demo.is_loaded(owner):
            if people.search(owner, limit=1).total:
                raise Refused(
                    "There are people of your own in this data folder.", "Name another: kith demo --home DIR."
                )
            demo.load(owner)
            owner.refresh_from_db()
        return owner, weeks.week(owner)


def run_mcp(args: argparse.Namespace) -> None:
    """Offer tools to an assistant."""
    from kithbook.mcp import server

    server.run(allow_writes=args.allow_writes)


def run_doctor(_args: argparse.Namespace) -> Any:
    """Check everything; where Kithbook does not even start, what can be looked at from outside."""
    try:
        owner = local_owner()
    except Exception as error:
        from kithbook.cli.main import understood
        from kithbook.services import machine

        told = understood(error)
        hint = "" if "kith doctor" in told.hint else told.hint
        view = machine.check_without_database(type(told)(told.message, hint))
        raise type(told)(told.message, hint, view=view) from error
    from kithbook.services import doctor

    return doctor.check(owner)


def run_import(args: argparse.Namespace) -> Any:
    """Import files, list imports, or take one back."""
    owner = local_owner()
    from kithbook.cli.progress import Bar
    from kithbook.core.ids import to_text
    from kithbook.services import importing

    if args.paths == ["list"] and not Path("list").exists():
        from kithbook.services import batches

        return batches.listing(owner)
    if args.paths[0] == "undo" and len(args.paths) <= 2 and not Path("undo").exists():
        _need_batch(args.paths, "import undo")
        from kithbook.services import batches

        return batches.undo(owner, to_text(batches.find_batch(owner, args.paths[1]).pk))
    with Bar() as bar:
        return importing.run(
            owner,
            [Path(read_path(path)) for path in args.paths],
            me=args.me,
            kind=args.kind,
            dry_run=args.dry_run,
            progress=bar.step,
        )


def _need_batch(words: list[str], command: str) -> None:
    if len(words) == 1:
        raise Invalid("Which batch to take back was not said.", f"Write kith {command} BATCH; see `kith import list`.")


def run_today(_args: argparse.Namespace) -> Any:
    """What to do today."""
    owner = local_owner()
    from kithbook.services import weeks

    return weeks.today(owner)


def run_week(args: argparse.Namespace) -> Any:
    """This week's plan, with other minutes than usual where they are named."""
    owner = local_owner()
    from kithbook.services import weeks

    return weeks.week(owner) if args.minutes is None else weeks.budget(owner, args.minutes)


def run_done(args: argparse.Namespace) -> Any:
    """Mark a touch as done."""
    owner = local_owner()
    from kithbook.services import touches

    return touches.done(owner, args.touch, args.minutes)


def run_snooze(args: argparse.Namespace) -> Any:
    """Put a touch off."""
    owner = local_owner()
    from kithbook.services import touches

    return touches.snooze(owner, args.touch, args.days)


def run_skip(args: argparse.Namespace) -> Any:
    """Not this person this week."""
    owner = local_owner()
    from kithbook.services import touches

    return touches.skip(owner, args.touch)


def run_log(args: argparse.Namespace) -> Any:
    """Write a sentence down, show how it is understood, or take one back."""
    owner = local_owner()
    from kithbook.core.ids import to_text
    from kithbook.services import batches, capturing

    if args.text[0] == "undo" and len(args.text) <= 2:
        _need_batch(args.text, "log undo")
        return batches.undo(owner, to_text(batches.find_batch(owner, args.text[1]).pk))
    choices = dict(_choice(word) for word in args.who)
    text = " ".join(args.text)
    return capturing.understand(owner, text, choices) if args.dry_run else capturing.log(owner, text, choices)


def _choice(word: str) -> tuple[str, str]:
    name, sign, person = word.partition("=")
    if not sign or not name.strip() or not person.strip():
        raise Invalid(f"“{word[:60]}” does not say who is meant.", "Write --who Anna=ID, or --who Anna=new.")
    return name.strip(), person.strip()


def run_met(args: argparse.Namespace) -> Any:
    """Somebody new."""
    owner = local_owner()
    from kithbook.services import capturing

    words = {
        name: [part.strip() for part in getattr(args, name).split(",") if part.strip()]
        for name in ("interests", "needs", "goals")
    }
    return capturing.met(owner, args.name, at=args.at, through=args.through, on=read_day(args.on), **words)


def run_people(args: argparse.Namespace) -> Any:
    """List people."""
    owner = local_owner()
    from kithbook.services import people

    return people.search(
        owner, " ".join(args.query), args.stage, args.state, args.tweeners, args.sort, args.limit, args.offset
    )


def run_person(args: argparse.Namespace) -> Any:
    """Everything about one person."""
    owner = local_owner()
    from kithbook.services import people

    return people.show(owner, " ".join(args.who))


def run_gave(args: argparse.Namespace) -> Any:
    """Something given."""
    owner = local_owner()
    from kithbook.services import bank

    return bank.gave(owner, args.who, args.kind, args.size, args.note, read_day(args.on), **_entry_details(args))


def run_got(args: argparse.Namespace) -> Any:
    """Something got."""
    owner = local_owner()
    from kithbook.services import bank

    return bank.got(owner, args.who, args.kind, args.size, args.note, read_day(args.on), **_entry_details(args))


def _entry_details(args: argparse.Namespace) -> dict[str, Any]:
    """The further options of an entry as the service takes them."""
    names = (
        "others", "minutes", "money", "currency", "asked", "meaningful", "inspired_by", "objective", "goal", "group",
        "satisfaction", "outside_balance",
    )  # fmt: skip
    return {name: getattr(args, name) for name in names}


def run_export(args: argparse.Namespace) -> Any:
    """Everything out."""
    owner = local_owner()
    from kithbook.services import exporting

    return exporting.export(owner, Path(read_path(args.folder)), args.format)


def run_backup(args: argparse.Namespace) -> Any:
    """A copy of the database."""
    local_owner()
    from kithbook.services import backups

    return backups.backup(Path(read_path(args.file)))


def run_restore(args: argparse.Namespace) -> Any:
    """A copy back in place; the present database may be damaged, so nothing is read from it before."""
    starting.start_django()
    from kithbook.services import backups

    path = Path(read_path(args.file))
    return backups.rehearse(path) if args.rehearse else backups.restore(path)


def run_operation(args: argparse.Namespace) -> Any:
    """Any operation by its name."""
    owner = local_owner()
    from kithbook.cli import derived

    return derived.run(args, owner)


def bench_ties(args: argparse.Namespace) -> Any:
    """Score the warmth model."""
    from kithbook.bench import ties

    egos, predictions = (path and Path(read_path(path)) for path in (args.egos, args.predictions))
    return ties.run(Path(read_path(args.file)), args.horizon, egos, predictions)


def bench_plan(args: argparse.Namespace) -> Any:
    """Compare ways to spend the same minutes; every cell with `--json`, the summary in words."""
    from kithbook.bench import plan

    found = plan.run()
    return found if getattr(args, "json", False) else {"summary": found["summary"]}


def bench_pages(args: argparse.Namespace) -> Any:
    """Measure every page."""
    from kithbook.bench import pages

    found = pages.run(args.people, args.interactions, args.runs)
    return found if getattr(args, "json", False) else "\n".join(pages.lines_of(found))


def bench_import(args: argparse.Namespace) -> Any:
    """Measure an import."""
    from kithbook.bench import imports

    return imports.run(Path(read_path(args.file)), args.me, args.runs, kind=args.kind)
