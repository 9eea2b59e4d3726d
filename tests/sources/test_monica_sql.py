"""Monica's export as SQL, and a dump of its tables: the same people and entries as from its JSON."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kithbook.core.errors import Invalid
from kithbook.core.records import Card, Counted, Deed, Exchange, Job, PartialDate, Problem, Remark
from kithbook.sources import monicasql
from kithbook.sources.base import Record, Source
from kithbook.sources.detect import detect
from kithbook.sources.monica import MonicaSource
from tests.sources.conformance import FileConformance

LATEST = 1_800_000_000
HEAD = """# ************************************************************
# Nettie Keeperton's dump of data
# ************************************************************

SET FOREIGN_KEY_CHECKS=0;

INSERT IGNORE INTO accounts (`id`,`api_key`,`number_of_invitations_sent`) VALUES
 (7,'it''s; (secret)',NULL);
"""


def table(name: str, columns: str, *rows: str) -> str:
    listed = ",".join(f"`{column}`" for column in columns.split())
    return f"INSERT IGNORE INTO {name} ({listed}) VALUES\n" + ",\n".join(f" ({row})" for row in rows) + ";\n"


def people(*rows: str, more: str = "") -> str:
    return table("contacts", f"id account_id first_name last_name uuid is_partial created_at {more}", *rows)


ADA = "1,7,'Ada','Quill','u1',0,'2018-03-04 10:11:12'"


def read(folder: Path, *parts: str) -> list[Record]:
    path = folder / "export.sql"
    path.write_text(HEAD + "".join(parts) + "SET FOREIGN_KEY_CHECKS=1;", "utf-8")
    assert detect(path).name == "monica"
    return list(MonicaSource(path, latest=LATEST).records())


def card(records: list[Record]) -> Card:
    (found,) = (record for record in records if isinstance(record, Card))
    return found


class TestMonicaSqlConformance(FileConformance):
    kind = "monica"
    name = "export.sql"
    prefix = b"# number_of_invitations_sent\n"
    expected = {"Card": 3, "Counted": 1, "Problem": 1}  # noqa: RUF012
    extras = (
        b"INSERT INTO contacts (id,first_name,is_partial) VALUES (90,'Half',1);\n",
        b"INSERT INTO contacts (id,first_name) VALUES (91,'three cells for two',0);\n",
    )

    def piece(self, number: int) -> bytes:
        return f"INSERT INTO contacts (id,first_name) VALUES ({number},'A{number}');\n".encode()

    def make_long(self, folder: Path, count: int) -> Source:
        return self.write(folder, people(*(f"{n},7,'A','B','u{n}',0,NULL" for n in range(count))).encode())

    def open(self, path: Path) -> Source:
        return MonicaSource(path, latest=LATEST)


def test_a_person_has_everything_that_the_tables_say_of_them(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        people(
            f"{ADA},'Zed','met at choir','vegan','Baker','Brot',5,6,2,'at \\'the\\' pub\nin May'",
            "2,7,'Max','Quill','u2',0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL",
            more="nickname description food_preferences job company birthday_special_date_id first_met_special_date_id "
            "first_met_through_contact_id first_met_where",
        ),
        table("contact_field_types", "id name protocol type", "1,'Email','mailto:','email'", "2,'Phone',NULL,'phone'"),
        table("contact_fields", "id contact_id contact_field_type_id data",
              "1,1,1,'Ada@Example.org'", "2,1,2,+496123456789", "3,1,3,'https://www.linkedin.com/in/ada-quill'"),
        table("contact_tag", "contact_id tag_id", "1,9"),
        table("tags", "id name", "9,'choir'"),
        table("companies", "id name", "4,'Mill'"),
        table("occupations", "id contact_id company_id title start_date end_date",
              "1,1,4,'Miller','2001-02-03','2009-01-01'"),
        table("addresses", "id contact_id place_id", "1,1,3"),
        table("places", "id city country", "3,'Graz','AT'"),
        table("special_dates", "id contact_id uuid is_age_based is_year_unknown date",
              "5,1,NULL,0,1,'2016-10-06'", "6,1,NULL,0,0,'2015-05-01'"),
        table("relationship_types", "id name", "3,'uncle'"),
        table("relationships", "id relationship_type_id contact_is of_contact", "1,3,2,1"),
    )  # fmt: skip
    ada = next(record for record in found if isinstance(record, Card))
    assert (ada.name, ada.nicknames, ada.place, ada.tags) == ("Ada Quill", ("Zed",), "Graz, AT", ("choir",))
    assert {(handle.kind, handle.key) for handle in ada.handles} == {
        ("uid", "monica:u1"), ("email", "ada@example.org"), ("phone", "+496123456789"),
        ("url", "linkedin.com/in/ada-quill"),
    }  # fmt: skip
    assert ada.jobs == (Job("Brot", "Baker"), Job("Mill", "Miller", PartialDate(2001, 2, 3), PartialDate(2009, 1, 1)))
    assert (ada.dates, ada.connected_on) == ({"birthday": PartialDate(None, 10, 6)}, PartialDate(2015, 5, 1))
    assert ada.note == "met at choir\n\nFood: vegan\n\nFirst met: at 'the' pub\nin May"
    told = [record.text for record in found if isinstance(record, Remark)]
    assert told == ["Uncle: Max Quill.", "Met through: Max Quill."]


def test_what_happened_keeps_its_days_and_no_text_of_a_message(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        people(f"{ADA},'2023-12-31'", more="last_talked_to"),
        table("activities", "id account_id summary happened_at", "3,7,'Concert; (late)','2023-11-11'"),
        table("activity_contact", "activity_id account_id contact_id", "3,7,1"),
        table("calls", "id contact_id called_at contact_called", "1,1,'2023-12-31 00:00:00',1"),
        table("conversations", "id contact_id", "5,1"),
        table("messages", "id contact_id conversation_id content written_at written_by_me",
              "1,1,5,'secret','2022-02-01 00:00:00',1", "2,1,5,'secret too','2022-02-02 00:00:00',0"),
        table("notes", "id contact_id body created_at", "1,1,'likes\nrye','2020-01-02 00:00:00'"),
        table("gifts", "id contact_id name status date", "1,1,'a book','offered','2022-03-04 00:00:00'",
              "2,1,'tea','received','2022-03-05 00:00:00'", "3,1,'socks','idea',NULL"),
        table("debts", "id contact_id", "1,1"), table("tasks", "id contact_id", "1,1"),
        table("reminders", "id contact_id", "1,1"),
    )  # fmt: skip
    assert card(found).name == "Ada Quill"
    events = [record for record in found if isinstance(record, Exchange)]
    assert sorted((str(dt.datetime.fromtimestamp(e.at, dt.UTC).date()), e.channel, e.title) for e in events) == [
        ("2022-02-01", "message", ""), ("2022-02-02", "message", ""), ("2023-11-11", "meeting", "Concert; (late)"),
        ("2023-12-31", "call", ""),
    ]  # fmt: skip
    wrote = {str(dt.datetime.fromtimestamp(e.at, dt.UTC).date()): e.sender for e in events if e.sender}
    assert [wrote[day].is_me for day in ("2022-02-01", "2022-02-02", "2023-12-31")] == [True, False, False]
    assert "secret" not in repr(found)
    notes = [(r.text, str(r.on)) for r in found if isinstance(r, Remark)]
    assert notes == [("likes\nrye", "2020-01-02")]
    assert [(r.direction, r.note, str(r.on)) for r in found if isinstance(r, Deed)] == [
        ("gave", "a book", "2022-03-04"), ("got", "tea", "2022-03-05"),
    ]  # fmt: skip
    reasons = sorted(record.reason for record in found if isinstance(record, Counted))
    assert reasons == ["debt of Monica", "idea for a gift", "reminder of Monica", "task of Monica"]


def test_a_dump_takes_its_columns_from_create_table(tmp_path: Path) -> None:
    path = tmp_path / "dump"
    path.write_text(
        "mysqldump: [Warning] Using a password on the command line isn't safe.\n-- MySQL dump; it's 10.13\n"
        "/*!40101 SET NAMES utf8mb4 */;\nCREATE TABLE `contacts` (\n  `id` int unsigned NOT NULL,\n"
        "  `account_id` int NOT NULL,\n  `first_name` varchar(255) DEFAULT 'a;b',\n  `uuid` char(36),\n"
        "  `stay_in_touch_frequency` int,\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\nLOCK TABLES `contacts` WRITE;\n"
        "INSERT INTO `contacts` VALUES (1,7,'O\\'Neil \\\"B\\\" \\\\',NULL,NULL),(2,7,0123,'u2',5);\nUNLOCK TABLES;\n",
        "utf-16",
    )
    assert detect(path).name == "monica"
    found = list(MonicaSource(path, latest=LATEST).records())
    assert [record.name for record in found if isinstance(record, Card)] == ['O\'Neil "B" \\', "0123"]
    assert not [record for record in found if isinstance(record, Problem)]


def test_people_of_another_account_deleted_ones_and_oneself_are_counted(tmp_path: Path) -> None:
    more = "deleted_at"
    found = read(
        tmp_path,
        people(f"{ADA},NULL", "2,7,'Me','','u2',0,NULL,NULL", "3,7,'Gone','','u3',0,NULL,'2020-01-01'", more=more),
        people("4,8,'Other','','u4',0,NULL,NULL", more=more),
        table("users", "id account_id me_contact_id", "1,7,2"),
    )
    assert card(found).name == "Ada Quill"
    assert [record.reason for record in found if isinstance(record, Counted)] == [
        "yourself", "deleted in Monica", "of another account in Monica",
    ]  # fmt: skip


def test_versions_before_2_have_dates_and_addresses_in_the_contact_itself(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        people(f"{ADA},'1980-02-03','exact','ada@example.org',06123456789",
               more="birthdate is_birthdate_approximate email phone_number"),
        table("activities", "id contact_id summary date_it_happened", "1,1,'Tea','2016-01-02'"),
        table("gifts", "id contact_id name has_been_offered", "1,1,'a book',1"),
    )  # fmt: skip
    ada = card(found)
    assert ada.dates == {"birthday": PartialDate(1980, 2, 3)}
    assert [handle.value for handle in ada.handles if handle.kind != "uid"] == ["ada@example.org", "06123456789"]
    assert {type(record) for record in found} == {Card, Exchange, Deed}


def test_a_contact_is_the_same_in_json_and_in_sql_and_in_a_later_export(tmp_path: Path) -> None:
    first = card(read(tmp_path, people(ADA)))
    assert first.handles[0].key == "monica:u1"
    old = people("1,7,'Ada','Quill',NULL,0,'2018-03-04 10:11:12'")
    assert card(read(tmp_path, old)).key == card(read(tmp_path, old.replace("Quill", "Quill-Berg"))).key


def test_more_than_fits_into_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monicasql, "LARGEST", 1_000)
    with pytest.raises(Invalid, match="of entries"):
        read(tmp_path, people(ADA), table("notes", "id contact_id body", *(f"{n},1,'x'" for n in range(30))))
