"""The modification date of an edition, from the environment or the metadata and never from the clock."""

from __future__ import annotations

import datetime
import os

from bifolio.model.errors import UsageError
from bifolio.model.publication import Metadata


def modification_date(metadata: Metadata) -> datetime.datetime:
    """Return the time in SOURCE_DATE_EPOCH, else midnight UTC of the date in *metadata*.

    Raises UsageError if SOURCE_DATE_EPOCH is not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        try:
            return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise UsageError(f"SOURCE_DATE_EPOCH is not a number of seconds: {epoch!r}.") from error
    date = metadata.modified or metadata.date or "2000"
    year, month, day = ([int(part) for part in date.split("-")] + [1, 1])[:3]
    return datetime.datetime(year, month, day, tzinfo=datetime.UTC)
