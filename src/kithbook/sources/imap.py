"""Mail headers of a mailbox on a server: fetched in rounds into a spool, and read from there like any other source.

The network is read outside of any transaction. A round holds a limited number of headers; where a folder was left is
kept as (UIDVALIDITY, highest UID), so that the next round goes on there.
"""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Protocol

from kithbook.core.records import Mail, Problem
from kithbook.sources.base import Progress
from kithbook.sources.imapclients import Folder, FolderState, Header
from kithbook.sources.mailheaders import HeaderReader

ROUND_MAILS = 10_000
ROUND_BYTES = 48 << 20
BATCH = 200
UIDS_AT_ONCE = 50_000
_LENGTHS = struct.Struct(">IIqH")

Cursor = Mapping[str, Mapping[str, int]]
"""By folder name: {"uidvalidity", "uid" (the highest that was read), "modseq"}."""


class Box(Protocol):
    """What is needed of an open mailbox; see `imapclients.Mailbox`."""

    def state(self, folder: str) -> FolderState:
        """The numbers of a folder."""
        ...

    def examine(self, folder: str) -> FolderState:
        """Open it for reading."""
        ...

    def uids(self, first: int, last: int) -> list[int]:
        """UIDs in a range."""
        ...

    def last_uid(self) -> int:
        """The highest UID."""
        ...

    def headers(self, uids: list[int]) -> list[Header]:
        """Headers of messages."""
        ...


class ImapSpool:
    """Header blocks on disk, in a file without a name that is gone when it is closed, however the program ends."""

    def __init__(self) -> None:
        self.mails = 0
        self.size = 0
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed by `close`

    @property
    def is_full(self) -> bool:
        """Whether it is time to import what is there."""
        return self.mails >= ROUND_MAILS or self.size >= ROUND_BYTES

    def add(self, folder: str, header: Header) -> None:
        """Keep one header."""
        name = folder.encode("utf-8", "replace")[:1_000]
        self._file.write(_LENGTHS.pack(len(header.block), header.uid & 0xFFFFFFFF, header.at, len(name)))
        self._file.write(name)
        self._file.write(header.block)
        self.mails += 1
        self.size += len(header.block)

    def __iter__(self) -> Iterator[tuple[str, Header]]:
        """All that was kept, from the beginning."""
        self._file.seek(0)
        while head := self._file.read(_LENGTHS.size):
            length, uid, at, name_length = _LENGTHS.unpack(head)
            name = self._file.read(name_length).decode("utf-8", "replace")
            yield name, Header(uid, at, self._file.read(length))

    def close(self) -> None:
        """Delete it."""
        self._file.close()


class ImapSource:
    """The headers of a spool as mails."""

    kind = "imap"

    def __init__(self, spool: ImapSpool, name: str, *, latest: int) -> None:
        """`name` is the account's, for messages; `latest` is now in epoch seconds."""
        self.path = name
        self.list_addresses: set[str] = set()
        self._spool, self._latest = spool, latest

    def records(self, progress: Progress | None = None) -> Iterator[Mail | Problem]:
        """Yield a Mail or a Problem for each header."""
        reader = HeaderReader(latest=self._latest, file_at=0, where=self.path)
        self.list_addresses = reader.list_addresses
        for number, (folder, header) in enumerate(self._spool, 1):
            reader.file_at = header.at
            block = b"\n" + header.block
            record = reader.read(block, 0, len(block), header.uid)
            if type(record) is Problem:
                record = Problem(f"{folder}, message {header.uid}", record.what)
            yield record
            if progress and (number == self._spool.mails or not number % BATCH):
                progress(number, self._spool.mails)


@dataclass(slots=True)
class Round:
    """What one round fetched: where each folder stands now, and sentences about what was unusual."""

    cursor: dict[str, dict[str, int]]
    is_complete: bool = True
    notes: list[str] = field(default_factory=list)


def chosen(folders: Iterable[Folder], wanted: Iterable[str]) -> list[str]:
    """The folders to read: those named, else all but spam, trash and drafts.

    Where one folder holds all mail (as at Gmail) it is read alone: the others only repeat it.
    """
    there = list(folders)
    names = set(wanted)
    if names:
        return [folder.name for folder in there if folder.name in names]
    everything = [folder.name for folder in there if folder.kind == "all"]
    return everything or [folder.name for folder in there if folder.kind not in ("spam", "trash", "drafts")]


def fetch_round(
    box: Box,
    folders: Iterable[str],
    cursor: Cursor,
    spool: ImapSpool,
    *,
    skip_renumbered: bool = False,
    beat: Callable[[], Any] = lambda: None,
) -> Round:
    """Fetch what is new since `cursor` until the spool is full.

    A folder whose UIDVALIDITY changed is read again from the start (mails are known by content, so nothing comes
    twice), or, with `skip_renumbered`, only from now on. `beat` is called after each batch.
    """
    found = Round({name: dict(place) for name, place in cursor.items()})
    for folder in folders:
        if spool.is_full:
            found.is_complete = False
            break
        before = found.cursor.get(folder, {})
        now = box.state(folder)
        if _is_unchanged(before, now):
            continue
        found.cursor[folder] = _fetch_folder(box, folder, before, spool, found, skip_renumbered, beat)
    return found


def _is_unchanged(before: Mapping[str, int], now: FolderState) -> bool:
    """Whether nothing can be new: no UID was given out since, or nothing at all was changed."""
    if before.get("uidvalidity") != now.uidvalidity:
        return False
    same_modseq = now.modseq > 0 and before.get("modseq") == now.modseq
    return same_modseq or (now.uidnext > 0 and before.get("uid", 0) + 1 >= now.uidnext)


def _fetch_folder(
    box: Box,
    folder: str,
    before: Mapping[str, int],
    spool: ImapSpool,
    found: Round,
    skip_renumbered: bool,
    beat: Callable[[], Any],
) -> dict[str, int]:
    now = box.examine(folder)
    end = now.uidnext - 1 if now.uidnext else box.last_uid()
    at = before.get("uid", 0)
    if before and before.get("uidvalidity") != now.uidvalidity:
        at = end if skip_renumbered else 0
        again = "only new mail is read from it" if skip_renumbered else "it was read again"
        found.notes.append(f"The server numbered the folder {folder} anew; {again}.")
    while at < end and not spool.is_full:
        window = min(at + UIDS_AT_ONCE, end)
        at = _fetch_window(box, folder, box.uids(at + 1, window), window, spool, beat)
    if at < end:
        found.is_complete = False
    # Half a folder must be looked at again even if nothing changes there.
    return {"uidvalidity": now.uidvalidity, "uid": at, "modseq": now.modseq if at >= end else 0}


def _fetch_window(
    box: Box, folder: str, uids: list[int], window: int, spool: ImapSpool, beat: Callable[[], Any]
) -> int:
    """Fetch these messages until the spool is full; returns up to which UID everything is there."""
    for start in range(0, len(uids), BATCH):
        part = uids[start : start + BATCH]
        for header in box.headers(part):
            spool.add(folder, header)
        beat()
        if spool.is_full and start + BATCH < len(uids):
            return part[-1]
    return window
