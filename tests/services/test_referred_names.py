"""Whom a referral leads to: a new name is taken, an unclear one is asked about."""

from __future__ import annotations

import pytest

from kithbook.core.errors import KithbookError, NotFound
from kithbook.services import referrals
from kithbook.store.models import Owner, Person
from tests.services.factories import person


def test_a_name_that_fits_several_is_still_asked_about(owner: Owner) -> None:
    person(owner, "Sabine Koestler")
    person(owner, "Zoe Newman")
    person(owner, "Zoe Oldman")
    with pytest.raises(KithbookError, match="Zoe"):
        referrals.received(owner, "Sabine", "client", about="Zoe")
    with pytest.raises(NotFound):
        referrals.received(owner, "Sabine", "client", about="nobody@example.org")
    assert Person.objects.of(owner).count() == 3
