"""One page to read before meeting somebody."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from kithbook.core.facts import help_with
from kithbook.core.ids import to_text
from kithbook.core.stages import stage_rule
from kithbook.core.stats import reply_stats
from kithbook.services import clock, facts, moments
from kithbook.services.briefviews import BriefView, FactView, TalkView
from kithbook.services.finding import brief, find_person
from kithbook.services.personpage import promise_view, timeline
from kithbook.services.persons import affiliation_view, judge, open_loops
from kithbook.services.personviews import PersonBrief
from kithbook.services.reasonfacts import plain_title
from kithbook.services.registry import operation
from kithbook.services.reviewviews import RepliesView
from kithbook.store.models import (
    Affiliation,
    Introduction,
    Membership,
    Owner,
    Participant,
    Person,
    PersonDate,
    Promise,
    Tag,
)

TALKS, COMMON, TALKED_ABOUT = 5, 8, 60
YEARS_OF_REPLIES = 3
MODEST_ASK = 2
WANTS = ("need", "goal", "interest", "offer")
MAY_ASK = {
    "ready": "You may ask for something modest.",
    "close_loop": "Close a loop before you ask for anything.",
    "reintroduce": "Reintroduce yourself before you ask for anything.",
    "deposit": "Give something before you ask.",
    "wait": "Wait before you ask again.",
}


@operation(reads=True)
def for_person(owner: Owner, person: str) -> BriefView:
    """One page before a meeting: who they are, what you last talked about, what is open, what to give and to ask."""
    row = find_person(owner, person)
    noted = facts.known_of(owner, row)
    judged = judge(owner, [row.pk])[row.pk]
    talks = _talks(owner, row)
    learn = facts.gaps_of(owner, row)
    promises = Promise.objects.of(owner).filter(person=row, state="open", by_me=False).order_by("due_on", "turn", "pk")
    loops = [loop for loop in open_loops(owner, [row.pk]).get(row.pk, []) if loop.kind != "their promise"]
    return BriefView(
        person=brief(row),
        stage_name=stage_rule(row.stage).name,
        state=judged.state,
        warmth=judged.warmth,
        place=row.place,
        affiliations=[
            affiliation_view(job)
            for job in Affiliation.objects.of(owner).filter(person=row, ended_on="").order_by("pk")
        ],
        tags=list(Tag.objects.of(owner).filter(person=row).order_by("name").values_list("name", flat=True)),
        met=_met(owner, row),
        note=row.note,
        last_contact_on=judged.last_contact_on,
        talks=talks,
        replies=replies(owner, row),
        mine_open=loops,
        theirs_open=[promise_view(promise) for promise in promises],
        wants=[fact for fact in noted if fact.about in WANTS],
        facts=[fact for fact in noted if fact.about not in WANTS],
        give=_give(noted),
        ask_about=_ask_about(noted, talks),
        learn=learn,
        in_common=_in_common(owner, row),
        dates=dict(PersonDate.objects.of(owner).filter(person=row).order_by("kind").values_list("kind", "on")),
        may_ask=_may_ask(owner, row),
    )


def replies(owner: Owner, row: Person) -> RepliesView:
    """How often and how fast this person answers, over three years."""
    today = clock.today(owner)
    since = moments.epoch(owner, today - dt.timedelta(days=365 * YEARS_OF_REPLIES))
    parts = Participant.objects.of(owner).filter(
        person=row, interaction__counts=True, interaction__at__gte=since, interaction__at__lte=clock.now()
    )
    found = reply_stats(moments.read(owner, parts), int(clock.now().timestamp()))
    rate, days = found.rate, found.median_days
    return RepliesView(
        found.asked, found.answered, None if rate is None else round(rate, 3), None if days is None else round(days, 1)
    )


def _talks(owner: Owner, row: Person) -> list[TalkView]:
    """The last exchanges, of each subject the newest; a mail to many people is no talk."""
    found: list[TalkView] = []
    for item in timeline(owner, row, TALKED_ABOUT):
        if not item.counts or item.at > clock.now() or item.channel in ("group_mail", "like"):
            continue
        text = item.note or plain_title(item.title)
        if text and any(talk.text == text for talk in found):
            continue
        found.append(TalkView(item.on, item.channel, item.direction, item.minutes, text))
        if len(found) == TALKS:
            break
    return found


def _met(owner: Owner, row: Person) -> str:
    """Where, when and through whom the two met, as far as it is known."""
    parts = []
    if row.met_where:
        parts.append(row.met_where)
    elif row.met_event_id:
        parts.append(row.met_event.name)
    if row.met_at:
        parts.append(f"{row.met_at.astimezone(clock.zone(owner)).date():%B %Y}")
    if row.met_through_id:
        parts.append(f"through {row.met_through.name}")
    return ", ".join(parts)


def _give(noted: Sequence[FactView]) -> list[str]:
    """What could be brought along: something for a need, a goal or an interest; nothing that is sensitive."""
    found = []
    for fact in noted:
        if fact.is_sensitive:
            continue
        if fact.about in ("need", "goal"):
            found.append(help_with(fact.about, fact.text))
        elif fact.about == "interest":
            found.append(f"Something on {fact.text.rstrip('.')}.")
    return found[:3]


def _ask_about(noted: Sequence[FactView], talks: Sequence[TalkView]) -> list[str]:
    """What to ask: what is old, what they wanted to reach, what the two last talked about; nothing sensitive."""
    found = [f"Is it still true: {fact.text.rstrip('.')}?" for fact in noted if fact.is_stale and not fact.is_sensitive]
    found += [
        f"How is {fact.text.rstrip('.')} coming along?"
        for fact in noted
        if fact.about == "goal" and not fact.is_sensitive
    ]
    found += [f"What became of “{talk.text[:80]}”?" for talk in talks[:1] if talk.text]
    return list(dict.fromkeys(found))[:4]


def _in_common(owner: Owner, row: Person) -> list[PersonBrief]:
    """People known through both: who introduced, who was in the same exchanges, who is in the same groups."""
    seen: Counter[int] = Counter()
    shared = Participant.objects.of(owner).filter(person=row, interaction__size__lte=10).values("interaction")
    both = Participant.objects.of(owner).filter(interaction__in=shared, person__standing="kept").exclude(person=row)
    seen.update(both.values_list("person_id", flat=True))
    groups = Membership.objects.of(owner).filter(person=row).values("group")
    members = Membership.objects.of(owner).filter(group__in=groups, person__standing="kept").exclude(person=row)
    seen.update(members.values_list("person_id", flat=True))
    for column in ("first", "second", "introducer"):
        rows = Introduction.objects.of(owner).filter(**{column: row})
        for parties in rows.values_list("first_id", "second_id", "introducer_id"):
            seen.update({person: 3 for person in parties if person and person != row.pk})
    if row.met_through_id:
        seen[row.met_through_id] += 5
    best = [person for person, _ in sorted(seen.items(), key=lambda item: (-item[1], item[0]))[: 2 * COMMON]]
    people = {one.pk: one for one in Person.objects.of(owner).filter(pk__in=best, standing="kept")}
    return [brief(people[key]) for key in best if key in people][:COMMON]


def _may_ask(owner: Owner, row: Person) -> str:
    """The right to ask for something modest, in a line, with what to do first."""
    from kithbook.services import asks

    found = asks.check(owner, to_text(row.pk), MODEST_ASK)
    return " ".join(filter(None, (MAY_ASK.get(found.verdict, ""), found.remedy)))
