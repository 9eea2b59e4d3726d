"""One file inside a zip as a source: unpacked to a temporary folder while it is read, and deleted afterwards."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from kithbook.core.errors import Invalid, Unavailable
from kithbook.core.records import Problem
from kithbook.sources.base import Progress, Record, Source
from kithbook.sources.kinds import TEXT_KINDS
from kithbook.sources.sniffing import HEAD, sniff
from kithbook.sources.zips import DamagedZip, base_name, open_zip, read_member

_RESERVE = 256 << 20  # bytes that stay free on the disk
_BLOCK = 1 << 20
_READABLE = {
    "mbox": "mbox", "eml": "eml", "vcard": "vcard", "linkedin-connections": "linkedin",
    "table": "table",
    **{kind.name: kind.name for kind in TEXT_KINDS},
}  # fmt: skip
# Text rarely packs better than 20 times; far beyond that, and large, is a trap.
_TRAP_RATIO = 200
_TRAP_SIZE = 1 << 30
_UNSAFE = re.compile(r"[^\w .@()+-]")


def list_members(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, str]]:
    """(path inside, kind, problem) of each member in the order of their paths; hidden ones are skipped.

    The kind is "" for a member that cannot be read; the problem says what to do if it is worth a word.
    """
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        name = base_name(info)
        if info.is_dir() or not name or name.startswith(".") or info.filename.startswith("__MACOSX/"):
            continue
        try:
            with read_member(archive, info, limit=max(info.file_size, HEAD)) as stream:
                found = sniff(stream.read(HEAD))
        except Invalid as error:
            yield info.filename, "", error.told
        except OSError as error:
            yield info.filename, "", f"{name} in the zip cannot be read: {error.strerror}."
        else:
            packed = found.reason if found.name == "packed" else ""
            if found.name == "zip" and name.lower().endswith(".zip"):
                packed = "It is a zip in a zip; unpack it first."
            yield info.filename, _READABLE.get(found.name, ""), packed


class OpenedZip:
    """A zip that is opened once for all its members: one of 10,000 mails has a directory of 10,000 entries."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._archive: zipfile.ZipFile | None = None
        self._leave = ExitStack()

    def open(self) -> zipfile.ZipFile:
        """The archive; raises Invalid where it is broken, OSError where it cannot be read."""
        if self._archive is None:
            with ExitStack() as entered:
                file = entered.enter_context(self.path.open("rb"))
                self._archive = entered.enter_context(open_zip(file, self.path.name))
                self._leave = entered.pop_all()
        return self._archive

    def close(self) -> None:
        """Let go of the file; the next `open` opens it again."""
        self._archive = None
        self._leave.close()


class ZipMemberSource:
    """A member of a zip, read by the source of its kind.

    `make` builds that source from (kind, path). `list_addresses`, `names` and `notes` are those of that source, once it
    was read. `records` raises Unavailable where the disk has no room for it, Invalid where the zip is broken or a
    trap.
    """

    def __init__(
        self, opened: OpenedZip, member: str, kind: str, make: Callable[[str, Path], Source], *, is_last: bool = True
    ) -> None:
        """After reading the last of its members the zip is closed."""
        self.path = f"{opened.path}/{member}"
        self.kind = kind
        self.list_addresses: set[str] = set()
        self.names: tuple[str, ...] = ()
        self.notes: tuple[str, ...] = ()
        self._opened, self._member, self._make, self._is_last = opened, member, make, is_last

    def head(self) -> bytes:
        """The first bytes of the member; raises KithbookError or OSError where they cannot be unpacked."""
        archive = self._opened.open()
        with read_member(archive, info := archive.getinfo(self._member), limit=info.file_size) as stream:
            return stream.read(HEAD)

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield what the member holds; of a damaged one what could be unpacked, and a Problem."""
        with tempfile.TemporaryDirectory(prefix="kithbook-") as folder:
            inside = Path(self._member)
            # A chat of WhatsApp is always called _chat.txt; who it is with stands in the name around it.
            around = Path(folder) / (_safe(inside.parent.name) or _safe(self._opened.path.stem) or "zip")
            around.mkdir()
            target = around / (_safe(inside.name) or "member")
            try:
                damage = self._unpack(target)
            finally:
                if self._is_last:
                    self._opened.close()
            source = self._make(self.kind, target)
            yield from source.records(progress)
            self.list_addresses = getattr(source, "list_addresses", self.list_addresses)
            self.names, self.notes = getattr(source, "names", ()), getattr(source, "notes", ())
            if damage:
                yield Problem(self._opened.path.name, f"Only the first part of {target.name} was read: {damage}.")

    def _unpack(self, target: Path) -> str:
        """Write the member to `target`; returns what went wrong half-way, "" if nothing did."""
        damage = ""
        try:
            archive = self._opened.open()
            info = archive.getinfo(self._member)
            _check_size(info, target.parent)
            with read_member(archive, info, limit=info.file_size) as stream, target.open("wb") as out:
                try:
                    shutil.copyfileobj(stream, out, _BLOCK)
                except DamagedZip as error:
                    damage = str(error.strerror)
            os.utime(target, (0, _written_at(info)))
        except KeyError:
            raise Unavailable(f"{self._member} is no longer in {self._opened.path.name}.") from None
        except OSError as error:
            raise Unavailable(f"{self._opened.path.name} cannot be unpacked: {error.strerror}.") from None
        return damage


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name)[-100:].lstrip(".")


def _written_at(info: zipfile.ZipInfo) -> float:
    """When a member was written, in epoch seconds; 0 where its zip does not say, as 1980 in it means."""
    try:
        at = dt.datetime(*info.date_time, tzinfo=dt.UTC)
    except ValueError:
        return 0
    return at.timestamp() if at.year > 1980 else 0


def _check_size(info: zipfile.ZipInfo, folder: Path) -> None:
    name = base_name(info)
    if info.file_size > _TRAP_SIZE and info.file_size > _TRAP_RATIO * max(info.compress_size, 1):
        raise Invalid(f"{name} in the zip would unpack to {_TRAP_RATIO} times its size; this is no real export.")
    free = shutil.disk_usage(folder).free
    if info.file_size + _RESERVE > free:
        raise Unavailable(
            f"There is no room to unpack {name}: it needs {info.file_size >> 20} MB, {free >> 20} MB are free.",
            "Make room on the disk of the temporary folder (TMPDIR), or unpack the zip elsewhere and give the files.",
        )
