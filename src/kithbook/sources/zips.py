"""Zip files from outside: opened, searched and read with limits, never trusted."""

from __future__ import annotations

import errno
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from kithbook.core.errors import Invalid

MAX_MEMBER = 200 << 20
"""A member that unpacks to more bytes than this is refused where it is read without unpacking to disk."""

_AGAIN = "Download it again; a download that stopped half-way is the usual cause."
_MAX_MEMBERS = 200_000


class DamagedZip(OSError):
    """The bytes of a member cannot be unpacked."""


@contextmanager
def open_zip(file: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip; raises Invalid with a hint where it is broken."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, EOFError, NotImplementedError, UnicodeDecodeError):
        raise Invalid(f"{name} is a broken zip file.", _AGAIN) from None
    with archive:
        if len(archive.infolist()) > _MAX_MEMBERS:
            raise Invalid(f"{name} has more than {_MAX_MEMBERS} files in it.", "Unpack it and give the folder.")
        yield archive


def find_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo | None:
    """The member with this file name in whatever folder, the shallowest if there are several."""
    wanted = name.lower()
    found = [info for info in archive.infolist() if base_name(info).lower() == wanted and not info.is_dir()]
    return min(found, key=lambda info: (info.filename.count("/"), len(info.filename)), default=None)


def base_name(info: zipfile.ZipInfo) -> str:
    """The last part of a member's path, whatever slash its writer used."""
    return info.filename.replace("\\", "/").rpartition("/")[2]


class _Bounded(io.RawIOBase):
    """A member's bytes. A damaged stream becomes DamagedZip, so that readers need to know one kind of failure."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with what comes next."""
        try:
            data = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise DamagedZip(errno.EIO, f"the zip is damaged ({error})") from None
        self._left -= len(data)
        if self._left < 0:
            raise DamagedZip(errno.EFBIG, "the zip holds more than it says")
        buffer[: len(data)] = data
        return len(data)


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, limit: int = MAX_MEMBER) -> BinaryIO:
    """A member as a stream that is unpacked while it is read.

    Raises Invalid where it is larger than `limit` bytes, locked by a password or packed in a way that is not known.
    Reading raises DamagedZip where the data are damaged.
    """
    name = base_name(member)
    if member.file_size > limit:
        raise Invalid(
            f"{name} in the zip would unpack to {member.file_size >> 20} MB; at most {limit >> 20} MB are read.",
            "A real export is far smaller. If you trust this one, unpack it and give the file.",
        )
    try:
        stream = archive.open(member)
    except RuntimeError:  # also NotImplementedError: zipfile's ways to say "encrypted" and "unknown method"
        reason = "is locked by a password" if member.flag_bits & 1 else "is packed in a way that is not known here"
        raise Invalid(f"{name} in the zip {reason}.", "Unpack it and give the file.") from None
    except (zipfile.BadZipFile, ValueError, EOFError, OSError):
        raise Invalid(f"{name} in the zip is broken.", _AGAIN) from None
    return io.BufferedReader(_Bounded(stream, limit), 1 << 16)  # type: ignore[arg-type]
