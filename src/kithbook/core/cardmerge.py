"""Three-way merging of a person here with a card elsewhere: only what changed travels, field by field.

Two bases are kept: what the card said and what the person was when both were last in step. A person may know more
than the card (addresses learned from mail); that is no change and is not pushed. Texts of which both sides changed the
same one in different ways are a conflict; of lists (addresses, numbers) each side's additions and removals reach the
other. Everything else in a card is left as it is, line by line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from kithbook.core.addresses import normalise_email, normalise_url
from kithbook.core.cardfields import card_from_lines, profile_key
from kithbook.core.cards import Property
from kithbook.core.mailwords import tidy
from kithbook.core.partialdates import partial_text
from kithbook.core.phones import normalise_phone
from kithbook.core.servedcards import LONGEST_TAG, escaped, parsed, plain_head, with_place, with_tags, without

TEXTS = ("name", "note", "birthday", "organisation", "role", "place")
HANDLES = ("email", "phone", "url")
LISTS = (*HANDLES, "tag")
_LINES = {"email": "EMAIL", "phone": "TEL", "url": "URL"}


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


def facts_of_plain(kept: Mapping[str, Any], now: CardFacts | None = None) -> CardFacts:
    """Back from `CardFacts.plain`; what was not kept then, by an older version, is taken to be as it is `now`."""
    if not kept or now is None:
        now = CardFacts()
    texts, lists = kept.get("texts", {}), kept.get("lists", {})
    return CardFacts({**now.texts, **texts}, {name: dict(v) for name, v in {**now.lists, **lists}.items()})


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
        "birthday": partial_text(birthday),
        "organisation": job.organisation if job else "",
        "role": job.role if job else "",
        "place": card.place,
    }
    lists: dict[str, dict[str, str]] = {name: {} for name in LISTS}
    for handle in card.handles:
        if handle.kind in HANDLES:
            lists[handle.kind].setdefault(handle.key, handle.value)
    lists["tag"] = {tag[:LONGEST_TAG]: tag[:LONGEST_TAG] for tag in card.tags}
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
        out = _set(out, "FN", escaped(delta.texts["name"]))
        out = _set_name_parts(out, given, family)
    # Departments behind an organisation belong to the old one and go with it.
    for name, word in (("note", "NOTE"), ("birthday", "BDAY"), ("role", "TITLE"), ("organisation", "ORG")):
        if name in delta.texts:
            out = _set(out, word, escaped(delta.texts[name]))
    if "place" in delta.texts:
        out = with_place(out, delta.texts["place"])
    for name in HANDLES:
        gone = delta.removed.get(name, frozenset())
        if gone:
            out = without(out, partial(_is_one_of, name, gone))
        out += [_new_line(name, value) for value in delta.added.get(name, {}).values()]
    return with_tags(out, list(delta.added.get("tag", {}).values()), delta.removed.get("tag", frozenset()))


def _set(lines: list[str], word: str, value: str) -> list[str]:
    """Give the first line of this name the value, drop further ones; with "" drop them all; add one if there is none.

    A line in quoted-printable or another encoding loses those parameters: the new value is plain text.
    """
    out: list[str] = []
    is_set = not value
    for line, found in parsed(lines):
        if found is None or found.name != word:
            out.append(line)
        elif not is_set:
            out.append(f"{plain_head(line, found)}:{value}")
            is_set = True
    return out if is_set else [*out, f"{word}:{value}"]


def _set_name_parts(lines: list[str], given: str, family: str) -> list[str]:
    """New given and family name; titles and suffixes of the card stay."""
    old = next((found for _, found in parsed(lines) if found and found.name == "N"), None)
    fields = [*(old.fields() if old else []), "", "", "", "", ""][:5]
    parts = [family, given, "" if given != tidy(fields[1]) else fields[2], fields[3], fields[4]]
    return _set(lines, "N", ";".join(map(escaped, parts)))


def _is_one_of(kind: str, keys: frozenset[str], found: Property, _line: str) -> bool:
    return _kind_of(found) == kind and _key_of(kind, found.text()) in keys


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
    return f"{_LINES[kind]}:{escaped(value) if kind == 'email' else value}"
