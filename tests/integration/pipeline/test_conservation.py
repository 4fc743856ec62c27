"""Raw rows are what was promoted and what was rejected: for every source, whatever happens."""

from __future__ import annotations

import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from mlb_perf.pipeline.load.ingest import ingest
from mlb_perf.pipeline.promote import promote
from mlb_perf.pipeline.promote.session import promoting
from mlb_perf.pipeline.promote.stage import resolve_games, stage_batch
from mlb_perf.pipeline.promote.tables import RAW_TABLES, RawTable
from tests.integration.pipeline.shapes import SHAPES
from tests.support.databases import shown
from tests.support.processes import start

TABLES = {table.name: table for table in RAW_TABLES}
TOTAL = sum(rows for shape in SHAPES.values() for rows, _ in shape.tables.values())

# What a raw row became, by its whole key: staged (a quote, a split; of a table that
# tells of games alone, a game), or rejected.
FATE = """
    SELECT r.external_game_id, r.collected_at, r.processed_at IS NULL AS is_hot,
        {game} OR EXISTS (
            SELECT FROM (
                SELECT external_game_id, collected_at, sportsbook_key, market_type, side
                FROM staging.betting_odds_unified
                UNION ALL
                SELECT external_game_id, collected_at, sportsbook_key, market_type, NULL
                FROM staging.betting_splits
            ) AS s
            WHERE s.external_game_id = r.external_game_id AND s.collected_at = r.collected_at
              AND s.sportsbook_key = {book} {rest}
        ) AS is_staged,
        EXISTS (
            SELECT FROM staging.rejected_records AS x
            WHERE x.raw_table = '{table}' AND x.external_game_id = r.external_game_id
              AND x.collected_at = r.collected_at AND x.resolved_at IS NULL
              AND x.sportsbook_key IS NOT DISTINCT FROM {book}
              AND x.row_key IS NOT DISTINCT FROM {row_key}
        ) AS is_rejected,
        {nothing} AND r.processed_at IS NOT NULL AS is_empty
    FROM raw_data.{table} AS r
"""
ROW_KEYS = {
    "vsin_splits": "r.market_type",
    "line_history": "r.market_type || '/' || r.side || '/' || r.line_key",
}
RESTS = {
    "vsin_splits": "AND s.market_type = r.market_type",
    # The stored line of the alternate ones is the other: they are not staged.
    "line_history": "AND s.side = r.side AND r.line_key <> '9.5'",
}
# A book whose prices are empty: its rows offer nothing, and become nothing.
NOT_OFFERED = {"sbd_splits": "r.sportsbook_key = 'bet365'"}
KNOWN_GAME = """EXISTS (
    SELECT FROM curated.game_id_mappings AS m
    WHERE m.external_game_id = r.external_game_id AND r.processed_at IS NOT NULL)"""


def fates(engine: Engine, table: RawTable) -> list[Any]:
    query = FATE.format(
        table=table.name,
        game="false" if table.gives_prices else KNOWN_GAME,
        book="r.sportsbook_key" if "sportsbook_key" in table.key else "NULL",
        row_key=ROW_KEYS.get(table.name, "NULL"),
        rest=RESTS.get(table.name, ""),
        nothing=NOT_OFFERED.get(table.name, "false"),
    )
    with engine.connect() as connection:
        return list(connection.execute(text(query)).all())


def conserved(engine: Engine, table: RawTable) -> list[Any]:
    """Each cold row became something, and no hot row did; all rows for those who count."""
    found = fates(engine, table)
    wrong = [
        row for row in found if row.is_hot == (row.is_staged or row.is_rejected or row.is_empty)
    ]
    assert wrong == [], table.name
    return found


def load(engine: Engine, folder: Path, *names: str) -> None:
    for name in names:
        report = ingest(engine, SHAPES[name].items(folder))
        loaded = sum(rows for rows, _ in SHAPES[name].tables.values())
        assert (name, report.loaded, report.malformed) == (name, loaded, [])


def complete(engine: Engine, *names: str) -> None:
    """Nothing is hot, and of each table as many rows are rejected whole as its faults say."""
    expected: dict[str, list[int]] = {}
    for name in names:
        for table, counts in SHAPES[name].tables.items():
            sums = expected.setdefault(table, [0, 0])
            expected[table] = [sums[0] + counts[0], sums[1] + counts[1]]
    found = {}
    for table in expected:
        rows = conserved(engine, TABLES[table])
        assert [row for row in rows if row.is_hot] == []
        found[table] = [len(rows), sum(not row.is_staged for row in rows)]
    assert found == expected


@pytest.mark.parametrize("name", SHAPES)
def test_after_each_batch(head: Engine, tmp_path: Path, name: str) -> None:
    load(head, tmp_path, name)
    with promoting(head.url) as connection:
        resolve_games(connection, {})
        for table in map(TABLES.__getitem__, SHAPES[name].tables):
            rest = SHAPES[name].tables[table.name][0]
            while (batch := stage_batch(connection, table, 7, {})).rows:
                rest -= batch.rows
                assert sum(row.is_hot for row in conserved(head, table)) == rest
    complete(head, name)


def test_four_workers_at_once(head: Engine, tmp_path: Path) -> None:
    """Every source together, in batches so small that each worker has some of each."""
    load(head, tmp_path, *SHAPES)
    report = promote(head.url, workers=4, batch_rows=5, batch_games=1)
    assert report.rows == TOTAL
    assert report.rows_not_offered == 25
    assert report.promoted == TOTAL - report.rows_rejected - 25
    complete(head, *SHAPES)


def test_ten_kills(head: Engine, tmp_path: Path) -> None:
    """``kill -9`` of two workers at random points of their way: conserved each time, and whole."""
    load(head, tmp_path, *SHAPES)
    chance = random.Random(11)
    cut_off = 0
    for done in [*sorted(chance.sample(range(10, TOTAL - 40), 8)), TOTAL, TOTAL]:
        process = start((sys.executable, "-c", WORKERS, shown(head.url)))
        for cold, queued in _progress(head):
            # The last two are killed while they curate.
            if cold > done or (cold == done == TOTAL and queued):
                break
            assert process.poll() is None, "it ended before it was killed"
        process.send_signal(signal.SIGKILL)
        process.communicate()
        cut_off += any(row.is_hot for table in RAW_TABLES for row in conserved(head, table))
    assert cut_off >= 5
    promote(head.url, workers=2)
    complete(head, *SHAPES)
    with head.connect() as connection:
        queued = connection.scalar(text("SELECT count(*) FROM staging.curation_queue"))
    assert queued == 0


WORKERS = """
import sys
from sqlalchemy import make_url
from mlb_perf.pipeline.promote import promote
promote(make_url(sys.argv[1]), workers=2, batch_rows=3, batch_games=1)
"""


def _progress(engine: Engine) -> Iterator[tuple[int, int]]:
    """Raw rows that are done, and games that are queued, again and again for half a minute."""
    cold = " + ".join(
        f"(SELECT count(*) FROM raw_data.{name} WHERE processed_at IS NOT NULL)" for name in TABLES
    )
    deadline = time.monotonic() + 30
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        query = text(f"SELECT {cold}, (SELECT count(*) FROM staging.curation_queue)")
        while time.monotonic() < deadline:
            row = connection.execute(query).one()
            yield row[0], row[1]
            time.sleep(0.005)
    raise AssertionError("the promotion does not go on")
