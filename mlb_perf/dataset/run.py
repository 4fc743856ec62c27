"""A whole data set: what belongs to no game, the games side by side, and what is summed up."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import URL, Connection, Engine, text

from mlb_perf import sql
from mlb_perf.dataset import copying, state
from mlb_perf.dataset.columns import COLUMNS
from mlb_perf.dataset.game import Settings
from mlb_perf.dataset.market import calendar
from mlb_perf.dataset.market.calendar import Game
from mlb_perf.dataset.market.moments import DAY, start_of
from mlb_perf.dataset.partitions import ensure_partitions
from mlb_perf.dataset.reference import read_reference
from mlb_perf.dataset.story import IDS_A_GAME
from mlb_perf.dataset.tiers import shared
from mlb_perf.dataset.workers import side_by_side
from mlb_perf.engine import connect, migration_engine
from mlb_perf.settings import parse_url

UNTIL = dt.date(2026, 9, 25)
STAGING_DAYS = 3
WORKERS = 1
BATCH_GAMES = 10

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is done, and of how much."""


@dataclass(frozen=True)
class DatasetReport:
    """What was written: games and raw rows of this run, and its seconds."""

    games: int
    raw_rows: int
    seconds: float


def generate(
    target: Engine | URL | str,
    scale: float = 1.0,
    seed: int = 1,
    *,
    until: dt.date = UNTIL,
    staging_days: int = STAGING_DAYS,
    workers: int = WORKERS,
    batch_games: int = BATCH_GAMES,
    progress: Progress | None = None,
) -> DatasetReport:
    """Fill all tiers of an empty database with ``scale`` seasons of games.

    The data end with the day ``until``, in UTC. Of games that started more than ``staging_days``
    before, staging keeps the first and the last quote of each run. The rows depend on ``scale``,
    ``seed``, ``until`` and ``staging_days`` alone. ``batch_games`` games are a transaction; who
    calls it again after it was interrupted goes on with the games that are missing.

    Raises :class:`~mlb_perf.errors.DatasetRefused` where there are rows of anything else, and
    :class:`~mlb_perf.errors.DatasetFailed`.
    """
    started = time.monotonic()
    url = target.url if isinstance(target, Engine) else parse_url(target, "the target")
    tell = progress or (lambda _what, _done, _of: None)
    midnight = start_of(until) + DAY
    settings = Settings(seed, midnight, midnight - staging_days * DAY)
    details = {
        "scale": f"{scale:g}", "seed": str(seed), "until": until.isoformat(),
        "staging_days": str(staging_days),
    }  # fmt: skip
    engine = migration_engine(url, {"timezone": "UTC"})
    with connect(engine) as connection, connection.begin():
        reference = read_reference(connection)
        games = calendar.games(seed, scale, until, reference.teams)
        ensure_partitions(connection, games, until)
        missing = _begin(connection, settings, games, details)
    batches = [missing[n : n + batch_games] for n in range(0, len(missing), batch_games)]
    done, rows = len(games) - len(missing), 0
    seasons = sorted({game.season for game in games})
    for count, raw_rows in side_by_side(workers, batches, url, settings, reference, seasons):
        done, rows = done + count, rows + raw_rows
        tell("games", done, len(games))
    tell("sums", 0, 1)
    _finish(engine)
    return DatasetReport(len(missing), rows, time.monotonic() - started)


def _begin(
    connection: Connection, settings: Settings, games: list[Game], details: dict[str, str]
) -> list[Game]:
    """The games that are to be written; the rows of no game with the note that it has begun.

    The sequences go on after all ids of the data set, so that an interrupted one can be used.
    """
    if not state.begin(connection, details):
        copying.write(connection, shared.rows(settings.seed, games, settings.until))
        _set_sequences(connection, (max(game.number for game in games) + 1) * IDS_A_GAME)
        return games
    there = state.games_there(connection)
    return [game for game in games if game.number not in there]


_SUMS = ("log_runs", "measure_quality", "total_backtests", "measure_models")


def _finish(engine: Engine) -> None:
    with connect(engine) as connection:
        with connection.begin():
            for name in _SUMS:
                connection.execute(text(sql.read(f"dataset/{name}.sql")))
            _set_sequences(connection)
            state.finish(connection)
        connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in connection.execute(text(sql.read("dataset/occupied.sql"))).scalars().all():
            connection.execute(text(f"ANALYZE {table}"))


def _set_sequences(connection: Connection, at_least: int | None = None) -> None:
    """Each goes on after the highest id of its column; those of the games, after ``at_least``."""
    for row in connection.execute(text(sql.read("dataset/set_sequences.sql"))).all():
        last = f"greatest(max({row.column_name}), CAST(:at_least AS bigint))"
        connection.execute(
            text(
                f"SELECT setval('{row.sequence_name}', {last})"  # noqa: S608
                f" FROM {row.table_name} HAVING {last} IS NOT NULL"
            ),
            {"at_least": at_least if row.table_name in COLUMNS else None},
        )
