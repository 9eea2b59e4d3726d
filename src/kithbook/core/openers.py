"""First lines: prompts for a message, never a text to send as it is (method §8).

A draft holds what is known, with its date, and blanks in brackets for what only the owner can say. Two people never
get the same: every draft is about one reason of one person.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from kithbook.core.daywords import say_date
from kithbook.core.reasons import Facts, Reason

LONGEST_ADDRESS = 1_800
"""Mail programs cut or refuse longer addresses."""
BLANKS = {
    "promise": "[What you promised, or when it comes.]",
    "date": "[A wish in your own words, with something only you two know.]",
    "job": "[What you are glad about for them.] [What are the first weeks like?]",
    "place": "[Which day would suit them?] [What you would like to hear about.]",
    "event": "[When and where there to meet.]",
    "clip": "[One line on why it made you think of them.]",
    "introduction": "[Who it is, in one sentence, and what each could have from it.] [It is fine to say no.]",
    "need": "[What you know or whom you know that could help.]",
    "goal": "[What you remember of it.] [How is it coming along?]",
    "anniversary": "[What has come of that meeting for you.]",
    "interest": "[What you found, and why it made you think of them.]",
    "question": "[Your question, short enough to be answered in five minutes.]",
    "absence": "[Two days and a place that would suit you.]",
    "checkin": "[What made you think of them.] [How are they?]",
}
SUBJECTS = {
    "job": "Your new job", "place": "In {place}?", "question": "A question for you", "absence": "Coffee or lunch?",
    "introduction": "Someone you may want to meet",
}  # fmt: skip


class Draft(NamedTuple):
    """A subject, perhaps empty, and a text with blanks."""

    subject: str
    body: str


def draft(reason: Reason, facts: Facts, my_name: str = "") -> Draft:
    """The beginnings of a message for one reason."""
    lines = [f"{facts.first},", "", f"[{reason.text.rstrip('.')}]", BLANKS[reason.kind]]
    if reason.url:
        lines += ["", reason.url]
    if my_name:
        lines += ["", my_name]
    return Draft(_subject(reason, facts), "\n".join(lines))


def _subject(reason: Reason, facts: Facts) -> str:
    if reason.kind == "clip":
        return next((clip.title for clip in facts.clips if clip.key == reason.key), "")
    place = facts.journeys[0].place if facts.journeys else ""
    return SUBJECTS.get(reason.kind, "").format(place=place)


def mail_link(address: str, wanted: Draft) -> str:
    """An address that opens the draft in the user's mail program; "" without an e-mail of theirs."""
    if not address:
        return ""
    link = f"mailto:{quote(address, safe='@')}?subject={quote(wanted.subject)}&body="
    body = wanted.body.replace("\n", "\r\n")
    while len(link) + len(quote(body)) > LONGEST_ADDRESS:
        body = body[: len(body) * 3 // 4]
    return link + quote(body)


def reopen(facts: Facts, today: date) -> str:
    """How to begin after years of silence: how long it was, what it was about, what to ask; nothing is expected."""
    parts = []
    if facts.last_on:
        years = round((today - facts.last_on).days / 365.25)
        about = f", about “{facts.last_title}”" if facts.last_title else ""
        last = say_date(facts.last_on, today)
        parts.append(f"Say plainly that it has been {years} years: you last exchanged on {last}{about}.")
    remembered = next((topic for topic in facts.topics if topic.kind in ("goal", "need", "interest")), None)
    if remembered:
        text = remembered.text.strip().rstrip(".")
        asks = {
            "goal": f"Ask what has become of {text}",
            "need": f"Ask whether they found {text}",
            "interest": f"Ask whether they still enjoy {text}",
        }
        parts.append(f"{asks[remembered.kind]} (noted {say_date(remembered.noted_on, today)}).")
    elif facts.met_where:
        parts.append(f"Recall where you met: {facts.met_where}.")
    else:
        parts.append("Recall one thing you did together, and ask what they do now.")
    parts.append("Ask for nothing.")
    return " ".join(parts)
