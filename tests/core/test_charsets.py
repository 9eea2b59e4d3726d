"""Old encodings are told by their bytes; Western text is never taken for another."""

from __future__ import annotations

import pytest

from kithbook.core.charsets import guess_charset


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("cp1251", "Имя,Отчество,Фамилия,Организация"), ("cp1251", "Иван,Петров,ООО Ромашка"),
        ("cp1253", "Γιώργος,Παπαδόπουλος"), ("cp932", "名,姓,会社名"), ("cp932", "山田,太郎,株式会社サンプル"),
        ("cp932", "兵衛,名無し"), ("cp950", "陳,大文,測試公司"), ("cp949", "김,철수,주식회사 삼성"),
        ("gb18030", "王,二狗,北京大学"), ("cp1250", "Paweł,Wiśniewski"), ("cp1250", "Małgorzata"),
        ("cp1251", "Віталій Кличко, Київ"), ("cp1251", "Євген Їжак, Ґудзь"), ("cp1251", "Аляксандр Ўладзіміравіч"),
        ("cp1250", "Piotr Gdański"), ("cp1250", "Jiří Dvořák"), ("cp1250", "Luka Kovačić"), ("cp1250", "Zdeněk Černý"),
        ("cp1254", "Şahin Yılmaz, Erdoğan"), ("cp1254", "İbrahim Işık"), ("cp1255", "דוד כהן, שרה לוי"),
        ("cp1255", "ירושלים"),
    ],
)  # fmt: skip
def test_an_encoding_is_told_by_its_bytes(charset: str, text: str) -> None:
    assert guess_charset(text.encode(charset)) == charset


@pytest.mark.parametrize(
    "text",
    ["Müller,Jörg,Straße", "Zoë,Élodie,Françoise", "José Ñáñez", "Smørrebrød åå æøå", "Sääksjärvi,Määttä,Hääyö", "Ünal",
     "“quoted” – text", "plain", "", "ÀÉÈÙ ÄÖÜ ÀÉÈÙ", "são João, maçãs, põe", "Guðrún Þórðardóttir, Sýslumaður",
     "España, Ibañez, Muñiz", "Tõnu Jõgi", "Søren Kjærgård", "Città, così, più", "Bjørn Ødegård", "Müller ß §"],
)  # fmt: skip
def test_western_text_is_left_alone(text: str) -> None:
    assert guess_charset(text.encode("cp1252")) == ""
