"""A whole promotion: games, then rows, then the curated tables, until nothing is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import URL, Connection

from mlb_perf import sql
from mlb_perf.pipeline.load.missing_months import with_months
from mlb_perf.pipeline.promote.curate import Curated, Thresholds, curate_batch
from mlb_perf.pipeline.promote.log import logged_run
from mlb_perf.pipeline.promote.session import promoting
from mlb_perf.pipeline.promote.stage import Staged, resolve_games, stage_batch
from mlb_perf.pipeline.promote.tables import RAW_TABLES

BATCH_ROWS = 2000
BATCH_GAMES = 50

Progress = Callable[[str, int], None]
Done = TypeVar("Done")


@dataclass(frozen=True)
class PromoteReport:
    """What one promotion did.

    ``rows`` are raw rows: ``promoted`` gave a quote or a split or named a known game,
    ``rows_rejected`` gave rejections alone, and the other ``rows_not_offered`` held no price and
    no split. ``quotes`` and ``splits`` are those written; ``rejected`` parts of rows went to
    ``staging.rejected_records``, ``not_offered`` ones were empty. ``games`` were brought up to
    date (a game that had news twice counts twice), ``parked`` ones were refused by the server and
    wait in ``performance_monitoring.parked_games``. ``seconds``: how long it took.
    """

    rows: int
    promoted: int
    rows_rejected: int
    quotes: int
    splits: int
    rejected: int
    not_offered: int
    games: int
    parked: int
    seconds: float

    @property
    def rows_not_offered(self) -> int:
        """Raw rows that held no price and no split."""
        return self.rows - self.promoted - self.rows_rejected


def promote(
    url: URL,
    *,
    workers: int = 1,
    batch_rows: int = BATCH_ROWS,
    batch_games: int = BATCH_GAMES,
    thresholds: Thresholds | None = None,
    progress: Progress | None = None,
) -> PromoteReport:
    """Promote every hot row of ``raw_data``, by ``workers`` sessions side by side.

    Each batch is one transaction, claimed with ``FOR UPDATE SKIP LOCKED``: a
    worker that is killed leaves its batch hot, and several processes may
    promote at once. What the server refuses for its data is found by halves: such a row is
    rejected with the server's reason, and such a game is parked; the rest goes on. A month that a
    table lacks is made. Raises :class:`~mlb_perf.errors.PartitionMissing` where the role may not
    make it, and :class:`sqlalchemy.exc.DBAPIError` for what is not about the data.
    """
    started = time.monotonic()
    staged, curated = Staged(), Curated()
    tell = progress or (lambda _what, _count: None)
    limits = thresholds or Thresholds()
    with logged_run(url) as log, ExitStack() as stack:
        sessions = [stack.enter_context(promoting(url)) for _ in range(workers)]
        while True:
            now_staged, now_curated = _round(sessions, batch_rows, batch_games, limits, tell)
            staged += now_staged
            curated += now_curated
            if not now_staged.rows and now_curated == Curated():
                break
        log.finish(staged, curated)
    return PromoteReport(**asdict(staged), **asdict(curated), seconds=time.monotonic() - started)


def retry_rejected(connection: Connection) -> int:
    """Make the raw rows of standing rejections hot again; how many. Parked games are tried, too.

    For when an alias was added: the next promotion resolves what it can, and
    counts an attempt for the rest.
    """
    connection.exec_driver_sql(sql.read("pipeline/promote/unpark.sql"))
    return sum(
        connection.exec_driver_sql(
            sql.read("pipeline/promote/retry.sql").replace("{table}", table.name)
        ).rowcount
        for table in RAW_TABLES
    )


def _round(
    sessions: Sequence[Connection],
    batch_rows: int,
    batch_games: int,
    limits: Thresholds,
    tell: Progress,
) -> tuple[Staged, Curated]:
    """Games, rows and curated tables once; a round that finds nothing is the last."""
    with_months(sessions[0], partial(resolve_games, sessions[0]))
    staged = _side_by_side(sessions, lambda session: _stage_all(session, batch_rows, tell))
    curated = _side_by_side(
        sessions, lambda session: _curate_all(session, limits, batch_games, tell)
    )
    return sum(staged, Staged()), sum(curated, Curated())


def _side_by_side(
    sessions: Sequence[Connection], work: Callable[[Connection], Done]
) -> Sequence[Done]:
    if len(sessions) == 1:
        return [work(sessions[0])]
    with ThreadPoolExecutor(len(sessions)) as pool:
        return list(pool.map(work, sessions))


def _stage_all(connection: Connection, batch_rows: int, tell: Progress) -> Staged:
    done = Staged()
    for table in RAW_TABLES:
        stage = partial(stage_batch, connection, table, batch_rows)
        while (batch := with_months(connection, stage)).rows:
            done += batch
            tell("rows", batch.rows)
    return done


def _curate_all(
    connection: Connection, thresholds: Thresholds, batch_games: int, tell: Progress
) -> Curated:
    done = Curated()
    curate = partial(curate_batch, connection, thresholds, batch_games)
    while (batch := with_months(connection, curate)) != Curated():
        done += batch
        tell("games", batch.games)
    return done
