"""Which mails are an exchange with the owner, with whom, and in which direction.

List mail, newsletters and robots make no people; a list mail that names the owner or a person is an exchange
between the two all the same (formats: "not a person / not contact").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from kithbook.core.maillabels import is_junk_label
from kithbook.core.records import Address, Mail

GROUP_SIZE = 12
"""More people than this on one mail make it a group mail; those who only share it with the owner are not noted."""

IN, BOTH, OUT = -1, 0, 1

JUNK = "spam, trash or chat"
AUTOMATIC = "automatic mail"
NEWSLETTER = "newsletter or bulk mail"
SHARED_MAILBOX = "shared mailbox, not a person"
LIST_ONLY = "list mail that does not name you"
NOT_YOURS = "neither from you nor to you"
SENT_TO_LIST = "sent by you to a list only"
SENT_TO_SELF = "sent by you to nobody else"
NO_DATE = "This mail has no usable date."
NO_SENDER = "This mail does not say who sent it."


class MailExchange(NamedTuple):
    """A mail between the owner and people.

    `direction`: 1 the owner wrote, -1 they did. `with_` are those who exchanged with the owner, `also` those who only
    appear on the same mail. `size` is the number of people addressed besides the writer, at least 1.
    """

    direction: int
    with_: tuple[Address, ...]
    also: tuple[Address, ...]
    size: int
    channel: str


def exchange_of(mail: Mail, mine: Collection[str]) -> MailExchange | str:
    """The exchange in a mail, given the owner's address keys; or, in words, why it is none."""
    if mail.labels and is_junk_label(mail.labels):
        return JUNK
    sender = mail.sender[0] if mail.sender else None
    if sender is not None and sender.key in mine:
        return _sent(mail, mine)
    if sender is None or not sender.key:
        return NO_SENDER
    return _received(mail, sender, mine)


def _sent(mail: Mail, mine: Collection[str]) -> MailExchange | str:
    people, lists = _split(mail.to + mail.cc, mine)
    if not people:
        return SENT_TO_LIST if lists else SENT_TO_SELF
    size = len(people) + lists
    return MailExchange(OUT, people, (), size, _channel(size))


def _received(mail: Mail, sender: Address, mine: Collection[str]) -> MailExchange | str:
    if sender.bot:
        return SHARED_MAILBOX if sender.bot == "role" else AUTOMATIC
    if mail.bulk in ("auto", "bounce"):
        return AUTOMATIC
    addressed = mail.to + mail.cc
    named = False
    for address in addressed:
        if address.key in mine:
            named = True
            break
    if not named:
        if mail.bulk:
            return LIST_ONLY
        if not any(key in mine for key in mail.delivered_to):
            return NOT_YOURS
    people, lists = _split(addressed, mine)
    if mail.bulk and not lists and not people:
        # A discussion list is among those addressed; a newsletter names its reader alone.
        return NEWSLETTER
    size = 1 + len(people) + lists
    also = tuple(address for address in people if address.key != sender.key)
    return MailExchange(IN, (sender,), also if size <= GROUP_SIZE else (), size, _channel(size))


def _split(addressed: Iterable[Address], mine: Collection[str]) -> tuple[tuple[Address, ...], int]:
    """People other than the owner, each once, and how many lists and robots were addressed."""
    people: dict[str, Address] = {}
    lists = 0
    for address in addressed:
        key = address.key
        if not key or key in mine:
            continue
        if address.bot:
            lists += address.bot == "list"
        elif key not in people:
            people[key] = address
    return tuple(people.values()), lists


def _channel(size: int) -> str:
    return "email" if size <= GROUP_SIZE else "group_mail"


class OwnerGuess(NamedTuple):
    """Address keys that are probably the owner's, with the share of mails that support them."""

    keys: tuple[str, ...]
    share: float


def guess_owner(mails: Iterable[Mail]) -> OwnerGuess | None:
    """Infer the owner's addresses: most frequent in Delivered-To or as writer of sent mail.

    Without such headers, the one person who is on at least three mails in four is taken to be the owner. None where
    nothing is clear: then the owner must be asked.
    """
    delivered: Counter[str] = Counter()
    sent: Counter[str] = Counter()
    present: Counter[str] = Counter()
    total = 0
    for mail in mails:
        total += 1
        delivered.update(set(mail.delivered_to))
        if mail.sender and any(label.casefold() in SENT_LABELS for label in mail.labels):
            sent.update(address.key for address in mail.sender if address.key and not address.bot)
        present.update({a.key for a in mail.sender + mail.to + mail.cc if a.key and not a.bot})
    for counts in (sent, delivered):
        guess = _most(counts, sum(counts.values()), 0.5)
        if guess and sum(counts.values()) >= 3:
            return guess
    return _most(present, total, 0.75) if total >= 3 else None


SENT_LABELS = frozenset(
    {"sent", "gesendet", "messages envoyés", "envoyés", "enviados", "enviado", "inviati", "posta inviata", "verzonden"}
)


def _most(counts: Counter[str], total: int, least: float) -> OwnerGuess | None:
    if not total:
        return None
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if ranked[0][1] / total < least or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return OwnerGuess((ranked[0][0],), ranked[0][1] / total)
