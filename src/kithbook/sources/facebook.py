"""Facebook's and Instagram's export as JSON: one file for each chat, and the list of friends. Texts are not kept.

Their texts are UTF-8 that was read as Latin-1 and escaped again; that is undone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from kithbook.core.cards import stable_key
from kithbook.core.names import fold_name
from kithbook.core.records import Card, Counted, Exchange, Handle, PartialDate, Party, Problem
from kithbook.sources.base import Progress, Record
from kithbook.sources.jsonstream import CutOff, head_items, head_texts, stream_items
from kithbook.sources.opening import told_plainly
from kithbook.sources.rawtext import clean_text

LISTS = {"participants": "", "messages": ""}
FRIENDS = {"friends_v2": "", "friends": ""}
FOLLOWERS = {"relationships_following": "", "": "-"}
"""The file of followers is a bare list."""
FOLLOWER, NOTICE, GONE = "follower, nobody you exchanged with", "notice of the app", "deleted account"
PROFILE = "your own profile"
_PROFILE_BEGINS = 4_096
_CHAT = re.compile(rb'"(?:sender_name|senderName)"\s*:')
_STAMP = re.compile(rb'"(?:timestamp_ms|timestamp)"\s*:')
_PROFILE = re.compile(
    rb'"profile(?:_v2)?"\s*:\s*\{\s*"name"\s*:\s*\{\s*"full_name"|"profile_user"\s*:\s*\[(?=.{,999}"string_map_data")',
    re.DOTALL,
)
_OWN_NAME = re.compile(r"profile(?:_v2)?\.name\.full_name|profile_user\.item\.string_map_data\..*\.value")
"""Where a profile has the name. Instagram's words for its fields are in the language of the app: any may be it."""
_GONE = frozenset(
    "facebook user|facebook-nutzer|facebook-nutzer:in|utilisateur facebook|utilisateur de facebook|usuario de facebook"
    "|utente di facebook|utente facebook|usuário do facebook|facebookgebruiker|instagram user|instagram-nutzer".split(
        "|"
    )
)


def tells(head: bytes) -> str:
    """Why this is a file of such an export, "" if it is none."""
    start = head.lstrip(b"\xef\xbb\xbf \t\n")
    if start.startswith(b"{") and b'"messages"' in head and _CHAT.search(head) and _STAMP.search(head):
        return "It has the form of a chat from Facebook or Instagram."
    if start.startswith(b"{") and (b'"friends_v2"' in head or b'"relationships_following"' in head):
        return "It has the form of a list from Facebook or Instagram."
    if start.startswith(b"{") and _PROFILE.search(head):
        return "It has the form of a profile from Facebook or Instagram."
    return "It has the form of a list from Instagram." if start[:1] == b"[" and b'"string_list_data"' in head else ""


def writers(head: bytes) -> tuple[str, ...]:
    """Who takes part in the chat of which these are the first bytes."""
    found: dict[str, None] = {}
    for prefix, _, item in head_items(head, LISTS):
        if prefix != "participants":
            break
        found[_participant(item)] = None
    return tuple(name for name in found if name and name.casefold() not in _GONE)


def own_names(head: bytes) -> tuple[str, ...]:
    """What may be the owner's name in the profile of which these are the first bytes; nothing for other files."""
    if not _PROFILE.search(head):
        return ()
    return tuple(name for prefix, text in head_texts(head) if _OWN_NAME.fullmatch(prefix) and (name := mend(text)))


class FacebookSource:
    """The messages of a chat, or friends as people. Followers and the owner's profile are Counted.

    `names` are those who took part, for asking who of them the owner is.
    """

    kind = "facebook"

    def __init__(self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC) -> None:
        self.path = fspath(path)
        self.names: tuple[str, ...] = ()
        self._everybody = ""
        self._latest, self._zone = latest, zone

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield an Exchange or Card, Counted or Problem for each item."""
        name = Path(self.path).name
        found = False
        try:
            parties = {person: _party(person) for person in self._people()}
            self.names = tuple(parties)
            self._everybody = "|".join(sorted(parties))
            twins: Counter[str] = Counter()
            wanted = {**LISTS, **FRIENDS, **FOLLOWERS}
            for number, (prefix, _, item) in enumerate(stream_items(self.path, wanted, progress), 1):
                where = f"{name}, item {number}"
                if prefix == "participants":
                    continue
                found = True
                yield self._read(prefix, item, where, parties, twins)
            if not found and self._is_profile():
                found = True
                yield Counted(PROFILE, name)
        except CutOff as error:
            yield Problem(name, f"The file is cut off or broken; what came before was read ({error}).")
            return
        if not found:
            yield Problem(name, "There is neither a message nor a friend in this file.")

    def _is_profile(self) -> bool:
        with told_plainly(self.path), Path(self.path).open("rb") as file:
            return _PROFILE.search(file.read(_PROFILE_BEGINS)) is not None

    def _people(self) -> Iterator[str]:
        """Everybody of the chat: participants, and writers who left it."""
        seen: dict[str, None] = {}
        with contextlib.suppress(CutOff):  # told when the messages are read
            for prefix, _, item in stream_items(self.path, LISTS):
                if prefix == "participants":
                    seen.setdefault(_participant(item))
                elif isinstance(item, dict):
                    seen.setdefault(_writer(item))
        yield from (name for name in seen if name and name.casefold() not in _GONE)

    def _read(
        self, prefix: str, item: Any, where: str, parties: Mapping[str, Party], twins: Counter[str]
    ) -> Record:  # fmt: skip
        if not isinstance(item, dict):
            return Problem(where, "This item is no object.")
        if prefix in FRIENDS:
            return _friend(item, where)
        if prefix in FOLLOWERS:
            return Counted(FOLLOWER, where)
        return self._message(item, where, parties, twins)

    def _message(
        self, item: Mapping[str, Any], where: str, parties: Mapping[str, Party], twins: Counter[str]
    ) -> Record:
        stamp, writer = item.get("timestamp_ms", item.get("timestamp")), _writer(item)
        if not writer:
            return Counted(NOTICE, where)
        if writer.casefold() in _GONE:
            return Counted(GONE, where)
        if not isinstance(stamp, int | float) or not 0 < stamp / 1000 <= self._latest:
            return Problem(where, "This message has no usable date.")
        # The export has no ids; a chat has the same people and times whichever part of it a file holds.
        mark = f"{self._everybody}|{int(stamp)}|{writer}"
        twins[mark] += 1
        return Exchange(
            key=stable_key("facebook", mark, str(twins[mark])),
            where=where,
            at=int(stamp // 1000),
            channel="call" if item.get("call_duration") else "message",
            sender=parties[writer],
            others=tuple(party for name, party in parties.items() if name != writer),
            minutes=_minutes(item.get("call_duration")),
        )


def _participant(item: Any) -> str:
    return mend(item.get("name") if isinstance(item, dict) else item)


def _writer(item: Mapping[str, Any]) -> str:
    """Who wrote a message; the export of encrypted chats spells the field in its own way."""
    return mend(item.get("sender_name", item.get("senderName")))


def mend(text: Any) -> str:
    """Undo the double encoding, UTF-8 read as Latin-1: “ZoÃ«” is “Zoë”; text that is right already stays."""
    plain = clean_text(str(text or ""))
    try:
        return clean_text(plain.encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return plain


def _minutes(seconds: Any) -> int | None:
    return -(-int(seconds) // 60) if isinstance(seconds, int | float) and seconds > 0 else None


def _party(name: str) -> Party:
    return Party(name, (Handle("chat", name, f"facebook:{fold_name(name) or name}"),))


def _friend(item: Mapping[str, Any], where: str) -> Record:
    name = mend(item.get("name"))
    if not name:
        return Counted("empty card", where)
    stamp = item.get("timestamp")
    day = dt.datetime.fromtimestamp(stamp, dt.UTC).date() if isinstance(stamp, int) and 0 < stamp < 4e9 else None
    since = PartialDate(day.year, day.month, day.day) if day else None
    return Card(stable_key("facebook", fold_name(name) or name), where, name, _party(name).handles, connected_on=since)
