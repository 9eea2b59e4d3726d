"""All pages in one list: on phones the bar has room for four."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kithbook.web.requests import Request


@require_safe
def page(request: Request) -> HttpResponse:
    """`/more`."""
    return render(request, "web/more.html")
