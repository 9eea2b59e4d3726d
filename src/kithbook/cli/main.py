"""`kith`: parses the command line, runs one command, prints its answer; heavy imports wait until they are needed."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from kithbook import __version__
from kithbook.cli import parsers
from kithbook.core.errors import Invalid, KithbookError, Unavailable, sentences

DONE, FAILED, WRONG_USAGE = 0, 1, 2
TALKING = frozenset(("serve", "demo", "mcp", "import", "sync"))
"""Commands that say themselves what they are at, or ask for something."""


def run(argv: Sequence[str] | None = None) -> NoReturn:
    """Entry point of the `kith` command."""
    # Our matrices are small: threads of BLAS only wait for each other (three times slower on a busy machine).
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(main(sys.argv[1:] if argv is None else list(argv)))


def main(argv: Sequence[str]) -> int:
    """Run one command and return the exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    _prepare_streams()
    wants_json = False
    try:
        args = build_parser().parse_args(argv)
        wants_json = getattr(args, "json", False)
        _take_home(args)
        view = _run(args)
        if view is not None:
            answer(view, wants_json)
    except SystemExit:  # argparse has said what it had to say, perhaps to somebody who left
        _flush()
        raise
    except KithbookError as error:
        return _report(error, wants_json)
    except KeyboardInterrupt:
        return _report(Unavailable("Stopped; nothing half-done was kept."), wants_json)
    except BrokenPipeError:
        _drop_output()
        return DONE
    except Exception as error:  # the outermost face: whatever happens, one sentence and no traceback
        if os.environ.get("KITHBOOK_DEBUG"):
            raise
        return _report(understood(error), wants_json)
    return DONE


def _run(args: argparse.Namespace) -> Any:
    """The view of a command; who waits longer than a second is told so."""
    if args.command in TALKING:
        return args.run(args)
    from kithbook.cli.progress import Waiting

    with Waiting():
        return args.run(args)


def _prepare_streams() -> None:
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # started with it closed, as in `kith today >&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for as long as we run
        elif hasattr(stream, "reconfigure"):  # file names can hold bytes that no encoding has
            stream.reconfigure(errors="replace")


def _take_home(args: argparse.Namespace) -> None:
    """Let `--home` name the data folder; a variable of a script that is empty must not mean the usual one."""
    home = getattr(args, "home", None)
    if home is None:
        return
    if not home.strip():
        raise Invalid("--home names no folder.", "Write --home DIR, or leave it out.")
    os.environ["KITHBOOK_HOME"] = home


def _flush() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()


def _drop_output() -> None:
    """Nobody takes the rest of the answer: what is left in the buffer goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
    view = error.details.get("view")
    if wants_json:
        from kithbook.services.views import as_json

        body: dict[str, Any] = {"kind": error.kind, "message": message, "hint": hint}
        candidates = error.details.get("candidates") or [one for choice in choices for one in choice.candidates]
        if candidates:
            body["candidates"] = as_json(candidates)
        if choices:
            body["choices"] = as_json(choices)
        line = json.dumps({"error": body, **(as_json(view) if view else {})}, ensure_ascii=False)
        print(line, file=sys.stderr)
        with contextlib.suppress(OSError):
            print(line)
        _flush()
    else:
        if choices:
            hint = f"Say who is meant: {_options(choices)}."
        if view:
            answer(view, wants_json)
        print(sentences(message, hint), file=sys.stderr)
    return FAILED


def _one_line(text: str) -> str:
    from kithbook.cli.printing import visible

    return " ".join(visible(text).split())


def _options(choices: Sequence[Any]) -> str:
    """What to add to the sentence so that every name is clear."""
    words = [f"--who “{choice.text}={one.id}” ({one.name})" for choice in choices for one in choice.candidates]
    return ", ".join([*words, *(f"--who “{choice.text}=new” (someone new)" for choice in choices)])


def understood(error: Exception) -> KithbookError:
    """Whatever was raised as a failure that a person can understand."""
    if isinstance(error, KithbookError):
        return error
    name = type(error).__name__
    if name in ("DatabaseError", "OperationalError", "InterfaceError"):
        from kithbook.services.starting import trouble

        return trouble(error)
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
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", required=True)
    for add in parsers.ALL:
        add(commands, common)
    from kithbook.cli import derived

    derived.add_commands(commands, [common])
    commands.choices["op"].set_defaults(run=parsers.late("commands", "run_operation"))
    return parser
