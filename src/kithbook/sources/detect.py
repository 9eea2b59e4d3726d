"""From a path to the sources in it: a file, a folder, a Maildir, a zip. Kinds are found by content."""

from __future__ import annotations

import os
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from kithbook.core.errors import Invalid, KithbookError
from kithbook.core.records import Problem
from kithbook.sources.base import Source
from kithbook.sources.linkedin import LinkedInSource, wrong_columns
from kithbook.sources.memory import MemorySource
from kithbook.sources.opening import told_plainly
from kithbook.sources.sniffing import HEAD, Kind, sniff
from kithbook.sources.vcard import VcardSource
from kithbook.sources.zipmember import ZipMemberSource, list_members
from kithbook.sources.zips import find_member, open_zip

__all__ = ["Kind", "detect", "make_source", "open_sources"]

_KINDS = ("mbox", "maildir", "eml", "vcard", "linkedin")
_HINT = "Give an mbox file, a Maildir folder, .eml or .vcf files, or LinkedIn's zip or Connections.csv."
_LINKEDIN_FILES = ("Profile.csv", "Email Addresses.csv", "messages.csv", "Invitations.csv")


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
                if any(find_member(archive, name) for name in ("Connections.csv", *_LINKEDIN_FILES)):
                    return Kind("linkedin-zip", "It is a zip with the files of LinkedIn's export.")
        return kind


def open_sources(path: str | PathLike[str], *, kind: str | None = None, latest: int) -> list[Source]:
    """The sources at a path, in the order of their names; a folder and a zip can hold several.

    `latest` is the newest time that is believed, in epoch seconds. With `kind` (mbox, maildir, eml, vcard, linkedin)
    nothing is guessed. Hidden files are skipped, links are followed once, a file of a folder that cannot be read
    becomes a source with one Problem. Raises NotFound for a missing path, Invalid where nothing readable is there,
    Unavailable where the path itself cannot be read.
    """
    path = Path(path)
    if kind is not None:
        plain = _plain_kind(kind)
        whole = plain == "maildir" or not S_ISDIR(_stat(path).st_mode)
        return [make_source(plain, file, latest) for file in ([path] if whole else _walk(path))]
    found = detect(path)
    if found.name == "folder":
        sources = [source for file in _walk(path) for source in _open_inside(file, latest)]
        if not sources:
            raise Invalid(f"The folder {path.name or path} holds nothing that can be imported.", _HINT)
        return sources
    return _open_found(path, found, latest)


def make_source(kind: str, path: Path, latest: int) -> Source:
    """The source for one of the kinds that can be asked for."""
    if kind == "vcard":
        return VcardSource(path)
    if kind == "linkedin":
        return LinkedInSource(path)
    if kind == "mbox":
        from kithbook.sources.mbox import MboxSource

        return MboxSource(str(path), latest=latest)
    if kind == "maildir":
        from kithbook.sources.maildir import MaildirSource

        return MaildirSource(str(path), latest=latest)
    from kithbook.sources.eml import EmlSource

    return EmlSource(str(path), latest=latest)


def _plain_kind(kind: str) -> str:
    plain = kind.lower().strip()
    plain = "linkedin" if plain.startswith("linkedin") else plain
    if plain not in _KINDS:
        raise Invalid(f"There is no kind “{kind[:40]}”.", f"The kinds are {', '.join(_KINDS)}.")
    return plain


def _open_found(path: Path, found: Kind, latest: int) -> list[Source]:
    if found.name == "zip":
        with path.open("rb") as file, open_zip(file, path.name) as archive:
            members = list(list_members(archive))
        if not members:
            raise Invalid(f"{path.name} holds nothing that can be imported.", _HINT)
        return [ZipMemberSource(path, member, kind, make_source, latest=latest) for member, kind in members]
    if found.name == "unknown":
        if found.columns:
            raise wrong_columns(path.name, found.columns)
        raise Invalid(f"{path.name} cannot be imported. {found.reason}", _HINT)
    return [make_source(_plain_kind(found.name), path, latest)]


def _open_inside(path: Path, latest: int) -> list[Source]:
    """The sources of one file of a folder; files of other kinds give none."""
    try:
        found = detect(path)
        return [] if found.name == "unknown" else _open_found(path, found, latest)
    except KithbookError as error:
        if isinstance(error, Invalid) and "nothing that can be imported" in error.message:
            return []
        return [MemorySource((Problem(path.name, error.message),), kind="unread", path=str(path))]


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
