"""How long a poll takes from its load to the curated tables, by the polls before it.

In a database of its own that holds seasons already. At each length of history ``mlb-perf promote
--follow`` runs as a process of its own; each poll is loaded as a response is, and its time ends
when none of its raw rows waits any more, which is when its curated rows are committed. A reader
asks for the current board of a game 20 times a second meanwhile. The polls between two lengths are
a file that is loaded and promoted in bulk; the autovacuum that this starts, within minutes in place
of days, is waited for.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import URL, Connection, Engine, text

from mlb_perf.bench.database import engine_of, own_database
from mlb_perf.bench.found import Found
from mlb_perf.bench.measure.live_figures import LINES, Figures, Mark, found_of
from mlb_perf.bench.tools.polls import POLLS_A_DAY, ROWS, Polls
from mlb_perf.bench.tools.timing import meanwhile
from mlb_perf.dataset import generate
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.pipeline.load.ingest import ingest, read_file, read_response
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.records import LoadReport
from mlb_perf.progress import Say, silent
from mlb_perf.queries import get
from mlb_perf.settings import URL_VARIABLE
from mlb_perf.system import child_environment

DATABASE = "mlb_perf_bench_live"
FEED = "odds_api"
FIRST = 10
"""The shortest history."""
READS_A_SECOND = 20
_LOOK_SECONDS = 0.002
_PATIENCE_SECONDS = 60.0
_SETTLE_SECONDS = 120.0

_VACUUMS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE backend_type = 'autovacuum worker' AND datname = current_database()"
)
# Of this poll: to look through the month every 2 ms would take a processor from the follower.
_WAITING = text(
    "SELECT EXISTS (SELECT FROM raw_data.odds_api_odds"
    " WHERE processed_at IS NULL AND collected_at >= :moment)"
)
_LISTENING = text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = 'mlb_perf follow' AND state = 'idle')"
)
_UPDATES = text(
    "SELECT pg_current_wal_insert_lsn() - '0/0' AS wal, pg_total_relation_size(:lines) AS bytes,"
    " n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables"
    " WHERE relid = CAST(:lines AS regclass)"
)
_BOARD = text(get("current_board").sql)
_GAMES = text(
    "SELECT game_id, game_date FROM curated.enhanced_games JOIN curated.game_id_mappings"
    " USING (game_id) WHERE source = 'odds_api' AND external_game_id LIKE 'live%'"
)


def measure(
    server: URL,
    say: Say = silent,
    *,
    scale: Annotated[float, typer.Option(min=0, help="Seasons in the database.")] = 0.1,
    polls: Annotated[int, typer.Option(min=FIRST, help="The longest history.")] = 1000,
    samples: Annotated[int, typer.Option(min=1, help="Polls measured at each length.")] = 60,
    all_change: Annotated[
        bool, typer.Option("--all-change", help="Every price changes at every poll.")
    ] = False,
) -> Found:
    """From the load of a poll to its curated rows, by the length of the history."""
    marks = sorted({FIRST, polls, *(10**n for n in range(2, 7) if 10**n < polls)})
    figures = Figures()
    with own_database(server, DATABASE, revision="head") as url:
        if scale:
            say(f"generate, scale {scale:g}")
            generate(url, scale, 1, workers=2)
        with connect(engine_of(url)) as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            feed = Polls.of(connection, polls + samples * len(marks), all_change=all_change)
            done = 0
            for mark in marks:
                say(f"history of {mark:,} polls")
                done = _history(url, feed, done, mark, figures)
                _settle(connection)
                figures.marks.append(_mark(connection, feed, done, mark, samples))
                done += samples
            _sizes(connection, figures)
    return found_of(figures)


def _history(url: URL, feed: Polls, done: int, until: int, figures: Figures) -> int:
    """Load and promote polls in bulk until there are so many; how many there are."""
    if until <= done:
        return done
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "polls.jsonl"
        feed.write(path, range(done, until))
        begun = time.perf_counter()
        _require(ingest(migration_engine(url, {}), read_file(path)), until - done)
        report = promote(url, workers=2)
        seconds = time.perf_counter() - begun
    figures.bulk = report.quotes / report.seconds
    figures.day = seconds / (until - done) * POLLS_A_DAY
    return until


def _settle(connection: Connection) -> None:
    """Wait until no autovacuum runs in the database, or for two minutes."""
    until = time.monotonic() + _SETTLE_SECONDS
    while connection.execute(_VACUUMS).scalar_one() and time.monotonic() < until:
        time.sleep(1)


def _load(engine: Engine, feed: Polls, number: int) -> None:
    _require(ingest(engine, read_response(feed.body(number), FEED, feed.moment(number))), 1)


def _require(report: LoadReport, polls: int) -> None:
    if report.loaded != polls * ROWS:
        raise BenchmarkFailed(
            f"{report.loaded:,} of {polls * ROWS:,} rows of polls were loaded, so their time would "
            "be wrong; mlb-perf load of a response says which are refused"
        )


def _mark(connection: Connection, feed: Polls, done: int, mark: int, samples: int) -> Mark:
    """The times of polls that a follower promotes, with a reader beside it."""
    engine = migration_engine(connection.engine.url, {"timezone": "UTC"})
    reads: list[float] = []
    games = [tuple(row) for row in connection.execute(_GAMES)]
    with _following(connection) as process:
        _poll(connection, engine, feed, done)  # the first one plans
        before, memory = connection.execute(_UPDATES, {"lines": LINES}).one(), _memory(process)
        with meanwhile(lambda ended: _read(engine, games, ended, reads)):
            times = [
                _poll(connection, engine, feed, number)
                for number in range(done + 1, done + samples)
            ]
        after = connection.execute(_UPDATES, {"lines": LINES}).one()
        return Mark(
            mark, times, reads, float(after.wal - before.wal) / 1024 / len(times),
            (after.hot - before.hot) / max(1, after.updates - before.updates),
            (memory, _memory(process)),
        )  # fmt: skip


def _poll(connection: Connection, engine: Engine, feed: Polls, number: int) -> float:
    """Milliseconds from the end of a load until nothing of it waits."""
    _load(engine, feed, number)
    begun = time.perf_counter()
    while connection.execute(_WAITING, {"moment": feed.moment(number)}).scalar_one():
        if time.perf_counter() - begun > _PATIENCE_SECONDS:
            raise BenchmarkFailed(
                f"poll {number} waits for {_PATIENCE_SECONDS:.0f} s: mlb-perf promote --follow "
                "promotes nothing; run mlb-perf promote to see why"
            )
        time.sleep(_LOOK_SECONDS)
    return (time.perf_counter() - begun) * 1000


def _read(
    engine: Engine, games: Sequence[tuple[object, ...]], ended: threading.Event, times: list[float]
) -> None:
    """The current board of one game after the other, at a rate that answers do not change."""
    with connect(engine.execution_options(isolation_level="AUTOCOMMIT")) as connection:
        for game, day in itertools.cycle(games):
            begun = time.perf_counter()
            connection.execute(_BOARD, {"game_id": game, "game_date": day}).all()
            took = time.perf_counter() - begun
            times.append(took * 1000)
            if ended.wait(max(0.0, 1 / READS_A_SECOND - took)):
                return


@contextmanager
def _following(connection: Connection) -> Iterator[subprocess.Popen[bytes]]:
    """``mlb-perf promote --follow`` on the connection's database, ended by SIGTERM."""
    url = connection.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        (sys.executable, "-m", "mlb_perf", "promote", "--follow"),
        env=child_environment() | {URL_VARIABLE: url}, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not connection.execute(_LISTENING).scalar_one():
            if process.poll() is not None:
                raise BenchmarkFailed("mlb-perf promote --follow ended at once; run it to see why")
            time.sleep(0.05)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _memory(process: subprocess.Popen[bytes]) -> int:
    """Bytes that the process holds; 0 where the system does not say."""
    statm = Path(f"/proc/{process.pid}/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0


def _sizes(connection: Connection, figures: Figures) -> None:
    figures.bytes = connection.execute(_UPDATES, {"lines": LINES}).one().bytes
    connection.exec_driver_sql(f"VACUUM FULL {LINES}")
    figures.packed = connection.execute(_UPDATES, {"lines": LINES}).one().bytes
