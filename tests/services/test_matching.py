"""Matches between people: who fits whom, said in words; what is private, ended or refused stays out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import from_text
from kithbook.services import batches, clock, editing, matching, matchpairs, matchshelf, meaning, wishes
from kithbook.store.models import Introduction, MatchVerdict, Owner, Person, Request, TextVector, Topic
from tests.services.factories import person
from tests.services.helpers import key


@pytest.fixture
def cast(owner: Owner) -> dict[str, Person]:
    """Six people with needs and offers that share hardly a word."""
    found = {
        name: person(owner, name) for name in ("Anna Berger", "Ben Okafor", "Cleo Diaz", "Dora Novak", "Emil Lind")
    }
    anna, ben, cleo, dora, emil = found.values()
    editing.note_topic(owner, key(anna), "need", "an introduction to fintech hiring managers")
    editing.note_topic(owner, key(anna), "offer", "restores old violins and cellos")
    editing.add_job(owner, key(ben), "Paymo", "VP Engineering at a payments startup, growing the team")
    editing.note_topic(owner, key(ben), "need", "a luthier for my daughter's viola")
    editing.add_job(owner, key(cleo), "Studio Diaz", "divorce lawyer")
    editing.note_topic(owner, key(dora), "interest", "jazz piano")
    editing.note_topic(owner, key(emil), "offer", "gives sailing lessons on the lake")
    return found


def names(matches: list[matching.Match]) -> list[tuple[str, str]]:
    return [
        (match.need.person.name if match.need.person else "me", match.offer.person.name if match.offer.person else "me")
        for match in matches
    ]


def test_one_persons_need_finds_anothers_work_and_says_why_in_words(owner: Owner, cast: dict[str, Person]) -> None:
    """R13: what others want is recorded and matched to the people I know."""
    match = matching.suggest(owner).matches[0]
    assert {match.need.person, match.offer.person} == {*map(brief_of, (cast["Anna Berger"], cast["Ben Okafor"]))}
    pairs = matching.suggest(owner, "Anna").matches
    assert pairs
    assert all("Anna Berger" in one.why for one in pairs)
    assert "fits" in match.why
    assert 0.98 <= match.strength <= 1


def brief_of(row: Person) -> object:
    return matching.side(matchshelf.of(row.owner), matchshelf.Line(row.pk, "need", "")).person


def test_where_both_win_the_way_back_is_named(owner: Owner, cast: dict[str, Person]) -> None:
    """R95: A has what B needs and B has what A needs."""
    match = matching.suggest(owner).matches[0]
    assert "could help in return" in match.gives_back
    assert (
        names(matching.suggest(owner).matches).count(("Anna Berger", "Ben Okafor"))
        + names(matching.suggest(owner).matches).count(("Ben Okafor", "Anna Berger"))
        == 1
    )


def test_the_owners_own_need_can_be_the_way_back(owner: Owner, cast: dict[str, Person]) -> None:
    """R95: reaching my goals by helping with theirs."""
    Topic.objects.of(owner).filter(text__contains="luthier").delete()
    wishes.note(owner, "need", "someone who mends string instruments")
    matches = [match for match in matching.suggest(owner).matches if "fintech" in match.need.text]
    assert "your need “someone who mends string instruments”" in matches[0].gives_back


def test_own_needs_and_offers_are_matched_both_ways(owner: Owner, cast: dict[str, Person]) -> None:
    """R13, R95: to my resources and to my needs."""
    wishes.note(owner, "need", "learning to sail a yacht")
    wishes.note(owner, "offer", "repair of violas and other instruments")
    assert names(matching.mine(owner).matches)[0] == ("me", "Emil Lind")
    assert names(matching.giving(owner).matches)[0] == ("Ben Okafor", "me")


def test_a_no_is_remembered_and_can_be_taken_back(owner: Owner, cast: dict[str, Person]) -> None:
    need = "help with ending my marriage in court"
    assert names(matching.offers(owner, need).matches) == [("me", "Cleo Diaz")]
    said = matching.decide(owner, need, "Cleo Diaz", "no", why="too close")
    assert matching.offers(owner, need.upper() + "  ").matches == []
    assert MatchVerdict.objects.get().why == "too close"
    assert said.batch
    batches.undo(owner, said.batch)
    assert names(matching.offers(owner, need).matches) == [("me", "Cleo Diaz")]


def test_a_second_answer_taken_back_leaves_the_first(owner: Owner, cast: dict[str, Person]) -> None:
    need = "help with ending my marriage in court"
    matching.decide(owner, need, "Cleo Diaz", "no", why="too close")
    second = matching.decide(owner, need, "Cleo Diaz", "yes")
    assert names(matching.offers(owner, need).matches) == [("me", "Cleo Diaz")]
    batches.undo(owner, second.batch or "")
    assert (MatchVerdict.objects.get().verdict, MatchVerdict.objects.get().why) == ("no", "too close")
    assert matching.offers(owner, need).matches == []


def test_a_refused_pair_is_not_suggested_again(owner: Owner, cast: dict[str, Person]) -> None:
    first = matching.suggest(owner).matches[0]
    assert first.offer.person
    matching.decide(owner, first.need.text, first.offer.person.id, "no")
    second = matching.suggest(owner).matches[0]  # the two the other way round
    assert names([second]) == [names([first])[0][::-1]]
    assert second.offer.person
    matching.decide(owner, second.need.text, second.offer.person.id, "no")
    assert not {names([first])[0], names([second])[0]} & set(names(matching.suggest(owner).matches))
    matching.decide(owner, "an introduction to fintech hiring managers", "Ben Okafor", "yes")
    assert MatchVerdict.objects.of(owner).get(needs=None, verdict="yes").offers == cast["Ben Okafor"]


@pytest.mark.parametrize("how", ["sensitive", "ended", "archived", "introduced", "colleagues"])
def test_what_must_not_be_matched_is_left_out(owner: Owner, cast: dict[str, Person], how: str) -> None:
    anna, ben = cast["Anna Berger"], cast["Ben Okafor"]
    topics = Topic.objects.of(owner).filter(kind="need")
    if how == "sensitive":
        topics.update(is_sensitive=True)
    elif how == "ended":
        topics.update(ended_on=dt.date(2026, 11, 1))
    elif how == "archived":
        editing.archive(owner, key(ben))
    elif how == "introduced":
        Introduction.objects.create(owner=owner, first=ben, second=anna, created_at=clock.now())
    else:
        editing.add_job(owner, key(anna), "PAYMO", "clerk")
    matchshelf._shelves.clear()
    found = names(matching.suggest(owner).matches)
    assert ("Anna Berger", "Ben Okafor") not in found
    assert ("Ben Okafor", "Anna Berger") not in found


def test_notes_and_facts_are_for_the_owners_own_search_only(owner: Owner, cast: dict[str, Person]) -> None:
    dora = cast["Dora Novak"]
    editing.note_topic(owner, key(dora), "fact", "used to be a pastry chef and baker")
    editing.note_topic(owner, key(cast["Emil Lind"]), "need", "learning to bake bread and cakes")
    assert ("Emil Lind", "Dora Novak") not in names(matching.suggest(owner).matches)
    assert matching.best_offers(owner, "learning to bake bread and cakes", own_search=True)
    assert names(matching.best_offers(owner, "learning to bake bread and cakes", own_search=True)) == [
        ("me", "Dora Novak")
    ]
    assert matching.best_offers(owner, "learning to bake bread and cakes") == []


def test_an_article_finds_those_who_care_about_it(owner: Owner, cast: dict[str, Person]) -> None:
    found = matching.interested_in(owner, "New recordings by the swing keyboardist Ada Bell")
    assert names(found) == [("Dora Novak", "me")]
    assert found[0].why.startswith("Dora Novak's interest “jazz piano” fits the item “New recordings")


def test_open_requests_count_as_needs(owner: Owner, cast: dict[str, Person]) -> None:
    Request.objects.create(
        owner=owner, person=cast["Dora Novak"], text="how to file for divorce", asked_on="2026-11-20"
    )
    matchshelf._shelves.clear()
    assert ("Dora Novak", "Cleo Diaz") in names(matching.suggest(owner, "Dora").matches)


def test_offers_can_be_sought_among_some_people_and_in_a_place(owner: Owner, cast: dict[str, Person]) -> None:
    editing.edit(owner, key(cast["Cleo Diaz"]), place="Lyon")
    twin = person(owner, "Fay Moreau", place="Berlin")
    editing.add_job(owner, key(twin), "Moreau", "family law attorney")
    need = "ending a marriage in court"
    near = matching.best_offers(owner, need, place="Villeurbanne")
    assert near[0].offer.person
    assert near[0].offer.person.name == "Cleo Diaz"
    assert near[0].why.endswith("Lyon is near Villeurbanne.")
    only = matching.best_offers(owner, need, among=[twin.pk])
    assert names(only) == [("me", "Fay Moreau")]


def test_a_need_that_nothing_fits_finds_nobody(owner: Owner, cast: dict[str, Person]) -> None:
    assert matching.offers(owner, "a rocket to the moon").matches == []


def test_a_strangers_people_are_never_matched(owner: Owner, stranger: Owner, cast: dict[str, Person]) -> None:
    wishes.note(stranger, "need", "a divorce lawyer")
    assert matching.mine(stranger).matches == []
    assert matching.suggest(stranger).matches == []
    assert matching.interested_in(stranger, "jazz piano") == []
    with pytest.raises(NotFound):
        matching.decide(stranger, "a divorce lawyer", key(cast["Cleo Diaz"]), "no")
    assert not MatchVerdict.objects.exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda owner: matching.offers(owner, "  "),
        lambda owner: matching.offers(owner, "a lawyer", limit=0),
        lambda owner: matching.suggest(owner, limit=1000),
        lambda owner: matching.decide(owner, "a lawyer", "Cleo", "perhaps"),
    ],
)
def test_nonsense_is_refused_in_words(owner: Owner, cast: dict[str, Person], act: Callable[[Owner], object]) -> None:
    with pytest.raises(Invalid):
        act(owner)


def test_vectors_are_kept_and_read_back(owner: Owner, cast: dict[str, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    first = matching.offers(owner, "ending a marriage in court").matches
    stored = TextVector.objects.of(owner).count()
    assert stored > 1

    def refuse(*_: object) -> None:
        raise AssertionError("nothing is left to embed")

    monkeypatch.setattr(meaning, "embed_with", refuse)
    assert names(matching.offers(owner, "ending a marriage in court").matches) == names(first)
    assert TextVector.objects.of(owner).count() == stored


def test_texts_beyond_the_measure_keep_their_quick_order(
    owner: Owner, cast: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "deep_vectors", lambda *_: {})
    assert names(matching.offers(owner, "a divorce lawyer").matches)[0] == ("me", "Cleo Diaz")
    monkeypatch.undo()
    model = meaning.packaged()
    assert len(meaning.deep_vectors(owner, model, ["one", "two", "three"], most_new=2)) == 2
    assert len(meaning.deep_vectors(owner, model, ["one", "two", "three"], most_new=0)) == 2


def test_a_change_of_one_text_is_seen_and_the_rest_is_not_understood_again(
    owner: Owner, cast: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = matchshelf.of(owner)
    assert matchshelf.of(owner) is before
    heard: list[str] = []
    plain = matchshelf.hear
    monkeypatch.setattr(matchshelf, "hear", lambda lexicon, text: heard.append(text) or plain(lexicon, text))
    editing.note_topic(owner, key(cast["Emil Lind"]), "offer", "repairs outboard motors")
    after = matchshelf.of(owner)
    assert heard == ["repairs outboard motors"]
    assert after.needs is before.needs
    assert len(after.offers.lines) == len(before.offers.lines) + 1


def test_ten_more_people_cost_no_more_queries(owner: Owner, cast: dict[str, Person]) -> None:
    def queries() -> int:
        matchshelf._shelves.clear()
        matching.suggest(owner)
        matching.offers(owner, "a divorce lawyer")
        with CaptureQueriesContext(connection) as seen:
            matching.suggest(owner)
            matching.offers(owner, "a divorce lawyer")
        return len(seen)

    before = queries()
    for number in range(10):
        row = person(owner, f"Gil {number}")
        editing.note_topic(owner, key(row), "need", f"a lawyer for case {number}")
        editing.note_topic(owner, key(row), "offer", f"violin number {number}")
    assert queries() <= before


def test_texts_that_mean_the_same_find_each_other_without_a_word_in_common(
    owner: Owner, cast: dict[str, Person]
) -> None:
    assert names(matching.offers(owner, "a family law attorney").matches)[0] == ("me", "Cleo Diaz")
    assert names(matching.interested_in(owner, "a swing keyboardist"))[0] == ("Dora Novak", "me")


def test_pairs_are_remembered_until_a_text_changes(owner: Owner, cast: dict[str, Person]) -> None:
    shelves = matchshelf.of(owner)
    pairs = matchpairs.candidates(owner, shelves)
    assert matchpairs.candidates(owner, shelves) is pairs
    editing.tag(owner, key(cast["Emil Lind"]), "chess")
    again = matchpairs.candidates(owner, matchshelf.of(owner))
    assert again is not pairs
    assert again.pairs == pairs.pairs


def test_wishes_are_kept_once_and_can_be_dropped(owner: Owner, stranger: Owner, cast: dict[str, Person]) -> None:
    """R33: the needs inbox, and one's own needs."""
    wishes.note(owner, "need", " a  studio ")
    assert [wish.text for wish in wishes.note(owner, "need", "a studio").wishes] == ["a studio"]
    assert [wish.text for wish in wishes.inbox(owner).wishes if wish.person] == [
        wish.text for wish in wishes.inbox(owner).wishes
    ]
    assert {wish.person.name for wish in wishes.inbox(owner).wishes if wish.person} == {"Anna Berger", "Ben Okafor"}
    assert wishes.inbox(stranger).wishes == []
    wish = wishes.own(owner).wishes[0].id
    with pytest.raises(NotFound):
        wishes.drop(stranger, wish)
    assert wishes.drop(owner, wish).wishes == []
    for bad in (("fact", "x"), ("need", " ")):
        with pytest.raises(Invalid):
            wishes.note(owner, *bad)
    assert not Topic.objects.of(owner).filter(pk=from_text(wish)).exists()


def test_pairs_found_step_by_step_are_those_found_at_once(owner: Owner, cast: dict[str, Person]) -> None:
    matchpairs.candidates(owner, matchshelf.of(owner))
    dora, emil = cast["Dora Novak"], cast["Emil Lind"]
    editing.note_topic(owner, key(dora), "need", "learning to sail")
    matchpairs.candidates(owner, matchshelf.of(owner))
    editing.note_topic(owner, key(emil), "offer", "lends a yacht for learning")
    Topic.objects.of(owner).filter(text__contains="violins").delete()
    editing.add_job(owner, key(emil), "Harbour", "skipper")
    steps = matchpairs.candidates(owner, matchshelf.of(owner))
    matchpairs._candidates.clear()
    matchshelf._shelves.clear()
    once = matchpairs.candidates(owner, matchshelf.of(owner))
    assert [pair[:2] for pair in steps.pairs] == [pair[:2] for pair in once.pairs]
    assert [pair.strength for pair in steps.pairs] == pytest.approx([pair.strength for pair in once.pairs])
    assert any("yacht" in pair.offer.text for pair in once.pairs)
    assert not any("violins" in pair.offer.text for pair in once.pairs)
