"""From a path to the sources in it: a file, a folder, a Maildir, a zip. Kinds are found by content."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from os import PathLike
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from types import MappingProxyType

from kithbook.core.columns import signature
from kithbook.core.errors import Invalid, KithbookError
from kithbook.core.records import Problem
from kithbook.sources.addresstable import AddressTableSource
from kithbook.sources.base import Source
from kithbook.sources.kinds import TEXT_KINDS, make_text_source
from kithbook.sources.linkedin import CONNECTIONS, LinkedInSource
from kithbook.sources.linkedinfiles import FILES, LinkedInFileSource, kind_of
from kithbook.sources.memory import MemorySource
from kithbook.sources.opening import told_plainly
from kithbook.sources.sniffing import HEAD, Kind, sniff
from kithbook.sources.vcard import VcardSource
from kithbook.sources.zipmember import OpenedZip, ZipMemberSource, list_members
from kithbook.sources.zips import find_member, open_zip

__all__ = ["Kind", "detect", "make_source", "open_sources"]

_KINDS = ("mbox", "maildir", "eml", "vcard", "linkedin", "table", *(kind.name for kind in TEXT_KINDS))
_HINT = (
    "Give mail (mbox, Maildir, .eml), address books (.vcf, .csv, .ldif), calendars (.ics), LinkedIn's export, chats of "
    "WhatsApp, Telegram or Facebook, calls and messages of SMS Backup & Restore, or Monica's export."
)
Tables = Mapping[int, Mapping[str, str]]
_LINKEDIN_OWNER = ("Profile.csv", "Email Addresses.csv")
_LINKEDIN_TALKS = (CONNECTIONS, "messages.csv", "Invitations.csv")


def detect(path: str | PathLike[str]) -> Kind:
    """What kind of thing is at this path, with the reason. At most the first 64 KB of a file are read.

    Raises NotFound for a missing path and Unavailable where it cannot be read.
    """
    path = Path(path)
    mode = _stat(path).st_mode
    if S_ISDIR(mode):
        if _is_maildir(path):
            return Kind("maildir", "It has the folders cur and new.")
        return Kind("folder", "It is a folder.")
    if not S_ISREG(mode):
        return Kind("unknown", "It is a device or a pipe, no file.")
    with told_plainly(path), path.open("rb") as file:
        kind = sniff(file.read(HEAD))
        if kind.name == "zip":
            file.seek(0)
            with open_zip(file, path.name) as archive:
                if any(find_member(archive, name) for name in (*_LINKEDIN_TALKS, *_LINKEDIN_OWNER)):
                    return Kind("linkedin-zip", "It is a zip with the files of LinkedIn's export.")
        return kind


def open_sources(
    path: str | PathLike[str],
    *,
    kind: str | None = None,
    latest: int,
    zone: dt.tzinfo = dt.UTC,
    tables: Mapping[int, Mapping[str, str]] = MappingProxyType({}),
    aside: list[str] | None = None,
) -> list[Source]:
    """The sources at a path, in the order of their names; a folder and a zip can hold several.

    `latest` is the newest time that is believed, in epoch seconds, `zone` that of times without one. With `kind`
    nothing is guessed. `tables` says what columns mean, by the signature of their names. Hidden files are skipped,
    links are followed once, a file of a folder that cannot be read becomes a source with one Problem; `aside` takes
    the names of files of a folder or zip that are of no kind known here. Raises NotFound
    for a missing path, Invalid where nothing readable is there, Unavailable where the path itself cannot be read.
    """
    path = Path(path)
    if kind is not None:
        plain = _plain_kind(kind)
        whole = plain == "maildir" or not S_ISDIR(_stat(path).st_mode)
        return [make_source(plain, file, latest, zone) for file in ([path] if whole else _walk(path))]
    found, left = detect(path), [] if aside is None else aside
    if found.name == "folder":
        sources = [source for file in _walk(path) for source in _open_inside(file, latest, zone, tables, left)]
        if not sources:
            raise Invalid(f"The folder {path.name or path} holds nothing that can be imported.", _HINT)
        return sources
    return _open_found(path, found, latest, zone, tables, left)


def make_source(kind: str, path: Path, latest: int, zone: dt.tzinfo = dt.UTC) -> Source:
    """The source for one of the kinds that can be asked for."""
    if kind == "vcard":
        return VcardSource(path)
    if kind == "linkedin":
        return LinkedInSource(path)
    if kind == "table":
        return AddressTableSource(path)
    if kind == "mbox":
        from kithbook.sources.mbox import MboxSource

        return MboxSource(str(path), latest=latest)
    if kind == "maildir":
        from kithbook.sources.maildir import MaildirSource

        return MaildirSource(str(path), latest=latest)
    if kind == "eml":
        from kithbook.sources.eml import EmlSource

        return EmlSource(str(path), latest=latest)
    return make_text_source(kind, path, latest, zone)


def _plain_kind(kind: str) -> str:
    plain = kind.lower().strip()
    plain = "linkedin" if plain.startswith("linkedin") else plain
    if plain not in _KINDS:
        raise Invalid(f"There is no kind “{kind[:40]}”.", f"The kinds are {', '.join(_KINDS)}.")
    return plain


def _open_found(
    path: Path, found: Kind, latest: int, zone: dt.tzinfo, tables: Tables, aside: list[str]
) -> list[Source]:
    if found.name == "zip":
        return _open_members(path, partial(make_source, latest=latest, zone=zone), aside)
    if found.name == "linkedin-zip":
        return _open_linkedin(path, latest, zone)
    if found.name == "linkedin-file":
        part = kind_of(frozenset(name.lower() for name in found.columns), path.name)
        if part is None:
            raise Invalid(f"{path.name} holds nothing that can be imported.", "It is a talk with LinkedIn's assistant.")
        return [LinkedInFileSource(path, part, latest=latest, zone=zone)]
    if found.columns and signature(found.columns) in tables:
        return [AddressTableSource(path, columns=tables[signature(found.columns)])]
    if found.name in ("unknown", "packed"):
        if found.columns:
            told = ", ".join(column[:40] for column in found.columns[:20] if column)
            raise Invalid(
                f"{path.name} is a table whose columns are not known: {told}.",
                "Say on the import page what they mean.",
                columns=list(found.columns[:20]),
            )
        raise Invalid(f"{path.name} cannot be imported. {found.reason}", _HINT)
    return [make_source(_plain_kind(found.name), path, latest, zone)]


def _open_members(path: Path, make: Callable[[str, Path], Source], aside: list[str]) -> list[Source]:
    """The members of a zip that can be read, and what to do about those that cannot be read like this."""
    with path.open("rb") as file, open_zip(file, path.name) as archive:
        members = list(list_members(archive))
    readable = [(member, kind) for member, kind, problem in members if kind]
    problems = tuple(Problem(f"{path.name}/{member}", problem) for member, _, problem in members if problem)
    if not readable:
        first = f"{problems[0].what}" if problems else ""
        raise Invalid(f"{path.name} holds nothing that can be imported. {first}".strip(), _HINT)
    aside += [f"{path.name}/{member}" for member, kind, problem in members if not kind and not problem]
    opened, last = OpenedZip(path), readable[-1]
    sources: list[Source] = [ZipMemberSource(opened, *one, make, is_last=one == last) for one in readable]
    return [*sources, *([MemorySource(problems, kind="unread", path=str(path))] if problems else [])]


def _open_linkedin(path: Path, latest: int, zone: dt.tzinfo) -> list[Source]:
    """The connections first: other files name people who are found among them."""
    with path.open("rb") as file, open_zip(file, path.name) as archive:
        there = [one for one in FILES if find_member(archive, one.name)]
        has_connections = find_member(archive, CONNECTIONS) is not None
    others = [LinkedInFileSource(path, one, latest=latest, zone=zone) for one in there]
    return [*([LinkedInSource(path)] if has_connections or not others else []), *others]


def _open_inside(path: Path, latest: int, zone: dt.tzinfo, tables: Tables, aside: list[str]) -> list[Source]:
    """The sources of one file of a folder; files of other kinds give none and are noted."""
    try:
        found = detect(path)
        beside = [name for name in _LINKEDIN_TALKS if path.with_name(name).exists()]
        if found.name == "table" and path.name == "Courses.csv" and beside:
            found = Kind("unknown", "It is the courses of LinkedIn's export, which look like names with phones.")
        if path.name in _LINKEDIN_OWNER and beside:
            return []  # the owner, who is read together with the others
        if found.name != "unknown":
            return _open_found(path, found, latest, zone, tables, aside)
        aside.append(path.name)
        return []
    except KithbookError as error:
        if isinstance(error, Invalid) and error.message.endswith("nothing that can be imported."):
            aside.append(path.name)
            return []
        return [MemorySource((Problem(path.name, error.told),), kind="unread", path=str(path))]


def _walk(folder: Path) -> Iterator[Path]:
    """Files and Maildirs under a folder, by name, each once however many links lead to it."""
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            info = path.stat()
            if (info.st_dev, info.st_ino) in seen:
                continue
            seen.add((info.st_dev, info.st_ino))
            if not S_ISDIR(info.st_mode):
                if S_ISREG(info.st_mode):
                    yield path
                continue
            maildir = _is_maildir(path)
            inside = sorted(path.iterdir(), reverse=True)
        except OSError:
            if path == folder:
                with told_plainly(path):
                    raise
            if not path.is_symlink():  # a link to nowhere is nothing; a locked folder is worth a word
                yield path
            continue
        if maildir:
            yield path
        else:
            waiting += (child for child in inside if not child.name.startswith("."))


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _stat(path: Path) -> os.stat_result:
    with told_plainly(path):
        return path.stat()
