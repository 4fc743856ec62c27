"""The months that a data set needs, where tables are partitioned by month."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.bench.dataset.calendar import Game
from mlb_perf.bench.dataset.tables import COLUMNS
from mlb_perf.errors import DatasetRefused

DAYS_BEFORE = 8
"""The schedule names a game a week before its start."""


def _last_day(game: Game) -> dt.date:
    """The day of its start, which is later than its date where it was postponed."""
    return max(game.date, dt.datetime.fromtimestamp(game.start, dt.UTC).date())


def ensure_partitions(connection: Connection, games: list[Game], until: dt.date) -> None:
    """Raise :class:`DatasetRefused` if a partitioned table lacks a month of the data set.

    A plain table needs none, and neither does one that is partitioned by something else.
    """
    values = {
        "first": min(game.date for game in games) - dt.timedelta(days=DAYS_BEFORE),
        "last": max(until, max(_last_day(game) for game in games)),
        "tables": list(COLUMNS),
    }
    missing = connection.execute(text(sql.read("dataset/missing_months.sql")), values).all()
    if missing:
        raise DatasetRefused(_named([(row.table_name, row.month) for row in missing]))


def _named(missing: list[tuple[str, str]]) -> str:
    table = missing[0][0]
    months = [month for name, month in missing if name == table]
    others = len({name for name, _ in missing}) - 1
    rest = f", and {others} other tables lack months" if others else ""
    return (
        f"there is no partition for {table} {', '.join(months)}{rest}; make them with "
        f"`mlb-perf partitions apply {table} --from {months[0]} --to {months[-1]}`"
    )
