"""Writes what has become of it in the demo village: outcomes, trips, requests, clips, minutes on social media."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from kithbook.core.clips import clip_key
from kithbook.core.villagelately import Lately
from kithbook.services import clock
from kithbook.services.demorows import VillageWriter
from kithbook.store.models import Batch, Clip, ClipUse, Outcome, OutcomeParty, Owner, Request, TimeSpent, Trip


class LatelyWriter:
    """Writes into the tables of one owner; whom and what it names was written by the writer of the village."""

    def __init__(self, owner: Owner, batch: Batch, village: VillageWriter) -> None:
        self._owner, self._batch, self._village = owner, batch, village

    def write(self, found: Lately) -> None:
        """Write everything."""
        people, shared = self._village.people, {"owner": self._owner, "batch": self._batch}
        self._outcomes(found)
        for trip in found.trips:
            Trip.objects.create(
                place=trip.place, kind=trip.kind, starts_on=trip.starts_on, ends_on=trip.ends_on, note=trip.note,
                **shared,
            )  # fmt: skip
        for wish in found.requests:
            Request.objects.create(
                person_id=people[wish.person], target_id=people.get(wish.target), kind=wish.kind, text=wish.text,
                asked_on=wish.asked_on, state=wish.state, closed_on=wish.closed_on,
                introduction_id=self._village.bridges.get(wish.introduction), **shared,
            )  # fmt: skip
        self._clips(found)
        for on, minutes, note in found.social:
            TimeSpent.objects.create(on=on, minutes=minutes, note=note, **shared)

    def _outcomes(self, found: Lately) -> None:
        for one in found.outcomes:
            row = Outcome.objects.create(
                owner=self._owner, batch=self._batch, on=one.on, text=one.text, is_unexpected=one.is_unexpected,
                objective_id=self._village.objectives.get(one.objective),
                value=None if one.value is None else Decimal(str(one.value)),
            )  # fmt: skip
            for number, who in enumerate(one.people):
                OutcomeParty.objects.create(
                    owner=self._owner, outcome=row, person_id=self._village.people[who],
                    introduction_id=None if number else self._village.bridges.get(one.introduction),
                    referral_id=None if number else self._village.doors.get(one.referral),
                )  # fmt: skip

    def _clips(self, found: Lately) -> None:
        for one in found.clips:
            clip = Clip.objects.create(
                owner=self._owner, batch=self._batch, key=clip_key(one.url, one.title), url=one.url, title=one.title,
                note=one.note, noted_at=self._morning(one.noted_on),
            )  # fmt: skip
            for who, on in one.sent:
                ClipUse.objects.create(
                    owner=self._owner, batch=self._batch, clip=clip, person_id=self._village.people[who], on=on
                )  # fmt: skip

    def _morning(self, day: dt.date) -> dt.datetime:
        return clock.noon(self._owner, day) - dt.timedelta(hours=3)
