"""Reading address lists and finding the one spelling of a mailbox."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.addresses import (
    normalise_email,
    normalise_url,
    parse_mailbox,
    parse_plain,
    split_mailboxes,
)
from kithbook.core.mailwords import decode_words
from kithbook.core.robots import bot_kind

LISTS = {
    "one address": ("jane@example.org", [("", "jane@example.org")]),
    "name and address": ("Jane Doe <Jane@Example.org>", [("Jane Doe", "jane@example.org")]),
    "quoted comma": ('"Doe, Jane" <jane@a.org>, omar@b.org', [("Doe, Jane", "jane@a.org"), ("", "omar@b.org")]),
    "address as its own name": ("a@b <a@b>, Omar <omar@b.org>", [("", "a@b"), ("Omar", "omar@b.org")]),
    "semicolons of Outlook": ("Jane <j@a.org>; Omar <o@b.org>", [("Jane", "j@a.org"), ("Omar", "o@b.org")]),
    "group": (
        'Friends: j@a.org, "Bob B." <b@c.org>;, x@y.org',
        [("", "j@a.org"), ("Bob B.", "b@c.org"), ("", "x@y.org")],
    ),
    "empty group": ("undisclosed-recipients:;", []),
    "empty group with a remark": ("unlisted-recipients:; (no To-header on input)", []),
    "comment with a comma": ("jane@a.org (Doe, Jane), o@b.org", [("Doe, Jane", "jane@a.org"), ("", "o@b.org")]),
    "nested comment": ("Jane (at (my) home, now) <j@a.org>", [("Jane", "j@a.org")]),
    "quoted local part": ('"a@b"@c.org', [("", '"a@b"@c.org')]),
    "quoted local part with blanks": ('"J. Doe"@a.org, o@b.org', [("", '"j. doe"@a.org'), ("", "o@b.org")]),
    "X500": ('"Doe, J" </O=ORG/OU=EX/CN=RECIPIENTS/CN=JDOE>, o@b.org', [("Doe, J", ""), ("", "o@b.org")]),
    "folded with tabs": ("Jane\t<j@a.org>,\n\tOmar\n <o@b.org>", [("Jane", "j@a.org"), ("Omar", "o@b.org")]),
    "name only": ("Jane Doe", [("Jane Doe", "")]),
    "nothing": (" , ,; ", []),
    "unquoted comma": (
        "Doe, Jane <j@a.org>, Roe, Omar <o@b.org>",
        [("Doe, Jane", "j@a.org"), ("Roe, Omar", "o@b.org")],
    ),
    "missing comma": ("Jane <j@a.org> Omar <o@b.org>", [("Jane", "j@a.org"), ("Omar", "o@b.org")]),
    "missing bracket": ("Jane <j@a.org, o@b.org", [("Jane", "j@a.org"), ("", "o@b.org")]),
    "missing quote": ('"Jane <j@a.org>, o@b.org', [('"Jane', "j@a.org"), ("", "o@b.org")]),
    "missing parenthesis": ("(Jane <j@a.org>, o@b.org", [("(Jane", "j@a.org"), ("", "o@b.org")]),
    "route": ("<@relay.org,@other.org:j@a.org>", [("", "j@a.org")]),
    "blanks around the at": ("Jane <j @ a.org>", [("Jane", "j@a.org")]),
    "hidden by an archive": ("jane at a.org (Jane Doe)", [("Jane Doe", "jane@a.org")]),
    "encoded comma": ("=?utf-8?q?Doe,_Jane?= <j@a.org>", [("Doe, Jane", "j@a.org")]),
    "encoded whole": ("=?utf-8?q?Jane_=3Cj=40a=2Eorg=3E?=", [("Jane", "j@a.org")]),
    "adjacent words": ("=?UTF-8?B?Wm/DqyBNw7w=?=\n =?UTF-8?B?bGxlcg==?= <z@a.org>", [("Zoë Müller", "z@a.org")]),
    "quotes within quotes": ("\"'Jane Doe'\" <j@a.org>", [("Jane Doe", "j@a.org")]),
    "mailto": ("<mailto:j@a.org>", [("", "j@a.org")]),
    "escaped quote": ('"Jane \\"JD\\" Doe" <j@a.org>', [('Jane "JD" Doe', "j@a.org")]),
    "address literal": ("j@[192.0.2.1]", [("", "j@[192.0.2.1]")]),
    "blanks in place of commas": ("j@a.org o@b.org", [("", "j@a.org"), ("", "o@b.org")]),
    "blanks around the dots": ("jane@a   . org, Omar <o@b .org>", [("", "jane@a.org"), ("Omar", "o@b.org")]),
    "comments within an address": ("Jane <jane(work)@a.org(its host)>", [("Jane", "jane@a.org")]),
    "a name with an at sign": ('"Jane @ home" jane@a.org', [("Jane @ home", "jane@a.org")]),
}


@pytest.mark.parametrize("case", LISTS)
def test_an_address_list_gives_every_mailbox_it_names(case):
    text, expected = LISTS[case]
    assert split_mailboxes(text) == expected


@given(st.text(alphabet='ab@.<>"(),;:\\= \t\n?Q/éz', max_size=80))
def test_any_text_is_read_as_an_address_list_without_failing(text):
    for name, email in split_mailboxes(text):
        assert name or email
        assert not email or "@" in email
        assert email == email.lower()


@given(st.text(alphabet="ab@.<>\"'()-_+ =?é", max_size=40))
def test_the_short_way_and_the_long_way_read_a_mailbox_alike(text):
    plain = parse_plain(text)
    if plain is not None:
        assert parse_mailbox(text) == plain
        assert split_mailboxes(text) == [plain]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 250_000 + ")",
        '<"\\' * 80_000,
        "=?x?q?" * 40_000,
        "a" * 256_000,
        "a@" * 128_000,
        ":" * 250_000,
        "<a@b>" * 50_000,
    ],
    ids=["comments", "quotes", "words", "atom", "ats", "colons", "brackets"],
)
def test_a_quarter_megabyte_of_nonsense_is_read_in_seconds(text):
    began = time.process_time()
    split_mailboxes(text)
    normalise_email(text)
    bot_kind(text + "@x")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Jane.Doe@Example.ORG ", "jane.doe@example.org"),
        ("jane+news@example.org", "jane@example.org"),
        ("J.A.N.E+x@GoogleMail.com", "jane@gmail.com"),
        ("jane@gmail.com", "jane@gmail.com"),
        ("jane@mygmail.com", "jane@mygmail.com"),
        ('"jane.doe"@example.org', "jane.doe@example.org"),
        ('"a@b"@c.org', '"a@b"@c.org'),
        ("<jane@example.org.>", "jane@example.org"),
        ("mailto:Jane@example.org?subject=hi", "jane@example.org"),
        ("jörg@müller.example", "jörg@xn--mller-kva.example"),
        ("+tag@example.org", "+tag@example.org"),
        ("root@localhost", "root@localhost"),
        ("no address", ""),
        ("jane@", ""),
        ("@example.org", ""),
        ("jane doe@example.org", ""),
        ("IMCEAEX-_O=ORG_CN=JDOE@example.org", ""),
        ("", ""),
        ("a" * 400 + "@example.org", ""),
    ],
)
def test_all_spellings_of_a_mailbox_have_one_normal_form(text, expected):
    assert normalise_email(text) == expected


@given(st.emails())
def test_the_normal_form_is_its_own_normal_form(text):
    key = normalise_email(text)
    assert normalise_email(key) == key
    assert normalise_email(text.upper().lower()) == key


@pytest.mark.parametrize(
    ("email", "kind"),
    [
        ("no-reply@shop.example", "noreply"),
        ("noreply@shop.example", "noreply"),
        ("do_not_reply@shop.example", "noreply"),
        ("messages-noreply@linkedin.com", "noreply"),
        ("notifications@github.com", "noreply"),
        ("reply+abcdefghijklmnop@reply.github.com", "noreply"),
        ("123+jane@users.noreply.github.com", "noreply"),
        ("mailer-daemon@example.org", "bounce"),
        ("postmaster@example.org", "bounce"),
        ("bounces+12-jane=example.org@sender.example", "bounce"),
        ("news-return-17-jane=example.org@lists.example", "bounce"),
        ("owner-linux@example.org", "list"),
        ("linux-request@example.org", "list"),
        ("linux-owner@example.org", "list"),
        ("majordomo@example.org", "list"),
        ("listserv@example.org", "list"),
        ("anything@lists.example.org", "list"),
        ("anything@vger.kernel.org", "list"),
        ("anything@googlegroups.com", "list"),
        ("choir@village.groups.io", "list"),
        ("info@example.org", "role"),
        ("support@example.org", "role"),
        ("billing+7@example.org", "role"),
        ("jane@list.ru", ""),
        ("jane.doe@example.org", ""),
        ("talbot@example.org", ""),
        ("bernd@example.org", ""),
        ("jane+list@example.org", ""),
        ("omar.masters@example.org", ""),
        ("", ""),
        ("no address", ""),
    ],
)
def test_addresses_of_machines_are_told_from_addresses_of_people(email, kind):
    assert bot_kind(email) == kind


def test_a_display_name_can_tell_that_a_machine_writes():
    assert bot_kind("lkp@example.org", "kernel test robot") == "noreply"
    assert bot_kind("jan@example.org", "Jan Bot") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.LinkedIn.com/in/J%C3%B6rg-X/?trk=1", "linkedin.com/in/jörg-x"),
        ("de.linkedin.com/in/Jane/en", "linkedin.com/in/jane"),
        ("linkedin.com/company/x", "linkedin.com/company/x"),
        ("http://GitHub.com/Jane/", "github.com/jane"),
        ("https://m.facebook.com/profile.php?id=12&x=1", "facebook.com/profile.php?id=12"),
        ("https://example.org/A/b/?q#x", "example.org/A/b"),
        ("example.org", "example.org"),
        ("two words", ""),
        ("word", ""),
        ("", ""),
    ],
)
def test_all_spellings_of_a_profile_url_have_one_normal_form(text, expected):
    assert normalise_url(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=?utf-8?q?a_b?=", "a b"),
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),
        ("=?utf-8*en?q?caf=C3=A9?=", "café"),
        ("=?iso-8859-1?q?caf=E9_=80?=", "café €"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?x-unknown?q?caf=C3=A9?=", "café"),
        ("=?x-unknown?q?caf=E9?=", "café"),
        ("=?idna?q?a.b?=", "a.b"),
        ("=?utf-8?b?Y2Fmw6k?=", "café"),
        ("=?utf-8?b?!!!?=", ""),
        ("x =?utf-8?q?y?= z", "x y z"),
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?broken", "=?broken"),
        ("=?iso-8859-1?Q?M\u00fcller_=E4?=", "Müller ä"),  # letters that should have been quoted
        ("=?koi8-r?Q?\u0417\u043e=D1?=", "Зоя"),
        ("=?us-ascii?Q?M\u00fcller?=", "Müller"),
        ("=?iso-8859-1?Q?\u4f60?=", "ä½\xa0"),
    ],
)
def test_encoded_words_are_decoded_whatever_they_claim_to_be(text, expected):
    assert decode_words(text) == expected
