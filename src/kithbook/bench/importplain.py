"""What imports are compared with: the plain way to read each kind of file in Python, as programs of a few lines.

Each takes the path as its first argument, reads everything once and prints how many entries it found. None of them
recognises anybody, and none writes anything.
"""

from __future__ import annotations

from typing import NamedTuple


class Plain(NamedTuple):
    """A baseline: `name` as figures are called, `program` for `python -c`."""

    name: str
    program: str


_MAIL = """
import sys{imports}
from email.utils import getaddresses, parsedate_tz
count = 0
for message in {messages}:
    for name in ("From", "To", "Cc"):
        getaddresses([str(value) for value in message.get_all(name, [])])
    parsedate_tz(str(message.get("Date", "")))
    message.get("Message-ID")
    count += 1
print(count)
"""
_CARDS = """
import sys, vobject
count = 0
with open(sys.argv[1], encoding="utf-8", errors="replace", newline="") as file:
    for card in vobject.readComponents(file, ignoreUnreadable=True):
        count += 1
print(count)
"""
_TABLE = """
import csv, sys
with open(sys.argv[1], encoding="utf-8-sig", errors="replace", newline="") as file:
    print(sum(1 for row in csv.reader(file)))
"""
_CALENDAR = """
import icalendar, sys
with open(sys.argv[1], "rb") as file:
    print(len(icalendar.Calendar.from_ical(file.read()).walk("VEVENT")))
"""
_JSON = """
import json, sys
with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
    print(len(json.load(file)))
"""
_XML = """
import sys
from xml.etree import ElementTree
print(sum(1 for _ in ElementTree.parse(sys.argv[1]).getroot()))
"""
_LINES = """
import pathlib, sys
from zipfile import ZipFile, is_zipfile
path = pathlib.Path(sys.argv[1])
count = 0
if path.is_file() and is_zipfile(path):
    with ZipFile(path) as archive:
        for member in archive.namelist():
            with archive.open(member) as file:
                count += sum(1 for line in file)
else:
    for one in (path,) if path.is_file() else filter(pathlib.Path.is_file, path.rglob("*")):
        with one.open(encoding="utf-8", errors="replace") as file:
            count += sum(1 for line in file)
print(count)
"""

LINES = Plain("lines", _LINES)
"""Where there is nothing better: every line, and every file of a zip unpacked."""

_BY_KIND = {
    "mbox": Plain(
        "mailbox_email",
        _MAIL.format(imports=", mailbox", messages="mailbox.mbox(sys.argv[1], create=False)"),
    ),
    "maildir": Plain(
        "mailbox_email",
        _MAIL.format(imports=", mailbox", messages="mailbox.Maildir(sys.argv[1], create=False)"),
    ),
    "eml": Plain(
        "mailbox_email",
        _MAIL.format(imports=", email", messages='[email.message_from_binary_file(open(sys.argv[1], "rb"))]'),
    ),
    "vcard": Plain("vobject", _CARDS),
    "calendar": Plain("icalendar", _CALENDAR),
    **dict.fromkeys(("linkedin", "table"), Plain("csv", _TABLE)),
    **dict.fromkeys(("telegram", "facebook", "kithbook"), Plain("json", _JSON)),
    "phone": Plain("elementtree", _XML),
}


def plain_way(kind: str, *, is_whole_file: bool) -> Plain:
    """The baseline for a kind of source; `is_whole_file` is False for folders and zips with several sources."""
    if not is_whole_file:
        return LINES
    return _BY_KIND["linkedin"] if kind.startswith("linkedin") else _BY_KIND.get(kind, LINES)
