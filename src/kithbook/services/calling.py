"""Calling an operation with values of unknown origin: they are checked against its signature, then it is run.

All derived faces come through here, so that the same value is refused with the same sentence everywhere.
"""

from __future__ import annotations

import datetime as dt
import json
import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from django.db import DatabaseError, DataError, connection
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic import create_model as create_pydantic_model

from kithbook.core.errors import Invalid, Unavailable
from kithbook.core.partialdates import FIRST_YEAR, LAST_YEAR
from kithbook.services.registry import Operation
from kithbook.store.models import Owner

LONGEST_TEXT = 10_000
"""Characters in one text value."""
LARGEST_NUMBER = 1_000_000
"""Largest whole number either way; as days it still gives a date that exists."""
LONGEST_LIST = 1_000
"""Entries in one list or mapping."""


def arguments_model(operation: Operation, *, in_query: bool = False) -> type[BaseModel]:
    """Make a Pydantic model of the arguments that knows types, limits and defaults and forbids anything else.

    With `in_query`, where values are flat text, a mapping is a text that holds a JSON object.
    """
    fields: dict[str, Any] = {}
    for argument in operation.arguments:
        default = ... if argument.is_required else argument.default
        fields[argument.name] = (_limited(argument.type, in_query=in_query), default)
    title = "".join(part.title() for part in [*operation.noun.split("_"), *operation.verb.split("_")])
    return create_pydantic_model(f"{title}Arguments", __config__=ConfigDict(extra="forbid"), **fields)


def check(model: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Read values as the operation wants them, only those that were given; raises Invalid, naming what is wrong."""
    try:
        return given(model.model_validate(dict(values)))
    except ValidationError as error:
        raise refusal(error.errors(include_url=False)) from error


def given(arguments: BaseModel) -> dict[str, Any]:
    """List the checked arguments that the caller gave; the others keep the operation's own defaults."""
    return {name: getattr(arguments, name) for name in arguments.model_fields_set}


def run(operation: Operation, owner: Owner, values: Mapping[str, Any]) -> Any:
    """Run the operation with checked values; a database that refuses becomes Invalid or Unavailable."""
    try:
        return operation.run(owner, **values)
    except DataError as error:
        raise Invalid("One of the values does not fit its place.", "Try a shorter text or a smaller number.") from error
    except DatabaseError as error:
        raise Unavailable(
            f"The database did not answer: {error}.", "Try again in a moment, or run `kith doctor`."
        ) from error


def ping() -> None:
    """Ask the database for a sign of life; raises Unavailable where there is none."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise Unavailable(f"The database did not answer: {error}.", "Run `kith doctor`.") from error


def refusal(errors: Iterable[Any]) -> Invalid:
    """Turn Pydantic's list of errors into one Invalid; `loc` begins with the name of the argument."""
    sentences = list(dict.fromkeys(_sentence(error) for error in errors))
    return Invalid(sentences[0], " ".join(sentences[1:4]))


_SENTENCES = {
    "missing": "{name} is needed.",
    "extra_forbidden": "There is no argument {name}.",
    "string_type": "{name} must be text.",
    "string_unicode": "{name} holds half a character.",
    "string_too_long": "{name} is longer than {max_length} characters.",
    "too_long": "{name} has more than {max_length} entries.",
    "int_type": "{name} must be a whole number.",
    "int_parsing": "{name} must be a whole number.",
    "int_parsing_size": "{name} must be a smaller number.",
    "int_from_float": "{name} must be a whole number.",
    "float_type": "{name} must be a number.",
    "float_parsing": "{name} must be a number.",
    "finite_number": "{name} must be a number.",
    "bool_type": "{name} must be true or false.",
    "bool_parsing": "{name} must be true or false.",
    "literal_error": "{name} must be {expected}.",
    "list_type": "{name} must be a list.",
    "tuple_type": "{name} must be a list.",
    "dict_type": "{name} must be an object with names and values.",
    "greater_than_equal": "{name} must be {ge} or more.",
    "less_than_equal": "{name} must be {le} or less.",
    "model_type": "The arguments must be one JSON object.",
    "model_attributes_type": "The arguments must be one JSON object.",
    "value_error": "{name} {error}.",
}


def _sentence(error: Any) -> str:
    place = error["loc"]
    name = f"“{'.'.join(str(part) for part in place)[:60]}”" if place else "The list of arguments"
    words = {
        key: f"{value:,.0f}" if isinstance(value, int | float) else value for key, value in error.get("ctx", {}).items()
    }
    return _SENTENCES.get(error["type"], "{name} cannot be used.").format(name=name, **words)


def _limited(hint: Any, *, in_query: bool) -> Any:
    """Give a type the limits that hold for every value from outside."""
    simple = _SIMPLE.get(hint)
    if simple is not None:
        return simple
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return Union[tuple(_limited(part, in_query=in_query) for part in parts)]  # noqa: UP007 - built at run time
    if origin in (list, tuple):
        inner = tuple(part if part is ... else _limited(part, in_query=in_query) for part in parts)
        # Django bounds the parameters of a query itself, and ninja knows a list in a query only by its plain type.
        return origin[inner] if in_query else Annotated[origin[inner], Field(max_length=LONGEST_LIST)]
    if origin is dict:
        inner = tuple(_limited(part, in_query=False) for part in parts)
        more = _JSON_TEXT if in_query else ()
        return Annotated[origin[inner], Field(max_length=LONGEST_LIST), *more]
    return hint


def _is_storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a NUL character")
    return text


def _is_no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


def _read_day(value: Any) -> Any:
    """Read a day in ISO form; Pydantic itself would also take a number, as seconds since 1970."""
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError("must be a date like 2026-11-21") from None
    if not isinstance(value, dt.date):
        raise ValueError("must be a date like 2026-11-21")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return value


def _read_json_object(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError('must be a JSON object, such as {"Anna": "new"}') from None


_JSON_TEXT = (
    BeforeValidator(_read_json_object),
    WithJsonSchema(
        {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"type": "object", "additionalProperties": {"type": "string"}},
        }
    ),
)
_SIMPLE: dict[Any, Any] = {
    str: Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_is_storable)],
    int: Annotated[int, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER), BeforeValidator(_is_no_truth)],
    float: Annotated[
        float, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER, allow_inf_nan=False), BeforeValidator(_is_no_truth)
    ],
    dt.date: Annotated[dt.date, BeforeValidator(_read_day)],
}
