"""From the XML that WebDAV servers answer with to plain values; namespaces are dropped, local names are enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from kithbook.core.errors import Unavailable

_ENDED = "The server did not answer as calendars and address books do."


@dataclass(slots=True)
class Answer:
    """One resource of a multistatus: its path, status, types, texts of properties and links in them."""

    href: str
    status: int = 200
    types: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a property, "" where it is not there."""
        return self.texts.get(name, "")


def read_answers(data: bytes) -> tuple[list[Answer], str]:
    """All resources of a multistatus in order, and its sync-token; raises Unavailable for what is none."""
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):  # defusedxml's refusals are ValueErrors
        raise Unavailable(_ENDED, "Check the address.") from None
    if _name(root) != "multistatus":
        raise Unavailable(_ENDED, "Check the address.")
    answers, token = [], ""
    for child in root:
        if _name(child) == "sync-token":
            token = (child.text or "").strip()
        elif _name(child) == "response":
            answers += _read_response(child)
    return answers, token


def _read_response(response: Any) -> list[Answer]:
    hrefs = [_plain(child.text) for child in response if _name(child) == "href"]
    status = next((_status(child.text) for child in response if _name(child) == "status"), 200)
    answer = Answer(hrefs[0] if hrefs else "", status)
    for part in response:
        if _name(part) != "propstat":
            continue
        told = next((_status(child.text) for child in part if _name(child) == "status"), 200)
        if told // 100 != 2:
            continue
        for prop in part:
            if _name(prop) == "prop":
                for value in prop:
                    _read_property(answer, value)
    others = [Answer(href, status) for href in hrefs[1:]]
    return [answer, *others] if answer.href else []


def _read_property(answer: Answer, value: Any) -> None:
    name = _name(value)
    if name == "resourcetype":
        answer.types |= {_name(child) for child in value}
        return
    link = next((child.text for child in value.iter() if _name(child) == "href" and child.text), "")
    if link:
        answer.links[name] = link.strip()
    text = value.text or ""
    answer.texts[name] = text if name.endswith("-data") else text.strip()


def _plain(href: str | None) -> str:
    """The path of an address; servers give it with and without their own name."""
    text = (href or "").strip()
    parts = urlsplit(text) if "://" in text else None
    return parts.path if parts else text


def _status(line: str | None) -> int:
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 0


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
