"""Writers and readers that work while the schema changes: one process each, all timed."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from typing import Any, NamedTuple

import psycopg2

Key = tuple[str, ...]


@dataclass(frozen=True)
class Workload:
    """How much there is and how much goes on: rows in raw_data, sessions, statements a second."""

    rows: int = 3_000_000
    writers: int = 4
    readers: int = 4
    writes_a_second: float = 50.0
    reads_a_second: float = 50.0


class Timed(NamedTuple):
    """One statement: when it began (seconds since the epoch), how long it took, what it was."""

    began: float
    ms: float
    kind: str


@dataclass
class Report:
    """What a client did; ``rows`` are those that must be there afterwards, with their values."""

    times: list[Timed] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rows: dict[Key, int] = field(default_factory=dict)


_RAW = (
    "INSERT INTO raw_data.odds_api_odds"
    " (external_game_id, sportsbook_key, collected_at, payload)"
    " VALUES (%s, 'book', timestamptz '2025-06-01 00:00+00' + %s * interval '90 minutes',"
    " jsonb_build_object('price', %s))"
)
_RAW_SET = (
    "UPDATE raw_data.odds_api_odds SET payload = '{\"price\": 2}' WHERE external_game_id = %s"
)
_RAW_DELETE = "DELETE FROM raw_data.odds_api_odds WHERE external_game_id = %s"
_STAGING = (
    "INSERT INTO staging.betting_odds_unified (external_game_id, source, sportsbook_key,"
    " market_type, side, price, collected_at)"
    " VALUES (%s, 'live', 'book', 'moneyline', 'home', 101, now())"
)
_STAGING_SET = "UPDATE staging.betting_odds_unified SET price = 102 WHERE external_game_id = %s"
_STAGING_DELETE = "DELETE FROM staging.betting_odds_unified WHERE external_game_id = %s"
_LINE = (
    "INSERT INTO curated.betting_lines_unified (game_id, game_date, sportsbook_id, source,"
    " market_type, side, price, decimal_price, implied_probability, first_seen_at, last_seen_at)"
    " VALUES (%s, date '2025-03-01' + %s, 1, 'live', 'moneyline', 'home', 101, 2.01, 0.5,"
    " timestamptz '2025-03-01 00:00+00' + %s * interval '1 second', now())"
)
_LINE_OF = (
    " WHERE game_id = %s AND source = 'live' AND first_seen_at"
    " = timestamptz '2025-03-01 00:00+00' + %s * interval '1 second'"
)
_LINE_SET = "UPDATE curated.betting_lines_unified SET quote_count = 2, last_seen_at = now()"
_LINE_DELETE = "DELETE FROM curated.betting_lines_unified"

_READS = (
    (
        "SELECT count(*) FROM raw_data.odds_api_odds WHERE external_game_id = md5({0}::text)"
        " AND sportsbook_key = 'book 1' AND collected_at < '2025-03-02'"
    ),
    (
        "SELECT count(*) FROM curated.betting_lines_unified WHERE game_id = {0}"
        " AND sportsbook_id = 1 AND side = 'home' AND source = 'odds_api'"
    ),
    (
        "SELECT max(price) FROM staging.betting_odds_unified"
        " WHERE external_game_id = md5({0}::text)"
        " AND sportsbook_key = 'book 2' AND source = 'odds_api'"
    ),
)


@contextmanager
def at_work(url: str, load: Workload, reports: list[Report]) -> Iterator[None]:
    """Writers and readers work while the block runs; then ``reports`` has one of each."""
    stop = multiprocessing.Event()
    clients = []
    for work, count, rate in (
        (write, load.writers, load.writes_a_second),
        (read, load.readers, load.reads_a_second),
    ):
        for number in range(count):
            ours, theirs = multiprocessing.Pipe()
            client = multiprocessing.Process(
                target=work, args=(url, number, rate, stop, theirs), daemon=True
            )
            client.start()
            theirs.close()  # so that a client that is killed is seen to be gone
            clients.append((client, ours))
    try:
        yield
    finally:
        stop.set()
        reports += [_received(pipe) for _, pipe in clients]
        for client, _ in clients:
            client.join()


def _received(pipe: Pipe) -> Report:
    try:
        report: Report = pipe.recv()
    except EOFError:
        return Report(errors=["a client ended early: its process is gone without a report"])
    return report


def write(url: str, number: int, a_second: float, stop: Any, pipe: Pipe) -> None:
    """Insert, update and delete in three tables, in transactions of a statement, until ``stop``."""
    _run(url, a_second, stop, pipe, _changes(number))


def read(url: str, number: int, a_second: float, stop: Any, pipe: Pipe) -> None:
    """Ask for a game's rows, until ``stop``."""
    _run(url, a_second, stop, pipe, _questions(number))


Step = tuple[str, str, tuple[Any, ...], Key, int | None]
"""Kind, SQL, parameters; the key of the row that it touches and its value then, None if gone."""


def _changes(number: int) -> Iterator[Step]:
    turn = 0
    while True:
        turn += 1
        game = f"live {number} {turn}"
        # Half of the rows are deleted again, half must be there at the end.
        goes = turn % 2 == 0
        yield "insert", _RAW, (game, turn % 1500, 1), ("raw", game), 1
        yield "update", _RAW_SET, (game,), ("raw", game), 2
        yield "insert", _STAGING, (game,), ("staging", game), 101
        yield "update", _STAGING_SET, (game,), ("staging", game), 102
        day, second = 1 + turn % 240, turn * 8 + number
        line = ("curated", str(day), str(second))
        yield "insert", _LINE, (day, day, second), line, 1
        yield "update", _LINE_SET + _LINE_OF, (day, second), line, 2
        if goes:
            yield "delete", _RAW_DELETE, (game,), ("raw", game), None
            yield "delete", _STAGING_DELETE, (game,), ("staging", game), None
            yield "delete", _LINE_DELETE + _LINE_OF, (day, second), line, None


def _questions(number: int) -> Iterator[Step]:
    chance = random.Random(number)  # noqa: S311  chooses games, guards nothing
    while True:
        yield "read", chance.choice(_READS).format(chance.randint(1, 239)), (), (), None


def _run(url: str, a_second: float, stop: Any, pipe: Pipe, steps: Iterator[Step]) -> None:
    report = Report()
    session = psycopg2.connect(url)
    session.autocommit = True
    cursor = session.cursor()
    for kind, statement, values, key, value in steps:
        if stop.is_set():
            break
        began = time.time()
        try:
            cursor.execute(statement, values or None)
        except psycopg2.Error as error:
            report.errors.append(f"{kind}: {error.pgcode}: {error}")
        else:
            report.times.append(Timed(began, (time.time() - began) * 1000, kind))
            _remember(report.rows, key, value)
        time.sleep(max(0.0, 1 / a_second - (time.time() - began)))
    session.close()
    pipe.send(report)
    pipe.close()


def _remember(rows: dict[Key, int], key: Key, value: int | None) -> None:
    if value is None:
        rows.pop(key, None)
    elif key:
        rows[key] = value
