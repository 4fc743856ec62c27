"""A whole promotion: games, then rows, then the curated tables, until nothing is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import TypeVar

from sqlalchemy import URL, Connection, text

from mlb_perf import sql
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.names import literal
from mlb_perf.pipeline.interrupt import cancel_until_done
from mlb_perf.pipeline.load.missing_months import with_months
from mlb_perf.pipeline.promote.curate import Curated, Thresholds, close_batch, curate_batch
from mlb_perf.pipeline.promote.log import logged_run
from mlb_perf.pipeline.promote.session import is_copying, promoting
from mlb_perf.pipeline.promote.stage import (
    ALL_GAMES,
    resolve_games,
    share_of,
    stage_batch,
)
from mlb_perf.pipeline.promote.staged import Staged
from mlb_perf.pipeline.promote.tables import RAW_TABLES, RawTable

BATCH_ROWS = 2000
BATCH_GAMES = 50

_IS_PREPARED = "mlb_perf_hot_tables"
_KNOWN = text("SELECT game_id FROM curated.enhanced_games WHERE game_id = ANY (:games)")
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
    tell = progress or (lambda _what, _count: None)
    with logged_run(url) as log, ExitStack() as stack:
        sessions = [stack.enter_context(promoting(url)) for _ in range(workers)]
        promoter = Promoter(sessions, batch_rows, batch_games, thresholds or Thresholds(), tell)
        with cancel_on_interrupt(sessions[0]):
            staged, curated = promoter.drain()
        log.finish(staged, curated)
    return PromoteReport(**staged.counts(), **asdict(curated), seconds=time.monotonic() - started)


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


@dataclass(frozen=True)
class Promoter:
    """Sessions that promote side by side; the first of them also makes the games."""

    sessions: Sequence[Connection]
    batch_rows: int = BATCH_ROWS
    batch_games: int = BATCH_GAMES
    thresholds: Thresholds = field(default_factory=Thresholds)
    tell: Progress = lambda _what, _count: None
    stopping: Callable[[], bool] = lambda: False

    def drain(self, *, again: bool = True) -> tuple[Staged, Curated]:
        """Promote until a round finds nothing; what was staged, and games brought up to date.

        ``again``: also try the games that could not be resolved before. It ends
        after the batch in which it is asked to stop.
        """
        staged, curated = Staged(), Curated()
        while True:
            now_staged, now_curated = self.round(again=again)
            again = False
            staged += now_staged
            curated += now_curated
            if self.stopping() or not (now_staged.rows or now_curated != Curated()):
                return staged, curated

    def round(self, *, again: bool) -> tuple[Staged, Curated]:
        """Games, rows and curated tables once, of the raw tables that have hot rows."""
        first = self.sessions[0]
        tables = hot_tables(first)
        with_months(first, partial(resolve_games, first, tables=tables, again=again))
        staged = (
            sum(self._side_by_side(partial(self._stage, tables)), Staged()) if tables else Staged()
        )
        curated = sum(self._side_by_side(self._curate), Curated())
        return staged, curated + Curated(games=staged.appended)

    def _side_by_side(self, work: Callable[[Connection], Done]) -> Sequence[Done]:
        if len(self.sessions) == 1:
            return [work(self.sessions[0])]
        with ThreadPoolExecutor(len(self.sessions)) as pool:
            running = [pool.submit(work, session) for session in self.sessions]
            try:
                return [one.result() for one in running]
            except KeyboardInterrupt:
                cancel_until_done(self.sessions, running)
                raise

    def _stage(self, tables: Sequence[RawTable], connection: Connection) -> Staged:
        """The session's own games, so that no session waits for another's locks on games.

        Whose share ends after full batches helps with the others'.
        """
        share = share_of(self.sessions.index(connection), len(self.sessions))
        done = Staged()
        for table in tables:
            own = self._stage_table(table, share, connection)
            done += own
            if share != ALL_GAMES and own.rows >= self.batch_rows:
                done += self._stage_table(table, ALL_GAMES, connection)
        return done

    def _stage_table(self, table: RawTable, share: str, connection: Connection) -> Staged:
        stage = partial(
            stage_batch, connection, table, self.batch_rows, thresholds=self.thresholds, share=share
        )
        done, is_full = Staged(), True
        while is_full and not self.stopping():
            batch = with_months(connection, stage)
            is_full = batch.rows == self.batch_rows
            done += batch
            self.tell("rows", batch.rows)
            self.tell("games", batch.appended)
        return done

    def _curate(self, connection: Connection) -> Curated:
        done = Curated()
        for work in (partial(curate_batch, sessions=len(self.sessions)), close_batch):
            batch = partial(work, connection, self.thresholds, self.batch_games)
            while not self.stopping() and (part := with_months(connection, batch)) != Curated():
                done += part
                self.tell("games", part.games)
        return done


def _hot(tables: Sequence[RawTable]) -> str:
    # Months are read in their order, up to the first hot row, by the index of hot rows: what the
    # planner last counted were all hot, or none.
    return " UNION ALL ".join(
        f"SELECT '{table.name}', hot.collected_at::text FROM ("  # noqa: S608
        f"SELECT r.collected_at FROM raw_data.{table.name} AS r"
        " WHERE r.processed_at IS NULL ORDER BY r.collected_at LIMIT 1) AS hot"
        for table in tables
    )


def _hot_of_shards(tables: Sequence[RawTable]) -> str:
    """One question to each shard: Citus asks all of them for each table's first row."""
    each = " UNION ALL ".join(
        f"SELECT external_game_id, collected_at, '{table.name}' AS name"  # noqa: S608
        f" FROM raw_data.{table.name} WHERE processed_at IS NULL"
        for table in tables
    )
    return f"SELECT name, min(collected_at)::text FROM ({each}) AS hot GROUP BY name"  # noqa: S608


def hot_tables(connection: Connection) -> list[RawTable]:
    """The raw tables that have rows to be promoted, and since when."""
    oldest = {row[0]: row[1] for row in connection.exec_driver_sql(_question(connection))}
    connection.rollback()
    return [
        replace(table, oldest=f"timestamptz {literal(oldest[table.name])}")
        for table in RAW_TABLES
        if table.name in oldest
    ]


def _question(connection: Connection) -> str:
    """Which tables are hot. Planned once a session: to plan all months takes longer than to ask."""
    if is_copying(connection):
        return _hot_of_shards(RAW_TABLES)
    if _IS_PREPARED not in connection.info:
        connection.exec_driver_sql(f"PREPARE mlb_perf_hot_tables AS {_hot(RAW_TABLES)}")
        connection.info[_IS_PREPARED] = True
    return "EXECUTE mlb_perf_hot_tables"


def queue_games(connection: Connection, games: Sequence[int] = ()) -> int:
    """Queue games of which there are quotes, so that their whole paths are made again.

    All of them where none is named. Returns how many; raises
    :class:`~mlb_perf.errors.ConfigurationError` for a game that does not exist.
    """
    known = connection.execute(_KNOWN, {"games": list(games)}).scalars().all()
    if unknown := sorted(set(games) - set(known)):
        raise ConfigurationError(
            f"there is no game {', '.join(map(str, unknown))}; "
            "curated.enhanced_games lists the games by game_id"
        )
    queue = text(sql.read("pipeline/promote/queue_games.sql"))
    return connection.execute(queue, {"games": list(games)}).rowcount
