"""Who can help, on the page, the command line and as a measurement."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kithbook.bench import match
from kithbook.bench.matchwords import bm25, stem, tfidf, words_of
from kithbook.core.errors import Invalid, NotFound
from kithbook.services import editing, wishes
from kithbook.store.models import MatchVerdict, Owner, Topic
from tests.faces.commanding import Run, assert_refused
from tests.services.factories import person
from tests.services.helpers import key

FIND = {"what", "place", "people", "paths"}
PERSON = {"person", "why", "warmth", "state", "topics"}
NEED = "ending a marriage in court"


@pytest.fixture
def lawyer(owner: Owner) -> str:
    row = person(owner, "Cleo Diaz", place="Lyon")
    editing.add_job(owner, key(row), "Studio Diaz", "divorce lawyer")
    return key(row)


def page(client: Client, **asked: str) -> str:
    response = client.get(reverse("find"), asked)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_page_answers_and_a_no_is_remembered(client: Client, owner: Owner, lawyer: str) -> None:
    """R33: the go-to search."""
    html = page(client, q=f"who can help with {NEED}", place="Lyon")
    assert "Cleo Diaz" in html
    assert "Works as “divorce lawyer, Studio Diaz”" in html
    answer = client.post(reverse("find_no"), {"need": NEED, "offers": lawyer, "next": f"/find?q={NEED}"}, follow=True)
    assert "Cleo Diaz will not be suggested for this again" in answer.content.decode()
    assert MatchVerdict.objects.of(owner).count() == 1
    assert "Works as" not in page(client, q=NEED)
    undo = re.search(r"/batches/(\w{13})/undo", answer.content.decode())
    assert undo
    client.post(reverse("batch_undo", args=[undo.group(1)]))
    assert "Works as" in page(client, q=NEED)


def test_without_a_question_the_page_shows_needs_offers_and_cover(client: Client, owner: Owner, lawyer: str) -> None:
    """R32, R33, R95: cover, people helped, needs inbox, who could help me."""
    editing.note_topic(owner, lawyer, "need", "someone to tune a piano")
    client.post(reverse("find_note"), {"kind": "need", "text": NEED})
    client.post(reverse("find_note"), {"kind": "offer", "text": "I tune pianos"})
    html = page(client)
    assert f"Your need “{NEED}” fits Cleo Diaz&#x27;s work" in html
    assert "fits your offer “I tune pianos”" in html
    assert "someone to tune a piano" in html
    assert '<th scope="row"><a href="/find?place=Lyon">Lyon</a></th><td>1</td>' in html
    wish = wishes.own(owner).wishes[0]
    client.post(reverse("find_drop", args=[wish.id]))
    assert Topic.objects.of(owner).filter(person=None).count() == 1


def test_an_empty_page_says_how_it_fills(client: Client) -> None:
    html = page(client)
    assert "import an address book, or note it on their pages" in html
    assert "Nobody fits" in page(client, q="a lawyer")
    assert client.get(reverse("find"), {"q": "?"}).status_code == 400


def test_ten_more_people_cost_the_page_no_more_queries(client: Client, owner: Owner, lawyer: str) -> None:
    def queries() -> int:
        page(client, q=NEED)
        with CaptureQueriesContext(connection) as seen:
            page(client, q=NEED)
        return len(seen)

    before = queries()
    for number in range(10):
        row = person(owner, f"Gil {number}", place="Lyon")
        editing.add_job(owner, key(row), f"Firm {number}", "attorney for marriages")
    assert queries() <= before


def test_the_command_answers_in_words_and_as_json(kith: Run, owner: Owner, lawyer: str) -> None:
    """R33: from the command line."""
    said = kith("find", f"who can help with {NEED}", "--place", "Lyon")
    assert "Cleo Diaz" in said.out
    assert "divorce lawyer" in said.out
    data = kith("find", f"who can help with {NEED} in Lyon", "--json").data
    assert set(data) >= FIND
    assert (data["what"], data["place"]) == (NEED, "Lyon")
    assert set(data["people"][0]) >= PERSON
    assert data["people"][0]["person"]["name"] == "Cleo Diaz"
    assert "Nobody fits" in kith("find", "a rocket to the moon").out
    assert_refused(kith("find", "?"))


def test_the_command_says_which_model_is_used(kith: Run, owner: Owner, tmp_path: Path) -> None:
    assert "minilm-packed" in kith("semantic").out
    assert kith("semantic", "--json").data["width"] == 384
    assert_refused(kith("semantic", "use", tmp_path))
    assert_refused(kith("semantic", "use"))
    assert "packaged" in kith("semantic", "reset").out


def test_matching_stands_above_words_on_pairs_it_was_not_chosen_on(kith: Run) -> None:
    found = kith("bench", "match", "--json").data
    ours, words = found["methods"]["kithbook"], found["methods"]["bm25"]
    assert found["pairs"] == 52
    assert ours["hit_3"] >= 0.9
    assert ours["mrr"] >= 0.8
    assert words["hit_3"] <= 0.2
    said = kith("bench", "match").out
    assert "hit@3" in said
    assert "bm25" in said


def test_a_file_of_pairs_is_measured(kith: Run, tmp_path: Path) -> None:
    path = tmp_path / "pairs.json"
    pairs = [["a divorce lawyer", "family law attorney"], ["jazz piano lessons", "swing keyboardist, takes pupils"]]
    path.write_text(json.dumps({"pairs": pairs, "distract": ["baker", "jazz club owner"]}), "utf-8")
    data = kith("bench", "match", path, "--json").data
    assert (data["pairs"], data["pool"]) == (2, 4)
    assert data["methods"]["kithbook"]["hit_3"] == 1.0
    for text in ("[]", "{", '{"pairs": []}', '{"pairs": [["only one"]]}'):
        path.write_text(text, "utf-8")
        with pytest.raises(Invalid):
            match.run(path)
    with pytest.raises(NotFound):
        match.run(tmp_path / "none.json")


def test_baselines_by_hand() -> None:
    assert words_of("Looking for a baker of bread") == ["bak", "bread"]
    assert stem("bakeries") == "baker"
    scores = bm25(["bread oven"], ["bread", "bread oven", "boat"])
    assert scores[0].argmax() == 1
    assert scores[0, 2] == 0
    # idf of "oven": ln(1 + 2.5 / 1.5); tf part (1 · 2.5) / (1 + 1.5 · (0.25 + 0.75 · 2 / (4/3)))
    bread, oven = 0.47000363, 0.98082925
    assert scores[0, 1] == pytest.approx((bread + oven) * 2.5 / (1 + 1.5 * (0.25 + 0.75 * 1.5)))
    assert tfidf(["bread"], ["bread", "boat"])[0].tolist() == pytest.approx([1, 0])


def test_equal_values_share_their_rank() -> None:
    import numpy as np

    assert match.ranks_of(np.zeros((2, 5))).tolist() == [3, 3]
    assert match.measure(np.eye(4)) == {"top_1": 1.0, "hit_3": 1.0, "hit_5": 1.0, "mrr": 1.0}
