"""Import: files in, a preview first, progress, a report whose numbers add up, and Undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kithbook.core.errors import Invalid, NotFound
from kithbook.services import background, batches, demo, owners
from kithbook.services.background import JobView
from kithbook.services.views import BatchView, ImportReport
from kithbook.web import forms, notices, uploads
from kithbook.web.requests import Request

PROBLEMS_SHOWN = 50
CARD_KINDS = ("vcard", "ldif", "linkedin", "table")


@require_safe
def page(request: Request) -> HttpResponse:
    """`/import`: choose files, past imports, the demo network."""
    known = owners.settings(request.owner)
    done = [batch for batch in batches.listing(request.owner) if batch.kind in ("import", "demo")]
    context = {
        "settings": known,
        "me": ", ".join([*known.addresses, *known.unconfirmed_addresses]),
        "batches": done,
        "has_demo": demo.is_loaded(request.owner),
    }
    return render(request, "web/import.html", context)


@require_POST
def preview(request: Request) -> HttpResponse:
    """Keep the files and look at them without writing anything."""
    files = request.FILES.getlist("files")
    if not files:
        raise Invalid(_("No file was chosen."), _("Choose the file that your mail program or LinkedIn gave you."))
    token = uploads.keep(files)
    return _start(request, token, dry_run=True)


@require_POST
def start(request: Request) -> HttpResponse:
    """Import what was looked at."""
    return _start(request, request.POST.get("token", ""), dry_run=False)


@require_POST
def discard(request: Request) -> HttpResponse:
    """Not this file after all: it goes at once."""
    uploads.drop(request.POST.get("token", ""))
    return HttpResponseRedirect(reverse("import"), status=303)


def _start(request: Request, token: str, *, dry_run: bool) -> HttpResponse:
    me = forms.addresses(request.POST.get("me", ""))
    run = background.preview_import if dry_run else background.start_import
    job = run(request.owner, uploads.kept(token), me, request.POST.get("kind") or None)
    return HttpResponseRedirect(f"{reverse('import_job', args=[job])}?token={token}", status=303)


def look_again(request: Request, token: str) -> HttpResponse:
    """A new preview of files that wait already."""
    return _start(request, token, dry_run=True)


@require_safe
def job(request: Request, job: str) -> HttpResponse:
    """Progress, then the report. While it runs, htmx asks again each second; without it the page reloads itself."""
    view = background.job(request.owner, job)
    token = request.GET.get("token", "")
    if view.state == "done" and not view.is_preview:
        uploads.drop(token)
    context = {"job": view, "token": token, "percent": _percent(view), **_report(view.report)}
    return render(request, "web/import_job.html", context)


def _percent(view: JobView) -> int:
    return min(100, 100 * view.done // view.total) if view.total else 0


def _report(report: ImportReport | None) -> dict[str, Any]:
    """The report as rows that add up to what was read."""
    if report is None:
        return {}
    is_cards = bool(report.files) and all(file.kind in CARD_KINDS for file in report.files)
    is_mixed = not is_cards and any(file.kind in CARD_KINDS for file in report.files)
    rows = _card_rows(report) if is_cards else _mail_rows(report)
    if is_mixed:
        rows = [*_card_rows(report)[:2], *rows]
    rows += [(reason, count) for reason, count in sorted(report.skipped.items()) if count]
    if report.problems_count:
        rows.append((_("could not be read"), report.problems_count))
    return {
        "report": report,
        "rows": rows,
        "adds_up": not is_mixed and sum(count for _label, count in rows) == report.records,
        "problems": report.problems[:PROBLEMS_SHOWN],
        "is_cards": is_cards,
        "is_table": len(report.files) == 1 and report.files[0].kind == "table",
        "me": ", ".join(report.me),
    }


def _mail_rows(report: ImportReport) -> list[tuple[Any, int]]:
    return [(_("new exchanges"), report.interactions_added), (_("known already"), report.interactions_known)]


def _card_rows(report: ImportReport) -> list[tuple[Any, int]]:
    return [(_("new people"), report.people_added), (_("people you had already"), report.people_matched)]


@require_safe
def problems(request: Request, job: str) -> HttpResponse:
    """The records that could not be used, as a text file."""
    view = background.job(request.owner, job)
    if view.report is None:
        raise NotFound(_("This import has no report."), _("Wait until it is finished."))
    lines = [f"{problem.where}: {problem.what}" for problem in view.report.problems]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kithbook-problems.txt"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Request, batch: str) -> HttpResponse:
    """Take one act back: asked first for imports (GET), done by POST."""
    if request.method != "POST":
        back = notices.own_address(request.GET.get("next", ""), reverse("import"))
        return render(request, "web/undo.html", {"batch": _batch(request, batch), "next": back})
    report = batches.undo(request.owner, batch)
    text = _undone(report.people_removed, report.interactions_removed)
    if report.people_kept:
        names = ", ".join(report.people_kept[:5])
        text += " " + _("Kept, because you added to them since: %(names)s.") % {"names": names}
    notices.say(request, text)
    return notices.back(request, reverse("today"))


def _undone(people: int, exchanges: int) -> str:
    parts = []
    if people:
        parts.append(ngettext("%(n)d person", "%(n)d people", people) % {"n": people})
    if exchanges:
        parts.append(ngettext("%(n)d exchange", "%(n)d exchanges", exchanges) % {"n": exchanges})
    return _("Taken back: %(what)s.") % {"what": ", ".join(parts)} if parts else _("Taken back.")


def _batch(request: Request, batch: str) -> BatchView:
    for view in batches.listing(request.owner):
        if view.id == batch:
            return view
    raise NotFound(_("There is no such import."), _("It may have been taken back already."))


@require_POST
def load_demo(request: Request) -> HttpResponse:
    """A made-up network to look around in."""
    notices.say(request, demo.load(request.owner).message)
    return HttpResponseRedirect(reverse("today"), status=303)


@require_POST
def remove_demo(request: Request) -> HttpResponse:
    """Take the made-up network away."""
    notices.say(request, demo.remove(request.owner).message)
    return HttpResponseRedirect(reverse("import"), status=303)
