"""The right to ask: looking before one asks, asks made and their outcome, asks planned."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kithbook.core.errors import KithbookError
from kithbook.services import asks
from kithbook.services.askviews import AskItem
from kithbook.web import errors, forms, notices
from kithbook.web.requests import Request

VERDICTS: dict[str, Any] = {
    "ready": gettext_lazy("Ready"), "close_loop": gettext_lazy("Close a loop first"),
    "reintroduce": gettext_lazy("Reintroduce yourself first"), "deposit": gettext_lazy("Give something first"),
    "wait": gettext_lazy("Wait"),
}  # fmt: skip
OUTCOMES: dict[str, Any] = {
    "gladly": gettext_lazy("gladly"), "reluctantly": gettext_lazy("reluctantly"), "refused": gettext_lazy("refused"),
    "silence": gettext_lazy("no answer"),
}  # fmt: skip
SIZES: dict[int, Any] = {
    1: gettext_lazy("1 a quick question"), 2: gettext_lazy("2 half an hour"),
    3: gettext_lazy("3 an introduction, a reference"), 4: gettext_lazy("4 a recommendation, real work"),
    5: gettext_lazy("5 a job, a large sum"),
}  # fmt: skip
KINDS: dict[str, Any] = {
    "help": gettext_lazy("help"), "advice": gettext_lazy("advice"),
    "interview": gettext_lazy("an informational interview"), "introduction": gettext_lazy("an introduction"),
    "reference": gettext_lazy("a reference"), "referral": gettext_lazy("a referral"), "job": gettext_lazy("a job"),
    "sales": gettext_lazy("to buy something"), "meeting": gettext_lazy("a meeting"),
}  # fmt: skip
USUAL_SIZE = 2


class AskForm(django_forms.Form):
    """An ask that was made or is planned."""

    person = django_forms.CharField(label=gettext_lazy("Whom"), max_length=300)
    size = django_forms.IntegerField(label=gettext_lazy("Size"), min_value=1, max_value=5)
    kind = django_forms.CharField(label=gettext_lazy("What kind"), required=False, max_length=40)
    text = django_forms.CharField(label=gettext_lazy("What for"), required=False, max_length=500)
    outcome = django_forms.ChoiceField(
        label=gettext_lazy("Answer"), required=False, choices=[("", ""), *((word, word) for word in asks.OUTCOMES)]
    )
    on = django_forms.DateField(label=gettext_lazy("Day"), required=False)
    ask = django_forms.CharField(required=False, max_length=20)


class OutcomeForm(django_forms.Form):
    """What came of an ask."""

    outcome = django_forms.ChoiceField(label=gettext_lazy("Answer"), choices=[(word, word) for word in asks.OUTCOMES])
    on = django_forms.DateField(label=gettext_lazy("Day"), required=False)


class PlanForm(AskForm):
    """An ask for a day to come."""

    on = django_forms.DateField(label=gettext_lazy("Day"))


@require_safe
def page(request: Request) -> HttpResponse:
    """`/asks`: the check, and all asks; who and how much are in its address."""
    size = forms.whole(request.GET.get("size", ""), USUAL_SIZE)
    who, kind = request.GET.get("person", "").strip()[:300], request.GET.get("kind", "").strip()[:40]
    context: dict[str, Any] = {
        "who": who, "size": size if size in SIZES else USUAL_SIZE, "kind": kind, "kinds": KINDS, "sizes": SIZES,
        "outcomes": OUTCOMES, "verdicts": VERDICTS,
    }  # fmt: skip
    if who:
        try:
            context["found"] = found = asks.check(request.owner, who, context["size"], kind)
            context["who"], context["verdict"] = found.person.name, VERDICTS[found.verdict]
        except KithbookError as error:
            # Somebody else may be meant: said beside the form, so that nothing typed is lost.
            context["problem"], context["candidates"] = errors.told(error), error.details.get("candidates") or []
    view = asks.listing(request.owner)
    context |= {"asks": view, "outcome_counts": [(OUTCOMES[code], n) for code, n in view.outcomes.items() if n]}
    return render(request, "web/asks.html", context)


@require_POST
def record(request: Request) -> HttpResponse:
    """Write down that one asked."""
    wanted = forms.require(AskForm(request.POST))
    wanted["ask"] = wanted["ask"] or None
    return _after(request, asks.record(request.owner, **wanted), _("Written down: you asked %(name)s."))


@require_POST
def plan(request: Request) -> HttpResponse:
    """Plan an ask."""
    wanted = forms.require(PlanForm(request.POST))
    picked = {name: wanted[name] for name in ("person", "size", "on", "kind", "text")}
    return _after(request, asks.plan(request.owner, **picked), _("Planned: you will ask %(name)s."))


@require_POST
def outcome(request: Request, ask: str) -> HttpResponse:
    """What came of it."""
    view = asks.outcome(request.owner, ask, **forms.require(OutcomeForm(request.POST)))
    return _after(request, view, _("The answer of %(name)s is written down."))


@require_POST
def drop(request: Request, ask: str) -> HttpResponse:
    """Drop a planned ask."""
    notices.say(request, asks.drop(request.owner, ask).message)
    return notices.back(request, reverse("asks"))


def sizes_context(request: Request, person: str) -> dict[str, Any]:
    """The verdict for each size of ask to a person, sizes with the same answer in one line."""
    rows: list[dict[str, Any]] = []
    for one in asks.sizes(request.owner, person):
        text = one.reason if one.verdict == "ready" else one.remedy
        if rows and (rows[-1]["verdict"], rows[-1]["text"]) == (one.verdict, text):
            rows[-1]["last"] = one
        else:
            rows.append({"first": one, "last": one, "verdict": one.verdict, "text": text})
    return {"right_to_ask": [row | {"word": VERDICTS[row["verdict"]]} for row in rows]}


def _after(request: Request, view: AskItem, text: str) -> HttpResponse:
    message = " ".join(filter(None, (text % {"name": view.person.name}, view.message)))
    notices.say_done(request, message, view.batch)
    return notices.back(request, reverse("asks"))
