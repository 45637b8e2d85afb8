"""`python -m bifolio` and the command `bifolio`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from bifolio import cli


def main() -> None:
    """Run the command line, and end at once: what it has made need not be taken apart piece by piece."""
    try:
        cli.main()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    with suppress(OSError):  # a reader that has gone; Python itself says so, below
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
