"""Maildir: one file per mail in `cur` and `new`, folders within folders (Maildir++ and plain directories)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from kithbook.core.errors import Invalid
from kithbook.core.records import Mail, Problem
from kithbook.sources.base import Progress
from kithbook.sources.eml import read_mail_file
from kithbook.sources.mailheaders import HeaderReader

# The colon is no character for names on Windows: some programs write ; or ! instead.
_INFO = re.compile(r"[:;!]2,([A-Za-z]*)\Z")
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_FLAG_LABELS = {"D": "Drafts", "T": "Trash"}


def stable_name(name: str) -> str:
    """The part of a message's file name that stays when its flags change or it moves from `new` to `cur`."""
    return _INFO.sub("", name)


def _folders(path: str) -> Iterator[str]:
    """Every directory at or below `path` that has a `cur` or a `new`, in a stable order."""
    for directory, names, _ in os.walk(path):
        names.sort()
        if "cur" in names or "new" in names:
            yield directory
        names[:] = [name for name in names if name not in ("cur", "new", "tmp")]


def folder_name(path: str, root: str) -> str:
    """The name of a folder for people, "" for the inbox: `.Archive.2024` is Archive/2024, `&AOQ-` is a letter."""
    relative = os.path.relpath(path, root).replace(os.sep, "/")
    parts = [part for part in relative.split("/") if part != "."]
    name = "/".join(part[1:].replace(".", "/") if part.startswith(".") else part for part in parts)
    return _SHIFTED.sub(_unshift, name)


def _unshift(match: re.Match[str]) -> str:
    """One stretch of IMAP's modified UTF-7 (RFC 3501, 5.1.3)."""
    if not match[1]:
        return "&"
    try:
        return f"+{match[1].replace(',', '/')}-".encode("ascii").decode("utf-7")
    except UnicodeError:
        return match[0]


class MaildirSource:
    """A Maildir with all its folders."""

    kind = "maildir"

    def __init__(self, path: str | os.PathLike[str], *, latest: int) -> None:
        """`latest` is now, in epoch seconds."""
        self.path = os.fspath(path)
        self._latest = latest
        self.list_addresses: set[str] = set()
        self.current = ""
        """The file of the mail last yielded."""

    def records(self, progress: Progress | None = None) -> Iterator[Mail | Problem]:
        """Yield a Mail or a Problem per message file; raises Invalid if there is no Maildir at or below the path.

        The folder's name and the flags for drafts and trash become labels, as Gmail's are. Progress counts files.
        """
        folders = list(_folders(self.path))
        if not folders:
            name = os.path.basename(self.path.rstrip(os.sep)) or self.path  # noqa: PTH119
            raise Invalid(f"{name} is not a Maildir.", "A Maildir is a directory with the directories cur and new.")
        reader = HeaderReader(latest=self._latest, file_at=0, where=self.path)
        self.list_addresses = reader.list_addresses
        total = sum(1 for folder in folders for _ in self._files(folder)) if progress else 0
        done = 0
        for folder in folders:
            label = folder_name(folder, self.path)
            for name, file in self._files(folder):
                record = read_mail_file(file, reader)
                self.current = file
                yield (
                    record._replace(labels=record.labels + _labels(label, name)) if isinstance(record, Mail) else record
                )
                done += 1
                if progress:
                    progress(done, total)

    def _files(self, folder: str) -> Iterator[tuple[str, str]]:
        """(Name, path) of the messages of a folder, each once even while it moves from `new` to `cur`."""
        seen = ""
        entries = [
            (stable_name(entry.name), part, entry.name, entry.path)
            for part in ("cur", "new")
            if os.path.isdir(os.path.join(folder, part))  # noqa: PTH112, PTH118
            for entry in os.scandir(os.path.join(folder, part))  # noqa: PTH118
            if not entry.name.startswith(".") and entry.is_file()
        ]
        for stable, _, name, path in sorted(entries):
            if stable != seen:
                yield name, path
            seen = stable


def _labels(folder: str, name: str) -> tuple[str, ...]:
    info = _INFO.search(name)
    flags = [_FLAG_LABELS[flag] for flag in (info[1] if info else "") if flag in _FLAG_LABELS]
    return tuple([folder] if folder else []) + tuple(flags)
