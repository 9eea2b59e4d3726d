"""Text out of mail headers: raw 8-bit bytes and RFC 2047 encoded words, read tolerantly."""

from __future__ import annotations

import binascii
import re

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?(.{0,1000}?)\?=", re.DOTALL)
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")

# Only real character sets: names such as "idna" or "unicode_escape" are codecs to Python, and traps in a header.
_CHARSET = re.compile(
    r"(?:utf|unicode-1-1-utf|us-ascii|ascii|iso|latin|windows|cp|koi8|gb|hz|big5|euc|shift|sjis|ks|tis|mac|johab|ansi|x-)",
    re.IGNORECASE,
)
# Senders name the subset and use the superset: decode with the superset.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "tis-620": "cp874",
}


def decode_bytes(raw: bytes, charset: str = "") -> str:
    """Read bytes as text: UTF-8 if they are, else `charset` if given and fitting, else Windows-1252. Never fails."""
    if charset:
        text = _try_charset(raw, charset)
        if text is not None:
            return text
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _try_charset(raw: bytes, charset: str) -> str | None:
    name = charset.partition("*")[0].strip().lower()
    if not _CHARSET.match(name):
        return None
    try:
        text = raw.decode(_SUPERSETS.get(name, name))
    except (LookupError, ValueError):
        return None
    return _SURROGATE.sub("\ufffd", text)  # utf-7 can spell halves of a character


def _encode(text: str, charset: str) -> bytes:
    if _CHARSET.match(charset):
        try:
            return text.encode(_SUPERSETS.get(charset, charset))
        except (LookupError, ValueError):
            pass
    return text.encode("utf-8", "surrogateescape")


def _base64(text: str) -> bytes:
    data = _NOT_BASE64.sub(b"", text.encode("ascii", "ignore"))
    if len(data) % 4 == 1:
        data = data[:-1]
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def _quoted(text: str, charset: str) -> bytes:
    """The bytes of a word; letters that should have been quoted and were not are taken to be in its charset too."""
    data = (text.encode("ascii") if text.isascii() else _encode(text, charset)).replace(b"_", b" ")
    return _HEX.sub(lambda match: bytes((int(match[1], 16),)), data)


def decode_words(text: str) -> str:
    """Decode the encoded words of RFC 2047 in a header value.

    Adjacent words of one charset are joined as bytes before they are decoded, because mailers cut inside
    characters; white space between two words is dropped; a language suffix (`utf-8*en`) is ignored; an unknown or
    wrong charset falls back to UTF-8, then Windows-1252.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    pending, pending_charset, end = b"", "", 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        charset = match[1].partition("*")[0].lower()
        joined = bool(pending_charset) and not gap.strip()
        if not joined or charset != pending_charset:
            out.append(decode_bytes(pending, pending_charset))
            pending = b""
        if not joined:
            out.append(gap)
        pending += _base64(match[3]) if match[2] in "bB" else _quoted(match[3], charset)
        pending_charset, end = charset, match.end()
    out.append(decode_bytes(pending, pending_charset))
    out.append(text[end:])
    return "".join(out).replace("\0", "")  # encoded words can hold what no header and no database may


def tidy(text: str) -> str:
    """One line without control characters: encoded words decoded, every run of white space one blank."""
    if "=?" in text:
        text = decode_words(text)
    if text.isprintable() and "  " not in text:  # most are tidy already; no other blank than " " is printable
        return text.strip()
    return " ".join(_CONTROL.sub("", text).split())
