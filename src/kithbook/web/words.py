"""Codes of the records in words, marked for translation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

STAGES: dict[int, Any] = {
    1: _("Recognise"), 2: _("Know"), 3: _("Like"), 4: _("Trust"), 5: _("Support"), 6: _("Advocate"), 7: _("Friend"),
}  # fmt: skip
STATES: dict[str, Any] = {
    "alive": _("alive"), "cooling": _("cooling"), "cold": _("cold"), "dormant": _("dormant"),
}  # fmt: skip
SORTS: dict[str, Any] = {"warmth": _("Warmth"), "name": _("Name"), "last": _("Last contact"), "stage": _("Stage")}
KINDS: dict[str, Any] = {
    "obligation": _("to keep"), "new": _("newly met"), "giving": _("giving"), "investment": _("growing"),
    "reconnect": _("reconnecting"),
}  # fmt: skip
DOING: dict[str, Any] = {
    "meeting": _("Meet in person"), "video": _("Video call"), "call": _("Call"), "gift": _("Gift with a note"),
    "note": _("Handwritten note"), "event": _("Chat at an event"), "email": _("Write an e-mail"),
    "item": _("Send something useful"), "message": _("Send a message"), "comment": _("Comment on a post"),
    "group_mail": _("Group mail"), "like": _("Like a post"),
}  # fmt: skip
"""What to do, by channel."""
CHANNELS: dict[str, Any] = {
    "meeting": _("Meeting"), "video": _("Video call"), "call": _("Call"), "gift": _("Gift"),
    "note": _("Handwritten note"), "event": _("Chat at an event"), "email": _("E-mail"), "item": _("Useful item"),
    "message": _("Message"), "comment": _("Comment"), "group_mail": _("Group mail"), "like": _("Like"),
}  # fmt: skip
"""What happened, by channel."""
LOOPS: dict[str, Any] = {
    "thanks": _("thanks open"), "promise": _("promise open"), "followup": _("first steps"), "report": _("report open"),
    "loop": _("open loop"), "date": _("date ahead"), "their promise": _("their promise"),
}  # fmt: skip
CHANNEL_ICONS = {
    "meeting": "meet", "event": "meet", "video": "call", "call": "call", "gift": "gift", "item": "gift",
    "email": "mail", "group_mail": "mail", "note": "mail",
}  # fmt: skip
SPOKE: dict[str, Any] = {
    "call": _("Call"), "meeting": _("Meeting"), "video": _("Video"), "message": _("Message"), "email": _("E-mail"),
}  # fmt: skip
FIELDS: dict[str, Any] = {
    "name": _("Name"), "place": _("Place"), "note": _("Note"), "stage": _("Stage"), "importance": _("Importance"),
    "liking": _("Liking"), "closeness": _("Closeness"),
}  # fmt: skip
"""What two entries for one person may differ in."""
TOPICS: dict[str, Any] = {
    "need": _("Needs"), "offer": _("Offers"), "interest": _("Interests"), "goal": _("Goals"), "fact": _("Facts"),
}  # fmt: skip
TOPICS_ONE: dict[str, Any] = {
    "need": _("need"), "offer": _("offer"), "interest": _("interest"), "goal": _("goal"), "fact": _("fact"),
}  # fmt: skip
FOUND_IN: dict[str, Any] = {
    **TOPICS_ONE, "note": _("note"), "promise": _("promise"), "exchange": _("exchange"), "bank": _("bank"),
}  # fmt: skip
RATINGS: dict[str, Any] = {
    "importance": _("How important to you"), "liking": _("How much you like or respect them"),
    "closeness": _("How close you feel"),
}  # fmt: skip
MEANINGS: dict[str, Any] = {
    "person": _("person"), "name": _("person"), "new_person": _("new"), "channel": _("how"), "date": _("when"),
    "duration": _("how long"), "event": _("where"), "promise": _("promise"), "due": _("due"),
    "introduction": _("introduction"),
    "need": _("need"), "offer": _("offer"), "interest": _("interest"), "goal": _("goal"), "fact": _("fact"),
    "note": _("note"), "gave": _("you gave"), "got": _("you got"),
}  # fmt: skip
PROMISE_STATES: dict[str, Any] = {
    "open": _("open"), "kept": _("kept"), "broken": _("not kept"), "released": _("let go"), "dropped": _("let go"),
}  # fmt: skip
SOURCE_KINDS: dict[str, Any] = {
    "mbox": _("mailbox (mbox)"), "maildir": _("mail folder (Maildir)"), "eml": _("single mail"),
    "vcard": _("address book (vCard)"), "linkedin-connections": _("LinkedIn connections"),
    "linkedin": _("LinkedIn connections"), "linkedin-messages": _("LinkedIn messages"),
    "linkedin-invitations": _("LinkedIn invitations"), "linkedin-notes": _("LinkedIn notes"),
    "linkedin-praise": _("LinkedIn recommendations"), "linkedin-praised": _("LinkedIn recommendations given"),
    "linkedin-endorsed": _("LinkedIn endorsements"), "linkedin-endorses": _("LinkedIn endorsements given"),
    "ldif": _("address book (LDIF)"), "table": _("address book (table)"), "calendar": _("calendar"),
    "whatsapp": _("WhatsApp chat"), "telegram": _("Telegram"), "facebook": _("Facebook or Instagram"),
    "phone": _("calls and text messages"), "monica": _("Monica"), "kithbook": _("Kithbook’s own export"),
}  # fmt: skip


def say(table: dict[Any, Any], code: Any) -> Any:
    """The word for a code; an unknown code is shown as it is, with its underscores as spaces."""
    return table.get(code, str(code).replace("_", " "))
