"""Telegram's export (result.json), of everything or of one chat: who wrote or called when. Texts are not kept."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from kithbook.core.cards import stable_key
from kithbook.core.names import fold_name
from kithbook.core.phones import normalise_phone
from kithbook.core.records import Card, Counted, Exchange, Handle, Party, Problem
from kithbook.sources.base import Progress, Record
from kithbook.sources.jsonstream import CutOff, stream_items

LISTS = {
    "chats.list.item.messages": "chats.list.item",
    "left_chats.list.item.messages": "left_chats.list.item",
    "messages": "",
}
CONTACTS = {"contacts.list": "contacts"}
WITH_PEOPLE = frozenset(("personal_chat", "private_group", "private_supergroup", "public_supergroup", "public_group"))
NOTICE, NO_PEOPLE, NO_SENDER = "notice of the app", "chat without people (bot, channel, saved)", "deleted account"
MISSED = frozenset(("missed", "busy"))
_TELLS = re.compile(rb'"(?:personal_information|chats|contacts|messages)"\s*:')


def tells(head: bytes) -> str:
    """Why this is Telegram's export, "" if it is none."""
    if not head.lstrip(b"\xef\xbb\xbf \t\n").startswith(b"{") or b'"sender_name"' in head:
        return ""
    whole = b'"personal_information"' in head and b'"user_id"' in head
    one = b'"type"' in head and b'"messages"' in head and (b'"from_id"' in head or b'"actor_id"' in head)
    return "It has the form of Telegram's result.json." if (whole or one) and _TELLS.search(head) else ""


class TelegramSource:
    """The messages and calls of all chats with people, and the people of the address book.

    `names` are the writers of a chat of several where the file does not say who the owner is.
    """

    kind = "telegram"

    def __init__(self, path: str | PathLike[str], *, latest: int, zone: dt.tzinfo = dt.UTC) -> None:
        self.path = fspath(path)
        self.names: tuple[str, ...] = ()
        self._latest, self._zone = latest, zone
        self._me = ""
        self._writers: dict[str, dict[str, Party]] = {}

    def records(self, progress: Progress | None = None) -> Iterator[Record]:
        """Yield a Card for each of the address book, an Exchange, Counted or Problem for each message."""
        name = Path(self.path).name
        cut = self._survey()
        number = 0
        try:
            for _, _, item in stream_items(self.path, CONTACTS):
                number += 1
                yield _card(item, f"{name}, contact {number}")
            for number, (_, chat, message) in enumerate(stream_items(self.path, LISTS, progress), 1):
                yield self._read(chat, message, f"{name}, message {number}")
        except CutOff:
            pass
        if cut:
            yield Problem(name, f"The file is cut off or broken; what came before was read ({cut}).")

    def _survey(self) -> str:
        """Who the owner is and who writes in each chat; what is wrong with the file, "" if nothing is."""
        self._writers.clear()
        damage = ""
        try:
            for _, owner, _ in stream_items(self.path, {"chats.list": "personal_information"}):
                self._me = f"user{owner['user_id']}" if "user_id" in owner else ""
                break
            for _, chat, message in stream_items(self.path, LISTS):
                writer = _writer(message) if isinstance(message, dict) else None
                if writer:
                    self._writers.setdefault(_chat_key(chat), {}).setdefault(*writer)
        except CutOff as error:
            damage = str(error)
        if not self._me:
            groups = [people for people in self._writers.values() if len(people) > 2]
            self.names = tuple(party.name for people in groups[:1] for party in people.values())
        return damage

    def _read(self, chat: Mapping[str, Any], message: Any, where: str) -> Record:
        if not isinstance(message, dict):
            return Problem(where, "This message is no object.")
        if chat.get("type") not in WITH_PEOPLE:
            return Counted(NO_PEOPLE, where)
        call = message.get("action") == "phone_call"
        if message.get("type") != "message" and not call:
            return Counted(NOTICE, where)
        writer, at = _writer(message), self._moment(message)
        if writer is None:
            return Counted(NO_SENDER, where)
        if at is None or not 0 < at <= self._latest:
            return Problem(where, "This message has no usable date.")
        everybody = self._parties(chat)
        sender = everybody.get(writer[0], writer[1])
        seconds = message.get("duration_seconds")
        return Exchange(
            key=stable_key("telegram", _chat_key(chat), str(message.get("id", ""))),
            where=where,
            at=at,
            channel="call" if call else "message",
            sender=sender,
            others=tuple(party for key, party in everybody.items() if key != writer[0]),
            minutes=math.ceil(seconds / 60) if call and isinstance(seconds, int | float) and seconds > 0 else None,
            counts=not (call and (message.get("discard_reason") in MISSED or not seconds)),
        )

    def _parties(self, chat: Mapping[str, Any]) -> dict[str, Party]:
        """Everybody of a chat by their key, the owner marked. In a chat of two the owner is who it is not named for."""
        writers = self._writers.get(_chat_key(chat), {})
        if chat.get("type") != "personal_chat":
            return {key: party._replace(is_me=True) if key == self._me else party for key, party in writers.items()}
        title = str(chat.get("name") or "")
        partner = f"user{chat.get('id', '')}"
        found: dict[str, Party] = {}
        for key, party in writers.items():
            theirs = key == partner or (key != self._me and party.name == title)
            found[key] = party if theirs else party._replace(is_me=True)
        if all(party.is_me for party in found.values()):
            found[partner] = Party(title, (_handle(partner, title),))
        if not any(party.is_me for party in found.values()):
            found["me"] = Party("", (), is_me=True)
        return found

    def _moment(self, message: Mapping[str, Any]) -> int | None:
        try:
            if "date_unixtime" in message:
                return int(message["date_unixtime"])
            local = dt.datetime.fromisoformat(str(message["date"]))
        except (KeyError, ValueError, TypeError):
            return None
        return int((local if local.tzinfo else local.replace(tzinfo=self._zone)).timestamp())


def _chat_key(chat: Mapping[str, Any]) -> str:
    return str(chat.get("id") or chat.get("name") or "")


def _writer(message: Mapping[str, Any]) -> tuple[str, Party] | None:
    """The key and the party of who wrote or called; None for accounts that are gone."""
    name = " ".join(str(message.get("from") or message.get("actor") or "").split())
    key = str(message.get("from_id") or message.get("actor_id") or "")
    key = f"user{key}" if key.isdecimal() else key
    if not name and not key:
        return None
    return (key or name), Party(name, (_handle(key, name),))


def _handle(key: str, name: str) -> Handle:
    return Handle("chat", name or key, f"telegram:{key or fold_name(name)}")


def _card(item: Any, where: str) -> Record:
    if not isinstance(item, dict):
        return Problem(where, "This contact is no object.")
    given, family = (" ".join(str(item.get(part) or "").split()) for part in ("first_name", "last_name"))
    written = str(item.get("phone_number") or "")
    number = normalise_phone(re.sub(r"^00", "+", written))
    name = f"{given} {family}".strip()
    if not name and not number:
        return Counted("empty card", where)
    handles = (Handle("phone", written, number),) if number else ()
    return Card(stable_key("telegram", number or name), where, name, handles, given_name=given, family_name=family)
