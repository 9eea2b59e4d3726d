"""Forms of objectives, events, groups and places: text from the browser into typed arguments of services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kithbook.web.forms import phrases

MOST_VALUE = 1_000_000_000


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, required=options.pop("required", False), **options)


class ObjectiveForm(forms.Form):
    """An objective; the share is typed in percent."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.CharField(label=_("Kind"), max_length=20, required=False)
    percent = forms.IntegerField(label=_("Share"), required=False, min_value=0, max_value=100)
    target = forms.CharField(label=_("Whom or what it needs"), required=False, max_length=500)
    due_on = _day(_("Until"))
    note = forms.CharField(label=_("Note"), required=False, max_length=5000)

    def arguments(self) -> dict[str, Any]:
        """For `objectives.add` and `objectives.edit`."""
        found = dict(self.cleaned_data)
        percent = found.pop("percent")
        return {**found, "kind": found["kind"] or "other", "share": (percent or 0) / 100}


class ReachForm(forms.Form):
    """What came of an objective."""

    outcome = forms.CharField(label=_("What came of it"), required=False, max_length=500)
    on = _day(_("When"))
    value = forms.FloatField(label=_("Value"), required=False, min_value=0, max_value=MOST_VALUE)
    unexpected = forms.BooleanField(label=_("By luck"), required=False)


class OutcomeForm(forms.Form):
    """Something good that came of the network."""

    text = forms.CharField(label=_("What came of it"), max_length=500)
    on = _day(_("When"))
    people = forms.CharField(label=_("Whom it came from"), required=False, max_length=1000)
    objective = forms.CharField(required=False, max_length=60)
    value = forms.FloatField(label=_("Value"), required=False, min_value=0, max_value=MOST_VALUE)
    unexpected = forms.BooleanField(label=_("By luck"), required=False)

    def clean_people(self) -> list[str]:
        """Names, separated by commas."""
        return phrases(self.cleaned_data["people"])


class EventForm(forms.Form):
    """An event."""

    name = forms.CharField(label=_("Name"), max_length=300)
    on = _day(_("Day"), required=True)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000)
    group = forms.CharField(label=_("Group"), required=False, max_length=60)


class EncounterForm(forms.Form):
    """A talk at an event."""

    person = forms.CharField(label=_("Who"), max_length=300)
    note = forms.CharField(label=_("What you talked about"), required=False, max_length=5000)
    interests = forms.CharField(label=_("What they care about"), required=False, max_length=1000)
    needs = forms.CharField(label=_("What they look for"), required=False, max_length=1000)
    goals = forms.CharField(label=_("What they want to reach this year"), required=False, max_length=1000)
    promised = forms.CharField(label=_("What you promised"), required=False, max_length=500)
    promised_for = _day(_("By when"))
    new = forms.BooleanField(label=_("Somebody new"), required=False)

    def arguments(self) -> dict[str, Any]:
        """For `events.encounter`."""
        lists = {name: phrases(self.cleaned_data[name]) for name in ("interests", "needs", "goals")}
        return {**self.cleaned_data, **lists}


class GroupForm(forms.Form):
    """A group and my role in it."""

    name = forms.CharField(label=_("Name"), max_length=300)
    kind = forms.CharField(label=_("Kind"), required=False, max_length=40)
    my_role = forms.CharField(label=_("Your role"), required=False, max_length=100)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000)


class GivenForm(forms.Form):
    """Something done for a group."""

    text = forms.CharField(label=_("What you did"), max_length=500)
    size = forms.IntegerField(label=_("Size"), required=False, min_value=1, max_value=5)
    on = _day(_("When"))


class TripForm(forms.Form):
    """A visit or a move."""

    place = forms.CharField(label=_("Where to"), max_length=200)
    starts_on = _day(_("From"), required=True)
    ends_on = _day(_("Until"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("visit", "visit"), ("moving", "moving")])
    note = forms.CharField(label=_("Note"), required=False, max_length=5000)
