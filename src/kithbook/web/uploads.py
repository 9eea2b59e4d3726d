"""Files that the browser sent, until their import is over: in the data folder, under a name nobody can guess."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kithbook.core.errors import NotFound, Unavailable

KEPT_SECONDS = 24 * 3600
LONGEST_NAME = 120
_TOKEN = re.compile(r"[0-9a-f]{32}")


def folder() -> Path:
    """Where uploads wait; on the disk of the data, so that moving a big one costs nothing."""
    path = Path(settings.HOME) / "uploads"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def keep(files: Sequence[UploadedFile[bytes]]) -> str:
    """Move the files into a folder of their own and give its token. Forgotten ones of days before are removed."""
    sweep(time.time() - KEPT_SECONDS)
    token = secrets.token_hex(16)
    try:
        place = folder() / token
        place.mkdir(mode=0o700)
        if len(files) > 1:
            # Reports name what was read, so the folder of several files has a name for people.
            place /= ngettext("%(n)d file", "%(n)d files", len(files)) % {"n": len(files)}
            place.mkdir(mode=0o700)
        taken: set[str] = set()
        for number, file in enumerate(files, 1):
            name = _name(file.name or "")
            # Each keeps its own name, which reports tell; of equal ones the later lie in folders of their own.
            folder_of_it = place if name.casefold() not in taken else place / f"({number})"
            folder_of_it.mkdir(mode=0o700, exist_ok=True)
            taken.add(name.casefold())
            _store(file, folder_of_it / name)
    except OSError as error:
        raise Unavailable(
            _("The file could not be kept: %(why)s.") % {"why": error.strerror},
            _("Make room on the disk of the data folder, then try again."),
        ) from error
    return token


def _store(file: UploadedFile[bytes], target: Path) -> None:
    where = getattr(file, "temporary_file_path", None)
    if where is not None:
        shutil.move(where(), target)
        file.close()
        return
    with target.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)


def _name(sent: str) -> str:
    """The file's own name without anything that could lead elsewhere."""
    plain = re.sub(r"[^\w.\- ()+@]", "_", Path(sent.replace("\\", "/")).name).lstrip(".") or "file"
    return plain[-LONGEST_NAME:]


def kept(token: str) -> Path:
    """The file of a token, or the folder of its several files; raises NotFound where they are gone."""
    place = _place(token)
    found = sorted(place.iterdir()) if place.is_dir() else []
    if not found:
        raise _gone()
    return found[0]


def drop(token: str) -> None:
    """Remove the files of a token, if they are still there: the mails themselves are not kept."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(folder() / token, ignore_errors=True)


def sweep(before: float) -> None:
    """Remove what was left from before that moment (epoch seconds), broken uploads included."""
    for place in folder().iterdir():
        if place.stat().st_mtime >= before:
            continue
        if _TOKEN.fullmatch(place.name):
            shutil.rmtree(place, ignore_errors=True)
        elif ".upload" in place.suffixes:
            place.unlink(missing_ok=True)


def _gone() -> NotFound:
    return NotFound(_("The file is no longer here."), _("Choose it again."))


def _place(token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise _gone()
    return folder() / token
