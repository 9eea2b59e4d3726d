"""Each story is told twice: by the services, and by the pages of the web app."""

from __future__ import annotations

import pytest

from kithbook.store.models import Owner
from tests.stories.byservices import ByServices
from tests.stories.byweb import ByWeb
from tests.stories.story import Story


@pytest.fixture(params=("services", "web"))
def story(request: pytest.FixtureRequest, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A story that begins with an empty book, told by the services and again by the web app."""
    actor = ByServices(owner) if request.param == "services" else ByWeb()
    return Story(actor, lambda moment: monkeypatch.setenv("KITHBOOK_NOW", moment))
