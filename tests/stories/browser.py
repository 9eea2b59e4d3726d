"""A small browser without a screen: it opens pages, reads their text, and sends only forms that stand on them.

A form is filled in as a user would: a field that is not there, a choice that is not offered or a page that answers
with an error fails the story. CSRF is checked as in real use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

SKIPPED = ("script", "style", "title")


@dataclass(slots=True)
class Field:
    """A field of a form: its kind, what it holds at first, and what may be chosen where that is limited."""

    kind: str
    value: str | None = None
    options: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """A form as it stands on a page; `presses` are the (name, value) pairs of its buttons."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    presses: list[tuple[str, str]] = field(default_factory=list)

    def takes(self, given: dict[str, Any]) -> bool:
        """Whether these values can be entered here; hidden fields have to hold them already."""
        for name, value in given.items():
            found = self.fields.get(name)
            if found is None:
                if (name, str(value)) not in self.presses:
                    return False
            elif (found.kind == "hidden" and found.value != str(value)) or (
                found.kind in ("select", "radio") and str(value) not in found.options
            ):
                return False
        return True

    def filled(self, given: dict[str, Any]) -> dict[str, str]:
        """What is sent when these values are entered."""
        sent = {name: one.value for name, one in self.fields.items() if one.value is not None}
        for name, value in given.items():
            if value is False:
                sent.pop(name, None)
            else:
                sent[name] = "1" if value is True else str(value)
        return sent


class _Reader(HTMLParser):
    """Collects the forms and the text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.text: list[str] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag in SKIPPED:
            self._skipped += 1
        if tag == "form":
            self._form = Form(had.get("action", ""), had.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._part(self._form, tag, had)

    def handle_endtag(self, tag: str) -> None:
        if tag in SKIPPED:
            self._skipped -= 1
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.fields[self._area].value = data.removeprefix("\n")
        if not self._skipped:
            self.text.append(data)

    def _part(self, form: Form, tag: str, had: dict[str, str]) -> None:
        name = had.get("name", "")
        if tag == "option" and self._select:
            chosen = form.fields[self._select]
            chosen.options.append(had.get("value", ""))
            if chosen.value is None or "selected" in had:
                chosen.value = had.get("value", "")
        if not name:
            return
        if tag == "select":
            self._select = name
            form.fields[name] = Field("select")
        elif tag == "textarea":
            self._area = name
            form.fields[name] = Field("text", "")
        elif tag == "button":
            form.presses.append((name, had.get("value", "")))
        elif tag == "input":
            self._input(form, name, had)

    def _input(self, form: Form, name: str, had: dict[str, str]) -> None:
        kind = had.get("type", "text")
        if kind == "radio":
            found = form.fields.setdefault(name, Field("radio"))
            found.options.append(had.get("value", ""))
            if "checked" in had:
                found.value = had.get("value", "")
        elif kind == "checkbox":
            form.fields[name] = Field("checkbox", had.get("value", "on") if "checked" in had else None)
        else:
            form.fields[name] = Field("hidden" if kind == "hidden" else "text", had.get("value", ""))


class Browser:
    """One tab: the page it is on, its text, its forms, and what the page was made from (`context`)."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True, headers={"host": "127.0.0.1"})
        self.text = ""
        self.address = ""
        self.forms: list[Form] = []
        self.context: Any = {}

    def open(self, address: str, /, **asked: Any) -> None:
        """Go to a page."""
        self._arrive(self.client.get(address, asked, follow=True))

    def send(self, action: str, /, **given: Any) -> None:
        """Fill in the form of this page with that address and send it; what is not given stays as it stands there."""
        same = [form for form in self.forms if form.action == action]
        assert same, f"no form for {action} on {self.address}: {sorted({form.action for form in self.forms})}"
        fitting = [form for form in same if form.takes(given)]
        assert fitting, f"the form for {action} on {self.address} does not take {given}: {same}"
        form = fitting[0]
        sender = self.client.get if form.method == "get" else self.client.post
        self._arrive(sender(action, form.filled(given), follow=True))

    def offers(self, action: str) -> bool:
        """Whether a form with that address stands on this page."""
        return any(form.action == action for form in self.forms)

    def _arrive(self, response: Any) -> None:
        reader = _Reader()
        reader.feed(response.content.decode())
        self.text = re.sub(r"\s+", " ", " ".join(reader.text))
        self.forms = reader.forms
        self.address = response.request["PATH_INFO"]
        assert response.status_code == 200, f"{response.status_code} at {self.address}: {self.text[:1500]}"
        self.context = response.context
