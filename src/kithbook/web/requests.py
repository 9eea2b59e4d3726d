"""The request as the pages see it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class Request(HttpRequest):
    """A request after `middleware.LocalOwner`: it knows whose data it is about."""

    owner: Any
