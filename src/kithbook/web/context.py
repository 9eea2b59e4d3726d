"""What every page of the shell needs: navigation, the owner's date, notices."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kithbook.services import clock
from kithbook.web import notices


class Place(NamedTuple):
    """An entry of the navigation; `wide` ones are left out of the bar on phones."""

    view: str
    label: Any
    icon: str
    wide: bool = False


NAV = (
    Place("today", _("Today"), "today"),
    Place("week", _("Week"), "week"),
    Place("people", _("People"), "people"),
    Place("met", _("Met someone"), "met", wide=True),
    Place("import", _("Import"), "import"),
    Place("settings", _("Settings"), "settings"),
)
SECTIONS = {
    "person": "people", "batch_undo": "import", "import_job": "import", "import_problems": "import",
}  # fmt: skip


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell."""
    match = request.resolver_match
    name = match.url_name if match else ""
    context: dict[str, Any] = {"nav": NAV, "here": SECTIONS.get(name or "", name)}
    if hasattr(request, "owner"):
        context["today"] = clock.today(request.owner)
        # A notice is shown once: it is taken out only by a page that has a place for it.
        context["notices"] = lambda: notices.pending(request)
    return context
