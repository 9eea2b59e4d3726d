"""Imports: counts that add up, nothing twice, any order, exactly undone."""

from __future__ import annotations

import itertools
import json
import zipfile
from pathlib import Path

import pytest
from django.db import connection

from kithbook.core.errors import Invalid, NotFound
from kithbook.services import batches, exporting, importing, people
from kithbook.sources.memory import MemorySource
from kithbook.store.models import Batch, Interaction, Owner, OwnerAddress, Participant, Person, StageEvent, Tie
from tests.services.factories import MBOX, mail, write_mbox

ME = ["me@example.org"]


def snapshot(owner: Owner, folder: Path) -> dict[str, object]:
    exporting.export(owner, folder)
    return json.loads((folder / "kithbook.json").read_text("utf-8"))


def run(owner: Owner, *paths: Path, **options: object) -> importing.ImportReport:
    return importing.run(owner, paths, me=options.pop("me", ME), **options)  # type: ignore[arg-type]


def total(report: importing.ImportReport) -> int:
    return report.interactions_added + report.interactions_known + sum(report.skipped.values()) + report.problems_count


def test_a_mailbox_gives_people_and_interactions(owner: Owner, tmp_path: Path) -> None:
    report = run(owner, write_mbox(tmp_path))
    assert (report.records, report.interactions_added) == (4, 3)
    assert report.skipped == {"automatic mail": 1}
    assert total(report) == report.records
    names = [person.name for person in people.search(owner, sort="name").people]
    assert names == ["Anna Berger", "Bruno Costa", "Carla Diaz"]


def test_the_same_mail_in_a_mailbox_a_file_a_maildir_and_a_zip_is_one(owner: Owner, tmp_path: Path) -> None:
    content = MBOX.split("\n\n", 1)[0].partition("\n")[2].encode() + b"\n\nHi\n"
    (tmp_path / "a.eml").write_bytes(content)
    (tmp_path / "b.mbox").write_bytes(b"From a@b Mon Jan  1 10:00:00 2024\n" + content + b"\n")
    (tmp_path / "m" / "cur").mkdir(parents=True)
    (tmp_path / "m" / "new").mkdir()
    (tmp_path / "m" / "cur" / "1:2,S").write_bytes(content.replace(b"\n", b"\r\n"))
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("c.eml", content)
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)))
    report = run(owner, tmp_path)
    assert (report.records, report.interactions_added, report.interactions_known) == (4, 1, 3)
    assert report.left_aside == ["holiday.jpg"]


def test_a_mail_without_a_sender_is_told_with_its_file(owner: Owner, tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "Mail" / folder).mkdir(parents=True)
    (tmp_path / "Mail" / "cur" / "7:2,S").write_bytes(
        b"To: me@example.org\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\nx\n"
    )
    (problem,) = run(owner, tmp_path / "Mail").problems
    assert (problem.where, problem.what) == ("Mail, cur/7:2,S", "This mail does not say who sent it.")


def test_somebody_only_copied_is_noted_but_not_listed(owner: Owner, tmp_path: Path) -> None:
    run(owner, write_mbox(tmp_path))
    dora = Person.objects.of(owner).get(name="Dora Novak")
    assert dora.standing == "seen"
    assert Participant.objects.of(owner).get(person=dora).role == "also"


def test_somebody_only_copied_becomes_known_by_writing(owner: Owner, tmp_path: Path) -> None:
    run(owner, write_mbox(tmp_path))
    later = (
        MBOX.split("\n\n", 1)[0].replace("anna@", "dora@").replace("Anna Berger", "Dora Novak").replace("<1@", "<9@")
    )
    path = tmp_path / "later.mbox"
    path.write_text(f"{later}\n\nHi\n", "utf-8")
    report = run(owner, path)
    assert report.people_added == 1
    assert Person.objects.of(owner).filter(name="Dora Novak", standing="kept").count() == 1
    batches.undo(owner, report.batch or "")
    assert Person.objects.of(owner).get(name="Dora Novak").standing == "seen"


def test_the_same_file_again_adds_nothing(owner: Owner, tmp_path: Path) -> None:
    path = write_mbox(tmp_path)
    run(owner, path)
    before = (
        Person.objects.count(),
        Interaction.objects.count(),
        Participant.objects.count(),
        StageEvent.objects.count(),
    )
    report = run(owner, path)
    assert (report.people_added, report.interactions_added, report.interactions_known) == (0, 0, 3)
    assert total(report) == report.records
    assert before == (
        Person.objects.count(), Interaction.objects.count(), Participant.objects.count(), StageEvent.objects.count()
    )  # fmt: skip


def test_undo_brings_back_exactly_the_state_before(owner: Owner, tmp_path: Path) -> None:
    first = write_mbox(tmp_path)
    run(owner, first)
    before = snapshot(owner, tmp_path / "a")
    ties = dict(Tie.objects.values_list("person_id", "state"))
    second = tmp_path / "more.mbox"
    second.write_text(
        MBOX.replace("@example.org>\nSubject", ".b@example.org>\nSubject").replace("2026", "2025"), "utf-8"
    )
    report = run(owner, second, me=["me@example.org", "other@example.org"])
    assert report.interactions_added == 3
    assert snapshot(owner, tmp_path / "b") != before
    batches.undo(owner, report.batch or "")
    assert snapshot(owner, tmp_path / "c") == before
    assert {key: bytes(state) for key, state in ties.items()} == {
        key: bytes(state) for key, state in Tie.objects.values_list("person_id", "state")
    }


def test_undo_of_the_first_import_leaves_nothing(owner: Owner, tmp_path: Path) -> None:
    before = snapshot(owner, tmp_path / "a")
    report = run(owner, write_mbox(tmp_path))
    batches.undo(owner, report.batch or "")
    assert snapshot(owner, tmp_path / "b") == before
    assert not OwnerAddress.objects.exists()
    assert not Tie.objects.exists()


def test_undo_keeps_people_whom_the_owner_added_to(owner: Owner, tmp_path: Path) -> None:
    from kithbook.services import editing

    report = run(owner, write_mbox(tmp_path))
    editing.tag(owner, "Anna Berger", "fintech")
    undone = batches.undo(owner, report.batch or "")
    assert undone.people_kept == ["Anna Berger"]
    assert [person.name for person in people.search(owner).people] == ["Anna Berger"]


def test_the_order_of_files_does_not_matter(owner: Owner, stranger: Owner, tmp_path: Path) -> None:
    messages = [f"From {part}" for part in MBOX.split("\nFrom ")]
    messages[0] = messages[0].removeprefix("From ")
    files = []
    for number, text in enumerate(messages):
        path = tmp_path / f"{number}.mbox"
        path.write_text(text.rstrip() + "\n", "utf-8")
        files.append(path)
    run(owner, *files)
    for path in reversed(files):
        run(stranger, path)

    def state(of: Owner) -> list[tuple[str, str, int, bytes | None]]:
        rows = Person.objects.of(of).select_related("tie").order_by("name")
        return [
            (row.name, row.standing, row.stage, bytes(row.tie.state) if hasattr(row, "tie") else None) for row in rows
        ]

    assert state(owner) == state(stranger)


def test_a_dry_run_reports_the_same_and_keeps_nothing(owner: Owner, tmp_path: Path) -> None:
    path = write_mbox(tmp_path)
    planned = run(owner, path, dry_run=True)
    assert planned.batch is None
    assert not (Person.objects.exists() or Interaction.objects.exists() or Batch.objects.exists())
    done = run(owner, path)
    assert (planned.records, planned.people_added, planned.interactions_added, planned.skipped) == (
        done.records, done.people_added, done.interactions_added, done.skipped,
    )  # fmt: skip


def test_bodies_are_never_stored(owner: Owner, tmp_path: Path) -> None:
    run(owner, write_mbox(tmp_path))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert not any("xyzzy" in str(cell) for row in cursor.fetchall() for cell in row), table


def test_the_owner_is_inferred_where_the_mail_is_clear(owner: Owner, tmp_path: Path) -> None:
    report = run(owner, write_mbox(tmp_path), me=[])
    assert (report.me, report.me_inferred) == (["me@example.org"], True)
    assert OwnerAddress.objects.of(owner).get().is_confirmed is False


def test_the_owner_is_asked_where_the_mail_is_not_clear(owner: Owner, tmp_path: Path) -> None:
    text = "".join(
        f"From a@example.org Mon Nov  2 09:00:0{n} 2026\nFrom: a{n}@example.org\nTo: b{n}@example.org\n"
        f"Date: Mon, 2 Nov 2026 09:00:00 +0000\nMessage-ID: <{n}@e.org>\n\nx\n\n"
        for n in range(5)
    )
    with pytest.raises(Invalid, match="yours"):
        run(owner, write_mbox(tmp_path, text), me=[])
    assert not Batch.objects.exists()


def test_what_cannot_be_read_says_so_and_writes_nothing(owner: Owner, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mbox"
    empty.touch()
    (tmp_path / "folder").mkdir()
    for path, error in ((empty, Invalid), (tmp_path / "folder", Invalid), (tmp_path / "nothing", NotFound)):
        with pytest.raises(error) as caught:
            run(owner, path)
        assert caught.value.message
        assert caught.value.hint
    assert not Batch.objects.exists()


def test_nobody_sees_or_undoes_the_import_of_another(owner: Owner, stranger: Owner, tmp_path: Path) -> None:
    report = run(owner, write_mbox(tmp_path))
    assert people.search(stranger).total == 0
    with pytest.raises(NotFound):
        batches.undo(stranger, report.batch or "")


def test_the_real_mailbox_adds_up(owner: Owner, shared_data: Path, tmp_path: Path) -> None:
    import lzma

    path = tmp_path / "mips.mbox"
    path.write_bytes(lzma.decompress((shared_data / "mail" / "mips-d2k.mbox.xz").read_bytes()))
    me = [f"ralf@{host}" for host in ("linux-mips.org", "oss.sgi.com", "uni-koblenz.de", "mailhost.uni-koblenz.de")]
    before = snapshot(owner, tmp_path / "a")
    report = run(owner, path, me=me)
    assert report.records == total(report) == 2_003
    # By the headers 191 mails are the owner's own and 968 more name him in To or Cc; the one missing is a robot's.
    sent = Interaction.objects.of(owner).filter(direction=1).count()
    assert sent + report.skipped["sent by you to a list only"] + report.skipped["sent by you to nobody else"] == 191
    assert Interaction.objects.of(owner).filter(direction=-1).count() == 967
    again = run(owner, path, me=me)
    assert (again.interactions_added, again.people_added, again.interactions_known) == (0, 0, report.interactions_added)
    batches.undo(owner, again.batch or "")
    batches.undo(owner, report.batch or "")
    assert snapshot(owner, tmp_path / "b") == before
    assert list(itertools.islice(Person.objects.of(owner), 1)) == []


def test_a_list_without_list_headers_is_not_a_person(owner: Owner) -> None:
    mails = [
        mail(f"Writer {n % 4} <w{n % 4}@example.org>", [*ME, "old-hands@example.net", "Lurker <lurker@example.org>"])
        for n in range(12)
    ]
    mails.append(mail(ME[0], ["old-hands@example.net", "lurker@example.org"]))
    report = importing.run_sources(owner, [MemorySource(mails, kind="mbox")], me=ME)
    kept = set(Person.objects.of(owner).filter(standing="kept").values_list("name", flat=True))
    assert kept == {"Writer 0", "Writer 1", "Writer 2", "Writer 3", "Lurker"}
    assert report.people_added == len(kept)


ALICE, BOB = "https://www.linkedin.com/in/al", "https://www.linkedin.com/in/bb"
LINKEDIN_MESSAGES = (
    "CONVERSATION ID,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,CONTENT,FOLDER\n"
    f"c,Alice Example,{ALICE},Bob Berg,{BOB},2025-05-01 10:00:00 UTC,a,INBOX\n"
    f"c,Bob Berg,{BOB},Alice Example,{ALICE},2025-05-02 10:00:00 UTC,b,INBOX\n"
)
EMAILS = "Email Address,Confirmed,Primary,Updated On\nalice.example@example.org,Yes,Yes,1/1/24\n"
PROFILE = "First Name,Last Name\nAlice,Example\n"


@pytest.mark.parametrize("is_zip", [True, False])
@pytest.mark.parametrize(
    ("files", "me", "name"),
    [
        ({"Email Addresses.csv": EMAILS}, (), ""),
        ({"Profile.csv": PROFILE}, (), ""),
        ({}, ("alice.example@example.org",), ""),
        ({}, ("Alice Example",), ""),
        ({}, (), "Alice Example"),
    ],
)
def test_in_one_conversation_the_owner_is_known_by_what_they_told(
    owner: Owner, tmp_path: Path, files: dict[str, str], me: tuple[str, ...], name: str, is_zip: bool
) -> None:
    owner.name = name
    path = tmp_path / ("linkedin.zip" if is_zip else "export")
    everything = {"messages.csv": LINKEDIN_MESSAGES, "Notes.csv": "", **files}
    if is_zip:
        with zipfile.ZipFile(path, "w") as archive:
            for file, text in everything.items():
                archive.writestr(file, text)
    else:
        path.mkdir()
        for file, text in everything.items():
            (path / file).write_text(text, "utf-8")
    report = importing.run(owner, [path], me=me)
    assert (report.problems, report.interactions_added, report.skipped) == ([], 2, {})
    assert [name for name in report.left_aside if name in files] == []
    assert [row.name for row in Person.objects.of(owner)] == ["Bob Berg"]


def test_an_owner_who_is_not_clear_is_asked_about_with_what_to_do(owner: Owner, tmp_path: Path) -> None:
    (tmp_path / "messages.csv").write_text(LINKEDIN_MESSAGES, "utf-8")
    (tmp_path / "inbox.mbox").write_text(MBOX, "utf-8")
    (problem,) = run(owner, tmp_path).problems
    assert problem.what == (
        "Which of “Alice Example”, “Bob Berg” in messages.csv are you? "
        "Say so with --me and your name as it stands there."
    )
