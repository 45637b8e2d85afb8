"""`python -m bifolio` and the command `bifolio`."""

from __future__ import annotations

from bifolio.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
