"""`python -m kithbook.mcp [--allow-writes]`: the same as `kith mcp`."""

from __future__ import annotations

import argparse
import sys

from kithbook.core.errors import KithbookError
from kithbook.mcp.server import run


def main() -> int:
    """Serve; 1 and one line on standard error where that is not possible."""
    parser = argparse.ArgumentParser(prog="python -m kithbook.mcp", description="Tools for an assistant, over stdio.")
    parser.add_argument("--allow-writes", action="store_true", help="also offer the tools that change something")
    try:
        run(allow_writes=parser.parse_args().allow_writes)
    except KithbookError as error:
        sys.stderr.write(f"{error.told}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
