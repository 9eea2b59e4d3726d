"""Cards to devices and back: what a change changes, what it leaves, and that it can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from kithbook.core.cards import write_card
from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.core.ids import to_text
from kithbook.services import batches, davcards, davstore, editing, importing, merging, owners
from kithbook.store.models import Affiliation, Batch, CardCopy, Identity, Owner, Person, PersonDate, ServedCard, Tag
from tests.services.factories import person
from tests.services.helpers import set_clock, snapshot

PHOTO = "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJDREVG" * 20_000
ANNA = [
    "VERSION:3.0", "FN:Anna Berger", "N:Berger;Anna;M.;Dr.;", "EMAIL;TYPE=HOME:anna@example.org",
    "TEL;TYPE=CELL:+4366412345678", "ORG:Acme", "TITLE:Baker", "BDAY:1980-04-06", "NOTE:Tall", "NICKNAME:Annie",
    "ADR;TYPE=HOME:;;Ring 1;Graz;;8010;Austria", "CATEGORIES:chess,choir", "X-SPIRIT-ANIMAL;A=b:otter\\, sea",
    "UID:anna-1",
]  # fmt: skip


def body(lines: list[str]) -> bytes:
    return write_card(lines).encode()


@pytest.fixture
def anna(owner: Owner) -> Person:
    """Anna, from a card that a device sent."""
    assert davcards.put(owner, "Phone", "anna.vcf", body(ANNA), only_new=True).outcome == "created"
    return Person.objects.of(owner).get(name="Anna Berger")


def served(owner: Owner, href: str = "anna.vcf") -> davstore.ServedView:
    return davstore.some(owner, [href])[href]


def lines_of(owner: Owner, href: str = "anna.vcf") -> list[str]:
    return served(owner, href).text.replace("\r\n ", "").split("\r\n")[1:-2]


def send(owner: Owner, old: str, new: str, href: str = "anna.vcf") -> davcards.PutAnswer:
    """Change one line of a card on a device."""
    lines = lines_of(owner, href)
    assert old in lines, lines
    changed = [part for line in lines for part in ([line] if line != old else new.split("\n")) if part]
    return davcards.put(owner, "Phone", href, body(changed), if_match=f'"{served(owner, href).etag}"')


def rows(owner: Owner, who: Person) -> dict[str, Any]:
    who.refresh_from_db()
    mine = {"owner": owner, "person": who}
    return {
        "name": who.name, "given": who.given_name, "family": who.family_name, "note": who.note, "place": who.place,
        "nicknames": who.nicknames, "edited": who.edited, "standing": who.standing,
        "handles": sorted(Identity.objects.filter(**mine).values_list("kind", "key")),
        "jobs": sorted(Affiliation.objects.filter(**mine).values_list("organisation", "role", "ended_on")),
        "dates": sorted(PersonDate.objects.filter(**mine).values_list("kind", "on")),
        "tags": sorted(Tag.objects.filter(**mine).values_list("name", flat=True)),
        "lines": [copy.lines for copy in CardCopy.objects.filter(**mine).order_by("pk")],
    }  # fmt: skip


def undo_last(owner: Owner) -> None:
    latest = Batch.objects.of(owner).filter(kind="device").latest("started_at")
    batches.undo(owner, to_text(latest.pk))


def test_a_new_card_becomes_a_person_with_everything_in_it(owner: Owner, anna: Person) -> None:
    found = rows(owner, anna)
    assert (found["given"], found["family"], found["nicknames"]) == ("Anna", "Berger", ["Annie"])
    assert (found["note"], found["place"]) == ("Tall", "Graz, Austria")
    assert ("email", "anna@example.org") in found["handles"]
    assert ("uid", "anna-1") in found["handles"]
    assert found["jobs"] == [("Acme", "Baker", "")]
    assert found["dates"] == [("birthday", "1980-04-06")]
    assert found["tags"] == ["chess", "choir"]
    assert lines_of(owner) == ANNA
    batch = Batch.objects.of(owner).get()
    assert batch.title == "Anna Berger, Phone"
    batches.undo(owner, to_text(batch.pk))
    assert not Person.objects.of(owner).exists()
    assert davstore.listing(owner) == []


@pytest.mark.parametrize(
    ("old", "new", "what", "value"),
    [
        ("FN:Anna Berger", "FN:Anna Novak", "name", "Anna Novak"),
        ("N:Berger;Anna;M.;Dr.;", "N:Berger-Novak;Anna;M.;Dr.;", "family", "Berger-Novak"),
        ("NOTE:Tall", "NOTE:Tall\\, kind", "note", "Tall, kind"),
        ("NOTE:Tall", "", "note", ""),
        ("NICKNAME:Annie", "NICKNAME:Annie,Nan", "nicknames", ["Annie", "Nan"]),
        ("ADR;TYPE=HOME:;;Ring 1;Graz;;8010;Austria", "ADR:;;;Linz;;;Austria", "place", "Linz, Austria"),
        ("BDAY:1980-04-06", "BDAY:1981-04-06", "dates", [("birthday", "1981-04-06")]),
        ("BDAY:1980-04-06", "", "dates", []),
        ("CATEGORIES:chess,choir", "CATEGORIES:choir,tea", "tags", ["choir", "tea"]),
        ("ORG:Acme", "ORG:Bread", "jobs", [("Acme", "Baker", "2026-11-21"), ("Bread", "Baker", "")]),
        ("EMAIL;TYPE=HOME:anna@example.org", "EMAIL:anna@example.com", "handles",
         [("email", "anna@example.com"), ("phone", "+4366412345678"), ("uid", "anna-1")]),
        ("X-SPIRIT-ANIMAL;A=b:otter\\, sea", PHOTO, "name", "Anna Berger"),
    ],
)  # fmt: skip
def test_a_change_on_a_device_changes_that_alone_and_is_taken_back_exactly(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch, old: str, new: str, what: str, value: object
) -> None:
    before, image = rows(owner, anna), snapshot(owner)
    set_clock(monkeypatch, "2026-11-21T10:00:00+00:00")
    answer = send(owner, old, new)
    assert answer.outcome == "changed"
    after = rows(owner, anna)
    assert after[what] == value
    same = {key for key in before if key not in (what, "edited", "lines", "given", "family")}
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    assert after["lines"] != before["lines"]
    assert lines_of(owner) == after["lines"][0]
    assert answer.etag == served(owner).etag
    undo_last(owner)
    assert rows(owner, anna) == before
    assert lines_of(owner) == ANNA
    kept = snapshot(owner)
    for part in image:
        if part not in ("batches", "owner", "exported_at"):
            assert kept[part] == image[part], part


def test_what_a_device_changed_is_the_owners_own_and_no_import_writes_over_it(owner: Owner, anna: Person) -> None:
    send(owner, "NOTE:Tall", "NOTE:Small")
    assert "note" in rows(owner, anna)["edited"]


def test_a_card_that_nobody_changed_makes_no_act_to_take_back(owner: Owner, anna: Person) -> None:
    acts, state = Batch.objects.of(owner).count(), davstore.state(owner)
    assert davcards.put(owner, "Phone", "anna.vcf", body(ANNA)).outcome == "changed"
    assert (Batch.objects.of(owner).count(), davstore.state(owner)) == (acts, state)


def test_photos_and_properties_nobody_knows_come_back_byte_for_byte(owner: Owner) -> None:
    card = body([*ANNA, PHOTO, "item1.X-ABDATE;type=pref:2010-05-01", "item1.X-ABLabel:_$!<Anniversary>!$_"])
    answer = davcards.put(owner, "Phone", "anna.vcf", card)
    assert served(owner).text.encode() == card
    assert answer.etag == served(owner).etag


def test_a_card_written_in_another_way_is_kept_and_has_to_be_read_again(owner: Owner) -> None:
    card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Bo Li\nEND:VCARD\n"
    assert davcards.put(owner, "Phone", "bo.vcf", card) == davcards.PutAnswer("created")
    assert served(owner, "bo.vcf").text.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bo Li\r\n")


def test_a_stale_card_is_not_written(owner: Owner, anna: Person) -> None:
    etag = served(owner).etag
    editing.edit(owner, to_text(anna.pk), note="From the page")
    before = rows(owner, anna)
    for how in ({"if_match": f'"{etag}"'}, {"only_new": True}):
        assert davcards.put(owner, "Phone", "anna.vcf", body(ANNA), **how).outcome == "stale"
    assert davcards.put(owner, "Phone", "new.vcf", body(["FN:X Y"]), if_match='"1"').outcome == "stale"
    assert rows(owner, anna) == before


def test_a_uid_is_never_there_twice(owner: Owner, anna: Person) -> None:
    answer = davcards.put(owner, "Tablet", "other.vcf", body(ANNA), only_new=True)
    assert answer == davcards.PutAnswer("taken", href="anna.vcf")
    assert Person.objects.of(owner).count() == 1


def test_a_new_card_of_somebody_known_is_recognised_and_writes_over_nothing(owner: Owner, anna: Person) -> None:
    before = rows(owner, anna)
    card = ["VERSION:3.0", "FN:A. Berger", "EMAIL:anna@example.org", "EMAIL:work@example.org", "NOTE:Sings", "UID:2"]
    assert davcards.put(owner, "Tablet", "two.vcf", body(card)).outcome == "created"
    assert Person.objects.of(owner).count() == 1
    after = rows(owner, anna)
    assert after["note"] == "Tall\n\nSings"
    assert ("email", "work@example.org") in after["handles"]
    assert (after["name"], after["jobs"], after["dates"]) == (before["name"], before["jobs"], before["dates"])
    assert [view.href for view in davstore.listing(owner)] == ["two.vcf"]
    text = served(owner, "two.vcf").text
    assert "UID:2" in text
    assert "X-SPIRIT-ANIMAL;A=b:otter\\, sea" in text


def test_a_shared_phone_number_makes_no_one_of_two_people(owner: Owner, anna: Person) -> None:
    davcards.put(owner, "Phone", "max.vcf", body(["FN:Max Huber", "TEL:+43 664 12345678"]))
    assert sorted(Person.objects.of(owner).values_list("name", flat=True)) == ["Anna Berger", "Max Huber"]
    davcards.put(owner, "Phone", "ann.vcf", body(["FN:Anna B.", "TEL:+43 664 12345678"]))
    assert Person.objects.of(owner).count() == 2


def test_taking_a_card_away_is_the_trash_and_never_erases(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(owner, anna)
    set_clock(monkeypatch, "2026-11-21T10:00:00+00:00")
    davcards.remove(owner, "Phone", "anna.vcf")
    assert rows(owner, anna)["standing"] == "trashed"
    assert davstore.some(owner, ["anna.vcf"]) == {}
    with pytest.raises(NotFound):
        davcards.remove(owner, "Phone", "anna.vcf")
    undo_last(owner)
    assert rows(owner, anna) == before
    assert [view.href for view in davstore.listing(owner)] == ["anna.vcf"]


def test_somebody_in_the_trash_comes_back_with_a_new_card(owner: Owner, anna: Person) -> None:
    davcards.remove(owner, "Phone", "anna.vcf")
    assert davcards.put(owner, "Tablet", "anna.vcf", body(ANNA)).outcome == "created"
    assert rows(owner, anna)["standing"] == "kept"
    assert Person.objects.of(owner).count() == 1


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        (["FN:Friends", "X-ADDRESSBOOKSERVER-KIND:group"], Refused),
        (["NOTE:nobody"], Refused),
        (["FN:Me", "EMAIL:me@example.org"], Refused),
        (["FN:Big", "PHOTO;ENCODING=b:" + "A" * davcards.MAX_CARD], Invalid),
    ],
)
def test_what_is_no_person_is_refused(owner: Owner, lines: list[str], error: type[Exception]) -> None:
    owners.change_settings(owner, addresses=["me@example.org"])
    with pytest.raises(error):
        davcards.put(owner, "Phone", "x.vcf", body(lines))
    for href, junk in (("x" * 300, body(["FN:A"])), ("y.vcf", b"hello")):
        with pytest.raises(Invalid):
            davcards.put(owner, "Phone", href, junk)
    assert not Person.objects.of(owner).exists()
    assert not Batch.objects.of(owner).exists()


def test_only_people_who_are_kept_are_in_the_book(owner: Owner) -> None:
    ann, bo = person(owner, "Ann Lee"), person(owner, "Bo Li")
    person(owner, "Only Seen", standing="seen")
    owners.touch_revision(owner)
    names = {f"{to_text(row.pk)}.vcf": row for row in (ann, bo)}
    assert {view.href for view in davstore.listing(owner)} == set(names)
    editing.archive(owner, to_text(bo.pk))
    assert {view.href for view in davstore.listing(owner)} == {f"{to_text(ann.pk)}.vcf"}


def test_a_token_tells_what_changed_and_what_went_since(owner: Owner) -> None:
    ann, bo, cy = (person(owner, name) for name in ("Ann Lee", "Bo Li", "Cy Ng"))
    owners.touch_revision(owner)
    first = davstore.sync(owner)
    assert len(first.hrefs) == 3
    assert davstore.sync(owner, first.token) == davstore.SyncAnswer(first.token, [])
    editing.tag(owner, to_text(ann.pk), "chess")
    editing.trash(owner, to_text(bo.pk))
    editing.note_topic(owner, to_text(cy.pk), "need", "a flat")
    second = davstore.sync(owner, first.token)
    assert set(second.hrefs) == {f"{to_text(ann.pk)}.vcf", f"{to_text(bo.pk)}.vcf"}
    assert set(davstore.some(owner, second.hrefs)) == {f"{to_text(ann.pk)}.vcf"}
    editing.untrash(owner, to_text(bo.pk))
    assert davstore.sync(owner, second.token).hrefs == [f"{to_text(bo.pk)}.vcf"]


def test_tokens_of_others_or_of_long_ago_are_refused(
    owner: Owner, stranger: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bo = person(owner, "Ann Lee"), person(owner, "Bo Li")
    owners.touch_revision(owner)
    token = davstore.sync(owner).token
    for wrong in (davstore.sync(stranger).token, "x", f"{token}9", token.rpartition(":")[0] + ":-1", "urn:x:5"):
        with pytest.raises(davstore.TokenRefused):
            davstore.sync(owner, wrong)
    set_clock(monkeypatch, "2026-11-22T09:00:00+00:00")
    editing.trash(owner, to_text(ann.pk))
    later = davstore.sync(owner, token).token
    set_clock(monkeypatch, "2027-11-22T09:00:00+00:00")
    editing.trash(owner, to_text(bo.pk))
    with pytest.raises(davstore.TokenRefused):
        davstore.sync(owner, token)
    assert davstore.sync(owner, later).hrefs == [f"{to_text(bo.pk)}.vcf"]


def test_a_merge_leaves_one_card_and_taking_it_back_two(owner: Owner, anna: Person) -> None:
    davcards.put(owner, "Phone", "bea.vcf", body(["FN:Bea Berger", "EMAIL:bea@example.org"]))
    bea = Person.objects.of(owner).get(name="Bea Berger")
    merge = merging.merge(owner, to_text(anna.pk), to_text(bea.pk))
    assert len(davstore.listing(owner)) == 1
    merging.undo(owner, merge.id)
    assert {view.href for view in davstore.listing(owner)} == {"anna.vcf", "bea.vcf"}


def test_what_a_page_took_away_does_not_come_back_from_the_card(owner: Owner, anna: Person) -> None:
    editing.remove_identity(owner, to_text(anna.pk), "anna@example.org")
    editing.untag(owner, to_text(anna.pk), "choir")
    lines = lines_of(owner)
    assert not [line for line in lines if "anna@example.org" in line]
    assert "CATEGORIES:chess" in lines
    assert "X-SPIRIT-ANIMAL;A=b:otter\\, sea" in lines


def test_imported_cards_are_served_as_they_came(owner: Owner, tmp_path: Any) -> None:
    file = tmp_path / "cards.vcf"
    file.write_bytes(body(ANNA) + body(["FN:Bo Li", "TEL:+43 1 5551234", "X-A:b"]))
    importing.run(owner, [file])
    cards = davstore.some(owner, [view.href for view in davstore.listing(owner)])
    texts = {card.text.encode() for card in cards.values()}
    assert body(ANNA) in texts


def test_the_book_takes_the_same_number_of_questions_for_any_number_of_people(
    owner: Owner, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        who = person(owner, f"Person {number}")
        editing.add_identity(owner, to_text(who.pk), f"p{number}@example.org")
    hrefs = [view.href for view in davstore.listing(owner)]
    with django_assert_max_num_queries(9):
        davstore.some(owner, hrefs)
    with django_assert_max_num_queries(16):
        davstore.sync(owner)


def test_charlie_reads_and_changes_nothing_of_alice(owner: Owner, stranger: Owner, anna: Person) -> None:
    assert davstore.listing(stranger) == []
    assert davstore.some(stranger, ["anna.vcf"]) == {}
    with pytest.raises(NotFound):
        davcards.remove(stranger, "Phone", "anna.vcf")
    before = rows(owner, anna)
    assert davcards.put(stranger, "Phone", "anna.vcf", body(ANNA)).outcome == "created"
    assert rows(owner, anna) == before
    assert ServedCard.objects.of(stranger).count() == 1
    assert Person.objects.of(stranger).get().pk != anna.pk
    kithbook_uid = ["FN:Guess", f"UID:kithbook-{to_text(anna.pk)}"]
    davcards.put(stranger, "Phone", "guess.vcf", body(kithbook_uid))
    assert rows(owner, anna) == before
