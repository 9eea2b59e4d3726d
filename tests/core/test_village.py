"""The demo village: the same every time, plausible, and with every hard case where the docs say it is."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from kithbook.core.addresses import normalise_email
from kithbook.core.channels import CHANNELS
from kithbook.core.followups import Exchange as Step
from kithbook.core.followups import plan_steps
from kithbook.core.ledger import KINDS
from kithbook.core.robots import bot_kind
from kithbook.core.village import build
from kithbook.core.villagepeople import list_cast
from kithbook.core.villagestory import CLIENTS_AIM, MATCHES
from kithbook.core.villagetypes import Dice, Exchange, Village, Villager

TODAY = dt.date(2026, 11, 21)
NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAYS = [TODAY, dt.date(2026, 1, 1), dt.date(2028, 2, 29), dt.date(2027, 8, 16), dt.date(2027, 3, 28)]


@pytest.fixture(scope="module")
def village() -> Village:
    return build(TODAY)


def person(village: Village, name: str) -> Villager:
    return next(one for one in village.people if one.name == name)


def exchanges(village: Village, name: str, *, alone: bool = False) -> list[Exchange]:
    key = person(village, name).key
    return [
        e for e in village.exchanges
        if any(who == key and role != "also" for who, role in e.people) and (not alone or e.size == 1)
    ]  # fmt: skip


def ago(village: Village, name: str) -> int:
    last = exchanges(village, name, alone=True)[-1]
    return (TODAY - last.at.date()).days


def test_the_same_day_gives_the_same_village(village: Village) -> None:
    assert build(TODAY) == village


def test_another_seed_gives_another_life_to_the_same_people(village: Village) -> None:
    other = build(TODAY, seed=8)
    assert [one.key for one in other.people] == [one.key for one in village.people]
    assert other.exchanges != village.exchanges


def test_the_village_of_the_fixed_day_has_these_sizes(village: Village) -> None:
    assert len(village.people) == 150
    assert len({one.key for one in village.people}) == 150
    assert sum(one.standing == "seen" for one in village.people) == 5
    assert 4_500 < len(village.exchanges) < 5_500
    assert 4.9 < (TODAY - village.exchanges[0].at.date()).days / 365.25 < 5.01


@pytest.mark.parametrize("today", DAYS)
def test_nothing_has_happened_yet_that_lies_ahead(today: dt.date) -> None:
    village = build(today)
    midnight = dt.datetime.combine(today, dt.time(), dt.UTC)
    assert village.exchanges[-1].at < midnight - dt.timedelta(hours=7)
    assert all(one.met_at < midnight for one in village.people)
    assert all(gift.on < today for gift in village.gifts)
    assert all(move.at < midnight for move in village.moves)
    assert all(word.made_on < today and (word.closed_on or word.made_on) < today for word in village.promises)
    assert all(fact.noted_on < today for fact in village.topics)
    assert all((ask.outcome_on or ask.asked_on or dt.date.min) < today for ask in village.asks)


@pytest.mark.parametrize("today", DAYS)
def test_nobody_exchanges_before_they_met(today: dt.date) -> None:
    village = build(today)
    met_at = {one.key: one.met_at for one in village.people if one.standing != "seen"}
    for exchange in village.exchanges:
        for who, _ in exchange.people:
            assert who not in met_at or exchange.at >= met_at[who], (who, exchange)


def test_every_name_that_is_referred_to_exists(village: Village) -> None:
    keys = {one.key for one in village.people}
    named: set[str] = {who for exchange in village.exchanges for who, _ in exchange.people}
    named |= {who for gift in village.gifts for who in gift.people}
    named |= {one.person for rows in (village.promises, village.asks, village.moves, village.topics) for one in rows}
    named |= {who for one in village.introductions for who in (one.introducer, one.first, one.second, one.asked_by)}
    named |= {who for door in village.referrals for who in (door.giver, door.receiver, door.about)}
    named |= {who for aim in village.objectives for who, _ in aim.people} | {who for who, _, _ in village.roles}
    named |= {who for group in village.groups for who, _ in group.members}
    named |= {who for event in village.events for who, _, _ in event.there} | {
        one.met_through for one in village.people
    }
    assert named - {""} <= keys
    links = {gift.exchange for gift in village.gifts} - {""}
    assert links == {exchange.key for exchange in village.exchanges} - {""}
    assert {one.met_event for one in village.people} - {""} <= {event.key for event in village.events}
    doors = {door.key for door in village.referrals}
    assert {gift.referral for gift in village.gifts} - {""} <= doors
    assert {one.name for one in village.objectives} >= {a.objective for a in village.asks} - {""}


def test_addresses_are_reserved_ones_and_belong_to_one_person_each(village: Village) -> None:
    emails = [email for one in village.people for email, _ in one.emails]
    assert len(set(map(normalise_email, emails))) == len(emails) == 151
    assert {email.rpartition("@")[2] for email in emails} == {"example.org", "example.com", "example.net"}
    assert not any(bot_kind(email) for email in emails)
    phones = [one.phone for one in village.people if one.phone]
    assert len(set(phones)) == len(phones) > 20
    assert all(phone.startswith("+44 20 7946 0") for phone in phones)


def test_channels_and_kinds_are_those_of_the_method(village: Village) -> None:
    assert {exchange.channel for exchange in village.exchanges} <= set(CHANNELS)
    assert {gift.kind for gift in village.gifts} <= set(KINDS)
    assert all(1 <= gift.size <= 5 for gift in village.gifts)
    assert all(exchange.size >= 1 and exchange.direction in (-1, 0, 1) for exchange in village.exchanges)


def test_the_ladder_ends_at_todays_stage_one_step_at_a_time(village: Village) -> None:
    last = {one.key: 1 for one in village.people}
    for move in village.moves:
        if move.view == "they" and move.decision != "declined":
            assert move.from_stage == last[move.person], move
            assert move.decision == "placed" or move.to_stage == move.from_stage + 1
            last[move.person] = move.to_stage
    assert last == {one.key: one.stage for one in village.people}
    assert set(Counter(last.values())) == {1, 2, 3, 4, 5, 6, 7}


def test_contact_is_heavy_tailed(village: Village) -> None:
    counts = sorted((len(exchanges(village, one.name, alone=True)) for one in village.people), reverse=True)
    assert sum(counts[:15]) > 0.45 * sum(counts)
    assert counts[0] > 10 * counts[75] > 0


def test_work_rests_at_weekends_and_in_august(village: Village) -> None:
    work = {
        one.key for one in village.people if one.circle in ("studio", "old_clients", "clients", "health", "partners")
    }
    days = Counter(
        e.at.weekday() for e in village.exchanges if {who for who, _ in e.people} <= work and e.channel == "call"
    )
    assert days[5] + days[6] < 0.08 * days.total()
    months = Counter(exchange.at.month for exchange in village.exchanges)
    assert months[8] < 0.6 * months[10]


def test_nobody_writes_at_night(village: Village) -> None:
    hours = {exchange.at.hour for exchange in village.exchanges}
    assert min(hours) >= 6
    assert max(hours) <= 20


def test_an_answer_never_comes_before_its_question(village: Village) -> None:
    asked: set[tuple[str, str]] = set()
    for exchange in village.exchanges:
        if exchange.size == 1 and exchange.title.startswith("Re: ") and exchange.title != "Re: Robin, meet Adaeze":
            assert (exchange.people[0][0], exchange.title.removeprefix("Re: ")) in asked, exchange
        asked.add((exchange.people[0][0], exchange.title))


def test_there_are_two_annas_and_an_annika(village: Village) -> None:
    assert {one.name for one in village.people if one.name.startswith("Ann")} == {
        "Anna Berger", "Anna Lindqvist", "Annika Sommer",
    }  # fmt: skip


def test_frank_and_dana_of_the_contracts_sentence_are_here_once(village: Village) -> None:
    first_names = Counter(one.name.split()[0] for one in village.people)
    assert first_names["Frank"] == first_names["Dana"] == 1


def test_sofia_uses_her_old_and_her_new_address(village: Village) -> None:
    sofia = person(village, "Sofia Marques")
    assert [label for _, label in sofia.emails] == ["old work", "work"]
    assert [bool(job.ended_on) for job in sofia.jobs] == [True, False]
    notes = [e.note for e in exchanges(village, "Sofia Marques")]
    new, old = (
        next(i for i, note in enumerate(notes) if words in note) for words in ("From s.marques@", "Still came from")
    )
    assert new < old < len(notes)


def test_gregor_never_answers(village: Village) -> None:
    assert [e.direction for e in exchanges(village, "Gregor Haas")] == [1] * 6


def test_a_mailing_list_and_a_newsletter_are_nobody(village: Village) -> None:
    assert {mail.name for mail in village.bulk_mail} == {"Vienna Service Design Circle (list)", "Service Design Weekly"}
    known = {normalise_email(email) for one in village.people for email, _ in one.emails}
    for mail in village.bulk_mail:
        assert bot_kind(mail.address)
        assert mail.mails > 50
        assert normalise_email(mail.address) not in known


def test_marcus_opened_a_door_and_was_never_thanked(village: Village) -> None:
    door = next(door for door in village.referrals if door.giver == "marcus-eidinger")
    assert (TODAY - door.on).days == 46
    assert door.outcome
    assert not door.reported_on
    assert person(village, "Mirjam Tannhofer").met_through == "marcus-eidinger"
    later = [
        g.kind for g in village.gifts if "marcus-eidinger" in g.people and g.direction == "gave" and g.on >= door.on
    ]
    assert later == []


def test_all_other_help_was_thanked(village: Village) -> None:
    wanted = {"referral", "introduction", "favour", "advice", "praise", "hospitality", "gift", "ask", "goal_help"}
    for gift in village.gifts:
        if gift.direction == "got" and gift.kind in wanted and gift.size >= 2 and "marcus-eidinger" not in gift.people:
            later = {
                g.kind for g in village.gifts if g.direction == "gave" and g.people == gift.people and g.on >= gift.on
            }
            assert "thanks" in later, gift


@pytest.mark.parametrize("today", [TODAY + dt.timedelta(days=n) for n in range(7)])
def test_one_promise_is_due_this_week_and_one_overdue(today: dt.date) -> None:
    mine = {w.person: w for w in build(today).promises if w.by_me and w.state == "open"}
    monday = today - dt.timedelta(days=today.weekday())
    assert today <= (mine["marlene-fuchs"].due_on or today) < monday + dt.timedelta(days=7)
    assert mine["luca-morandi"].due_on == today - dt.timedelta(days=9)
    assert len([w for w in mine.values() if w.due_on and w.due_on < today]) == 1


def test_a_promise_was_broken_and_said_sorry_for(village: Village) -> None:
    assert [w.person for w in village.promises if w.state == "broken"] == ["birgit-ahrens"]
    told = [
        (g.kind, g.on)
        for g in village.gifts
        if g.people == ("birgit-ahrens",) and g.kind in ("promise_broken", "apology")
    ]
    assert [kind for kind, _ in told] == ["promise_broken", "apology"]


@pytest.mark.parametrize(
    ("name", "hours", "step"), [("Valerie Kornfeld", 20, 1), ("Benjamin Osei", 140, 2), ("Greta Solberg", 692, 3)]
)
def test_a_new_person_waits_at_each_step_of_24_7_30(village: Village, name: str, hours: int, step: int) -> None:
    new = person(village, name)
    assert new.follows_up
    assert (NOON - new.met_at) / dt.timedelta(hours=1) == hours
    words = {1: "out", -1: "in", 0: "both"}
    past = [Step(e.at, words[e.direction]) for e in exchanges(village, name)]
    steps = plan_steps(new.met_at, past, NOON, ZoneInfo("Europe/Vienna"))
    assert [s.state for s in steps if s.number < step] == ["done"] * (step - 1)
    assert next(s for s in steps if s.number == step).state == "open"


def test_the_best_friend_abroad_has_been_silent_for_four_years(village: Village) -> None:
    mateus = person(village, "Mateus Arroio")
    assert mateus.stage == 7
    assert mateus.place == "Montevideo"
    assert len(exchanges(village, "Mateus Arroio")) >= 15
    assert 4.0 <= ago(village, "Mateus Arroio") / 365.25 < 4.4


def test_tweeners_are_liked_and_have_gone_quiet(village: Village) -> None:
    tweeners = [one.name for one in list_cast() if one.rhythm == "tweener"]
    assert len(tweeners) >= 12
    for name in tweeners:
        told = exchanges(village, name, alone=True)
        assert len({e.at.date() for e in told}) >= 2, name
        assert 90 < ago(village, name) < 365, name
        assert person(village, name).stage < 5
        assert (person(village, name).liking or 3) >= 3


def test_petra_was_dropped_after_three_exchanges(village: Village) -> None:
    assert len(exchanges(village, "Petra Nováková")) == 3
    assert ago(village, "Petra Nováková") > 180


def test_mother_is_called_on_the_first_sunday_of_every_month(village: Village) -> None:
    assert person(village, "Teresa Vale").is_kin
    days = [e.at.date() for e in exchanges(village, "Teresa Vale")]
    assert len(days) in (59, 60)
    assert all(day.weekday() == 6 and day.day <= 7 for day in days)
    assert {(b - a).days for a, b in itertools.pairwise(days)} == {28, 35}


def test_introductions_stand_in_six_different_states(village: Village) -> None:
    states = {one.key: one.state for one in village.introductions}
    assert sorted(states.values()) == ["asked_second", "closed", "declined", "idea", "made", "met"]
    for one in village.introductions:
        assert one.steps[-1].state == one.state
        assert [s.at for s in one.steps] == sorted(s.at for s in one.steps)
    assert next(one for one in village.introductions if one.second == "").introducer == "priya-raghunath"


def test_the_objective_has_people_helpers_and_a_share(village: Village) -> None:
    aim = village.objectives[0]
    assert aim.name == CLIENTS_AIM == "Three new clients in healthcare by spring"
    assert sum(one.share for one in village.objectives) <= 1
    assert sum(helps for _, helps in aim.people) == 3
    assert len(aim.people) == 13
    assert (aim.due_on.month, aim.due_on.day) == (3, 20)
    assert 60 <= (aim.due_on - TODAY).days <= 425


def test_needs_and_offers_match_across_people(village: Village) -> None:
    told = {(fact.person, fact.kind, fact.text) for fact in village.topics}
    for needs, need, offers, offer in MATCHES:
        assert {(needs, "need", need), (offers, "offer", offer)} <= told
        assert set(need.split()) & set(offer.split()) - {"a", "in", "for", "of", "and", "or", "who", "the"}


def test_one_fact_is_sensitive_and_one_person_takes_no_gifts(village: Village) -> None:
    assert [fact.person for fact in village.topics if fact.is_sensitive] == ["ngozi-adeyemi"]
    assert [one.name for one in village.people if one.no_gifts] == ["Helene Zauner"]
    given = {g.kind for g in village.gifts if g.direction == "gave" and "helene-zauner" in g.people}
    assert given
    assert not given & {"gift", "hospitality"}


def test_an_event_lies_ahead_and_copied_people_are_only_seen(village: Village) -> None:
    assert [event.name for event in village.events if event.held_on > TODAY] == ["Care by Design"]
    seen = {one.key for one in village.people if one.standing == "seen"}
    assert {role for e in village.exchanges for who, role in e.people if who in seen} == {"also"}
    assert seen <= {who for e in village.exchanges for who, _ in e.people}


def test_dice_fall_alike_everywhere() -> None:
    """The published first outputs of SplitMix64 from the state 1234567."""
    dice = Dice(7, "anna")
    dice._state = 1234567
    published = (6457827717110365317, 3203168211198807973, 9817491932198370423)
    assert [dice.share() for _ in range(3)] == [(number >> 11) / 2**53 for number in published]


def test_dice_keep_to_their_bounds() -> None:
    dice = Dice(7, "bounds")
    assert {dice.whole(1, 3) for _ in range(200)} == {1, 2, 3}
    assert sorted(dice.some_of([3, 1, 2], 5)) == [1, 2, 3]
    middle = sorted(dice.spread(10.0, 1.0) for _ in range(999))[499]
    assert 9 < middle < 11
