"""The mailbox on a server as a source: against a real Dovecot, and against boxes that misbehave."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kithbook.core.errors import Invalid, Refused, Unavailable
from kithbook.core.records import Mail
from kithbook.sources import imap, imapclients
from kithbook.sources.imap import ImapSource, ImapSpool, fetch_round
from kithbook.sources.imapclients import Folder, FolderState, Header, open_mailbox
from kithbook.sources.imapplace import ImapPlace, is_loopback, place_of
from tests.liveservers import PASSWORD, USER, Dovecot, dovecot, free_port
from tests.sources.conformance import SourceConformance

LATEST = int(dt.datetime(2026, 11, 22, tzinfo=dt.UTC).timestamp())


def header(number: int, **more: str) -> Header:
    fields = {
        "From": f"Anna {number} <anna{number}@example.org>", "To": USER, "Message-ID": f"<{number}@example.org>",
        "Date": "Mon, 2 Nov 2026 09:00:00 +0000", "Subject": f"Hello {number}",
    } | more  # fmt: skip
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return Header(number, 1_793_610_000, f"{lines}\r\n".encode())


def spooled(*headers: Header) -> ImapSource:
    spool = ImapSpool()
    for one in headers:
        spool.add("INBOX", one)
    return ImapSource(spool, "alice", latest=LATEST)


class TestConformance(SourceConformance):
    """What every source promises."""

    kind = "imap"
    expected = {"Mail": 3, "Problem": 1}  # noqa: RUF012

    def make(self, folder: Path) -> ImapSource:
        return spooled(header(1), header(2), Header(3, 0, b"\r\n"), header(4))

    def make_reversed(self, folder: Path) -> ImapSource:
        return spooled(header(4), header(2), header(1))

    def make_long(self, folder: Path, count: int) -> ImapSource:
        return spooled(*map(header, range(1, count + 1)))


class FakeBox:
    """A folder in memory."""

    def __init__(self, count: int, uidvalidity: int = 7) -> None:
        self.held = {uid: header(uid) for uid in range(1, count + 1)}
        self.uidvalidity, self.uidnext, self.fetched, self.examined = uidvalidity, count + 1, 0, 0

    def state(self, folder: str) -> FolderState:
        return FolderState(self.uidvalidity, self.uidnext, 0)

    def examine(self, folder: str) -> FolderState:
        self.examined += 1
        return self.state(folder)

    def uids(self, first: int, last: int) -> list[int]:
        return [uid for uid in sorted(self.held) if first <= uid <= last]

    def last_uid(self) -> int:
        return max(self.held, default=0)

    def headers(self, uids: list[int]) -> list[Header]:
        self.fetched += len(uids)
        return [self.held[uid] for uid in uids]


def test_what_users_write_becomes_host_port_and_encryption() -> None:
    assert place_of("mail.example.org") == ImapPlace("mail.example.org", 993, "tls")
    assert place_of("imaps://mail.example.org:9993/") == ImapPlace("mail.example.org", 9993, "tls")
    assert place_of("imap://mail.example.org") == ImapPlace("mail.example.org", 143, "starttls")
    assert place_of("imap://127.0.0.1:1143") == ImapPlace("127.0.0.1", 1143, "plain")
    assert is_loopback("::1") and not is_loopback("127.evil.example")


@pytest.mark.parametrize(
    "url",
    ["", "https://mail.example.org", "imaps://", "imaps://a b", "imaps://h:99999", "imaps://h/INBOX", "imaps://[x"],
)
def test_what_is_no_address_of_a_mail_server_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        place_of(url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(Invalid) as told:
        place_of(f"imaps://alice:{PASSWORD}@mail.example.org")
    assert PASSWORD not in str(told.value) + told.value.hint


def test_usual_folders_leave_out_spam_trash_and_drafts_and_all_mail_stands_alone() -> None:
    folders = [Folder("INBOX", ""), Folder("Sent", "sent"), Folder("Bin", "trash"), Folder("Junk", "spam")]
    assert imap.chosen(folders, []) == ["INBOX", "Sent"]
    assert imap.chosen(folders, ["Bin", "Gone"]) == ["Bin"]
    assert imap.chosen([*folders, Folder("All Mail", "all")], []) == ["All Mail"]


def test_a_round_stops_when_the_spool_is_full_and_the_next_goes_on_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "ROUND_MAILS", 500)
    box, cursor, seen = FakeBox(1_300), {}, []
    for expected in (600, 600, 100):
        spool = ImapSpool()
        found = fetch_round(box, ["INBOX"], cursor, spool)
        cursor = found.cursor
        assert spool.mails == expected
        seen += [one.uid for _, one in spool]
    assert found.is_complete and seen == list(range(1, 1_301)) and box.fetched == 1_300


def test_an_unchanged_folder_is_not_even_opened() -> None:
    box = FakeBox(3)
    first = fetch_round(box, ["INBOX"], {}, ImapSpool())
    fetch_round(box, ["INBOX"], first.cursor, ImapSpool())
    assert box.examined == 1


def test_a_renumbered_folder_is_read_again_or_only_from_now_on() -> None:
    first = fetch_round(FakeBox(3), ["INBOX"], {}, ImapSpool())
    again, only_new = ImapSpool(), ImapSpool()
    told = fetch_round(FakeBox(5, uidvalidity=8), ["INBOX"], first.cursor, again)
    assert again.mails == 5 and told.notes == ["The server numbered the folder INBOX anew; it was read again."]
    box = FakeBox(5, uidvalidity=8)
    skipped = fetch_round(box, ["INBOX"], first.cursor, only_new, skip_renumbered=True)
    assert only_new.mails == 0 and skipped.cursor["INBOX"]["uid"] == 5 and "only new mail" in skipped.notes[0]


def test_a_date_that_cannot_be_read_is_the_day_of_arrival() -> None:
    (mail,) = spooled(header(1, Date="yesterday")).records()
    assert isinstance(mail, Mail) and (mail.at, mail.at_from) == (1_793_610_000, "file")


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as found:
        found.put(*(header(n).block.decode().replace("\r\n", "\n") + "Body xyzzy\n" for n in (1, 2, 3)))
        found.put("From: x@example.org\nSubject: win\n\nx\n", folder="Spam")
        yield found


def test_a_real_mailbox_is_read_without_a_trace(server: Dovecot) -> None:
    """Headers only, by EXAMINE and PEEK: the mails are still unseen and recent afterwards."""
    spool = ImapSpool()
    with open_mailbox(place_of(f"imap://127.0.0.1:{server.port}"), USER, PASSWORD) as box:
        folders = box.folders()
        found = fetch_round(box, imap.chosen(folders, []), {}, spool)
    assert {folder.name: folder.kind for folder in folders} == {
        "INBOX": "", "Bin": "trash", "Drafts": "drafts", "Sent": "sent", "Spam": "spam",
    }  # fmt: skip
    assert [mail.subject for mail in ImapSource(spool, "alice", latest=LATEST).records()] == [  # type: ignore[union-attr]
        "Hello 1", "Hello 2", "Hello 3",
    ]  # fmt: skip
    assert found.is_complete and found.cursor["INBOX"]["uid"] == 3 and found.cursor["INBOX"]["modseq"] > 0
    assert not any(b"xyzzy" in one.block for _, one in spool)
    client = server.client()
    client.select("INBOX", readonly=True)
    assert client.search(None, "SEEN")[1] == [b""]
    client.logout()


def test_the_key_of_a_mail_is_that_of_the_same_mail_in_a_file(server: Dovecot, tmp_path: Path) -> None:
    from kithbook.sources.eml import EmlSource

    file = tmp_path / "one.eml"
    file.write_bytes(header(1).block + b"Body\r\n")
    (mail,) = spooled(header(1)).records()
    (same,) = EmlSource(file, latest=LATEST).records()
    assert isinstance(mail, Mail) and isinstance(same, Mail) and mail.key == same.key


def test_a_wrong_password_is_told_in_one_sentence_without_the_password(server: Dovecot) -> None:
    with (
        pytest.raises(Refused) as told,
        open_mailbox(place_of(f"imap://127.0.0.1:{server.port}"), USER, f"{PASSWORD}-wrong"),
    ):
        pass
    assert told.value.message == "The mail server does not accept this user name and password."


def test_a_certificate_nobody_signed_is_refused_unless_it_is_made_known(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(f"imaps://127.0.0.1:{server.tls_port}")
    with (
        pytest.raises(Refused, match=r"certificate of 127\.0\.0\.1 cannot be trusted"),
        open_mailbox(place, USER, PASSWORD),
    ):
        pass
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    with open_mailbox(place, USER, PASSWORD) as box:
        assert box.state("INBOX").uidnext == 4


def test_a_server_that_is_not_there_or_says_nothing_is_told_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with (
        pytest.raises(Unavailable, match="No mail server listens"),
        open_mailbox(place_of(f"imap://127.0.0.1:{free_port()}"), USER, PASSWORD),
    ):
        pass
    monkeypatch.setattr(imapclients, "CONNECT_S", 0.3)
    monkeypatch.setattr(imapclients, "READ_S", 0.3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        begun = time.monotonic()
        with (
            pytest.raises(Unavailable, match="did not answer in time"),
            open_mailbox(place_of(f"imap://127.0.0.1:{silent.getsockname()[1]}"), USER, PASSWORD),
        ):
            pass
        assert time.monotonic() - begun < 5


def test_an_answer_without_end_is_cut_off(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imapclients, "LARGEST_ANSWER", 10)

    def fetch() -> None:
        with open_mailbox(place_of(f"imap://127.0.0.1:{server.port}"), USER, PASSWORD) as box:
            box.examine("INBOX")
            box.headers([1])

    with pytest.raises(Unavailable, match="at once"):
        fetch()
