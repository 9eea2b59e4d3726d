"""The one name that chats share is the owner's; where two could be, none is."""

from __future__ import annotations

import pytest

from kithbook.core.chatowners import guess_chat_owner


@pytest.mark.parametrize(
    ("chats", "least", "name"),
    [
        (["me ada", "me bob"], 2, "me"),
        (["me ada", "me bob"], 3, ""),  # too few for chats that only show who wrote
        (["me ada", "ada me", "me ada"], 2, ""),  # parts of one chat
        (["me ada", "bob cy"], 2, ""),
        (["me ada", "ada bob", "me bob"], 2, ""),
        (["me", "me ada", "ada"], 2, ""),  # a chat of one tells nothing
        (["me ada", "me bob", "me cy", "ada bob"], 3, ""),  # three of four are too few where somebody else is in half
        (["me a", "me b", "me c", "me d", "a b"], 3, "me"),  # a group in which only others wrote
        (["me ada bob", "me cy dan", "me eve fay"], 2, "me"),  # groups alone
        (["me ada bob", "me ada cy", "me ada dan"], 2, ""),
        (["me ada bob", "me cy dan"], 2, ""),
        (["me ada", "me ada bob", "me gil cy dan", "me eve fay"], 2, "me"),  # one chat of two, then the groups
        ([], 2, ""),
    ],
)
def test_the_owner_is_who_all_chats_share(chats: list[str], least: int, name: str) -> None:
    assert guess_chat_owner([chat.split() for chat in chats], least=least) == name
