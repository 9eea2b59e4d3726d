"""What a mail's own headers say about mailing lists, bulk sending and Gmail labels."""

from __future__ import annotations

import re

from kithbook.core.addresses import normalise_email, split_mailboxes
from kithbook.core.mailwords import decode_bytes, decode_words

_LIST_ID = re.compile(r"<([^<>\s]+)>\s*\Z|\A\s*([^<>\s]+)\s*\Z")
_MAILTO = re.compile(r"mailto:([^?>\s]+)", re.IGNORECASE)
_CONTACT = re.compile(r"(?:contact|list)\s+([^;,\s]+)", re.IGNORECASE)
_OWNER = re.compile(
    r"(?:owner-(?P<after>[^@]+)|(?P<before>[^@]+?)-(?:owner|bounces?|errors|return|request|help)(?:[-+][^@]*)?)"
    r"(?P<at>@.+)\Z"
)
_LABEL = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|((?:[^",][^,]*)?))\s*(?:,|\Z)')


def read_labels(raw: bytes) -> tuple[str, ...]:
    """Gmail's labels of one message: decoded, unquoted, in order. Commas inside quotes belong to a label."""
    text = decode_words(" ".join(decode_bytes(raw).split())).replace("\0", "")
    labels: list[str] = []
    position = 0
    while position < len(text):
        match = _LABEL.match(text, position)
        if match is None:  # a quote that never ends
            labels.append(text[position:].strip(' "'))
            break
        label = re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else (match[2] or "")
        labels.append(label.strip())
        position = match.end()
    return tuple(label for label in labels if label)


def list_addresses_in(list_id: str, list_post: str, sender: str, mailing_list: str, been_there: str) -> set[str]:
    """The normal forms of the addresses that a message's headers call a mailing list.

    `List-Id: <name.host>` stands for name@host; `Sender: owner-name@host` and `name-bounces@host` for name@host;
    the others (List-Post, X-Mailing-List or Mailing-List, X-BeenThere) name it outright.
    """
    found: list[str] = []
    match = _LIST_ID.search(list_id)
    if match:
        found.append((match[1] or match[2]).replace(".", "@", 1) if "@" not in match[0] else (match[1] or match[2]))
    found.extend(_MAILTO.findall(list_post))
    found.extend(list_of_owner(email) for _, email in split_mailboxes(sender))
    found.extend(email for _, email in split_mailboxes(been_there))
    named = _CONTACT.findall(mailing_list)
    found.extend(list_of_owner(name) or name for name in named)
    if not named:
        found.extend(email for _, email in split_mailboxes(mailing_list.partition(" ")[0]))
    return {key for key in map(normalise_email, found) if key}


def list_of_owner(email: str) -> str:
    """The list behind an address such as owner-name@host or name-bounces@host; "" if it is no such address."""
    match = _OWNER.match(email.lower())
    return (match["after"] or match["before"]) + match["at"] if match else ""


def bulk_kind(*, list_id: str, list_post: str, precedence: str, other_list: bool, auto: str, feedback: bool) -> str:
    """Why a mail is not personal: "auto", "list", "bulk", or "" if nothing in its header says so.

    A list is where people write to each other; what counts complaints (Feedback-ID) is bulk.
    """
    auto = auto.partition(";")[0].partition("(")[0].strip().lower()
    if auto and auto != "no":
        return "auto"
    precedence = precedence.strip().lower()
    if list_post or other_list or precedence == "list" or (list_id and not feedback):
        return "list"
    if list_id or feedback or precedence in ("bulk", "junk"):
        return "bulk"
    return ""
