"""Set-up, settings and import: preview, report, undo, uploads that leave nothing behind."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client
from django.urls import reverse

from kithbook.core.errors import KithbookError, NotFound
from kithbook.services import background, batches, demo, importing, owners, people
from kithbook.services.background import JobView
from kithbook.store.models import Owner
from kithbook.web import forms, imports, uploads
from tests.faces.mailbox import ME, mailbox


@pytest.fixture(autouse=True)
def _own_home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> dict[str, JobView]:
    """Imports run before the page is answered, on the connection of the test."""
    jobs: dict[str, JobView] = {}

    def run(owner: Owner, path: Path, me: list[str], kind: str | None, *, dry_run: bool) -> str:
        job = JobView(f"job{len(jobs)}", owner.pk, path.name, path, me, kind, dry_run)
        try:
            job.report = importing.run(owner, [path], me=me, kind=kind, dry_run=dry_run)
            job.state = "done"
        except KithbookError as error:
            job.error = {"kind": error.kind, "message": error.message, "hint": error.hint}
            job.state = "failed"
        jobs[job.id] = job
        return job.id

    monkeypatch.setattr(background, "preview_import", lambda *args: run(*args, dry_run=True))
    monkeypatch.setattr(background, "start_import", lambda *args: run(*args, dry_run=False))
    monkeypatch.setattr(background, "job", lambda _owner, job: jobs[job])
    return jobs


def send(client: Client, *files: tuple[str, bytes], me: str = ME) -> str:
    """Upload and look; returns the page after the redirect."""
    sent = {"files": [SimpleUploadedFile(name, content) for name, content in files], "me": me}
    response = client.post(reverse("import_preview"), sent, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def token_of(page: str) -> str:
    return page.split('name="token" value="')[1].split('"', maxsplit=1)[0]


def test_a_preview_writes_nothing_and_the_import_then_does(
    client: Client, owner: Owner, at_once: dict[str, JobView]
) -> None:
    page = send(client, ("inbox.mbox", mailbox()))
    assert "What this would bring" in page
    assert people.search(owner).total == 0
    response = client.post(reverse("import_start"), {"token": token_of(page), "me": ME}, follow=True)
    page = response.content.decode()
    assert "Imported" in page
    assert {row.name for row in people.search(owner).people} == {"Bob Builder", "Carol Singer", "Dave Baker"}
    report = at_once["job1"].report
    assert report is not None
    assert reverse("batch_undo", args=[report.batch]) in page
    assert client.get(reverse("import_job", args=["job1"])).status_code == 200


def test_the_numbers_of_the_report_add_up(client: Client, owner: Owner, at_once: dict[str, JobView]) -> None:
    page = send(client, ("inbox.mbox", mailbox()))
    report = at_once["job0"].report
    assert report is not None
    shown = imports._report(report)
    assert sum(count for _label, count in shown["rows"]) == report.records
    assert shown["adds_up"]
    assert "records in all" in page


def test_problems_are_listed_and_can_be_kept_as_text(client: Client, owner: Owner, at_once: dict[str, JobView]) -> None:
    send(client, ("inbox.mbox", mailbox()))
    report = at_once["job0"].report
    assert report is not None
    assert report.problems_count == 1
    response = client.get(reverse("import_problems", args=["job0"]))
    assert response.headers["Content-Type"].startswith("text/plain")
    assert report.problems[0].what in response.content.decode()


def test_uploads_are_removed_after_the_import_and_no_sooner(client: Client, at_once: dict[str, JobView]) -> None:
    token = token_of(send(client, ("inbox.mbox", mailbox())))
    assert uploads.kept(token).read_bytes() == mailbox()
    client.post(reverse("import_start"), {"token": token, "me": ME}, follow=True)
    with pytest.raises(NotFound):
        uploads.kept(token)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "Connections.csv",
            b"First Name,Last Name,URL,Email Address,Company,Position,Connected On\nErin,Vale,,,,,08 Feb 2026\n",
        ),
        ("book.ldif", b"dn: cn=x\ncn: Erin Vale\nmail: erin@example.net\n"),
        ("old.vcf", "BEGIN:VCARD\nFN:Юлия Петрова\nEND:VCARD\n".encode("cp1251")),
    ],
)
def test_a_list_of_people_is_told_as_people_and_what_was_guessed_is_said(
    client: Client, owner: Owner, at_once: dict[str, JobView], name: str, content: bytes
) -> None:
    page = send(client, (name, content))
    assert "new people" in page
    assert "records in all" in page
    assert "new exchanges" not in page
    assert ("they were read as Cyrillic" in page) is (name == "old.vcf")


def test_several_files_go_together(client: Client, owner: Owner, at_once: dict[str, JobView]) -> None:
    card = b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Erin Vale\r\nEMAIL:erin@example.net\r\nEND:VCARD\r\n"
    page = send(client, ("inbox.mbox", mailbox()), ("people.vcf", card))
    assert "2 files" in page
    client.post(reverse("import_start"), {"token": token_of(page), "me": ME})
    assert people.search(owner, "Erin").total == 1
    assert people.search(owner, "Bob").total == 1


def test_files_of_no_known_kind_are_named(client: Client, owner: Owner, at_once: dict[str, JobView]) -> None:
    page = send(client, ("harbour.png", b"\x89PNG\r\n\x1a\n" + bytes(200)), ("mail.mbox", mailbox()))
    assert "1 file of no kind that Kithbook reads" in page
    assert "<li>harbour.png</li>" in page
    assert "of no kind" not in send(client, ("mail.mbox", mailbox()))


def test_noise_is_refused_in_words(client: Client, owner: Owner, at_once: dict[str, JobView]) -> None:
    page = send(client, ("noise.bin", os.urandom(5000)))
    assert "This could not be imported" in page
    assert at_once["job0"].error is not None
    assert at_once["job0"].error["message"].replace("“", "")[:10] in page.replace("“", "")


def test_no_file_is_refused_in_words(client: Client) -> None:
    response = client.post(reverse("import_preview"), {"me": ME})
    assert response.status_code == 400
    assert "No file was chosen." in response.content.decode()


def test_progress_is_shown_while_the_job_runs(client: Client, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    job = JobView("j", owner.pk, "inbox.mbox", Path("inbox.mbox"), [], None, is_preview=True, done=30, total=120)
    monkeypatch.setattr(background, "job", lambda _owner, _job: job)
    page = client.get(reverse("import_job", args=["j"])).content.decode()
    assert '<progress max="100" value="25"' in page
    assert 'hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh"' in page


def test_an_unknown_job_is_a_calm_page(client: Client) -> None:
    assert client.get(reverse("import_job", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("token", ["", "../../etc", "0" * 31, "0" * 32, "G" * 32])
def test_a_made_up_token_reads_no_file(client: Client, token: str) -> None:
    assert client.post(reverse("import_start"), {"token": token}).status_code == 404


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\mail\\inbox.mbox", "inbox.mbox"),
        (".hidden", "hidden"),
        ("a\0b.eml", "a_b.eml"),
        ("..", "file"),
    ],
)
def test_names_of_uploads_lead_nowhere_else(sent: str, kept: str) -> None:
    assert uploads._name(sent) == kept


def test_several_uploads_keep_their_names_and_equal_ones_are_all_read(owner: Owner) -> None:
    files = [SimpleUploadedFile(name, name.encode()) for name in ("b.vcf", "a.vcf", "B.vcf", "a.vcf")]
    place = uploads.kept(uploads.keep(files))
    found = sorted(path for path in place.rglob("*") if path.is_file())
    assert sorted(path.name for path in found) == ["B.vcf", "a.vcf", "a.vcf", "b.vcf"]
    assert all(path.read_text() == path.name for path in found)


def test_a_big_upload_is_moved_and_never_read(owner: Owner) -> None:
    file = TemporaryUploadedFile("big.mbox", "application/mbox", 3, None)
    file.write(b"abc")
    file.flush()
    waiting = Path(file.temporary_file_path())
    token = uploads.keep([file])
    assert uploads.kept(token).read_bytes() == b"abc"
    assert not waiting.exists()
    assert uploads.kept(token).is_relative_to(settings.HOME)
    uploads.drop(token)


def test_forgotten_uploads_go_after_a_day(owner: Owner) -> None:
    token = uploads.keep([SimpleUploadedFile("a.eml", b"x")])
    uploads.sweep(time.time() - 60)
    assert uploads.kept(token).exists()
    uploads.sweep(time.time() + 60)
    with pytest.raises(NotFound):
        uploads.kept(token)


def test_an_import_is_undone_after_being_asked(client: Client, owner: Owner, at_once: dict[str, JobView]) -> None:
    token = token_of(send(client, ("inbox.mbox", mailbox())))
    client.post(reverse("import_start"), {"token": token, "me": ME})
    batch = batches.listing(owner)[0].id
    listed = client.get(reverse("import")).content.decode()
    assert "inbox.mbox" in listed
    asked = client.get(reverse("batch_undo", args=[batch])).content.decode()
    assert "Take this back?" in asked
    assert people.search(owner).total == 3
    response = client.post(reverse("batch_undo", args=[batch]), {"next": reverse("import")}, follow=True)
    assert "Taken back: 3 people" in response.content.decode()
    assert people.search(owner).total == 0


def test_the_set_up_keeps_the_answers_and_leads_to_the_import(client: Client, owner: Owner) -> None:
    sent = {
        "name": "Alice",
        "addresses": "alice@example.org; a@example.com",
        "minutes_per_week": "90",
        "time_zone": "Europe/Vienna",
    }
    response = client.post(reverse("setup"), sent)
    assert response.headers["Location"] == reverse("import")
    known = owners.settings(owners.local_owner())
    assert (known.name, known.minutes_per_week, known.time_zone, known.is_set_up) == (
        "Alice",
        90,
        "Europe/Vienna",
        True,
    )
    assert sorted(known.addresses) == ["a@example.com", "alice@example.org"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("minutes_per_week", "-3"), ("minutes_per_week", "many"), ("time_zone", "Mars/Base"), ("addresses", "no address")],
)
def test_settings_that_cannot_be_are_refused_and_kept_in_the_form(
    client: Client, owner: Owner, field: str, value: str
) -> None:
    sent = {"name": "Alice", "addresses": "", "minutes_per_week": "90", "time_zone": "UTC", field: value}
    response = client.post(reverse("settings"), sent)
    assert response.status_code in (400, 422)
    assert 'value="Alice"' in response.content.decode()
    assert owners.settings(owners.local_owner()).name == ""


def test_the_made_up_network_comes_and_goes(client: Client, owner: Owner) -> None:
    assert client.post(reverse("demo_load"), follow=True).status_code == 200
    assert demo.is_loaded(owner)
    assert people.search(owner).total > 100
    client.post(reverse("demo_remove"), follow=True)
    assert people.search(owner).total == 0


def test_settings_and_import_pages_show_what_is_known(client: Client, owner: Owner) -> None:
    owners.change_settings(owner, name="Alice", addresses=[ME])
    assert ME in client.get(reverse("settings")).content.decode()
    assert ME in client.get(reverse("import")).content.decode()


def test_lists_in_one_field_are_split() -> None:
    assert forms.addresses("a@x.org, b@y.org;c@z.org\n d@w.org") == ["a@x.org", "b@y.org", "c@z.org", "d@w.org"]
    assert forms.phrases("slow running, chess;tea\n\n") == ["slow running", "chess", "tea"]


def test_uploads_that_broke_off_go_as_well(owner: Owner) -> None:
    broken, other = uploads.folder() / "tmpabc.upload.mbox", uploads.folder() / "notes.txt"
    broken.write_bytes(b"x")
    other.write_bytes(b"x")
    uploads.sweep(time.time() + 60)
    assert not broken.exists()
    assert other.exists()


def test_a_file_that_is_not_imported_after_all_goes_at_once(client: Client, at_once: dict[str, JobView]) -> None:
    token = token_of(send(client, ("inbox.mbox", mailbox())))
    assert client.post(reverse("import_discard"), {"token": token}).headers["Location"] == reverse("import")
    with pytest.raises(NotFound):
        uploads.kept(token)
