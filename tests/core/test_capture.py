"""Quick capture: what holds for every sentence."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core.capture import MAX_CHARS, Understood, understand
from kithbook.core.channels import CHANNELS
from kithbook.core.ledger import KINDS
from kithbook.core.names import Known, NameIndex
from tests.core.capture_cast import INDEX, TODAY
from tests.core.test_capture_more import LIMITS, MORE
from tests.core.test_capture_sentences import SENTENCES

EXAMPLE = "coffee with Frank yesterday 45m, promised intro to Dana by Friday, he is looking for fintech roles"
VOCABULARY = (
    "coffee with Frank Anna Dana Will May April yesterday 45m 12/3 promised to intro by Friday he she they who is "
    "looking for and , . ; : ' ’s met at the meetup through Tom asked said yes no sent me a book gave got from thanked"
    " in two weeks ago last next week March 5th Priya Nair & I'll need owe wants help into x@y.org frank@example.net"
    " 24/7 1h30 “ ”"
)
WORDS = st.sampled_from([*VOCABULARY.split(), "\n", "  "])
SALAD = st.lists(WORDS, max_size=120).map(" ".join)


def _check(text: str, understood: Understood) -> None:
    known = range(len(understood.people))
    whos = [item.who for item in (*understood.ledger, *understood.promises, *understood.topics, *understood.asks)]
    assert all(position in known for who in whos for position in who)
    assert all(position in known for promise in understood.promises for position in promise.about)
    assert understood.channel in {"", *CHANNELS}
    assert understood.direction in {-1, 0, 1}
    assert all(entry.kind in KINDS and 1 <= entry.size <= 5 for entry in understood.ledger)
    assert all(0 <= part.start < part.end <= len(text) for part in understood.parts)
    assert [part.start for part in understood.parts] == sorted(part.start for part in understood.parts)
    assert bool(understood.people) != ("Whom is this about?" in understood.questions)


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=2000), SALAD), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_no_text_raises_and_all_that_is_found_lies_in_it(text: str, today: date) -> None:
    _check(text, understand(text, index=INDEX, today=today))


@settings(max_examples=150)
@given(SALAD)
def test_every_person_whose_name_fits_several_is_asked_about(text: str) -> None:
    understood = understand(text, index=INDEX, today=TODAY)
    for mention in understood.people:
        if len(mention.ids) > 1:
            assert any(question.startswith(f"Which {mention.text}") for question in understood.questions)


@pytest.mark.parametrize(
    "piece",
    [
        "coffee with Frank yesterday, ",
        "Frank ",
        "Frank and ",
        "Frank, Dana ",
        "introduced Frank to ",
        "asked ",
        "got advice ",
        "said he'd ",
        "in ",
        "the 5th ",
        "12 foo ",
        "a@",
        "a.",
        "aA",
        " ",
        "'s ",
        "promised ",
        "end of the ",
        "Anna Kowalska ",
    ],
)
def test_time_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    def seconds(chars: int) -> float:
        text = (piece * chars)[:chars]
        best = float("inf")
        for _ in range(3):
            begun = time.process_time()
            understand(text, index=INDEX, today=TODAY)
            best = min(best, time.process_time() - begun)
        return best

    seconds(500)
    # Eight times the text: a square would take 64 times as long; the constant covers timer noise on small texts.
    assert seconds(8000) < 20 * seconds(1000) + 0.05


def test_what_lies_beyond_the_limit_is_kept_unread() -> None:
    text = "coffee with Frank. " + "x " * (MAX_CHARS // 2) + "lunch with Dana"
    understood = understand(text, index=INDEX, today=TODAY)
    assert [mention.text for mention in understood.people] == ["Frank"]
    assert understood.note.endswith("lunch with Dana")


def test_the_parts_show_what_was_understood_where() -> None:
    understood = understand(EXAMPLE, index=INDEX, today=TODAY)
    assert [(EXAMPLE[part.start : part.end], part.meaning) for part in understood.parts] == [
        ("coffee", "channel: meeting"),
        ("Frank", "person"),
        ("yesterday", "date"),
        ("45m", "duration"),
        ("promised intro to Dana by Friday", "promise"),
        ("Dana", "person"),
        ("he is looking for fintech roles", "need"),
    ]


def test_every_word_of_every_table_is_either_understood_or_kept() -> None:
    for text, _ in (*SENTENCES, *MORE, *LIMITS):
        understood = understand(text, index=INDEX, today=TODAY)
        if text and not understood.parts:
            assert understood.note, text


def test_the_day_moves_with_today() -> None:
    friday = understand("lunch with Frank on Friday", index=INDEX, today=date(2026, 11, 20))
    saturday = understand("lunch with Frank on Friday", index=INDEX, today=date(2026, 11, 21))
    assert friday.happened_on == date(2026, 11, 13)
    assert saturday.happened_on == date(2026, 11, 20)


def test_two_exchanges_in_one_sentence_are_asked_about() -> None:
    understood = understand("coffee with Frank yesterday, called Dana this morning", index=INDEX, today=TODAY)
    assert understood.channel == "meeting"
    assert any("Two things happened" in question for question in understood.questions)


def test_an_empty_network_makes_everybody_new() -> None:
    understood = understand("coffee with Frank", index=NameIndex(()), today=TODAY)
    assert [(mention.text, mention.is_new) for mention in understood.people] == [("Frank", True)]
    assert understood.questions == ()


@pytest.mark.parametrize(
    ("text", "name", "like"),
    [
        ("coffee with Anna Kowalska", "Anna Kowalska", "Anna Schmidt"),  # shares a word
        ("coffee with Tomas Okafur", "Tomas Okafur", "Tom Okafor"),  # a slip away
        ("coffee with Bob", "Bob", "Robert Klein"),  # a short form
        ("coffee with noor@example.net", "noor@example.net", ""),  # an address is no name
        ("coffee with Jo Xi", "Jo Xi", None),  # words of two letters say nothing
        ("coffee with Priya Nair", "Priya Nair", None),
    ],
)
def test_a_name_like_one_that_is_known_is_asked_about(text: str, name: str, like: str | None) -> None:
    people = ("Anna Schmidt", "Tom Okafor", "Robert Klein", "Xu Wei")
    index = NameIndex([Known(at, known) for at, known in enumerate(people, 1)])
    understood = understand(text, index=index, today=TODAY)
    (mention,) = understood.people
    assert (mention.text, mention.is_new) == (name, True)
    assert [index.name_of(person) for person in mention.near] == ([like] if like else [])
    other = f", or {like}" if like else ""
    question = f"Nobody called “{name}” is known yet: is this a new person{other}?"
    assert understood.questions == (() if like is None else (question,))


def test_a_sentence_is_understood_fast_among_ten_thousand_people() -> None:
    firsts = [
        f"{a}{b}{c}"
        for a in ("Ka", "Lo", "Mi", "Ru", "Te")
        for b in ("ri", "na", "so", "lu")
        for c in ("n", "th", "l", "")
    ]
    people = [Known(at, f"{firsts[at % 80]} {firsts[at // 80 % 80]}son{at}") for at in range(10_000)]
    index = NameIndex([*people, Known(10_001, "Frank Weber"), Known(10_002, "Dana Ortiz")])
    understand(EXAMPLE, index=index, today=TODAY)
    begun = time.process_time()
    for _ in range(20):
        understood = understand(EXAMPLE, index=index, today=TODAY)
    assert (time.process_time() - begun) / 20 < 0.05
    assert [mention.ids for mention in understood.people] == [(10_001,), (10_002,)]
