"""Reads a question like “Who can help with a visa in Lyon?” into what is wanted and where."""

from __future__ import annotations

import re
from typing import NamedTuple

from kithbook.core.meaningwords import Lexicon, place_named

_LEAD = re.compile(
    r"^\s*(?:(?:please|and|so|hm+)[,\s]+)*"
    r"(?:"
    r"(?:who|whom|which\s+of\s+my\s+people|is\s+there\s+(?:any|some)(?:one|body)\s+who|"
    r"do\s+i\s+know\s+(?:any|some)?(?:one|body|people)?(?:\s+who)?|(?:any|some)(?:one|body)\s+(?:i\s+know\s+)?who)"
    r"(?:\s+(?:can|could|might|may|would|will|do\s+i\s+know\s+(?:who|that)|should\s+i\s+(?:ask|call)|do\s+i\s+(?:ask|call)))*"
    r"(?:\s+(?:be\s+able\s+to|help|helps|advise|support|assist|know|knows|recommend|introduce|tell)\b)*"
    r"(?:\s+(?:is|are|lives?|works?)\b)?(?:\s+(?:me|us))?(?:\s+(?:out|find|get|with|on|about|regarding|to|for|something|anything|a\s+lot|how)\b)*"
    r"|(?:i|we)\s+(?:need|want|look\s+for|am\s+looking\s+for|are\s+looking\s+for)(?:\s+(?:help|advice|someone|somebody))?"
    r"(?:\s+(?:with|on|about|for|who\s+(?:can|knows))\b)?"
    r"|(?:find|show|search)(?:\s+me)?(?:\s+(?:someone|somebody|people|help))?(?:\s+(?:with|for|who\s+(?:can|knows)))?"
    r"|help(?:\s+me)?\s+with"
    r")\s*",
    re.IGNORECASE,
)
_WHERE = re.compile(r"(?:^|\s+)(?:based\s+in|in|near|around|at|from)\s+(?:the\s+)?", re.IGNORECASE)


class Question(NamedTuple):
    """What is wanted, and where; either may be empty."""

    what: str
    place: str


def read_question(lexicon: Lexicon, text: str) -> Question:
    """The question without its question words; a place at its end is understood where the gazetteer knows it."""
    plain = " ".join(text.split()).strip(" ?!.")
    what = _LEAD.sub("", plain, count=1).strip(" ,?")
    for found in reversed(list(_WHERE.finditer(what))):
        place = what[found.end() :].strip()
        if place_named(lexicon, place):
            return Question(what[: found.start()].strip(" ,"), place)
    return Question(what, "")
