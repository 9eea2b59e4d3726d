"""Sentences as people type them, each with everything that is to be understood (today is Saturday 21 November 2026)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.capture_cast import compare

# Expectation: people "role Name" (Name? = several fit, +Name = new), on, minutes, channel, direction, event,
# ledger "gave kind: Name | text", promises "by -> to: text | due | about Name", topics "kind of Name: text",
# asks "by -> to: text = outcome", note, and a piece of each question. What is not named is empty.
SENTENCES: list[tuple[str, dict[str, Any]]] = [
    (
        "coffee with Frank yesterday 45m, promised intro to Dana by Friday, he is looking for fintech roles",
        {
            "people": ["with Frank Weber", "to Dana Ortiz"],
            "channel": "meeting",
            "on": "2026-11-20",
            "minutes": 45,
            "promises": ["me -> Frank Weber: intro to Dana | 2026-11-27 | about Dana Ortiz"],
            "topics": ["need of Frank Weber: fintech roles"],
        },
    ),
    (
        "Lunch with Anna Schmidt on Tuesday",
        {"people": ["with Anna Schmidt"], "channel": "meeting", "on": "2026-11-17"},
    ),
    ("lunch with Anna", {"people": ["with Anna?"], "channel": "meeting", "questions": ["Which Anna"]}),
    (
        "called Tom this morning for 20 min",
        {"people": ["with Tom Okafor"], "channel": "call", "on": "2026-11-21", "minutes": 20},
    ),
    (
        "Sent Grace the article about battery recycling",
        {
            "people": ["with Grace Kim"],
            "channel": "item",
            "direction": 1,
            "ledger": ["gave item: Grace Kim | the article about battery recycling"],
        },
    ),
    (
        "Tom introduced me to Priya Nair yesterday",
        {
            "people": ["through Tom Okafor", "to +Priya Nair"],
            "on": "2026-11-20",
            "ledger": ["got introduction: Tom Okafor | to Priya Nair"],
        },
    ),
    (
        "met Priya Nair at the data meetup through Tom",
        {"people": ["with +Priya Nair", "through Tom Okafor"], "channel": "event", "event": "data meetup"},
    ),
    (
        "Promised Dana the slides by Monday",
        {"people": ["with Dana Ortiz"], "promises": ["me -> Dana Ortiz: the slides | 2026-11-23"]},
    ),
    (
        "Dana promised to send me her deck by end of month",
        {"people": ["with Dana Ortiz"], "promises": ["Dana Ortiz -> me: send me her deck | 2026-11-30"]},
    ),
    ("I owe Ken a reply", {"people": ["with Ken Wu"], "promises": ["me -> Ken Wu: a reply"]}),
    (
        "Frank said he'd introduce me to Grace next week",
        {
            "people": ["with Frank Weber", "to Grace Kim"],
            "promises": ["Frank Weber -> me: introduce me to Grace | 2026-11-27 | about Grace Kim"],
        },
    ),
    (
        "asked Anna Berg for a reference; she said yes",
        {"people": ["with Anna Berg"], "asks": ["me -> Anna Berg: a reference = gladly"]},
    ),
    (
        "Asked Tom to review my grant proposal",
        {"people": ["with Tom Okafor"], "asks": ["me -> Tom Okafor: review my grant proposal"]},
    ),
    (
        "Ken asked me for feedback on his pitch",
        {"people": ["with Ken Wu"], "asks": ["Ken Wu -> me: feedback on his pitch"]},
    ),
    (
        "Ken needs a UX designer, can help with hiring",
        {"people": ["with Ken Wu"], "topics": ["need of Ken Wu: UX designer", "offer of Ken Wu: hiring"]},
    ),
    (
        "Zoë is into trail running and wants to write a book this year",
        {
            "people": ["with Zoë Lindqvist"],
            "topics": ["interest of Zoë Lindqvist: trail running", "goal of Zoë Lindqvist: write a book this year"],
        },
    ),
    ("Bob loves jazz", {"people": ["with Robert Hale"], "topics": ["interest of Robert Hale: jazz"]}),
    (
        "dinner with Frank and Dana last night",
        {"people": ["with Frank Weber", "with Dana Ortiz"], "channel": "meeting", "on": "2026-11-20"},
    ),
    (
        "dinner with Frank and Dana last night, he is looking for investors",
        {
            "people": ["with Frank Weber", "with Dana Ortiz"],
            "channel": "meeting",
            "on": "2026-11-20",
            "topics": ["need of nobody: investors"],
            "questions": ["Who is “he”"],
        },
    ),
    (
        "breakfast with Frank, Dana and Tom on 12 November, 1h30",
        {
            "people": ["with Frank Weber", "with Dana Ortiz", "with Tom Okafor"],
            "channel": "meeting",
            "on": "2026-11-12",
            "minutes": 90,
        },
    ),
    ("zoom with Seán O'Brien 30m", {"people": ["with Seán O'Brien"], "channel": "video", "minutes": 30}),
    (
        "video call with Sean O'Brien on Monday, 45 minutes",
        {"people": ["with Seán O'Brien"], "channel": "video", "on": "2026-11-16", "minutes": 45},
    ),
    (
        "emailed Maria da Silva 3 days ago",
        {"people": ["with Maria da Silva"], "channel": "email", "direction": 1, "on": "2026-11-18"},
    ),
    (
        "Maria emailed me about the board seat",
        {"people": ["with Maria da Silva"], "channel": "email", "direction": -1, "note": "about the board seat"},
    ),
    (
        "texted Will yesterday",
        {"people": ["with Will Price"], "channel": "message", "direction": 1, "on": "2026-11-20"},
    ),
    ("wrote a handwritten note to Grace", {"people": ["with Grace Kim"], "channel": "note", "direction": 1}),
    ("postcard from Grace", {"people": ["with Grace Kim"], "channel": "note", "direction": -1}),
    (
        "Grace gave me advice on pricing",
        {"people": ["with Grace Kim"], "ledger": ["got advice: Grace Kim | on pricing"]},
    ),
    (
        "gave Tom a book on gardening for his birthday",
        {
            "people": ["with Tom Okafor"],
            "channel": "gift",
            "direction": 1,
            "ledger": ["gave gift: Tom Okafor | a book on gardening for his birthday"],
        },
    ),
    (
        "thanked Tom for the referral by email",
        {
            "people": ["with Tom Okafor"],
            "channel": "email",
            "direction": 1,
            "ledger": ["gave thanks: Tom Okafor | for the referral"],
        },
    ),
    (
        "Tom referred a client to me",
        {"people": ["with Tom Okafor"], "ledger": ["got referral: Tom Okafor | a client"]},
    ),
    (
        "introduced Frank to Dana",
        {
            "people": ["with Frank Weber", "to Dana Ortiz"],
            "ledger": ["gave introduction: Frank Weber, Dana Ortiz | to Dana"],
        },
    ),
    (
        "introduced Zoë to Ken Wu by email yesterday; both are keen",
        {
            "people": ["with Zoë Lindqvist", "to Ken Wu"],
            "channel": "email",
            "direction": 1,
            "on": "2026-11-20",
            "ledger": ["gave introduction: Zoë Lindqvist, Ken Wu | to Ken Wu"],
            "note": "both are keen",
        },
    ),
    (
        "helped Ken move house on Saturday",
        {"people": ["with Ken Wu"], "on": "2026-11-14", "ledger": ["gave favour: Ken Wu | move house"]},
    ),
    (
        "helped Ken with his job search",
        {"people": ["with Ken Wu"], "ledger": ["gave favour: Ken Wu | with his job search"]},
    ),
    (
        "bought Frank lunch",
        {"people": ["with Frank Weber"], "channel": "meeting", "ledger": ["gave hospitality: Frank Weber | lunch"]},
    ),
    (
        "Frank paid for dinner",
        {"people": ["with Frank Weber"], "channel": "meeting", "ledger": ["got hospitality: Frank Weber | dinner"]},
    ),
    (
        "recommended Tom on LinkedIn",
        {"people": ["with Tom Okafor"], "ledger": ["gave praise: Tom Okafor | on LinkedIn"]},
    ),
    (
        "Dana recommended me for the panel",
        {"people": ["with Dana Ortiz"], "ledger": ["got praise: Dana Ortiz | for the panel"]},
    ),
    (
        "apologised to Ken for the delay",
        {"people": ["with Ken Wu"], "ledger": ["gave apology: Ken Wu | for the delay"]},
    ),
    ("Ken missed our call", {"people": ["with Ken Wu"], "ledger": ["got missed_meeting: Ken Wu"]}),
    (
        "I missed the meeting with Ken on Thursday",
        {"people": ["with Ken Wu"], "on": "2026-11-19", "ledger": ["gave missed_meeting: Ken Wu"]},
    ),
    ("coffee with Sam May", {"people": ["with Sam May"], "channel": "meeting"}),
    ("call with April on 3 April", {"people": ["with April Jones"], "channel": "call", "on": "2026-04-03"}),
    (
        "sent Li Sun the paper from the Sun",
        {
            "people": ["with Li Sun"],
            "channel": "item",
            "direction": 1,
            "ledger": ["gave item: Li Sun | the paper from the Sun"],
        },
    ),
    ("Mark Hare wants to change jobs", {"people": ["with Mark Hare"], "topics": ["goal of Mark Hare: change jobs"]}),
    (
        "ran into Zoe at the school fair",
        {"people": ["with Zoë Lindqvist"], "channel": "event", "event": "school fair"},
    ),
    ("coffee with Frank on 12/3", {"people": ["with Frank Weber"], "channel": "meeting", "questions": ["12/3"]}),
    ("coffee with Frank on 13/3", {"people": ["with Frank Weber"], "channel": "meeting", "on": "2026-03-13"}),
    (
        "coffee with Frank 2026-11-03, an hour",
        {"people": ["with Frank Weber"], "channel": "meeting", "on": "2026-11-03", "minutes": 60},
    ),
    (
        "walk with Dana for half an hour on the 5th",
        {"people": ["with Dana Ortiz"], "channel": "meeting", "on": "2026-11-05", "minutes": 30},
    ),
    ("", {"questions": ["Whom is this about"]}),
    ("the roof needs fixing", {"note": "the roof needs fixing", "questions": ["Whom is this about"]}),
    (
        "spoke with Anna Schmidt, her startup is hiring engineers",
        {"people": ["with Anna Schmidt"], "channel": "call", "topics": ["need of Anna Schmidt: engineers"]},
    ),
    ("coffee with frank yesterday", {"people": ["with Frank Weber"], "channel": "meeting", "on": "2026-11-20"}),
    (
        "met Priya at Django Day, she works on search and can help with hiring",
        {
            "people": ["with +Priya"],
            "channel": "event",
            "event": "Django Day",
            "topics": ["offer of +Priya: hiring"],
            "note": "she works on search",
        },
    ),
    ("Coffee with Anna S. on Wed", {"people": ["with Anna Schmidt"], "channel": "meeting", "on": "2026-11-18"}),
    (
        "remind me to send Frank the contract by 1 December",
        {"people": ["with Frank Weber"], "promises": ["me -> Frank Weber: send Frank the contract | 2026-12-01"]},
    ),
    (
        "I'll send Grace the photos tomorrow",
        {"people": ["with Grace Kim"], "promises": ["me -> Grace Kim: send Grace the photos | 2026-11-22"]},
    ),
    (
        "Frank will send the budget in two weeks",
        {"people": ["with Frank Weber"], "promises": ["Frank Weber -> me: send the budget | 2026-12-05"]},
    ),
    (
        "lunch with Frank tomorrow",
        {"people": ["with Frank Weber"], "channel": "meeting", "on": "2026-11-22", "questions": ["not happened yet"]},
    ),
    (
        "lunch with Frank. He has two kids and loves sailing.",
        {
            "people": ["with Frank Weber"],
            "channel": "meeting",
            "topics": ["interest of Frank Weber: sailing"],
            "note": "He has two kids",
        },
    ),
    (
        "coffee with Dana's brother",
        {
            "people": ["about Dana Ortiz"],
            "channel": "meeting",
            "note": "with Dana's brother",
            "questions": ["Dana's brother"],
        },
    ),
    (
        "drinks with Bob & Tom after the conference",
        {
            "people": ["with Robert Hale", "with Tom Okafor"],
            "channel": "meeting",
            "note": "after the conference",
        },
    ),
    (
        "asked Will for an intro to Dana, no answer yet",
        {
            "people": ["with Will Price", "to Dana Ortiz"],
            "asks": ["me -> Will Price: an intro to Dana = silence"],
        },
    ),
    (
        "Ken introduced me to his boss",
        {"people": ["through Ken Wu"], "ledger": ["got introduction: Ken Wu | to his boss"]},
    ),
    (
        "coffee with grace@example.org yesterday",
        {"people": ["with Grace Kim"], "channel": "meeting", "on": "2026-11-20"},
    ),
    (
        "call with noor@example.net",
        {"people": ["with +noor@example.net"], "channel": "call", "questions": ["noor@example.net"]},
    ),
    (
        "WhatsApp from Tom: his daughter got into Yale",
        {
            "people": ["with Tom Okafor"],
            "channel": "message",
            "direction": -1,
            "note": "his daughter got into Yale",
        },
    ),
    (
        "Called Frank back, 10 min. Need to send him the NDA by Wednesday",
        {
            "people": ["with Frank Weber"],
            "channel": "call",
            "minutes": 10,
            "promises": ["me -> Frank Weber: send him the NDA | 2026-11-25"],
        },
    ),
    ("Tom's talk was great", {"people": ["about Tom Okafor"], "note": "Tom's talk was great"}),
    (
        "Frank did not reply to my email",
        {"people": ["with Frank Weber"], "note": "Frank did not reply to my email"},
    ),
    ("haven't seen Dana since March", {"people": ["with Dana Ortiz"], "note": "haven't seen Dana since March"}),
    (
        "coffee with Anna Kowalska",
        {"people": ["with +Anna Kowalska"], "channel": "meeting", "questions": ["Anna Kowalska"]},
    ),
    (
        "met Tom and Zoë for a drink; Zoë is looking for a co-founder; Tom can help with legal questions",
        {
            "people": ["with Tom Okafor", "with Zoë Lindqvist"],
            "channel": "meeting",
            "topics": ["need of Zoë Lindqvist: co-founder", "offer of Tom Okafor: legal questions"],
        },
    ),
    ("Broke my promise to Dana", {"people": ["with Dana Ortiz"], "ledger": ["gave promise_broken: Dana Ortiz"]}),
    (
        "kept my promise to Ken: sent the reading list",
        {
            "people": ["with Ken Wu"],
            "channel": "item",
            "direction": 1,
            "ledger": ["gave promise_kept: Ken Wu", "gave item: Ken Wu | the reading list"],
        },
    ),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=[text[:60] or "(nothing)" for text, _ in SENTENCES])
def test_a_sentence_is_understood_as_a_whole(text: str, expected: dict[str, Any]) -> None:
    compare(text, expected)
