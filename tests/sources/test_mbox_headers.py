"""What a header block becomes: people, time, identity, and whether it is personal mail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.addresses import parse_mailbox
from kithbook.core.maillabels import is_junk_label
from kithbook.core.records import Problem
from kithbook.sources.mailboxes import MailboxMemo
from kithbook.sources.maillists import list_of_owner
from kithbook.sources.mbox import MboxSource
from tests.sources.mailfixtures import LATEST, emails, mail, mbox, one_mail, read


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mail.mbox"


def test_the_fields_of_a_usual_mail(path):
    found = one_mail(
        path, Cc='"Doe, Ann" <Ann@Example.com>, bob+work@gmail.com', Subject="Hello", Delivered_To="Me+x@Example.org"
    )
    assert [tuple(address) for address in found.sender] == [
        ("Jane Example", "jane@example.org", "jane@example.org", "")
    ]
    assert [tuple(address) for address in found.cc] == [
        ("Doe, Ann", "ann@example.com", "ann@example.com", ""),
        ("", "bob+work@gmail.com", "bob@gmail.com", ""),
    ]
    assert found.delivered_to == ("me@example.org",)
    assert (found.subject, found.message_id, found.at, found.at_from) == (
        "Hello",
        "<one@example.org>",
        1_704_103_200,
        "date",
    )
    assert (found.bulk, found.labels, found.offset) == ("", (), 0)


def test_repeated_recipient_headers_add_up_and_other_headers_count_once(path):
    extra = b"To: two@b.org\nTO: three@b.org\ncc: c@d.org\nCC: e@f.org\nSubject: first\nSUBJECT: second\n"
    (found,) = read(path, mbox(extra + mail(To="one@b.org")))
    assert emails(found.to) == ["two@b.org", "three@b.org", "one@b.org"]
    assert emails(found.cc) == ["c@d.org", "e@f.org"]
    assert found.subject == "first"


def test_names_of_headers_may_be_in_any_case_and_followed_by_blanks(path):
    content = b"fRoM : jane@a.org\nDATE\t: Mon, 1 Jan 2024 10:00:00 +0000\ncC: o@b.org\nmessage-iD:<x@y>\n\n"
    (found,) = read(path, mbox(b"Received: x\n" + content))
    assert (emails(found.sender), emails(found.cc), found.message_id) == (["jane@a.org"], ["o@b.org"], "<x@y>")
    assert found.at == 1_704_103_200


def test_blind_copies_in_a_sent_mail_count_as_copied(path):
    assert emails(one_mail(path, Cc="a@b.org", Bcc="Friends: c@d.org, e@f.org;").cc) == [
        "a@b.org",
        "c@d.org",
        "e@f.org",
    ]


def test_one_odd_mailbox_costs_no_other_recipient(path):
    found = one_mail(
        path, To='a@b <a@b>, "Ann" <ann@c.org>, </O=X/CN=Y>, plain words, "Doe, Bob" <bob@c.org>, (x, y) z@c.org'
    )
    assert emails(found.to) == ["a@b", "ann@c.org", "bob@c.org", "z@c.org"]


@pytest.mark.parametrize("fold", ["\n\t", "\n ", "\r\n ", "\n  \t "])
def test_folded_recipients_are_one_list(path, fold):
    found = one_mail(path, To=f'Ann{fold}Doe <a@b.org>,{fold}c@d.org,{fold}"E,{fold}F"{fold}<e@f.org>')
    assert [(address.name, address.email) for address in found.to] == [
        ("Ann Doe", "a@b.org"),
        ("", "c@d.org"),
        ("E, F", "e@f.org"),
    ]


def raw(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("Zoë".encode(), "text/plain"),
        ("Zoë".encode("cp1252"), "text/plain"),
        ("Zoë".encode("latin-1"), "text/plain; charset=latin-1"),
        ("Zoë".encode("cp850"), 'text/plain; charset="cp850"'),
    ],
)
def test_raw_eight_bit_names_are_read(path, name, content_type):
    found = one_mail(path, From=raw(name + b" <zoe@a.org>"), Subject=raw(name), Content_Type=content_type)
    assert (found.sender[0].name, found.subject) == ("Zoë", "Zoë")


def test_raw_chinese_is_read_with_the_character_set_of_the_body(path):
    name = "王小明"
    found = one_mail(path, From=raw(name.encode("gb18030") + b" <w@a.org>"), Content_Type="text/plain; charset=gb2312")
    assert found.sender[0].name == name


def test_the_same_raw_bytes_mean_different_names_in_different_character_sets(path):
    field = raw("Zoë".encode("cp1252") + b" <zoe@a.org>")
    first, second = (
        mail(From=field, Content_Type=f"text/plain; charset={charset}") for charset in ("cp1252", "koi8-r")
    )
    names = [record.sender[0].name for record in read(path, mbox(first, second))]
    assert names == ["Zoë", "Zo" + b"\xeb".decode("koi8-r")]


def test_encoded_subjects_and_names_are_decoded(path):
    found = one_mail(
        path,
        From="=?UTF-8?B?Wm/DqyBNw7w=?=\n =?UTF-8?B?bGxlcg==?= <z@a.org>",
        Subject="=?iso-8859-1?q?Re=3A_=E9t=E9?=\n  and more",
    )
    assert (found.sender[0].name, found.subject) == ("Zoë Müller", "Re: été and more")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("<a@b>", "<a@b>"),
        (" < a @b > ", "<a@b>"),
        ("a@b", "<a@b>"),
        ("<a@b> (added by x)", "<a@b>"),
        ("<a\n b@c>", "<ab@c>"),
        ("<>", ""),
    ],
)
def test_message_ids_get_one_form(path, written, read_as):
    assert one_mail(path, Message_ID=written).message_id == read_as


# -- Time ---------------------------------------------------------------------------------------------------------


def test_a_date_that_cannot_be_is_replaced_by_the_newest_received(path):
    lines = "from a\n by b; Tue, 2 Jan 2024 00:00:00 +0000\nReceived: from c; Mon, 1 Jan 2024 00:00:00 +0000"
    for date in ("Thu, 1 Jan 1970 00:00:00 +0000", "1 Jan 2090 00:00:00 +0000", "32 Foo 2024 99:99", ""):
        found = one_mail(path, Date=date, Received=lines)
        assert (found.at, found.at_from) == (1_704_153_600, "received")


def test_without_received_the_separator_and_then_the_file_say_when(path):
    found = one_mail(path, Date="nonsense")
    assert (found.at, found.at_from) == (1_704_103_200, "separator")
    (found,) = read(path, b"From - \n" + mail(Date="nonsense"))
    assert (found.at, found.at_from) == (min(int(path.stat().st_mtime), LATEST), "file")


def test_a_received_line_in_the_body_says_nothing(path):
    (found,) = read(path, mbox(mail(b"\nReceived: x; Tue, 2 Jan 2024 00:00:00 +0000\n", Date="nonsense")))
    assert found.at_from == "separator"


# -- Identity -----------------------------------------------------------------------------------------------------


def key(path, **fields: str) -> int:
    return one_mail(path, **fields).key


def test_the_key_of_a_mail_is_written_down_for_ever(path):
    assert key(path) == 8_291_795_824_100_498_108
    assert key(path, Message_ID="", Subject="x") == 6_303_391_409_596_202_626


def test_the_key_follows_id_sender_and_time_and_nothing_else(path):
    same = key(path)
    assert key(path, Subject="other", To="x@y", Received="z") == same
    assert key(path, From="J. E. <JANE+x@Example.org>") == same
    assert key(path, Date="Mon, 1 Jan 2024 11:00:00 +0100 (CET)") == same
    assert key(path, Message_ID="<two@example.org>") != same
    assert key(path, From="omar@example.org") != same
    assert key(path, Date="Mon, 1 Jan 2024 10:00:01 +0000") != same


def test_without_an_id_sender_date_subject_and_recipient_make_the_key(path):
    fields = {"Message_ID": "", "Subject": "hello there"}
    same = key(path, **fields)
    assert key(path, Message_ID="", Subject="hello\n there") == same
    assert len({same, *(key(path, **(fields | {name: value})) for name, value in OTHER.items())}) == 5


OTHER = {"Subject": "hello", "From": "x@y.org", "Date": "Mon, 1 Jan 2024 10:00:01 +0000", "To": "z@y.org"}


def test_the_time_of_reading_does_not_change_a_key(path):
    path.write_bytes(mbox(mail(Date="1 Jan 2030 10:00:00 +0000")))
    (early,), (late,) = (list(MboxSource(path, latest=at).records()) for at in (LATEST, LATEST * 2))
    assert early.at_from == "separator"
    assert late.at_from == "date"
    assert early.key == late.key


# -- Not personal -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "bulk"),
    [
        ("List_Id", "Choir <choir.example.org>", "list"),
        ("List_Post", "<mailto:choir@example.org>", "list"),
        ("Precedence", "list", "list"),
        ("Sender", "owner-choir@example.org", "list"),
        ("X_Mailing_List", "<choir@example.org> archive/latest/7", "list"),
        ("Mailing_List", "contact choir-help@example.org; run by ezmlm", "list"),
        ("X_BeenThere", "choir@example.org", "list"),
        ("List_Unsubscribe", "<https://example.org/u/1>", "bulk"),
        ("Precedence", "bulk", "bulk"),
        ("Precedence", "junk", "bulk"),
        ("Feedback_ID", "1:2:3:example", "bulk"),
        ("Auto_Submitted", "auto-replied (vacation)", "auto"),
        ("Auto_Submitted", "no", ""),
        ("Return_Path", "<>", "bounce"),
        ("Return_Path", "<jane@example.org>", ""),
        ("Sender", "secretary@example.org", ""),
        ("Subject", "List-Id: <x.y>", ""),
    ],
)
def test_mail_that_is_not_personal_says_why(path, field, value, bulk):
    assert one_mail(path, **{field: value}).bulk == bulk
    content = mbox(mail(**{field: value}), mail(**{field: value})).replace(b"\n", b"\r\n")
    assert [record.bulk for record in read(path, content)] == [bulk, bulk]


def test_an_empty_return_path_in_the_body_says_nothing(path):
    (found,) = read(path, mbox(mail(b"\nReturn-Path: <>\n")))
    assert found.bulk == ""


def test_a_newsletter_with_a_list_id_is_bulk(path):
    assert one_mail(path, List_Id="<news.shop.example>", Feedback_ID="1:shop", List_Unsubscribe="<x>").bulk == "bulk"


def test_list_mail_still_names_the_people_and_marks_the_list(path):
    found = one_mail(
        path, To="Choir <choir@example.org>, ann@b.org", Cc="bob@c.org", List_Post="<mailto:Choir@example.org>"
    )
    assert [address.bot for address in found.to] == ["list", ""]
    assert emails(found.cc) == ["bob@c.org"]
    assert found.bulk == "list"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("List_Id", "<choir.example.org>"),
        ("Sender", "choir-bounces+jane=b.org@example.org"),
        ("X_BeenThere", "choir@example.org"),
        ("Mailing_List", "list choir@example.org; contact choir-owner@example.org"),
        ("Delivered_To", "mailing list choir@example.org"),
    ],
)
def test_what_one_message_says_of_a_list_is_known_from_then_on(path, field, value):
    before, told, after = mail(To="choir@example.org"), mail(**{field: value}), mail(To="choir@example.org")
    path.write_bytes(mbox(before, told, after))
    source = MboxSource(path, latest=LATEST)
    records = list(source.records())
    assert [record.to[0].bot for record in records] == ["", "", "list"]
    assert source.list_addresses == {"choir@example.org"}


def test_the_address_behind_a_list_server_is_found():
    assert list_of_owner("owner-choir@example.org") == "choir@example.org"
    assert list_of_owner("choir-bounces@example.org") == "choir@example.org"
    assert list_of_owner("jane@example.org") == ""


# -- Gmail --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("Sent", ("Sent",)),
        ("Category Promotions,Unread", ("Category Promotions", "Unread")),
        ('"Clients, old",Inbox', ("Clients, old", "Inbox")),
        (
            "=?UTF-8?Q?Bo=C3=AEte_de_r=C3=A9ception,Important?=\n =?UTF-8?Q?,Ouvert?=",
            ("Boîte de réception", "Important", "Ouvert"),
        ),
        ('"never closed, Inbox', ("never closed, Inbox",)),
    ],
)
def test_gmail_labels_are_decoded_and_split(path, written, labels):
    assert one_mail(path, X_Gmail_Labels=written).labels == labels


@pytest.mark.parametrize(
    "label",
    ["Spam", "Trash", "Chat", "[Gmail]/Papierkorb", "Corbeille", "Корзина", "ゴミ箱", "Κάδος απορριμμάτων", "Drafts"],
)
def test_junk_labels_are_known_in_many_languages(label):
    assert is_junk_label(["Inbox", label])


def test_other_labels_are_no_junk():
    assert not is_junk_label(["Inbox", "Trash collection", "Clients"])
    assert not is_junk_label([])


def test_a_block_without_anything_that_makes_a_mail_is_a_problem(path):
    records = read(path, mbox(b"X-Strange: yes\n\nbody\n", mail()))
    assert records[0] == Problem(f"{path}, byte 0", "This message has no sender, recipient, date or id.")
    assert len(records) == 2


_WORDS = st.sampled_from(["Anna", "van", "Berger-Novak", "O'Neil", "Jr.", "Mail", "robot", "List"])
_LOCALS = st.from_regex(r"[A-Za-z0-9_-]{1,8}(\.[A-Za-z0-9_-]{1,8})?", fullmatch=True)
_TAGS = st.sampled_from(["", "+r1", "+Work7"])
_DOMAINS = st.sampled_from(["example.org", "Lists.Example.net", "vger.kernel.org", "noreply.example.com", "gmail.com"])


@given(st.lists(_WORDS, max_size=3), _LOCALS | st.sampled_from(["info", "noreply", "bounces"]), _TAGS, _DOMAINS)
def test_the_short_way_for_simple_mailboxes_finds_what_the_long_way_finds(names, local, tag, domain):
    name, email = " ".join(names), f"{local}{tag}@{domain}"
    raw = f"{name} <{email}>" if name else email
    memo = MailboxMemo()
    assert memo[raw.encode()] == memo.address(*parse_mailbox(raw))
