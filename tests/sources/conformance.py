"""What every source promises, as tests that the test class of each source inherits."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithbook.core.errors import KithbookError
from kithbook.core.records import Card, Counted, Deed, Exchange, Mail, Problem, Remark
from kithbook.sources.base import Record, Source


def read_all(source: Source) -> list[Record]:
    """All records; a KithbookError is allowed only in place of the first one, and then gives none."""
    records: list[Record] = []
    try:
        for record in source.records():
            records.append(record)  # noqa: PERF402  the list must survive an error half-way
    except KithbookError as error:
        refusal = error
    else:
        return records
    assert not records, f"{refusal!r} after {len(records)} records"
    assert refusal.message
    return records


def keys_of(records: list[Record]) -> list[int]:
    return [record.key for record in records if isinstance(record, Mail | Card | Exchange | Deed | Remark)]


class SourceConformance:
    """Inherit, say how the source is made, and get the tests."""

    kind = ""
    expected: dict[str, int] = {}  # noqa: RUF012  replaced by each class, never changed

    def make(self, folder: Path) -> Source:
        """A source with several good records and what else `expected` counts."""
        raise NotImplementedError

    def make_reversed(self, folder: Path) -> Source:
        """The same records in the opposite order."""
        raise NotImplementedError

    def make_long(self, folder: Path, count: int) -> Source:
        """A source of `count` good records, all different."""
        raise NotImplementedError

    def test_a_second_reading_gives_the_same_records(self, tmp_path: Path) -> None:
        source = self.make(tmp_path)
        first = list(source.records())
        assert first
        assert first == list(source.records())

    def test_the_kind_and_the_path_are_told(self, tmp_path: Path) -> None:
        source = self.make(tmp_path)
        assert source.kind == self.kind
        assert source.path

    def test_every_record_is_of_a_known_type_and_the_counts_add_up(self, tmp_path: Path) -> None:
        counts = Counter(type(record).__name__ for record in self.make(tmp_path).records())
        assert counts == self.expected
        assert set(counts) <= {"Mail", "Card", "Exchange", "Deed", "Remark", "Counted", "Problem"}

    def test_keys_are_positive_fit_in_63_bits_and_differ(self, tmp_path: Path) -> None:
        keys = keys_of(list(self.make(tmp_path).records()))
        assert all(0 < key < 1 << 63 for key in keys)
        assert len(set(keys)) == len(keys)

    def test_keys_do_not_depend_on_the_order_of_the_records(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        forward = keys_of(list(self.make(tmp_path / "a").records()))
        assert sorted(forward) == sorted(keys_of(list(self.make_reversed(tmp_path / "b").records())))

    def test_problems_and_counted_records_say_where_and_why(self, tmp_path: Path) -> None:
        for record in self.make(tmp_path).records():
            if isinstance(record, Problem):
                assert record.where
                assert record.what.strip()
            if isinstance(record, Counted):
                assert record.reason

    def test_progress_only_goes_forward_and_stays_within_the_whole(self, tmp_path: Path) -> None:
        seen: list[tuple[int, int]] = []
        list(self.make(tmp_path).records(progress=lambda done, total: seen.append((done, total))))
        assert seen
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)
        assert all(0 <= done <= total for done, total in seen)


class FileConformance(SourceConformance):
    """For sources that are one file: `prefix`, then pieces of bytes, each one record."""

    name = "file"
    prefix = b""
    extras: tuple[bytes, ...] = ()

    def piece(self, number: int) -> bytes:
        """The bytes of one good record, different for each number."""
        raise NotImplementedError

    def open(self, path: Path) -> Source:
        """The source for this path."""
        raise NotImplementedError

    def pieces(self) -> list[bytes]:
        return [*(self.piece(number) for number in range(3)), *self.extras]

    def write(self, folder: Path, content: bytes) -> Source:
        path = folder / self.name
        path.write_bytes(content)
        return self.open(path)

    def make(self, folder: Path) -> Source:
        return self.write(folder, self.prefix + b"".join(self.pieces()))

    def make_reversed(self, folder: Path) -> Source:
        return self.write(folder, self.prefix + b"".join(reversed(self.pieces())))

    def make_long(self, folder: Path, count: int) -> Source:
        return self.write(folder, self.prefix + b"".join(map(self.piece, range(count))))

    def test_a_file_cut_off_at_any_byte_gives_problems_not_exceptions(self, tmp_path: Path) -> None:
        whole = self.prefix + b"".join(self.pieces())
        most = len(read_all(self.write(tmp_path, whole)))
        for length in range(len(whole)):
            # A cut record may count twice: as far as it goes, and as a Problem.
            assert len(read_all(self.write(tmp_path, whole[:length]))) <= most + 1

    def test_an_empty_file_gives_no_record_of_anybody(self, tmp_path: Path) -> None:
        assert not keys_of(read_all(self.write(tmp_path, b"")))

    def test_memory_does_not_grow_with_the_file(self, tmp_path: Path) -> None:
        peaks = []
        for count in (300, 4000):
            source = self.make_long(tmp_path, count)
            tracemalloc.start()
            found = sum(1 for record in source.records() if not isinstance(record, Problem))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            assert found == count
        # Windows, caches of heads and addresses fill up to a bound; the records themselves must not be kept.
        assert peaks[1] < peaks[0] + 4_000_000

    def test_any_bytes_anywhere_never_raise(self, tmp_path: Path) -> None:
        whole = self.prefix + b"".join(self.pieces())

        @settings(max_examples=60, database=None)
        @given(noise=st.binary(max_size=300), place=st.integers(0, len(whole)))
        def check(noise: bytes, place: int) -> None:
            read_all(self.write(tmp_path, noise))
            read_all(self.write(tmp_path, whole[:place] + noise + whole[place:]))

        check()

    def test_a_missing_file_is_one_clear_error(self, tmp_path: Path) -> None:
        with pytest.raises(KithbookError):
            list(self.open(tmp_path / "missing").records())
