"""The parts of the settings page beside the owner's own fields: review, times, shares, calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kithbook.services import calendars, mailer, owners, paces, preferences
from kithbook.web import forms as web_forms
from kithbook.web import notices, words
from kithbook.web.requests import Request

DAYS = {
    "monday": gettext_lazy("Monday"), "tuesday": gettext_lazy("Tuesday"), "wednesday": gettext_lazy("Wednesday"),
    "thursday": gettext_lazy("Thursday"), "friday": gettext_lazy("Friday"), "saturday": gettext_lazy("Saturday"),
    "sunday": gettext_lazy("Sunday"),
}  # fmt: skip
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
CALENDAR = {
    "on": gettext_lazy("The calendar feed is on."),
    "off": gettext_lazy("The calendar feed is off."),
    "renew": gettext_lazy("The calendar feed has a new address; the old one does not work any more."),
}


class ReviewForm(forms.Form):
    """Day, hour and mail of the review."""

    review_day = forms.ChoiceField(label=gettext_lazy("Day of the review"), choices=list(DAYS.items()))
    review_hour = forms.TypedChoiceField(label=gettext_lazy("Hour"), choices=HOURS, coerce=int)
    review_to = forms.ChoiceField(label=gettext_lazy("To"), required=False)
    review_mail = forms.BooleanField(label=gettext_lazy("Send me the review by mail"), required=False)

    def __init__(self, *args: Any, addresses: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        first = [("", addresses[0] if addresses else _("no address yet"))]
        self.fields["review_to"].choices = first + [(one, one) for one in addresses[1:]]  # type: ignore[attr-defined]


class TimesForm(forms.Form):
    """Protected time, quiet time, caps."""

    relationship_time = forms.CharField(
        label=gettext_lazy("Relationship time"), required=False, max_length=500,
        help_text=gettext_lazy("Times you keep free for people, for example: tue 16:00-17:00, fri 9:00-9:30."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "tue 16:00-17:00"}),
    )  # fmt: skip
    quiet_from = forms.TypedChoiceField(label=gettext_lazy("Quiet from"), choices=HOURS, coerce=int)
    quiet_until = forms.TypedChoiceField(label=gettext_lazy("Quiet until"), choices=HOURS, coerce=int)
    quiet_days = forms.MultipleChoiceField(
        label=gettext_lazy("Quiet days"), required=False, choices=list(DAYS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    social_minutes = forms.IntegerField(
        label=gettext_lazy("Social media, minutes a week"), min_value=0, max_value=preferences.MOST_SOCIAL,
        widget=forms.NumberInput(attrs={"step": 5, "inputmode": "numeric"}),
    )  # fmt: skip
    giving_share = forms.IntegerField(
        label=gettext_lazy("Giving with no purpose, % of the minutes"), min_value=0,
        max_value=preferences.MOST_GIVING, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


def context(request: Request) -> dict[str, Any]:
    """What the settings page shows of the choices."""
    owner = request.owner
    chosen = preferences.show(owner)
    addresses = owners.settings(owner).addresses
    values = {name: getattr(chosen, name) for name in TimesForm.base_fields}
    feed = calendars.feed(owner)
    return {
        "choices": chosen,
        "review_form": ReviewForm(
            initial={name: getattr(chosen, name) for name in ReviewForm.base_fields}, addresses=addresses
        ),
        "times_form": TimesForm(initial={**values, "relationship_time": ", ".join(chosen.relationship_time)}),
        "shares": [(stage, words.STAGES[int(stage)], share) for stage, share in chosen.shares.items()],
        "paces": paces.listing(owner),
        "calendar_url": request.build_absolute_uri(feed.path) if feed.is_on else "",
        "mail_ready": mailer.is_ready(),
        "has_address": bool(addresses),
    }


def _saved(request: Request, text: str, part: str) -> HttpResponse:
    notices.say(request, text)
    return notices.back(request, f"{reverse('settings')}#{part}")


@require_POST
def review(request: Request) -> HttpResponse:
    """Day, hour and mail of the review."""
    form = ReviewForm(request.POST, addresses=owners.settings(request.owner).addresses)
    preferences.change(request.owner, **web_forms.require(form))
    return _saved(request, _("Saved."), "review")


@require_POST
def times(request: Request) -> HttpResponse:
    """Relationship time, quiet times, caps."""
    values = web_forms.require(TimesForm(request.POST))
    preferences.change(request.owner, **{**values, "relationship_time": web_forms.phrases(values["relationship_time"])})
    return _saved(request, _("Saved."), "times")


@require_POST
def shares(request: Request) -> HttpResponse:
    """Shares of the stages; the usual ones come back with the second button."""
    given = {} if "usual" in request.POST else {str(n): request.POST.get(f"share-{n}", "") for n in words.STAGES}
    preferences.change(request.owner, shares=given)
    return _saved(request, _("Saved."), "shares")


@require_POST
def paces_saved(request: Request) -> HttpResponse:
    """Days and limits; the usual ones come back with the second button."""
    given = {name: request.POST[name] for name in paces.PACES if name in request.POST}
    paces.change(request.owner, {} if "usual" in request.POST else given)
    return _saved(request, _("Saved."), "paces")


@require_POST
def calendar(request: Request) -> HttpResponse:
    """Switch the feed on or off, or renew its address."""
    act = request.POST.get("act", "")
    if act == "renew":
        calendars.renew(request.owner)
    else:
        calendars.switch(request.owner, act == "on")
    return _saved(request, str(CALENDAR.get(act, CALENDAR["off"])), "calendar")


@require_POST
def try_mail(request: Request) -> HttpResponse:
    """Send the review now, to try the mail server."""
    return _saved(request, mailer.send_now(request.owner).message, "review")
