"""The months that a data set needs, where tables are partitioned by month."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection

from mlb_perf.dataset.columns import COLUMNS
from mlb_perf.dataset.market.calendar import Game
from mlb_perf.errors import DatasetRefused, PartitionFailed
from mlb_perf.partitions import ensure

DAYS_BEFORE = 8
"""The schedule names a game a week before its start."""


def _last_day(game: Game) -> dt.date:
    """The day of its start, which is later than its date where it was postponed."""
    return max(game.date, dt.datetime.fromtimestamp(game.start, dt.UTC).date())


def ensure_partitions(connection: Connection, games: list[Game], until: dt.date) -> None:
    """Make the months of the data set that a partitioned table lacks, in the open transaction.

    A plain table needs none, and neither does one that is partitioned by
    something else. Raises :class:`~mlb_perf.errors.DatasetRefused` where one
    cannot be made.
    """
    first = min(game.date for game in games) - dt.timedelta(days=DAYS_BEFORE)
    last = max(until, max(_last_day(game) for game in games))
    for table in COLUMNS:
        try:
            ensure(connection, table, first, last)
        except PartitionFailed as error:
            raise DatasetRefused(f"nothing was written: {error}") from error
