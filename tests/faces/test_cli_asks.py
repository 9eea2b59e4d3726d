"""`kith ask` and `kith thanks`: the public contract of the right to ask."""

from __future__ import annotations

import datetime as dt

import pytest

from kithbook.services import bank, capturing, editing, ladder
from kithbook.store.models import Ask, LedgerEntry, Owner
from tests.faces.commanding import Run, assert_refused


@pytest.fixture
def frank(owner: Owner) -> str:
    page = editing.add(owner, "Frank Okafor")
    for day in ("2025-10-01", "2026-03-01", "2026-10-10"):
        capturing.spoke(owner, page.id, on=dt.date.fromisoformat(day))
    ladder.place(owner, page.id, 3)
    return page.id


def test_a_check_has_the_shape_of_the_contract(kith: Run, frank: str) -> None:
    """R71, R79, R83: verdict, dated reasons, remedy, dated plan."""
    found = kith("ask", "check", "Frank", "--size", 4, "--kind", "interview", "--json").data
    assert found["verdict"] == "deposit"
    assert set(found["reasons"][0]) == {"fact", "on"}
    assert found["remedy"]
    assert {"on", "deposit"} <= set(found["plan"][0])
    assert (found["plan"][0]["on"], found["ready_on"]) == ("2026-11-21", "2026-11-28")


def test_in_words(kith: Run, frank: str) -> None:
    answer = kith("ask", "check", "Frank", "Okafor", "--size", 4)
    assert answer.code == 0
    for words in ("Give something first", "The way there (ready on 28 Nov 2026)", "People say yes more often"):
        assert words in answer.out
    assert kith("ask", "check", "Frank", "--size", 1).out.startswith("Ready: an ask of size 1 to Frank Okafor.")


def test_an_ask_is_recorded_and_answered(kith: Run, owner: Owner, frank: str) -> None:
    """R80: the outcome of an ask."""
    made = kith("ask", "record", "Frank", "--size", 2, "--kind", "job", "--text", "the opening", "--json").data
    assert (made["outcome"], made["asked_on"], made["kind"]) == ("", "2026-11-21", "job")
    answer = kith("ask", "outcome", made["id"], "gladly")
    assert "Thank them within two days" in answer.out
    assert (Ask.objects.get().outcome, LedgerEntry.objects.get().kind) == ("gladly", "ask")
    assert kith("ask", "check", "Frank", "--size", 1, "--json").data["verdict"] == "close_loop"
    assert "gladly: Frank Okafor, the opening (size 2)" in kith("ask", "list").out


def test_an_outcome_with_the_record_and_back(kith: Run, owner: Owner, frank: str) -> None:
    answer = kith("ask", "record", "Frank", "--size", 2, "--outcome", "reluctantly")
    batch = answer.out.rsplit(maxsplit=1)[-1]
    assert kith("log", "undo", batch).code == 0
    assert not Ask.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_an_ask_is_planned_with_its_deposits(kith: Run, frank: str) -> None:
    """R86: future asks with deposits before."""
    made = kith("ask", "plan", "Frank", "--size", 4, "--on", "2027-05-03", "--text", "a reference", "--json").data
    assert [step["on"] for step in made["steps"]] == ["2027-04-09", "2027-04-19"]
    assert "Planned for 3 May 2027: Frank Okafor, a reference (size 4)" in kith("ask", "list").out
    assert kith("ask", "record", "Frank", "--size", 4, "--planned", made["id"]).code == 0
    assert Ask.objects.get().asked_on is not None


def test_a_planned_ask_is_dropped(kith: Run, frank: str) -> None:
    made = kith("ask", "plan", "Frank", "--size", 2, "--on", "2027-05-03", "--json").data
    assert kith("ask", "drop", made["id"]).code == 0
    assert kith("ask", "list").out.startswith("No asks yet.")


def test_thanks_by_command(kith: Run, owner: Owner, frank: str) -> None:
    """R98, R103, R111: who waits for thanks, and how far an e-mail goes."""
    assert kith("thanks").out.strip() == "Everybody is thanked."
    bank.got(owner, frank, "referral", note="told Dana about me")
    assert "Frank Okafor: referral (told Dana about me)." in kith("thanks").out
    assert "half a thank-you" in kith("thanks", "Frank", "--channel", "email").out
    assert "Partly thanked" in kith("thanks").out
    assert kith("thanks", "Frank", "--channel", "note").code == 0
    assert kith("thanks").out.strip() == "Everybody is thanked. Thanked for 1 other thing."


def test_wrong_usage_and_refusals(kith: Run, frank: str) -> None:
    assert kith("ask", "check", "Frank").code == 2
    assert kith("ask", "check", "Frank", "--size", 6).code == 2
    assert kith("ask", "plan", "Frank", "--size", 2).code == 2
    assert_refused(kith("ask", "check", "Nobody", "--size", 2), "Nobody")
    assert_refused(kith("ask", "plan", "Frank", "--size", 2, "--on", "soon"), "soon")
    assert_refused(kith("ask", "plan", "Frank", "--size", 2, "--on", "2026-11-21"), "ahead")
    assert_refused(kith("ask", "record", "Frank", "--size", 2, "--on", "2026-11-22"), "still to come")
    assert_refused(kith("ask", "outcome", "nothing", "gladly"), "no ask")
    assert_refused(kith("thanks", "Frank"), "No help")
