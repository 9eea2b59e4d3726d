"""The card that devices see: what stays as it was written, what is taken out, and what is added."""

from __future__ import annotations

import pytest

from kithbook.core.cardfields import card_from_lines
from kithbook.core.cards import write_card
from kithbook.core.records import Handle
from kithbook.core.servedcards import Facts, compose, digest, exact_lines, modern, united, unknown

MAIL = Handle("email", "ann@example.org", "ann@example.org")
LINES = [
    "VERSION:3.0", "PRODID:-//Some phone//EN", "N:Lee;Ann;Marie;Dr.;", "FN:Dr. Ann Marie Lee",
    "item1.EMAIL:ann@example.org", "item1.X-ABLabel:_$!<Work>!$_", "ORG:Acme;Lab", "TITLE:Baker",
    "X-UNKNOWN;A=b:c\\,d;e", "BDAY:1980-04-06", "NOTE:Tall", "CATEGORIES:chess,choir",
    "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 40, "UID:1-2-3",
]  # fmt: skip
FACTS = Facts(
    uid="kithbook-x", name="Ann Lee", note="Tall", handles=(MAIL,), jobs=(("Acme", "Baker"),),
    dates=(("birthday", "1980-04-06"),), tags=("chess", "choir"),
)  # fmt: skip


def composed(facts: Facts, lines: list[str] = LINES, taken: object = ()) -> list[str]:
    return compose(card_from_lines(modern(lines)), facts, taken)  # type: ignore[arg-type]


def changed(**fields: object) -> Facts:
    return Facts(**{field: getattr(FACTS, field) for field in FACTS.__slots__} | fields)  # type: ignore[arg-type]


def test_a_card_that_agrees_with_what_is_known_goes_out_as_it_came() -> None:
    assert composed(FACTS) == LINES


def test_a_person_without_a_card_gets_one_from_what_is_known() -> None:
    facts = changed(
        given_name="Ann", family_name="Lee", nicknames=("Annie",), place="Graz, Austria",
        dates=(("birthday", "--04-06"), ("anniversary", "2010-05-01")),
    )  # fmt: skip
    card = card_from_lines(composed(facts, []))
    assert (card.name, card.given_name, card.family_name, card.nicknames) == ("Ann Lee", "Ann", "Lee", ("Annie",))
    assert (card.place, card.note, card.tags) == ("Graz, Austria", "Tall", ("chess", "choir"))
    assert card.jobs[0].organisation == "Acme"
    assert (card.dates["birthday"].year, card.dates["birthday"].month) == (None, 4)
    assert card.dates["anniversary"].year == 2010
    assert {handle.kind for handle in card.handles} == {"email", "uid"}


def test_composing_what_was_composed_changes_nothing() -> None:
    facts = changed(
        handles=(MAIL, Handle("url", "example.org/about", "example.org/about")), place="Graz", name="Ann, B"
    )
    once = composed(facts, [])
    assert composed(facts, once) == once


@pytest.mark.parametrize(
    ("facts", "gone", "there"),
    [
        (changed(name="Ann Novak", edited=frozenset(("name",))), "FN:Dr. Ann Marie Lee", "FN:Ann Novak"),
        (changed(note="Small", edited=frozenset(("note",))), "NOTE:Tall", "NOTE:Small"),
        (changed(note="", edited=frozenset(("note",))), "NOTE:Tall", "UID:1-2-3"),
        (changed(jobs=(("Bread, Inc", "Owner"),)), "ORG:Acme;Lab", "ORG:Bread\\, Inc"),
        (changed(dates=(("birthday", "1981-04-06"),)), "BDAY:1980-04-06", "BDAY:1981-04-06"),
        (changed(tags=("chess", "tea")), "CATEGORIES:chess,choir", "CATEGORIES:chess,tea"),
        (changed(handles=()), "item1.EMAIL:ann@example.org", "X-UNKNOWN;A=b:c\\,d;e"),
        (changed(nicknames=("A",), edited=frozenset(("nicknames",))), "NICKNAME:", "NICKNAME:A"),
        (changed(place="Linz", edited=frozenset(("place",))), "ADR:", "ADR:;;;Linz;;;"),
        (changed(handles=(MAIL, Handle("phone", "+43 1 5", "+4315", "mobile"))), "TEL:", "TEL;TYPE=CELL:+43 1 5"),
    ],
)
def test_only_what_differs_is_replaced(facts: Facts, gone: str, there: str) -> None:
    lines = composed(facts)
    assert gone not in lines
    assert there in lines
    assert [line for line in lines if line[:6] in ("PHOTO;", "X-UNKN", "PRODID")] == [LINES[1], LINES[8], LINES[12]]


def test_a_name_that_an_import_tidied_leaves_the_card_its_own() -> None:
    assert "FN:Dr. Ann Marie Lee" in composed(changed(name="Ann Lee"))


def test_a_label_goes_with_the_address_it_belongs_to() -> None:
    assert not [line for line in composed(changed(handles=())) if line.startswith("item1.")]


def test_an_address_that_somebody_else_has_stays_in_the_card() -> None:
    assert unknown(card_from_lines(LINES), changed(handles=())) == {("email", "ann@example.org")}
    assert "item1.EMAIL:ann@example.org" in composed(changed(handles=()), taken={("email", "ann@example.org")})


def test_a_note_of_the_person_and_one_of_the_card_are_both_shown() -> None:
    assert "NOTE:Likes tea\\n\\nTall" in composed(changed(note="Likes tea"))


def test_a_photo_of_any_size_survives_unfolding_and_folding() -> None:
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJDREVG" * 40_000
    body = write_card([*LINES[:-2], photo, LINES[-1]]).encode()
    lines = exact_lines(body)
    assert lines[-2] == photo
    assert write_card(lines).encode() == body


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (b"", []),
        (b"hello", []),
        (b"BEGIN:VCARD\nVERSION:3.0\n", []),
        (b"\xef\xbb\xbfbegin:vcard\r\nFN:A\r\n B\r\nend:vcard\r\n", ["FN:AB"]),
        (b"BEGIN:VCARD\nVERSION:2.1\nFN;QUOTED-PRINTABLE:J=C3=B6rg\nEND:VCARD", None),
        (b"BEGIN:VCARD\nFN:J\xf6rg\nEND:VCARD\n", ["FN:Jörg"]),
    ],
)
def test_what_is_no_card_has_no_lines(body: bytes, lines: list[str] | None) -> None:
    found = exact_lines(body)
    if lines is None:
        assert card_from_lines(modern(found)).name == "Jörg"
    else:
        assert found == lines


def test_a_second_card_of_somebody_keeps_what_only_the_first_had() -> None:
    both = united(["VERSION:3.0", "FN:Ann Lee", "UID:9", "NOTE:New"], LINES)
    assert both[:4] == ["VERSION:3.0", "FN:Ann Lee", "UID:9", "NOTE:New"]
    assert LINES[12] in both
    assert "X-UNKNOWN;A=b:c\\,d;e" in both
    assert "UID:1-2-3" not in both
    assert "NOTE:Tall" not in both


def test_lines_of_a_card_within_the_card_are_left_alone() -> None:
    nested = ["VERSION:3.0", "FN:Ann Lee", "AGENT:", "BEGIN:VCARD", "FN:Sue", "EMAIL:sue@example.org", "END:VCARD"]
    lines = composed(changed(name="Ann Novak", handles=(), edited=frozenset(("name",))), nested)
    assert lines[lines.index("BEGIN:VCARD") :][:4] == ["BEGIN:VCARD", "FN:Sue", "EMAIL:sue@example.org", "END:VCARD"]
    assert "FN:Ann Novak" in lines


def test_a_digest_tells_cards_apart() -> None:
    assert digest("a") != digest("b")
    assert len(digest("a")) == 32
