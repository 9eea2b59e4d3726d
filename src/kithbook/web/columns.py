"""What the columns of a table mean: asked once for each kind of table, with samples beside the question."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import mappings
from kithbook.web import imports, uploads
from kithbook.web.requests import Request

MEANINGS = {
    "": _("leave out"), "name": _("whole name"), "given": _("given name"), "middle": _("middle name"),
    "family": _("family name"), "nickname": _("nickname"), "email": _("e-mail"), "phone": _("phone"),
    "url": _("profile page"), "organisation": _("company"), "role": _("role"), "city": _("place"),
    "country": _("country"), "note": _("note"), "tag": _("tags"), "interest": _("interests"),
    "birthday": _("birthday"), "birth_year": _("year of birth"), "birth_month": _("month of birth"),
    "birth_day": _("day of birth"), "anniversary": _("anniversary"), "met_on": _("met on"),
    "met_through": _("met through"), "label": _("kind of the next column"), "id": _("id in that program"),
}  # fmt: skip


@require_safe
def page(request: Request) -> HttpResponse:
    """`/import/columns?token=…`: the columns of the file that waits."""
    token = request.GET.get("token", "")
    path = uploads.kept(token)
    columns = mappings.look(request.owner, path)
    context = {"columns": columns, "meanings": MEANINGS, "token": token, "file": path.name}
    return render(request, "web/columns.html", context)


@require_POST
def save(request: Request) -> HttpResponse:
    """Keep the meanings and look at the file again with them."""
    token = request.POST.get("token", "")
    path = uploads.kept(token)
    columns = mappings.look(request.owner, path)
    told = {column.name: request.POST.get(f"column-{number}", "") for number, column in enumerate(columns)}
    mappings.save(request.owner, told, title=path.name)
    return imports.look_again(request, token)
