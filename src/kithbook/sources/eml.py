"""One mail in one file (.eml, Apple's .emlx, a message of a Maildir): only its header is read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from kithbook.core.errors import Invalid
from kithbook.core.records import Mail, Problem
from kithbook.sources.base import Progress
from kithbook.sources.mailheaders import HEADER_LIMIT, HeaderReader, header_end
from kithbook.sources.opening import told_plainly

_FIRST_READ = 16 * 1024
_BEFORE_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:\d{1,12}[ \t]*\r?\n)?(?:>?From [^\n]{0,1000}\n)?")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
_TELLING = re.compile(
    rb"^(?:From|To|Date|Subject|Message-ID|Received|Sender|Return-Path)[ \t]*:", re.IGNORECASE | re.MULTILINE
)


def looks_like_mail(head: bytes) -> bool:
    """Whether a file that begins with these bytes is one mail: header lines, and among them one that mails have."""
    start = header_start(head)
    if not _HEADER_LINE.match(head, start):
        return False
    block = b"\n" + head[start : start + HEADER_LIMIT]
    return _TELLING.search(block, 1, header_end(block, 0, len(block))) is not None


def header_start(head: bytes) -> int:
    """Behind a byte order mark, blank lines, Apple's count of bytes and a From_ line, if there are such."""
    match = _BEFORE_HEADER.match(head)
    return match.end() if match else 0


def read_head(handle: int) -> bytes:
    """The beginning of an open file, up to the first blank line where that is near, at most HEADER_LIMIT bytes.

    Lines that end as on an old Macintosh get the usual end.
    """
    head = os.read(handle, _FIRST_READ)
    if b"\n" not in head:
        head = head.replace(b"\r", b"\n")
    if len(head) < _FIRST_READ or b"\n\n" in head or b"\n\r\n" in head:
        return head
    parts, size = [head], len(head)
    while size < HEADER_LIMIT:
        part = os.read(handle, HEADER_LIMIT - size)
        if not part:
            break
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def read_mail_file(path: str, reader: HeaderReader) -> Mail | Problem:
    """Read one file that holds one mail; what cannot be read becomes a Problem that names the file."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError as error:
        return Problem(path, f"The file could not be opened: {error.strerror}.")
    try:
        head = read_head(handle)
        reader.file_at = int(os.fstat(handle).st_mtime)
    except OSError as error:
        return Problem(path, f"The file could not be read: {error.strerror}.")
    finally:
        os.close(handle)
    if not head.strip():
        return Problem(path, "The file is empty.")
    if not looks_like_mail(head):
        return Problem(path, "This file does not begin with the header of a mail.")
    reader.where = path
    block = b"\n" + head[header_start(head) :]
    return reader.read(block, 0, len(block), 0)


class EmlSource:
    """A file with one mail."""

    kind = "eml"

    def __init__(self, path: str | os.PathLike[str], *, latest: int) -> None:
        """`latest` is now, in epoch seconds."""
        self.path = os.fspath(path)
        self._latest = latest
        self.list_addresses: set[str] = set()

    def records(self, progress: Progress | None = None) -> Iterator[Mail | Problem]:
        """Yield the one Mail, or the Problem with it; raises Invalid if the file does not begin like a mail at all."""
        with told_plainly(self.path), open(self.path, "rb") as file:  # noqa: PTH123 - paths are plain text in every source
            head = read_head(file.fileno())
        if not looks_like_mail(head):
            what = "is empty" if not head.strip() else "is not a mail"
            name = os.path.basename(self.path)  # noqa: PTH119
            raise Invalid(f"{name} {what}.", "A mail begins with lines such as From:, To:, Date: and Subject:")
        reader = HeaderReader(latest=self._latest, file_at=0, where=self.path)
        self.list_addresses = reader.list_addresses
        yield read_mail_file(self.path, reader)
        if progress:
            progress(1, 1)
