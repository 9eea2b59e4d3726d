"""What the people of the demo village write and talk about: subjects, notes and reasons, by circle."""

# Tables of texts read better with one entry a line, however long it is.
# ruff: noqa: E501
from __future__ import annotations

SUBJECTS: dict[str, tuple[str, ...]] = {
    "family": (
        "Photos from Sunday", "The roof is finally dry", "Grandmother's recipe, as promised", "Train times for Easter",
        "The garden in February", "Doctor's appointment went well", "Which week are you coming?", "The cat has moved in",
        "Birthday lunch for father", "A parcel is on its way to Vienna",
    ),
    "friends": (
        "That song from the ferry", "New flat, come and see it", "Are you in Lisbon in June?", "The book you lent me",
        "A slow Sunday in Vienna", "Tickets for the small stage", "Hiking on Saturday?", "You were right about the novel",
        "Postcard from the north", "Dinner, and bring the game", "How did the talk go?", "Old photos of the Alfama flat",
    ),
    "studio": (
        "Interview guide, second version", "The wall of sticky notes survives", "Who has the journey map template?",
        "A question about diary studies", "Our old case study, updated", "New people at the studio", "Lessons from the bank",
        "May I quote your workshop?", "Reading list for service designers", "Do you still have the blueprint?",
        "Summer drinks on the roof", "A small anniversary", "Feedback on my portfolio", "How freelancing feels after a year",
    ),
    "old_clients": (
        "Results one year later", "The call centre after the change", "Could you look at our letter?", "New complaints form",
        "Thank you for the evaluation", "A reader for the customer report", "Change of team on our side",
        "Waiting times, before and after", "An old idea comes back", "The pilot is now the standard",
    ),
    "clients": (
        "Offer for the discovery phase", "Notes from Tuesday's workshop", "Draft of the service blueprint", "Interview slots next week",
        "Dates for the steering group", "Shadowing day on the ward", "Signed contract attached", "Invoice for phase one",
        "Feedback on the prototype", "Wording of the appointment letter", "What we heard from the front desk",
        "Two open questions before the board", "Report, final version", "After the pilot: what next?",
    ),
    "health": (
        "Waiting room study, short summary", "Round table: the three questions", "A visit to your ward", "Discharge letters people understand",
        "Night shift interviews", "Patients' words in the tender", "Paper on bedside handover", "Accessibility of the new portal",
        "Thoughts after the panel", "Consent forms in plain German", "Who decides about the pilot?",
    ),
    "association": (
        "Room for the next evening", "Speaker for March", "Minutes of the board meeting", "Call for short talks",
        "Feedback on the workshop night", "New members' breakfast", "Your slides, please", "Shared list of venues",
        "Mentoring pairs for spring", "Ideas for the yearbook",
    ),
    "cowork": (
        "Lunch on Thursday?", "Desk swap in July", "The good plug by the window", "A landing page for a friend",
        "Joint offer for the library", "Illustrations for my report", "Who can recommend a bookkeeper?", "Friday show and tell",
        "Invoice templates that work", "The coffee machine, again",
    ),
    "partners": (
        "Joint bid: who writes what", "Our hours on the tender", "A client who may need you", "Rates for next year",
        "Debrief of the pitch", "Case study for both sites", "An introduction worth making", "Shared slide deck",
        "Subcontract for the field work", "What the jury said",
    ),
    "neighbours": (
        "Courtyard party", "The key for the bicycle cellar", "Choir: programme for Advent", "Homework for Wednesday's class",
        "Apricots, too many of them", "Could you water the plants?", "Neighbourhood breakfast", "The parcel is with me",
    ),
    "new": (
        "Good to meet you yesterday", "The article we talked about", "A coffee in the coming weeks?", "Your question about patient panels",
    ),
}  # fmt: skip

TALKS: dict[str, tuple[str, ...]] = {
    "family": ("Everybody well. The fig tree carried for the first time.", "Spoke about the visit in spring.", "Long talk about the house.", ""),
    "friends": ("Talked half the night about work and what it is for.", "Walk along the canal.", "Cooked together.", "Caught up on the year.", ""),
    "studio": ("Compared notes on running interviews remotely.", "News from the studio.", "Talked through a difficult client, without names.", ""),
    "old_clients": ("The new process still holds; staff like it.", "Walked through the numbers of the first year.", "Asked what they would do differently.", ""),
    "clients": ("Reviewed the blueprint, three changes.", "Agreed on next steps and dates.", "Two nurses joined; the best hour of the project.", "Went through the open questions.", ""),
    "health": ("Learnt how the discharge desk works.", "They want to see results from another hospital first.", "Talked about night shifts and quiet.", ""),
    "association": ("Planned the next evening.", "Short chat between two talks.", "Talked about their first freelance year.", "Compared workshop formats.", ""),
    "cowork": ("Lunch downstairs.", "Looked at each other's websites.", "Swapped stories about invoices.", ""),
    "partners": ("Split the bid into parts.", "Honest debrief after a lost pitch.", "Looked for projects we could share.", ""),
    "neighbours": ("Coffee in the courtyard.", "A quarter of an hour on the stairs.", "Helped carry a wardrobe.", ""),
    "new": ("Liked each other's way of asking questions.",),
    "seen": ("",),
}  # fmt: skip

GAVE: tuple[tuple[str, int, str], ...] = (
    ("item", 1, "Sent the summary of a study on appointment letters that fits their project."),
    ("item", 1, "Sent a one-page checklist for interviews with staff on shift."),
    ("item", 1, "Passed on a call for talks they had not seen."),
    ("advice", 2, "Half an hour on the phone about pricing a discovery phase."),
    ("advice", 2, "Looked through their workshop plan and cut it by half."),
    ("advice", 2, "Commented on the first draft of their report."),
    ("favour", 2, "Tested their sign-up form with three neighbours."),
    ("favour", 3, "Stepped in as facilitator when somebody fell ill."),
    ("praise", 3, "Recommended their work in public after the conference."),
    ("hospitality", 2, "Had them over for dinner when they passed through town."),
    ("goal_help", 3, "Rehearsed their talk with them twice."),
    ("gift", 2, "A book about wayfinding, with a note."),
    ("thanks", 1, "Thanked for the honest feedback."),
)
GOT: tuple[tuple[str, int, str], ...] = (
    ("advice", 2, "Told me how large organisations buy small studies."),
    ("advice", 2, "Read my offer and found the missing part."),
    ("item", 1, "Sent me the list of grants for social innovation."),
    ("item", 1, "Sent an article about waiting, because I had asked."),
    ("favour", 2, "Lent me a meeting room for a day."),
    ("favour", 3, "Found six people for my interviews within a week."),
    ("hospitality", 2, "Lunch at their place, and no talk about work."),
    ("praise", 3, "Named my report as an example in front of their board."),
    ("thanks", 1, "Wrote a card after the workshop."),
    ("goal_help", 3, "Helped me prepare a difficult talk."),
)
GAVE_CLOSE: tuple[tuple[str, int, str], ...] = (
    ("item", 1, "Sent the recipe they had asked about."),
    ("item", 1, "Sent an old photo of all of us."),
    ("advice", 2, "Went through a letter from the bank together."),
    ("favour", 2, "Helped with the move of the bookshelves."),
    ("favour", 3, "Looked after the flat for two weeks."),
    ("hospitality", 2, "Cooked, and we talked until late."),
    ("gift", 2, "A record from the flea market, with a note."),
    ("goal_help", 3, "Practised for the exam with them."),
    ("thanks", 1, "Thanked for being there in a hard week."),
)
GOT_CLOSE: tuple[tuple[str, int, str], ...] = (
    ("advice", 2, "Said the honest thing about going freelance."),
    ("item", 1, "Sent a parcel with olives and a newspaper."),
    ("favour", 2, "Collected my post while I was away."),
    ("favour", 3, "Lent me the car for a weekend."),
    ("hospitality", 2, "A bed, breakfast, and no questions."),
    ("gift", 2, "A hand-made cup."),
    ("thanks", 1, "Sent a card for no reason."),
)
KEPT_CLOSE_BY_ME: tuple[str, ...] = (
    "send the photos",
    "bring the good coffee",
    "call on the day of the exam",
    "find the old map",
)
KEPT_CLOSE_BY_THEM: tuple[str, ...] = (
    "send the recipe",
    "keep the seeds for me",
    "read my letter before it goes out",
    "lend the tent",
)
ASKS_CLOSE: tuple[tuple[str, int, str], ...] = (
    ("advice", 1, "an honest opinion about my prices"),
    ("help", 2, "a place to sleep for three nights"),
    ("help", 2, "help with painting the flat"),
)
KEPT_BY_ME: tuple[str, ...] = (
    "send the interview guide", "share the template of the service blueprint", "bring the book about waiting rooms",
    "read the draft of the article", "ask around for a developer", "send photos of the workshop wall",
)  # fmt: skip
KEPT_BY_THEM: tuple[str, ...] = (
    "name two colleagues for interviews", "send last year's complaint figures", "look at my website as a stranger would",
    "ask the board for a date", "lend the projector", "pass on the room list",
)  # fmt: skip
ASKS: tuple[tuple[str, int, str], ...] = (
    ("reference", 2, "two sentences for my website"),
    ("introduction", 2, "an introduction to whoever runs the patient office"),
    ("advice", 1, "half an hour on how they choose suppliers"),
    ("help", 2, "six patients for interviews"),
    ("reference", 3, "to speak to a client who wants a reference"),
)
MOVES: dict[int, tuple[str, ...]] = {
    2: ("Talked twice; I know what they do and what they want this year.", "Two exchanges both ways, and notes on their work."),
    3: ("They write first as often as I do.", "They answered each time and told me something personal."),
    4: ("Kept promises on both sides.", "They helped when it was needed, and so did I."),
    5: ("Said yes when I asked, gladly.", "Gave me a reference without a second thought."),
    6: ("Recommended me without being asked.", "Brought me somebody I had not asked for."),
    7: ("A friend, whatever work brings.",),
}  # fmt: skip

INTERESTS: dict[str, tuple[str, ...]] = {
    "family": ("old ferries on the Sado", "her vegetable garden", "crime novels set in Porto"),
    "friends": ("ceramics", "long-distance hiking", "documentary film", "board games with few rules", "choir music"),
    "studio": ("diary studies", "participatory budgeting", "trail running", "letterpress", "Brazilian jazz"),
    "old_clients": ("complaint handling", "plain language", "sailing", "museum nights"),
    "clients": ("queues and how people bear them", "staff rotas that respect sleep", "cycling to work", "urban beekeeping"),
    "health": ("bedside handover", "night shift well-being", "plain consent forms", "hospital gardens", "rowing"),
    "association": ("facilitation", "service safaris", "improvised theatre", "accessible museums", "sketch notes"),
    "cowork": ("open data", "linocut", "bread baking", "table tennis", "night trains"),
    "partners": ("public tenders", "health economics", "sea swimming", "decision making in boards"),
    "neighbours": ("Viennese dialect", "bicycles older than their owners", "Schubert songs"),
    "new": ("patient panels", "care at home", "Nordic care models", "pharmacies as first stop", "hand therapy"),
}  # fmt: skip
OFFERS: dict[str, tuple[str, ...]] = {
    "studio": ("workshop formats for large groups", "research contacts in Portugal", "a review of a service blueprint"),
    "old_clients": ("figures on complaints before and after", "a site visit to the call centre"),
    "clients": ("a reference for discovery work", "access to front desk staff for interviews"),
    "health": ("a tour of the outpatient clinic", "knowledge of how hospitals buy"),
    "association": ("a slot for a short talk", "facilitation for half a day", "a venue for thirty people"),
    "cowork": ("web development at fair rates", "illustration for reports", "data analysis in a day"),
    "partners": ("a place on a framework contract", "experience with European tenders"),
}
NEEDS: dict[str, tuple[str, ...]] = {
    "studio": ("a speaker for the studio's summer school", "a home exchange in Vienna"),
    "old_clients": ("ideas for the yearly customer day",),
    "clients": ("someone to train front desk staff", "a plain language editor for patient letters"),
    "health": ("examples of waiting rooms that work", "volunteers for a patient advisory board"),
    "association": ("a first client in the public sector", "a co-host for the workshop night"),
    "cowork": ("a bookkeeper who likes freelancers", "one more project before summer"),
    "partners": ("a German-speaking service designer for a bid",),
}
EVENING_THEMES: tuple[str, ...] = (
    "Queues", "Letters that help", "Night shifts", "Prototyping with paper", "Complaints as gifts", "Service and law",
    "Designing with children", "Maps that lie", "The last five minutes", "Trust in public offices", "Silence in services",
    "Failure night",
)  # fmt: skip
