"""Phrases of giving and taking (English), for the bank entries of quick capture; `P` as in `core.capturewords`."""

from __future__ import annotations

import re
from typing import NamedTuple

from kithbook.core.capturewords import PEOPLE, WHOM
from kithbook.core.namewords import rule

MEALS = r"(?:lunch|dinner|breakfast|brunch|coffee|drinks?|beers?|tea|a\s+meal|the\s+meal)"


class GivingWord(NamedTuple):
    """A verb of giving or taking. `text` is kept from the group `rest`; the recipient may stand before or in it."""

    kind: str
    pattern: re.Pattern[str]


_WHOM = rf"(?:\s+(?:to\s+)?(?P<whom>{WHOM})(?!'s))?"
_ANY = r"(?:\s+(?:an?|some|the|my|his|her|their|good|great|useful|helpful|very|public|warm|big|really))*"
_MEETINGS = r"(?:meetings?|calls?|lunch|dinner|breakfast|coffee|appointment|date)"


def _noun(kind: str, nouns: str) -> GivingWord:
    return GivingWord(kind, rule(rf"\b(?:gave|made|offered|wrote|did|sent){_WHOM}{_ANY}\s+(?:{nouns})\b(?P<rest>.*)"))


GIVING_WORDS = (
    GivingWord(
        "promise_kept",
        rule(rf"\bkept\s+(?:my|his|her|their|the)\s+(?:promise|word)(?:\s+(?:to|with)\s+(?P<whom>{WHOM}))?(?P<rest>)"),
    ),
    GivingWord(
        "promise_broken",
        rule(
            rf"\bbroke\s+(?:my|his|her|their|the|a)\s+(?:promise|word)(?:\s+(?:to|with)\s+(?P<whom>{WHOM}))?(?P<rest>)"
        ),
    ),
    GivingWord(
        "missed_meeting",
        rule(
            rf"\b(?:missed|forgot|skipped)\s+(?:our|the|a|my|his|her|"
            rf"their)\s+{_MEETINGS}\b(?:\s+with\s+(?P<whom>{WHOM}))?(?P<rest>)"
        ),
    ),
    GivingWord("missed_meeting", rule(rf"\bstood\s+(?P<whom>{WHOM})\s+up\b(?P<rest>)")),
    GivingWord(
        "friction",
        rule(rf"\b(?:argued|fell\s+out|clashed|quarrell?ed|(?:an\s+)?argument)\s+with\s+(?P<whom>{WHOM})(?P<rest>.*)"),
    ),
    GivingWord("thanks", rule(rf"\bthank[- ]you\s+(?:note|card|letter|e-?mail)\s+to\s+(?P<whom>{WHOM})(?P<rest>.*)")),
    GivingWord(
        "thanks", rule(rf"\b(?:thanked|to\s+thank|said\s+thank(?:s|\s+you)\s+to)\s+(?P<whom>{WHOM})?(?P<rest>.*)")
    ),
    GivingWord("apology", rule(rf"\b(?:apologi[sz]ed|said\s+sorry)(?:\s+to\s+(?P<whom>{WHOM}))?(?P<rest>.*)")),
    GivingWord("clarity", rule(rf"\b(?:clarified|cleared\s+up)(?:\s+with\s+(?P<whom>{WHOM}))?(?P<rest>.*)")),
    GivingWord("report", rule(rf"\btold\s+(?P<whom>{WHOM})\s+(?P<rest>how\b.*)")),
    GivingWord("report", rule(rf"\breported\s+back(?:\s+to\s+(?P<whom>{WHOM}))?(?P<rest>.*)")),
    GivingWord("report", rule(rf"\blet\s+(?P<whom>{WHOM})\s+know\s+(?P<rest>how\b.*)")),
    GivingWord("introduction", rule(rf"\b(?:introduced|intro'?e?d|connected)\s+(?P<whom>{WHOM})(?!'s)(?P<rest>.*)")),
    GivingWord("introduction", rule(rf"\bput\s+(?P<whom>{WHOM})\s+in\s+touch(?P<rest>\s+with\s+.*)")),
    _noun("introduction", r"intro|introduction"),
    _noun("referral", r"referral|client|customer"),
    GivingWord("referral", rule(rf"\breferred(?:\s+(?P<whom>{WHOM})(?!'s))?(?P<rest>.*)")),
    _noun("advice", r"advice|feedback|tips?|answer"),
    GivingWord("advice", rule(rf"\badvised\s+(?P<whom>{WHOM})(?P<rest>.*)")),
    _noun("praise", r"recommendation|testimonial|shout-?out|praise"),
    GivingWord(
        "praise", rule(rf"\b(?:recommended|endorsed|praised)\s+(?P<whom>{WHOM})(?!'s)(?!\s+(?:an?|the)\b)(?P<rest>.*)")
    ),
    _noun("favour", r"favou?r|lift|ride|hand|help"),
    GivingWord(
        "goal_help", rule(rf"\bhelped\s+(?P<whom>{WHOM})(?!'s)(?P<rest>\s+with\s+(?:my|his|her|their)\s+goal\b.*)")
    ),
    GivingWord("favour", rule(rf"\b(?:helped|lent|covered\s+for)\s+(?P<whom>{WHOM})(?!'s)(?P<rest>.*)")),
    GivingWord(
        "hospitality",
        rule(
            rf"\b(?:bought|paid\s+for|cooked|treated|invited|hosted){_WHOM}\s*(?:for|to)?\s*(?P<rest>(?:{MEALS})\b.*)"
        ),
    ),
    GivingWord("hospitality", rule(rf"\bhosted\s+(?P<whom>{WHOM})(?P<rest>.*)")),
    GivingWord(
        "gift", rule(rf"\b(?:brought|bought|gave)\s+(?P<whom>{WHOM})(?P<rest>\s+(?!a\s+(?:call|ring|shout)\b).+)")
    ),
    GivingWord(
        "gift",
        rule(rf"\bsent{_WHOM}(?P<rest>\s+(?:an?\s+|some\s+)?(?:flowers|gift|present|chocolates?|bottle|wine)\b.*)"),
    ),
    GivingWord("service", rule(r"\b(?:volunteered|organi[sz]ed)\s+(?:at|for|as)?(?P<rest>.*)")),
    GivingWord(
        "item",
        rule(
            rf"\b(?:sent|shared|forwarded|passed\s+on|recommended){_WHOM}(?P<rest>(?!\s+(?:e-?mail|message|"
            rf"sms))\s+(?:an?|the|my|his|her|their|some)\s+.+)"
        ),
    ),
)
RECEIVED_NOUNS = {
    "advice": "advice",
    "feedback": "advice",
    "tip": "advice",
    "tips": "advice",
    "intro": "introduction",
    "introduction": "introduction",
    "referral": "referral",
    "client": "referral",
    "recommendation": "praise",
    "testimonial": "praise",
    "gift": "gift",
    "present": "gift",
    "flowers": "gift",
    "book": "gift",
    "help": "favour",
    "favour": "favour",
    "favor": "favour",
    "lift": "favour",
    "article": "item",
    "link": "item",
    "reference": "praise",
    "thanks": "thanks",
    "apology": "apology",
}
RECEIVED = rule(
    r"(?:\b(?:got|received|had)\s+(?:an?\s+|some\s+|the\s+|good\s+|great\s+|useful\s+)*)?"
    rf"\b(?P<noun>{'|'.join(RECEIVED_NOUNS)})(?P<rest>\b.{{0,120}}?)\s+from\s+(?P<whom>{PEOPLE})"
)
MESSAGE_NOUNS = rule(
    r"^\s*(?:an?|the|my|his|her|their|some)\s+(?:short\s+|quick\s+|long\s+)?(?:e-?mail|message|text|note|sms|dm|"
    r"handwritten|postcard|letter|whatsapp|thank|birthday\s+card|invite|invitation)\b"
)
