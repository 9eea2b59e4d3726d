"""From the properties of a vCard to the fields of a `Card`: names, ways to reach somebody, jobs, dates, tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest

from kithbook.core.addresses import normalise_email, normalise_url, split_mailboxes
from kithbook.core.cards import Property, read_properties, stable_key
from kithbook.core.mailwords import tidy
from kithbook.core.partialdates import parse_partial_date
from kithbook.core.phones import normalise_phone
from kithbook.core.records import Card, Handle, Job, PartialDate

# What changes with every export, or is long and says nothing about who it is.
_VOLATILE = frozenset(("REV", "PRODID", "PHOTO", "LOGO", "SOUND", "KEY", "VERSION", "X-KITHBOOK-LEFT-OUT"))
_DULL_TYPES = frozenset(("internet", "pref", "voice", "text", "msg", "x400", "smtp", "postal", "parcel", "intl", "dom"))
_DATES = {
    "BDAY": "birthday",
    "ANNIVERSARY": "anniversary",
    "X-ANNIVERSARY": "anniversary",
    "X-MS-ANNIVERSARY": "anniversary",
    "X-EVOLUTION-ANNIVERSARY": "anniversary",
}
_JOB_NAMES = frozenset(("ORG", "TITLE", "ROLE"))
_SYSTEM_TAGS = frozenset(("mycontacts", "my contacts"))
_NO_PERSON = frozenset(("location", "device", "application", "thing"))
# Numbers that several people share: as an identity they would make one person of them.
_SHARED_PHONES = ("fax", "assistant", "main")
_PROFILE_HOSTS = frozenset(
    "linkedin.com github.com gitlab.com twitter.com x.com instagram.com facebook.com xing.com bsky.app orcid.org t.me "
    "keybase.io threads.net youtube.com medium.com about.me researchgate.net".split()
)
_MAX_NAME = 300

Properties = dict[str, list[Property]]


def card_from_lines(lines: Sequence[str], where: str = "") -> Card:
    """The card of these logical lines. Never raises: what cannot be read stays in `Card.lines` only.

    What people share (fax numbers, a firm's site) is no handle, and stays in the lines only.
    `Card.hidden` is set where nothing in it tells of a person. `Card.key` comes from the UID, else from all lines
    but those that change with every export.
    """
    found: Properties = defaultdict(list)
    for item in read_properties(lines):
        found[item.name].append(item)
    labels = _read_labels(found)
    family, given, full = _read_names(found)
    jobs = _read_jobs(found)
    name, jobs = (full, jobs) if full else _name_by_organisation(jobs)
    handles = _read_handles(found, labels)
    kind = _kind(found)
    hidden = kind in _NO_PERSON or not (name or any(handle.kind != "uid" for handle in handles))
    return Card(
        key=_card_key(handles, lines),
        where=where,
        name=name,
        handles=handles,
        jobs=jobs,
        given_name=given,
        family_name=family,
        nicknames=_unique(part for item in found["NICKNAME"] for part in _list(item)) if "NICKNAME" in found else (),
        note="\n\n".join(filter(None, (item.text().strip() for item in found["NOTE"]))) if "NOTE" in found else "",
        place=_read_place(found),
        tags=tuple(tag for tag in _read_tags(found) if tag.lower() not in _SYSTEM_TAGS),
        dates=_read_dates(found, labels),
        is_group=kind == "group",
        hidden=hidden,
        lines=tuple(lines),
    )


def _kind(found: Properties) -> str:
    items = found.get("KIND") or found.get("X-ADDRESSBOOKSERVER-KIND") or ()
    return items[0].value.strip().lower() if items else ""


def _card_key(handles: Sequence[Handle], lines: Sequence[str]) -> int:
    for handle in handles:
        if handle.kind == "uid":
            return stable_key("vcard", "uid", handle.key)
    kept = (line for line in lines if line.partition(":")[0].partition(";")[0].upper() not in _VOLATILE)
    return stable_key("vcard", *sorted(kept))


def _plain_uid(item: Property) -> str:
    uid = item.text().strip()
    return uid[9:].lower() if uid[:9].lower() == "urn:uuid:" else uid


def _read_labels(found: Properties) -> dict[str, str]:
    """Apple's labels by group: `item1.X-ABLabel:_$!<Work>!$_` gives {"item1": "work"}."""
    return {
        item.group.lower(): tidy(item.text()).removeprefix("_$!<").removesuffix(">!$_").lower()
        for item in found.get("X-ABLABEL", ())
        if item.group
    }


def _label(item: Property, labels: dict[str, str]) -> str:
    own = labels.get(item.group.lower()) if item.group else ""
    return own or _types_label(item.params)


@lru_cache(maxsize=512)  # a file has few different heads, and thousands of lines with each
def _types_label(params: tuple[tuple[str, str], ...]) -> str:
    words = (value.lower() for key, value in params if key == "TYPE" and value)
    return " ".join(word for word in words if word not in _DULL_TYPES)


def _list(item: Property) -> list[str]:
    return [tidy(part) for part in item.fields(",")]


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _read_names(found: Properties) -> tuple[str, str, str]:
    """(family, given, full name); the full name is FN, else made from N, else the first nickname, else ""."""
    family = given = further = full = ""
    for item in found.get("N", ()):
        family, given, further = _name_fields(item)
        if family or given or further:
            break
    for item in found.get("FN", ()):
        full = full or tidy(item.text())
    full = full or " ".join(filter(None, (given, further, family)))
    if not full:
        full = next((text for item in found.get("NICKNAME", ()) for text in _list(item) if text), "")
    return family[:_MAX_NAME], given[:_MAX_NAME], full[:_MAX_NAME]


def _name_fields(item: Property) -> list[str]:
    """The parts of N, padded to three; several given names are parted by commas in 3.0 and 4.0."""
    fields = [*item.fields()[:3], "", ""][:3]
    return [tidy(field if item.old or "," not in field else field.replace(",", " ")) for field in fields]


def _read_jobs(found: Properties) -> tuple[Job, ...]:
    if _JOB_NAMES.isdisjoint(found):
        return ()
    organisations = [_first_part(item) for item in found.get("ORG", ())]
    titles = found.get("TITLE") or found.get("ROLE") or ()
    roles = [tidy(item.text()) for item in titles]
    if len(organisations) == 1 and len(roles) > 1:
        roles = [", ".join(filter(None, roles))]
    pairs = zip_longest(organisations, roles, fillvalue="")
    return tuple(dict.fromkeys(Job(organisation, role) for organisation, role in pairs if organisation or role))


def _first_part(item: Property) -> str:
    return next((part for part in map(tidy, item.fields()) if part), "")


def _name_by_organisation(jobs: tuple[Job, ...]) -> tuple[str, tuple[Job, ...]]:
    """A card that has only an organisation is named after it and has no job there."""
    if jobs and jobs[0].organisation:
        return jobs[0].organisation[:_MAX_NAME], jobs[1:]
    return "", jobs


def _read_handles(found: Properties, labels: dict[str, str]) -> tuple[Handle, ...]:
    unique: dict[tuple[str, str], Handle] = {}
    for handle in _all_handles(found, labels):
        if handle.key:
            unique.setdefault((handle.kind, handle.key), handle)
    return tuple(unique.values())


def _all_handles(found: Properties, labels: dict[str, str]) -> Iterable[Handle]:
    for item in found.get("EMAIL", ()):
        value, key = _read_email(item.text())
        yield Handle("email", value, key, _label(item, labels))
    for item in found.get("TEL", ()):
        number = item.text().strip()
        number = number[4:] if number[:4].lower() == "tel:" else number
        label = _label(item, labels)
        if not any(word in label for word in _SHARED_PHONES):
            yield Handle("phone", number, normalise_phone(number), label)
    for name in ("URL", "X-SOCIALPROFILE"):
        for item in found.get(name, ()):
            url = item.text().strip()
            yield Handle("url", url, profile_key(url), _label(item, labels))
    for item in found.get("UID", ()):
        yield Handle("uid", item.text().strip(), _plain_uid(item))


def _read_email(text: str) -> tuple[str, str]:
    """(as written, normal form), both "" where there is no address in it."""
    text = text.strip()
    key = normalise_email(text)
    if key:
        return (text if text == key else (text[7:] if text[:7].lower() == "mailto:" else text).strip("<>")), key
    email = next((email for _, email in split_mailboxes(text) if email), "")
    return email, normalise_email(email)


def profile_key(url: str) -> str:
    """The normal form of a URL that stands for one person, "" for other pages: colleagues share a firm's site."""
    key = normalise_url(url)
    host, _, path = key.partition("/")
    own = host in _PROFILE_HOSTS or path.startswith(("~", "@", "users/"))
    return key if path and own and not path.startswith(("company/", "school/")) else ""


def _read_place(found: Properties) -> str:
    """Town and country of the first postal address that has one of them."""
    for item in found.get("ADR", ()):
        fields = [*item.fields(), *[""] * 7]
        place = ", ".join(filter(None, (tidy(fields[3]), tidy(fields[6]))))
        if place:
            return place[:_MAX_NAME]
    return ""


def _read_tags(found: Properties) -> tuple[str, ...]:
    """CATEGORIES; programs that escape the commas between them mean several all the same."""
    if "CATEGORIES" not in found:
        return ()
    return _unique(tag for item in found["CATEGORIES"] for tag in tag_words(item))


def tag_words(item: Property) -> list[str]:
    """The words of one line of categories."""
    return [word for part in item.text().split(",") if (word := tidy(part))]


def _read_dates(found: Properties, labels: dict[str, str]) -> dict[str, PartialDate]:
    dates: dict[str, PartialDate] = {}
    for name, meaning in _DATES.items() if not _DATES.keys().isdisjoint(found) else ():
        for item in found.get(name, ()):
            _add_date(dates, meaning, item)
    for item in found.get("X-ABDATE", ()):
        if labels.get(item.group.lower()) == "anniversary":
            _add_date(dates, "anniversary", item)
    return dates


def _add_date(dates: dict[str, PartialDate], meaning: str, item: Property) -> None:
    date = parse_partial_date(item.text())
    if date is None:
        return
    if date.year and item.param("X-APPLE-OMIT-YEAR") == str(date.year):
        date = PartialDate(None, date.month, date.day)
    if date != PartialDate():
        dates.setdefault(meaning, date)
