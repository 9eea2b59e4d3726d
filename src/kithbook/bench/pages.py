"""`kith bench pages`: how long every page takes with a large network, how many queries it asks, how large it is.

A town (`core.town`) is written into a data folder of its own, in a process of its own. There every address that needs
no name of anything, and one page of each kind that those link to, is asked for several times through the whole
application: middleware, view, template. Milliseconds are CPU of the process; the first answer is given apart.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from kithbook.bench.imports import measure
from kithbook.core.errors import Invalid, KithbookError

CLOCK = "2026-11-21T09:00:00+00:00"
CHILD = """
import sys
from kithbook.bench.pages import answer
answer(*map(int, sys.argv[1:]))
"""
FIRST = ("/people", "/", "/week")
"""Asked before all others: what they link to stands for its kind."""
VARIANTS = (
    "/people?q=anna", "/people?sort=name&offset=5000", "/people?tweeners=on", "/ladder?shown=100", "/bank?shown=100",
    "/between?scope=everyone", "/bank/entries?offset=1000", "/find?q=a+tax+adviser&place=Vienna",
    "/asks?person=PERSON&size=3", "/healthz", "/api/v1/weeks/week",
)  # fmt: skip
LEFT_OUT = frozenset(
    (
        "calendar", "unsubscribe", "import_problems", "import_job", "columns", "person_export", "export_all",
        "opml_export", "people_names",
    )
)  # fmt: skip
"""Kinds of answers that are no pages, or none without an upload."""
LINK = re.compile(rb'href="(/[^"#]*)')
OK, MOVED, METHOD_NOT_ALLOWED = 200, (301, 302, 303), 405


class Answer(NamedTuple):
    """One answer: status, body without the head, CPU seconds, queries."""

    status: int
    body: bytes
    cpu_s: float
    queries: int


def run(people: int = 10_000, interactions: int = 200_000, runs: int = 5) -> dict[str, Any]:
    """Every page's p50, p95 and first answer in CPU milliseconds, its queries and bytes; peak memory; the slowest.

    Raises Invalid where a number is out of range, or what stopped the measurement.
    """
    for name, value, low, high in (
        ("people", people, 150, 100_000), ("interactions", interactions, 0, 2_000_000), ("runs", runs, 1, 1_000),
    ):  # fmt: skip
        if not low <= value <= high:
            raise Invalid(f"--{name} can be {low} to {high:,}, not {value:,}.", "The usual ones are good numbers.")
    with tempfile.TemporaryDirectory(prefix="kithbook-bench-") as folder:
        environment = {**os.environ, "KITHBOOK_HOME": folder, "KITHBOOK_NOW": CLOCK, "KITHBOOK_DATABASE": ""}
        command = [sys.executable, "-c", CHILD, str(people), str(interactions), str(runs)]
        done = measure(command, environment)
    found: dict[str, Any] = json.loads(done.output)
    return {**found, "peak_mb": round(done.peak_mb, 1)}


def answer(people: int, interactions: int, runs: int) -> None:
    """The process of its own: fills the data folder, measures, prints JSON."""
    try:
        print(json.dumps(_measured(people, interactions, runs)))
    except KithbookError as error:
        sys.exit(error.message)


def _measured(people: int, interactions: int, runs: int) -> dict[str, Any]:
    from kithbook.services import starting

    starting.ensure_schema()
    from kithbook.core import town, village
    from kithbook.services import clock, demo, owners

    owner = owners.local_owner()
    plan = town.build(village.build(clock.today(owner)), people, interactions)
    _, written = demo.write(owner, plan)
    del plan
    began = time.process_time()
    pages = ask_all(runs)
    slowest = max(pages, key=lambda page: float(page["p50_ms"]))
    return {
        "people": people,
        "interactions": written,
        "runs": runs,
        "pages": pages,
        "slowest": slowest["page"],
        "slowest_p50_ms": slowest["p50_ms"],
        "largest_bytes": max(int(page["bytes"]) for page in pages),
        "resident_mb": _resident_mb(),
        "seconds": round(time.process_time() - began, 1),
    }


def ask_all(runs: int) -> list[dict[str, Any]]:
    """Every page of the running application, in the order in which they were found."""
    from django.core.handlers.wsgi import WSGIHandler

    application = WSGIHandler()
    # Addresses that take forms only are found by asking; that is no news.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    return [_figures(address, first, runs, application) for address, first in find_pages(application)]


def _figures(address: str, first: Answer, runs: int, application: Any) -> dict[str, Any]:
    answers = [ask(application, address) for _ in range(runs)]
    times = sorted(one.cpu_s * 1_000 for one in answers)
    return {
        "page": address,
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[math.ceil(0.95 * len(times)) - 1], 1),
        "first_ms": round(first.cpu_s * 1_000, 1),
        "queries": answers[-1].queries,
        "bytes": len(answers[-1].body),
    }


def find_pages(application: Any) -> Iterator[tuple[str, Answer]]:
    """(address, first answer) of one page of each kind: those without a name in the address, and what they link to."""
    waiting, seen, linked = [*FIRST, *plain_addresses()], set(), ""
    while waiting:
        address = waiting.pop(0)
        kind = kind_of(address)
        if kind in seen or kind in LEFT_OUT or not kind:
            continue
        found = ask(application, address)
        if found.status == METHOD_NOT_ALLOWED or found.status in MOVED:
            continue
        if found.status != OK:
            raise Invalid(f"{address} answered {found.status}.", "That is a fault of Kithbook's.")
        seen.add(kind)
        linked = linked or (address if kind == "person" else "")
        waiting += [unescape(link.decode()) for link in LINK.findall(found.body)]
        yield address, found
    for variant in VARIANTS:
        address = variant.replace("PERSON", linked.rpartition("/")[2])
        found = ask(application, address)
        if found.status != OK:
            raise Invalid(f"{address} answered {found.status}.", "That is a fault of Kithbook's.")
        yield address, found


def plain_addresses() -> list[str]:
    """Every address without the name of anything in it, those that take forms only among them."""
    from django.urls import URLPattern, URLResolver, get_resolver

    def walk(patterns: list[Any], before: str) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver) and one.namespace is None:
                yield from walk(one.url_patterns, before + str(one.pattern))
            elif isinstance(one, URLPattern) and one.name and "<" not in str(one.pattern):
                yield "/" + before + str(one.pattern)

    return list(walk(get_resolver().url_patterns, ""))


def kind_of(address: str) -> str:
    """The name that the web app has for such addresses; "" for those of other parts."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""


def ask(application: Any, address: str) -> Answer:
    """One GET, as a server on this machine would pass it on."""
    from django.db import connection

    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
        "REMOTE_ADDR": "127.0.0.1", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr,
    }  # fmt: skip
    status: list[int] = []
    asked = 0

    def count(execute: Any, *given: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*given)

    began = time.process_time()
    with connection.execute_wrapper(count):
        response = application(environ, lambda line, _headers: status.append(int(line[:3])))
        body = b"".join(response)
    spent = time.process_time() - began
    if hasattr(response, "close"):
        response.close()
    return Answer(status[0], body, spent, asked)


def _resident_mb() -> float:
    """Memory in use now, in MB; 0 where the system does not say."""
    statm = Path("/proc/self/statm")
    return round(int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1) if statm.exists() else 0.0


def lines_of(found: dict[str, Any]) -> list[str]:
    """The answer as a table."""
    head = f"{found['people']:,} people, {found['interactions']:,} exchanges, {found['runs']} answers a page; CPU"
    pages = sorted(found["pages"], key=lambda page: -float(page["p50_ms"]))
    wide = max(len(str(page["page"])) for page in pages)
    rows = [
        f"{page['page']:{wide}}{page['p50_ms']:>9.0f}{page['p95_ms']:>9.0f}{page['first_ms']:>9.0f}"
        f"{page['queries']:>9}{page['bytes'] / 1e3:>9.0f}"
        for page in pages
    ]
    columns = "".join(f"{name:>9}" for name in ("p50 ms", "p95 ms", "first", "queries", "kB"))
    return [
        head,
        "",
        " " * wide + columns,
        *rows,
        "",
        f"Peak memory {found['peak_mb']:.0f} MB, making the town included.",
    ]
