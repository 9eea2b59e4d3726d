"""One mail in one file."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Invalid
from kithbook.core.records import Mail, Problem
from kithbook.sources.eml import EmlSource, looks_like_mail
from tests.sources.mailfixtures import LATEST, header, mail, mbox, read


def only(path, content: bytes) -> Mail | Problem:
    path.write_bytes(content)
    (record,) = EmlSource(path, latest=LATEST).records()
    return record


@pytest.mark.parametrize(
    "front", [b"", b"\xef\xbb\xbf", b"\r\n\n", b"1234\n", b"From jane Mon Jan  1 10:00:00 2024\n", b">From x\n"]
)
def test_a_mail_is_read_whatever_a_program_put_in_front_of_it(tmp_path, front):
    found = only(tmp_path / "a.eml", front + mail(Subject="hi"))
    assert isinstance(found, Mail)
    assert (found.subject, found.offset, found.at_from) == ("hi", 0, "date")


def test_a_mail_has_the_same_key_in_a_mailbox_and_in_a_file(tmp_path):
    for fields in ({"Subject": "hi"}, {"Message_ID": "", "Subject": "a\n folded one"}, {"Date": "nonsense"}):
        content = mail(**fields)
        (in_mailbox,) = read(tmp_path / "a.mbox", mbox(content))
        assert only(tmp_path / "a.eml", content.replace(b"\n", b"\r\n")).key == in_mailbox.key


def test_a_mail_without_a_body_is_a_mail(tmp_path):
    assert isinstance(only(tmp_path / "a.eml", header()), Mail)
    assert isinstance(only(tmp_path / "a.eml", header().rstrip()), Mail)


def test_a_header_larger_than_the_first_read_is_read_whole(tmp_path):
    front = b"X-Long: " + b"x" * 70_000 + b"\n"
    found = only(tmp_path / "a.eml", front + mail(Subject="hi"))
    assert found.subject == "hi"


def test_a_header_of_a_megabyte_is_read_to_its_limit(tmp_path):
    found = only(tmp_path / "a.eml", header(Subject="hi") + b"X-Long: " + b"x" * 1_000_000 + b"\nCc: late@b.org\n\n")
    assert (found.subject, found.cc) == ("hi", ())


def test_a_mail_with_the_line_ends_of_an_old_macintosh_is_read(tmp_path):
    found = only(tmp_path / "a.eml", mail(Subject="hi").replace(b"\n", b"\r"))
    assert isinstance(found, Mail)
    assert found.subject == "hi"


def test_a_mail_without_a_date_has_the_time_of_its_file(tmp_path):
    path = tmp_path / "a.eml"
    found = only(path, mail(Date=""))
    assert (found.at, found.at_from) == (min(LATEST, int(path.stat().st_mtime)), "file")


@pytest.mark.parametrize(
    "content",
    [b"", b" \n", b"hello\n", b"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", b"a: b\n\nFrom: x\n", bytes(range(256))],
)
def test_what_is_no_mail_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "a.eml"
    path.write_bytes(content)
    assert not looks_like_mail(content)
    with pytest.raises(Invalid) as failure:
        list(EmlSource(path, latest=LATEST).records())
    assert failure.value.message == ("a.eml is not a mail." if content.strip() else "a.eml is empty.")


def test_a_header_with_nobody_in_it_is_a_problem(tmp_path):
    found = only(tmp_path / "a.eml", b"Subject: lost\n\nbody\n")
    assert isinstance(found, Problem)


def test_progress_counts_the_one_mail(tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(mail())
    seen: list[tuple[int, int]] = []
    list(EmlSource(path, latest=LATEST).records(lambda done, total: seen.append((done, total))))
    assert seen == [(1, 1)]
