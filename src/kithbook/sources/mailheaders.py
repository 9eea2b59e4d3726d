"""From the bytes of one header block to a `Mail` record. Made for millions of them.

What makes it fast: one compiled alternation that only matches wanted headers, memos of what repeats (raw mailbox,
raw address header, list headers), RFC 2047 only where `=?` occurs, dates by integer arithmetic.
"""

from __future__ import annotations

import itertools
import re
from hashlib import blake2b
from typing import TypeVar

from kithbook.core.addresses import normalise_email, split_mailboxes
from kithbook.core.maildates import EARLIEST, choose_mail_time, parse_mail_date
from kithbook.core.mailwords import decode_bytes, tidy
from kithbook.core.records import Address, Mail, Problem
from kithbook.sources.mailboxes import MailboxMemo, NotAlone
from kithbook.sources.maillists import bulk_kind, list_addresses_in, read_labels

HEADER_LIMIT = 256 * 1024
"""Bytes of one header block that are looked at; what is behind is skipped."""

_K = TypeVar("_K")
_V = TypeVar("_V")

_RETURN_WITHIN = 16 * 1024
_HEADER_MEMO = 8_000
_HEADER_MEMO_BYTES = 200

_NAMES = (
    "From To Cc Bcc Date Message-ID Subject Delivered-To X-Original-To X-Gmail-Labels Content-Length List-Id List-Post "
    "Sender X-Mailing-List Mailing-List X-BeenThere Precedence Auto-Submitted List-Unsubscribe Feedback-ID"
).split()
(
    _FROM, _TO, _CC, _BCC, _DATE, _ID, _SUBJECT, _DELIVERED, _ORIGINAL, _LABELS, _LENGTH,
    _LIST_ID, _LIST_POST, _SENDER, _X_LIST, _LIST, _BEEN_THERE, _PRECEDENCE, _AUTO, _UNSUBSCRIBE, _FEEDBACK, _NONE,
) = range(len(_NAMES) + 1)  # fmt: skip
_MARKS = slice(_LIST_ID, _AUTO + 1)  # the values that repeat from mail to mail and are worth a memo
_EMPTY = [b""] * (len(_NAMES) + 1)


def _spellings(name: str) -> list[str]:
    """A name in the cases that mailers use, part by part: Message-Id, message-id, MESSAGE-ID ..."""
    parts = [dict.fromkeys((part, part.capitalize(), part.lower(), part.upper())) for part in name.split("-")]
    return ["-".join(chosen) for chosen in itertools.product(*parts)]


def _alternation(names: list[str]) -> str:
    """The names as one pattern in which every common beginning is matched once."""
    endings: dict[str, list[str]] = {}
    for name in names:
        endings.setdefault(name[:1], []).append(name[1:])
    parts = [re.escape(first) + (_alternation(rest) if first else "") for first, rest in endings.items()]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _wanted(names: str, firsts: str) -> str:
    """Name and value of every wanted header, up to the blank line.

    The lookahead sends most lines away at their first byte; the blank line swallows all the rest.
    """
    value = r"[ \t]*+:[ \t]*+(.*+(?:\n[ \t].*+)*+)"
    return rf"\n(?=[{firsts}\r\n])(?:({names}){value}|\r?\n(?s:.*))"


_FIRSTS = "".join(sorted({first for name in _NAMES for first in (name[0], name[0].lower())}))
# Letters are found faster than classes of letters: the usual spellings first, all others on the second try.
_WANTED = re.compile(_wanted(_alternation([form for name in _NAMES for form in _spellings(name)]), _FIRSTS).encode())
_WANTED_ANY_CASE = re.compile(_wanted("|".join(map(re.escape, _NAMES)), _FIRSTS).encode(), re.IGNORECASE)
_BLANK_LINE = re.compile(rb"\n(?=\r?\n)")
_RECEIVED = re.compile(rb"\n[Rr][Ee][Cc][Ee][Ii][Vv][Ee][Dd][ \t]*+:(.*+(?:\n[ \t].*+)*+)")
_NO_RETURN = re.compile(rb"\n[Rr]eturn-[Pp]ath:[ \t]*<>")
_CHARSET = re.compile(rb"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
_QUOTED_COMMAS = re.compile(rb'(?:[^",]++|"[^"]*+")++')
_BRACKETS = re.compile(r"<([^<>]*)>")
_TO_SPACE = bytes(32 if char in b"\t\x0b\x0c" else char for char in range(256))
_DROPPED = b"\r\n\0"


class _Slots(dict[bytes, int]):
    """Header name in any case -> slot."""

    def __missing__(self, name: bytes) -> int:
        slot = self[name] = _SLOT_OF[name.lower()]
        return slot


_SLOT_OF = {name.lower().encode("ascii"): slot for slot, name in enumerate(_NAMES)} | {b"": _NONE}


class HeaderReader:
    """Reads header blocks; keeps the memos of one run over one source.

    After each `read`, `length` is the raw Content-Length, which matters to an mbox only.
    """

    def __init__(self, *, latest: int, file_at: int, where: str) -> None:
        """`latest`: now, `file_at`: the file's time (both epoch seconds); `where` names the file in Problems."""
        self.file_at, self.where = file_at, where
        self._latest, self._limit = latest, latest + 86_400
        self._slots = _Slots(_SLOT_OF)
        self._mailboxes = MailboxMemo()
        self._mailbox = self._mailboxes.__getitem__
        self._headers: dict[bytes, tuple[Address, ...]] = {}
        self._marks: dict[tuple[bytes, ...], str] = {}
        self._delivered: dict[bytes, tuple[str, ...]] = {}
        self.length = b""

    @property
    def list_addresses(self) -> set[str]:
        """Normal forms of all addresses that some header read so far called a mailing list."""
        return self._mailboxes.lists

    def read(self, block: bytes, start: int, end: int, offset: int, separator: int = -1) -> Mail | Problem:
        """The header in block[start:end] as a Mail; each line begins with its line feed, a blank line ends it.

        `offset` is where the message begins in its file; `separator` where the mbox line in front of it begins
        in `block` (-1: there is none).
        """
        known = self._headers.get
        slots = self._fill(_WANTED, block, start, end)
        if not (slots[_FROM] and slots[_DATE]):
            slots = self._fill(_WANTED_ANY_CASE, block, start, end)
        self.length = slots[_LENGTH]
        raw_from, raw_to, raw_cc = slots[_FROM], slots[_TO], slots[_CC]
        written = slots[_DATE].decode("latin-1")
        date = parse_mail_date(written)
        at, at_from = date, "date"
        if date is None or not EARLIEST <= date <= self._limit:
            if not (raw_from or raw_to or slots[_DATE] or slots[_ID]):
                return Problem(f"{self.where}, byte {offset}", "This message has no sender, recipient, date or id.")
            at, at_from = self._other_time(written, block, start, end, separator)
        bulk = self._marks.get(tuple(slots[_MARKS]))
        if bulk is None or slots[_FEEDBACK] or not bulk:
            bulk = self._bulk(slots, block, start, end)
        sender, to, cc = known(raw_from), known(raw_to), known(raw_cc)
        if sender is None:
            sender = self._addresses(raw_from, block, start, end)
        if to is None:
            to = self._addresses(raw_to, block, start, end)
        if cc is None:
            cc = self._addresses(raw_cc, block, start, end)
        if slots[_BCC]:
            cc += self._addresses(slots[_BCC], block, start, end)
        message_id = slots[_ID].strip().decode("latin-1")
        if message_id[:1] != "<" or message_id[-1:] != ">" or " " in message_id or not message_id.isprintable():
            message_id = _odd_id(message_id)
        subject = slots[_SUBJECT].strip().decode("latin-1")
        if "=?" in subject or not (subject.isascii() and subject.isprintable()):
            subject = _hard_subject(slots[_SUBJECT], block, start, end)
        if len(message_id) > 2:
            sender_key = sender[0].key if sender else ""
            digested = f"{message_id}\n{sender_key}\n{_one_line(slots[_DATE]) if date is None else date}"
        else:
            message_id = ""
            digested = "\n".join(map(_one_line, (raw_from, slots[_DATE], slots[_SUBJECT], raw_to)))
        key = _to_int(blake2b(digested.encode(), digest_size=8).digest(), "big") >> 1
        delivered_to = self._delivery(slots) if slots[_DELIVERED] or slots[_ORIGINAL] else ()
        labels = read_labels(slots[_LABELS]) if slots[_LABELS] else ()
        return _new(
            Mail,
            (offset, key, message_id, at, at_from, sender, to, cc, delivered_to, subject, bulk, labels),
        )

    def _fill(self, wanted: re.Pattern[bytes], block: bytes, start: int, end: int) -> list[bytes]:
        """The raw values of the wanted headers, each in its slot."""
        slots = _EMPTY.copy()
        slot_of = self._slots
        for name, value in wanted.findall(block, start, end):
            slot = slot_of[name]
            if slots[slot]:
                _repeat(slots, slot, value)
            else:
                slots[slot] = value
        return slots

    def _other_time(self, written: str, block: bytes, start: int, end: int, separator: int) -> tuple[int, str]:
        end = header_end(block, start, end)
        received = (line.decode("latin-1") for line in _RECEIVED.findall(block, start, end))
        line = block[separator:start].decode("latin-1") if separator >= 0 else ""
        after_sender = line.split(maxsplit=2)[2:]  # From <sender> <date>
        return choose_mail_time(written, received, "".join(after_sender), self.file_at, self._latest)

    def _addresses(self, raw: bytes, block: bytes, start: int, end: int) -> tuple[Address, ...]:
        """All addresses of a header value; a mailbox seen before costs one look into the memo."""
        line = raw.translate(_TO_SPACE, _DROPPED) if b"\n" in raw or b"\0" in raw else raw
        pieces = line.split(b", ")  # without the blank in front a mailbox is the same one wherever it stands
        if line.count(b",") >= len(pieces):
            pieces = line.split(b",")
        try:
            found = tuple(map(self._mailbox, pieces))
        except NotAlone:
            try:
                found = tuple(map(self._mailbox, _QUOTED_COMMAS.findall(line)))
            except NotAlone:
                text = decode_bytes(line, _charset(line, block, start, end))
                found = tuple(self._mailboxes.address(name, email) for name, email in split_mailboxes(text))
        if len(raw) <= _HEADER_MEMO_BYTES and raw.isascii():
            _keep(self._headers, raw, found)
        return found

    def _bulk(self, slots: list[bytes], block: bytes, start: int, end: int) -> str:
        """Why this is no personal mail; learns the addresses of lists on the way."""
        marks = tuple(slots[_MARKS])
        bulk = self._marks.get(marks)
        if bulk is None or slots[_FEEDBACK]:
            texts = [_one_line(raw) for raw in marks]
            list_id, list_post, sender, x_list, mailing_list, been_there, precedence, auto = texts
            found = list_addresses_in(list_id, list_post, sender, x_list or mailing_list, been_there)
            self._learn(found)
            bulk = bulk_kind(
                list_id=list_id,
                list_post=list_post,
                precedence=precedence,
                other_list=bool(x_list or mailing_list or been_there or (found and not list_id)),
                auto=auto,
                feedback=bool(slots[_FEEDBACK]),
            )
            if not slots[_FEEDBACK]:
                _keep(self._marks, marks, bulk)
        if not bulk and _returns_nowhere(block, start, end):
            return "bounce"
        return bulk or ("bulk" if slots[_UNSUBSCRIBE] else "")

    def _learn(self, lists: set[str]) -> None:
        if self._mailboxes.learn(lists):
            self._headers.clear()

    def _delivery(self, slots: list[bytes]) -> tuple[str, ...]:
        raw = slots[_DELIVERED] + b"\0" + slots[_ORIGINAL]
        found = self._delivered.get(raw)
        if found is None:
            lines = [_one_line(line) for line in raw.split(b"\0")]
            for line in lines:
                if line.lower().startswith("mailing list "):
                    self._learn(list_addresses_in("", "", "", f"list {line[13:]}", ""))
            found = tuple(dict.fromkeys(key for key in map(normalise_email, lines) if key))
            _keep(self._delivered, raw, found)
        return found


_new = tuple.__new__
_to_int = int.from_bytes


def _keep(memo: dict[_K, _V], key: _K, value: _V) -> None:
    """Put something into a memo that never grows past its limit."""
    if len(memo) >= _HEADER_MEMO:
        memo.clear()
    memo[key] = value


def _returns_nowhere(block: bytes, start: int, end: int) -> bool:
    """Whether the header has an empty Return-Path, as bounces and automatic answers have."""
    at = block.find(b"eturn-", start, min(end, start + _RETURN_WITHIN))
    match = _NO_RETURN.match(block, at - 2) if at >= 0 else None
    return match is not None and match.start() < header_end(block, start, end)


def _repeat(slots: list[bytes], slot: int, value: bytes) -> None:
    """A header that came before: recipients and deliveries add up, of the others the first counts."""
    if slot in (_FROM, _TO, _CC, _BCC, _LABELS):
        slots[slot] += b", " + value
    elif slot in (_DELIVERED, _ORIGINAL):
        slots[slot] += b"\0" + value


def header_end(block: bytes, start: int, end: int) -> int:
    """Where the line feed in front of the first blank line is in block[start:end]; `end` if there is none."""
    match = _BLANK_LINE.search(block, start, end)
    return match.start() if match else end


def _one_line(raw: bytes) -> str:
    return " ".join(decode_bytes(raw).split())


def _odd_id(text: str) -> str:
    """A Message-ID with blanks, without brackets or with something around them, in the form <id>; "" if none."""
    match = _BRACKETS.search(text)
    inner = "".join(char for char in (match[1] if match else text.strip("<>")) if char.isprintable() and char != " ")
    return f"<{inner}>" if inner else ""


def _hard_subject(raw: bytes, block: bytes, start: int, end: int) -> str:
    return tidy(decode_bytes(raw, _charset(raw, block, start, end)))


def _charset(value: bytes, block: bytes, start: int, end: int) -> str:
    """The character set that raw 8-bit text is probably in: what the mail says of its body, if it is not UTF-8."""
    if value.isascii():
        return ""
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        match = _CHARSET.search(block, start, header_end(block, start, end))
        return match[1].decode("ascii") if match else ""
    return ""
