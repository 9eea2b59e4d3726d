"""Everything about one person to hand over, erasing them, and dividing an entry that is two people."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kithbook.core.errors import Invalid
from kithbook.services import exporting, privacy, splitting
from kithbook.services.privacyviews import PartsView
from kithbook.services.views import as_json
from kithbook.web import notices, words
from kithbook.web.requests import Request

EXPORTED = {"json": "application/json", "vcard": "text/vcard; charset=utf-8", "csv": "text/csv; charset=utf-8"}


@require_safe
def export(request: Request, person: str) -> HttpResponse:
    """`/people/<id>/export`: a JSON file; with `?as=vcard` their card."""
    found = privacy.export(request.owner, person)
    if request.GET.get("as") == "vcard":
        response = HttpResponse(found.vcard, content_type="text/vcard; charset=utf-8")
        name = "person.vcf"
    else:
        text = json.dumps(as_json(found), ensure_ascii=False, indent=1)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
        name = "person.json"
    response["Content-Disposition"] = f'attachment; filename="kithbook-{name}"'
    return response


@require_safe
def export_all(request: Request) -> HttpResponse:
    """`/export`: everything as one file: JSON, or with `?as=` the people as "vcard" or "csv"."""
    kind = request.GET.get("as", "json")
    with tempfile.TemporaryDirectory(prefix="kithbook-export-") as folder:
        exporting.export(request.owner, Path(folder), kind)
        written = next(Path(folder).iterdir())
        response = HttpResponse(written.read_bytes(), content_type=EXPORTED[kind])
    response["Content-Disposition"] = f'attachment; filename="{written.name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: Request, person: str) -> HttpResponse:
    """`/people/<id>/erase`: what goes, counted, and then the act itself."""
    if request.method != "POST":
        return render(request, "web/erase.html", {"found": privacy.what_goes(request.owner, person)})
    sure = request.POST.get("sure") == "yes"
    done = privacy.erase(request.owner, person, sure=sure, keep_out=bool(request.POST.get("keep_out")))
    # Without the name: the notice waits in a cookie.
    text = ngettext("Erased: %(n)d row.", "Erased: %(n)d rows.", done.rows) % {"n": done.rows}
    if done.is_kept_out:
        text += " " + _("No import brings them back.")
    notices.say(request, text)
    return notices.back(request, reverse("people"))


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: Request, person: str) -> HttpResponse:
    """`/people/<id>/split`: choose what belongs to somebody else."""
    if request.method != "POST":
        found = splitting.parts(request.owner, person)
        return render(
            request, "web/split.html", {"found": found, "channels": _channels(found), "sources": _sources(found)}
        )
    done = splitting.split(request.owner, person, request.POST.get("name", ""), **_chosen(request))
    text = _("%(new)s has an entry of their own now.") % {"new": done.new.name}
    notices.say(request, text, undo=reverse("split_undo", args=[done.batch]))
    return notices.back(request, reverse("person", args=[done.new.id]))


def _chosen(request: Request) -> dict[str, Any]:
    sent = request.POST
    lists = ("identities", "jobs", "tags", "topics", "channels", "sources")
    days = {name: _day(sent.get(name, "")) for name in ("since", "until")}
    return {**{name: sent.getlist(name) for name in lists}, **days, "containing": sent.get("containing", "")}


def _day(text: str) -> Any:
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and day is None:
        raise Invalid(_("“%(text)s” is not a day.") % {"text": text[:20]}, _("Write it like 2026-11-21."))
    return day


def _channels(found: PartsView) -> list[tuple[str, Any, int]]:
    counts: dict[str, int] = {}
    for item in found.exchanges:
        counts[item.channel] = counts.get(item.channel, 0) + item.count
    return [(channel, words.say(words.CHANNELS, channel), count) for channel, count in counts.items()]


def _sources(found: PartsView) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for item in found.exchanges:
        counts[item.source] = counts.get(item.source, 0) + item.count
    return list(counts.items()) if len(counts) > 1 else []


@require_POST
def split_undo(request: Request, batch: str) -> HttpResponse:
    """One entry again."""
    notices.say(request, splitting.undo(request.owner, batch).message)
    return notices.back(request, reverse("people"))
