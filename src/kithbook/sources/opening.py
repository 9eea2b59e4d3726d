"""Opens files with the program's own errors in place of the system's."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from kithbook.core.errors import NotFound, Unavailable


@contextlib.contextmanager
def told_plainly(path: str | os.PathLike[str]) -> Iterator[None]:
    """Turn what the system says about opening `path` into NotFound or Unavailable."""
    name = os.path.basename(os.fspath(path)) or os.fspath(path)  # noqa: PTH119 - sources keep paths as plain text
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"There is no file or folder {path}.", "Check the spelling and the folder you are in.") from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or "its name is not a file name"
        raise Unavailable(f"{name} cannot be read: {reason}.", "Check who may read it.") from error
