"""Runs `bifolio`, also as `python -m bifolio`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from bifolio import cli


def main() -> None:
    """Run the command line and exit at once, without freeing each object."""
    try:
        cli.main()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    with suppress(OSError):  # a closed pipe; Python reports it in `sys.exit` below
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
