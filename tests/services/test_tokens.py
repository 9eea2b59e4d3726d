"""Tokens of programs: shown once, kept as a digest, taken away alone, and nobody else's."""

from __future__ import annotations

import hashlib
import re

import pytest

from kithbook.core.errors import Invalid, NotFound, Refused
from kithbook.services import exporting, tokens
from kithbook.store.models import ApiToken, Owner


def test_a_token_is_shown_once_and_kept_as_a_digest(owner: Owner) -> None:
    new = tokens.add(owner, "  My   dashboard ")
    assert re.fullmatch(r"kith_[A-Za-z0-9_-]{43}", new.text)
    assert new.header == f"Authorization: Bearer {new.text}"
    assert (new.token.name, new.token.writes, new.token.used_at) == ("My dashboard", False, None)
    assert new.token.prefix == new.text[:13]
    [row] = ApiToken.objects.of(owner).values()
    assert row["digest"] == hashlib.sha256(new.text.encode()).hexdigest()
    assert new.text not in str(row)
    assert tokens.listing(owner) == [new.token]
    assert tokens.add(owner, "Another").text != new.text


def test_a_token_leads_to_its_owner_and_says_whether_it_writes(owner: Owner, stranger: Owner) -> None:
    reading, writing = tokens.add(owner, "Reader"), tokens.add(stranger, "Writer", writes=True)
    assert tokens.owner_of_token(reading.text) == (owner, False)
    assert tokens.owner_of_token(writing.text) == (stranger, True)


@pytest.mark.parametrize("text", ["", "kith_", "kith_" + "A" * 43, "\udcff", "x" * 100_000, "\x00", "É"])
def test_what_is_no_token_leads_to_nobody(owner: Owner, text: str) -> None:
    tokens.add(owner, "Reader")
    assert tokens.owner_of_token(text) is None


def test_neither_a_part_nor_the_digest_of_a_token_opens_anything(owner: Owner) -> None:
    text = tokens.add(owner, "Reader").text
    for wrong in (text[:-1], text + "A", text.upper(), text[5:], ApiToken.objects.of(owner).get().digest):
        assert tokens.owner_of_token(wrong) is None


def test_a_token_that_was_removed_is_out_and_the_others_stay(owner: Owner) -> None:
    old, other = tokens.add(owner, "Old"), tokens.add(owner, "Other")
    assert [row.name for row in tokens.remove(owner, old.token.id)] == ["Other"]
    assert tokens.owner_of_token(old.text) is None
    assert tokens.owner_of_token(other.text)
    assert tokens.remove(owner, "other") == []


def test_names_are_needed_and_used_once(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens.add(owner, "Reader")
    for name in ("Reader", " ", ""):
        with pytest.raises(Invalid):
            tokens.add(owner, name)
    with pytest.raises(NotFound):
        tokens.remove(owner, "Nobody")
    monkeypatch.setattr(tokens, "MOST", 1)
    with pytest.raises(Refused):
        tokens.add(owner, "One more")


def test_charlie_neither_sees_nor_removes_alices_tokens(owner: Owner, stranger: Owner) -> None:
    new = tokens.add(owner, "Reader")
    assert tokens.listing(stranger) == []
    for name in ("Reader", new.token.id):
        with pytest.raises(NotFound):
            tokens.remove(stranger, name)
    tokens.add(stranger, "Reader")
    assert tokens.listing(owner) == [new.token]


def test_the_last_use_is_noted_at_most_once_an_hour(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    text = tokens.add(owner, "Reader").text

    def used(moment: str) -> str:
        monkeypatch.setenv("KITHBOOK_NOW", moment)
        assert tokens.owner_of_token(text)
        return f"{tokens.listing(owner)[0].used_at:%H:%M}"

    assert used("2026-11-21T10:00:00+00:00") == "10:00"
    assert used("2026-11-21T10:59:00+00:00") == "10:00"
    assert used("2026-11-21T11:00:00+00:00") == "11:00"


def test_a_token_is_in_no_export(owner: Owner) -> None:
    assert ApiToken not in exporting.exported_tables()
