from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from kithbook.core.cards import (
    LEFT_OUT,
    MAX_MEDIA,
    UNREADABLE,
    Property,
    card_version,
    fold_line,
    logical_lines,
    parse_line,
    read_properties,
    split_value,
    stable_key,
    unescape,
    write_card,
)


def lines_of(text: str | bytes) -> list[str]:
    return logical_lines(text.encode() if isinstance(text, str) else text)


def only(text: str | bytes, version: str = "3.0") -> Property:
    data = text.encode() if isinstance(text, str) else text
    found = [
        item for item in read_properties(lines_of(f"VERSION:{version}\n".encode() + data)) if item.name != "VERSION"
    ]
    assert len(found) == 1, found
    return found[0]


def meaning(lines: list[str]) -> list[tuple[str, str, str]]:
    return [(item.group, item.name, item.text()) for item in read_properties(lines) if item.name != "VERSION"]


class TestUnfolding:
    def test_a_fold_takes_one_blank_or_tab_away(self) -> None:
        assert lines_of("NOTE:one\n  two\n\tthree") == ["NOTE:one twothree"]

    def test_a_fold_inside_a_utf8_character_does_no_harm(self) -> None:
        raw = "FN:Zoë".encode()
        assert lines_of(raw[:-1] + b"\n " + raw[-1:]) == ["FN:Zoë"]

    def test_a_quoted_printable_soft_break_joins_lines_without_a_blank(self) -> None:
        found = only("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=5A=6F=C3=AB=20=\n=4D=C3=BC\n", "2.1")
        assert found.text() == "Zoë Mü"

    def test_a_soft_break_keeps_the_words_of_the_next_line(self) -> None:
        found = only("LABEL;ENCODING=QUOTED-PRINTABLE:Hauptstr. 1=0D=0A=\nBerlin, 10115\n", "2.1")
        assert found.text() == "Hauptstr. 1\nBerlin, 10115"

    def test_a_stray_equals_sign_does_not_swallow_the_next_property(self) -> None:
        lines = lines_of("VERSION:2.1\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\nTEL;CELL:0151 2345678")
        assert lines[1:] == ["NOTE;ENCODING=QUOTED-PRINTABLE:a=", "TEL;CELL:0151 2345678"]

    def test_base64_that_was_not_indented_is_joined(self) -> None:
        lines = lines_of("PHOTO;ENCODING=BASE64;JPEG:\n/9j/4AAQ\nSkZJRgAB\n==\n\nFN:Ada")
        assert lines == ["PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgAB==", "FN:Ada"]

    def test_blanks_inside_base64_are_taken_out(self) -> None:
        body = "\n".join("  " + "A" * 60 for _ in range(3))
        assert lines_of(f"PHOTO;BASE64:\n{body}\nFN:Ada") == ["PHOTO;BASE64:" + "A" * 180, "FN:Ada"]

    def test_a_photo_over_the_limit_is_left_out_and_named(self) -> None:
        lines = lines_of(f"FN:Ada\nPHOTO;ENCODING=b:{'A' * MAX_MEDIA}\nNOTE:{'b' * (MAX_MEDIA + 5)}")
        assert lines[1] == f"{LEFT_OUT}:PHOTO of {MAX_MEDIA + 17} characters"
        assert len(lines[2]) == MAX_MEDIA + 10  # only media is left out, never words

    def test_a_line_of_a_note_that_was_not_folded_belongs_to_the_note(self) -> None:
        assert only("NOTE:first\nsecond line").text() == "first\nsecond line"

    def test_a_line_without_a_colon_stays_a_line_of_its_own(self) -> None:
        assert lines_of("FN:Ada\nX-GARBAGE no colon here\nTEL:1") == ["FN:Ada", "X-GARBAGE no colon here", "TEL:1"]

    def test_joining_many_lines_takes_linear_time(self) -> None:
        lines = lines_of("PHOTO;BASE64:\n" + "QUJD\n" * 200_000)
        assert lines == [f"{LEFT_OUT}:PHOTO of 800013 characters"]


class TestEncodings:
    def test_latin1_without_a_charset_is_read(self) -> None:
        assert only(b"FN:Zo\xeb M\xfcller").text() == "Zoë Müller"

    def test_each_line_is_decoded_by_itself(self) -> None:
        assert lines_of(b"FN:Zo\xeb\nNOTE:M\xc3\xbcller") == ["FN:Zoë", "NOTE:Müller"]

    def test_a_wrong_charset_gives_way_to_utf8(self) -> None:
        assert only("FN;CHARSET=ISO-8859-1:Zoë", "2.1").text() == "Zoë"

    def test_an_invented_charset_falls_back_to_cp1252(self) -> None:
        assert only(b"FN;CHARSET=X-OURS-8:Zo\xeb \x80", "2.1").text() == "Zoë €"

    def test_a_python_codec_is_no_charset(self) -> None:
        assert only("FN;CHARSET=rot13;ENCODING=QUOTED-PRINTABLE:Nqn", "2.1").text() == "Nqn"

    def test_a_right_charset_is_used_where_it_is_not_utf8(self) -> None:
        assert only("FN;CHARSET=SHIFT_JIS:山田".encode("shift_jis"), "2.1").text() == "山田"
        assert only(b"FN;CHARSET=ISO-2022-JP:" + "山田".encode("iso-2022-jp"), "2.1").text() == "山田"

    def test_quoted_printable_in_another_charset_is_decoded(self) -> None:
        assert only("FN;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=C0=ED=ED=E0", "2.1").text() == "Анна"
        assert only("FN;ENCODING=QUOTED-PRINTABLE:Zo=EB", "2.1").text() == "Zoë"

    def test_utf8_with_a_character_cut_off_is_still_utf8(self) -> None:
        assert (
            only("ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + "=C3=91" * 6 + "=C3", "2.1")
            .text()
            .startswith("ÑÑÑÑÑÑ")
        )


class TestParts:
    def test_group_name_and_parameters_are_taken_apart(self) -> None:
        found = parse_line("item1.Email;type=INTERNET;type=pref:zoe@brot.example")
        assert found is not None
        assert (found.group, found.name, found.types) == ("item1", "EMAIL", ("internet", "pref"))
        assert found.value == "zoe@brot.example"

    def test_bare_parameters_of_2_1_get_names(self) -> None:
        found = parse_line("PHOTO;ENCODING=BASE64;JPEG;URL:x")
        assert found is not None
        assert found.params == (("ENCODING", "BASE64"), ("TYPE", "JPEG"), ("VALUE", "URL"))
        assert found.encoding == "base64"

    def test_quoted_parameters_may_hold_colons_and_semicolons(self) -> None:
        found = parse_line('X-KEEP;X-P="a:b;c";TYPE="voice,cell":raw:value')
        assert found is not None
        assert found.param("X-P") == "a:b;c"
        assert found.types == ("voice", "cell")
        assert found.value == "raw:value"

    def test_a_quote_that_never_closes_costs_only_the_parameters(self) -> None:
        found = parse_line('TEL;TYPE="home:123')
        assert found is not None
        assert (found.name, found.value) == ("TEL", "123")

    def test_carets_in_parameters_are_undone(self) -> None:
        found = parse_line("ADR;LABEL=one^ntwo^'q^':;;;;;;")
        assert found is not None
        assert found.param("LABEL") == 'one\ntwo"q"'

    def test_what_is_no_property_gives_none(self) -> None:
        for line in ("no colon", ":value", "two words:value", "größe:1", ""):
            assert parse_line(line) is None, line

    def test_names_may_be_lower_case_and_empty_parameters_are_ignored(self) -> None:
        found = parse_line("tel;TYPE=;;:123")
        assert found is not None
        assert (found.name, found.types, found.value) == ("TEL", (), "123")


class TestEscapes:
    def test_escapes_are_undone_in_3_0(self) -> None:
        assert unescape(r"commas\, semicolons\; and\nlines\\n \q") == "commas, semicolons; and\nlines\\n \\q"

    def test_a_backslash_is_a_letter_in_2_1(self) -> None:
        assert unescape(r"C:\new\; folder", old=True) == r"C:\new; folder"
        assert only(r"NOTE:C:\new", "2.1").text() == r"C:\new"

    def test_fields_are_split_at_unescaped_separators_only(self) -> None:
        assert split_value(r"a\;b;c\\;d", ";") == [r"a\;b", r"c\\", "d"]
        assert only(r"ORG:Works\; Inc.;Sales").fields() == ["Works; Inc.", "Sales"]

    def test_a_comma_needs_no_escape_in_2_1(self) -> None:
        assert only("ORG:Company, The;Sales", "2.1").fields() == ["Company, The", "Sales"]

    def test_semicolons_are_split_before_quoted_printable_is_decoded(self) -> None:
        assert only("N;ENCODING=QUOTED-PRINTABLE:a=3Bb;c", "2.1").fields() == ["a;b", "c"]


class TestVersionsAndNesting:
    def test_an_unknown_or_missing_version_is_read_as_3_0(self) -> None:
        assert card_version(["version:2.1"]) == "2.1"
        assert card_version(["VERSION:4.0"]) == "4.0"
        assert card_version(["VERSION:9"]) == card_version([]) == "3.0"

    def test_a_nested_agent_card_is_not_mixed_with_its_owner(self) -> None:
        lines = lines_of("VERSION:2.1\nFN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\nTEL:1234567")
        assert [(item.name, item.value) for item in read_properties(lines)] == [
            ("VERSION", "2.1"), ("FN", "Boss"), ("AGENT", ""), ("TEL", "1234567"),
        ]  # fmt: skip


class TestWriting:
    def test_unknown_properties_are_written_back_as_they_were(self) -> None:
        line = 'X-KEEP;X-P="a:b;c":raw'
        assert write_card(["VERSION:4.0", "FN:Ada", line]) == (
            f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\n{line}\r\nEND:VCARD\r\n"
        )

    def test_2_1_is_written_as_3_0_with_the_same_meaning(self) -> None:
        old = ["VERSION:2.1", "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC;Zo=C3=AB, A.", "TEL;CELL;PREF:0151"]
        written = write_card(old)
        assert written == (
            "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Mü;Zoë\\, A.\r\nTEL;TYPE=CELL;TYPE=PREF:0151\r\nEND:VCARD\r\n"
        )

    def test_lines_are_folded_at_75_octets_and_never_inside_a_character(self) -> None:
        folded = fold_line("NOTE:" + "ë" * 200)
        parts = folded.split("\r\n")
        assert all(len(part.encode()) <= 75 for part in parts)
        assert "".join([parts[0], *(part[1:] for part in parts[1:])]) == "NOTE:" + "ë" * 200

    def test_a_nested_card_becomes_the_text_of_agent(self) -> None:
        written = write_card(["VERSION:2.1", "FN:Boss", "AGENT:", "BEGIN:VCARD", "FN:Agent, A", "END:VCARD", "TEL:12"])
        assert "AGENT:BEGIN:VCARD\\nFN:Agent\\, A\\nEND:VCARD\\n\r\nTEL:12\r\n" in written

    def test_a_line_that_is_no_property_is_kept_under_a_name_of_ours(self) -> None:
        written = write_card(["FN:Ada", "X-GARBAGE no colon, here"])
        assert f"{UNREADABLE}:X-GARBAGE no colon\\, here\r\n" in written

    def test_base64_of_2_1_is_named_in_the_newer_way(self) -> None:
        assert "PHOTO;ENCODING=b;TYPE=JPEG:QUJD\r\n" in write_card(["VERSION:2.1", "PHOTO;ENCODING=BASE64;JPEG:QUJD"])


@given(st.binary(max_size=400))
@example(b"N;ENCODING=QUOTED-PRINTABLE:=\n=\n")
@example(b"AGENT:\nBEGIN:VCARD\nBEGIN:VCARD")
@example(b"FN;CHARSET=utf-16;ENCODING=QUOTED-PRINTABLE:a")
def test_any_bytes_are_read_and_written_without_an_error(data: bytes) -> None:
    lines = logical_lines(data)
    for item in read_properties(lines):
        assert isinstance(item.text(), str)
        assert item.fields()
    assert write_card(lines).endswith("END:VCARD\r\n")


names = st.sampled_from(["FN", "N", "NOTE", "ORG", "X-Thing", "item1.TEL", "ADR", "CATEGORIES", "URL"])
params = st.sampled_from(
    ["", ";HOME", ";TYPE=work,cell", ';X-P="a:b;c"', ";ENCODING=QUOTED-PRINTABLE", ";CHARSET=UTF-8"]
)
values = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=120)
lines = st.builds(lambda name, param, value: f"{name}{param}:{value}", names, params, values)


@given(st.sampled_from(["2.1", "3.0", "4.0"]), st.lists(lines, max_size=8))
def test_writing_and_reading_again_keeps_every_property(version: str, body: list[str]) -> None:
    # A final "=" of a quoted-printable line would be a soft break.
    body = [line.rstrip("= ") + "." for line in body]
    before = [f"VERSION:{version}", *body]
    written = write_card(before)
    after = logical_lines(
        written.replace("\r\n", "\n").removeprefix("BEGIN:VCARD\n").removesuffix("END:VCARD\n").encode()
    )
    assert meaning(after) == meaning(before)
    assert write_card(after) == written


def test_keys_are_stable_positive_and_depend_on_every_part() -> None:
    assert stable_key("vcard", "uid", "1") == 7640303914029611838
    assert len({stable_key("a", "b"), stable_key("ab"), stable_key("b", "a"), stable_key("a", "b", "")}) == 4
    assert all(0 < stable_key(str(number)) < 1 << 63 for number in range(1000))
