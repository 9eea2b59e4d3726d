"""Values of unknown origin: what is taken, what is refused, and with which sentence."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithbook.core.errors import Invalid, Unavailable
from kithbook.services import calling
from tests.faces.fakes import OPERATIONS

BY_VERB = {operation.verb: operation for operation in OPERATIONS}
FIND, ADD = calling.arguments_model(BY_VERB["find"]), calling.arguments_model(BY_VERB["add"])


def refused(model: Any, values: dict[str, Any]) -> str:
    with pytest.raises(Invalid) as caught:
        calling.check(model, values)
    return caught.value.message


def test_only_given_values_are_passed_on() -> None:
    assert calling.check(FIND, {"query": "Ann", "since_on": "2026-11-21"}) == {
        "query": "Ann",
        "since_on": dt.date(2026, 11, 21),
    }


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "“query” is needed."),
        ({"query": "a", "zz": 1}, "There is no argument “zz”."),
        ({"query": 5}, "“query” must be text."),
        ({"query": "a\0b"}, "“query” holds a NUL character."),
        ({"query": "\ud800"}, "“query” holds half a character."),
        ({"query": "x" * 10_001}, "“query” is longer than 10,000 characters."),
        ({"query": "a", "stage": "third"}, "“stage” must be a whole number."),
        ({"query": "a", "stage": 1.5}, "“stage” must be a whole number."),
        ({"query": "a", "stage": True}, "“stage” must be a number."),
        ({"query": "a", "stage": 10**30}, "“stage” must be 1,000,000 or less."),
        ({"query": "a", "stage": -(10**7)}, "“stage” must be -1,000,000 or more."),
        ({"query": "a", "warmth": float("nan")}, "“warmth” must be a number."),
        ({"query": "a", "sort": "age"}, "“sort” must be 'warmth' or 'name'."),
        ({"query": "a", "tweeners": "maybe"}, "“tweeners” must be true or false."),
        ({"query": "a", "tags": "x"}, "“tags” must be a list."),
        ({"query": "a", "tags": ["x", 2]}, "“tags.1” must be text."),
        ({"query": "a", "tags": ["x"] * 1_001}, "“tags” has more than 1,000 entries."),
        ({"query": "a", "choices": []}, "“choices” must be an object with names and values."),
        ({"query": "a", "since_on": 0}, "“since_on” must be a date like 2026-11-21."),
        ({"query": "a", "since_on": "soon"}, "“since_on” must be a date like 2026-11-21."),
        ({"query": "a", "since_on": "0001-01-01"}, "“since_on” must lie between 1900 and 2199."),
    ],
)
def test_each_bad_value_is_refused_with_one_sentence_that_names_it(values: dict[str, Any], sentence: str) -> None:
    assert refused(FIND, values) == sentence


def test_further_bad_values_stand_in_the_hint() -> None:
    with pytest.raises(Invalid) as caught:
        calling.check(ADD, {"tags": 1, "size": "x"})
    assert caught.value.message == "“name” is needed."
    assert caught.value.hint == "“tags” must be a list. “size” must be a whole number."


def test_a_mapping_in_a_query_is_a_text_with_a_json_object() -> None:
    model = calling.arguments_model(BY_VERB["find"], in_query=True)
    assert calling.check(model, {"query": "", "choices": '{"Anna": "new"}'})["choices"] == {"Anna": "new"}
    assert refused(model, {"query": "", "choices": "{"}).startswith("“choices” must be a JSON object")
    assert refused(model, {"query": "", "choices": "5"}) == "“choices” must be an object with names and values."


def test_limits_stand_in_the_schema() -> None:
    stage = FIND.model_json_schema()["properties"]["stage"]["anyOf"][0]
    assert stage == {"type": "integer", "minimum": -1_000_000, "maximum": 1_000_000}


def test_a_database_that_refuses_becomes_a_failure_that_a_person_understands() -> None:
    with pytest.raises(Unavailable, match="database is locked"):
        calling.run(BY_VERB["fail"], None, {"how": "locked"})  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="does not fit"):
        calling.run(BY_VERB["fail"], None, {"how": "overlong"})  # type: ignore[arg-type]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from([argument.name for argument in BY_VERB["find"].arguments]) | st.text(max_size=5)


@given(st.dictionaries(NAMES, ANYTHING, max_size=5))
def test_whatever_comes_is_taken_or_refused_with_a_sentence(values: dict[str, Any]) -> None:
    try:
        checked, sentence = calling.check(FIND, values), ""
    except Invalid as error:
        checked, sentence = {}, error.message
    assert set(checked) <= set(values)
    assert sentence.endswith(".") if sentence else "query" in checked
    assert "cannot be used" not in sentence
