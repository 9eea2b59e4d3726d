"""A table nobody knows: its columns are explained on a page, once."""

from __future__ import annotations

import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kithbook.services import mappings
from kithbook.store.models import Owner, Person

TABLE = "wer;wo;was;sonst\nAda Quill;ada@example.org;rowing;x\nBob Stone;bob@example.org;;y\n"


def finished(client: Client, address: str) -> str:
    for _ in range(200):
        text = client.get(address).content.decode()
        if 'hx-trigger="every 1s"' not in text:
            return text
        time.sleep(0.05)
    raise AssertionError("the import never ended")


def send(client: Client, content: str = TABLE) -> str:
    answer = client.post("/import/preview", {"files": SimpleUploadedFile("mine.csv", content.encode()), "me": ""})
    return str(answer["Location"])


def test_columns_are_explained_once_and_used_again(transactional_db: None, client: Client, owner: Owner) -> None:
    address = send(client)
    text = finished(client, address)
    assert "Say what its columns mean" in text
    token = address.partition("token=")[2]
    page = client.get(f"/import/columns?token={token}").content.decode()
    assert "wer" in page
    assert "Ada Quill · Bob Stone" in page
    assert '<option value="email" selected>' in page
    told = {"token": token, "column-0": "name", "column-1": "email", "column-2": "interest", "column-3": ""}
    preview = finished(client, client.post("/import/columns/save", told)["Location"])
    assert "Change columns" in preview
    assert not Person.objects.exists()
    finished(client, client.post("/import/start", {"token": token, "me": ""})["Location"])
    assert sorted(Person.objects.values_list("name", flat=True)) == ["Ada Quill", "Bob Stone"]
    assert len(mappings.listing(owner)) == 1
    again = finished(client, send(client, TABLE.replace("Ada Quill", "Ada Q.")))
    assert "Preview" in again


def test_a_table_without_a_name_column_is_refused(transactional_db: None, client: Client, owner: Owner) -> None:
    address = send(client)
    finished(client, address)
    token = address.partition("token=")[2]
    answer = client.post("/import/columns/save", {"token": token, "column-2": "interest"})
    assert "No column holds a name" in answer.content.decode()
    assert mappings.listing(owner) == []
