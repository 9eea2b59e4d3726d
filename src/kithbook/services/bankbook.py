"""Reads the bank: the page over everybody, the account with one person, lists of entries and of what to give."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from kithbook.core.bankhealth import measure_replies, say_replies
from kithbook.core.bankmutual import (
    count_asks,
    count_rounds,
    count_their_asks,
    list_years,
    measure_mutuality,
    recent,
    say_need,
)
from kithbook.core.errors import Invalid
from kithbook.core.ids import to_text
from kithbook.core.ledger import (
    FRIEND_STAGE,
    ONE_WAY_GIFTS,
    ONE_WAY_SIZE,
    add_months,
    balance,
    find_kind,
    gives_value,
    mirror,
    one_way,
    was_asked,
)
from kithbook.services import bankgiving, clock, helping
from kithbook.services.bankrows import (
    Book,
    chains_of,
    entry_views,
    linked_ids,
    listed_entries,
    load,
    make_view,
)
from kithbook.services.bankviews import (
    BankAccountView,
    BankView,
    ChainView,
    Choice,
    EntryChoices,
    EntryList,
    EntryView,
    GiveList,
    MirrorView,
    OneWayView,
    YearView,
)
from kithbook.services.finding import brief, find_person
from kithbook.services.persons import is_balance_hidden
from kithbook.services.personviews import PersonBrief
from kithbook.services.promises import promises_of
from kithbook.services.registry import operation
from kithbook.services.remembering import remembered
from kithbook.store.models import (
    Ask,
    EntryParty,
    Group,
    Interaction,
    LedgerEntry,
    Objective,
    Owner,
    Participant,
    Person,
    Request,
    Topic,
)

SHOWN = 20
MOST_LISTED = 500
MIRROR_MONTHS = 12
THANKS_SHOWN = 6
LEAST_ENTRIES = 3
SOURCES = 40
NOT_A_SOURCE = ("thanks", "report", "friction", "missed_meeting", "promise_broken", "spam", "loop_open")


@operation(reads=True)
@remembered
def overview(owner: Owner, limit: int = 12) -> BankView:
    """The bank over everybody: what went each way, whom to give something, how you look, what travels."""
    book, today = load(owner), clock.today(owner)
    people = _people(owner)
    found = bankgiving.receivers(owner, book)
    entries = book.counting()
    sums, mutual = balance(entries, today), measure_mutuality(entries, today)
    through = dict(Person.objects.of(owner).filter(met_through__isnull=False).values_list("pk", "met_through_id"))
    thanks = sorted(bankgiving.thanks_ids(book.rows.values()), key=lambda key: book.rows[key].on, reverse=True)
    return BankView(
        gave=round(sums.gave, 1),
        got=round(sums.got, 1),
        entries_total=len(book.rows),
        recent=_listed(owner, list(book.rows)[::-1], _check_limit(limit), 0),
        give=bankgiving.give_list(owner, found, limit),
        help_one=bankgiving.help_one(owner, book, found),
        mirror=_mirror(owner, book, today),
        mutuality=mutual.word,
        rounds=sum(
            count_rounds([row.entry for row in rows if gives_value(row.entry)]) for rows in book.of_person.values()
        ),
        one_way=_one_way(book, people, today),
        repairs=bankgiving.repairs(book, people),
        thanks=entry_views(owner, thanks[:THANKS_SHOWN]),
        years=_years(book),
        chains=chains_of(owner, book, through),
        promises=promises_of(owner),
    )


@operation(reads=True)
def account(owner: Owner, person: str) -> BankAccountView:
    """The bank with one person: everything each way for ever, how mutual it is, replies, promises, what to mend.

    The balance is left out for friends and family unless you asked to see it.
    """
    return account_of(owner, find_person(owner, person))


@operation(reads=True)
def entries(
    owner: Owner, person: str = "", direction: str = "", kind: str = "", limit: int = 50, offset: int = 0
) -> EntryList:
    """Entries of the bank, newest first: of one person, of one direction (gave or got), of one kind."""
    _check_limit(limit)
    if direction not in ("", "gave", "got"):
        raise Invalid(f"“{direction[:20]}” is not a direction.", "Say gave or got.")
    rows = listed_entries(owner)
    if person:
        rows = LedgerEntry.objects.of(owner).filter(parties__person=find_person(owner, person))
    rows = rows.filter(direction=direction) if direction else rows
    rows = rows.filter(kind=find_kind(kind)) if kind else rows
    ids = list(rows.order_by("-on", "-turn", "-pk").values_list("pk", flat=True))
    return _listed(owner, ids, limit, max(0, offset))


@operation(reads=True)
def give(owner: Owner, limit: int = 50, offset: int = 0) -> GiveList:
    """Give to get: people who had nothing of yours for 90 days, each with one concrete thing for this week."""
    found = bankgiving.receivers(owner, load(owner))
    return bankgiving.give_list(owner, found, _check_limit(limit), max(0, offset))


@operation(reads=True)
def chains(owner: Owner) -> list[ChainView]:
    """Help that travelled: passed on to others, or come round through somebody else."""
    doors = Person.objects.of(owner).filter(met_through__isnull=False).values_list("pk", "met_through_id")
    return chains_of(owner, load(owner), dict(doors))


@operation(reads=True)
def entry(owner: Owner, entry: str) -> EntryView:
    """One entry of the bank with everything written on it."""
    from kithbook.services.bank import find_entry

    return entry_view(owner, find_entry(owner, entry))


@operation(reads=True)
@remembered
def choices(owner: Owner, person: str = "") -> EntryChoices:
    """What an entry of the bank can name: help it came from, open objectives, groups, and a person's goals."""
    row = find_person(owner, person) if person else None
    rows = listed_entries(owner).exclude(kind__in=NOT_A_SOURCE)
    recent_ids = list(rows.order_by("-on", "-turn", "-pk").values_list("pk", flat=True)[:SOURCES])
    goals = Topic.objects.of(owner).filter(person=row, kind__in=("goal", "need"), ended_on=None) if row else ()
    return EntryChoices(
        sources=[Choice(view.id, source_line(view)) for view in entry_views(owner, recent_ids)],
        objectives=list(
            Objective.objects.of(owner).filter(state="open").order_by("name").values_list("name", flat=True)
        ),
        groups=list(Group.objects.of(owner).order_by("name").values_list("name", flat=True)),
        goals=[Choice(to_text(topic.pk), topic.text) for topic in goals],
    )


def source_line(view: EntryView) -> str:
    """An entry in a line: when, who, what."""
    who = ", ".join(person.name for person in view.people)
    way = "to" if view.direction == "gave" else "from"
    return f"{view.on:%-d %b %Y}: {view.label} {way} {who}{f' ({view.note[:40]})' if view.note else ''}"


def account_of(owner: Owner, row: Person) -> BankAccountView:
    """The account with one person."""
    today, hidden = clock.today(owner), is_balance_hidden(row)
    ids = list(EntryParty.objects.of(owner).filter(person=row).values_list("entry_id", flat=True))
    book = load(owner, linked_ids(owner, ids))
    mine = book.counting_of(row.pk)
    everything = [raw.entry for raw in book.of_person.get(row.pk, ())]
    every = helping.whole(owner, [row.pk])[row.pk]
    sums, mutual = balance(every, today), measure_mutuality(every, today)
    exchanges = list(_exchanges(owner, row))
    replies = measure_replies(exchanges, clock.now())
    asked = list(Ask.objects.of(owner).filter(person=row, asked_on__isnull=False).values_list("asked_on", flat=True))
    wished = list(Request.objects.of(owner).filter(person=row).values_list("asked_on", flat=True))
    out, came = (sum(way in ways for _, way in exchanges) for ways in ((1, 0), (-1,)))
    asks = count_asks(asked, everything)
    looks = mirror(mine, contacts=out, contacts_with_ask=asks)
    found = one_way(mine, today)
    views = {view.id: view for view in entry_views(owner, ids)}
    thanks = [to_text(key) for key in bankgiving.thanks_ids(book.of_person.get(row.pk, ()))]
    return BankAccountView(
        person=brief(row),
        hidden=hidden,
        gave=None if hidden else round(sums.gave, 2),
        got=None if hidden else round(sums.got, 2),
        net=None if hidden else round(sums.net, 2),
        mutuality=mutual.word,
        rounds=mutual.rounds,
        gap_days=mutual.gap_days,
        entries=list(views.values()),
        years=[YearView(*year) for year in list_years(everything)],
        one_way=found.why if found and not hidden else "",
        need=say_need(out, asks, mine=True),
        their_need=say_need(came, count_their_asks(everything, wished), mine=False),
        replies=say_replies(replies),
        reply_rate=round(replies.answered / replies.sent, 3) if replies.sent else None,
        reply_days=replies.days,
        positives=looks.positives,
        negatives=looks.negatives,
        is_amber=looks.is_amber and len(mine) >= LEAST_ENTRIES,
        repairs=bankgiving.repairs(book, {row.pk: (row.name, row.stage)}),
        thanks=[views[key] for key in thanks[::-1]],
        chains=chains_of(owner, book),
        promises=promises_of(owner, row),
    )


def entry_view(owner: Owner, row: LedgerEntry) -> EntryView:
    """One entry as faces show it."""
    parties = EntryParty.objects.of(owner).filter(entry=row).select_related("person")
    return make_view(row, [party.person for party in parties], clock.today(owner))


def _check_limit(limit: int) -> int:
    if not 0 <= limit <= MOST_LISTED:
        raise Invalid(f"A list of {limit} cannot be given.", f"Ask for 0 to {MOST_LISTED}.")
    return limit


def _listed(owner: Owner, ids: Sequence[int], limit: int, offset: int) -> EntryList:
    return EntryList(entry_views(owner, ids[offset : offset + limit]), len(ids), offset)


def _people(owner: Owner) -> dict[int, tuple[str, int]]:
    """Name and stage of everybody kept, by name."""
    rows = Person.objects.of(owner).filter(standing="kept").order_by("folded_name", "pk")
    return {pk: (name, stage) for pk, name, stage in rows.values_list("pk", "name", "stage")}


def _years(book: Book) -> list[YearView]:
    return [YearView(*year) for year in list_years(raw.entry for raw in book.rows.values())]


def _one_way(book: Book, people: dict[int, tuple[str, int]], today: dt.date) -> list[OneWayView]:
    """By name: nobody is ranked by what they did not return. Friends are not looked at."""
    found = []
    for person, (name, stage) in people.items():
        given = sum(row.direction == "gave" and row.size >= ONE_WAY_SIZE for row in book.of_person.get(person, ()))
        seen = one_way(book.counting_of(person), today) if given >= ONE_WAY_GIFTS and stage < FRIEND_STAGE else None
        if seen:
            found.append(OneWayView(PersonBrief(to_text(person), name, stage), seen.why))
    return found


def _mirror(owner: Owner, book: Book, today: dt.date) -> MirrorView:
    """How the owner may look in other people's books: the last twelve months."""
    since = add_months(today, -MIRROR_MONTHS)
    begun = dt.datetime.combine(since, dt.time(), clock.zone(owner))
    contacts = Interaction.objects.of(owner).filter(
        at__gte=begun, at__lte=clock.now(), direction__gte=0, counts=True
    ).count()  # fmt: skip
    asked: dict[int, list[dt.date]] = defaultdict(list)
    rows = Ask.objects.of(owner).filter(asked_on__gte=since, asked_on__lte=today)
    for person, day in rows.values_list("person_id", "asked_on"):
        asked[person].append(day)
    wished = {
        key
        for row in book.rows.values()
        if row.direction == "got" and was_asked(row.entry) and row.on >= since
        for key in book.people_of[row.id]
    }
    asks = sum(
        count_asks(asked[key], recent((row.entry for row in book.of_person.get(key, ())), today, MIRROR_MONTHS))
        for key in asked.keys() | wished
    )
    found = mirror(
        recent(book.counting(), today, MIRROR_MONTHS), contacts=contacts, contacts_with_ask=min(asks, contacts)
    )
    return MirrorView(
        contacts, asks, found.ask_share, found.give_per_ask, found.positives, found.negatives, found.is_amber
    )


def _exchanges(owner: Owner, row: Person) -> Iterable[tuple[dt.datetime, int]]:
    rows = Participant.objects.of(owner).filter(person=row, interaction__counts=True).exclude(role="also")
    pairs: Iterable[tuple[dt.datetime, int]] = rows.values_list("interaction__at", "interaction__direction")
    return pairs
