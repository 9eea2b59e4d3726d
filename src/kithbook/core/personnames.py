"""Display names from mail headers and address books, made fit to show."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
_QUOTES = "\"'“”„‘’`"
_LAST_FIRST = re.compile(r"([^,@()]{2,40}),\s*([^,@()]{2,40})")
_SUFFIX = re.compile(r"(?i)^(jr|sr|ii|iii|iv|phd|ph\.d|md|mba|esq|cpa|dr)\.?$")
_ADDRESS_INSIDE = re.compile(r"\s*[<(\[]?\S+@\S+?[>)\]]?\s*$")
_VIA = re.compile(r"(?i)\s+(via|on behalf of)\s+.*$|\s*\((?:via|by)\s[^)]*\)$")
_BEHIND = re.compile(r"\s*\([^()]*\)\s*$")
LONGEST = 120


def clean_display_name(raw: str) -> str:
    """A name as people write it: quotes, addresses, "via …" gone, "Last, First" turned round; "" if nothing is left."""
    first, space, second = raw.partition(" ")
    if first.isalpha() and (second.isalpha() or not space) and len(raw) <= LONGEST:
        return raw  # one or two words of letters, as most are: no other rule would change them
    name = _SPACE.sub(" ", raw).strip().strip(_QUOTES).strip()
    name = _VIA.sub("", name)
    if "@" in name:
        name = _ADDRESS_INSIDE.sub("", name).strip().strip(_QUOTES).strip()
    if "," in name:
        name = _BEHIND.sub("", name)
    turned = _LAST_FIRST.fullmatch(name)
    if turned and not _SUFFIX.match(turned[2].strip()):
        name = f"{turned[2].strip()} {turned[1].strip()}"
    if not any(letter.isalpha() for letter in name):
        return ""
    return name[:LONGEST].strip()


def split_name(name: str) -> tuple[str, str]:
    """Given and family name by the last space; a single word is a given name."""
    given, _, family = name.rpartition(" ")
    return (given, family) if given else (family, "")


def best_name(counts: dict[str, int]) -> str:
    """The name to keep of several seen: full names before single words, then the most frequent, then the longest.

    The last tie is broken by the alphabet, so that the order of reading does not matter.
    """
    return max(counts, key=lambda name: (" " in name, counts[name], len(name), name), default="")
