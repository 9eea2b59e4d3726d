"""What every page of the shell needs: navigation, the owner's date, notices."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kithbook.services import clock, tips
from kithbook.web import notices


class Place(NamedTuple):
    """An entry of the navigation; `about` says in a line what the page is for."""

    view: str
    label: Any
    icon: str
    about: Any = ""


class Group(NamedTuple):
    """Places that belong together; the first group has no title and is what phones show in the bar."""

    title: Any
    places: tuple[Place, ...]

    @property
    def views(self) -> list[str]:
        """Names of the views of its places."""
        return [place.view for place in self.places]


NAV = (
    Group(
        "",
        (
            Place("today", _("Today"), "today"),
            Place("week", _("Week"), "week"),
            Place("people", _("People"), "people"),
            Place("find", _("Who can help"), "find"),
        ),
    ),
    Group(
        _("Keep"),
        (
            Place("newcomers", _("New people"), "met", _("First steps with people you met: 24 hours, 7 and 30 days.")),
            Place("ladder", _("Stages"), "stage", _("Who stands where, and what the next stage wants.")),
            Place("between", _("In between"), "between", _("Good people who slip through the cracks.")),
            Place("clips", _("To pass on"), "clip", _("Things to read, and whom they suit.")),
        ),
    ),
    Group(
        _("Give and ask"),
        (
            Place("bank", _("Bank"), "bank", _("What was given, got, thanked and promised.")),
            Place("thanks", _("Thanks"), "gift", _("Who opened a door, and who has not heard from you.")),
            Place("introductions", _("Introductions"), "intro", _("From the idea until everyone is thanked.")),
            Place("asks", _("Asks"), "ask", _("What you may ask whom, and what came of it.")),
        ),
    ),
    Group(
        _("Aim"),
        (
            Place("objectives", _("Objectives"), "aim", _("What you want to reach, and who could help.")),
            Place("events", _("Events and groups"), "event", _("Who will be there, and what follows.")),
            Place("places", _("Places"), "place", _("Who is where you are going.")),
            Place("review", _("Review"), "review", _("The week behind you and the one ahead.")),
        ),
    ),
    Group(
        _("Set up"),
        (
            Place("import", _("Import"), "import", _("Mail, address books, LinkedIn.")),
            Place("accounts", _("Accounts"), "account", _("Mailboxes, calendars and address books on servers.")),
            Place("devices", _("Phones, programs"), "call", _("Your people on a phone; tokens for programs.")),
            Place("settings", _("Settings"), "settings", _("Minutes, days, addresses.")),
        ),
    ),
)
MORE = Place("more", _("More"), "more")
SECTIONS = {
    "person": "people", "duplicates": "people", "compare": "people", "brief": "people", "facts": "people",
    "met": "newcomers", "clip": "clips", "feeds": "clips", "bank_entries": "bank", "bank_entry_page": "bank",
    "introduction": "introductions", "introduction_suggestions": "introductions",
    "introduction_requests": "introductions", "review_step": "review", "stats": "review",
    "batch_undo": "import", "import_job": "import", "import_problems": "import", "columns": "import",
    "account": "accounts", "device_add": "devices", "program_add": "devices",
}  # fmt: skip
"""Pages that belong to an entry of the navigation."""
TIPPED = frozenset(("newcomers", "bank", "asks", "introductions", "between"))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell."""
    match = request.resolver_match
    name = match.url_name if match else ""
    here = SECTIONS.get(name or "", name)
    in_bar = here in NAV[0].views
    context: dict[str, Any] = {"nav": NAV, "more_page": MORE, "here": here, "in_bar": in_bar}
    if hasattr(request, "owner"):
        context["today"] = clock.today(request.owner)
        # A short explanation where a rule is first met, on the pages that place none themselves.
        context["page_tip"] = lambda: tips.current(request.owner, name) if name in TIPPED else None
        # A notice is shown once: it is taken out only by a page that has a place for it.
        context["notices"] = lambda: notices.pending(request)
    return context
