"""One route for each operation: GET with query parameters for reads, POST with a JSON body for the rest."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, NinjaAPI, Query
from pydantic import BaseModel

from kithbook import __version__
from kithbook.api.failures import (
    MEANING,
    READ_FAILURES,
    WRITE_FAILURES,
    FailureBody,
    NotAllowed,
    add_handlers,
    failure_response,
    json_response,
    no_such_address,
)
from kithbook.api.guard import Token
from kithbook.core.errors import Invalid
from kithbook.services import calling
from kithbook.services.registry import Operation
from kithbook.services.views import as_json

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
DESCRIPTION = """Every operation of Kithbook. Reads are GET with query parameters, the rest POST with one JSON object.

On the machine that it runs on Kithbook answers for its single owner and needs no token. A program sends its token as
`Authorization: Bearer TOKEN` and is answered for the token's owner; from elsewhere it needs one. Writes need
`Content-Type: application/json`, or the header `X-Kithbook: 1` and no body. `person` takes an id, a name, part of one,
or an e-mail address; several matches are a 409 that lists them. A failure is always
`{"error": {"kind", "message", "hint"}}`."""


class _Api(NinjaAPI):
    """Writes its OpenAPI file once: it stays the same, and writing it takes seconds."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._written: dict[str, Any] = {}

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """The file for addresses below the prefix."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._written:
            self._written[prefix] = super().get_openapi_schema(path_prefix=prefix)
        return self._written[prefix]


def build_api(operations: Iterable[Operation]) -> NinjaAPI:
    """Make an API with a route for each operation and nothing else."""
    # The documentation page of ninja loads its scripts from another host; the OpenAPI file serves any viewer.
    api = _Api(title="Kithbook", version=__version__, description=DESCRIPTION, docs_url=None, urls_namespace="api")
    add_handlers(api)
    for operation in operations:
        _add_route(api, operation)
    api.api_operation(list(METHODS), "/", include_in_schema=False, url_name="root")(_nothing_here)
    api.api_operation(list(METHODS), "/{path:rest}", include_in_schema=False, url_name="nowhere")(_nowhere)
    return api


def route_of(operation: Operation) -> tuple[str, str]:
    """Name the method of an operation and its path below `/api/v1`."""
    return ("GET" if operation.reads else "POST"), f"/{operation.noun}/{operation.verb}"


def _add_route(api: NinjaAPI, operation: Operation) -> None:
    method, path = route_of(operation)
    view = _view(operation)
    failures = READ_FAILURES if operation.reads else WRITE_FAILURES
    responses = {str(status): {"description": MEANING[status]} for status in failures}
    api.api_operation(
        [method],
        path,
        auth=Token(),
        response={200: operation.returns, frozenset(failures): FailureBody},
        operation_id=f"{operation.noun}_{operation.verb}",
        url_name=f"{operation.noun}-{operation.verb}",
        summary=operation.summary,
        description=operation.text,
        tags=[operation.noun],
        openapi_extra={
            "responses": {int(status): words for status, words in responses.items()},
            "security": [{}],  # beside the token: nothing is needed on the same machine
        },
    )(view)
    taken = ("GET", "HEAD") if operation.reads else ("POST",)
    if operation.reads:
        api.api_operation(["HEAD"], path, auth=Token(), include_in_schema=False)(view)
    others = [other for other in METHODS if other not in taken]
    api.api_operation(others, path, include_in_schema=False)(_refuse_method(taken))


def _view(operation: Operation) -> Callable[..., HttpResponse]:
    names = {argument.name for argument in operation.arguments}

    def view(request: HttpRequest, arguments: BaseModel | dict[str, Any] | None = None) -> HttpResponse:
        if unknown := sorted(set(request.GET) - (names if operation.reads else set())):
            raise Invalid(f"There is no parameter “{unknown[0][:60]}”.", _known(operation))
        values = calling.given(arguments) if isinstance(arguments, BaseModel) else {}
        result = calling.run(operation, request.auth, values)  # type: ignore[attr-defined]
        return json_response(as_json(result))

    view.__signature__ = _signature(operation)  # type: ignore[attr-defined]
    view.__name__ = f"{operation.noun}_{operation.verb}"
    return view


def _signature(operation: Operation) -> inspect.Signature:
    """Write down what ninja reads to parse, check and document the request."""
    request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)
    if not operation.arguments:
        return inspect.Signature([request])
    model = calling.arguments_model(operation, in_query=operation.reads)
    needs_body = any(argument.is_required for argument in operation.arguments)
    source = Query(...) if operation.reads else Body(... if needs_body else {})  # type: ignore[type-arg]
    arguments = inspect.Parameter("arguments", request.kind, annotation=model, default=source)
    return inspect.Signature([request, arguments])


def _known(operation: Operation) -> str:
    names = ", ".join(argument.name for argument in operation.arguments)
    if not operation.reads:
        return "Arguments go into the JSON body."
    return f"This address knows: {names}." if names else "This address takes no parameters."


def _refuse_method(taken: Sequence[str]) -> Callable[..., HttpResponse]:
    def refuse_method(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - see _nowhere
        response = failure_response(NotAllowed(f"This address takes {taken[0]} only.", "See /api/v1/openapi.json."))
        response["Allow"] = ", ".join(taken)
        return response

    return refuse_method


def _nothing_here(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - see _nowhere
    raise no_such_address()


def _nowhere(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001 - ninja goes by these names
    raise no_such_address()
