"""Good files of every kind to begin from. All self-written; the people do not exist."""

from __future__ import annotations

import io
import json
import zipfile

MAIL = (
    b'From: =?utf-8?q?Zo=C3=AB?= Quist <zoe@one.example>\nTo: "Robin, Home" <me@home.example>,\n\tteam: a@b.example;\n'
    b"Cc: undisclosed-recipients:;\nSubject: =?iso-8859-1?b?R3L832U=?=\n Lunch\nDate: Tue, 1 Mar 2022 10:00:00 +0100\n"
    b"Message-ID: <m1@one.example>\nIn-Reply-To: <m0@one.example>\nList-Id: Rowing <rowing.lists.example>\n"
    b"X-Gmail-Labels: =?utf-8?q?Important,Ge=C3=B6ffnet?=\nReceived: from a by b; Tue, 1 Mar 2022 10:00:02 +0100\n\nHello\n"
)
MBOX = (
    b"\xef\xbb\xbfFrom zoe@one.example Tue Mar  1 10:00:00 2022\n" + MAIL + b"\nFrom - Wed Mar  2 10:00:00 2022\r\n"
    b"X-Mozilla-Status: 0001\r\nFrom: Ada <ada@two.example>\r\nTo: me@home.example\r\nDate: 2 Mar 22 9:00 EST\r\n"
    b"Content-Length: 30\r\n\r\n>From here on\nFrom Russia with love\r\n\n"
    b"From 1234567890@xxx Mon Jan 01 10:00:00 +0000 2024\nX-GM-THRID: 1\nFrom: b@c.example\nDate: x\n\nend"
)
CARDS = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nN:Quist;Zoë;;;\r\nFN:Zoë Quist\r\nitem1.EMAIL;type=INTERNET:zoe@one.example\r\n"
    "item1.X-ABLabel:_$!<Work>!$_\r\nTEL;TYPE=CELL:+43 (0)660 1234567\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-10-06\r\n"
    "NOTE:two\\nlines\\, and\r\n  a fold\r\nORG:Works;Team\r\nADR;TYPE=HOME:;;;Graz;;;Austria\r\nCATEGORIES:a,b\r\n"
    "PHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\n BBBB\r\nURL:https://www.linkedin.com/in/zoe%2Dq\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gr=C3=BC=\n=C3=9F;J\nTEL;CELL:0660\n"
    "AGENT:\nBEGIN:VCARD\nFN:In\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:All\r\n"
    'TEL;VALUE=uri:tel:+1-555-0100;ext=5\r\nANNIVERSARY:--1006\r\nX-A;X="a:b^n":v\r\nEND:VCARD\r\n'
).encode()
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTIMEZONE\r\nTZID:Vienna\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\n"
    b"TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    b"BEGIN:VEVENT\r\nUID:e1\r\nDTSTART;TZID=Vienna:20230301T100000\r\nDTEND;TZID=Vienna:20230301T110000\r\nSUMMARY:Tea\r\n"
    b"RRULE:FREQ=WEEKLY;COUNT=5\r\nEXDATE;TZID=Vienna:20230308T100000\r\nORGANIZER;CN=Me:mailto:me@home.example\r\n"
    b'ATTENDEE;CN="Zoe; Q";PARTSTAT=ACCEPTED:mailto:zoe@one.example\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:e1\r\n'
    b"RECURRENCE-ID;TZID=Vienna:20230315T100000\r\nDTSTART;TZID=W. Europe Standard Time:20230316T100000\r\nDURATION:PT1H\r\n"
    b"ATTENDEE;PARTSTAT=DECLINED:mailto:zoe@one.example\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:e2\r\nDTSTART;VALUE=DATE:20230401\r\n"
    b"STATUS:CANCELLED\r\nATTENDEE:MAILTO:b@c.example\r\nDESCRIPTION:https://zoom.us/j/1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CONNECTIONS = (
    '\ufeffNotes:\r\n"Some, of the\r\naddresses are missing"\r\n\r\n'
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
    'Zoë,"Quist, PhD",https://www.linkedin.com/in/zo%C3%AB,zoe@one.example,"Works, Inc.",Engineer,08 Feb 2026\r\n'
    ",,,,,,07 Jun 2026\r\nAda 🚀,Lind,,,,,4-Apr-21\r\n"
).encode()
LINKEDIN_FILES = {
    "messages.csv": (
        "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,"
        "ATTACHMENTS,IS MESSAGE DRAFT,IS CONVERSATION DRAFT\r\n"
        '"c1","","Zoë Quist","https://www.linkedin.com/in/zoe","Me Home","https://www.linkedin.com/in/me",'
        '"2025-06-01 14:03:22 UTC","Hi","two\r\nlines","INBOX","","No","No"\r\n'
        "c2,,Me Home,https://www.linkedin.com/in/me,Ada,https://www.linkedin.com/in/ada,2025/06/02 14:03:22 UTC,,x,SPAM,,,\r\n"
    ).encode(),
    "Invitations.csv": (
        b"From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\r\n"
        b'Zoe Quist,Me Home,"1/29/26, 2:37 PM",hello,INCOMING,https://www.linkedin.com/in/zoe,https://www.linkedin.com/in/me\r\n'
    ),
    "Notes.csv": (
        b"Connection First Name,Connection Last Name,Connection Profile URL,Note,Created On,Edited On\r\n"
        b"Zoe,Quist,https://www.linkedin.com/in/zoe,likes boats,2026-01-02 10:00:00 UTC,\r\n"
    ),
    "Recommendations_Given.csv": (
        b"First Name,Last Name,Company,Job Title,Text,Creation Date,Status\r\n"
        b'Zoe,Quist,Works,Engineer,"very good\r\nindeed","07/08/21, 09:10 AM",VISIBLE\r\n'
    ),
    "Endorsement_Received_Info.csv": (
        b"Endorsement Date,Skill Name,Endorser First Name,Endorser Last Name,Endorser Public Url,Endorsement Status\r\n"
        b"2024/02/01 15:02:55 UTC,Rowing,Zoe,Quist,www.linkedin.com/in/zoe,ACCEPTED\r\n"
    ),
}
GOOGLE = (
    "First Name,Middle Name,Last Name,Nickname,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,"
    "Phone 1 - Value,Organization Name,Organization Title,Address 1 - City\r\n"
    'Zoë,,Quist,Zo, --10-06,"two\nlines",* myContacts ::: Rowing,* Work,zoe@one.example ::: z@two.example,Mobile,+43 660 1,Works,Eng,Graz\r\n'
    ",,,,,,,,,,,,,\r\n"
).encode()
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Company,Job Title,Mobile Phone,E-mail Address,Birthday,Anniversary,Referred By,"
    "Hobby,Categories,Notes\r\n,J\u00fcrgen,,Gr\u00f6\u00dfe,Works,Baker,+49 170 1234567,j@three.example,3/15/85,0/0/00,Ada Lind,boats;rope,VIP,x\r\n"
).encode("cp1252")
CHAT = (
    "12/31/23, 9:41\u202fPM - Messages and calls are end-to-end encrypted.\n12/31/23, 9:41\u202fPM - Zoë: hello\nand on\n"
    "1/2/24, 10:00\u202fAM - Me Home: <Media omitted>\n[31/12/2023, 21:41:09] \u200eZoë: \u200eimage omitted\n"
    "31.12.23, 21:41 - ~\u202fZoë: x\n12/31/23, 9:42 p. m. - Me Home: y\n"
).encode()
TELEGRAM = json.dumps(
    {
        "personal_information": {"user_id": 1, "first_name": "Me", "last_name": "Home"},
        "contacts": {"list": [{"first_name": "Zoë", "last_name": "Quist", "phone_number": "+43 660 1234567"}]},
        "chats": {
            "list": [
                {
                    "name": "Zoë", "type": "personal_chat", "id": 7,
                    "messages": [
                        {"id": 1, "type": "message", "date": "2021-01-02T10:00:00", "date_unixtime": "1609578000",
                         "from": "Zoë", "from_id": "user7", "text": ["a", {"type": "bold", "text": "b"}]},
                        {"id": 2, "type": "service", "action": "phone_call", "duration_seconds": 61, "actor": "Me",
                         "actor_id": "user1", "date": "2021-01-02T11:00:00", "discard_reason": "hangup"},
                    ],
                }
            ]
        },
    }
).encode()  # fmt: skip
FACEBOOK = json.dumps(
    {
        "participants": [{"name": "Zo\u00c3\u00ab"}, {"name": "Me Home"}],
        "messages": [
            {"sender_name": "Zo\u00c3\u00ab", "timestamp_ms": 1609578000123, "content": "x"},
            {"sender_name": "Me Home", "timestamp_ms": 1609579000123, "call_duration": 61},
        ],
        "title": "Zoe",
    }
).encode()
LDIF = (
    b"version: 1\n\ndn: cn=Ada Quill,mail=ada@example.org\nobjectclass: inetOrgPerson\ncn: Ada Quill\nsn:: UXVpbGw=\n"
    b"mail: ada@example.org\nmobile: +436641234567\ndescription: a long\n  line\nbirthyear: 1980\n\n"
    b"dn: cn=Friends\nobjectclass: groupOfNames\ncn: Friends\nmember: cn=Ada\n"
)
FRIENDS = json.dumps({"friends_v2": [{"name": "Ada Lind", "timestamp": 1500000000}]}).encode()
PHONE = (
    b"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<smses count=\"3\">\n"
    b'<sms address="+436601234567" date="1609578000000" type="1" body="x &#55357;&#56832; y" contact_name="Zoe" />\n'
    b'<mms date="1609579000000" msg_box="1" address="+431~+432" contact_name="A, B" m_id="m"><addrs>'
    b'<addr address="+431" type="137" /></addrs></mms>\n</smses>\n'
)
CALLS = (
    b'<calls count="9"><call number="+436601234567" duration="61" date="1609578000000" type="1" contact_name="Zoe" />'
    b'<call number="-2" duration="0" date="1609578000001" type="3" contact_name="(Unknown)" /></calls>'
)
MONICA = json.dumps(
    {
        "version": "1.0-preview.1",
        "account": {
            "uuid": "a",
            "data": [
                {
                    "count": 1, "type": "contact",
                    "values": [{
                        "uuid": "c1", "created_at": "2020-01-02T00:00:00.000000Z",
                        "properties": {"first_name": "Ada", "last_name": "Quill", "is_partial": False, "tags": ["x"],
                                       "birthdate": {"date": "1980-01-02", "is_year_unknown": True}, "last_talked_to": "2024-01-01"},
                        "data": [
                            {"count": 1, "type": "call", "values": [{"uuid": "k1", "properties": {"called_at": "2023-01-01"}}]},
                            {"count": 1, "type": "note", "values": [{"uuid": "n1", "created_at": "2023-01-01", "properties": {"body": "b"}}]},
                            {"count": 1, "type": "gift", "values": [{"uuid": "g1", "properties": {"status": "given", "name": "book", "date": None}}]},
                            {"count": 1, "type": "contact_field", "values": [{"uuid": "f1", "properties": {"data": "ada@one.example", "type": "t1"}}]},
                            {"count": 1, "type": "activity", "values": ["a1"]},
                        ],
                    }],
                },
                {"count": 1, "type": "activity", "values": [{"uuid": "a1", "properties": {"summary": "walk", "happened_at": "2023-02-02"}}]},
                {"count": 1, "type": "relationship", "values": [{"uuid": "r1", "properties": {"type": "child", "of_contact": "c1", "contact_is": "c1"}}]},
            ],
        },
        "instance": {"contact_field_types": [{"uuid": "t1", "properties": {"name": "Email", "type": "email"}}]},
    }
).encode()  # fmt: skip
EXPORT = json.dumps(
    {
        "format": "kithbook", "version": 1, "program": "1", "owner": {"name": "Robin", "settings": {"a": [1]}},
        "tables": {"person": [{"id": 1, "name": "Ada", "nicknames": []}], "interaction": []},
    }
).encode()  # fmt: skip
FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><title>On boats</title>'
    b"<link>https://news.example/1</link><pubDate>Tue, 01 Mar 2022 10:00:00 GMT</pubDate>"
    b"<description>&lt;b&gt;x&lt;/b&gt;</description></item></channel></rss>"
)
OPML = (
    b'<?xml version="1.0"?><opml version="2.0"><body><outline text="a"><outline type="rss" text="News" '
    b'xmlUrl="https://news.example/feed"/></outline></body></opml>'
)
SENTENCES = (
    "coffee with Anna Berger yesterday for 2 hours, she needs a flat by 3 May, I promised to send the list next week",
    "met Zoë Quist at the fair on 12.3.2026 through Ben, gave her a book; call with Bo and Cy tomorrow at 5pm 30 min",
)


def zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, how)
    return out.getvalue()


ZIPS = (
    zipped(("Takeout/Mail/All.mbox", MBOX), ("cards.vcf", CARDS), ("chat.txt", CHAT), how=zipfile.ZIP_STORED),
    zipped(("Connections.csv", CONNECTIONS), *LINKEDIN_FILES.items()),
    zipped(("a/b.vcf", CARDS), ("c/google.csv", GOOGLE), ("calls.xml", CALLS)),
)
