"""The card of a person as devices see it: the lines that a card was last given in, brought up to what is known now.

Everything that agrees stays as it was written, properties that nobody understands included; only what differs is
taken out, replaced or added. Sources: RFC 2426 (3.0), RFC 6350 (4.0), RFC 6352 (CardDAV).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from kithbook.core.cardfields import card_from_lines, tag_words
from kithbook.core.cards import Property, card_version, logical_lines, parse_line, write_card
from kithbook.core.partialdates import partial_text
from kithbook.core.records import Card, Handle, Job

REACHED = {"email": "EMAIL", "phone": "TEL", "url": "URL"}
_LABELS = {"home": "HOME", "work": "WORK", "cell": "CELL", "mobile": "CELL", "iphone": "CELL"}
_HANDLE_LINES = frozenset(("EMAIL", "TEL", "URL", "X-SOCIALPROFILE"))
_DATE_LINES = {
    "birthday": ("BDAY",),
    "anniversary": ("ANNIVERSARY", "X-ANNIVERSARY", "X-MS-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-ABDATE"),
}
LONGEST_TAG = 60
"""Tags that agree in so many characters are one."""
NO_YEAR = "1604"
"""The year that phones write, with a parameter saying so, where only day and month are known."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person that a card has a place for.

    `jobs` are present ones as (organisation, role), the newest first; `dates` are partial dates as text by kind;
    `edited` names the fields that the owner wrote by hand.
    """

    uid: str
    name: str
    given_name: str = ""
    family_name: str = ""
    nicknames: tuple[str, ...] = ()
    note: str = ""
    place: str = ""
    handles: tuple[Handle, ...] = ()
    jobs: tuple[tuple[str, str], ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    edited: frozenset[str] = frozenset()


def digest(text: str) -> str:
    """128 bits of the SHA-256 of a card's bytes, in hex."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def exact_lines(body: bytes) -> list[str]:
    """The logical lines of one card that a program sent, without its BEGIN and END; photos of any size are kept.

    What is not UTF-8, or quoted-printable, is read by the tolerant reader.
    """
    body = body.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\0", b"")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text or "quoted-printable" in text.lower():
        lines = logical_lines(body)
    else:
        lines = [line for line in text.replace("\n ", "").replace("\n\t", "").split("\n") if line.strip()]
    begins = next((at for at, line in enumerate(lines) if line.strip().upper() == "BEGIN:VCARD"), None)
    if begins is None or lines[-1].strip().upper() != "END:VCARD":
        return []
    return lines[begins + 1 : -1]


def modern(lines: Sequence[str]) -> list[str]:
    """The same card in the escapes of vCard 3.0, if it was 2.1."""
    return exact_lines(write_card(lines).encode()) if card_version(lines) == "2.1" else list(lines)


def unknown(card: Card, facts: Facts) -> set[tuple[str, str]]:
    """Ways to reach somebody that the card has and the person has not."""
    mine = {(handle.kind, handle.key) for handle in facts.handles}
    return {(handle.kind, handle.key) for handle in card.handles if handle.kind in REACHED} - mine


def compose(card: Card, facts: Facts, taken: Collection[tuple[str, str]] = ()) -> list[str]:
    """The card's lines with what is known now; `taken` are handles that other people have, left where they are.

    The card is not of vCard 2.1 (see `modern`).
    """
    lines = _with_names(list(card.lines), card, facts)
    lines = _with_handles(lines, card, facts, taken)
    lines = _with_work(lines, card, facts)
    lines = _with_dates(lines, card, facts)
    lines = _with_texts(lines, card, facts)
    lines = _with_tags(lines, card, facts)
    names = _names(lines)
    if "UID" not in names:
        lines.append(f"UID:{facts.uid}")
    if "VERSION" not in names:
        lines.insert(0, "VERSION:3.0")
    return lines


def _with_names(lines: list[str], card: Card, facts: Facts) -> list[str]:
    full = f"FN:{escaped(facts.name)}"
    parts = f"N:{escaped(facts.family_name)};{escaped(facts.given_name)};;;"
    if "name" in facts.edited and card.name != facts.name:
        return replaced(lines, ("FN", "N"), [full, parts])
    names = _names(lines)
    return lines + [line for name, line in (("FN", full), ("N", parts)) if name not in names]


def _with_handles(lines: list[str], card: Card, facts: Facts, taken: Collection[tuple[str, str]]) -> list[str]:
    known = {(handle.kind, handle.key) for handle in card.handles}
    gone = unknown(card, facts) - set(taken)
    if gone:
        head = [line for line in lines if line[:8].upper() == "VERSION:"]
        lines = without(lines, lambda found, line: found.name in _HANDLE_LINES and _reaches([*head, line], gone))
    missing = [handle for handle in facts.handles if handle.kind in REACHED and (handle.kind, handle.key) not in known]
    if not missing:
        return lines
    written = {found.text().strip() for _, found in parsed(lines) if found and found.name in _HANDLE_LINES}
    return lines + [_handle_line(handle) for handle in missing if handle.value not in written]


def _reaches(lines: list[str], keys: set[tuple[str, str]]) -> bool:
    return any((handle.kind, handle.key) in keys for handle in card_from_lines(lines).handles)


def _handle_line(handle: Handle) -> str:
    label = _LABELS.get(handle.label.lower(), "")
    value = escaped(handle.value) if handle.kind == "email" else handle.value.replace("\n", " ")
    return f"{REACHED[handle.kind]}{f';TYPE={label}' if label else ''}:{value}"


def _with_work(lines: list[str], card: Card, facts: Facts) -> list[str]:
    """The card's own job stays while it is a present one; a card has one place for work."""
    present = [Job(*job) for job in facts.jobs]
    first = card.jobs[0] if card.jobs else None
    if first and present and Job(first.organisation[:300], first.role[:300]) not in present:
        return replaced(lines, ("ORG", "TITLE", "ROLE"), _work(facts.jobs[0]))
    if first or not present or {"ORG", "TITLE", "ROLE"} & _names(lines):
        return lines
    return lines + _work(facts.jobs[0])


def _work(job: tuple[str, str]) -> list[str]:
    return [f"{name}:{escaped(text)}" for name, text in zip(("ORG", "TITLE"), job, strict=True) if text]


def _with_dates(lines: list[str], card: Card, facts: Facts) -> list[str]:
    for kind, on in facts.dates:
        names = _DATE_LINES.get(kind)
        there = partial_text(card.dates.get(kind))
        if not names or on == there or not (len(on) == 10 or (on.startswith("--") and len(on) == 7)):
            continue
        if not there:
            lines = [*lines, _date_line(names[0], on)]
        elif len(on) == 10:
            lines = replaced(lines, names, [_date_line(names[0], on)])
    return lines


def _date_line(name: str, on: str) -> str:
    name = "X-ANNIVERSARY" if name == "ANNIVERSARY" else name
    if on.startswith("--"):
        return f"{name};X-APPLE-OMIT-YEAR={NO_YEAR}:{NO_YEAR}{on[1:]}"
    return f"{name}:{on}"


def _with_texts(lines: list[str], card: Card, facts: Facts) -> list[str]:
    note = facts.note.strip()
    if "note" not in facts.edited and card.note:
        # What the person's page says comes first; what only the card says is not lost.
        note = card.note if not note or note in card.note else f"{note}\n\n{card.note}"
    if note != card.note:
        lines = replaced(lines, ("NOTE",), [f"NOTE:{escaped(note)}"] if note else [])
    if facts.nicknames != card.nicknames and ("nicknames" in facts.edited or not card.nicknames):
        words = ",".join(map(escaped, facts.nicknames))
        lines = replaced(lines, ("NICKNAME",), [f"NICKNAME:{words}"] if words else [])
    if facts.place and facts.place != card.place and ("place" in facts.edited or not card.place):
        lines = with_place(lines, facts.place)
    return lines


def with_place(lines: Sequence[str], place: str) -> list[str]:
    """The lines with this "town, country" as the address that counts, the first one; "" takes it away.

    An address that says no more than town and country is changed; one with a street stays, behind the new one.
    """
    old = [
        (n, line, found, [*found.fields(), *[""] * 7])
        for n, (line, found) in enumerate(parsed(lines))
        if found and found.name == "ADR"
    ]
    at, line, first, fields = next((one for one in old if one[3][3].strip() or one[3][6].strip()), (-1, "", None, []))
    is_bare = first is not None and not any(field.strip() for field in (*fields[:3], *fields[4:6]))
    if not place:
        return without(lines, lambda found, _: found == first) if is_bare else list(lines)
    town, _, country = place.rpartition(", ")
    value = f";;;{escaped(town or country)};;;{escaped(country) if town else ''}"
    if is_bare and first is not None:
        return [*lines[:at], f"{plain_head(line, first)}:{value}", *lines[at + 1 :]]
    at = old[0][0] if old else len(lines)
    return [*lines[:at], f"ADR:{value}", *lines[at:]]


def plain_head(line: str, found: Property) -> str:
    """What stands before the value, without what says how the old one was encoded."""
    head = f"{found.group}.{found.name}" if found.group else found.name
    if found.encoding or found.param("CHARSET") or found.param("VALUE"):
        return head
    # The value begins after the first colon outside of quotes.
    quoted = False
    for at, char in enumerate(line):
        quoted = quoted != (char == '"')
        if char == ":" and not quoted:
            return line[:at]
    return head


def _with_tags(lines: list[str], card: Card, facts: Facts) -> list[str]:
    gone = {tag[:LONGEST_TAG] for tag in card.tags} - set(facts.tags)
    known = {tag[:LONGEST_TAG] for tag in card.tags}
    return with_tags(lines, [tag for tag in facts.tags if tag not in known], gone)


def with_tags(lines: Sequence[str], added: Sequence[str], gone: Collection[str]) -> list[str]:
    """The lines with some words added to the categories and others taken out; what groups programs made stay."""
    out, rest = [], list(added)
    for line, found in parsed(lines):
        words = tag_words(found) if found and found.name == "CATEGORIES" else []
        kept = [word for word in words if word[:LONGEST_TAG] not in gone]
        if found is None or len(kept) == len(words):
            out.append(line)
        elif kept or rest:
            out.append(f"{plain_head(line, found)}:{','.join(map(escaped, [*kept, *rest]))}")
            rest = []
    return [*out, f"CATEGORIES:{','.join(map(escaped, rest))}"] if rest else out


def united(new: Sequence[str], old: Sequence[str]) -> list[str]:
    """A new card for somebody who had one: its lines, and properties that only the old one has."""
    new, old = modern(new), modern(old)
    own = _names(new) | {"REV", "PRODID", "VERSION", "UID"}
    grouped = {found.group.lower() for _, found in parsed(new) if found and found.group}
    extra = [
        line
        for line, found in parsed(old)
        if found and found.name not in own and (not found.group or found.group.lower() not in grouped)
    ]
    return [*new, *extra]


def replaced(lines: Sequence[str], names: Collection[str], put: Sequence[str]) -> list[str]:
    """The lines with the properties of these names taken out and others put where the first of them was."""
    at = next((n for n, (_, found) in enumerate(parsed(lines)) if found and found.name in names), len(lines))
    head = without(lines[:at], lambda found, _: found.name in names)
    tail = without(lines[at:], lambda found, _: found.name in names)
    return [*head, *put, *tail]


def without(lines: Sequence[str], is_gone: Callable[[Property, str], bool]) -> list[str]:
    """The lines without some properties, nor labels that belonged to nothing else."""
    pairs = parsed(lines)
    gone = {n for n, (line, found) in enumerate(pairs) if found and is_gone(found, line)}
    lost = {found.group for n in gone if (found := pairs[n][1]) and found.group}
    kept = {found.group for n, (_, found) in enumerate(pairs) if found and n not in gone and found.name != "X-ABLABEL"}
    return [
        line
        for n, (line, found) in enumerate(pairs)
        if n not in gone and not (found and found.name == "X-ABLABEL" and found.group in lost - kept)
    ]


def parsed(lines: Sequence[str]) -> list[tuple[str, Property | None]]:
    """Each line with the property that it is; lines of a card inside this one have none."""
    pairs: list[tuple[str, Property | None]] = []
    depth = 0
    for line in lines:
        found = parse_line(line)
        edge = found.name if found and found.name in ("BEGIN", "END") else ""
        depth += edge == "BEGIN"
        pairs.append((line, None if depth else found))
        depth -= edge == "END" and depth > 0
    return pairs


def _names(lines: Sequence[str]) -> set[str]:
    return {found.name for _, found in parsed(lines) if found}


def escaped(text: str) -> str:
    """Text as a value of vCard 3.0 and 4.0."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for char in "\\,;":
        text = text.replace(char, "\\" + char)
    return text.replace("\n", "\\n")
