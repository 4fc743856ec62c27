"""The months that a data set needs, where tables are partitioned by month."""

from __future__ import annotations

from sqlalchemy import Connection

from mlb_perf.bench.dataset.calendar import Game


def ensure_partitions(connection: Connection, games: list[Game], until: int) -> None:
    """Nothing is to be done for plain tables."""
    assert connection
    assert games
    assert until
