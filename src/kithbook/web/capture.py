"""Quick capture: a sentence, what was understood, and only then written down. And the form for somebody new."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kithbook.core.errors import Conflict, KithbookError, sentences
from kithbook.services import capturing, editing
from kithbook.services.views import CaptureView, ChoiceView
from kithbook.web import errors, forms, notices
from kithbook.web.requests import Request

CHOICE = "choice:"
NEW = "new"


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request) -> HttpResponse:
    """`/capture`: what the sentence was understood as; writes nothing."""
    text = request.POST.get("text", "").strip()
    if not text:
        return render(request, "web/capture.html", {"view": None})
    return _preview(request, capturing.understand(request.owner, text, choices=_choices(request)))


@require_POST
def save(request: Request) -> HttpResponse:
    """Write the sentence down; what is unclear comes back as a question."""
    text = request.POST.get("text", "").strip()
    try:
        view = capturing.log(request.owner, text, choices=_choices(request))
    except Conflict as error:
        asked = error.details.get("capture")
        if not isinstance(asked, CaptureView):
            raise
        return errors.into(_preview(request, asked, status=errors.STATUS[error.kind]), "#preview")
    names = ", ".join([*(person.name for person in view.people), *view.new_people][:4]) or _("your note")
    notices.say_done(request, _("Logged: %(names)s.") % {"names": names}, view.batch)
    return notices.back(request, reverse("today"))


def _preview(request: Request, view: CaptureView, status: int = 200) -> HttpResponse:
    chosen = _choices(request)
    choices = [(choice, CHOICE + choice.text, _question(view, choice)) for choice in view.choices]
    asked = {question for _choice, _field, question in choices}
    context = {
        "view": view,
        "segments": _segments(view),
        "choices": choices,
        "chosen": [(CHOICE + name, value) for name, value in chosen.items()],
        "questions": [question for question in view.questions if question not in asked],
        "next": request.POST.get("next", ""),
    }
    return render(request, "web/capture.html", context, status=status)


def _question(view: CaptureView, choice: ChoiceView) -> str:
    """The question that is about this name."""
    for question in view.questions:
        if choice.text in question:
            return question
    return _("Who is “%(name)s”?") % {"name": choice.text}


def _choices(request: Request) -> dict[str, str]:
    """The name in the sentence → the id of the person meant, or "new"."""
    sent = {key.removeprefix(CHOICE): str(value) for key, value in request.POST.items() if key.startswith(CHOICE)}
    return {name: value for name, value in sent.items() if value}


def _segments(view: CaptureView) -> list[dict[str, Any]]:
    """The sentence cut at the understood parts; `meaning` is empty between them."""
    found: list[dict[str, Any]] = []
    unclear = {choice.text for choice in view.choices}
    at = 0
    for part in sorted(view.parts, key=lambda one: one.start):
        if part.start < at:
            continue
        found.append({"text": view.text[at : part.start], "meaning": ""})
        piece = view.text[part.start : part.end]
        found.append({"text": piece, "meaning": part.meaning.partition(":")[0], "unclear": piece in unclear})
        at = part.end
    found.append({"text": view.text[at:], "meaning": ""})
    return [segment for segment in found if segment["text"]]


@require_http_methods(["GET", "HEAD", "POST"])
def met(request: Request) -> HttpResponse:
    """`/met`: somebody new, with the three light steps that follow."""
    form = forms.MetForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    if request.method != "POST" or not form.is_valid():
        return _met_page(request, form, 422 if form.errors else 200)
    wanted = form.cleaned_data
    lists = {field: forms.phrases(wanted[field]) or None for field in ("interests", "needs", "goals")}
    try:
        person = capturing.met(
            request.owner,
            wanted["name"],
            at=wanted["at"],
            through=wanted["through"],
            on=wanted["on"],
            promised=wanted["promised"],
            email=wanted["reach"],
            **lists,
        )
        if wanted["organisation"]:
            editing.add_job(request.owner, person.id, wanted["organisation"])
    except KithbookError as error:
        form.add_error(_field_of(error, wanted), sentences(*errors.told(error)))
        return _met_page(request, form, errors.STATUS[error.kind])
    notices.say(request, _("%(name)s is in your network. A short thank-you comes first.") % {"name": person.name})
    return notices.back(request, reverse("person", args=[person.id]))


def _field_of(error: KithbookError, wanted: dict[str, Any]) -> str | None:
    """The field that an error names the text of, to be shown beside it; None where it is about the whole."""
    return next((field for field in ("reach", "through") if wanted[field] and wanted[field] in error.message), None)


def _met_page(request: Request, form: forms.MetForm, status: int) -> HttpResponse:
    known = forms.KnownForm(auto_id="known_%s")
    return render(request, "web/met.html", {"form": form, "known": known}, status=status)


@require_POST
def known(request: Request) -> HttpResponse:
    """Somebody one has known for longer: no first steps, nothing counts as contact."""
    wanted = forms.require(forms.KnownForm(request.POST))
    person = editing.add(
        request.owner, wanted["name"], email=wanted["reach"], place=wanted["place"], note=wanted["note"]
    )
    if wanted["organisation"]:
        editing.add_job(request.owner, person.id, wanted["organisation"], wanted["role"])
    notices.say(request, _("%(name)s is among your people.") % {"name": person.name})
    return notices.back(request, reverse("person", args=[person.id]))
