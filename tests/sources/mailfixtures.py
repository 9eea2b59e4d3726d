"""Small self-written mails and mailboxes for the tests of the mail sources."""

from __future__ import annotations

from pathlib import Path

from kithbook.core.records import Mail, Problem
from kithbook.sources.mbox import MboxSource

LATEST = 1_800_000_000  # 2027-01-15
DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SEPARATOR = b"From jane@example.org Mon Jan  1 10:00:00 2024\n"


def header(**fields: str) -> bytes:
    """A header block with a sender, a date and an id unless told otherwise; `_` in a name stands for `-`."""
    usual = {
        "From": "Jane Example <jane@example.org>",
        "To": "Omar <omar@example.net>",
        "Date": "Mon, 1 Jan 2024 10:00:00 +0000",
        "Message_ID": "<one@example.org>",
    }
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in (usual | fields).items() if value]
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")


def mail(body: bytes = b"hello\n", **fields: str) -> bytes:
    """A whole message."""
    return header(**fields) + b"\n" + body


def mbox(*mails: bytes) -> bytes:
    """A mailbox with these messages."""
    return b"\n".join(SEPARATOR + one for one in mails)


def read(path: Path, content: bytes, **options: int | bool) -> list[Mail | Problem]:
    """All records of a mailbox with this content."""
    path.write_bytes(content)
    return list(MboxSource(path, latest=LATEST, **options).records())  # type: ignore[arg-type]


def one_mail(path: Path, **fields: str) -> Mail:
    """The only mail of a mailbox with one message that has these fields."""
    (record,) = read(path, mbox(mail(**fields)))
    assert isinstance(record, Mail)
    return record


def emails(addresses: tuple[object, ...]) -> list[str]:
    """The addresses that have one."""
    return [address.email for address in addresses if address.email]  # type: ignore[attr-defined]
