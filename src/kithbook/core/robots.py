"""Which mail addresses belong to no person: programs, bounces, lists, shared mailboxes."""

from __future__ import annotations

import re
from functools import lru_cache

_MAX_ADDRESS = 320

_BOUNCE = re.compile(
    r"(?:mailer[-_.]?daemon|postmaster|mail-?daemon|delivery[-_.]?(?:status|subsystem)|microsoftexchange[0-9a-f]+"
    r"|srs[01]?[=+-].*|(?:ms)?prvs\d*=.*|bounces?(?:[-+=_.].*)?|.*[-+_.]bounces?(?:[-+].*)?"
    r"|[^=]*-return-\d+-.*=.*|[^=]*[-+][^=]+=[^=.]+\.[^=]+)\Z"
)
_NO_REPLY = re.compile(
    r"(?:.*(?:no|not|non)[-_. ]?repl(?:y|ies).*|.*do[-_. ]?not[-_. ]?respond.*|.*no[-_.]?(?:response|answer).*"
    r"|.*(?:ne[-_.]?pas|no)[-_.]?(?:repondre|responder|contestar).*|.*(?:nicht|keine)[-_.]?antwort.*"
    r"|(?:.*[-_.])?(?:notify|notifications?|notifier|alerts?|auto(?:mated|matic|mailer|reply|responder|confirm)?"
    r"|(?:ro)?bot\d*|daemon|newsletters?|digests?|mailings?|updates?|unsubscribe|invitations?|hit-reply|reminders?|cron)"
    r"(?:[-_+.].*)?|reply[-+].{12,}|root|nobody|www-data|apache|anonymous)\Z"
)
_LIST = re.compile(
    r"(?:majordom[oa]?|listserv|listmaster|mailman|listproc|sympa|ezmlm|owner-.+|list-.+|.+-(?:owner|request|subscribe"
    r"|admin|help|digest|confirm(?:\+.*)?|list|announce|users|devel|discuss)|undisclosed[-_.]recipients?)\Z"
)
# None of the three can match without one of these; nearly all addresses are done with after one look.
_SUSPECT = re.compile(
    r"=|\"|bounc|daemon|master|delivery|microsoftex|srs|rep[lo]|resp|answer|contest|antwort|notif|alert|auto|bot|letter"
    r"|digest|mailing|updat|unsub|invit|remind|cron|www-data|majordom|list|mailman|sympa|ezmlm|owner"
    r"|-(?:request|subscribe|admin|help|confirm|announce|users|devel|discuss)|undisclosed"
)
# A local part of letters only is suspect if it is one of these words or contains one of these stems.
_SUSPECT_WORDS = frozenset(
    "mailerdaemon maildaemon postmaster deliverystatus deliverysubsystem bounce bounces notify notification "
    "notifications notifier alert alerts auto automated automatic automailer autoreply autoresponder autoconfirm "
    "bot robot daemon newsletter newsletters digest digests mailing mailings update updates unsubscribe "
    "invitation invitations reminder reminders cron root nobody apache anonymous majordomo majordoma majordom "
    "listserv listmaster mailman listproc sympa ezmlm undisclosedrecipients".split()
)
_SUSPECT_STEMS = ("repl", "resp", "answer", "repondre", "contestar", "antwort", "microsoftex")
# "list.ru" is a provider where people live: a host called "list" needs two more labels behind it.
_LIST_DOMAIN = re.compile(
    r"(?:(?:lists?\d*|lists-[^.]+|listserv|mailman|mailinglists?)\.[^.]+\..+|(?:.+\.)?(?:vger\.kernel\.org|groups\.io"
    r"|googlegroups\.com|yahoogroups\.[a-z.]+|groups\.yahoo\.com|freelists\.org|egroups\.com|onelist\.com))\Z"
)
_NO_REPLY_DOMAIN = re.compile(r"(?:.*\.)?(?:no-?reply|bounces?|reply|notifications?|facebookmail)\.[^.].*\Z")
_ROLE = frozenset(
    "abuse accounts accounting admin administrator admissions apply billing bookings booking bureau business careers "
    "compliance contact contactus customercare customerservice customer-service customers editor editorial enquiries "
    "enquiry events feedback finance ftp hallo hello help helpdesk hostmaster hr info information inquiries inquiry "
    "invoice invoices invoicing jobs kontakt legal marketing media membership moderator news noc office order orders "
    "partners payments press privacy receipts reception recruiting recruitment registration sales security service "
    "services shop staff subscriptions support surveys sysadmin tech tickets usenet uucp webmaster www".split()
)
_BOT_NAME = re.compile(
    r"(?:mail delivery (?:sub)?system|mailer[- ]daemon|(?:please )?do not reply.*|no[- ]?reply"
    r"|automat(?:ic|ed) (?:mail|message|reply).*|(?:.*\W)?robot(?:\W.*)?|\w+[-_]bot\b.*)\Z"
)


def bot_kind(email: str, name: str = "") -> str:
    """Why an address is not a person: "noreply", "bounce", "list" or "role"; "" for a person (or no address).

    Judged from the address and the display name alone; what a message's own list headers say comes on top.
    """
    local, _, domain = email.lower().rpartition("@")
    if not local or len(local) > _MAX_ADDRESS:
        return ""
    by_domain = _domain_kind(domain)
    if _is_suspect(local):
        if _BOUNCE.match(local):
            return "bounce"
        if _NO_REPLY.match(local):
            return "noreply"
        if _LIST.match(local):
            return "list"
    if by_domain:
        return by_domain
    if local in _ROLE or local.partition("+")[0] in _ROLE:
        return "role"
    name = name.lower()
    if ("bot" in name or "mail" in name or "repl" in name) and _BOT_NAME.match(name):
        return "noreply"
    return ""


def _is_suspect(local: str) -> bool:
    if local.isalpha():
        return local in _SUSPECT_WORDS or any(map(local.__contains__, _SUSPECT_STEMS))
    return _SUSPECT.search(local) is not None


@lru_cache(maxsize=4096)
def _domain_kind(domain: str) -> str:
    if _NO_REPLY_DOMAIN.match(domain):
        return "noreply"
    return "list" if _LIST_DOMAIN.match(domain) else ""
