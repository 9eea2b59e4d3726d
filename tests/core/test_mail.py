"""Which mails are an exchange, with whom, in which direction."""

from __future__ import annotations

import pytest

from kithbook.core import mail as rules
from kithbook.core.mail import MailExchange, exchange_of, guess_owner
from kithbook.core.records import Mail
from tests.services.factories import address, mail

MINE = frozenset({"me@example.org", "me@work.example.com"})
LIST = "all@lists.example.org"


def listed(*to: str) -> Mail:
    """A list mail; the list's address is marked as such, as a source marks it."""
    plain = mail("Anna <anna@example.org>", to, bulk="list")
    marked = tuple(a._replace(bot="list") if a.email == LIST else a for a in plain.to)
    return plain._replace(to=marked)


def test_a_mail_to_me_is_an_exchange_with_its_writer_only() -> None:
    found = exchange_of(mail("Anna <anna@example.org>", ["me@example.org", "Dora <dora@example.org>"]), MINE)
    assert isinstance(found, MailExchange)
    assert (found.direction, found.size, found.channel) == (-1, 2, "email")
    assert [a.key for a in found.with_] == ["anna@example.org"]
    assert [a.key for a in found.also] == ["dora@example.org"]


def test_a_mail_from_me_is_an_exchange_with_everybody_addressed() -> None:
    found = exchange_of(
        mail("me@work.example.com", ["anna@example.org"], cc=["bruno@example.org", "anna@example.org"]), MINE
    )
    assert isinstance(found, MailExchange)
    assert (found.direction, found.size) == (1, 2)
    assert {a.key for a in found.with_} == {"anna@example.org", "bruno@example.org"}


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (mail("noreply@shop.example.com"), rules.AUTOMATIC),
        (mail("info@firm.example.com"), rules.SHARED_MAILBOX),
        (mail("anna@example.org", bulk="auto"), rules.AUTOMATIC),
        (mail("anna@example.org", bulk="bounce"), rules.AUTOMATIC),
        (mail("author@letters.example.com", bulk="bulk"), rules.NEWSLETTER),
        (mail("anna@example.org", ["bruno@example.org"]), rules.NOT_YOURS),
        (mail("anna@example.org", labels=("Inbox", "Spam")), rules.JUNK),
        (mail("me@example.org", ["me@work.example.com"]), rules.SENT_TO_SELF),
        (listed(LIST), rules.LIST_ONLY),
        (mail("nobody"), rules.NO_SENDER),
    ],
)
def test_what_is_no_exchange_says_why(what: Mail, reason: str) -> None:
    assert exchange_of(what, MINE) == reason


def test_a_list_mail_that_names_me_is_an_exchange() -> None:
    found = exchange_of(listed(LIST, "me@example.org"), MINE)
    assert isinstance(found, MailExchange)
    assert (found.direction, found.size) == (-1, 2)


def test_a_list_mail_that_names_only_me_is_a_newsletter() -> None:
    assert exchange_of(listed("me@example.org"), MINE) == rules.NEWSLETTER


def test_being_blind_copied_is_an_exchange() -> None:
    found = exchange_of(mail("anna@example.org", ["bruno@example.org"], delivered_to=("me@example.org",)), MINE)
    assert isinstance(found, MailExchange)
    assert found.size == 2


def test_my_mail_to_a_list_alone_is_no_exchange() -> None:
    assert exchange_of(listed(LIST)._replace(sender=(address("me@example.org"),)), MINE) == rules.SENT_TO_LIST


@pytest.mark.parametrize(("others", "channel", "noted"), [(11, "email", 11), (12, "group_mail", 0)])
def test_more_than_twelve_people_make_it_group_mail(others: int, channel: str, noted: int) -> None:
    to = ["me@example.org", *(f"p{n}@example.org" for n in range(others))]
    found = exchange_of(mail("anna@example.org", to), MINE)
    assert isinstance(found, MailExchange)
    assert (found.channel, len(found.also)) == (channel, noted)


def test_the_owner_is_the_one_mail_is_delivered_to() -> None:
    mails = [mail(f"p{n}@example.org", ["list@example.org"], delivered_to=("me@example.org",)) for n in range(5)]
    guess = guess_owner(mails)
    assert guess is not None
    assert guess.keys == ("me@example.org",)


def test_the_owner_is_the_writer_of_sent_mail() -> None:
    mails = [mail("me@example.org", [f"p{n}@example.org"], labels=("Sent",)) for n in range(4)]
    guess = guess_owner(mails)
    assert guess is not None
    assert guess.keys == ("me@example.org",)


def test_two_who_are_on_every_mail_leave_the_owner_open() -> None:
    assert guess_owner([mail("anna@example.org", ["bruno@example.org"]) for _ in range(9)]) is None


def test_too_few_mails_leave_the_owner_open() -> None:
    assert guess_owner([mail("anna@example.org", ["me@example.org"])]) is None
