"""Mailboxes in one file: mboxrd, mboxo, mboxcl2, Thunderbird's and Gmail Takeout's.

Read in windows of 1 MB at byte positions; only header blocks are looked into, bodies are searched for the next
separator and nothing else. Memory stays the same whatever the size of the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from kithbook.core.errors import Invalid
from kithbook.core.records import Mail, Problem
from kithbook.sources.base import Progress
from kithbook.sources.mailheaders import HEADER_LIMIT, HeaderReader, header_end
from kithbook.sources.opening import told_plainly

_WINDOW = 1024 * 1024
_LOOK_AHEAD = 2048  # a separator line and the name of the first header behind it fit in here
_HEAD = 64 * 1024

_USUAL = (
    rb"[^ \n]+ +[A-Z][a-z][a-z] [A-Z][a-z][a-z] [ \d]?\d \d\d:\d\d:\d\d "
    rb"(?:[+-]\d{4} |[A-Z]{1,5} )?(?:19|20)\d\d\r?\n"
)
_LOOSE = (
    rb"[ \t]*+(?:(?:-|\?\?\?@\?\?\?|\d{10,20}@xxx)(?=[ \t\r\n])"
    rb"|(?=[^\n]{1,400}?[ \tT]\d?\d:\d\d)(?=[^\n]{1,400}?(?<!\d)(?:19|20)\d\d(?!\d))\S++[ \t])[^\n]{0,600}+\n"
)
_LINE = rb"From (?:" + _USUAL + rb"|" + _LOOSE + rb")(?:>From [^\n]{0,400}\n)?"
# Begins with the literal "From ", not with the line feed before it: the regex engine then runs to the next F.
_SEPARATOR = re.compile(
    _LINE.replace(rb"From ", rb"From (?<=\nFrom )", 1)
    + rb"(?:(?:Return-Path|Received|From|To|Date|Subject|Delivered-To|M(?:IME-Version|essage-I[dD])|X-[!-9;-~]{1,70})"
    rb"[ \t]*:|([!-9;-~]{1,70})[ \t]*:)"
)
_FIRST_LINE = re.compile(_LINE + rb"(?:[!-9;-~]{1,100}[ \t]*:|\r?\n|\Z)")
_BEFORE_FIRST = b"\xef\xbb\xbf\r\n\0 \t"

# A body line that looks like a separator is one only where a line follows that really begins a header.
_KNOWN = frozenset(
    b"apparently-to approved auto-submitted autocrypt bcc cc comments date delivered-to delivery-date "
    b"disposition-notification-to distribution encoding encrypted envelope-to errors-to expires feedback-id "
    b"followup-to from importance in-reply-to keywords lines mail-followup-to mailing-list message-id mime-version "
    b"newsgroups organisation organization path posted-date precedence priority received received-spf references "
    b"reply-to require-recipient-valid-since return-path return-receipt-to sender sensitivity status subject "
    b"supersedes to user-agent via xref".split()
)
_KNOWN_PREFIXES = tuple(
    b"x- content- list- dkim- domainkey- arc- authentication- resent- thread- nntp- old- original- ironport- deferred- "
    b"acceptlanguage accept-language x400- bimi- archived-".split()
)


def looks_like_mbox(head: bytes) -> bool:
    """Whether a file that begins with these bytes (64 KB are plenty) is a mailbox: it starts with a From_ line."""
    head = head[:_HEAD]
    return _FIRST_LINE.match(head, _first_byte(head)) is not None


def _first_byte(head: bytes) -> int:
    return len(head) - len(head.lstrip(_BEFORE_FIRST))


def _is_known(name: bytes) -> bool:
    name = name.lower()
    return name in _KNOWN or name.startswith(_KNOWN_PREFIXES)


def _find_separator(window: bytes, position: int) -> int:
    """Where the next From_ line behind `position` begins, -1 if there is none."""
    match = _SEPARATOR.search(window, position)
    while match and match[1] is not None and not _is_known(match[1]):
        match = _SEPARATOR.search(window, match.start() + 5)
    return match.start() if match else -1


class MboxSource:
    """A mailbox file, or the messages of it whose From_ line begins in the bytes [start, stop).

    Two processes can read the halves of one file; only where a Content-Length hides whole fake messages in a body
    does a reader that starts in the middle of that body see them.
    """

    kind = "mbox"

    def __init__(
        self, path: str | os.PathLike[str], *, latest: int, start: int = 0, stop: int | None = None, check: bool = True
    ) -> None:
        """`latest` is now, in epoch seconds; without `check` a file that is no mailbox is read all the same."""
        self.path = os.fspath(path)
        self._latest, self._start, self._stop, self._check = latest, start, stop, check
        self.list_addresses: set[str] = set()

    def records(self, progress: Progress | None = None) -> Iterator[Mail | Problem]:
        """Yield a Mail or a Problem per message, in the order of the file.

        Raises Invalid if the file does not begin like a mailbox at all. `list_addresses` fills with the normal
        forms of mailing-list addresses while reading.
        """
        with told_plainly(self.path):
            handle = os.open(self.path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            state = os.fstat(handle)
            reader = HeaderReader(latest=self._latest, file_at=int(state.st_mtime), where=self.path)
            self.list_addresses = reader.list_addresses
            stop = state.st_size if self._stop is None else min(self._stop, state.st_size)
            yield from _Scan(handle, state.st_size, stop, reader).run(*self._begin(handle), progress)
        finally:
            os.close(handle)

    def _begin(self, handle: int) -> tuple[int, bool]:
        """(Byte to start from, whether a From_ line begins there)."""
        if self._start > 0:
            return self._start - 1, False
        head = os.pread(handle, _HEAD, 0)
        if looks_like_mbox(head):
            return _first_byte(head), True
        if self._check:
            what = "is empty" if not head else "is not a mailbox"
            raise Invalid(
                f"{os.path.basename(self.path)} {what}.",  # noqa: PTH119 - paths are plain text in every source
                "A mailbox (mbox) begins with a line such as: From jane@example.org Mon Jan  1 10:00:00 2024",
            )
        return 0, False


class _Scan:
    """One run over one open file."""

    def __init__(self, handle: int, size: int, stop: int, reader: HeaderReader) -> None:
        self._handle, self._size, self._stop, self._reader = handle, size, stop, reader
        self._base, self._at_separator, self._empty = 0, False, True

    def run(self, base: int, at_separator: bool, progress: Progress | None) -> Iterator[Mail | Problem]:
        """Walk window by window from the file position `base`, where a From_ line begins or not."""
        self._base, self._at_separator = base, at_separator
        self._empty = self._stop == self._size and base == 0
        while self._base < self._stop:
            window = os.pread(self._handle, min(_WINDOW, self._size - self._base), self._base)
            if not window:  # the file got shorter
                break
            if progress:
                progress(self._base, self._stop)
            yield from self._messages(window, self._base)
        if self._empty:
            yield Problem(self._reader.where, "There is no mail in this file.")
        if progress:
            progress(self._stop, self._stop)

    def _go_on(self, base: int, at_separator: bool) -> None:
        self._base, self._at_separator = base, at_separator

    def _messages(self, window: bytes, base: int) -> Iterator[Mail | Problem]:
        """Yield what begins in the window, then say where the next one begins."""
        reader, read, search, last_start = self._reader, self._reader.read, _SEPARATOR.search, self._stop - base
        here = 0 if self._at_separator else _find_separator(window, 0)
        self._empty = self._empty and here < 0
        while 0 <= here < last_start:
            match = search(window, here + 5)
            if match is None or match.lastindex:
                following = _find_separator(window, here + 5)
                if following < 0:
                    yield from self._last_message(window, base, here)
                    return
            else:
                following = match.start()
            line_end = window.find(b"\n", here)
            limit = min(following, line_end + HEADER_LIMIT)
            record = read(window, line_end, limit, base + here, here)
            jump = self._behind_length(window, base, line_end, following) if reader.length else -1
            yield record
            here = following
            if jump >= 0:
                here = jump - base
                if here >= len(window) - _LOOK_AHEAD:
                    self._go_on(jump, True)
                    return
        self._go_on(self._stop if here >= 0 else self._behind(window, base), False)

    def _behind(self, window: bytes, base: int) -> int:
        """Where to look for the next From_ line when this window has no more: all before it is decided."""
        end = base + len(window)
        return end if end >= self._size else max(end - _LOOK_AHEAD, base + 1)

    def _last_message(self, window: bytes, base: int, here: int) -> Iterator[Mail | Problem]:
        """The message with which the window ends, and perhaps the file."""
        line_end = window.find(b"\n", here)
        limit = min(len(window), line_end + HEADER_LIMIT)
        end = header_end(window, line_end, limit)
        complete = base + len(window) >= self._size
        if not complete and here and end >= len(window) - _LOOK_AHEAD:
            self._go_on(base + here, True)  # the next window begins with this message
            return
        record = self._reader.read(window, line_end, limit, base + here, here)
        jump = self._behind_length(window, base, line_end, limit) if self._reader.length and not complete else -1
        if end == len(window) and isinstance(record, Mail) and not _is_usable(record, window):
            where = f"{self._reader.where}, byte {base + here}"
            record = Problem(where, "The file ends in the middle of this message's header.")
        yield record
        self._go_on(jump if jump >= 0 else self._behind(window, base), jump >= 0)

    def _behind_length(self, window: bytes, base: int, line_end: int, limit: int) -> int:
        """File position of the From_ line (or of the file's end) that Content-Length leads to; -1 if to neither."""
        digits = self._reader.length.strip()
        end = header_end(window, line_end, limit)
        if not digits.isdigit() or len(digits) > 12 or end == limit:
            return -1
        before = window.find(b"\n", end + 1) + int(digits)  # the last byte of the body
        if base + before >= self._size:
            return self._size if base + before == self._size - 1 else -1
        tail = window[before : before + _LOOK_AHEAD]
        if len(tail) < _LOOK_AHEAD:
            tail = os.pread(self._handle, _LOOK_AHEAD, base + before)
        start = next((at for at in range(1, min(len(tail), 6)) if tail[at] not in b"\r\n"), len(tail))
        if start == len(tail) and base + before + start >= self._size:
            return self._size
        match = _SEPARATOR.match(tail, start)
        return base + before + start if match and (match[1] is None or _is_known(match[1])) else -1


def _is_usable(mail: Mail, window: bytes) -> bool:
    """Whether a header without a blank line behind it, at the end of the file, is probably all there was."""
    return window.endswith(b"\n") and bool(mail.sender) and mail.at_from == "date"
