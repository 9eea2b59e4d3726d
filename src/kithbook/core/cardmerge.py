"""Three-way merging of a person here with a card elsewhere: only what changed travels, field by field.

Two bases are kept: what the card said and what the person was when both were last in step. A person may know more
than the card (addresses learned from mail); that is no change and is not pushed. Texts of which both sides changed the
same one in different ways are a conflict; of lists (addresses, numbers) each side's additions and removals reach the
other. Everything else in a card is left as it is, line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kithbook.core.addresses import normalise_email, normalise_url
from kithbook.core.cardfields import card_from_lines, profile_key
from kithbook.core.cards import Property, parse_line
from kithbook.core.mailwords import tidy
from kithbook.core.phones import normalise_phone

TEXTS = ("name", "note", "birthday", "organisation", "role")
LISTS = ("email", "phone", "url")
_LINES = {"email": "EMAIL", "phone": "TEL", "url": "URL"}
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": ""})


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What Kithbook and a card both know of a person. `lists` map kind -> {normal form: as written}."""

    texts: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text, "" where there is none."""
        return self.texts.get(name, "")

    def list(self, name: str) -> Mapping[str, str]:
        """A list, by normal form."""
        return self.lists.get(name, {})

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"texts": dict(self.texts), "lists": {name: dict(values) for name, values in self.lists.items()}}


def facts_of_plain(kept: Mapping[str, Any]) -> CardFacts:
    """Back from `CardFacts.plain`."""
    return CardFacts(dict(kept.get("texts", {})), {name: dict(v) for name, v in kept.get("lists", {}).items()})


@dataclass(frozen=True, slots=True)
class Delta:
    """What has to change on one side: texts with their new values, what to add to lists and what to take away."""

    texts: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    removed: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.texts or any(self.added.values()) or any(self.removed.values()))


@dataclass(frozen=True, slots=True)
class Merged:
    """What goes where, and the texts on which both sides disagree (they are in neither delta)."""

    to_mine: Delta
    to_theirs: Delta
    conflicts: tuple[str, ...]


def facts_of_card(lines: Sequence[str]) -> CardFacts:
    """What a card says of the things that Kithbook keeps."""
    card = card_from_lines(lines)
    job = card.jobs[0] if card.jobs else None
    birthday = card.dates.get("birthday")
    texts = {
        "name": card.name,
        "note": card.note,
        "birthday": _partial(birthday) if birthday else "",
        "organisation": job.organisation if job else "",
        "role": job.role if job else "",
    }
    lists: dict[str, dict[str, str]] = {name: {} for name in LISTS}
    for handle in card.handles:
        if handle.kind in lists:
            lists[handle.kind].setdefault(handle.key, handle.value)
    return CardFacts(texts, lists)


def merge(base: CardFacts, theirs: CardFacts, my_base: CardFacts, mine: CardFacts) -> Merged:
    """Bring a card (`base` then, `theirs` now) and a person (`my_base` then, `mine` now) into step."""
    to_mine, to_theirs, conflicts = {}, {}, []
    for name in TEXTS:
        old_theirs, new_theirs = base.text(name), theirs.text(name)
        old_mine, new_mine = my_base.text(name), mine.text(name)
        if new_theirs != old_theirs and new_mine != old_mine:
            if new_theirs != new_mine:
                conflicts.append(name)
        elif new_theirs not in (old_theirs, new_mine):
            to_mine[name] = new_theirs
        elif new_mine not in (old_mine, new_theirs):
            to_theirs[name] = new_mine
    mine_added, mine_removed = _list_deltas(base, theirs, mine)
    theirs_added, theirs_removed = _list_deltas(my_base, mine, theirs)
    return Merged(
        Delta(to_mine, mine_added, mine_removed), Delta(to_theirs, theirs_added, theirs_removed), tuple(conflicts)
    )


def _list_deltas(
    old: CardFacts, new: CardFacts, other: CardFacts
) -> tuple[dict[str, dict[str, str]], dict[str, frozenset[str]]]:
    """What changed on one side since then and is not so on the other yet."""
    added: dict[str, dict[str, str]] = {}
    removed: dict[str, frozenset[str]] = {}
    for name in LISTS:
        came = {key: value for key, value in new.list(name).items() if key not in old.list(name)}
        came = {key: value for key, value in came.items() if key not in other.list(name)}
        went = frozenset(key for key in old.list(name) if key not in new.list(name) and key in other.list(name))
        if came:
            added[name] = came
        if went:
            removed[name] = went
    return added, removed


def apply(facts: CardFacts, delta: Delta) -> CardFacts:
    """The facts after the change."""
    lists = {}
    for name in LISTS:
        gone = delta.removed.get(name, frozenset())
        kept = {key: value for key, value in facts.list(name).items() if key not in gone}
        lists[name] = {**kept, **delta.added.get(name, {})}
    return CardFacts({**facts.texts, **delta.texts}, lists)


# -- Writing into a card --------------------------------------------------------------------------------------------


def patch(lines: Sequence[str], delta: Delta, given: str = "", family: str = "") -> list[str]:
    """The card's lines with the change in them; every line that it does not speak of stays as it is.

    `given` and `family` are the parts of a new name. A text that becomes "" takes its line away, except the name.
    """
    out = list(lines)
    if delta.texts.get("name"):
        out = _set(out, "FN", _escape(delta.texts["name"]))
        out = _set_name_parts(out, given, family)
    for name, word in (("note", "NOTE"), ("birthday", "BDAY"), ("role", "TITLE")):
        if name in delta.texts:
            out = _set(out, word, _escape(delta.texts[name]) if delta.texts[name] else "")
    if "organisation" in delta.texts:
        out = _set_organisation(out, delta.texts["organisation"])
    for name in LISTS:
        gone = delta.removed.get(name, frozenset())
        out = _without(out, name, gone) if gone else out
        out += [_new_line(name, value) for value in delta.added.get(name, {}).values()]
    return out


def _set(lines: list[str], word: str, value: str) -> list[str]:
    """Give the first line of this name the value, drop further ones; with "" drop them all; add one if there is none.

    A line in quoted-printable or another encoding loses those parameters: the new value is plain text.
    """
    out: list[str] = []
    is_set = not value
    for line in lines:
        found = parse_line(line)
        if found is None or found.name != word:
            out.append(line)
        elif not is_set:
            out.append(f"{_plain_head(line, found)}:{value}")
            is_set = True
    return out if is_set else [*out, f"{word}:{value}"]


def _plain_head(line: str, found: Property) -> str:
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


def _set_name_parts(lines: list[str], given: str, family: str) -> list[str]:
    """New given and family name; titles and suffixes of the card stay."""
    old = next((found for line in lines if (found := parse_line(line)) and found.name == "N"), None)
    fields = [*(old.fields() if old else []), "", "", "", "", ""][:5]
    parts = [family, given, "" if given != tidy(fields[1]) else fields[2], fields[3], fields[4]]
    return _set(lines, "N", ";".join(map(_escape, parts)))


def _set_organisation(lines: list[str], value: str) -> list[str]:
    """The organisation; departments behind it belong to the old one and go with it."""
    return _set(lines, "ORG", _escape(value) if value else "")


def _without(lines: Iterable[str], kind: str, gone: frozenset[str]) -> list[str]:
    """Without the lines of these addresses, and without the labels that belong to nothing but them."""
    dropped_groups: set[str] = set()
    kept: list[str] = []
    for line in lines:
        found = parse_line(line)
        if found is not None and _kind_of(found) == kind and _key_of(kind, found.text()) in gone:
            dropped_groups.add(found.group.lower())
        else:
            kept.append(line)
    dropped_groups.discard("")
    return [line for line in kept if not _is_label_of(line, dropped_groups)]


def _is_label_of(line: str, groups: set[str]) -> bool:
    found = parse_line(line) if groups else None
    return found is not None and found.name == "X-ABLABEL" and found.group.lower() in groups


def _kind_of(found: Property) -> str:
    return {"EMAIL": "email", "TEL": "phone", "URL": "url", "X-SOCIALPROFILE": "url"}.get(found.name, "")


def _key_of(kind: str, text: str) -> str:
    text = text.strip()
    if kind == "email":
        return normalise_email(text)
    if kind == "phone":
        return normalise_phone(text[4:] if text[:4].lower() == "tel:" else text)
    return profile_key(text) or normalise_url(text)


def _new_line(kind: str, value: str) -> str:
    return f"{_LINES[kind]}:{_escape(value) if kind == 'email' else value}"


def _partial(date: Any) -> str:
    """A partial date as cards and Kithbook write it: "1980-10-06", "--10-06", "1980", "1980-10"."""
    month = f"-{date.month:02d}" if date.month else ""
    day = f"-{date.day:02d}" if date.day and date.month else ""
    if date.year:
        return f"{date.year:04d}{month}{day}"
    return f"-{month}{day}" if month else ""


def _escape(text: str) -> str:
    return text.translate(_ESCAPES)
