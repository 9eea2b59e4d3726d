"""What kind of file this is, told by its first bytes alone; names and endings are not looked at."""

from __future__ import annotations

import io
import re
from typing import NamedTuple

from kithbook.sources.addresstable import is_address_header
from kithbook.sources.csvtable import Table, read_table
from kithbook.sources.kinds import tell_kind
from kithbook.sources.linkedin import is_connections_header
from kithbook.sources.linkedinfiles import kind_of
from kithbook.sources.rawtext import read_chunks, sniff_encoding

HEAD = 1 << 16
"""Bytes that are enough to tell."""

_MAX_NOISE = 0.03
_CONTROL = bytes(set(range(32)) - set(b"\t\n\f\r\x1b")) + b"\x7f"
_BINARIES = (
    (b"\x1f\x8b", "It is compressed with gzip; unpack it first."),
    (b"\xfd7zXZ", "It is compressed with xz; unpack it first."),
    (b"7z\xbc\xaf", "It is a 7z archive; unpack it first."),
    (b"Rar!", "It is a RAR archive; unpack it first."),
    (b"!BDN", "It is an Outlook data file (.pst); export its mail as mbox first."),
    (b"\xd0\xcf\x11\xe0", "It is an old Office or Outlook file (.msg, .xls); export it as .eml or CSV first."),
)
_USELESS = ((b"%PDF", "It is a PDF."), (b"SQLite format 3", "It is a database."))
_MARKUP = (
    (b"<opml", "It is a list of feeds (OPML); bring it in on the page Feeds."),
    (b"<rss", "It is a feed; add its address on the page Feeds."),
    (b"<feed", "It is a feed; add its address on the page Feeds."),
    (b"<html", "It is a web page; export chats of Telegram or Facebook as JSON."),
    (b"<!doctype html", "It is a web page; export chats of Telegram or Facebook as JSON."),
)
_VCARD = re.compile(rb"^BEGIN[ \t]*:[ \t]*VCARD[ \t]*$", re.IGNORECASE | re.MULTILINE)
_VCARD_END = re.compile(rb"^END[ \t]*:[ \t]*VCARD[ \t]*$", re.IGNORECASE | re.MULTILINE)
_HEADER_LINE = re.compile(rb"([!-9;-~]{1,76})[ \t]*:")
_MAIL_NAMES = frozenset(
    b"from to cc bcc date subject message-id received return-path delivered-to x-original-to mime-version reply-to "
    b"sender in-reply-to references content-type list-id dkim-signature authentication-results envelope-to x-mailer "
    b"user-agent arc-seal x-gm-thrid x-gmail-labels x-mozilla-status x-received status x-uid".split()
)
_TELLING_NAMES = frozenset(b"from to date subject message-id received sender return-path".split())
"""A part of a mail, or a page saved by a browser, has headers too, but none of these."""

_COLUMN = re.compile(r"[^\W\d][\w .,'()/#&-]{0,59}\Z")  # the name of a column, unlike JSON or prose


class Kind(NamedTuple):
    """A kind of input with the reason why it is thought to be one.

    `name` is "mbox", "maildir", "eml", "vcard", "linkedin-zip", "linkedin-connections", "linkedin-file", "table",
    "zip", "folder", one of `kinds.TEXT_KINDS`, "packed" (to be unpacked or exported first) or "unknown", `reason` is
    a sentence that says what it was told by; `columns` are those of a table.
    """

    name: str
    reason: str
    columns: tuple[str, ...] = ()


def sniff(head: bytes) -> Kind:
    """The kind of a file from its first bytes (`HEAD` of them are enough). A zip is only known to be one."""
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return Kind("unknown", "It is empty.")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind("zip", "It is a zip file.")
    for magic, reason in _BINARIES:
        if head.startswith(magic):
            return Kind("packed", reason)
    for magic, reason in _USELESS:
        if head.startswith(magic):
            return Kind("unknown", reason)
    text = b"".join(chunk for chunk, _ in read_chunks(io.BytesIO(head)))
    mail = _sniff_mail(text)
    if mail and sniff_encoding(head)[0]:
        return Kind("packed", "It is mail that an editor saved as UTF-16; save it again as plain text (UTF-8).")
    return mail or _sniff_text(text)


def _sniff_mail(text: bytes) -> Kind | None:
    from kithbook.sources.eml import header_start
    from kithbook.sources.mbox import looks_like_mbox

    start = text.lstrip(b"\xef\xbb\xbf \t\n")
    if start.startswith((b"From ", b">From ")) and looks_like_mbox(start):
        return Kind("mbox", "It begins with a “From ” line and mail headers.")
    block = start[header_start(start) :].partition(b"\n\n")[0]
    names = []
    strange = 0
    for line in block.split(b"\n")[:200]:
        match = _HEADER_LINE.match(line)
        if match:
            names.append(match[1].lower())
        elif not line.startswith((b" ", b"\t")):
            if not names:
                return None
            strange += bool(line)
    known = _MAIL_NAMES.intersection(names)
    usual = 2 * sum(name in _MAIL_NAMES or name.startswith(b"x-") for name in names) >= len(names)
    whole = not strange and b"from" in known and b"@" in block  # next to nothing, but all of it a mail's
    if whole or (known & _TELLING_NAMES and (len(known) > 3 or (len(known) > 1 and usual))):
        return Kind("eml", "It begins with the headers of one mail.")
    return None


def _sniff_text(text: bytes) -> Kind:
    noisy = (len(text) - len(text.translate(None, _CONTROL))) > _MAX_NOISE * len(text)
    if _VCARD.search(text) and not (noisy and not _VCARD_END.search(text)):
        return Kind("vcard", "It has a BEGIN:VCARD line.")
    if noisy:
        return Kind("unknown", "It holds no readable text.")
    found = tell_kind(text)
    if found:
        return Kind(*found)
    table = read_table(io.BytesIO(text), is_connections_header)
    if isinstance(table, Table):
        return Kind("linkedin-connections", "It has the columns of LinkedIn's Connections.csv.", table.columns)
    rest = read_table(io.BytesIO(text), lambda cells: kind_of(cells) is not None)
    if isinstance(rest, Table):
        return Kind("linkedin-file", "It has the columns of a file of LinkedIn's export.", rest.columns)
    people = read_table(io.BytesIO(text), is_address_header)
    if isinstance(people, Table):
        return Kind("table", "It is a table with the columns of an address book.", people.columns)
    if len(table) > 1 and all(_COLUMN.match(cell) and cell.count(" ") < 5 for cell in table if cell):
        return Kind("unknown", "It is a table whose columns are not known.", table)
    beginning = text[:1000].lower()
    said = next((reason for tag, reason in _MARKUP if tag in beginning), "")
    return Kind("unknown", said or "It is neither mail nor vCards nor another kind of file that Kithbook reads.")
