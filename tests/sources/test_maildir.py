"""Maildir folders."""

from __future__ import annotations

import pytest

from kithbook.core.errors import Invalid
from kithbook.core.maillabels import is_junk_label
from kithbook.core.records import Mail, Problem
from kithbook.sources.maildir import MaildirSource, stable_name
from tests.sources.mailfixtures import LATEST, mail, mbox, read


def put(root, name: str, content: bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def records(root) -> list[Mail | Problem]:
    return list(MaildirSource(root, latest=LATEST).records())


def test_new_and_read_mail_of_all_folders_is_found_once(tmp_path):
    put(tmp_path, "cur/1:2,S", mail(Subject="read"))
    put(tmp_path, "new/2", mail(Subject="new"))
    put(tmp_path, "new/1", mail(Subject="the first one, still being moved"))
    put(tmp_path, "tmp/3", mail(Subject="half delivered"))
    put(tmp_path, ".Archive.2024/cur/4:2,", mail(Subject="archived"))
    put(tmp_path, "Work/Clients/cur/5", mail(Subject="nested"))
    put(tmp_path, "cur/.hidden", b"index")
    put(tmp_path, "dovecot.index", b"\0\0")
    found = {record.subject: record.labels for record in records(tmp_path)}
    assert found == {
        "read": (),
        "new": (),
        "archived": ("Archive/2024",),
        "nested": ("Work/Clients",),
    }


def test_drafts_trash_and_spam_are_labelled_so_that_they_can_be_left_out(tmp_path):
    put(tmp_path, "cur/1:2,DS", mail())
    put(tmp_path, "cur/2:2,ST", mail())
    put(tmp_path, ".Entw&APw-rfe/cur/3", mail())
    put(tmp_path, ".Spam/new/4", mail())
    put(tmp_path, "cur/5;2,S", mail())
    found = records(tmp_path)
    assert [record.labels for record in found] == [("Drafts",), ("Trash",), (), ("Entwürfe",), ("Spam",)]
    assert [is_junk_label(record.labels) for record in found] == [True, True, False, True, True]


def test_a_name_stays_the_same_when_flags_change():
    assert stable_name("123.M1P2.host:2,RS") == stable_name("123.M1P2.host:2,") == stable_name("123.M1P2.host")
    assert stable_name("123!2,S") == "123"


def test_a_mail_has_the_same_key_in_a_mailbox_and_in_a_maildir(tmp_path):
    (in_mailbox,) = read(tmp_path / "a.mbox", mbox(mail(Subject="hi")))
    put(tmp_path, "box/cur/1:2,S", mail(Subject="hi"))
    (in_maildir,) = records(tmp_path / "box")
    assert in_maildir.key == in_mailbox.key
    assert in_maildir._replace(labels=()) == in_mailbox


def test_one_bad_file_spoils_only_itself(tmp_path):
    put(tmp_path, "cur/1", b"")
    put(tmp_path, "cur/2", bytes(range(256)))
    put(tmp_path, "cur/3", mail(Subject="good"))
    first, second, third = records(tmp_path)
    assert first == Problem(str(tmp_path / "cur" / "1"), "The file is empty.")
    assert second == Problem(str(tmp_path / "cur" / "2"), "This file does not begin with the header of a mail.")
    assert third.subject == "good"


def test_lists_are_learnt_over_all_files(tmp_path):
    put(tmp_path, "cur/1", mail(List_Post="<mailto:choir@example.org>"))
    put(tmp_path, "cur/2", mail(To="choir@example.org"))
    source = MaildirSource(tmp_path, latest=LATEST)
    assert [record.to[0].bot for record in source.records()] == ["", "list"]
    assert source.list_addresses == {"choir@example.org"}


def test_a_directory_without_mail_is_refused_in_one_sentence(tmp_path):
    put(tmp_path, "notes/readme.txt", b"hello")
    with pytest.raises(Invalid) as failure:
        records(tmp_path)
    assert failure.value.message == f"{tmp_path.name} is not a Maildir."
    assert "cur and new" in failure.value.hint


def test_progress_counts_files(tmp_path):
    for number in range(3):
        put(tmp_path, f"cur/{number}", mail())
    seen: list[tuple[int, int]] = []
    list(MaildirSource(tmp_path, latest=LATEST).records(lambda done, total: seen.append((done, total))))
    assert seen == [(1, 3), (2, 3), (3, 3)]
