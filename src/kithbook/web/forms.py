"""Forms: text from the browser into typed arguments of services. The rules themselves live in the services."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from kithbook.core.channels import CHANNELS
from kithbook.core.errors import Invalid
from kithbook.core.ledger import KINDS
from kithbook.web import words

MINUTE_PRESETS = (30, 60, 120, 240)
WEEK_MINUTES = 7 * 24 * 60
ZONE_REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip


def require(form: forms.Form) -> dict[str, Any]:
    """The cleaned values; raises Invalid with the first complaint."""
    if form.is_valid():
        return form.cleaned_data
    field, complaints = next(iter(form.errors.items()))
    label = form.fields[field].label or field.replace("_", " ") if field in form.fields else ""
    raise Invalid(f"{label}: {complaints[0]}" if label else str(complaints[0]))


def whole(text: str, default: int) -> int:
    """A whole number from an address, or the default."""
    return int(text) if text.isdecimal() and len(text) < 9 else default


def addresses(text: str) -> list[str]:
    """Mail addresses separated by commas, semicolons, spaces or lines; a name between commas stays whole."""
    return [word for part in phrases(text) for word in (part.split() if "@" in part else [part])]


def phrases(text: str) -> list[str]:
    """Short texts separated by commas, semicolons or lines."""
    parts = text.replace(";", ",").replace("\n", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


@functools.cache
def zone_choices() -> list[tuple[str, Any]]:
    """Time zones by region, for a select."""
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in ZONE_REGIONS}
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if place and region in groups:
            groups[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *((region, zones) for region, zones in groups.items() if zones)]


class MinutesForm(forms.Form):
    """How long it took, if that was said."""

    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=24 * 60)


class SnoozeForm(forms.Form):
    """For how many days."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=366)


class WeekMinutesForm(forms.Form):
    """Minutes for people in a week."""

    minutes_per_week = forms.IntegerField(label=_("Minutes a week"), min_value=0, max_value=WEEK_MINUTES)


class SpokeForm(forms.Form):
    """An exchange with one person: how, when, about what."""

    channel = forms.ChoiceField(label=_("How"), choices=[(code, code) for code in CHANNELS])
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=24 * 60)
    on = forms.DateField(label=_("Day"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000)


class BankForm(forms.Form):
    """Something given or got."""

    direction = forms.ChoiceField(label=_("Direction"), choices=[("gave", "gave"), ("got", "got")])
    kind = forms.ChoiceField(label=_("What"), choices=[(code, code) for code in KINDS])
    size = forms.IntegerField(label=_("Size"), required=False, min_value=1, max_value=5)
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)
    on = forms.DateField(label=_("Day"), required=False)


def entry_details(sent: Any) -> dict[str, Any]:
    """The further fields of an entry: only those that the form had; unticked boxes are known by `details`."""
    texts = ("money", "currency", "meaningful", "inspired_by", "objective", "goal", "group", "satisfaction")
    found: dict[str, Any] = {name: sent[name].strip() for name in texts if name in sent}
    if sent.get("minutes", "").strip():
        found["minutes"] = require(MinutesForm(sent))["minutes"]
    if "details" in sent:
        found |= {name: name in sent for name in ("asked", "no_strings", "outside_balance")}
    return found


class PromiseForm(forms.Form):
    """Something that was promised, by me or by them."""

    person = forms.CharField(label=_("Who"), max_length=300)
    text = forms.CharField(label=_("What"), max_length=500)
    by = forms.ChoiceField(label=_("Whose promise"), choices=[("me", "me"), ("them", "them")])
    due_on = forms.DateField(label=_("Until"), required=False)


class StartForm(forms.Form):
    """Somebody met earlier, with whom the first steps begin."""

    person = forms.CharField(label=_("Who"), max_length=300)
    on = forms.DateField(label=_("When you met"), required=False)


class StepForm(forms.Form):
    """How a first step was done."""

    channel = forms.ChoiceField(label=_("How"), required=False, choices=[(code, code) for code in CHANNELS])
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0, max_value=24 * 60)
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)


class StageForm(forms.Form):
    """A stage chosen by hand."""

    stage = forms.IntegerField(label=_("Stage"), min_value=1, max_value=7)
    why = forms.CharField(label=_("Why"), required=False, max_length=500)


class PeopleFilter:
    """What the list of people is asked for, from its address. Nonsense in the address is left out, not refused."""

    def __init__(self, asked: Any) -> None:
        self.asked = asked

    def values(self) -> dict[str, Any]:
        """Arguments of `people.search`, and `offset`."""
        stage = whole(self.asked.get("stage", ""), 0)
        state = self.asked.get("state", "")
        sort = self.asked.get("sort", "")
        return {
            "query": self.asked.get("q", "").strip()[:200],
            "stage": stage if stage in words.STAGES else None,
            "state": state if state in words.STATES else None,
            "tweeners": bool(self.asked.get("tweeners")),
            "sort": sort if sort in words.SORTS else "warmth",
            "offset": whole(self.asked.get("offset", ""), 0),
        }


class PersonForm:
    """The parts of a person that one form of the page shows; `marks` names the checkboxes it has."""

    TEXTS = ("name", "place", "note")
    RATINGS = ("importance", "liking", "closeness")
    MARKS = ("is_kin", "is_key", "no_gifts", "shows_balance")

    def __init__(self, sent: Any) -> None:
        self.sent = sent

    def changes(self) -> dict[str, Any]:
        """Arguments of `editing.edit`: only what was in the form. An unticked box is not sent, hence `marks`."""
        found: dict[str, Any] = {field: self.sent[field] for field in self.TEXTS if field in self.sent}
        found |= {field: whole(self.sent[field], 0) for field in self.RATINGS if field in self.sent}
        shown = self.sent.getlist("marks")
        found |= {field: field in self.sent for field in self.MARKS if field in shown}
        if "nicknames" in self.sent:
            found["nicknames"] = phrases(self.sent["nicknames"])
        return found


class KnownForm(forms.Form):
    """Somebody one has known for longer."""

    name = forms.CharField(label=_("Name"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    reach = forms.CharField(label=_("E-mail or phone"), required=False, max_length=320)
    organisation = forms.CharField(label=_("Works at"), required=False, max_length=300)
    role = forms.CharField(label=_("As"), required=False, max_length=300)
    place = forms.CharField(label=_("Town"), required=False, max_length=200)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000)


class MetForm(forms.Form):
    """Somebody new."""

    name = forms.CharField(
        label=_("Name"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True})
    )
    at = forms.CharField(label=_("Where, or at which event"), required=False, max_length=300)
    through = forms.CharField(
        label=_("Through whom"),
        required=False,
        max_length=300,
        help_text=_("Somebody in your network, if it was one."),
        widget=forms.TextInput(attrs={"data-who": True, "autocomplete": "off"}),
    )
    on = forms.DateField(
        label=_("When, if not today"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reach = forms.CharField(label=_("E-mail or phone"), required=False, max_length=320)
    organisation = forms.CharField(label=_("Works at"), required=False, max_length=300)
    interests = forms.CharField(
        label=_("What they care about"), required=False, help_text=_("Several with commas between; below too.")
    )
    needs = forms.CharField(label=_("What they look for"), required=False)
    goals = forms.CharField(label=_("What they want to reach this year"), required=False)
    promised = forms.CharField(
        label=_("What you promised"), required=False, max_length=300,
        help_text=_("For example: send the paper by Friday."),
    )  # fmt: skip

    def clean_on(self) -> dt.date | None:
        """As given."""
        return self.cleaned_data["on"] or None


class OwnerForm(forms.Form):
    """Set-up and settings."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    addresses = forms.CharField(
        label=_("Your e-mail addresses"), required=False,
        help_text=_("All that you write from, so that your own mails are told apart. Separate with commas."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "email", "spellcheck": "false", "class": "short"}),
    )  # fmt: skip
    minutes_per_week = forms.IntegerField(
        label=_("Minutes a week for people"), min_value=0, max_value=WEEK_MINUTES, initial=120,
        help_text=_("The plan of the week never takes more. Two hours is a good start."),
        widget=forms.NumberInput(attrs={"step": 5, "inputmode": "numeric"}),
    )  # fmt: skip
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    def arguments(self) -> dict[str, Any]:
        """For `owners.change_settings`."""
        return {**self.cleaned_data, "addresses": addresses(self.cleaned_data["addresses"])}
