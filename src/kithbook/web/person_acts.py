"""What can be done on a person's page. Each act parses its form, calls one service and goes back to the page."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kithbook.services import capturing, editing, ladder
from kithbook.web import forms, notices, words
from kithbook.web.bank import write_entry
from kithbook.web.requests import Request


def _back(request: Request, person: str, text: str = "", undo: str = "") -> HttpResponse:
    if text:
        notices.say(request, text, undo=undo)
    return notices.back(request, reverse("person", args=[person]))


@require_POST
def spoke(request: Request, person: str) -> HttpResponse:
    """Note that the two spoke or wrote."""
    note = capturing.spoke(request.owner, person, **forms.require(forms.SpokeForm(request.POST)))
    notices.say_done(request, note.message, note.batch)
    return _back(request, person)


@require_POST
def edit(request: Request, person: str) -> HttpResponse:
    """Name, place, note, ratings, marks: only what the form has."""
    editing.edit(request.owner, person, **forms.PersonForm(request.POST).changes())
    return _back(request, person, _("Saved."))


@require_POST
def tag(request: Request, person: str) -> HttpResponse:
    """Add a tag."""
    editing.tag(request.owner, person, request.POST.get("tag", ""))
    return _back(request, person)


@require_POST
def untag(request: Request, person: str) -> HttpResponse:
    """Take a tag off."""
    editing.untag(request.owner, person, request.POST.get("tag", ""))
    return _back(request, person)


@require_POST
def add_identity(request: Request, person: str) -> HttpResponse:
    """Add an e-mail, phone number or profile address."""
    editing.add_identity(request.owner, person, request.POST.get("value", ""), request.POST.get("label", ""))
    return _back(request, person)


@require_POST
def remove_identity(request: Request, person: str) -> HttpResponse:
    """Take one away."""
    editing.remove_identity(request.owner, person, request.POST.get("value", ""))
    return _back(request, person, _("%(value)s was taken away.") % {"value": request.POST.get("value", "")})


@require_POST
def add_job(request: Request, person: str) -> HttpResponse:
    """Note where they work."""
    editing.add_job(request.owner, person, request.POST.get("organisation", ""), request.POST.get("role", ""))
    return _back(request, person)


@require_POST
def topic(request: Request, person: str) -> HttpResponse:
    """Note a need, offer, interest, goal or fact."""
    editing.note_topic(request.owner, person, request.POST.get("kind", ""), request.POST.get("text", ""))
    return _back(request, person)


@require_POST
def drop_topic(request: Request, person: str) -> HttpResponse:
    """Take one away again."""
    editing.drop_topic(request.owner, person, request.POST.get("topic", ""))
    return _back(request, person)


@require_POST
def bank_entry(request: Request, person: str) -> HttpResponse:
    """Write down something given or got."""
    entry = write_entry(request, person, forms.phrases(request.POST.get("people", "")))
    text = _("Written down: %(what)s.") % {"what": entry.label}
    notices.say_done(request, text, entry.batch)
    return _back(request, person)


@require_POST
def confirm(request: Request, person: str) -> HttpResponse:
    """Agree to the proposed stage."""
    view = ladder.confirm(request.owner, person)
    return _back(request, person, _("Now at %(to)s.") % {"to": words.say(words.STAGES, view.stage)})


@require_POST
def decline(request: Request, person: str) -> HttpResponse:
    """Not yet."""
    ladder.decline(request.owner, person)
    return _back(request, person, _("It stays where it is."))


@require_POST
def place(request: Request, person: str) -> HttpResponse:
    """Put a person on a stage by hand."""
    wanted = forms.require(forms.StageForm(request.POST))
    view = ladder.place(request.owner, person, wanted["stage"], why=wanted["why"])
    return _back(request, person, _("Now at %(to)s.") % {"to": words.say(words.STAGES, view.stage)})


@require_POST
def archive(request: Request, person: str) -> HttpResponse:
    """Let go."""
    view = editing.archive(request.owner, person)
    text = _("%(name)s is let go: nothing more is proposed, search still finds them.") % {"name": view.name}
    return _back(request, person, text, reverse("unarchive", args=[person]))


@require_POST
def unarchive(request: Request, person: str) -> HttpResponse:
    """Take back among those kept."""
    view = editing.unarchive(request.owner, person)
    return _back(request, person, _("%(name)s is back.") % {"name": view.name})


@require_POST
def trash(request: Request, person: str) -> HttpResponse:
    """Into the trash."""
    view = editing.trash(request.owner, person)
    notices.say(request, _("%(name)s is in the trash.") % {"name": view.name}, undo=reverse("untrash", args=[person]))
    return notices.back(request, reverse("people"))


@require_POST
def untrash(request: Request, person: str) -> HttpResponse:
    """Out of the trash."""
    view = editing.untrash(request.owner, person)
    notices.say(request, _("%(name)s is back.") % {"name": view.name})
    return notices.back(request, reverse("person", args=[person]))
