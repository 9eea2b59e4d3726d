"""Where messages begin and end in a mailbox file."""

from __future__ import annotations

import random
import resource

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.errors import Invalid
from kithbook.core.records import Mail, Problem
from kithbook.sources.mbox import MboxSource, looks_like_mbox
from tests.sources.mailfixtures import LATEST, SEPARATOR, header, mail, mbox, read


def subjects(records):
    return [record.subject if isinstance(record, Mail) else record.what for record in records]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "mail.mbox"


def test_every_message_is_found_with_its_byte_offset(path):
    content = mbox(mail(Subject="one"), mail(Subject="two"), mail(Subject="three"))
    records = read(path, content)
    assert subjects(records) == ["one", "two", "three"]
    assert all(content[record.offset :].startswith(b"From jane@") for record in records)


@pytest.mark.parametrize(
    "line",
    [
        b"From jane@example.org Mon Jan  1 10:00:00 2024",
        b"From jane@example.org Mon Jan 01 10:00:00 +0000 2024",
        b"From 1790000000000000001@xxx Mon Jan 01 10:00:00 +0000 2024",
        b"From 1844347792267117879@xxx",
        b"From MAILER-DAEMON Thu Jan  4 00:00 2024",
        b"From jane@example.org Thu Jan  4 00:00:00 PST 2024",
        b"From jane@example.org  Thu Jan  4 00:00:00 2024 remote from uucp",
        b"From - Mon Jan 01 10:00:00 2024",
        b"From - ",
        b"From ???@??? Mon Jan 01 10:00:00 2024",
        b"From jane 2024-01-01T10:00:00Z",
    ],
)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_all_usual_separators_separate(path, line, ending):
    content = b"".join(line + b"\n" + mail(Subject=word) + b"\n" for word in ("one", "two")).replace(b"\n", ending)
    assert subjects(read(path, content)) == ["one", "two"]


@pytest.mark.parametrize(
    "body",
    [
        b"From Russia with love\nYear: 1963\n",
        b"From here on, 10:00 in 2024 was\nnothing: new\n",
        b"From jane@example.org Mon Jan  1 10:00:00 2024\nnot a header\n",
        b"From jane@example.org Mon Jan  1 10:00:00 2024\nYear: 1963\n",
        b"From jane@example.org Mon Jan  1 10:00:00 2024\n\nFrom: x\n",
        b">From jane@example.org Mon Jan  1 10:00:00 2024\nFrom: x\n",
        b">>From jane@example.org Mon Jan  1 10:00:00 2024\nFrom: x\n",
        b"xFrom jane@example.org Mon Jan  1 10:00:00 2024\nFrom: x\n",
        b"From: jane@example.org\nDate: Mon Jan  1 10:00:00 2024\n",
    ],
)
def test_a_body_line_that_only_looks_like_a_separator_is_text(path, body):
    assert subjects(read(path, mbox(mail(body, Subject="one"), mail(Subject="two")))) == ["one", "two"]


def test_a_separator_needs_no_blank_line_in_front(path):
    content = SEPARATOR + mail(b"no end", Subject="one") + b"\n" + SEPARATOR + mail(Subject="two")
    assert subjects(read(path, content)) == ["one", "two"]


def test_a_header_without_a_blank_line_ends_at_the_next_separator(path):
    content = SEPARATOR + header(Subject="one") + SEPARATOR + mail(Subject="two", Cc="omar@example.net")
    records = read(path, content)
    assert subjects(records) == ["one", "two"]
    assert records[0].cc == ()


def test_a_byte_order_mark_and_blank_lines_before_the_first_message_are_skipped(path):
    assert read(path, b"\xef\xbb\xbf\r\n\n" + mbox(mail()))[0].offset == 6


@pytest.mark.parametrize("content", [mbox(mail(b"")), mbox(mail(b"no end")), mbox(mail(b"\n\n\n"))])
def test_the_last_message_may_end_in_any_way(path, content):
    assert [type(record) for record in read(path, content)] == [Mail]


def test_lines_may_end_in_any_way_even_within_one_file(path):
    one, two, three = (mail(Subject=word, Cc="a@b.org,\n\tc@d.org") for word in ("one", "two", "three"))
    content = mbox(one, two.replace(b"\n", b"\r\n"), three) + b"\r\n" + mbox(one).replace(b"\n", b"\r\n")
    records = read(path, content)
    assert subjects(records) == ["one", "two", "three", "one"]
    assert all([address.email for address in record.cc] == ["a@b.org", "c@d.org"] for record in records)


def test_a_file_cut_in_a_body_keeps_its_last_message(path):
    content = mbox(mail(), mail(b"a long body\n" * 50, Subject="last"))
    assert subjects(read(path, content[:-100])) == ["", "last"]


def test_a_file_cut_in_a_header_says_so(path):
    content = mbox(mail(), header(Subject="last"))
    records = read(path, content[:-15])
    assert isinstance(records[0], Mail)
    assert records[1] == Problem(
        f"{path}, byte {len(mbox(mail())) + 1}", "The file ends in the middle of this message's header."
    )


def test_a_content_length_that_fits_protects_fake_messages_in_a_body(path):
    body = b"hello\n\n" + mbox(mail(Subject="fake")) + b"\n"
    content = mbox(mail(body, Subject="one", Content_Length=str(len(body))), mail(Subject="two"))
    assert subjects(read(path, content)) == ["one", "two"]
    only = SEPARATOR + mail(body, Subject="one", Content_Length=str(len(body)))
    assert subjects(read(path, only)) == ["one"]


@pytest.mark.parametrize("length", ["0", "5", "99999999", "-1", "x", "9" * 40])
def test_a_content_length_that_does_not_fit_is_ignored(path, length):
    content = mbox(mail(b"hello world\n", Subject="one", Content_Length=length), mail(Subject="two"))
    assert subjects(read(path, content)) == ["one", "two"]


def test_a_content_length_leads_over_bodies_larger_than_a_window(path):
    body = (b"x" * 70 + b"\n" + mbox(mail(Subject="fake"))) * 12_000
    content = mbox(mail(body, Subject="one", Content_Length=str(len(body))), mail(Subject="two"), mail(Subject="three"))
    assert subjects(read(path, content)) == ["one", "two", "three"]


def test_messages_larger_than_a_window_and_at_its_edges_are_read_once(path):
    numbers = random.Random(3)
    mails = [mail(b"y" * 71 + b"\n" * numbers.randrange(1, 60_000), Subject=str(number)) for number in range(120)]
    mails[40] = mail(b"From the beginning\n" * 150_000, Subject="40")
    assert subjects(read(path, mbox(*mails))) == [str(number) for number in range(120)]


def test_every_position_of_a_window_edge_gives_the_same_messages(path, monkeypatch):
    content = mbox(*(mail(b"b" * (number % 7), Subject=str(number)) for number in range(40)))
    whole = read(path, content)
    assert len(whole) == 40
    for window in range(2600, 2900, 7):
        monkeypatch.setattr("kithbook.sources.mbox._WINDOW", window)
        assert read(path, content) == whole


def test_a_header_of_a_megabyte_costs_nothing_but_itself(path):
    long = header(Subject="long") + b"X-Noise: " + b"n" * 1_500_000 + b"\nTo: late@example.org\n\nbody\n"
    records = read(path, mbox(mail(Subject="one"), long, mail(Subject="two")))
    assert subjects(records) == ["one", "long", "two"]
    assert [address.email for address in records[1].to] == ["omar@example.net"]


def test_a_header_of_a_megabyte_of_folded_lines_is_cut(path):
    long = (
        b"From: jane@example.org\nDate: Mon, 1 Jan 2024 10:00:00 +0000\nTo: omar@example.net" + b",\n a@b.org" * 150_000
    )
    records = read(path, mbox(long + b"\n\nbody\n", mail(Subject="two")))
    assert subjects(records) == ["", "two"]
    assert 20_000 < len(records[0].to) < 30_000


def test_nul_bytes_disturb_nobody(path):
    content = b"\0\0" + mbox(mail(b"a\0b\n", Subject="o\0ne", To="om\0ar@example.net"), mail(Subject="two"))
    records = read(path, content)
    assert subjects(records) == ["one", "two"]
    assert records[0].to[0].email == "omar@example.net"


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"just text\n", b"From: jane@example.org\n\nhi\n", bytes(range(256)) * 300]
)
def test_what_does_not_begin_like_a_mailbox_is_refused_in_one_sentence(path, content):
    assert not looks_like_mbox(content)
    with pytest.raises(Invalid) as failure:
        read(path, content)
    assert failure.value.message == (f"{path.name} is not a mailbox." if content else f"{path.name} is empty.")
    assert failure.value.hint.startswith("A mailbox (mbox) begins with")


def test_noise_that_is_read_all_the_same_needs_no_memory(path):
    noise = random.Random(5).randbytes(1_000_000)
    with path.open("wb") as file:
        for _ in range(40):
            file.write(noise)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    records = list(MboxSource(path, latest=LATEST, check=False).records())
    assert [record.what for record in records] == ["There is no mail in this file."]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16_000


def test_a_message_belongs_to_the_range_in_which_it_begins(path):
    content = mbox(*(mail(b"x" * (number * 37 % 300), Subject=str(number)) for number in range(30)))
    whole = read(path, content)
    for middle in range(0, len(content) + 1, 11):
        halves = read(path, content, stop=middle) + read(path, content, start=middle)
        assert halves == whole


def test_progress_ends_at_the_size_of_the_file(path):
    seen: list[tuple[int, int]] = []
    content = mbox(*(mail(b"x" * 50_000) for _ in range(60)))
    path.write_bytes(content)
    list(MboxSource(path, latest=LATEST).records(lambda done, total: seen.append((done, total))))
    assert seen[0] == (0, len(content))
    assert seen[-1] == (len(content), len(content))
    assert seen == sorted(seen)
    assert len(seen) > 3


PIECES = (
    SEPARATOR,
    *(b"\n", b"\r\n", b"\0", b"\xff", b" x", b'"', b"From ", b"=?utf-8?q?", b"Message-ID: <", b"Content-Length: 3\n"),
    *(b"From: a@b\n", b"To: <c@d>,\n", b"Cc: \xe9\n", b"Date: Mon, 1 Jan 2024 10:00:00 +0000\n"),
    *(b"Sender: owner-x@y\n", b"X-Gmail-Labels: a\n", b"Return-Path: <>\n"),
)
MAIL_LIKE = st.lists(st.sampled_from(PIECES) | st.binary(max_size=9), max_size=40).map(b"".join)


@given(MAIL_LIKE)
def test_any_bytes_are_read_without_failing(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.mbox"
    for records in (read(path, content, check=False), read(path, mbox(mail()) + b"\n" + content)):
        assert all(isinstance(record, Mail | Problem) for record in records)
        assert all(0 < record.key < 2**63 for record in records if isinstance(record, Mail))


@given(
    st.lists(
        st.lists(st.tuples(st.binary(max_size=60), st.text(max_size=20)), min_size=1, max_size=4),
        min_size=1,
        max_size=3,
    )
)
def test_mailboxes_put_together_give_their_messages_put_together(tmp_path_factory, boxes):
    path = tmp_path_factory.getbasetemp() / "joined.mbox"
    contents = []
    for box in boxes:
        mails = [mail(body.replace(b"From", b"from") + b"\n", Subject=" ".join(text.split())) for body, text in box]
        contents.append(mbox(*mails))
    joined = read(path, b"\n".join(contents))
    expected, start = [], 0
    for content in contents:
        expected += [record._replace(offset=record.offset + start) for record in read(path, content)]
        start += len(content) + 1
    assert joined == expected
