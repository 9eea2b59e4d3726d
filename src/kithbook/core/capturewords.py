r"""Words and phrases of quick capture (English). Another language is another module with the same names.

All patterns are matched against text in which every person's name is replaced by `P` (one \\ue000 and as many \\ue001
as the name had further characters), so that places stay what they were and no rule ever sees a name as a word.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kithbook.core.namewords import rule, word_set

NAME_HEAD, NAME_TAIL = "\ue000", "\ue001"
P = f"{NAME_HEAD}{NAME_TAIL}*"
PEOPLE = rf"{P}(?:\s*(?:,\s*(?:and\s+)?|\band\s+|&\s*){P})*"
PRONOUN = r"(?:him|her|them|he|she|they)"
WHOM = rf"(?:{PEOPLE}|\b(?:him|her|them|me|us)\b)"


class ChannelWord(NamedTuple):
    """Words that tell the channel; `one_way` for what is sent, so that it has a direction."""

    channel: str
    one_way: bool
    pattern: re.Pattern[str]


_BY = r"(?:\b(?:by|via|over|per|in\s+an?|on|through)\s+(?:an?\s+)?)?"
_SENT = rf"(?:\b(?:sent|wrote|dropped|left)\s+(?:{WHOM}\s+)?)?(?:\b(?:an?|the)\s+(?:short\s+|quick\s+|long\s+)?)?"
CHANNEL_WORDS = (
    ChannelWord(
        "note",
        True,
        rule(
            r"\b(?:(?:wrote|sent|posted|mailed)\s+(?:" + WHOM + r"\s+)?)?(?:an?\s+|the\s+)?"
            r"(?:handwritten\s+(?:note|letter|card)|postcard|thank[- ]you\s+(?:note|card)|letter|birthday\s+card)\b"
        ),
    ),
    ChannelWord(
        "video",
        False,
        rule(
            _BY + r"\b(?:video(?:\s+(?:call|chat|meeting))?|zoom(?:ed|\s+call)?|facetimed?|skyped?|"
            r"(?:ms\s+)?teams\s+(?:call|meeting))\b"
        ),
    ),
    ChannelWord(
        "email",
        True,
        rule(_SENT + _BY + rf"\b(?:e-?mail(?:ed|s)?|mailed|wrote(?=\s+(?:to\b|back\b|{P}|{PRONOUN}\b)))(?:\s+to\b)?"),
    ),
    ChannelWord(
        "message",
        True,
        rule(rf"\b(?:sent|wrote|dropped|left)\s+{WHOM}\s+an?\s+(?:quick\s+|short\s+|nice\s+)?note\b"),
    ),
    ChannelWord(
        "message",
        True,
        rule(
            _SENT + r"(?:\b(?:by|via|over|on)\s+)?(?:\b(?:linkedin|slack|signal|telegram|instagram)\s+(?:message|dm)|"
            r"\b(?:texted|messaged?|whatsapp(?:ed)?|sms|dm(?:ed|'d)?|pinged|text(?=\s+(?:from|to|with)\b)|"
            r"voice\s+(?:note|message)|"
            r"voicemail|(?<=a\s)note(?!\s+(?:to\s+self|that|about)\b)|replied\s+to|got\s+back\s+to|reached\s+out\s+to))\b"
        ),
    ),
    ChannelWord("comment", True, rule(r"\bcommented\s+on\b")),
    ChannelWord("like", True, rule(rf"\bliked\s+(?:{P}'s|his|her|their|my)\s+(?:post|photo|update|picture|article)\b")),
    ChannelWord("event", False, rule(r"\b(?:ran|bumped)\s+into\b")),
    ChannelWord(
        "call",
        False,
        rule(
            r"\b(?:(?:phone|conference)\s+call|(?:called|phoned|rang)(?:\s+up|\s+back)?|calls?|on\s+the\s+phone|"
            r"by\s+phone|"
            r"(?:spoke|talked|chatted|chat|talk)\s+(?:to|with)(?=\s))\b"
        ),
    ),
    ChannelWord(
        "meeting",
        False,
        rule(
            r"\b(?:for\s+)?(?:an?\s+)?(?:coffees?|lunch(?:ed)?|dinner|breakfast|brunch|drinks?|beers?|tea|"
            r"walk(?:ed)?|hike|meal|met(?:\s+up)?|"
            r"meeting|caught\s+up|catch[- ]up|visited|visit|dined)\b"
            rf"|\bsaw(?=\s+(?:{P}(?!'s)|him\b|her\b|them\b))"
        ),
    ),
)

_EVENT = (
    "meetup|conference|summit|fair|party|wedding|workshop|event|reception|mixer|seminar|congress|festival|expo|"
    "hackathon|"
    r"gala|webinar|lecture|forum|symposium|launch|opening|trade\s+show|retreat|training|course|reunion|bbq|barbecue|"
    r"(?-i:Day|Days|Con|Conf|Camp|Night|Week)|(?-i:[A-Z]\w+(?:Con|Conf|Camp|Fest))"
)
EVENT = rule(
    rf"\b(?:at|during)\s+(?:the\s+|an?\s+|our\s+|my\s+|this\s+year's\s+)?(?P<event>(?:[\w'&/-]+\s+){{0,4}}?(?:{_EVENT})(?:\s+20\d\d)?)\b"
)

NEGATED = rule(
    r"\b(?:didn't|did\s+not|haven't|hasn't|have\s+not|has\s+not|hadn't|never|couldn't|could\s+not|wasn't|isn't\s+going|"
    r"cancell?ed|postponed|rescheduled|no\s+longer)\b"
)

_ADVERBS = (
    r"(?:(?:has|have|had|just|also|then|now|already|really|very|kindly|still|currently|actively|both|even|"
    r"again|only)\s+)*"
)
SUBJECT = rule(
    rf"(?P<subject>{PEOPLE}(?:'s\s+[\w-]+)?|\b(?:he|she|they|who|i|we)\b|\b(?:his|her|their|my|our)\s+[\w-]+)"
    rf"\s*(?:'ve|'re|'s|'d|'m)?\s*(?:\b(?:is|are|was|were|am)\s+)?{_ADVERBS}$"
)

# Promises. `rest` is what was promised.
_ACTION = (
    r"(?:send|introduce|intro|connect|share|call|phone|ring|e-?mail|text|message|forward|give|get|let|help|check|ask|"
    r"look|review|make|"
    r"pass|put|write|ping|invite|follow|find|bring|set|schedule|book|pay|prepare|read|draft|arrange|organi[sz]e|show|"
    r"tell|refer|"
    r"recommend|return|lend|buy|host|talk|speak|reply|answer|meet|come|join|update|report|thank|post|mail|deliver|"
    r"finish|try|do)"
)
PROMISED = rule(
    r"(?:\b(?P<me>i|we)\s+)?(?:'ve\s+|have\s+|had\s+|has\s+|also\s+|then\s+)*\b(?:promised|agreed|offered|"
    r"committed)\b\s*(?P<rest>.*)"
)
WILL = rule(
    rf"(?:'ll|'d|\s+will|\s+would|\s+is\s+going\s+to|'s\s+going\s+to)\s+(?:also\s+|then\s+)?(?P<rest>{_ACTION}\b.*)"
)
I_WILL = rule(
    rf"(?:\b(?:i|we)(?:'ll|'d|\s+will|\s+would|\s+must|\s+should|\s+need\s+to|\s+have\s+to|\s+am\s+going\s+to|"
    rf"'m\s+going\s+to|\s+want\s+to)"
    rf"|\b(?:need\s+to|have\s+to|must|should|will|remember\s+to|remind\s+me\s+to|don't\s+forget\s+to|to-?do:?|"
    rf"to\s+do:?))\s+"
    rf"(?P<rest>{_ACTION}\b.*)"
)
OWES = rule(r"\b(?:still\s+)?owes\s+(?:me|us)\s+(?P<rest>.*)")
OWE = rule(r"(?:\b(?:i|we)\s+)?\b(?:still\s+)?owe\s+(?P<rest>.*)")
RECIPIENT = rule(rf"\s*(?:to\s+)?(?P<whom>{WHOM})(?!'s)(?:\s+that)?\s+(?=\S)")
OBJECT = rule(rf"\b(?:{_ACTION}|for|to)\s+(?:back\s+)?(?P<whom>{PEOPLE})(?!'s)")
INTRO_BEFORE = rule(
    rf"\b(?:intro|intros|introductions?|introduc(?:e|ed|ing)|intro'?e?d|connect(?:ed|ing)?|"
    rf"in\s+touch)\b[^.;]{{0,80}}?\b(?:to|"
    rf"with)\s+(?:{P}\s*(?:,|\band\b|&)\s*)*$"
)
THROUGH_BEFORE = rule(
    rf"\b(?:through|via|thanks\s+to|introduced\s+by|intro(?:duction)?\s+(?:by|from)|referred\s+by)\s+(?:{P}\s*(?:,|"
    rf"\band\b|&)\s*)*$"
)
ABOUT_BEFORE = rule(r"\b(?:about|regarding|re|of|mentioned|discussed|than|because\s+of)\s+$")
WITH_BEFORE = rule(r"(?:\bw/|\b(?:with|met|called|saw|rang|phoned|visited))\s+$")


class TopicWord(NamedTuple):
    """A phrase after which the topic stands (group `topic`)."""

    kind: str
    pattern: re.Pattern[str]


TOPIC_WORDS = (
    TopicWord(
        "need",
        rule(
            r"\b(?:(?:looking|searching|hunting)\s+for|seeking|in\s+(?:need|search)\s+of|hiring|recruiting|could\s+use|"
            r"trying\s+to\s+find|needs?(?!\s+to\b)|wants(?!\s+to\b))\s+(?P<topic>\S.*)"
        ),
    ),
    TopicWord(
        "offer",
        rule(
            r"\b(?:(?:can|could)\s+(?:help|advise|assist)(?:\s+(?:me|us|you|people|others|anyone))?(?:\s+(?:with|on|"
            r"in))?|can\s+(?:offer|teach)|"
            r"offers|(?:is\s+)?happy\s+to\s+help\s+with|(?:is\s+)?good\s+at|(?:is\s+)?an?\s+expert\s+(?:in|on)|"
            r"knows\s+(?:a\s+lot|everything|all)\s+about|can\s+introduce\s+(?:me|us|people)\s+to)\s+(?P<topic>\S.*)"
        ),
    ),
    TopicWord(
        "goal",
        rule(
            r"(?:\b(?:wants|would\s+like|hopes|hoping|plans|planning|aims|aiming|intends)\s+to|\b(?:they|he|"
            r"she)'d\s+like\s+to|"
            r"\bdreams\s+of|\bgoal(?:\s+(?:this|next)\s+year)?\s+is(?:\s+to)?)\s+(?P<topic>\S.*)"
        ),
    ),
    TopicWord(
        "interest",
        rule(
            r"\b(?:(?:is\b|are\b|'s)?\s*(?:\b(?:really|very|so|also|now|big\s+time)\s+)*\b(?:into|interested\s+in|"
            r"passionate\s+about|keen\s+on|"
            r"a\s+(?:big\s+|huge\s+)?fan\s+of|fond\s+of|curious\s+about|crazy\s+about)|loves|likes|enjoys|collects|"
            r"plays|cares\s+about)\s+"
            r"(?P<topic>\S.*)"
        ),
    ),
)
# "into" alone tells an interest only of somebody: "looked into", "ran into", "got into Yale" do not.
INTO_IS_INTEREST = rule(
    rf"(?:{P}|\b(?:is|are|he|she|they|who|he's|she's|they're)|'s|'re)\s+(?:really\s+|very\s+|also\s+|so\s+)*$"
)

# Asks, ours and theirs.
ASKED = rule(
    rf"\b(?:asked|asks|asking)\s+(?P<whom>{WHOM})?\s*(?P<how>for|to|if|whether)\s+(?:(?:i|he|she|they|we)\s+(?:could|"
    rf"can|would|might)\s+)?(?P<ask>\S.*)"
)
_MEET = r"(?:introduce|intro|connect|put)"
# "please introduce me to Dana": an ask in the words of whoever said it.
PLEA = rule(
    rf"\b(?:please|(?:could|can|would|will)\s+(?:you|i|we)(?:\s+please)?)\s+(?P<ask>{_MEET}\s+(?:me|us|him|her|them)\b"
    r".*?\b(?:to|with)\s+\S.*)"
)
# "wants me to introduce him to Dana", "would like to be introduced to Dana".
WISH_TO_MEET = rule(
    rf"(?:\b(?:wants?|would\s+like)|'d\s+like)\s+(?:(?:me|us)\s+to\s+(?P<ask>{_MEET}\s+(?:him|her|them)\b.*?"
    r"\b(?:to|with)\s+\S.*)|to\s+be\s+(?P<met>(?:introduced|connected)\s+(?:to|with)\s+\S.*))"
)
ASKED_BEFORE = rule(rf"\basked\s+(?P<whom>{WHOM})\W*$")
TO_MEET = rule(
    rf"\b(?:intro(?:s|duc\w+)?|be\s+connected|connect\s+(?:{P}|him|her|them|me|us)|(?:put|get)\s+(?:{P}|him|her|them|me|us)\s+in\s+touch)"
)
OUTCOMES = (
    ("reluctantly", rule(r"\b(?:reluctantly|grudgingly|hesitated|after\s+some\s+hesitation)\b")),
    (
        "silence",
        rule(
            r"\b(?:no\s+(?:answer|reply|response|word)|nothing\s+yet|silence|still\s+waiting|(?:hasn't|haven't|"
            r"has\s+not|have\s+not|didn't|did\s+not)\s+"
            r"(?:answer(?:ed)?|repl(?:y|ied)|respond(?:ed)?|heard\s+back))\b"
        ),
    ),
    (
        "refused",
        rule(
            r"\b(?:said\s+no|refused|declined|turned\s+(?:me|it|us)\s+down|(?:he|she|they)\s+(?:can't|cannot|"
            r"couldn't|won't))\b|^\s*no\s*$"
        ),
    ),
    (
        "gladly",
        rule(
            r"\b(?:said\s+(?:yes|sure|ok|okay)|agreed|gladly|happily|of\s+course|accepted|(?:was|is)\s+(?:happy|"
            r"glad)\s+to|did\s+it)\b|"
            r"^\s*(?:yes|sure)\s*$"
        ),
    ),
)

# Clauses.
_VERBS = (
    r"(?:promised|agreed|offered|asked|sent|gave|got|received|introduced|thanked|helped|need|needs|want|wants|will|"
    r"would|owe|can|could|is|are|was|were|"
    r"has|have|had|loves|likes|enjoys|hopes|plans|said|told|called|emailed|texted|met|apologi[sz]ed|recommended|"
    r"referred|shared|"
    r"forwarded|bought|paid|must|should|knows|works|missed|broke|kept|moved|talked|discussed|looking|hoping|planning|"
    r"remind|remember|lent|wrote)"
)
AND_SPLIT = rule(
    rf"\s+(?:and|but|then|so|also)\s+(?=(?:also\s+|then\s+)?{_VERBS}\b|(?:i|he|she|they|we)(?:\b|')|"
    rf"(?:{P}(?:'s\s+\w+)?\s+{_VERBS}\b)|(?:his|her|their)\s+[\w-]+\s+{_VERBS}\b)"
)
WHO_SPLIT = rule(rf"\s*,?\s+(?=who(?:'s)?\s+(?:{_VERBS})\b|who's\s)")
SAID_SPLIT = rule(
    r"\b(?:said|told|mentioned|think|thinks|says)\b[^,;.]{0,60}?(?P<cut>\s+)(?=(?:that\s+)?(?:i|he|she|they)(?:'ll|"
    r"'d|\s+will|\s+would|\s+wants?|\s+needs?|\s+is\b)|(?:that\s+)?(?:he|she|they)'s\s)"
)
PROMISE_SPLIT = rule(
    rf"(?<=[\w{NAME_HEAD}{NAME_TAIL}])(?<!\bi)(?<!\bhe)(?<!she)(?<!they)(?<!\bwe)(?<!who)(?<!has)(?<!have)(?<!had)(?<![{NAME_HEAD}{NAME_TAIL}])\s+(?=promised\b)"
)
HARD_STOP = rule(r"[;\n]|[.!?]+(?=\s|$)|:(?=\s)|\s[-–—]\s|,(?!\d)|[()]")
ABBREVIATION = rule(r"\b(?:dr|mr|mrs|ms|prof|vs|approx|e\.g|i\.e|st|no)$")
SUBJECT_VERB = rule(rf"{P}(?:'s\s+[\w-]+)?\s+{_VERBS}\b")
PLURAL_NEXT = rule(rf"{P}\s+(?:are|were|have|want|need|both|love|like|hope|plan)\b")
ONLY_PEOPLE = rule(rf"\s*{PEOPLE}\s*$")
LIST_GOES_ON = rule(
    rf"\s*(?:and\s+)?{P}(?!'s)\s*(?:,|\band\b|&|$|[.;:]|\b(?:on|at|in|for|yesterday|today|last|this)\b)"
)

FILLER = word_set(
    "with and & i me a an the to for on at had have was it we us in of by from just also then so back up he she they "
    "him her "
    "them said told that which who is are quick short long nice great good lovely via about but as into during after "
    "over my through thanks w"
)
CONNECTIVES = FILLER - word_set("is are was had nice great good lovely quick short long over after up back thanks")
STRIP_LEFT = word_set("and & i me just also then so we us had but it was that to's 's's")
STRIP_RIGHT = word_set("with and & to for on at in by from the a an about of but so i he she they said")
