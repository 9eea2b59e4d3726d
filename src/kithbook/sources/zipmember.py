"""One file inside a zip as a source: unpacked to a temporary folder while it is read, and deleted afterwards."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
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


def list_members(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(path inside, kind) of each member that can be read, in the order of their paths; hidden ones are skipped."""
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        name = base_name(info)
        if info.is_dir() or not name or name.startswith(".") or info.filename.startswith("__MACOSX/"):
            continue
        try:
            with read_member(archive, info, limit=max(info.file_size, HEAD)) as stream:
                kind = _READABLE.get(sniff(stream.read(HEAD)).name)
        except (Invalid, OSError):
            continue
        if kind:
            yield info.filename, kind


class ZipMemberSource:
    """A member of a zip, read by the source of its kind.

    `make` builds that source from (kind, path). `list_addresses` are those that a mailbox found, once it
    was read. `records` raises Unavailable where the disk has no room for it, Invalid where the zip is broken or a
    trap.
    """

    def __init__(self, archive: Path, member: str, kind: str, make: Callable[[str, Path], Source]) -> None:
        self.path = f"{archive}/{member}"
        self.kind = kind
        self.list_addresses: set[str] = set()
        self._archive, self._member, self._make = archive, member, make

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield what the member holds; of a damaged one what could be unpacked, and a Problem."""
        with tempfile.TemporaryDirectory(prefix="kithbook-") as folder:
            target = Path(folder) / (_UNSAFE.sub("_", Path(self._member).name)[-100:].lstrip(".") or "member")
            damage = self._unpack(target)
            source = self._make(self.kind, target)
            yield from source.records(progress)
            self.list_addresses = getattr(source, "list_addresses", self.list_addresses)
            if damage:
                yield Problem(self._archive.name, f"Only the first part of {target.name} was read: {damage}.")

    def _unpack(self, target: Path) -> str:
        """Write the member to `target`; returns what went wrong half-way, "" if nothing did."""
        try:
            with self._archive.open("rb") as file, open_zip(file, self._archive.name) as archive:
                info = archive.getinfo(self._member)
                _check_size(info, target.parent)
                with read_member(archive, info, limit=info.file_size) as stream, target.open("wb") as out:
                    try:
                        shutil.copyfileobj(stream, out, _BLOCK)
                    except DamagedZip as error:
                        return str(error.strerror)
        except KeyError:
            raise Unavailable(f"{self._member} is no longer in {self._archive.name}.") from None
        except OSError as error:
            raise Unavailable(f"{self._archive.name} cannot be unpacked: {error.strerror}.") from None
        return ""


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
