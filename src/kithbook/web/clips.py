"""To pass on: clips and whom they suit; and the feeds that bring them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kithbook.core.errors import Invalid
from kithbook.services import clips, feeds
from kithbook.web import forms, notices
from kithbook.web.requests import Request

PAGE = 20
LARGEST_OPML = 1_000_000


@require_safe
def page(request: Request) -> HttpResponse:
    """`/clips`: things to pass on, with the people they suit."""
    offset = forms.whole(request.GET.get("offset", ""), 0)
    dismissed = bool(request.GET.get("away"))
    found = clips.listing(request.owner, dismissed=dismissed, limit=PAGE, offset=offset)
    kept = {"away": "1"} if dismissed else {}
    context = {
        "found": found,
        "dismissed": dismissed,
        "first": offset + 1,
        "last": offset + len(found.clips),
        "previous": urlencode(kept | {"offset": max(0, offset - PAGE)}) if offset else "",
        "next": urlencode(kept | {"offset": offset + PAGE}) if offset + PAGE < found.total else "",
    }
    return render(request, "web/clips.html", context)


@require_safe
def one(request: Request, clip: str) -> HttpResponse:
    """`/clips/<id>`: one clip and everybody it suits, by meaning as well."""
    return render(request, "web/clip.html", {"clip": clips.show(request.owner, clip)})


@require_POST
def add(request: Request) -> HttpResponse:
    """Keep a link or a note."""
    view = clips.add(request.owner, request.POST.get("text", ""), note=request.POST.get("note", ""))
    notices.say(request, _("Kept: “%(title)s”.") % {"title": view.title}, undo=reverse("clip_dismiss", args=[view.id]))
    return notices.back(request, reverse("clips"))


@require_POST
def sent(request: Request, clip: str) -> HttpResponse:
    """It was sent to somebody: contact and a small gift in the bank."""
    note = clips.sent(request.owner, clip, request.POST.get("person", ""))
    notices.say_done(request, note.message, note.batch)
    return notices.back(request, reverse("clips"))


@require_POST
def not_for_them(request: Request, clip: str) -> HttpResponse:
    """It is not for somebody."""
    note = clips.not_for_them(request.owner, clip, request.POST.get("person", ""))
    notices.say_done(request, note.message, note.batch)
    return notices.back(request, reverse("clips"))


@require_POST
def dismiss(request: Request, clip: str) -> HttpResponse:
    """Put it away."""
    view = clips.dismiss(request.owner, clip)
    text = _("“%(title)s” is put away.") % {"title": view.title}
    notices.say(request, text, undo=reverse("clip_restore", args=[view.id]))
    return notices.back(request, reverse("clips"))


@require_POST
def restore(request: Request, clip: str) -> HttpResponse:
    """Back into the list."""
    view = clips.restore(request.owner, clip)
    notices.say(request, _("“%(title)s” is back.") % {"title": view.title})
    return notices.back(request, reverse("clips"))


@require_safe
def feed_page(request: Request) -> HttpResponse:
    """`/clips/feeds`: the feeds."""
    return render(request, "web/feeds.html", {"feeds": feeds.listing(request.owner)})


@require_POST
def feed_add(request: Request) -> HttpResponse:
    """Add a feed and look at it."""
    view = feeds.add(request.owner, request.POST.get("url", ""))
    text = ngettext("%(title)s: %(n)d clip.", "%(title)s: %(n)d clips.", view.clips)
    notices.say(request, text % {"title": view.title, "n": view.clips})
    return notices.back(request, reverse("feeds"))


@require_POST
def feed_remove(request: Request, feed: str) -> HttpResponse:
    """Take a feed away."""
    notices.say(request, feeds.remove(request.owner, feed).message)
    return notices.back(request, reverse("feeds"))


@require_POST
def feed_switch(request: Request, feed: str) -> HttpResponse:
    """Pause a feed, or go on."""
    view = feeds.switch(request.owner, feed, on=request.POST.get("on") == "1")
    text = _("%(title)s is looked at again.") if view.is_on else _("%(title)s is paused.")
    notices.say(request, text % {"title": view.title})
    return notices.back(request, reverse("feeds"))


@require_POST
def feed_refresh(request: Request) -> HttpResponse:
    """Look at all feeds now."""
    report = feeds.refresh(request.owner)
    text = ngettext("%(n)d new clip.", "%(n)d new clips.", report.new_clips) % {"n": report.new_clips}
    notices.say(request, " ".join([text, *report.failed[:3]]))
    return notices.back(request, reverse("feeds"))


@require_POST
def opml_import(request: Request) -> HttpResponse:
    """Feeds from another reader."""
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("No file was chosen."), _("Export the list of feeds from your reader as OPML."))
    if (file.size or 0) > LARGEST_OPML:
        raise Invalid(_("This list of feeds is larger than 1 MB."), _("Export it again with the feeds only."))
    report = feeds.import_opml(request.owner, file.read().decode("utf-8", "replace"))
    text = ngettext("%(n)d feed was added.", "%(n)d feeds were added.", report.feeds) % {"n": report.feeds}
    notices.say_done(request, text, report.batch)
    return notices.back(request, reverse("feeds"))


@require_safe
def opml_export(request: Request) -> HttpResponse:
    """The list of feeds as a file."""
    response = HttpResponse(feeds.export_opml(request.owner).text, content_type="text/x-opml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kithbook-feeds.opml"'
    return response
