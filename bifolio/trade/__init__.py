"""Books made for sale: what a vendor who prints them wants, from a Publication."""

from __future__ import annotations

from bifolio.trade.printing import Job, job, make_for_print

__all__ = ["Job", "job", "make_for_print"]
