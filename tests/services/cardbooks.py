"""An address book on a real server, seen from a phone."""

from __future__ import annotations

import itertools
import re

from kithbook.services import accounts
from kithbook.services.accountviews import AccountPage, AccountView
from kithbook.store.models import Owner
from tests.liveservers import Radicale

_numbers = itertools.count()
ANNA = (
    "EMAIL;TYPE=HOME:anna@example.org", "item1.TEL:+43 664 1234567", "item1.X-ABLabel:Boat", "NOTE:Likes tea",
    "X-UNKNOWN;A=b:c;d", "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 600, "ORG:Acme", "TITLE:Head",
)  # fmt: skip


class AddressBook:
    """One address book on the server, seen from a phone."""

    def __init__(self, server: Radicale) -> None:
        self.server, self.name = server, f"b{next(_numbers)}"
        self.url = server.make(self.name, "book")

    def put(self, name: str, *more: str, file: str = "") -> None:
        lines = ("BEGIN:VCARD", "VERSION:3.0", f"UID:{file or name}", f"FN:{name}", f"N:;{name};;;", *more, "END:VCARD")
        told = self.server.call("PUT", f"{self.url}{file or name}.vcf", "\r\n".join(lines), Content_Type="text/vcard")
        assert told[0] in (201, 204)

    def delete(self, name: str) -> None:
        assert self.server.call("DELETE", f"{self.url}{name}.vcf")[0] == 200

    def lines(self, name: str) -> list[str]:
        """The lines of a card on the server, unfolded."""
        text = self.server.cards(self.name)[f"{name}.vcf"].replace("\r\n", "\n")
        return re.sub(r"\n[ \t]", "", text).splitlines()

    def names(self) -> list[str]:
        return sorted(name.removesuffix(".vcf") for name in self.server.cards(self.name))


def look(owner: Owner, account: AccountView) -> AccountPage:
    page = accounts.run_now(owner, account.id)
    assert page.runs[0].state == "done", page.runs[0].error
    return page
