"""The bank: what was given and got, with its size, day and person."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from kithbook.core.errors import Invalid, NotFound
from kithbook.core.ids import to_text
from kithbook.core.ledger import KINDS
from kithbook.services import bank, bankbook, batches, clock, editing, people, recording
from kithbook.services.views import as_json
from kithbook.store.models import Batch, EntryParty, Group, LedgerEntry, Objective, Owner, Person
from tests.services.factories import person, talk
from tests.services.helpers import key, place, set_clock, snapshot
from tests.services.test_growth import assert_constant_queries, rich, ten_more


@pytest.fixture
def anna(owner: Owner) -> Person:
    return person(owner, "Anna Berger")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_given_and_got(owner: Owner, anna: Person, kind: str) -> None:
    for act, word in ((bank.gave, "gave"), (bank.got, "got")):
        view = act(owner, "Anna", kind)
        assert (view.direction, view.kind, view.size, view.label) == (word, kind, KINDS[kind].size, KINDS[kind].label)
    assert len(people.show(owner, "Anna").ledger) == 2


def test_size_note_and_day_are_kept(owner: Owner, anna: Person) -> None:
    day = dt.date(2026, 3, 1)
    view = bank.gave(owner, "Anna", "favour", size=5, note="Moved house", on=day)
    assert (view.size, view.note, view.on) == (5, "Moved house", day)
    assert people.show(owner, "Anna").ledger == [view]


@pytest.mark.parametrize(
    ("kind", "size", "on"),
    [("bribe", None, None), ("favour", 0, None), ("favour", 6, None), ("favour", 1, dt.date(2026, 11, 22))],
)
def test_what_cannot_be_entered_leaves_nothing(
    owner: Owner, anna: Person, kind: str, size: int | None, on: dt.date | None
) -> None:
    with pytest.raises(Invalid) as caught:
        bank.gave(owner, "Anna", kind, size=size, on=on)
    assert caught.value.hint
    assert not LedgerEntry.objects.exists()
    assert not Batch.objects.exists()


def test_giving_raises_the_balance_and_asking_draws_on_it(owner: Owner, anna: Person) -> None:
    """R15: an account for each person, of deposits and withdrawals."""
    assert people.show(owner, "Anna").balance == 0
    bank.gave(owner, "Anna", "favour", size=3)
    assert people.show(owner, "Anna").balance == 3
    bank.got(owner, "Anna", "ask", size=2)
    assert people.show(owner, "Anna").balance == 1
    bank.got(owner, "Anna", "gift", size=4)
    assert people.show(owner, "Anna").balance == 1


def test_the_balance_ages(owner: Owner, anna: Person) -> None:
    """R15, R20: r15: an account per person with deposits, withdrawals and ageing."""
    bank.gave(owner, "Anna", "favour", size=2, on=dt.date(2025, 11, 21))
    assert people.show(owner, "Anna").balance == pytest.approx(1, abs=0.01)


def test_entries_outside_the_balance_are_shown_and_not_counted(owner: Owner, anna: Person) -> None:
    view = bank.gave(owner, "Anna", "favour", size=3)
    LedgerEntry.objects.update(outside_balance=True)
    page = people.show(owner, "Anna")
    assert (page.balance, page.ledger) == (0, [view])


def test_a_person_is_one_party_of_an_entry(owner: Owner, anna: Person) -> None:
    row = recording.record_entry(owner, [anna, anna], "gave", "item")
    assert row.parties.count() == 1


def test_an_entry_is_taken_back(owner: Owner, anna: Person) -> None:
    before = snapshot(owner)
    view = bank.got(owner, "Anna", "referral")
    batches.undo(owner, view.batch or "")
    assert snapshot(owner) == before
    assert not EntryParty.objects.exists()


def test_thanks_that_name_an_entry_outlive_it(owner: Owner, anna: Person) -> None:
    view = bank.got(owner, "Anna", "referral")
    cause = LedgerEntry.objects.get()
    recording.record_entry(owner, [anna], "gave", "thanks", cause=cause)
    batches.undo(owner, view.batch or "")
    left = LedgerEntry.objects.of(owner).get()
    assert (left.kind, left.cause_entry_id) == ("thanks", None)


def test_a_stranger_enters_nothing_with_people_of_mine(owner: Owner, stranger: Owner, anna: Person) -> None:
    view = bank.gave(owner, "Anna", "item")
    for who in (key(anna), "Anna"):
        with pytest.raises(NotFound):
            bank.got(stranger, who, "favour")
    with pytest.raises(NotFound):
        batches.undo(stranger, view.batch or to_text(0))
    assert LedgerEntry.objects.count() == 1


def test_an_entry_carries_everything_that_can_be_said_of_it(owner: Owner, anna: Person) -> None:
    """R4, R12, R19, R39: minutes, private money, no strings, meaning, cause and how it felt."""
    person(owner, "Bruno Costa")
    Objective.objects.create(owner=owner, name="Three clients", created_at=clock.now())
    Group.objects.create(owner=owner, name="Design Circle")
    editing.note_topic(owner, "Anna", "goal", "a marathon")
    goal = people.show(owner, "Anna").topics[0].id
    source = bank.got(owner, "Bruno", "advice")
    view = bank.gave(
        owner, "Anna", "goal_help", size=4, others=["Bruno"], minutes=90, money="25,5", currency="eur", asked=True,
        meaningful="yes", inspired_by=source.id, objective="three clients", goal=goal, group="Design Circle",
        satisfaction="Glad to see her run", outside_balance=True,
    )  # fmt: skip
    found = bankbook.entry(owner, view.id)
    assert [who.name for who in found.people] == ["Anna Berger", "Bruno Costa"]
    assert (found.minutes, found.money, found.currency, found.asked, found.meaningful) == (
        90,
        "25.50",
        "EUR",
        True,
        True,
    )
    assert (found.objective, found.goal, found.group) == ("Three clients", "a marathon", "Design Circle")
    assert (found.inspired_by, found.satisfaction) == (source.id, "Glad to see her run")
    assert (found.no_strings, found.outside_balance, found.worth) == (True, True, 0.0)
    assert people.show(owner, "Anna").balance == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": -1},
        {"money": "lots"},
        {"money": "-3"},
        {"money": "NaN"},
        {"currency": "euro"},
        {"meaningful": "maybe"},
    ],
)
def test_nonsense_in_an_entry_is_refused(owner: Owner, anna: Person, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        bank.gave(owner, "Anna", "favour", **wrong)
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("name", ["objective", "goal", "group", "inspired_by"])
def test_what_an_entry_names_has_to_be_there(owner: Owner, anna: Person, name: str) -> None:
    with pytest.raises(NotFound):
        bank.gave(owner, "Anna", "favour", **{name: "0" * 13})  # type: ignore[arg-type]
    assert not LedgerEntry.objects.exists()


def test_an_entry_is_changed_and_what_is_left_out_stays(owner: Owner, anna: Person) -> None:
    view = bank.gave(owner, "Anna", "favour", size=2, note="Moved house", minutes=30, no_strings=False)
    bank.edit(owner, view.id, size=4, on=dt.date(2026, 1, 2), meaningful="no")
    found = bankbook.entry(owner, view.id)
    assert (found.size, found.on, found.meaningful) == (4, dt.date(2026, 1, 2), False)
    assert (found.note, found.minutes, found.no_strings, found.kind) == ("Moved house", 30, False, "favour")
    for wrong in ({"size": 6}, {"kind": "bribe"}, {"on": dt.date(2027, 1, 1)}, {"inspired_by": view.id}):
        with pytest.raises(Invalid):
            bank.edit(owner, view.id, **wrong)  # type: ignore[arg-type]


def test_an_entry_taken_away_is_gone(owner: Owner, anna: Person) -> None:
    view = bank.gave(owner, "Anna", "favour")
    assert bank.drop(owner, view.id).label == "favour"
    assert not LedgerEntry.objects.exists()
    with pytest.raises(NotFound):
        bank.drop(owner, view.id)


def test_people_without_a_recent_gift_are_listed_with_one_thing_each(
    owner: Owner, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R84, R85: no deposit in 90 days, and one concrete thing for this week."""
    place(owner, anna, 3)
    editing.note_topic(owner, "Anna", "interest", "rowing")
    (one,) = bankbook.give(owner).people
    assert (one.person.name, one.last_on, one.idea) == ("Anna Berger", None, "Send them something on rowing.")
    bank.gave(owner, "Anna", "item")
    assert bankbook.give(owner).total == 0
    set_clock(monkeypatch, "2027-02-19T09:00:00+00:00")
    assert bankbook.give(owner).total == 0
    set_clock(monkeypatch, "2027-02-20T09:00:00+00:00")
    assert bankbook.give(owner).people[0].last_on == dt.date(2026, 11, 21)


def test_who_was_written_to_twice_in_vain_is_not_on_the_list(owner: Owner, anna: Person) -> None:
    """R60: the needy guard holds for gifts too."""
    place(owner, anna, 3)
    talk(owner, anna, 9, 4, channel="email")
    assert bankbook.give(owner).total == 0


def test_one_person_is_helped_a_week_and_it_is_seen(owner: Owner, anna: Person) -> None:
    """R18: the weekly prompt is tracked: it names somebody until something was given this week."""
    place(owner, anna, 3)
    before = bankbook.overview(owner).help_one
    assert before.person is not None
    assert (before.person.name, before.given, before.weeks_with) == ("Anna Berger", [], 0)
    bank.gave(owner, "Anna", "thanks")
    assert bankbook.overview(owner).help_one.given == []
    bank.gave(owner, "Anna", "advice", note="On her talk")
    after = bankbook.overview(owner).help_one
    assert [view.note for view in after.given] == ["On her talk"]
    assert after.weeks_with == 1


def test_the_mirror_shows_asks_and_what_went_wrong(owner: Owner, anna: Person) -> None:
    """R17, R30: how I look in their book: share of contacts with an ask, gifts per ask, five to one."""
    talk(owner, anna, 40, 30, 20, 10)
    bank.got(owner, "Anna", "ask")
    for _ in range(4):
        bank.gave(owner, "Anna", "item")
    mirror = bankbook.overview(owner).mirror
    assert (mirror.contacts, mirror.asks, mirror.ask_share, mirror.give_per_ask) == (4, 1, 0.25, 4.0)
    assert mirror.is_amber
    bank.gave(owner, "Anna", "item")
    assert not bankbook.overview(owner).mirror.is_amber
    assert bankbook.account(owner, "Anna").need == "You asked for something in 1 of 4 contacts."


def test_giving_without_any_return_is_named_only_with_asks_between(owner: Owner, anna: Person) -> None:
    """R17, R39, R115: one-way so far is a word about effort; without asks of theirs nothing is said at all."""
    for day in (dt.date(2025, 1, 10), dt.date(2025, 6, 1), dt.date(2026, 1, 10)):
        bank.gave(owner, "Anna", "introduction", on=day)
    assert bankbook.overview(owner).one_way == []
    bank.gave(owner, "Anna", "advice", on=dt.date(2025, 8, 1), asked=True)
    (one,) = bankbook.overview(owner).one_way
    assert "Less effort is fine; the tie stays." in one.why
    assert bankbook.account(owner, "Anna").one_way == one.why
    assert people.show(owner, "Anna").standing == "kept"


def test_no_view_of_the_bank_speaks_of_owing(village: Owner) -> None:
    """R10: words of giving only."""
    text = json.dumps(as_json(bankbook.overview(village))).lower()
    for word in ("debt", "owe", "repay", "pay back", "score"):
        assert f" {word}" not in text


def test_the_balance_of_a_friend_is_hidden_and_the_history_is_not(owner: Owner, anna: Person) -> None:
    place(owner, anna, 7)
    bank.gave(owner, "Anna", "gift")
    hidden = bankbook.account(owner, "Anna")
    assert (hidden.hidden, hidden.gave, hidden.net, len(hidden.entries)) == (True, None, None, 1)
    editing.edit(owner, "Anna", shows_balance=True)
    assert bankbook.account(owner, "Anna").gave == 2


def test_help_passed_on_and_help_that_comes_round_are_chains(owner: Owner, anna: Person) -> None:
    """R14, R38: an entry names what inspired it, and a return through somebody else is attributed."""
    bruno = person(owner, "Bruno Costa", met_through=anna)
    first = bank.got(owner, "Anna", "advice", on=dt.date(2026, 1, 1))
    bank.gave(owner, "Bruno", "advice", on=dt.date(2026, 2, 1), inspired_by=first.id)
    (told,) = bankbook.chains(owner)
    assert (told.kind, told.text) == ("passed_on", "Anna Berger helped you, and you passed it on to Bruno Costa.")
    assert bankbook.account(owner, key(bruno)).chains == [told]
    bank.gave(owner, "Anna", "introduction", on=dt.date(2026, 3, 1))
    bank.got(owner, "Bruno", "referral", on=dt.date(2026, 4, 1))
    latest = bankbook.chains(owner)[0]
    assert latest.inferred
    assert latest.text.startswith("You helped Anna Berger, and it came round through Bruno Costa.")


def test_friction_asks_to_be_put_right_until_there_was_a_word(owner: Owner, anna: Person) -> None:
    """R109: a friction entry proposes a repair, an apology ends it."""
    bank.gave(owner, "Anna", "friction", on=dt.date(2026, 11, 1))
    (one,) = bankbook.overview(owner).repairs
    assert (one.mine, one.what) == (
        True,
        "Something rubbed on 1 November 2026: say sorry, or clear up what was expected.",
    )
    assert bankbook.account(owner, "Anna").repairs == [one]
    bank.gave(owner, "Anna", "apology")
    assert bankbook.overview(owner).repairs == []


def test_thanks_that_came_are_kept(owner: Owner, anna: Person) -> None:
    """R36: thanks received are recorded and shown."""
    bank.got(owner, "Anna", "thanks", note="A card")
    assert [view.note for view in bankbook.overview(owner).thanks] == ["A card"]
    assert [view.note for view in bankbook.account(owner, "Anna").thanks] == ["A card"]


def test_help_of_twenty_years_ago_is_in_the_history(owner: Owner, anna: Person) -> None:
    """R20, R28: nothing of the history is lost, however little it weighs."""
    bank.got(owner, "Anna", "referral", on=dt.date(2006, 5, 1))
    account = bankbook.account(owner, "Anna")
    assert [(year.year, year.got) for year in account.years] == [(2006, 1)]
    assert account.entries[0].worth == pytest.approx(4 * 2 ** (-7509 / 1095.75), abs=0.01)


def test_replies_and_rounds_are_signs_of_a_healthy_account(owner: Owner, anna: Person) -> None:
    """R16, R91, R93: reply rate and latency, rounds of giving and their rhythm."""
    for ago in (90, 60, 40):
        talk(owner, anna, ago, channel="email", direction=recording.OUT)
        talk(owner, anna, ago - 2, channel="email", direction=recording.IN)
    for ago, act in ((90, bank.gave), (60, bank.got), (30, bank.gave), (0, bank.got)):
        act(owner, "Anna", "advice", on=clock.today(owner) - dt.timedelta(days=ago))
    account = bankbook.account(owner, "Anna")
    assert (account.reply_rate, account.reply_days) == (1.0, 2.0)
    assert account.replies == "3 of your 3 messages were answered, usually after 2 days."
    assert (account.mutuality, account.rounds, account.gap_days) == ("both ways", 2, 30)


def test_entries_are_listed_by_person_direction_and_kind(owner: Owner, anna: Person) -> None:
    person(owner, "Bruno Costa")
    bank.gave(owner, "Anna", "item")
    bank.got(owner, "Anna", "advice")
    bank.gave(owner, "Bruno", "advice")
    assert bankbook.entries(owner).total == 3
    assert bankbook.entries(owner, person="Anna").total == 2
    assert bankbook.entries(owner, direction="gave", kind="advice").entries[0].people[0].name == "Bruno Costa"
    assert len(bankbook.entries(owner, limit=1, offset=1).entries) == 1
    for wrong in ({"direction": "up"}, {"kind": "bribe"}, {"limit": -1}):
        with pytest.raises(Invalid):
            bankbook.entries(owner, **wrong)  # type: ignore[arg-type]


def test_the_bank_costs_the_same_for_ten_more_people(owner: Owner) -> None:
    rich(owner, "Anna Berger")
    assert_constant_queries(lambda: bankbook.overview(owner), ten_more(owner))
    assert_constant_queries(lambda: bankbook.give(owner), ten_more(owner, "Later"))


def test_a_stranger_reads_and_changes_no_entry_of_mine(owner: Owner, stranger: Owner, anna: Person) -> None:
    view = bank.gave(owner, "Anna", "item", note="secret")
    assert "secret" not in json.dumps(as_json(bankbook.overview(stranger)))
    for act in (bankbook.entry, bank.drop, bank.edit):
        with pytest.raises(NotFound):
            act(stranger, view.id)
    person(stranger, "Zoe")
    with pytest.raises(NotFound):
        bank.gave(stranger, "Zoe", "item", inspired_by=view.id)
    assert bankbook.entry(owner, view.id).note == "secret"
