"""Accounts on servers: what can be entered, what is refused, and that a password never comes out again."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path

import pytest

from kithbook.core.errors import Conflict, Invalid, KithbookError, NotFound, Refused
from kithbook.services import accounts, calling, exporting, owners, registry, sealing, syncing
from kithbook.services.accountviews import AccountView
from kithbook.services.views import as_json
from kithbook.store.models import Account, Owner, SyncRun
from tests.liveservers import PASSWORD, free_port


def add(owner: Owner, **more: object) -> AccountView:
    told: dict[str, object] = {
        "kind": "imap", "url": "imaps://mail.example.org", "user_name": "alice@example.org", "password": PASSWORD,
    }  # fmt: skip
    return accounts.add(owner, **(told | more))  # type: ignore[arg-type]


def test_an_account_is_added_listed_changed_paused_and_forgotten(owner: Owner) -> None:
    view = add(owner, every_minutes=30, places=["INBOX", "INBOX", " "])
    assert (view.name, view.kind, view.every_minutes, view.places) == ("alice@example.org", "imap", 30, ["INBOX"])
    assert (view.has_password, view.is_on, view.writes, view.error) == (True, True, False, "")
    assert owners.address_keys(owner) == {"alice@example.org"}
    changed = accounts.edit(owner, view.id, name="Work/Mail", every_minutes=15, places=[])
    assert (changed.name, changed.every_minutes, changed.places) == ("Work-Mail", 15, [])
    assert accounts.switch(owner, "Work-Mail", on=False).is_on is False
    assert accounts.listing(owner) == [accounts.show(owner, view.id).account]
    assert accounts.remove(owner, view.id).message.startswith("Work-Mail is forgotten, with its password.")
    assert accounts.listing(owner) == [] and not Account.objects.exists()


def test_the_password_is_sealed_and_in_no_view_export_database_file_or_log(
    owner: Owner, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """A test that greps: the database as bytes, the export, all views and the log at its most talkative."""
    caplog.set_level(logging.DEBUG)
    view = add(owner, url=f"imap://127.0.0.1:{free_port()}")
    page = accounts.run_now(owner, view.id)
    assert "No mail server listens" in page.account.error
    exporting.export(owner, tmp_path)
    texts = [json.dumps(as_json(page)), str(asdict(page)), caplog.text, str(page)]
    texts += [path.read_text("utf-8", "replace") for path in tmp_path.iterdir()]
    texts += [str(list(model.objects.values())) for model in (Account, SyncRun)]
    assert not any(PASSWORD in text for text in texts)
    row = Account.objects.get()
    assert row.secret and sealing.unseal(row.secret) == PASSWORD
    assert not any(row.secret in text for text in texts[:-2])


def test_a_refused_password_is_not_repeated(owner: Owner) -> None:
    for bad in (f"{PASSWORD}\n", PASSWORD * 100):
        with pytest.raises(Invalid) as told:
            add(owner, password=bad)
        assert PASSWORD not in f"{told.value.message}{told.value.hint}{told.value.details}"


def test_an_argument_that_does_not_fit_does_not_repeat_the_password(owner: Owner) -> None:
    operation = registry.operations()["accounts.add"]
    model = calling.arguments_model(operation)
    values = {"kind": "imap", "url": "imaps://h", "password": [PASSWORD], "every_minutes": "x"}
    with pytest.raises(KithbookError) as told:
        calling.check(model, values)
    assert PASSWORD not in f"{told.value.message}{told.value.hint}{told.value.details}"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"kind": "pop3"}, "no kind of account"),
        ({"url": "ftp://mail.example.org"}, "no address of a mail server"),
        ({"url": "imaps://alice:pw@mail.example.org"}, "user name or a password in it"),
        ({"user_name": ""}, "needs a user name and a password"),
        ({"user_name": "alice"}, "Which address is yours"),
        ({"password": ""}, "needs a user name and a password"),
        ({"every_minutes": 1}, "no pace"),
    ],
)
def test_what_does_not_fit_is_told_in_one_sentence(owner: Owner, more: dict[str, object], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        add(owner, **more)
    assert not Account.objects.exists()


def test_the_same_account_twice_is_a_conflict(owner: Owner) -> None:
    add(owner)
    with pytest.raises(Conflict, match="have this account already"):
        add(owner)
    other = add(owner, user_name="bob@example.org")
    with pytest.raises(Conflict, match="Another of your accounts"):
        accounts.edit(owner, other.id, user_name="alice@example.org")


def test_another_server_means_reading_from_the_start(owner: Owner) -> None:
    view = add(owner)
    Account.objects.update(cursor={"folders": {"INBOX": {"uid": 9}}}, failures=3)
    accounts.edit(owner, view.id, name="Mail")
    assert Account.objects.get().cursor
    accounts.edit(owner, view.id, url="imaps://other.example.org")
    assert (Account.objects.get().cursor, Account.objects.get().failures) == ({}, 0)


def test_a_mailbox_is_never_written_to(owner: Owner) -> None:
    with pytest.raises(Refused, match="only ever read"):
        accounts.let_write(owner, add(owner).id, on=True)


def test_strangers_see_and_change_nothing(owner: Owner, stranger: Owner) -> None:
    view = add(owner)
    assert accounts.listing(stranger) == [] and syncing.run_due(stranger) == 0
    for act in (accounts.show, accounts.remove, accounts.test, accounts.run_now, accounts.reread):
        with pytest.raises(NotFound):
            act(stranger, view.id)  # type: ignore[operator]


def test_the_list_takes_a_fixed_number_of_queries(owner: Owner, django_assert_num_queries: object) -> None:
    for number in range(12):
        view = add(owner, user_name=f"u{number}@example.org", url=f"imap://127.0.0.1:{free_port()}")
        accounts.run_now(owner, view.id)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(accounts.listing(owner)) == 12
