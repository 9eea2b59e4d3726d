"""What every look at a live account promises, against real servers: as for files, and that it can be cut short."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from kithbook.core.errors import Unavailable
from kithbook.services import accounts, batches, clock, owners
from kithbook.services.accountviews import AccountPage
from kithbook.sources import imap
from kithbook.sources.dav import Dav, Item
from kithbook.sources.imapclients import Header, Mailbox
from kithbook.store.models import (
    Affiliation,
    Batch,
    CardCopy,
    Identity,
    Interaction,
    Owner,
    Participant,
    Person,
    SyncRun,
)
from tests.liveservers import PASSWORD, USER, Dovecot, Radicale, dovecot, radicale

CUT = "The server was switched off."
_names = itertools.count()


@pytest.fixture(scope="module")
def mail_server() -> Iterator[Dovecot]:
    with dovecot() as found:
        yield found


@pytest.fixture(scope="module")
def dav_server() -> Iterator[Radicale]:
    with radicale() as found:
        yield found


@pytest.fixture
def bob(owner: Owner) -> Owner:
    """Looks at the same account as Alice, at other times."""
    return Owner.objects.create(user_name="bob", name="Bob", created_at=clock.now())


def content(owner: Owner) -> dict[str, list[Any]]:
    """Who and what is known, without ids."""
    queries = (
        Person.objects.of(owner).values_list("name", "given_name", "family_name", "standing", "note"),
        Identity.objects.of(owner).values_list("person__name", "kind", "key"),
        Affiliation.objects.of(owner).values_list("person__name", "organisation", "role"),
        CardCopy.objects.of(owner).values_list("person__name", "external_key"),
        Interaction.objects.of(owner).values_list("external_key", "channel", "at", "minutes"),
        Participant.objects.of(owner).values_list("person__name", "interaction__external_key", "role"),
    )
    return {str(query.model): sorted(query, key=repr) for query in queries}


class LiveConformance:
    """Inherit, say how things are put on the server, and get the tests."""

    kind = ""
    url = ""
    places: tuple[str, ...] = ()

    def put(self, number: int) -> None:
        """Put one thing with somebody new in it on the server."""
        raise NotImplementedError

    def cut(self, patch: pytest.MonkeyPatch) -> None:
        """Let the connection break once something was read."""
        raise NotImplementedError

    def spoil(self, patch: pytest.MonkeyPatch) -> None:
        """Let the server give something that is broken beside the rest."""
        raise NotImplementedError

    def account(self, owner: Owner) -> str:
        owners.add_addresses(owner, [USER])
        return accounts.add(owner, self.kind, self.url, USER, PASSWORD, name="Live", places=list(self.places)).id

    def look(self, owner: Owner, account: str) -> AccountPage:
        page = accounts.run_now(owner, account)
        assert page.runs[0].state == "done", page.runs[0].error
        return page

    def test_a_second_look_adds_nothing_and_is_no_batch(self, owner: Owner) -> None:
        account = self.account(owner)
        for number in range(3):
            self.put(number)
        assert "3 people added" in self.look(owner, account).runs[0].summary
        before = content(owner)
        page = self.look(owner, account)
        assert (page.runs[0].summary, page.runs[0].batch) == ("Nothing new.", "")
        assert content(owner) == before and Batch.objects.of(owner).count() == 1
        accounts.reread(owner, account)
        assert self.look(owner, account).runs[0].summary == "Nothing new."
        assert content(owner) == before

    def test_the_order_of_coming_and_the_number_of_looks_do_not_matter(self, owner: Owner, bob: Owner) -> None:
        account = self.account(bob)
        for number in (2, 0, 1):
            self.put(number)
            self.look(bob, account)
        assert Batch.objects.of(bob).count() == 3
        self.look(owner, self.account(owner))
        assert Batch.objects.of(owner).count() == 1
        assert content(owner) == content(bob) and len(content(owner)[str(Person)]) == 3

    def test_a_look_that_is_cut_short_is_told_and_made_good(
        self, owner: Owner, bob: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = self.account(owner)
        for number in range(3):
            self.put(number)
        with monkeypatch.context() as patch:
            self.cut(patch)
            page = accounts.run_now(owner, account)
        assert (page.runs[0].state, page.runs[0].error) == ("failed", CUT)
        assert not Batch.objects.of(owner).exclude(state="done").exists()
        self.look(owner, account)
        self.look(bob, self.account(bob))
        assert content(owner) == content(bob) and len(content(owner)[str(Person)]) == 3

    def test_what_is_broken_is_a_problem_and_the_counts_add_up(
        self, owner: Owner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = self.account(owner)
        for number in range(2):
            self.put(number)
        self.spoil(monkeypatch)
        page = self.look(owner, account)
        assert "2 people added" in page.runs[0].summary and "1 could not be used" in page.runs[0].summary
        counts = SyncRun.objects.of(owner).get().report["counts"]
        assert counts["read"] == 3 == counts["problems"] + counts["people"]

    def test_undo_takes_back_exactly_what_a_look_brought(self, owner: Owner) -> None:
        account = self.account(owner)
        nothing = content(owner)
        self.put(0)
        first = self.look(owner, account).runs[0].batch
        before = content(owner)
        self.put(1)
        batches.undo(owner, self.look(owner, account).runs[0].batch)
        assert content(owner) == before
        batches.undo(owner, first)
        assert content(owner) == nothing
        assert self.look(owner, account).runs[0].summary == "Nothing new."
        assert content(owner) == nothing


class TestMailbox(LiveConformance):
    kind = "imap"

    @pytest.fixture(autouse=True)
    def _folder(self, mail_server: Dovecot) -> None:
        self.server, self.folder = mail_server, f"f{next(_names)}"
        self.url, self.places = f"imap://127.0.0.1:{mail_server.port}", (self.folder,)
        self.server.put(folder=self.folder)

    def put(self, number: int) -> None:
        self.server.put(
            f"From: Anna {number} <anna{number}@example.org>\nTo: {USER}\nDate: Mon, 2 Nov 2026 09:0{number}:00 +0000\n"
            f"Message-ID: <{number}@example.org>\nSubject: Hello\n\nx\n",
            folder=self.folder,
        )

    def cut(self, patch: pytest.MonkeyPatch) -> None:
        plain, parts = Mailbox.headers, itertools.count()

        def headers(box: Mailbox, uids: list[int]) -> list[Header]:
            if next(parts):
                raise Unavailable(CUT)
            return plain(box, uids)

        patch.setattr(imap, "BATCH", 1)
        patch.setattr(Mailbox, "headers", headers)

    def spoil(self, patch: pytest.MonkeyPatch) -> None:
        self.server.put("X-Nothing: in here\n\nx\n", folder=self.folder)


class _OnDav(LiveConformance):
    """What calendars and address books have in common."""

    broken = ""

    @pytest.fixture(autouse=True)
    def _collection(self, dav_server: Radicale) -> None:
        self.server = dav_server
        self.url = dav_server.make(f"c{next(_names)}", "book" if self.kind == "carddav" else "calendar")

    def send(self, name: str, text: str, content_type: str) -> None:
        told = self.server.call("PUT", f"{self.url}{name}", text.replace("\n", "\r\n"), Content_Type=content_type)
        assert told[0] == 201

    def cut(self, patch: pytest.MonkeyPatch) -> None:
        plain = Dav.fetch

        def fetch(dav: Dav, url: str, hrefs: list[str]) -> Iterator[Item]:
            yield next(plain(dav, url, hrefs))
            raise Unavailable(CUT)

        patch.setattr(Dav, "fetch", fetch)

    def spoil(self, patch: pytest.MonkeyPatch) -> None:
        """Radicale takes nothing that is broken; others do."""
        self.put(2)
        plain = Dav.fetch

        def fetch(dav: Dav, url: str, hrefs: list[str]) -> Iterable[Item]:
            for number, one in enumerate(plain(dav, url, hrefs)):
                yield one._replace(text=self.broken) if not number else one

        patch.setattr(Dav, "fetch", fetch)


class TestCalendar(_OnDav):
    kind = "caldav"
    broken = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nDTSTART:2026"

    def put(self, number: int) -> None:
        self.send(
            f"{number}.ics",
            f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//\nBEGIN:VEVENT\nUID:{number}\nDTSTAMP:20260101T000000Z\n"
            f"DTSTART:2026110{number + 1}T100000Z\nDTEND:2026110{number + 1}T110000Z\nSUMMARY:Coffee\n"
            f"ORGANIZER:mailto:{USER}\nATTENDEE;CN=Anna {number}:mailto:anna{number}@example.org\n"
            "END:VEVENT\nEND:VCALENDAR\n",
            "text/calendar",
        )


class TestAddressBook(_OnDav):
    kind = "carddav"
    broken = "<html>Gateway timeout</html>"

    def put(self, number: int) -> None:
        self.send(
            f"{number}.vcf",
            f"BEGIN:VCARD\nVERSION:3.0\nUID:{number}\nFN:Anna {number}\nN:{number};Anna;;;\nORG:Acme\n"
            f"EMAIL:anna{number}@example.org\nEND:VCARD\n",
            "text/vcard",
        )
