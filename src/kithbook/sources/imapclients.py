"""A mailbox on a server, opened for reading only, with every failure told in one sentence.

Folders are opened by EXAMINE and headers fetched with PEEK: nothing is marked as read, moved or deleted. What the
server or the library says of an error is never passed on, because it may repeat the password.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import ssl
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kithbook.core.errors import KithbookError, Refused, Unavailable
from kithbook.sources.connecting import told_plainly
from kithbook.sources.imapplace import ImapPlace

CONNECT_S, READ_S = 10.0, 30.0
LARGEST_ANSWER = 16 << 20
"""Bytes of one literal that are taken from a server; no header that was asked for comes near."""
HEADER_BYTES = 128 * 1024
WANTED = (
    "From To Cc Bcc Date Message-ID Subject Delivered-To X-Original-To X-Gmail-Labels List-Id List-Post Sender "
    "X-Mailing-List Mailing-List X-BeenThere Precedence Auto-Submitted List-Unsubscribe Feedback-ID Return-Path "
    "Content-Type"
).upper()
_FIELDS = f"BODY.PEEK[HEADER.FIELDS ({WANTED})]<0.{HEADER_BYTES}>"
_STATUS = ("UIDVALIDITY", "UIDNEXT")
_KINDS = {
    b"\\junk": "spam", b"\\spam": "spam", b"\\trash": "trash", b"\\drafts": "drafts", b"\\sent": "sent",
    b"\\all": "all", b"\\allmail": "all",
}  # fmt: skip
# Servers without special-use flags; only whole names count, in the languages that mail programs use.
_NAMED = {
    "spam": "spam", "junk": "spam", "junk mail": "spam", "junk e-mail": "spam", "bulk mail": "spam",
    "trash": "trash", "deleted items": "trash", "deleted messages": "trash", "papierkorb": "trash",
    "drafts": "drafts", "draft": "drafts", "entwürfe": "drafts", "brouillons": "drafts", "corbeille": "trash",
}  # fmt: skip


class Folder(NamedTuple):
    """A folder that can be opened; `kind` is "spam", "trash", "drafts", "sent", "all" or ""."""

    name: str
    kind: str


class FolderState(NamedTuple):
    """What a folder's numbers were. `modseq` is 0 where the server has none."""

    uidvalidity: int
    uidnext: int
    modseq: int


class Header(NamedTuple):
    """The wanted headers of one message; `at` is when the server got it, epoch seconds, 0 if it does not say."""

    uid: int
    at: int
    block: bytes


class Mailbox:
    """An open, logged-in connection; see `open_mailbox`."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._has_modseq = client.has_capability("CONDSTORE") or client.has_capability("QRESYNC")

    def folders(self) -> list[Folder]:
        """All folders that can be opened, by name, the inbox first."""
        found = []
        for flags, delimiter, name in self._client.list_folders():
            lower = {bytes(flag).lower() for flag in flags}
            if lower & {b"\\noselect", b"\\nonexistent"}:
                continue
            text = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
            found.append(Folder(text, _kind(lower, text, (delimiter or b"/").decode("ascii", "replace"))))
        return sorted(found, key=lambda folder: (folder.name.upper() != "INBOX", folder.name))

    def state(self, folder: str) -> FolderState:
        """The numbers of a folder without opening it."""
        answer = self._client.folder_status(folder, (*_STATUS, *(("HIGHESTMODSEQ",) if self._has_modseq else ())))
        return FolderState(*(int(answer.get(name.encode(), 0)) for name in (*_STATUS, "HIGHESTMODSEQ")))

    def examine(self, folder: str) -> FolderState:
        """Open a folder for reading only."""
        answer = self._client.select_folder(folder, readonly=True)
        return FolderState(*(int(answer.get(name.encode(), 0)) for name in (*_STATUS, "HIGHESTMODSEQ")))

    def uids(self, first: int, last: int) -> list[int]:
        """The UIDs of the open folder from `first` to `last`, in order. Ranges keep the answers short."""
        return sorted(uid for uid in self._client.search(["UID", f"{first}:{last}"]) if first <= uid <= last)

    def last_uid(self) -> int:
        """The highest UID of the open folder, 0 where it is empty."""
        return max(self._client.search(["UID", "*"]), default=0)

    def headers(self, uids: Sequence[int]) -> list[Header]:
        """The wanted headers of these messages, in the order of their UIDs; a message that is gone is left out."""
        answer = self._client.fetch(uids, ["INTERNALDATE", _FIELDS])
        found = []
        for uid in sorted(answer):
            block = next((value for name, value in answer[uid].items() if name.startswith(b"BODY[")), None)
            if uid in uids and block is not None:
                found.append(Header(uid, _seconds(answer[uid].get(b"INTERNALDATE")), block))
        return found


def _kind(flags: set[bytes], name: str, delimiter: str) -> str:
    told = next((kind for flag, kind in _KINDS.items() if flag in flags), "")
    return told or _NAMED.get(name.rpartition(delimiter)[2].lower(), "")


def _seconds(at: Any) -> int:
    if not isinstance(at, dt.datetime):
        return 0
    # imapclient gives local time without a zone.
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return max(0, int(at.timestamp()))
    return 0


@contextlib.contextmanager
def open_mailbox(place: ImapPlace, user_name: str, password: str) -> Iterator[Mailbox]:
    """Connect, encrypt and log in; log out at the end.

    Raises Refused for a wrong password or a certificate that cannot be trusted, Unavailable for everything else that
    goes wrong on the way, also later while the mailbox is used.
    """
    with _told_plainly(place.host):
        client = _connect(place)
        try:
            _limit(client)
            _log_in(client, user_name, password)
            yield Mailbox(client)
            with contextlib.suppress(Exception):
                client.logout()
        finally:
            with contextlib.suppress(Exception):
                client.shutdown()


def _connect(place: ImapPlace) -> Any:
    from imapclient import IMAPClient, SocketTimeout

    context = ssl.create_default_context()
    tls = place.security == "tls"
    client = IMAPClient(
        place.host, place.port, ssl=tls, ssl_context=context if tls else None, timeout=SocketTimeout(CONNECT_S, READ_S)
    )
    if place.security == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            client.shutdown()
            raise
    return client


def _limit(client: Any) -> None:
    """Refuse literals that are larger than anything that was asked for, before they are read into memory."""
    plain_read = client._imap.read

    def read(size: int) -> bytes:
        if size > LARGEST_ANSWER:
            raise Unavailable(f"The mail server sent more than {LARGEST_ANSWER >> 20} MB at once.")
        found: bytes = plain_read(size)
        return found

    client._imap.read = read


def _log_in(client: Any, user_name: str, password: str) -> None:
    from imapclient.exceptions import LoginError

    try:
        client.login(user_name, password)
    except LoginError:
        raise Refused(
            "The mail server does not accept this user name and password.",
            "Some providers want an app password that is made in their settings.",
        ) from None


@contextlib.contextmanager
def _told_plainly(host: str) -> Iterator[None]:
    from imapclient.exceptions import IMAPClientError

    try:
        yield
    except KithbookError:
        raise
    except (IMAPClientError, OSError, EOFError, ValueError, UnicodeError, AssertionError) as error:
        raise told_plainly(host, error, "mail server") or Unavailable(
            f"The connection to {host} broke off, or it answered with an error.", "It is tried again later."
        ) from None
