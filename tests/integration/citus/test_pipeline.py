"""Loading and promotion on a cluster leave the rows that they leave on plain PostgreSQL."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine

from mlb_perf.pipeline import sample
from mlb_perf.pipeline.load.ingest import LoadReport, ingest, read_file, read_response
from mlb_perf.pipeline.promote import PromoteReport, promote, retry_rejected
from tests.integration.pipeline.live import Feed, assert_equal_to_remake, promoter, store
from tests.integration.pipeline.test_live import portions
from tests.support.citus import distribute, head_on_citus, needs_citus
from tests.support.contents import contents, differences
from tests.support.databases import Server, copy_of, engine_on
from tests.support.sql import rows, value

pytestmark = needs_citus

FEEDS = (sample.SCHEDULE, sample.ODDS)


class Pair(NamedTuple):
    """The same on both."""

    plain: Engine
    cluster: Engine


@pytest.fixture(scope="module")
def pair(head_template: NoopExecutor, server: Server) -> Iterator[Pair]:
    with copy_of(head_template, server, "mlb_perf_test_citus") as plain, head_on_citus() as cluster:
        distribute(cluster)
        yield Pair(engine_on(plain), engine_on(cluster))


def loaded(engine: Engine) -> LoadReport:
    report = LoadReport()
    for path in FEEDS:
        report.add(ingest(engine, read_file(path)))
    return report


def counts(report: PromoteReport) -> dict[str, int]:
    return {name: number for name, number in vars(report).items() if name != "seconds"}


def test_the_sample_feeds_give_the_same_rows(pair: Pair) -> None:
    """Loaded twice, so that all are compared once; two sessions promote them."""
    plain, cluster = map(loaded, pair)
    assert cluster == plain
    again = loaded(pair.cluster)
    assert (again.loaded, again.already_there) == (0, cluster.loaded)
    figures = [counts(promote(engine.url, workers=2)) for engine in pair]
    assert figures[1] == figures[0]
    assert figures[0]["quotes"] > 10_000
    assert differences(*map(contents, pair)) == {}


def test_what_cannot_be_stored_is_rejected_for_the_same_reason(pair: Pair) -> None:
    """A worker's error names neither constraint nor table."""
    at = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
    told = [
        (
            b'[{"id": "ok", "home_team": "No Such Team", "away_team": "Boston Red Sox",'
            b' "commence_time": "2026-05-04T22:00:00Z", "bookmakers": [{"key": "fanduel",'
            b' "markets": [{"key": "h2h",'
            b' "outcomes": [{"name": "Boston Red Sox", "price": 120}]}]}]}]'
        ),
        b'[{"id": "old"}, "nonsense"]',
    ]
    for engine in pair:
        for body in told:
            ingest(engine, read_response(body, "odds_api", at))
        far = dt.datetime(2099, 5, 4, 12, tzinfo=dt.UTC)
        report = ingest(engine, read_response(told[0], "odds_api", far))
        assert [problem.reason_code for problem in report.malformed] == ["malformed_record"]
        promote(engine.url)
        with engine.begin() as connection:
            assert retry_rejected(connection) == 1
        promote(engine.url)
    rejected = (
        "SELECT external_game_id, reason_code, reason, attempts FROM staging.rejected_records"
        " ORDER BY 1, 2, 3"
    )
    assert rows(pair.cluster, rejected) == rows(pair.plain, rejected)
    assert value(pair.cluster, "SELECT max(attempts) FROM staging.rejected_records") == 2


def test_staging_is_compacted_to_the_same_rows(pair: Pair) -> None:
    """Of the games of the sample, which are long past; one that is being promoted is left alone."""
    compact = (
        "SELECT count(*), sum(deleted) FROM performance_monitoring.compact_staging('1 day', 50)"
    )
    lock = "SELECT pg_advisory_xact_lock(hashtextextended('mlb_perf: game ' || {}, 0))"
    first = "(SELECT min(game_id) FROM curated.enhanced_games)"
    with pair.cluster.begin() as promoting:
        promoting.exec_driver_sql(lock.format(first))
        [(others, deleted)] = rows(pair.cluster, compact)
    [(last, more)] = rows(pair.cluster, compact)
    assert last == 1
    assert rows(pair.plain, compact) == [(others + last, deleted + more)]
    kept = (
        "SELECT external_game_id, sportsbook_key, market_type, side, collected_at, quote_count"
        " FROM staging.betting_odds_unified WHERE game_date < '2026-06-01' ORDER BY 1, 2, 3, 4, 5"
    )
    assert rows(pair.cluster, kept) == rows(pair.plain, kept)


@pytest.mark.parametrize("seed", [1, 2])
def test_polls_leave_the_rows_of_a_remake(pair: Pair, seed: int) -> None:
    """In and out of order, with two and three followers' sessions."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        workers = promoter(stack, pair.cluster, workers=1 + seed)
        for load in portions(Feed(seed, polls=6).rows(), chance, disorder=0.1):
            store(pair.cluster, load)
            workers.drain()
    assert_equal_to_remake(pair.cluster)
