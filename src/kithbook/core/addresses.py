"""Mail addresses and profile URLs: reading them tolerantly and bringing them to one normal form.

The reader follows RFC 5322 where mail follows it, and gives up as little as possible where mail does not:
one odd mailbox never costs the other recipients of its header.
"""

from __future__ import annotations

import re
import unicodedata

from kithbook.core.mailwords import decode_words, tidy

_MAX_ADDRESS = 320
_MAX_MAILBOX = 2000
GMAIL = frozenset(("gmail.com", "googlemail.com"))

# Quoted strings are bounded so that a header full of stray quotes stays linear.
_QUOTED = r'"(?:[^"\\]|\\.){0,500}+"'
_ATOM = r'[^\s"<>(),:;@\[\]\\]++'
_DOMAIN = r'(?:\[[^\]\s]*\]|[^\s"<>(),:;@\[\]\\]++)'
_TIDY_ATOM = r"[^\s\"<>(),:;@\[\]\\']++"
_TIDY_DOMAIN = r"[^\s\"<>(),:;@\[\]\\.]++(?:\.[^\s\"<>(),:;@\[\]\\.]++)*+"
_PLAIN = re.compile(
    rf"\s*+(?:(?:\"([^\"\\]*+)\"|([^\"<>(),:;@\\=\s]*+(?:[ \t]++[^\"<>(),:;@\\=\s]++)*+))\s*+"
    rf"<({_TIDY_ATOM}@{_TIDY_DOMAIN})>|({_TIDY_ATOM}@{_TIDY_DOMAIN}))\s*+\Z"
)
_ADDRESS = re.compile(rf"(?:{_QUOTED}|{_ATOM})(?:\.(?:{_QUOTED}|{_ATOM}))*+\s?@\s?{_DOMAIN}", re.DOTALL)
_WHOLE = re.compile(rf"((?:{_QUOTED}|{_ATOM})(?:\.(?:{_QUOTED}|{_ATOM}))*+)@({_DOMAIN})\Z", re.DOTALL)
_LOOSE_DOMAIN = re.compile(r"@\s*[\w-]+(?:\s*\.\s*[\w-]+)+\s*(?=>|\Z)")
_INNER_COMMENT = re.compile(r"\([^()]*\)")
_AT_WORD = re.compile(r"(?<![^\s<>()\"])([^\s<>()\"]++) at ([^\s<>()\"]+\.[^\s<>()\"]+)")
_LOCAL = r"(?!imceaex-|mailto:)[\w!#$%&'*/=?^`{|}~.-]{1,200}"
_READY = re.compile(rf"{_LOCAL}@(?!g(?:oogle)?mail\.com\Z)[a-z0-9.-]{{0,100}}[a-z0-9]\Z", re.ASCII)
_BARE = re.compile(rf"{_ATOM}@{_DOMAIN}\Z")
_TOKEN = re.compile(
    rf"({_QUOTED})"  # 1 quoted string
    r"|(<(?:@[^<>:]*+:)?(?:[^<>\",;]|\"(?:[^\"\\]|\\.){0,500}+\")*+>)"  # 2 <address>, with or without a route
    r"|(=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)"  # 3 encoded word: its commas are text
    r"|([,;:])"  # 4 separators
    r"|\(|[^\"<=(,;:]++|[\"<=]",
    re.DOTALL,
)


def _comment_end(text: str, start: int) -> int:
    """Position behind the comment that opens at `start`, or `start` where it never closes."""
    depth, position = 0, start
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 1
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    return start


def split_raw(text: str) -> list[str]:
    """Cut an address list into its mailboxes as written, groups dissolved, empty places left out."""
    items: list[str] = []
    start = position = after_angle = 0
    closed = ")" in text
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:  # a quote or bracket that the pattern gave up on is an ordinary character
            position += 1
            continue
        if closed and text[position] == "(":
            end = _comment_end(text, position)
            closed = end > position
            position = max(end, position + 1)
            continue
        separator = match[4]
        position = match.end()
        if separator == ":":
            if text.find("@", start, position) < 0:
                start = position
        elif separator:
            _add_item(items, text[start : position - 1])
            start = position
        elif match[2] and "@" in match[2]:
            if after_angle > start:  # the comma between two mailboxes is missing
                _add_item(items, text[start:after_angle])
                start = after_angle
            after_angle = position
    _add_item(items, text[start:])
    return items


def _add_item(items: list[str], item: str) -> None:
    """Add one mailbox; an unquoted `Doe, Jane <jane@x>` was cut at its comma and is put together again."""
    if not item.strip():
        return
    if items and "<" in item and "<" not in items[-1] and "@" not in items[-1] and not item.lstrip().startswith("<"):
        before = items.pop()
        item = f'"{before.strip()}, {item.partition("<")[0].strip()}" <{item.partition("<")[2]}'.replace('""', '"')
    words = item.split()
    if item.count("@") > 1 and len(words) > 1 and all(map(_BARE.match, words)):  # nothing but blanks between them
        items += words
    else:
        items.append(item)


def parse_plain(raw: str) -> tuple[str, str] | None:
    """Read one mailbox in one of the usual forms, as `parse_mailbox` does; None for any other text.

    What is read here is a whole mailbox for sure, even if it was cut out between two commas.
    """
    match = _PLAIN.match(raw)
    if match is None:
        return None
    quoted, unquoted, email, bare = match.groups()
    if bare is not None:
        return "", bare.lower()
    name, email = quoted or unquoted, email.lower()
    return (_clean_name(name, email) if name else ""), email


def parse_mailbox(raw: str) -> tuple[str, str]:
    """Read one mailbox: (decoded display name, lower-cased address without its name); either may be ""."""
    if len(raw) > _MAX_MAILBOX:
        raw = raw[-_MAX_MAILBOX:]
    plain = parse_plain(raw)
    if plain:
        return plain
    name, email = _parse_odd(raw)
    email = email.strip("'").rstrip(".").lower() if "@" in email else ""
    return _clean_name(name, email), email


def _parse_odd(raw: str) -> tuple[str, str]:
    """The slow way: comments, quoted local parts, missing brackets, `jane at example.org`, no address at all."""
    words, comments, angle = _pieces(_LOOSE_DOMAIN.sub(lambda match: "".join(match[0].split()), raw))
    if angle and ("@" in angle or words):
        return " ".join(words) or " ".join(comments), _inner_address(angle)
    text = angle or " ".join(words)
    if "@" not in text and "=?" in text:  # some programs encode the whole mailbox
        text = decode_words(text)
    matches = list(_ADDRESS.finditer(text)) if "@" in text else []
    if matches:  # one with a blank in it only where there is no other: “Jane @ home jane@example.org”
        match = next((one for one in matches if " @" not in one[0] and "@ " not in one[0]), matches[0])
        name = " ".join((text[: match.start()] + " " + text[match.end() :]).split())
        return name.strip("<> ") or " ".join(comments), "".join(match[0].split()) if '"' not in match[0] else match[0]
    hidden = _AT_WORD.search(text)  # how public list archives hide addresses
    if hidden:
        return text[: hidden.start()].strip() or " ".join(comments), f"{hidden[1]}@{hidden[2]}"
    return text, ""


def _pieces(raw: str) -> tuple[list[str], list[str], str]:
    """Take a mailbox apart: words of the name (quoted local parts kept whole), comments, the <address> inside."""
    words: list[str] = []
    comments: list[str] = []
    angle, run, position = "", "", 0
    closed = ")" in raw
    while position < len(raw):
        match = _TOKEN.match(raw, position)
        end = match.end() if match else position + 1
        if closed and raw[position] == "(":
            end = max(_comment_end(raw, position), end)
            closed = end > position + 1
            if closed:
                comments.append(raw[position + 1 : end - 1])
                run += " "
                position = end
                continue
        piece = raw[position:end]
        if match and match[1] and raw[end : end + 1] not in ("@", ".") and not run.endswith("."):
            words.append(run)
            words.append(re.sub(r"\\(.)", r"\1", piece[1:-1]))
            run = ""
        elif match and match[2] and ("@" not in angle or "@" in piece):
            if angle:
                run += angle
            angle = piece[1:-1].strip() or angle
        else:
            run += piece
        position = end
    words.append(run)
    if not angle and "<" in run:  # the closing bracket is missing
        head, _, angle = run.partition("<")
        words[-1] = head
    return [word for word in (word.strip() for word in words) if word], comments, angle


def _inner_address(angle: str) -> str:
    """The address between angle brackets, without route, `mailto:`, stray quotes and blanks."""
    inner = _INNER_COMMENT.sub("", angle).strip()
    if inner.startswith("@") and ":" in inner:
        inner = inner.partition(":")[2]
    if inner[:7].lower() == "mailto:":
        inner = inner[7:]
    match = _ADDRESS.search(inner)
    if match:
        return "".join(match[0].split()) if '"' not in match[0] else match[0]
    if "@" in inner:
        return "".join(inner.strip("\"'<> ").split())
    match = _AT_WORD.search(inner)
    return f"{match[1]}@{match[2]}" if match else ""


def _clean_name(name: str, email: str) -> str:
    if not name:
        return ""
    if not name.isprintable() or "=?" in name or "  " in name or name[0] in " '\"" or name[-1] == " ":
        name = tidy(name)
    while len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    if "@" in name and name.lower().strip("<>") == email:
        return ""
    return "" if name in ("'", '"') else name


def split_mailboxes(raw: str) -> list[tuple[str, str]]:
    """Read an address list: (decoded name, lower-cased address) per mailbox, in order, repetitions kept.

    The address is "" where a mailbox has a name only, or an address that is no mail address (Exchange's X500).
    Empty groups such as `undisclosed-recipients:;` give nothing. Never raises.
    """
    found = [parse_mailbox(item) for item in split_raw(raw)]
    return [pair for pair in found if pair[0] or pair[1]]


def normalise_email(text: str) -> str:
    """The one spelling of a mailbox: lower case, +tag off, Gmail's dots and second domain folded; "" if no address.

    Unneeded quotes go, an international domain takes its ASCII form. Exchange's IMCEAEX wrappings are no
    mailboxes and give "".
    """
    text = text.lower()
    if _READY.match(text):
        return text
    local, _, domain = _bring_near(text).rpartition("@")
    if "+" in local and local[0] != '"':
        local = local.partition("+")[0] or local
    if domain in GMAIL:
        domain = "gmail.com"
        local = local.replace(".", "") or local
    return f"{local}@{domain}" if local and domain else ""


def _bring_near(text: str) -> str:
    """An odd spelling of an address in plain form, "" if it is none."""
    text = text.strip().strip("<>").strip()
    if text.startswith("mailto:"):
        text = text[7:].partition("?")[0]
    match = _WHOLE.match(text) if len(text) <= _MAX_ADDRESS else None
    if match is None or text.startswith("imceaex-"):
        return ""
    local, domain = match[1], match[2].rstrip(".")
    if local[0] == '"' and re.fullmatch(_ATOM, local[1:-1]):
        local = local[1:-1]
    if not (local.isascii() and domain.isascii()):
        local, domain = unicodedata.normalize("NFC", local), _ascii_domain(domain)
    return f"{local}@{domain}"


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return unicodedata.normalize("NFC", domain)


# -- Profile URLs -------------------------------------------------------------------------------------------------

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?://)?", re.IGNORECASE)
_PLAIN_LINKEDIN = re.compile(r"https?://(?:www\.)?linkedin\.com/in/([a-z0-9-]+)/?\Z")
"""How nearly all of them are written; the rest of the rules gives the same for these."""
_LINKEDIN = re.compile(r"(?:[a-z]{1,3}\.|www\.)?linkedin\.com\Z")
_CASELESS_HOSTS = frozenset(
    ("github.com", "gitlab.com", "twitter.com", "x.com", "instagram.com", "facebook.com", "xing.com")
)


def normalise_url(text: str) -> str:
    """The one spelling of a profile URL: without scheme, `www.`, query, fragment and last slash; "" if there is none.

    LinkedIn: `linkedin.com/in/<slug>`, percent-decoded, lower case, whatever country host or language suffix.
    """
    text = text.strip()
    known = _PLAIN_LINKEDIN.match(text)
    if known:
        return f"linkedin.com/in/{known[1]}"
    if "%" in text:
        from urllib.parse import unquote  # mail alone does not need it

        text = _CONTROL.sub("", unquote(text))
    text = text.strip("<> ")
    if not text or len(text.split(None, 1)) > 1 or text[0].isspace() or text[-1].isspace():
        return ""
    scheme = _SCHEME.match(text)
    web = scheme is None or scheme[0].lower() in ("http://", "https://")
    if not web:
        return text.lower()
    rest = text[scheme.end() :] if scheme else text.removeprefix("//")
    rest = rest.partition("#")[0]
    address, _, query = rest.partition("?")
    host, _, path = address.partition("/")
    host = host.lower().rpartition("@")[2].removesuffix(":443").removesuffix(":80").rstrip(".").removeprefix("www.")
    if "." not in host:
        return ""
    path = "/".join(part for part in unicodedata.normalize("NFC", path).split("/") if part)
    if _LINKEDIN.match(host):
        return _linkedin(path)
    host = host.removeprefix("m.") if host[2:] in _CASELESS_HOSTS else host
    if host in _CASELESS_HOSTS:
        path = path.lower()
    if path == "profile.php" and query.startswith("id="):
        path = f"{path}?{query.partition('&')[0]}"
    return f"{host}/{path}" if path else host


def _linkedin(path: str) -> str:
    parts = path.lower().split("/")
    if len(parts) > 1 and parts[0] == "in":
        return f"linkedin.com/in/{parts[1]}"
    return "/".join(["linkedin.com", *parts]) if path else "linkedin.com"
