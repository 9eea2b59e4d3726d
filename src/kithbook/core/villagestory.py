"""The told part of the demo village: what is remarkable about single people, and every loop that is open on purpose."""

# Tables of texts read better with one entry a line, however long it is.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from kithbook.core.records import Job, PartialDate
from kithbook.core.villagelife import Calendar
from kithbook.core.villagetypes import Aim, Bridge, Door, Exchange, Fact, Gift, Move, OwnerFacts, Request, Step, Word

OWNER = OwnerFacts("Robin Vale", "robin.vale@example.org", "Europe/Vienna", 150)
CLIENTS_AIM = "Three new clients in healthcare by spring"
TALK_AIM = "A talk at a European service design conference"
FIRST_AIM = "A first client in Vienna"

TRAITS: Mapping[str, Mapping[str, Any]] = MappingProxyType({
    "teresa-vale": {"nicknames": ("Mum", "Mãe"), "is_kin": True, "note": "Calls are on the first Sunday of the month, at five."},
    "edmund-vale": {"nicknames": ("Dad",), "is_kin": True},
    "clara-vale": {"is_kin": True, "importance": 5, "liking": 5},
    "nuno-farias": {"is_kin": True}, "beatriz-vale": {"is_kin": True}, "oscar-vale": {"is_kin": True},
    "lidia-farias": {"is_kin": True}, "hugo-vale": {"is_kin": True},
    "mateus-arroio": {"importance": 4, "liking": 5, "closeness": 5, "my_stage": 7,
                      "note": "Best friend of the Alfama years. Moved to Montevideo; we lost the thread, not the friendship."},
    "anna-berger": {"is_key": True, "importance": 5, "liking": 4, "my_stage": 5, "note": "First client in Vienna. Prefers calls before nine."},
    "anna-lindqvist": {"liking": 5, "note": "Sat opposite me at Estúdio Maré for two years; now in Stockholm."},
    "annika-sommer": {"liking": 4},
    "sofia-marques": {
        "emails": (("sofia.marques@example.com", "old work"), ("s.marques@example.net", "work")),
        "jobs": (Job("Estúdio Maré", "service designer", PartialDate(2019), PartialDate(2025, 2)),
                 Job("Porto Digital Services", "head of service design", PartialDate(2025, 3))),
        "note": "Changed jobs and address; some of her mail still comes from the old one."},
    "gregor-haas": {"importance": 4, "note": "Never answers. Met at the round table; seemed interested then."},
    "marcus-eidinger": {"is_bridge": True, "importance": 5, "liking": 4, "nicknames": ("Marc",),
                        "note": "Knows everybody in Vienna's hospitals and opens doors without being asked."},
    "helene-zauner": {"no_gifts": True, "is_key": True, "importance": 5, "liking": 4, "note": "Public office: takes no gifts, not even a book."},
    "katrin-moser": {"liking": 4}, "mei-ling-tso": {"liking": 5}, "ewa-jankowska": {"liking": 4, "importance": 3},
    "claudia-brenner": {"liking": 4, "importance": 4}, "silvia-amato": {"liking": 3}, "theresa-winkler": {"liking": 3},
    "frank-okafor": {"liking": 4, "nicknames": ("Frankie",), "note": "Between jobs since summer; excellent with ambiguous products."},
    "dana-weiss": {"liking": 4, "standing_permission": True, "note": "Happy to get introductions without being asked first."},
    "leila-haddadi": {"liking": 5, "importance": 4, "is_bridge": True},
    "rita-salgueiro": {"liking": 5, "importance": 4, "is_bridge": True, "note": "Hired me, taught me, let me go kindly."},
    "ngozi-adeyemi": {"liking": 5, "importance": 4}, "marlene-fuchs": {"is_key": True, "importance": 5, "liking": 4},
    "sabine-kostler": {"importance": 4, "liking": 4, "is_bridge": True},
    "elisabeth-hruby": {"liking": 5, "note": "Speaks of her forty years as a midwife better than any report."},
    "rui-esteves": {"standing": "archived", "note": "Let go in peace; his internship was ten years younger than both of us."},
    "valerie-kornfeld": {"met_where": "Care and Design Evening", "met_event": "care-evening", "met_through": "sabine-kostler"},
    "benjamin-osei": {"met_where": "Panel on home care", "met_event": "care-panel"},
    "greta-solberg": {"met_where": "Nordic Care Afternoon", "met_event": "nordic-afternoon"},
    "xaver-dietl": {"met_where": "a tour of his pharmacy"},
    "mirjam-tannhofer": {"met_where": "a call that Marcus arranged", "met_through": "marcus-eidinger"},
    "adaeze-obi": {"met_where": "an introduction by Priya", "met_through": "priya-raghunath"},
})  # fmt: skip

MATCHES: tuple[tuple[str, str, str, str], ...] = (
    (
        "marlene-fuchs",
        "a user researcher who knows hospitals",
        "ngozi-adeyemi",
        "user research in hospitals, night shifts too",
    ),
    ("elif-demirci", "an illustrator for patient leaflets", "vera-zimmermann", "illustration for leaflets and reports"),
    ("frank-okafor", "a product role in health or finance", "sarah-feldmann", "a product role in digital health"),
    ("tarek-mansour", "a web developer for an ordering page", "felix-gruber", "web development at fair rates"),
    ("luca-morandi", "a venue for thirty people in March", "hanna-leitner", "a venue for thirty people on Fridays"),
    (
        "anna-berger",
        "a plain language editor for patient letters",
        "simone-vogt",
        "plain language editing of letters and forms",
    ),
)
"""Who needs what, and who offers it."""

FACTS: tuple[tuple[str, str, str, int, str], ...] = (
    ("anna-berger", "goal", "shorter waiting in outpatients, from 70 to 40 minutes", 120, "steering group"),
    ("anna-berger", "interest", "rowing on the Old Danube", 300, "lunch"),
    ("anna-lindqvist", "interest", "winter swimming", 800, "the studio"),
    ("annika-sommer", "goal", "one form for all family benefits", 90, "Circle evening"),
    ("marcus-eidinger", "interest", "restoring wooden boats", 200, "a walk"),
    ("marcus-eidinger", "goal", "a book on how boards listen", 60, "coffee"),
    ("helene-zauner", "goal", "keep night nurses for more than two years", 45, "visit on the ward"),
    ("helene-zauner", "interest", "alpine flowers", 200, "small talk before the meeting"),
    ("mateus-arroio", "interest", "houses built from river stone", 1500, "his last letter"),
    ("teresa-vale", "fact", "Birthday lunch is always fish", 400, "every year"),
    ("dana-weiss", "need", "product people who can write", 40, "coffee"),
    ("valerie-kornfeld", "interest", "patients as members of project teams", 1, "Care and Design Evening"),
    ("valerie-kornfeld", "goal", "a patient advisory board by summer", 1, "Care and Design Evening"),
    ("benjamin-osei", "need", "a calm first day for new residents", 6, "Panel on home care"),
    ("greta-solberg", "interest", "how hospitals learn from each other", 29, "Nordic Care Afternoon"),
    ("xaver-dietl", "interest", "pharmacies as first stop", 21, "tour of the pharmacy"),
    ("mirjam-tannhofer", "need", "a waiting list that patients understand", 43, "her first mail"),
    ("sabine-kostler", "goal", "two hundred members without losing the small evenings", 150, "board meeting"),
    ("rita-salgueiro", "interest", "ceramic tiles from demolished houses", 900, "the studio"),
    ("leila-haddadi", "goal", "finish the film about the night bus", 100, "dinner"),
    ("elisabeth-hruby", "interest", "letters of the nineteenth century", 150, "stairs"),
    ("adaeze-obi", "need", "speakers from small cities", 18, "first call"),
    ("", "offer", "discovery projects and blueprints for health services", 500, ""),
    ("", "offer", "interview training for staff on shift", 400, ""),
    ("", "need", "a reference from a hospital board", 60, ""),
    ("", "goal", "three clients in health care", 60, ""),
)
"""Person, kind, text, days ago, source; no person is Robin."""

SENSITIVE = ("ngozi-adeyemi", "Her father is being treated for a long illness; she told me in confidence.", 70)

ROLES = (
    ("marcus-eidinger", "connector", CLIENTS_AIM), ("anna-berger", "client", ""), ("marlene-fuchs", "client", ""),
    ("rita-salgueiro", "mentor", ""), ("ngozi-adeyemi", "adviser", CLIENTS_AIM), ("sabine-kostler", "supporter", TALK_AIM),
    ("leila-haddadi", "supporter", ""), ("joaquim-sa", "adviser", ""), ("helene-carpentier", "adviser", CLIENTS_AIM),
)  # fmt: skip


def list_facts(calendar: Calendar) -> list[Fact]:
    """Topics told by hand; goals are of this year."""
    facts = [
        Fact(who, kind, text, calendar.day(ago), source, year=calendar.today.year if kind == "goal" else None)
        for who, kind, text, ago, source in FACTS
    ]
    for number, (needs, need, offers, offer) in enumerate(MATCHES):
        facts.append(Fact(needs, "need", need, calendar.day(20 + 6 * number), "told me"))
        facts.append(Fact(offers, "offer", offer, calendar.day(90 + 11 * number), "their website"))
    who, text, ago = SENSITIVE
    return [*facts, Fact(who, "fact", text, calendar.day(ago), "a walk in the Augarten", is_sensitive=True)]


def list_promises(calendar: Calendar) -> list[Word]:
    """One due this week, one overdue, one broken, and some of other people."""
    day = calendar.day
    sunday = calendar.today + timedelta(days=6 - calendar.today.weekday())
    due = min(calendar.today + timedelta(days=2), sunday)
    return [
        Word("marlene-fuchs", True, "to send the checklist for interviews with night shift staff", day(8), due),
        Word("luca-morandi", True, "to send the photos of the workshop wall", day(23), day(9)),
        Word("ngozi-adeyemi", True, "to comment on her interview guide", day(5), day(-16)),
        Word(
            "birgit-ahrens",
            True,
            "deliver the summary before the general assembly",
            day(240),
            day(212),
            "broken",
            day(205),
        ),
        Word("joaquim-sa", False, "to ask two hospitals in Lisbon for a reference", day(30), day(-4)),
        Word("sarah-feldmann", False, "to send the numbers of the first hundred users", day(60), day(33)),
    ]


def list_asks(calendar: Calendar) -> list[Request]:
    """A planned ask, a refusal and one that met silence."""
    day = calendar.day
    return [
        Request("anna-berger", "reference", 3, "a reference from the board for hospital tenders", None, planned_on=day(-70), objective=CLIENTS_AIM),
        Request("gregor-haas", "meeting", 2, "half an hour on rehabilitation at home", day(330), "silence", day(300)),
        Request("martin-stadler", "introduction", 3, "an introduction to the head of his group", day(150), "refused", day(147)),
    ]  # fmt: skip


def list_referrals(calendar: Calendar) -> list[Door]:
    """A door opened and never thanked for, one thanked by e-mail only, one run to its end, and one that Robin gave."""
    day = calendar.day
    return [
        Door("marcus-door", "marcus-eidinger", "", "mirjam-tannhofer", "client", "Told Mirjam Tannhofer to call me about her waiting list",
             day(46), "worked with", "She booked a workshop for January.", day(15), objective=CLIENTS_AIM),
        Door("sabine-slot", "sabine-kostler", "", "johanna-riedl", "speaker slot", "Named me for a guest lecture", day(9)),
        Door("leila-client", "leila-haddadi", "", "birgit-ahrens", "client", "Sent Birgit Ahrens to me for the Volksbad project",
             day(398), "vouch", "Became a project of four months.", day(350), day(345)),
        Door("felix-website", "", "felix-gruber", "tarek-mansour", "client", "Sent Tarek to Felix for his ordering page",
             day(160), "vouch", "The page is online and busy.", day(95), day(90), introduction="felix-tarek"),
    ]  # fmt: skip


def list_introductions(calendar: Calendar) -> list[Bridge]:
    """Introductions at every height: an idea, waiting for the second yes, made, run to its end, declined; and of Robin."""

    def steps(*moves: tuple[str, int, str]) -> tuple[Step, ...]:
        return tuple(
            Step(state, calendar.at(ago, 9 + number % 6, 15), note=note)
            for number, (state, ago, note) in enumerate(moves)
        )

    return [
        Bridge("frank-sarah", "", "frank-okafor", "sarah-feldmann", "Frank looks for a product role; Sarah is about to hire", "idea",
               steps(("idea", 3, "")), endorsement="worked with", blurb="Frank brought order into three unclear products. Worth half an hour."),
        Bridge("marlene-ngozi", "", "marlene-fuchs", "ngozi-adeyemi", "Night shift study at Pflegenetz", "asked_second",
               steps(("idea", 16, ""), ("asked_first", 14, "Marlene: yes, gladly."), ("asked_second", 6, "")),
               asked_by="marlene-fuchs", endorsement="vouch", blurb="Ngozi has sat through more night shifts than most nurses' managers.", objective=CLIENTS_AIM),
        Bridge("elif-vera", "", "elif-demirci", "vera-zimmermann", "Leaflets that patients keep", "made",
               steps(("idea", 24, ""), ("asked_first", 22, "Yes."), ("asked_second", 20, "Yes."), ("both_yes", 20, ""), ("made", 16, "")),
               endorsement="vouch", blurb="Vera draws so that people understand without reading."),
        Bridge("felix-tarek", "", "tarek-mansour", "felix-gruber", "An ordering page that works at noon", "closed",
               steps(("idea", 175, ""), ("asked_first", 174, ""), ("asked_second", 172, ""), ("both_yes", 170, ""), ("made", 169, ""),
                     ("acknowledged", 168, ""), ("met", 160, ""), ("outcome", 95, "Online and busy."), ("reported", 92, ""),
                     ("thanked", 91, "Lunch from Tarek's kitchen."), ("closed", 90, "")),
               asked_by="tarek-mansour", endorsement="vouch", outcome="The page is online and busy."),
        Bridge("andrej-stefan", "", "andrej-novak", "stefan-kroll", "Shared trucks for spare parts", "declined",
               steps(("idea", 130, ""), ("asked_first", 129, "Yes."), ("asked_second", 127, ""), ("declined", 120, "Not this year."))),
        Bridge("priya-adaeze", "priya-raghunath", "adaeze-obi", "", "Speakers for the Euro Health Forum", "met",
               steps(("made", 26, ""), ("acknowledged", 26, ""), ("met", 18, "A good first call.")), endorsement="worked with", objective=TALK_AIM),
    ]  # fmt: skip


def list_gifts(calendar: Calendar) -> list[Gift]:
    """Entries that belong to the told stories."""
    day = calendar.day
    return [
        Gift(day(46), "got", "referral", 4, ("marcus-eidinger",), "Told Mirjam Tannhofer to call me", referral="marcus-door"),
        Gift(day(9), "got", "referral", 3, ("sabine-kostler",), "Named me for a guest lecture", referral="sabine-slot"),
        Gift(day(8), "gave", "thanks", 1, ("sabine-kostler",), "Thanked by e-mail", exchange="thanks-sabine"),
        Gift(day(398), "got", "referral", 4, ("leila-haddadi",), "Sent Birgit Ahrens to me", referral="leila-client"),
        Gift(day(397), "gave", "thanks", 1, ("leila-haddadi",), "Called at once", exchange="thanks-leila"),
        Gift(day(345), "gave", "report", 1, ("leila-haddadi",), "Told her how the Volksbad project went", referral="leila-client"),
        Gift(day(344), "gave", "thanks", 2, ("leila-haddadi",), "Dinner, and a drawing by Vera", exchange="dinner-leila"),
        Gift(day(180), "gave", "referral", 4, ("leila-haddadi",), "Named her film team to Donau Mobil"),
        Gift(day(205), "gave", "promise_broken", 3, ("birgit-ahrens",), "The summary came a week after the assembly"),
        Gift(day(198), "gave", "apology", 1, ("birgit-ahrens",), "Said plainly that it was my fault, and what I changed"),
        Gift(day(169), "gave", "introduction", 3, ("tarek-mansour", "felix-gruber"), "Brought the two together", introduction="felix-tarek"),
        Gift(day(26), "got", "introduction", 3, ("priya-raghunath",), "Brought me to Adaeze Obi", introduction="priya-adaeze"),
        Gift(day(25), "gave", "thanks", 1, ("priya-raghunath",), "A handwritten card", exchange="card-priya"),
        Gift(day(22), "gave", "item", 1, ("greta-solberg",), "The Aarhus report we spoke about"),
        Gift(day(14), "gave", "item", 1, ("xaver-dietl",), "A study on pharmacies as first stop"),
        Gift(day(11), "gave", "item", 1, ("helene-zauner",), "Three pages on keeping night nurses", is_meaningful=True),
        Gift(day(33), "gave", "advice", 2, ("frank-okafor",), "Went through his portfolio", minutes=45),
        Gift(day(19), "gave", "service", 2, ("luca-morandi", "oksana-melnyk"), "Built up and cleared away at the Circle evening", minutes=90),
    ]  # fmt: skip


def list_told_exchanges(calendar: Calendar) -> list[Exchange]:
    """The exchanges that the stories need."""
    at = calendar.at

    def one(
        ago: int,
        channel: str,
        direction: int,
        who: str,
        title: str = "",
        *,
        note: str = "",
        minutes: int | None = None,
        key: str = "",
    ) -> Exchange:
        role = "from" if direction < 0 else "to"
        return Exchange(at(ago, 10, 40), channel, direction, ((who, role),), 1, minutes, title, note, "", key)

    return [
        one(8, "email", 1, "sabine-kostler", "Thank you for the guest lecture", key="thanks-sabine"),
        one(397, "call", 0, "leila-haddadi", note="Thanked her for Birgit.", minutes=15, key="thanks-leila"),
        one(344, "meeting", 0, "leila-haddadi", note="Dinner to celebrate the Volksbad project.", minutes=150, key="dinner-leila"),
        one(25, "note", 1, "priya-raghunath", note="A card with thanks for Adaeze.", key="card-priya"),
        one(1473, "email", 1, "mateus-arroio", "How is the new country?"),
        one(1471, "email", -1, "mateus-arroio", "Re: How is the new country?"),
        one(26, "email", -1, "priya-raghunath", "Robin, meet Adaeze"),
        one(45, "call", 0, "mirjam-tannhofer", note="First call, arranged by Marcus.", minutes=25),
        one(21, "meeting", 0, "xaver-dietl", note="He showed me his pharmacy.", minutes=40),
        one(300, "email", -1, "sofia-marques", "My new address", note="From s.marques@example.net: new job, new address."),
        one(299, "email", 1, "sofia-marques", "Re: My new address", note="To the new address."),
        one(281, "email", -1, "sofia-marques", "Old habits", note="Still came from sofia.marques@example.com."),
        one(118, "email", -1, "sofia-marques", "Visiting Vienna in spring?", note="From the new address."),
        one(6, "email", -1, "marlene-fuchs", "Yes to meeting Ngozi"),
        one(2, "email", -1, "helene-zauner", "Your three pages, and a question"),
        one(12, "meeting", 0, "frank-okafor", note="Coffee; he is looking for a product role.", minutes=45),
        one(12, "call", 0, "anna-berger", note="The pilot starts in two wards.", minutes=20),
        one(10, "email", -1, "anna-lindqvist", "A study from Stockholm you will like"),
    ]  # fmt: skip


def list_told_moves(calendar: Calendar) -> list[Move]:
    """How Robin sees two people, a step that Robin declined, and the first steps of two new people."""
    return [
        Move(
            "mirjam-tannhofer",
            1,
            2,
            calendar.at(15, 12),
            "Two exchanges both ways; she wants her patients to wait less.",
        ),
        Move("adaeze-obi", 1, 2, calendar.at(17, 12), "We talked; she looks for speakers from small cities."),
        Move("anna-berger", 4, 5, calendar.at(100, 12), "I would vouch for her anywhere.", view="me"),
        Move("mateus-arroio", 6, 7, calendar.at(1600, 12), "Whatever happens.", view="me"),
        Move(
            "jonas-ebner",
            4,
            5,
            calendar.at(40, 12),
            "It feels too early after one project.",
            decision="declined",
        ),
    ]


def list_aims(calendar: Calendar) -> list[Aim]:
    """Two open objectives with their people, and one that was reached."""
    helpers = ("anna-berger", "ngozi-adeyemi", "marcus-eidinger")
    clients = ("helene-zauner", "marlene-fuchs", "elif-demirci", "sarah-feldmann", "claudia-brenner", "valerie-kornfeld",
               "benjamin-osei", "gregor-haas", "eszter-balogh", "mirjam-tannhofer")  # fmt: skip
    return [
        Aim(CLIENTS_AIM, "Small discovery projects first; no tenders above forty pages.", 0.6, _next_spring(calendar.today),
            calendar.at(60), tuple((key, True) for key in helpers) + tuple((key, False) for key in clients),
            kind="sales", target="hospitals, nursing homes and practices in Vienna and Lower Austria"),
        Aim(TALK_AIM, "About night shifts and what services forget.", 0.25, calendar.day(-240), calendar.at(45),
            (("sabine-kostler", True), ("adaeze-obi", False), ("signe-dalgaard", False), ("johanna-riedl", False), ("bram-hoekstra", False)),
            kind="project", target="programme committees of service design and health conferences in Europe"),
        Aim(FIRST_AIM, "Small, paid and with people I would work with again.", 0.0, calendar.day(320), calendar.at(480),
            (("leila-haddadi", True), ("birgit-ahrens", False)), kind="sales", target="public services in Vienna",
            state="reached", ended_on=calendar.day(350)),
    ]  # fmt: skip


def _next_spring(today: date) -> date:
    """The next 20 March that leaves two months."""
    day = date(today.year, 3, 20)
    return day if (day - today).days >= 60 else date(today.year + 1, 3, 20)
