"""A small mailbox of made-up people for tests of the faces."""

from __future__ import annotations

ME = "alice@example.org"

_MAIL = """From {sender} {separator}
From: {name} <{sender}>
To: {to}
Subject: {subject}
Date: {date}
Message-ID: <{number}@example.org>
{extra}
Text.

"""


def mail(number: int, sender: str, to: str, subject: str, date: str, extra: str = "") -> str:
    """One mail of an mbox; `date` like "Mon, 02 Nov 2026 09:00:00 +0000"."""
    name = sender.partition("@")[0].replace(".", " ").title()
    return _MAIL.format(
        sender=sender, separator="Mon Nov  2 09:00:00 2026", name=name, to=to, subject=subject, date=date,
        number=number, extra=extra,
    )  # fmt: skip


def mailbox() -> bytes:
    """Twelve exchanges with three people over the year, a newsletter, and a mail whose header is broken."""
    people = ("bob.builder@example.com", "carol.singer@example.net", "dave.baker@example.com")
    mails = []
    for number in range(12):
        person = people[number % 3]
        pair = (person, ME) if number % 2 else (ME, person)
        date = f"Mon, {1 + number * 2:02d} {'Mar Jun Sep Nov'.split()[number // 3]} 2026 09:00:00 +0000"
        date = date.replace("Mon, ", "")
        mails.append(mail(number, *pair, f"About lunch {number}", date))
    mails.append(
        mail(90, "news@list.example", ME, "Weekly news", "03 Nov 2026 09:00:00 +0000", "List-Id: <news.list.example>\n")
    )
    mails.append(mail(91, "not an address", "", "", "no date at all"))
    return "".join(mails).encode()
