"""Clips: kept, suggested, sent, refused, put away, and everything taken back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.services import batches, clips, editing, people
from kithbook.store.models import Clip, ClipUse, LedgerEntry, Owner, Person
from tests.services.factories import person
from tests.services.helpers import key


@pytest.fixture
def ben(owner: Owner) -> Person:
    return fan(owner, "Ben Ito")


def fan(owner: Owner, name: str, topic: str = "sailing", kind: str = "interest") -> Person:
    who = person(owner, name)
    editing.note_topic(owner, key(who), kind, topic)
    return who


def suggested(owner: Owner) -> list[tuple[str, list[str]]]:
    found = clips.listing(owner).clips
    return [(clip.title, [one.person.name for one in clip.suggested]) for clip in found]


def test_a_clip_is_suggested_for_those_it_suits_with_the_reason(owner: Owner, ben: Person) -> None:
    """R76: matched to what matters to them."""
    fan(owner, "Mia Karte", "old maps", "need")
    view = clips.add(owner, "https://example.org/winter-sailing")
    assert view.title == "Winter sailing (example.org)"
    assert [(one.person.name, one.why) for one in view.suggested] == [
        ("Ben Ito", "Ben is interested in sailing, noted 21 November.")
    ]
    clips.add(owner, "Nothing for anybody")
    page = clips.listing(owner)
    assert (page.total, page.suiting, page.clips[0].title) == (2, 1, view.title)


def test_sent_is_contact_and_a_small_gift_in_one_step(owner: Owner, ben: Person) -> None:
    """R76, R77: one click writes the useful item into the bank, the exchange and who has it."""
    clip = clips.add(owner, "https://example.org/s Sailing in winter")
    note = clips.sent(owner, clip.id, key(ben))
    page = people.show(owner, key(ben))
    assert [(e.direction, e.kind, e.size) for e in page.ledger] == [("gave", "item", 1)]
    assert page.ledger[0].note == "Sailing in winter https://example.org/s"
    assert page.interactions[0].channel == "item"
    view = clips.listing(owner).clips[0]
    assert [use.person.name for use in view.sent] == ["Ben Ito"]
    assert view.suggested == []
    with pytest.raises(Conflict, match="has this since 21 November 2026"):
        clips.sent(owner, clip.id, key(ben))
    batches.undo(owner, str(note.batch))
    assert suggested(owner) == [("Sailing in winter", ["Ben Ito"])]
    assert people.show(owner, key(ben)).interactions_total == 0
    assert not LedgerEntry.objects.of(owner).exists()


def test_not_for_them_is_remembered_and_taken_back(owner: Owner, ben: Person) -> None:
    clip = clips.add(owner, "Sailing in winter")
    note = clips.not_for_them(owner, clip.id, key(ben))
    assert suggested(owner) == [("Sailing in winter", [])]
    assert clips.show(owner, clip.id).suggested == []
    assert not people.show(owner, key(ben)).interactions
    with pytest.raises(Conflict):
        clips.not_for_them(owner, clip.id, key(ben))
    batches.undo(owner, str(note.batch))
    assert suggested(owner) == [("Sailing in winter", ["Ben Ito"])]


def test_what_was_not_for_them_can_still_be_sent(owner: Owner, ben: Person) -> None:
    clip = clips.add(owner, "Sailing in winter")
    clips.not_for_them(owner, clip.id, key(ben))
    clips.sent(owner, clip.id, key(ben))
    assert ClipUse.objects.of(owner).get().state == "sent"


def test_put_away_and_back(owner: Owner) -> None:
    clip = clips.add(owner, "Sailing in winter", note="for the club")
    assert clips.dismiss(owner, clip.id).is_dismissed
    assert clips.listing(owner).total == 0
    assert clips.listing(owner, dismissed=True).total == 1
    assert not clips.restore(owner, clip.id).is_dismissed
    assert clips.listing(owner).clips[0].note == "for the club"


def test_the_same_link_comes_once_and_comes_back(owner: Owner) -> None:
    first = clips.add(owner, "https://example.org/a?utm_source=mail Sailing")
    clips.dismiss(owner, first.id)
    again = clips.add(owner, "http://www.example.org/a")
    assert again.id == first.id
    assert not again.is_dismissed
    assert Clip.objects.of(owner).count() == 1


def test_a_clip_is_taken_back_as_one_act(owner: Owner, ben: Person) -> None:
    clip = clips.add(owner, "Sailing in winter")
    clips.not_for_them(owner, clip.id, key(ben))
    batches.undo(owner, str(clip.batch))
    assert not Clip.objects.of(owner).exists()
    assert not ClipUse.objects.of(owner).exists()


@pytest.mark.parametrize("text", ["", "   ", "https://me:secret@example.org/x", "http://["])
def test_nothing_and_unusable_addresses_are_refused(owner: Owner, text: str) -> None:
    with pytest.raises(Invalid):
        clips.add(owner, text)


def test_those_let_go_sensitive_and_ended_topics_suit_nothing(owner: Owner, ben: Person) -> None:
    from kithbook.store.models import Topic

    clips.add(owner, "Sailing in winter")
    for change in ({"is_sensitive": True}, {"is_sensitive": False, "ended_on": "2026-11-01"}):
        Topic.objects.of(owner).update(**change)
        clips._index.clear()
        assert suggested(owner) == [("Sailing in winter", [])]
    Topic.objects.of(owner).update(ended_on=None)
    editing.archive(owner, key(ben))
    assert suggested(owner) == [("Sailing in winter", [])]


def test_only_what_suits_one_person(owner: Owner, ben: Person) -> None:
    fan(owner, "Mia Karte", "old maps")
    clips.add(owner, "Sailing in winter")
    clips.add(owner, "Old maps of Porto")
    found = clips.listing(owner, person="Ben")
    assert [(clip.title, [one.person.name for one in clip.suggested]) for clip in found.clips] == [
        ("Sailing in winter", ["Ben Ito"])
    ]


def test_one_clip_is_also_suggested_by_what_it_means(owner: Owner) -> None:
    """R76: no word in common, the same thing meant."""
    fan(owner, "Mia Meer", "boats and the sea")
    clip = clips.add(owner, "Why I sail in winter")
    assert clip.suggested == []
    found = clips.show(owner, clip.id).suggested
    assert [one.person.name for one in found] == ["Mia Meer"]
    assert found[0].why == "Mia is interested in boats and the sea, noted 21 November."


def test_the_draft_of_a_suggestion_goes_to_one_person(owner: Owner, ben: Person) -> None:
    """R68: no mass mail; one person, a blank to fill, the link."""
    editing.add_identity(owner, key(ben), "ben@example.org")
    view = clips.add(owner, "https://example.org/s Sailing in winter")
    mail = view.suggested[0].mail
    assert mail.startswith("mailto:ben@example.org?subject=Sailing%20in%20winter&body=Ben%2C")
    assert "%5BOne%20line" in mail


def test_a_stranger_sees_and_touches_nothing(owner: Owner, stranger: Owner, ben: Person) -> None:
    clip = clips.add(owner, "Sailing in winter")
    assert clips.listing(stranger).clips == []
    theirs = clips.add(stranger, "Sailing in winter")
    assert theirs.suggested == []
    for act in (clips.dismiss, clips.restore, clips.show):
        with pytest.raises(NotFound):
            act(stranger, clip.id)
    for deed in (clips.sent, clips.not_for_them):
        with pytest.raises(NotFound):
            deed(stranger, clip.id, key(ben))
        with pytest.raises(NotFound):
            deed(owner, theirs.id, key(ben))
    assert not ClipUse.objects.exists()


def test_the_list_costs_the_same_for_ten_more_of_everything(owner: Owner) -> None:
    def queries() -> int:
        clips.listing(owner, limit=50)
        with CaptureQueriesContext(connection) as seen:
            clips.listing(owner, limit=50)
        return len(seen)

    def more(word: str) -> None:
        who = fan(owner, f"Fan {word}")
        editing.add_identity(owner, key(who), f"{word}@example.org")
        clip = clips.add(owner, f"Sailing {word}")
        clips.sent(owner, clip.id, key(who))

    more("eins")
    more("zwei")
    few = queries()
    for letter in "abcdefghij":
        more(letter * 4)
    assert queries() <= few


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (101, 0), (5, -1)])
def test_pages_that_do_not_exist_are_refused(owner: Owner, limit: int, offset: int) -> None:
    with pytest.raises(Invalid):
        clips.listing(owner, limit=limit, offset=offset)
