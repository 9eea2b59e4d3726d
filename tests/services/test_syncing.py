"""Looks at accounts: new mail from a real server, errors as sentences, one at a time, nothing lost by a kill."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from kithbook.core.errors import Conflict, Refused, Unavailable
from kithbook.core.ids import from_text
from kithbook.services import accounts, batches, people, syncing, syncingruns
from kithbook.services.accountviews import AccountView
from kithbook.sources import imap
from kithbook.store.models import Account, Batch, Interaction, Owner, Person, SyncRun
from tests.liveservers import PASSWORD, USER, Dovecot, dovecot
from tests.services.helpers import set_clock

NOW = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)


def letter(number: int, name: str = "Anna Berger", email: str = "anna@example.org") -> str:
    return (
        f"From: {name} <{email}>\nTo: Alice <{USER}>\nDate: Mon, 2 Nov 2026 09:{number % 60:02d}:00 +0000\n"
        f"Message-ID: <{number}-{email}>\nSubject: Hello {number}\n\nA body that nobody keeps: xyzzy\n"
    )


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as found:
        yield found


@pytest.fixture
def account(owner: Owner, server: Dovecot) -> AccountView:
    return accounts.add(owner, "imap", f"imap://127.0.0.1:{server.port}", USER, PASSWORD, name="My mail")


def later(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    set_clock(monkeypatch, (NOW + dt.timedelta(minutes=minutes)).isoformat())


def test_a_mailbox_brings_people_and_exchanges_and_then_only_what_is_new(
    owner: Owner, server: Dovecot, account: AccountView
) -> None:
    server.put(letter(1), letter(2, "Ben Ito", "ben@example.org"))
    server.put("From: x@example.org\nTo: y@example.org\nSubject: win\n\n", folder="Spam")
    test = accounts.test(owner, account.id)
    assert (test.message, test.usual) == ("The login works; there are 5 folders.", ["INBOX", "Sent"])
    page = accounts.run_now(owner, account.id)
    (run,) = page.runs
    assert (run.state, run.summary, run.error) == ("done", "2 people added, 2 exchanges added.", "")
    assert {row.name for row in people.search(owner, "").people} == {"Anna Berger", "Ben Ito"}
    assert Batch.objects.get().title == "My mail"
    server.put(letter(3))
    page = accounts.run_now(owner, account.id)
    assert page.runs[0].summary == "1 exchange added." and Interaction.objects.count() == 3
    page = accounts.run_now(owner, account.id)
    assert (page.runs[0].summary, page.runs[0].batch) == ("Nothing new.", "")
    assert Batch.objects.count() == 2
    assert not any("xyzzy" in str(row) for row in Interaction.objects.values())


def test_the_same_mail_from_a_file_is_known_already(
    owner: Owner, server: Dovecot, account: AccountView, tmp_path: Path
) -> None:
    from kithbook.services import importing

    server.put(letter(1))
    (tmp_path / "one.eml").write_text(letter(1), "utf-8")
    importing.run(owner, [tmp_path / "one.eml"], me=[USER])
    page = accounts.run_now(owner, account.id)
    assert (page.runs[0].summary, Interaction.objects.count(), Batch.objects.count()) == ("Nothing new.", 1, 1)


def test_what_was_taken_back_does_not_come_again_by_itself(owner: Owner, server: Dovecot, account: AccountView) -> None:
    server.put(letter(1))
    page = accounts.run_now(owner, account.id)
    batches.undo(owner, page.runs[0].batch)
    page = accounts.run_now(owner, account.id)
    assert page.runs[0].summary == "Nothing new." and page.runs[1].is_undone and not page.runs[1].batch
    # The server numbers its folder anew: old mail stays away, new mail comes.
    row = Account.objects.get()
    row.cursor["folders"]["INBOX"]["uidvalidity"] += 1
    row.save()
    page = accounts.run_now(owner, account.id)
    assert "only new mail is read from it" in page.runs[0].notes[0] and not Interaction.objects.exists()
    server.put(letter(2))
    accounts.run_now(owner, account.id)
    assert Interaction.objects.count() == 1
    accounts.reread(owner, account.id)
    accounts.run_now(owner, account.id)
    assert Interaction.objects.count() == 2


def test_a_renumbered_folder_is_read_again_without_doubles(owner: Owner, server: Dovecot, account: AccountView) -> None:
    server.put(letter(1), letter(2))
    accounts.run_now(owner, account.id)
    row = Account.objects.get()
    row.cursor["folders"]["INBOX"]["uidvalidity"] += 1
    row.save()
    server.put(letter(3))
    page = accounts.run_now(owner, account.id)
    assert page.runs[0].notes == ["The server numbered the folder INBOX anew; it was read again."]
    assert (page.runs[0].summary, Interaction.objects.count()) == ("1 exchange added.", 3)


def test_chosen_folders_only_and_a_missing_one_is_told(owner: Owner, server: Dovecot, account: AccountView) -> None:
    server.put(letter(1))
    server.put(letter(2), folder="Archive")
    accounts.edit(owner, account.id, places=["Archive", "Gone"])
    page = accounts.run_now(owner, account.id)
    assert page.runs[0].notes == ["There is no folder Gone any more."] and Interaction.objects.count() == 1


def test_a_big_mailbox_is_read_in_rounds_each_of_which_can_be_taken_back(
    owner: Owner, server: Dovecot, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "ROUND_MAILS", 2)
    monkeypatch.setattr(imap, "BATCH", 2)
    server.put(*(letter(number) for number in range(5)))
    page = accounts.run_now(owner, account.id)
    assert [run.summary for run in page.runs][::-1] == [
        "1 person added, 2 exchanges added.", "2 exchanges added.", "1 exchange added.",
    ]  # fmt: skip
    assert page.account.next_run_at == NOW + dt.timedelta(minutes=60)


def test_an_error_is_one_sentence_and_the_waits_grow(
    owner: Owner, server: Dovecot, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.edit(owner, account.id, password="wrong")
    page = accounts.run_now(owner, account.id)
    assert page.account.error.startswith("The mail server does not accept this user name and password.")
    assert page.runs[0].state == "failed" and page.account.failures == 1
    assert page.account.next_run_at == NOW + dt.timedelta(hours=6)
    assert syncing.run_due(owner) == 0
    later(monkeypatch, 6 * 60)
    assert syncing.run_due(owner) == 1 and accounts.listing(owner)[0].failures == 2
    accounts.edit(owner, account.id, password=PASSWORD)
    assert syncing.run_due(owner) == 1
    assert (accounts.listing(owner)[0].failures, accounts.listing(owner)[0].error) == (0, "")


def test_a_fault_in_a_library_is_told_without_its_words(
    owner: Owner, account: AccountView, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from kithbook.services import livemail

    def fail(run: object) -> bool:
        raise RuntimeError(f"LOGIN {USER} {PASSWORD}")

    monkeypatch.setattr(livemail, "read", fail)
    page = accounts.run_now(owner, account.id)
    assert page.account.error == "The look stopped because of a fault in Kithbook (RuntimeError)."
    assert PASSWORD not in caplog.text + str(page)


def test_a_paused_account_is_left_alone(owner: Owner, account: AccountView) -> None:
    accounts.switch(owner, account.id, on=False)
    assert syncing.run_due(owner) == 0 and not SyncRun.objects.exists()


def test_one_account_is_looked_at_by_one_only(owner: Owner, account: AccountView) -> None:
    row = Account.objects.get()
    first = syncingruns.claim(owner, row)
    assert first is not None and syncingruns.claim(owner, row) is None
    with pytest.raises(Conflict, match="being looked at just now"):
        accounts.run_now(owner, account.id)
    with pytest.raises(Conflict):
        accounts.reread(owner, account.id)
    assert accounts.listing(owner)[0].is_running


def test_of_two_that_saw_the_same_account_due_one_gets_it(
    owner: Owner, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second reads the row before the first claims it: the conditional UPDATE lets only one through."""
    row = Account.objects.get()
    stale = Account.objects.get()
    assert syncingruns.claim(owner, row) is not None
    monkeypatch.setattr(Account.objects, "of", lambda _owner: _Stale(stale))
    assert syncingruns.claim(owner, row) is None


class _Stale:
    """Answers reads with what was there before, and passes updates on."""

    def __init__(self, row: Account) -> None:
        self.row, self.found = row, {}

    def filter(self, **found: object) -> _Stale:
        self.found = found
        return self

    def first(self) -> Account:
        return self.row

    def update(self, **values: object) -> int:
        return Account._default_manager.filter(**self.found).update(**values)


def test_a_look_that_died_is_closed_and_writes_nothing_more(
    owner: Owner, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = syncingruns.claim(owner, Account.objects.get())
    assert dead is not None
    later(monkeypatch, 6)
    assert not accounts.listing(owner)[0].is_running
    page = accounts.run_now(owner, account.id)
    assert [run.state for run in page.runs] == ["done", "failed"] and page.runs[1].error == syncingruns.STOPPED
    with pytest.raises(Conflict):
        dead.hold()
    syncingruns.finish(dead, Unavailable("too late"))
    assert accounts.history(owner, account.id)[1].error == syncingruns.STOPPED


def test_the_lease_is_renewed_while_it_lasts(
    owner: Owner, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = syncingruns.claim(owner, Account.objects.get())
    assert run is not None
    monkeypatch.setattr(syncingruns, "BEAT_S", 0.0)
    later(monkeypatch, 4)
    run.beat()
    later(monkeypatch, 8)
    assert syncingruns.claim(owner, Account.objects.get()) is None
    later(monkeypatch, 9)
    assert syncingruns.claim(owner, Account.objects.get()) is not None
    with pytest.raises(Conflict):
        run.beat()


def test_old_looks_that_brought_nothing_are_forgotten(
    owner: Owner, account: AccountView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncingruns, "KEPT", 3)
    for number in range(5):
        later(monkeypatch, 61 * number)
        syncing.run_due(owner)
    assert SyncRun.objects.count() == 3


def test_a_wrong_key_is_told(owner: Owner, account: AccountView) -> None:
    Account.objects.update(secret="not sealed by us")
    assert "The stored password cannot be opened" in accounts.run_now(owner, account.id).account.error


def test_refused_waits_longer_than_unavailable(owner: Owner, account: AccountView) -> None:
    for error, minutes in ((Unavailable("x"), 120), (Refused("x"), 360)):
        Account.objects.update(failures=0, next_run_at=None)
        run = syncingruns.claim(owner, Account.objects.get())
        assert run is not None
        syncingruns.finish(run, error)
        assert Account.objects.get().next_run_at == NOW + dt.timedelta(minutes=minutes)


def test_removing_an_account_keeps_what_it_brought(owner: Owner, server: Dovecot, account: AccountView) -> None:
    server.put(letter(1))
    batch = accounts.run_now(owner, account.id).runs[0].batch
    accounts.remove(owner, account.id)
    assert Person.objects.count() == 1 and not SyncRun.objects.exists()
    assert batches.undo(owner, batch).people_removed == 1
    assert not Batch.objects.of(owner).exclude(pk=from_text(batch)).exists()
