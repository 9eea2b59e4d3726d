"""The tables of `method.md`, one file a subject. The owner is in every row and leads every unique key and hot index."""

from kithbook.store.models.bank import Ask, EntryParty, LedgerEntry, Promise, Request
from kithbook.store.models.clips import Clip, ClipUse, Feed
from kithbook.store.models.history import Attendance, Event, Group, Interaction, Membership, Participant, Tie
from kithbook.store.models.imports import Batch, CardCopy, ColumnMapping, MergeLog, NotSame, SourceKey
from kithbook.store.models.introductions import Introduction, IntroductionStep, Referral
from kithbook.store.models.live import Account, ApiToken, Device, ServedCard, SyncItem, SyncRun
from kithbook.store.models.matching import MatchVerdict, TextVector
from kithbook.store.models.owner import Owner, OwnerAddress
from kithbook.store.models.people import (
    Affiliation,
    Identity,
    Person,
    PersonDate,
    Role,
    StageEvent,
    Tag,
    Topic,
)
from kithbook.store.models.planning import (
    Objective,
    ObjectivePerson,
    Outcome,
    OutcomeParty,
    Plan,
    ReviewDecision,
    Snooze,
    TimeSpent,
    Touch,
    Trip,
)

__all__ = [
    "Account",
    "Affiliation",
    "ApiToken",
    "Ask",
    "Attendance",
    "Batch",
    "CardCopy",
    "Clip",
    "ClipUse",
    "ColumnMapping",
    "Device",
    "EntryParty",
    "Event",
    "Feed",
    "Group",
    "Identity",
    "Interaction",
    "Introduction",
    "IntroductionStep",
    "LedgerEntry",
    "MatchVerdict",
    "Membership",
    "MergeLog",
    "NotSame",
    "Objective",
    "ObjectivePerson",
    "Outcome",
    "OutcomeParty",
    "Owner",
    "OwnerAddress",
    "Participant",
    "Person",
    "PersonDate",
    "Plan",
    "Promise",
    "Referral",
    "Request",
    "ReviewDecision",
    "Role",
    "ServedCard",
    "Snooze",
    "SourceKey",
    "StageEvent",
    "SyncItem",
    "SyncRun",
    "Tag",
    "TextVector",
    "Tie",
    "TimeSpent",
    "Topic",
    "Touch",
    "Trip",
]
