"""Introductions: the board, one introduction with its drafts, suggestions, and what people asked of you."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import introductions, requests
from kithbook.services.introviews import IntroductionPage
from kithbook.web import forms, lists, notices
from kithbook.web.requests import Request

LEVELS: dict[str, Any] = {
    "know_of": gettext_lazy("I know of them"), "met": gettext_lazy("I have met them"),
    "worked_with": gettext_lazy("I have worked with them"), "vouch": gettext_lazy("I vouch for them"),
}  # fmt: skip
REQUEST_KINDS: dict[str, Any] = {
    "help": gettext_lazy("Help"), "introduction": gettext_lazy("An introduction"),
    "question": gettext_lazy("An answer"),
}  # fmt: skip
REQUEST_STATES: dict[str, Any] = {
    "helped": gettext_lazy("helped"), "passed_on": gettext_lazy("passed on"), "declined": gettext_lazy("declined"),
}  # fmt: skip
ENDED_SHOWN, CARDS_SHOWN = 30, 6


class MoveForm(django_forms.Form):
    """A move with what belongs to it."""

    to = django_forms.CharField(label=gettext_lazy("What happened"), max_length=40)
    note = django_forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)
    on = django_forms.DateField(label=gettext_lazy("Day"), required=False)
    outcome = django_forms.CharField(label=gettext_lazy("What came of it"), required=False, max_length=500)
    value = django_forms.FloatField(label=gettext_lazy("What it was worth"), required=False, min_value=0)


class RequestForm(django_forms.Form):
    """What somebody asked for."""

    person = django_forms.CharField(label=gettext_lazy("Who asked"), max_length=300)
    text = django_forms.CharField(label=gettext_lazy("What for"), required=False, max_length=500)
    kind = django_forms.ChoiceField(label=gettext_lazy("Kind"), choices=[(code, code) for code in requests.KINDS])
    target = django_forms.CharField(label=gettext_lazy("Whom they want to meet"), required=False, max_length=300)


class AnswerForm(django_forms.Form):
    """How a request was answered."""

    state = django_forms.ChoiceField(label=gettext_lazy("Answer"), choices=[(code, code) for code in requests.ENDS])
    note = django_forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)
    minutes = django_forms.IntegerField(label=gettext_lazy("Minutes"), required=False, min_value=0)
    to = django_forms.CharField(label=gettext_lazy("To whom"), required=False, max_length=300)


@require_safe
def page(request: Request) -> HttpResponse:
    """`/introductions`: all of them by how far they are."""
    board = introductions.board(request.owner)
    shown = [column for column in board.columns if column.cards and column.key != "ended"]
    ended = next(column for column in board.columns if column.key == "ended")
    context = {
        "tab": "board",
        "shown": lists.shown(request, CARDS_SHOWN),
        "board": board,
        "columns": shown,
        "ended": ended.cards[:ENDED_SHOWN],
        "ended_total": len(ended.cards),
        "levels": LEVELS,
        "first": request.GET.get("first", ""),
        "purpose": request.GET.get("purpose", ""),
    }
    return render(request, "web/introductions.html", context)


@require_safe
def suggestions(request: Request) -> HttpResponse:
    """`/introductions/suggestions`: who could help whom, and who connects."""
    who = request.GET.get("for", "").strip()
    context = {
        "tab": "suggestions",
        "for": who,
        "suggestions": introductions.suggest(request.owner, for_person=who, limit=12),
        "connectors": introductions.connectors(request.owner),
        "verdicts": ("no", "yes"),
    }
    return render(request, "web/introduction_suggestions.html", context)


@require_safe
def inbox(request: Request) -> HttpResponse:
    """`/introductions/requests`: what people asked of you."""
    context = {
        "tab": "requests",
        "inbox": requests.inbox(request.owner),
        "kinds": REQUEST_KINDS,
        "states": REQUEST_STATES,
        "who": request.GET.get("person", ""),
    }
    return render(request, "web/introduction_requests.html", context)


@require_safe
def show(request: Request, introduction: str) -> HttpResponse:
    """`/introductions/<id>`: its steps, what can follow, and drafts to begin with."""
    view = introductions.show(request.owner, introduction)
    other = [move for move in view.moves if move.to != view.card.action]
    context = {
        "view": view,
        "card": view.card,
        "moves": other,
        "can_end": any(move.to == "outcome" for move in view.moves),
        "levels": LEVELS,
        "steps": list(reversed(view.steps)),
    }
    return render(request, "web/introduction.html", context)


@require_POST
def add(request: Request) -> HttpResponse:
    """Bring two people together."""
    sent = request.POST
    view = introductions.add(
        request.owner, sent.get("a", ""), sent.get("b", ""), purpose=sent.get("purpose", ""),
        asked_by=sent.get("asked_by", ""), endorsement=sent.get("endorsement", ""), goal=sent.get("goal", ""),
    )  # fmt: skip
    return _went_on(request, view, _("Noted: %(a)s and %(b)s.") % _names(view))


@require_POST
def introduced(request: Request) -> HttpResponse:
    """Somebody introduced the owner."""
    sent = request.POST
    wanted = forms.require(_DayForm(sent))
    view = introductions.introduced(
        request.owner, sent.get("by", ""), sent.get("to", ""), purpose=sent.get("purpose", ""), on=wanted["on"]
    )
    return _went_on(request, view, _("Noted. Answer and thank first: there is a draft."))


@require_POST
def move(request: Request, introduction: str) -> HttpResponse:
    """Move an introduction on."""
    wanted = forms.require(MoveForm(request.POST))
    view = introductions.move(
        request.owner, introduction, wanted["to"], note=wanted["note"], on=wanted["on"], outcome=wanted["outcome"],
        value=wanted["value"],
    )  # fmt: skip
    text = _("%(what)s. Next: %(next)s") % {"what": capfirst(view.steps[-1].text), "next": view.card.next}
    notices.say_done(request, text, view.batch)
    return notices.back(request, reverse("introduction", args=[view.card.id]))


@require_POST
def back(request: Request, introduction: str) -> HttpResponse:
    """Take the last step back."""
    view = introductions.undo_step(request.owner, introduction)
    notices.say(request, _("Taken back. Next: %(next)s") % {"next": view.card.next})
    return notices.back(request, reverse("introduction", args=[view.card.id]))


@require_POST
def change(request: Request, introduction: str) -> HttpResponse:
    """Its words, or what it felt like."""
    sent = request.POST
    texts = {name: sent[name] for name in ("purpose", "blurb", "endorsement", "goal", "satisfaction") if name in sent}
    if "marks" in sent:
        texts["outside_balance"] = "outside_balance" in sent
    introductions.change(request.owner, introduction, **texts)
    notices.say(request, _("Saved."))
    return notices.back(request, reverse("introduction", args=[introduction]))


@require_POST
def verdict(request: Request) -> HttpResponse:
    """Yes or no to a suggestion; yes notes the idea as well."""
    sent = {name: request.POST.get(name, "") for name in ("needs", "need", "offers", "kind")}
    said = request.POST.get("verdict", "")
    note = introductions.feedback(request.owner, sent["needs"], sent["need"], sent["offers"], said)
    if said != "yes":
        notices.say_done(request, note.message, note.batch)
        return notices.back(request, reverse("introduction_suggestions"))
    goal = sent["need"] if sent["kind"] in ("need", "goal") else ""
    view = introductions.add(request.owner, sent["needs"], sent["offers"], purpose=sent["need"], goal=goal)
    return _went_on(request, view, _("Noted: %(a)s and %(b)s.") % _names(view))


@require_POST
def permit(request: Request, person: str) -> HttpResponse:
    """Standing permission, and how far the owner speaks for a person."""
    if "level" in request.POST:
        introductions.vouch(request.owner, person, request.POST["level"])
    note = introductions.permit(request.owner, person, standing="standing" in request.POST)
    notices.say(request, note.message)
    return notices.back(request, reverse("person", args=[person]))


@require_POST
def request_add(request: Request) -> HttpResponse:
    """Note what somebody asked for."""
    wanted = forms.require(RequestForm(request.POST))
    view = requests.received(
        request.owner, wanted["person"], wanted["text"], kind=wanted["kind"], target=wanted["target"]
    )
    text = _("Noted: %(name)s asked for %(what)s.") % {"name": view.person.name, "what": view.text}
    notices.say_done(request, text, view.batch)
    return notices.back(request, reverse("introduction_requests"))


@require_POST
def request_close(request: Request, key: str) -> HttpResponse:
    """Helped, passed on or declined."""
    wanted = forms.require(AnswerForm(request.POST))
    view = requests.close(
        request.owner, key, wanted["state"], note=wanted["note"], minutes=wanted["minutes"], to=wanted["to"]
    )
    text = _("%(name)s: %(state)s.") % {"name": view.person.name, "state": REQUEST_STATES[view.state]}
    notices.say_done(request, text, view.batch)
    onward = (
        reverse("introduction", args=[view.introduction]) if view.introduction else reverse("introduction_requests")
    )
    return notices.back(request, onward)


def of_person(request: Request, person: str, name: str) -> dict[str, Any]:
    """What the page of a person shows of introductions."""
    return {
        "introductions": introductions.of_person(request.owner, person),
        "requests": requests.of_person(request.owner, person),
        "introduction_query": urlencode({"first": name}),
        "speaking": introductions.speaking(request.owner, person),
        "levels": LEVELS,
    }


class _DayForm(django_forms.Form):
    on = django_forms.DateField(label=gettext_lazy("Day"), required=False)

    def clean_on(self) -> dt.date | None:
        """As given."""
        return self.cleaned_data["on"] or None


def _went_on(request: Request, view: IntroductionPage, text: str) -> HttpResponse:
    notices.say_done(request, text, view.batch)
    return notices.back(request, reverse("introduction", args=[view.card.id]))


def _names(view: IntroductionPage) -> dict[str, str]:
    return {"a": view.card.first.name, "b": view.card.second.name if view.card.second else ""}
