"""Editions to the record that the book trade reads of them: ONIX for Books 3.0."""

from __future__ import annotations

from bifolio.onix.message import onix_message

__all__ = ["onix_message"]
