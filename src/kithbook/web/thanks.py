"""Thanks: who waits for them, neglected referrers, referrals both ways, and who opened which door."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kithbook.core.introductiongates import LEVELS
from kithbook.core.obligations import THANKS_RANKS
from kithbook.services import referrals
from kithbook.services.views import Note
from kithbook.web import forms, lists, notices, words
from kithbook.web.requests import Request

STATES: dict[str, Any] = {
    "due": gettext_lazy("thanks due"), "overdue": gettext_lazy("thanks late"),
    "partly": gettext_lazy("partly thanked"), "thanked": gettext_lazy("thanked"),
}  # fmt: skip
VOUCH: dict[str, Any] = {
    "know_of": gettext_lazy("I know of them"), "met": gettext_lazy("I have met them"),
    "worked_with": gettext_lazy("I have worked with them"), "vouch": gettext_lazy("I vouch for them"),
}  # fmt: skip
DOORS: dict[str, Any] = {
    "person": gettext_lazy("a person"), "introduction": gettext_lazy("an introduction"),
    "referral": gettext_lazy("a referral"), "outcome": gettext_lazy("something good"),
}  # fmt: skip
DOORS_SHOWN, STEP, PAGE = 6, 8, 25


class ThankForm(django_forms.Form):
    """How one thanked."""

    channel = django_forms.ChoiceField(label=gettext_lazy("How"), choices=[(code, code) for code in THANKS_RANKS])
    note = django_forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)
    on = django_forms.DateField(label=gettext_lazy("Day"), required=False)


class ReportForm(django_forms.Form):
    """What one told them."""

    note = django_forms.CharField(label=gettext_lazy("What you told them"), required=False, max_length=500)


class ReceivedForm(django_forms.Form):
    """A referral that one got."""

    person = django_forms.CharField(label=gettext_lazy("From whom"), max_length=300)
    kind = django_forms.CharField(label=gettext_lazy("What kind"), required=False, max_length=40)
    text = django_forms.CharField(label=gettext_lazy("What"), required=False, max_length=500)
    about = django_forms.CharField(label=gettext_lazy("To whom it leads"), required=False, max_length=300)
    on = django_forms.DateField(label=gettext_lazy("Day"), required=False)


class GivenForm(django_forms.Form):
    """A referral that one made."""

    receiver = django_forms.CharField(label=gettext_lazy("To whom"), max_length=300)
    text = django_forms.CharField(label=gettext_lazy("What"), required=False, max_length=500)
    about = django_forms.CharField(label=gettext_lazy("Whom you sent"), required=False, max_length=300)
    vouch = django_forms.ChoiceField(
        label=gettext_lazy("How far you vouch"), required=False, choices=[("", ""), *((word, word) for word in LEVELS)]
    )
    on = django_forms.DateField(label=gettext_lazy("Day"), required=False)


class ResultForm(django_forms.Form):
    """What came of a referral."""

    outcome = django_forms.CharField(label=gettext_lazy("What came of it"), max_length=500)
    value = django_forms.CharField(label=gettext_lazy("What it was worth"), required=False, max_length=20)
    went = django_forms.ChoiceField(required=False, choices=[(word, word) for word in ("", "well", "badly")])


@require_safe
def page(request: Request) -> HttpResponse:
    """`/thanks`: who waits for thanks, who was neglected, what is done, and the doors that were opened."""
    opened = referrals.doors(request.owner)
    context = {
        "thanks": referrals.thanks_owed(request.owner),
        "neglected": referrals.neglected(request.owner),
        "doors": opened[:DOORS_SHOWN],
        "doors_total": len(opened),
        "shown": lists.shown(request, STEP),
        "referrals": referrals.listing(request.owner)[:DOORS_SHOWN],
        **_choices(),
    }
    return render(request, "web/thanks.html", context)


@require_safe
def referrals_page(request: Request) -> HttpResponse:
    """`/thanks/referrals`: referrals got and made, with what came of them."""
    context = {"referrals": referrals.listing(request.owner), "shown": lists.shown(request, PAGE), **_choices()}
    return render(request, "web/referrals.html", context)


@require_safe
def doors(request: Request) -> HttpResponse:
    """`/thanks/doors`: who opened which door; with a person only those about them."""
    who = request.GET.get("person", "").strip()[:300]
    context = {"doors": referrals.doors(request.owner, who), "who": who, "door_kinds": DOORS}
    context["shown"] = lists.shown(request, PAGE)
    return render(request, "web/doors.html", context)


@require_POST
def thank(request: Request, help_id: str) -> HttpResponse:
    """Thanks were given."""
    return _said(request, referrals.thank(request.owner, help_id, **forms.require(ThankForm(request.POST))))


@require_POST
def report(request: Request, help_id: str) -> HttpResponse:
    """They were told how it goes."""
    return _said(request, referrals.report(request.owner, help_id, **forms.require(ReportForm(request.POST))))


@require_POST
def received(request: Request) -> HttpResponse:
    """A referral came in."""
    view = referrals.received(request.owner, **forms.require(ReceivedForm(request.POST)))
    return _said(request, Note(_("Written down. %(next)s") % {"next": view.message}, view.batch))


@require_POST
def given(request: Request) -> HttpResponse:
    """A referral was made."""
    view = referrals.given(request.owner, **forms.require(GivenForm(request.POST)))
    return _said(request, Note(_("Written down. %(next)s") % {"next": view.message}, view.batch))


@require_POST
def outcome(request: Request, referral: str) -> HttpResponse:
    """What came of a referral."""
    view = referrals.outcome(request.owner, referral, **forms.require(ResultForm(request.POST)))
    return _said(request, Note(_("Written down. %(next)s") % {"next": view.message}, view.batch))


def _choices() -> dict[str, Any]:
    return {
        "states": STATES, "vouch_levels": VOUCH, "door_kinds": DOORS,
        "thanks_channels": [(code, words.CHANNELS[code]) for code in THANKS_RANKS if code != "video"],
    }  # fmt: skip


def _said(request: Request, note: Note) -> HttpResponse:
    notices.say_done(request, note.message.strip(), note.batch)
    return notices.back(request, reverse("thanks"))
