"""What works without a login, by a secret in the address: the calendar feed, and the link that ends the review mail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from kithbook.services import calendars, mailer
from kithbook.web import errors


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001  Django passes it
    """`/calendar/<secret>.ics`; a wrong secret is answered with 404."""
    text = calendars.by_secret(secret)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="kithbook.ics"'
    return response


@csrf_exempt  # mail programs post without a cookie (RFC 8058); the signed link is the proof
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """`/unsubscribe/<token>`: asks on GET, as programs that check mail open links; ends the mail on POST."""
    if mailer.owner_of(token) is None:
        return errors.not_found(request)
    is_done = request.method == "POST" and mailer.unsubscribe(token)
    return render(None, "web/review/unsubscribe.html", {"is_done": is_done, "path": request.path})
