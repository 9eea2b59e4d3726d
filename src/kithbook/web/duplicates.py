"""Entries that may be one person: shown with the evidence, made one or kept apart."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kithbook.services import duplicates, merging, people
from kithbook.web import forms, notices, words
from kithbook.web.requests import Request

STEP = 20


@require_safe
def page(request: Request) -> HttpResponse:
    """`/duplicates`: pairs that may be one person."""
    offset = max(0, forms.whole(request.GET.get("from", ""), 0))
    found = duplicates.find(request.owner, limit=STEP, offset=offset)
    merges = [item for item in merging.merges(request.owner) if not item.is_undone][:10]
    following = offset + STEP if offset + STEP < found.total else 0
    return render(request, "web/duplicates.html", {"found": found, "merges": merges, "following": following})


@require_safe
def compare(request: Request, person: str) -> HttpResponse:
    """`/people/<id>/merge?with=<id or name>`: two entries side by side, to choose field by field."""
    kept = people.show(request.owner, person)
    wanted = request.GET.get("with", "").strip()
    context = {"person": kept, "wanted": wanted, "pairs": duplicates.of_person(request.owner, person)}
    if wanted:
        other = people.show(request.owner, wanted)
        context |= {"other": other, "rows": _differences(kept, other)}
    return render(request, "web/merge.html", context)


def _differences(kept: object, other: object) -> list[tuple[str, object, object]]:
    """Fields in which both have something and differ: the owner chooses."""
    pairs = [(field, getattr(kept, field), getattr(other, field)) for field in words.FIELDS]
    return [(field, one, two) for field, one, two in pairs if one and two and one != two]


@require_POST
def merge(request: Request, person: str) -> HttpResponse:
    """Make the two one."""
    merged = merging.merge(
        request.owner, person, request.POST.get("other", ""), take=request.POST.getlist("take")
    )  # fmt: skip
    text = _("“%(gone)s” is part of %(name)s now.") % {"gone": merged.gone, "name": merged.kept.name}
    notices.say(request, text, undo=reverse("merge_undo", args=[merged.id]))
    return notices.back(request, reverse("person", args=[merged.kept.id]))


@require_POST
def undo(request: Request, merge: str) -> HttpResponse:
    """Two entries again."""
    view = merging.undo(request.owner, merge)
    notices.say(request, _("%(name)s and “%(gone)s” are two again.") % {"name": view.kept.name, "gone": view.gone})
    return notices.back(request, reverse("duplicates"))


@require_POST
def keep_apart(request: Request, person: str) -> HttpResponse:
    """They are not the same."""
    first, second = merging.keep_apart(request.owner, person, request.POST.get("other", ""))
    text = _("%(one)s and %(two)s stay two people.") % {"one": first.name, "two": second.name}
    notices.say(request, text)
    return notices.back(request, reverse("duplicates"))
