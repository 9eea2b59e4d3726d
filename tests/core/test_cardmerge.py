"""Merging a person and a card: only what changed travels, and a card keeps every line that it does not concern."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.cardmerge import CardFacts, Delta, apply, facts_of_card, facts_of_plain, merge, patch

CARD = [
    "VERSION:3.0", "UID:1", "FN;X-SEEN=1:Anna Berger", "N:Berger;Anna;M.;Dr.;MSc", "EMAIL;TYPE=HOME:anna@example.org",
    "item1.EMAIL:Anna@Work.example", "item1.X-ABLabel:_$!<Work>!$_", "TEL;TYPE=CELL:+43 664 1234567", "NOTE:Likes tea",
    "BDAY:1980-10-06", "ORG:Acme;Sales", "TITLE:Head", "X-UNKNOWN;A=b:c;d", "PHOTO;ENCODING=b:AAAA", "item2.URL:https://x.example",
]  # fmt: skip


def facts(name: str = "Anna", note: str = "", *emails: str, place: str = "", tags: Iterable[str] = ()) -> CardFacts:
    texts = {"name": name, "note": note, "birthday": "", "organisation": "", "role": "", "place": place}
    lists = {"email": {one: one for one in emails}, "phone": {}, "url": {}, "tag": {one: one for one in tags}}
    return CardFacts(texts, lists)


def test_a_card_gives_its_facts_and_they_survive_json() -> None:
    found = facts_of_card(CARD)
    assert found.text("name") == "Anna Berger" and found.text("birthday") == "1980-10-06"
    assert (found.text("organisation"), found.text("role"), found.text("note")) == ("Acme", "Head", "Likes tea")
    assert set(found.list("email")) == {"anna@example.org", "anna@work.example"}
    assert facts_of_plain(found.plain()) == found
    assert facts_of_card(["BDAY:--1006"]).text("birthday") == "--10-06"


def test_what_a_person_knows_beyond_the_card_is_no_change() -> None:
    more = facts("Anna B.", "", "a@example.org", "old@example.org")
    merged = merge(facts("Anna"), facts("Anna"), more, more)
    assert not merged.to_mine and not merged.to_theirs and merged.conflicts == ()


def test_changes_of_one_side_reach_the_other() -> None:
    base = facts("Anna", "x", "a@example.org")
    theirs, mine = facts("Anna", "y", "a@example.org", "b@example.org"), facts("Ann", "x")
    merged = merge(base, theirs, base, mine)
    assert merged.to_mine == Delta({"note": "y"}, {"email": {"b@example.org": "b@example.org"}}, {})
    assert merged.to_theirs == Delta({"name": "Ann"}, {}, {"email": frozenset({"a@example.org"})})
    assert merged.conflicts == ()


def test_the_same_change_on_both_sides_is_none_and_different_ones_are_a_conflict() -> None:
    base = facts("Anna", "x")
    assert not merge(base, facts("Ann", "x"), base, facts("Ann", "x")).to_mine
    merged = merge(base, facts("Ann", "x"), base, facts("Anne", "z"))
    assert merged.conflicts == ("name",) and merged.to_theirs.texts == {"note": "z"} and not merged.to_mine.texts


def test_a_card_keeps_every_line_that_was_not_changed() -> None:
    delta = Delta({"note": "Likes coffee,\nand; cake"}, {"phone": {"+431": "+43 1"}}, {})
    assert patch(CARD, delta) == [
        *CARD[:8], "NOTE:Likes coffee\\,\\nand\\; cake", *CARD[9:], "TEL:+43 1",
    ]  # fmt: skip
    assert patch(CARD, Delta()) == CARD


def test_a_new_name_keeps_titles_and_parameters() -> None:
    out = patch(CARD, Delta({"name": "Anna Novak"}), "Anna", "Novak")
    assert out[2:4] == ["FN;X-SEEN=1:Anna Novak", "N:Novak;Anna;M.;Dr.;MSc"]
    assert [line for line in out if line not in CARD] == out[2:4]


def test_an_address_goes_with_its_label_and_no_other() -> None:
    out = patch(CARD, Delta({}, {}, {"email": frozenset({"anna@work.example"})}))
    assert out == [line for line in CARD if not line.startswith("item1.")]


def test_a_text_that_is_gone_takes_its_line_away_but_a_name_stays() -> None:
    out = patch(CARD, Delta({"note": "", "birthday": "", "organisation": "", "role": "", "name": ""}))
    assert out == [line for line in CARD if line.split(":")[0].split(";")[0] not in ("NOTE", "BDAY", "ORG", "TITLE")]


def test_an_encoded_text_becomes_a_plain_one() -> None:
    out = patch(["NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:a=C3=A4"], Delta({"note": "b"}))
    assert out == ["NOTE:b"]


STREET = "item3.ADR;TYPE=HOME:;;Main St 5;Graz;;8010;Austria"
TOWN = "item3.ADR;TYPE=HOME:;;;Graz;;;Austria"
LABEL = "item3.X-ABLabel:Flat"


@pytest.mark.parametrize(
    ("lines", "place", "there"),
    [
        ([], "Graz", ["ADR:;;;Graz;;;"]),
        ([TOWN, LABEL], "Linz", ["item3.ADR;TYPE=HOME:;;;Linz;;;", LABEL]),
        ([TOWN, LABEL], "", []),
        ([STREET, LABEL], "Lyon, France", ["ADR:;;;Lyon;;;France", STREET, LABEL]),
        ([STREET, LABEL], "", [STREET, LABEL]),
        (["ADR:;;Only a street;;;;", TOWN], "Linz", ["ADR:;;Only a street;;;;", "item3.ADR;TYPE=HOME:;;;Linz;;;"]),
        (["ADR;ENCODING=QUOTED-PRINTABLE:;;;G=C3=B6d;;;"], "Linz", ["ADR:;;;Linz;;;"]),
    ],
)
def test_a_new_town_never_takes_a_street_away(lines: list[str], place: str, there: list[str]) -> None:
    out = patch(["X-A:1", *lines, "X-B:2"], Delta({"place": place}))
    assert sorted(out) == sorted(["X-A:1", *there, "X-B:2"])
    assert not place or facts_of_card(out).text("place") == place


@pytest.mark.parametrize(
    ("lines", "added", "gone", "there"),
    [
        (["CATEGORIES:a,b"], ["c"], [], ["CATEGORIES:a,b", "CATEGORIES:c"]),
        (["CATEGORIES:a,b", "CATEGORIES;X=1:c"], ["d"], ["a", "c"], ["CATEGORIES:b,d"]),
        (["CATEGORIES;X=1:a,myContacts"], [], ["a"], ["CATEGORIES;X=1:myContacts"]),
        (["CATEGORIES:a"], [], ["a"], []),
        ([], ["x;y"], [], ["CATEGORIES:x\\;y"]),
    ],
)
def test_tags_come_and_go_word_by_word(lines: list[str], added: list[str], gone: list[str], there: list[str]) -> None:
    delta = Delta({}, {"tag": {word: word for word in added}}, {"tag": frozenset(gone)})
    assert sorted(patch(["X-A:1", *lines, "X-B:2"], delta)) == sorted(["X-A:1", *there, "X-B:2"])


def test_what_an_older_version_did_not_keep_counts_as_unchanged() -> None:
    now = facts("Anna", "x", place="Graz", tags=["chess"])
    kept = {"texts": {"name": "Ann"}, "lists": {"email": {}}}
    assert facts_of_plain(kept, now) == facts("Ann", "x", place="Graz", tags=["chess"])
    assert facts_of_plain({}, now) == CardFacts()


def test_a_card_within_the_card_is_left_alone() -> None:
    nested = ["FN:Ann", "AGENT:", "BEGIN:VCARD", "FN:Sue", "EMAIL:sue@example.org", "END:VCARD"]
    out = patch(nested, Delta({"name": "Ann Lee"}, {}, {"email": frozenset({"sue@example.org"})}), "Ann", "Lee")
    assert out == ["FN:Ann Lee", *nested[1:], "N:Lee;Ann;;;"]


names = st.sampled_from(["Anna", "Ann", "Ben", "Zoë; B, C"])
notes = st.sampled_from(["", "x", "two\nlines", "a:b"])
mails = st.sets(st.sampled_from([f"{n}@example.org" for n in "abcd"]))
places = st.sampled_from(["", "Graz", "Graz, Austria", "Springfield, IL; x, USA"])
words = st.sets(st.sampled_from(["chess", "choir; bass", "tea"]))
some = st.builds(
    lambda name, note, found, place, tags: facts(name, note, *sorted(found), place=place, tags=sorted(tags)),
    names, notes, mails, places, words,
)  # fmt: skip


@given(some, some, some, some)
def test_after_both_deltas_nothing_is_left_to_do(
    base: CardFacts, theirs: CardFacts, old: CardFacts, mine: CardFacts
) -> None:
    """Convergence: carried out on both sides, a second merge finds nothing, whatever happened."""
    merged = merge(base, theirs, old, mine)
    new_theirs, new_mine = apply(theirs, merged.to_theirs), apply(mine, merged.to_mine)
    again = merge(new_theirs, new_theirs, new_mine, new_mine)
    assert not again.to_mine and not again.to_theirs and not again.conflicts


@given(some, some)
def test_patching_a_card_makes_it_say_what_was_changed(before: CardFacts, after: CardFacts) -> None:
    lines = patch(["VERSION:3.0", "X-OTHER:1"], Delta(before.texts, before.lists), before.text("name"), "")
    assert facts_of_card(lines) == before
    delta = merge(before, before, before, after).to_theirs
    out = patch(lines, delta, after.text("name"), "")
    assert facts_of_card(out) == after and "X-OTHER:1" in out
