"""Writes ONIX for Books 3.0, the product records that booksellers and libraries exchange.

In: a publication and its editions. Out: one ONIX message, as XML, with a product for each edition.
"""

from __future__ import annotations

from bifolio.onix.message import onix_message

__all__ = ["onix_message"]
