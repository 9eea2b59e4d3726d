"""Lists of people: every field is searched, every filter and order holds, and pages never overlap."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from kithbook.core.errors import Conflict, Invalid, NotFound
from kithbook.core.names import fold_name
from kithbook.services import bank, clock, editing, owners, people
from kithbook.services.views import PeoplePage
from kithbook.store.bulk import Inserter
from kithbook.store.ids import IdRun
from kithbook.store.models import Identity, Owner, Person
from tests.services.factories import person, talk
from tests.services.helpers import key, place

SORTS = ("warmth", "name", "last", "stage")


def names(page: PeoplePage) -> list[str]:
    return [row.name for row in page.people]


@pytest.fixture
def cast(owner: Owner) -> dict[str, Person]:
    """Four people at four stages, spoken to at different times, and one never."""
    rows = {
        name: person(owner, name) for name in ("Anna Berger", "Bruno Costa", "Carla Diaz", "Dora Novák", "Emil Fuchs")
    }
    for (name, ago), stage in zip(
        {"Anna Berger": 5, "Bruno Costa": 40, "Carla Diaz": 160, "Dora Novák": 900}.items(), (2, 3, 4, 5), strict=True
    ):
        place(owner, rows[name], stage)
        talk(owner, rows[name], ago + 60, ago + 20, ago)
    return rows


@pytest.mark.parametrize(
    ("change", "query"),
    [
        (lambda owner, who: editing.add_identity(owner, who, "ab@firm.example"), "firm.example"),
        (lambda owner, who: editing.add_identity(owner, who, "+43 1 5880 1234"), "5880"),
        (lambda owner, who: editing.add_job(owner, who, "Öffentliche Hand AG", "Surveyor"), "surveyor"),
        (lambda owner, who: editing.add_job(owner, who, "Öffentliche Hand AG", "Surveyor"), "öffentliche"),
        (lambda owner, who: editing.tag(owner, who, "Fintech"), "fintech"),
        (lambda owner, who: editing.note_topic(owner, who, "interest", "old Maps"), "maps"),
        (lambda owner, who: editing.edit(owner, who, place="Österreich"), "ÖSTERREICH"),
        (lambda owner, who: editing.edit(owner, who, place="Zürich"), "zÜrich"),
        (lambda owner, who: editing.edit(owner, who, note="Plays Go"), "plays go"),
        (lambda owner, who: editing.edit(owner, who, name="Zoë Müller-Šimić"), "simic"),
    ],
)
def test_every_field_is_searched(
    owner: Owner, cast: dict[str, Person], change: Callable[[Owner, str], object], query: str
) -> None:
    change(owner, key(cast["Bruno Costa"]))
    found = people.search(owner, query)
    assert (found.total, [row.id for row in found.people]) == (1, [key(cast["Bruno Costa"])])


def test_all_words_have_to_fit(owner: Owner, cast: dict[str, Person]) -> None:
    editing.edit(owner, "Anna", place="Vienna")
    editing.edit(owner, "Bruno", place="Vienna")
    assert set(names(people.search(owner, "vienna"))) == {"Anna Berger", "Bruno Costa"}
    assert names(people.search(owner, "vienna costa")) == ["Bruno Costa"]


@pytest.mark.parametrize("query", ["%", "_", "x%y", "\\", "'; DROP TABLE kith_person; --", "nobody", "😀"])
def test_signs_that_databases_read_specially_are_plain_words(owner: Owner, cast: dict[str, Person], query: str) -> None:
    assert people.search(owner, query).total == 0


@pytest.mark.parametrize("query", ["", "  ", "\x00", "\x00 \x00"])
def test_an_empty_query_lists_everybody(owner: Owner, cast: dict[str, Person], query: str) -> None:
    assert people.search(owner, query).total == 5


def test_stage_filters(owner: Owner, cast: dict[str, Person]) -> None:
    for sort in SORTS:
        assert names(people.search(owner, stage=3, sort=sort)) == ["Bruno Costa"]
        assert people.search(owner, stage=7, sort=sort).people == []


def test_states_part_the_people(owner: Owner, cast: dict[str, Person]) -> None:
    """R21: how alive each tie is, in four words, is shown and can be filtered by."""
    found = {state: names(people.search(owner, state=state)) for state in people.STATES}
    assert sorted(sum(found.values(), [])) == sorted(cast)
    assert "Anna Berger" in found["alive"]
    assert {"Emil Fuchs", "Dora Novák"} & set(found["dormant"])
    for state, listed in found.items():
        assert all(people.show(owner, name).state == state for name in listed)


def test_tweeners_are_listed(owner: Owner, cast: dict[str, Person]) -> None:
    found = people.search(owner, tweeners=True)
    assert "Carla Diaz" in names(found)
    assert all(row.tweener for row in found.people)
    assert {row.name for row in people.search(owner).people if row.tweener} == set(names(found))
    editing.edit(owner, "Carla", is_key=True)
    assert "Carla Diaz" not in names(people.search(owner, tweeners=True))


def test_filters_hold_together(owner: Owner, cast: dict[str, Person]) -> None:
    state = people.show(owner, "Anna Berger").state
    assert names(people.search(owner, "berger", stage=2, state=state)) == ["Anna Berger"]
    assert people.search(owner, "berger", stage=3, state=state).total == 0


def test_lists_are_in_the_order_that_was_asked_for(owner: Owner, cast: dict[str, Person]) -> None:
    assert names(people.search(owner, sort="name")) == sorted(cast)
    assert names(people.search(owner, sort="name", state="alive")) == sorted(names(people.search(owner, state="alive")))
    assert names(people.search(owner, sort="last"))[:4] == ["Anna Berger", "Bruno Costa", "Carla Diaz", "Dora Novák"]
    stages = [row.stage for row in people.search(owner, sort="stage").people]
    assert stages == sorted(stages, reverse=True)
    warm = [row.warmth for row in people.search(owner, sort="warmth").people]
    assert warm == sorted(warm, reverse=True)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("tweeners", [False, True])
def test_pages_neither_overlap_nor_leave_out(owner: Owner, sort: str, tweeners: bool) -> None:
    for number in range(23):
        talk(owner, person(owner, f"Same Name {number % 3}"), 300, 200, 100)
    whole = people.search(owner, sort=sort, tweeners=tweeners)
    assert whole.total == 23
    seen: list[str] = []
    for offset in range(0, 30, 5):
        page = people.search(owner, sort=sort, tweeners=tweeners, limit=5, offset=offset)
        assert (page.total, page.offset, page.limit) == (23, offset, 5)
        seen += [row.id for row in page.people]
    assert seen == [row.id for row in whole.people]
    assert len(set(seen)) == 23


@pytest.mark.parametrize(
    "options",
    [{"stage": 0}, {"stage": 8}, {"state": "warm"}, {"sort": "score"}, {"limit": -1}, {"limit": 501}, {"offset": -1}],
)
def test_pages_that_do_not_exist_are_refused(owner: Owner, options: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        people.search(owner, **options)  # type: ignore[arg-type]
    assert caught.value.hint


def test_two_people_of_one_name_are_told_apart(owner: Owner) -> None:
    first, second = person(owner, "Anna Berger"), person(owner, "Anna Berger")
    with pytest.raises(Conflict) as caught:
        people.show(owner, "Anna Berger")
    candidates = caught.value.details["candidates"]
    assert {item.id for item in candidates} == {key(first), key(second)}  # type: ignore[attr-defined]
    assert key(first) in caught.value.message
    assert people.show(owner, key(second)).id == key(second)
    editing.add_identity(owner, key(second), "anna@example.org")
    assert people.show(owner, "anna@example.org").id == key(second)
    assert people.search(owner, "anna berger").total == 2


def test_the_page_and_the_list_agree(owner: Owner, cast: dict[str, Person]) -> None:
    bank.gave(owner, "Bruno", "advice")
    for row in people.search(owner).people:
        page = people.show(owner, row.id)
        for field in (
            "name",
            "stage",
            "warmth",
            "state",
            "balance",
            "last_contact_on",
            "tags",
            "tweener",
            "open_loops",
        ):
            assert getattr(row, field) == getattr(page, field), field


def test_the_page_shows_the_timeline_newest_first(owner: Owner, cast: dict[str, Person]) -> None:
    talk(owner, cast["Anna Berger"], 1, channel="email", direction=-1)
    page = people.show(owner, "Anna")
    assert [item.at for item in page.interactions] == sorted((item.at for item in page.interactions), reverse=True)
    assert (page.interactions[0].channel, page.interactions[0].direction, page.interactions[0].role) == (
        "email", -1, "from"
    )  # fmt: skip
    assert page.interactions_total == 4
    assert page.warmth_history[-1][0] == clock.today(owner)
    assert len(page.warmth_history) == 25


def test_the_balance_of_friends_and_family_is_hidden_unless_wanted(owner: Owner, cast: dict[str, Person]) -> None:
    bank.gave(owner, "Anna", "favour")
    assert people.show(owner, "Anna").balance is not None
    editing.edit(owner, "Anna", is_kin=True)
    page = people.show(owner, "Anna")
    assert (page.balance, page.bank) == (None, None)
    assert editing.edit(owner, "Anna", shows_balance=True).balance is not None
    place(owner, cast["Bruno Costa"], 7)
    assert people.show(owner, "Bruno").balance is None


def test_two_thousand_people_are_listed_and_searched_quickly(owner: Owner) -> None:
    ids, at = IdRun(), int(clock.now().timestamp())
    rows, mails = [], []
    for number in range(2_000):
        name, pk = f"Person {number:04} Test", ids.next()
        rows.append((pk, owner.pk, name, fold_name(name), at))
        mails.append((ids.next(), owner.pk, pk, "email", f"p{number}@example.org", f"p{number}@example.org"))
    Inserter(Person, ("id", "owner", "name", "folded_name", "created_at")).insert(rows)
    Inserter(Identity, ("id", "owner", "person", "kind", "value", "key")).insert(mails)
    owners.touch_revision(owner)
    begun = time.process_time()
    assert people.search(owner).total == 2_000
    assert names(people.search(owner, sort="name", limit=2, offset=1_998)) == ["Person 1998 Test", "Person 1999 Test"]
    assert names(people.search(owner, "p1234@example.org")) == ["Person 1234 Test"]
    assert people.search(owner, "person 19").total == 139
    assert people.show(owner, "Person 0042 Test").name == "Person 0042 Test"
    assert time.process_time() - begun < 3.0


def test_a_stranger_sees_nobody(owner: Owner, stranger: Owner, cast: dict[str, Person]) -> None:
    editing.add_identity(owner, "Anna", "anna@example.org")
    for sort in SORTS:
        assert people.search(stranger, sort=sort).total == 0
    for query in ("anna", "example", "novak"):
        assert people.search(stranger, query).people == []
    for who in ("Anna Berger", "anna@example.org", key(cast["Anna Berger"])):
        with pytest.raises(NotFound):
            people.show(stranger, who)
