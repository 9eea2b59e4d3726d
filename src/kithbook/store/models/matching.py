"""Matching by meaning: vectors of texts, reckoned once, and what the owner said of suggestions."""

from __future__ import annotations

from django.db import models

from kithbook.store.fields import InstantField
from kithbook.store.models.base import Owned, batch_link, owned_link


class TextVector(Owned):
    """The vector of a text under one model; `text_key` is a hash of the folded text. Made again at any time."""

    model = models.CharField(max_length=40)
    text_key = models.BigIntegerField()
    value = models.BinaryField()

    class Meta:
        db_table = "kith_text_vector"
        constraints = [models.UniqueConstraint(fields=["owner", "model", "text_key"], name="text_vector_once")]


class MatchVerdict(Owned):
    """What the owner said of a suggestion: `needs` has the need (empty: the owner), `offers` was to help."""

    VERDICTS = [(word, word) for word in ("yes", "no")]

    text_key = models.BigIntegerField()
    needs = owned_link("store.Person", "verdicts_needs", null=True, blank=True)
    offers = owned_link("store.Person", "verdicts_offers")
    verdict = models.CharField(max_length=4, choices=VERDICTS)
    why = models.CharField(max_length=200, blank=True, default="")
    at = InstantField()
    batch = batch_link()

    class Meta:
        db_table = "kith_match_verdict"
        constraints = [models.UniqueConstraint(fields=["owner", "text_key", "offers"], name="match_verdict_once")]
        indexes = [models.Index(fields=["owner", "offers"], name="match_verdict_by_person")]
