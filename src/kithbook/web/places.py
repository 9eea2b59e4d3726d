"""Places: who is where, trips and moves."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import places
from kithbook.web import aimforms, forms, notices
from kithbook.web.requests import Request

HERE = "places"


@require_safe
def page(request: Request) -> HttpResponse:
    """`/places`: trips, places, and who is in one of them."""
    wanted = request.GET.get("place", "").strip()[:200]
    context = {
        "here": HERE,
        "found": places.listing(request.owner),
        "wanted": wanted,
        "there": places.who(request.owner, wanted) if any(letter.isalpha() for letter in wanted) else None,
    }
    return render(request, "web/places.html", context)


@require_safe
def trip(request: Request, trip: str) -> HttpResponse:
    """`/trips/<id>`: whom to see, whom to keep."""
    view = places.trip(request.owner, trip)
    return render(request, "web/trip.html", {"here": HERE, "journey": view, "item": view.trip})


@require_POST
def add_trip(request: Request) -> HttpResponse:
    """A new one."""
    view = places.add_trip(request.owner, **forms.require(aimforms.TripForm(request.POST)))
    notices.say_done(request, _("Noted: %(place)s.") % {"place": view.trip.place}, view.batch)
    return notices.back(request, reverse("trip", args=[view.trip.id]))


@require_POST
def edit_trip(request: Request, trip: str) -> HttpResponse:
    """Change one."""
    places.edit_trip(request.owner, trip, **forms.require(aimforms.TripForm(request.POST)))
    notices.say(request, _("Saved."))
    return notices.back(request, reverse("trip", args=[trip]))


@require_POST
def drop_trip(request: Request, trip: str) -> HttpResponse:
    """Not going."""
    notices.say(request, places.drop_trip(request.owner, trip).message)
    return notices.back(request, reverse("places"))


@require_POST
def keep(request: Request, trip: str) -> HttpResponse:
    """Light rhythms for those left behind."""
    view = places.keep_lightly(request.owner, trip)
    notices.say_done(request, _("A word now and then is enough: nothing is proposed before."), view.batch)
    return notices.back(request, reverse("trip", args=[trip]))


@require_POST
def home(request: Request) -> HttpResponse:
    """Where I live."""
    places.home(request.owner, request.POST.get("place", ""))
    notices.say(request, _("Saved."))
    return notices.back(request, reverse("places"))
