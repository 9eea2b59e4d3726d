"""The line grammar of vCard 2.1, 3.0 and 4.0, read tolerantly and without loss, and written back.

A card is kept as its *logical lines*: unfolded, decoded, without BEGIN and END, otherwise as they were read. Fields are
read from them by `core.cardfields`; properties that nobody understands stay in the lines and are written back.

Sources: versit vCard 2.1; RFC 2426 (3.0); RFC 6350 (4.0); RFC 6868 (carets in parameters).
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from kithbook.core.charsets import strange_value
from kithbook.core.mailwords import decode_bytes

MAX_MEDIA = 64 * 1024
"""A photo, logo, sound or key longer than this many characters is not kept; a line says that it was left out."""

LEFT_OUT = "X-KITHBOOK-LEFT-OUT"
UNREADABLE = "X-KITHBOOK-UNREADABLE"
_WIDTH = 75  # octets in a written line, RFC 2426 §2.6

_SOFT_BREAK = re.compile(rb"quoted-printable", re.IGNORECASE)
_ENDED_VALUE = re.compile(
    rb"(?:BEGIN|END):VCARD\b|(?:item\d+\.)?(?:VERSION|FN|N|TEL|EMAIL|ADR|LABEL|ORG|TITLE|ROLE|URL|NOTE|BDAY|PHOTO|REV|UID"
    rb"|CATEGORIES|NICKNAME|X-[A-Z-]+)[;:]"
)
_BINARY_HEAD = re.compile(r"[^:]*;\s*(?:ENCODING\s*=\s*)?(?:B|BASE64)\s*[;:]", re.IGNORECASE)
_CHARSET_HEAD = re.compile(rb"[^:]*;\s*charset\s*=\s*\"?([^;:\",]+)", re.IGNORECASE)
_MEDIA_HEAD = re.compile(r"(?:[^.:;]+\.)?(PHOTO|LOGO|SOUND|KEY|X-MS-CARDPICTURE|X-MS-OL-DESIGN)[;:]", re.IGNORECASE)
_NOTE_HEAD = re.compile(r"(?:[^.:;]+\.)?NOTE[;:]", re.IGNORECASE)
_HEAD = re.compile(r'((?:"[^"]*"|[^":])*+):')
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}\Z")
_PARAM = re.compile(r'[;\s]*(?:([^=;"]*)=)?((?:"[^"]*"|[^;"]|"(?=[^"]*\Z))*)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED_OLD = re.compile(r"\\([;,:])")
_SEPARATOR = re.compile(r"\\.|[;,]", re.DOTALL)
_CARET = re.compile(r"\^([n'^])")
_SHIFTED = ("iso-2022", "hz", "utf-7", "utf-16", "utf-32")  # their bytes look like ASCII or hold NULs
_ENCODINGS = {"QUOTED-PRINTABLE": "quoted", "Q": "quoted", "BASE64": "base64", "B": "base64", "7BIT": "", "8BIT": ""}
_PLACES = frozenset(("URL", "URI", "INLINE", "CID", "CONTENT-ID"))
_STRUCTURED = frozenset(("N", "ADR", "ORG", "GEO", "GENDER"))
_NESTING = frozenset(("BEGIN", "END"))
_TEXTS = frozenset(("FN", "NOTE", "TITLE", "ROLE", "LABEL", "SORT-STRING"))


def stable_key(*parts: str) -> int:
    """A positive 63-bit number that is the same whenever the parts are the same, on every machine."""
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") & (1 << 63) - 1) or 1


class Property(NamedTuple):
    """One property line taken apart.

    `group` is "item1" or "", `name` upper case, `params` pairs (NAME, value) with bare 2.1 words named, `encoding`
    "quoted", "base64" or "", `value` raw; `old` says that the escapes are those of vCard 2.1.
    """

    group: str
    name: str
    params: tuple[tuple[str, str], ...]
    encoding: str
    value: str
    old: bool = False

    def param(self, name: str) -> str:
        """The first value of a parameter, "" if it is not there."""
        return next((value for key, value in self.params if key == name), "")

    @property
    def types(self) -> tuple[str, ...]:
        """All TYPE values in lower case."""
        return tuple(value.lower() for key, value in self.params if key == "TYPE" and value)

    def text(self) -> str:
        """The value as text: decoded, escapes undone."""
        return self._read(self.value) if self.encoding or "\\" in self.value else self.value

    def fields(self, separator: str = ";") -> list[str]:
        """The parts of a structured value, each as text."""
        if not self.encoding and "\\" not in self.value:
            return self.value.split(separator)
        return [self._read(part) for part in split_value(self.value, separator)]

    def _read(self, raw: str) -> str:
        if self.encoding == "quoted":
            raw = decode_text(binascii.a2b_qp(raw.encode("utf-8", "replace")), self.param("CHARSET"))
            raw = raw.replace("\r\n", "\n").replace("\r", "\n")
        return unescape(raw, old=self.old) if "\\" in raw else raw


def decode_text(raw: bytes, charset: str = "") -> str:
    """Bytes as text without NUL. Valid UTF-8 wins over a declared one-byte charset, which cards often get wrong."""
    raw = raw.replace(b"\0", b"")
    if not (charset and charset.strip().lower().startswith(_SHIFTED)):
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        if sum(char > "\x7f" for char in text) > 4 * bad:  # UTF-8 with a character cut off
            return text
    return decode_bytes(raw, charset)


def unescape(value: str, *, old: bool = False) -> str:
    r"""Undo backslashes: \n \, \; \: \\ in 3.0 and 4.0; in 2.1 only \; \, \: since a backslash is a letter there."""
    if "\\" not in value:
        return value
    return _ESCAPED_OLD.sub(r"\1", value) if old else _ESCAPED.sub(_unescape_one, value)


def _unescape_one(match: re.Match[str]) -> str:
    char = match[1]
    if char in "nN":
        return "\n"
    return char if char in '\\,;:"' else match[0]


def split_value(value: str, separator: str) -> list[str]:
    """Split a raw value at separators that are not escaped."""
    if "\\" not in value:
        return value.split(separator)
    parts, start = [], 0
    for match in _SEPARATOR.finditer(value):
        if match[0] == separator:
            parts.append(value[start : match.start()])
            start = match.end()
    return [*parts, value[start:]]


# -- Reading ------------------------------------------------------------------------------------------------------


def logical_lines(block: bytes, charset: str = "") -> list[str]:
    r"""The property lines of a card from its bytes (line ends already "\n"): unfolded, decoded, blank ones left out.

    Folds are joined as bytes, so that one inside a UTF-8 character does no harm. Each line that is not UTF-8 is
    decoded alone, by its own charset or else `charset`; what stays quoted-printable gets that as parameter. Base64
    that was not indented is joined to its property, and so is a broken line of a note.
    """
    joined = _unfold_soft(block) if _SOFT_BREAK.search(block) else _unfold(block)
    texts = _decode_lines(joined, charset)
    lines: list[str] = []
    tail: list[str] = []
    for text in texts:
        if not text or text.isspace():
            continue
        glue = _glue(lines[-1]) if lines and ":" not in text else None
        if glue is not None:
            tail += (glue, text.strip())
            continue
        if tail or (lines and len(lines[-1]) > _WIDTH):
            _close(lines, tail)
        lines.append(text)
    _close(lines, tail)
    return lines


def _unfold(block: bytes) -> bytes:
    return block.replace(b"\n ", b"").replace(b"\n\t", b"")


def _unfold_soft(block: bytes) -> bytes:
    """Unfold a card with quoted-printable values, whose "=" at a line's end joins it to the next."""
    out: list[bytes] = []
    soft = quoted = False
    for line in block.split(b"\n"):
        if soft and not _ENDED_VALUE.match(line):
            out[-1] = out[-1][:-1] + line.rstrip()
        elif line[:1] in (b" ", b"\t") and out:
            out[-1] += line[1:]
        else:
            quoted = _SOFT_BREAK.search(line.partition(b":")[0]) is not None
            out.append(line.rstrip() if quoted else line)
        soft = quoted and out[-1].endswith(b"=")
    return b"\n".join(out)


def _decode_lines(joined: bytes, charset: str) -> list[str]:
    # ISO-2022 looks like ASCII, only its escape gives it away.
    if b"\x1b" not in joined and not (charset and _SOFT_BREAK.search(joined)):
        try:
            return joined.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            pass
    return [_decode_line(line, charset) for line in joined.split(b"\n")]


def _decode_line(line: bytes, charset: str) -> str:
    declared = _CHARSET_HEAD.match(line)
    if charset and not declared and _SOFT_BREAK.search(line.partition(b":")[0]) and strange_value(line):
        head, _, value = line.partition(b":")
        line = b"%b;CHARSET=%b:%b" % (head, charset.encode(), value)
    return decode_text(line, declared[1].decode("ascii", "ignore") if declared else charset).replace("\n", " ")


def _glue(before: str) -> str | None:
    """What joins a line without a colon to the line before; None if it is a line of its own."""
    if _BINARY_HEAD.match(before):
        return ""
    return "\\n" if _NOTE_HEAD.match(before) and "quoted-printable" not in before[:80].lower() else None


def _close(lines: list[str], tail: list[str]) -> None:
    """Finish the last line: add what belongs to it, take the blanks out of base64, leave out media that is too big."""
    if not lines:
        return
    if tail:
        lines[-1] += "".join(tail)
        tail.clear()
    line = lines[-1]
    if len(line) <= _WIDTH:
        return
    media = _MEDIA_HEAD.match(line)
    if media and len(line) > MAX_MEDIA:
        lines[-1] = f"{LEFT_OUT}:{media[1].upper()} of {len(line)} characters"
    elif " " in line and _BINARY_HEAD.match(line):
        head, _, value = line.partition(":")
        lines[-1] = f"{head}:{''.join(value.split())}"


def parse_line(line: str, *, old: bool = False) -> Property | None:
    """Take a logical line apart; None if it is none (no colon, or a name that cannot be one)."""
    head, colon, value = line.partition(":") if '"' not in line else _split_quoted(line)
    known = _read_head(head) if colon else None
    return Property(*known, value, old) if known is not None else None


def _split_quoted(line: str) -> tuple[str, str, str]:
    """Head, colon and value where the head may hold a colon in quotes."""
    match = _HEAD.match(line)
    return (match[1], ":", line[match.end() :]) if match else line.partition(":")


@lru_cache(maxsize=2048)  # a file has few different heads, and thousands of lines with each
def _read_head(head: str) -> tuple[str, str, tuple[tuple[str, str], ...], str] | None:
    name, semicolon, rest = head.partition(";")
    group, _, name = name.strip().rpartition(".")
    if not _NAME.match(name):
        return None
    params = _read_params(rest) if semicolon else ()
    encoding = next((value.upper() for key, value in params if key == "ENCODING"), "")
    return group, name.upper(), params, _ENCODINGS.get(encoding, "")


def _read_params(text: str) -> tuple[tuple[str, str], ...]:
    params: list[tuple[str, str]] = []
    for match in _PARAM.finditer(text):
        name, value = (match[1] or "").strip().upper(), match[2].strip()
        if not value:
            continue
        if not name:
            name = "ENCODING" if value.upper() in _ENCODINGS else "VALUE" if value.upper() in _PLACES else "TYPE"
        value = value.replace('"', "")
        if name == "TYPE":
            params += (("TYPE", part.strip()) for part in value.split(","))
        else:
            params.append((name, _CARET.sub(lambda found: {"n": "\n", "'": '"', "^": "^"}[found[1]], value)))
    return tuple(params)


def card_version(lines: Iterable[str]) -> str:
    """Tell the version: "2.1", "3.0" or "4.0"; what says nothing, or something else, is read as 3.0."""
    for line in lines:
        if line[:8].upper() == "VERSION:":
            version = line[8:].strip()
            return version if version in ("2.1", "4.0") else "3.0"
    return "3.0"


def read_properties(lines: Iterable[str]) -> Iterator[Property]:
    """The readable properties of a card, those of a nested AGENT card left out."""
    lines = tuple(lines)
    old = card_version(lines) == "2.1"
    depth = 0
    for line in lines:
        head, colon, value = line.partition(":")
        if '"' in head:
            head, colon, value = _split_quoted(line)
        known = _read_head(head) if colon else None
        if known is None:
            continue
        if known[1] in _NESTING:
            depth = max(0, depth + (1 if known[1] == "BEGIN" else -1))
        elif not depth:
            yield Property(*known, value, old)


# -- Writing ------------------------------------------------------------------------------------------------------


def write_card(lines: Iterable[str]) -> str:
    """The card of these logical lines as vCard 4.0 if it was one, else 3.0, folded, with CRLF.

    Every property is kept, known or not; what was vCard 2.1 or quoted-printable is written in the newer way. A
    line that is no property becomes one named X-KITHBOOK-UNREADABLE.
    """
    lines = tuple(lines)
    version = card_version(lines)
    out = ["BEGIN:VCARD", f"VERSION:{'4.0' if version == '4.0' else '3.0'}"]
    nested: list[str] = []
    for line in lines:
        found = parse_line(line, old=version == "2.1")
        nesting = found is not None and found.name in ("BEGIN", "END")
        if nested or nesting:
            nested.append(line)
            if found and found.name == "END":
                _add_nested(out, nested)
        elif found is None or found.name != "VERSION":
            out.append(_modern_line(line, found))
    _add_nested(out, nested)
    return "".join(f"{fold_line(line)}\r\n" for line in (*out, "END:VCARD"))


def _add_nested(out: list[str], nested: list[str]) -> None:
    """A card inside a card becomes the text of its AGENT property, as 3.0 has it."""
    if not nested:
        return
    head = out.pop() if out[-1].upper().startswith("AGENT") and out[-1].endswith(":") else "AGENT:"
    out.append(head + _escape("\n".join(nested) + "\n"))
    nested.clear()


def _modern_line(line: str, found: Property | None) -> str:
    if found is None:
        return f"{UNREADABLE}:{_escape(line)}"
    if found.old or found.encoding == "quoted":
        line = _modern_head(found) + ":" + _modern_value(found)
    return line.replace("\r", "").replace("\n", "\\n")


def _modern_head(found: Property) -> str:
    head = f"{found.group}.{found.name}" if found.group else found.name
    for name, value in found.params:
        if name == "CHARSET" or (name == "ENCODING" and found.encoding != "base64"):
            continue
        value = "b" if name == "ENCODING" else value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
        head += f';{name}="{value}"' if re.search(r"[:;,]", value) else f";{name}={value}"
    return head


def _modern_value(found: Property) -> str:
    if found.encoding == "base64":
        return found.value
    if found.name in _STRUCTURED:
        return ";".join(_escape(field) for field in found.fields())
    text = found.text()
    return _escape(text) if found.name in _TEXTS else text.replace("\\", "\\\\").replace("\n", "\\n")


def _escape(text: str) -> str:
    for char in "\\,;":
        text = text.replace(char, "\\" + char)
    return text.replace("\n", "\\n")


def fold_line(line: str) -> str:
    """Fold a line at 75 octets, never inside a character."""
    data = line.encode("utf-8", "replace")
    if len(data) <= _WIDTH:
        return line
    pieces, start, room = [], 0, _WIDTH
    while start < len(data):
        end = start + room
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(data[start:end].decode("utf-8"))
        start, room = end, _WIDTH - 1
    return "\r\n ".join(pieces)
