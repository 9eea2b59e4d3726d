"""A folder with a file of every kind about the same few made-up people, who share addresses and numbers across them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.fuzz.seeds import zipped

ME, MY_NAME = "robin@home.example", "Robin Home"
FIRST = "Ada Bo Cleo Dina Elif Finn Gila Hugo Ines Jona".split()
LAST = "Adler Brook Corso Dahl Ekman Fabre".split()


def name(number: int) -> str:
    """The name of one of the made-up people, different for each number below 60."""
    return f"{FIRST[number % 10]} {LAST[number // 10 % 6]}"


def email(number: int) -> str:
    """Their address."""
    return f"{name(number).lower().replace(' ', '.')}@one.example"


def phone(number: int) -> str:
    """Their number."""
    return f"+43660{1000000 + number}"


def slug(number: int) -> str:
    """Their page at LinkedIn."""
    return f"https://www.linkedin.com/in/{name(number).lower().replace(' ', '-')}"


def mail(count: int) -> bytes:
    """A mailbox: everybody writes once and is answered once."""
    parts = []
    for number in range(2 * count):
        who = f"{name(number // 2)} <{email(number // 2)}>"
        sender, to = (who, f"{MY_NAME} <{ME}>") if number % 2 else (f"{MY_NAME} <{ME}>", who)
        parts.append(
            f"From x@y.example Tue Mar  1 10:00:00 2022\nFrom: {sender}\nTo: {to}\nSubject: Boats {number}\n"
            f"Date: {number % 27 + 1:02d} Mar 2022 10:{number % 60:02d}:00 +0000\nMessage-ID: <m{number}@one.example>\n\nHi\n\n"
        )
    return "".join(parts).encode()


def cards(count: int) -> bytes:
    """vCards with address and number of everybody."""
    return "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u{n}\r\nN:{name(n).split()[1]};{name(n).split()[0]};;;\r\nFN:{name(n)}\r\n"
        f"EMAIL:{email(n)}\r\nTEL;TYPE=CELL:{phone(n)}\r\nORG:Works {n % 7}\r\nBDAY:19{60 + n % 40}-0{n % 9 + 1}-11\r\n"
        f"CATEGORIES:tag{n % 4}\r\nURL:{slug(n)}\r\nEND:VCARD\r\n"
        for n in range(count)
    ).encode()


def calendar(count: int) -> bytes:
    """A meeting with everybody, one after another."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:e{n}\r\nDTSTART:202303{n % 27 + 1:02d}T1{n % 9}0000Z\r\nDTEND:202303{n % 27 + 1:02d}T1{n % 9}3000Z\r\n"
        f"SUMMARY:Tea {n}\r\nORGANIZER:mailto:{ME}\r\nATTENDEE;CN={name(n)}:mailto:{email(n)}\r\nEND:VEVENT\r\n"
        for n in range(count)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{events}END:VCALENDAR\r\n".encode()


def chat(count: int) -> bytes:
    """A WhatsApp chat with one person of the book; the names in it are no keys of anybody else."""
    lines = [
        f"{day % 27 + 1:02d}.{day // 27 % 12 + 1:02d}.23, 10:{day % 60:02d} - {(name(0), MY_NAME)[day % 2]}: x"
        for day in range(count)
    ]
    return "\n".join([*lines, ""]).encode()


def calls(count: int) -> bytes:
    """Calls from everybody's number."""
    items = "".join(
        f'<call number="{phone(n)}" duration="{60 + n}" date="{1680000000000 + n * 7_000_000}" type="{n % 2 + 1}" '
        f'contact_name="{name(n)}" />'
        for n in range(count)
    )
    return f'<calls count="{count}">{items}</calls>'.encode()


def google(count: int) -> bytes:
    """Google's table, with a second number and a nickname."""
    rows = "".join(
        f"{name(n).split()[0]},{name(n).split()[1]},Nick{n},* myContacts ::: tag{n % 3},{email(n)},+43661{2000000 + n}\r\n"
        for n in range(count)
    )
    return f"First Name,Last Name,Nickname,Labels,E-mail 1 - Value,Phone 1 - Value\r\n{rows}".encode()


def linkedin(count: int) -> bytes:
    """LinkedIn's zip: connections, messages, an endorsement."""
    people = "".join(
        f"{name(n).split()[0]},{name(n).split()[1]},{slug(n)},{email(n) if n % 3 else ''},Works {n % 7},Engineer,08 Feb 2021\r\n"
        for n in range(count)
    )
    messages = "".join(
        f"c{n},,{name(n)},{slug(n)},{MY_NAME},https://www.linkedin.com/in/robin,2024-02-{n % 27 + 1:02d} 10:00:00 UTC,,x,INBOX\r\n"
        for n in range(count)
    )
    endorsed = f"2024/02/01 15:02:55 UTC,Rowing,{FIRST[1]},{LAST[0]},{slug(1)},ACCEPTED\r\n"
    return zipped(
        ("Connections.csv", f"First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n{people}".encode()),
        ("messages.csv", (
            "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,"
            f"FOLDER\r\n{messages}"
        ).encode()),
        ("Profile.csv", f"First Name,Last Name\r\n{MY_NAME.replace(' ', ',')}\r\n".encode()),
        ("Endorsement_Received_Info.csv", (
            "Endorsement Date,Skill Name,Endorser First Name,Endorser Last Name,Endorser Public Url,Endorsement Status\r\n"
            + endorsed
        ).encode()),
    )  # fmt: skip


def monica(count: int) -> bytes:
    """Monica's export: people by address, a call and a note of each."""

    def part(kind: str, *values: object) -> dict[str, object]:
        return {"count": len(values), "type": kind, "values": list(values)}

    def contact(n: int) -> dict[str, object]:
        first, last = name(n).split()
        return {
            "uuid": f"c{n}", "created_at": "2020-01-02T00:00:00.000000Z",
            "properties": {"first_name": first, "last_name": last, "is_partial": False},
            "data": [
                part("contact_field", {"uuid": f"f{n}", "properties": {"data": email(n), "type": "t1"}}),
                part("call", {"uuid": f"k{n}", "properties": {"called_at": f"2023-04-{n % 27 + 1:02d}"}}),
                part("note", {"uuid": f"n{n}", "created_at": "2023-05-01", "properties": {"body": f"Likes boats {n}"}}),
            ],
        }  # fmt: skip

    whole = {
        "version": "1.0-preview.1",
        "account": {"uuid": "a", "data": [part("contact", *map(contact, range(count)))]},
        "instance": {"contact_field_types": [{"uuid": "t1", "properties": {"name": "Email", "type": "email"}}]},
    }
    return json.dumps(whole).encode()


MAKERS = {
    "all.mbox": mail, "people.vcf": cards, "meetings.ics": calendar, "chat.txt": chat, "calls.xml": calls,
    "google.csv": google, "linkedin.zip": linkedin, "monica.json": monica,
}  # fmt: skip


def write_files(folder: Path, count: int, kinds: tuple[str, ...] = tuple(MAKERS)) -> list[Path]:
    """The files about the first `count` people, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in kinds:
        paths.append(folder / kind)
        paths[-1].write_bytes(MAKERS[kind](count))
    return paths
