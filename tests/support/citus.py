"""Databases on a cluster of Citus, for tests that skip without one.

``MLB_PERF_TEST_CITUS_URL`` names a database of a superuser on the coordinator, with the workers
added. The tests create databases of their own on all nodes, and drop them.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from sqlalchemy import URL, Connection, text

from mlb_perf.settings import parse_url
from tests.support.databases import engine_on, upgrade
from tests.support.sql import rows, run

CITUS_URL_VARIABLE = "MLB_PERF_TEST_CITUS_URL"

needs_citus = pytest.mark.skipif(
    CITUS_URL_VARIABLE not in os.environ, reason=f"{CITUS_URL_VARIABLE} names no cluster of Citus"
)

_NUMBERS = itertools.count(1)
_NODES = "SELECT nodename, nodeport FROM pg_catalog.pg_dist_node WHERE isactive ORDER BY groupid"


class Node(NamedTuple):
    host: str
    port: int

    def url(self, coordinator: URL, database: str) -> URL:
        return coordinator.set(host=self.host, port=self.port, database=database)


def coordinator_url() -> URL:
    """The superuser's database that the variable names."""
    return parse_url(os.environ[CITUS_URL_VARIABLE], CITUS_URL_VARIABLE)


def nodes(coordinator: URL) -> list[Node]:
    """The coordinator and its workers, the coordinator first."""
    return [Node(*row) for row in rows(engine_on(coordinator), _NODES)]


@contextmanager
def citus_database() -> Iterator[URL]:
    """An empty database on all nodes, whose coordinator knows its workers."""
    coordinator = coordinator_url()
    name = f"mlb_perf_test_{os.getpid()}_{next(_NUMBERS)}"
    members = nodes(coordinator)
    made: list[Node] = []
    try:
        for node in members:
            run(
                engine_on(node.url(coordinator, str(coordinator.database))),
                f"CREATE DATABASE {name}",
            )
            made.append(node)
            run(engine_on(node.url(coordinator, name)), "CREATE EXTENSION citus")
        url = members[0].url(coordinator, name)
        first, *workers = members
        run(
            engine_on(url),
            f"SELECT citus_set_coordinator_host('{first.host}', {first.port})",
            *(f"SELECT citus_add_node('{node.host}', {node.port})" for node in workers),
        )
        yield url
    finally:
        for node in made:
            run(
                engine_on(node.url(coordinator, str(coordinator.database))),
                f"DROP DATABASE {name} WITH (FORCE)",
            )


@contextmanager
def head_on_citus() -> Iterator[URL]:
    """A database at head whose tables are not distributed yet."""
    with citus_database() as url:
        upgrade(url, "head")
        yield url


@pytest.fixture(scope="module")
def citus_head() -> Iterator[URL]:
    """One for the tests of a module."""
    with head_on_citus() as url:
        yield url


# Each after the tables that its foreign keys name, as Citus wants them.
_REFERENCE = (
    "curated.leagues", "curated.venues", "curated.teams", "curated.sportsbooks",
    "curated.enhanced_games", "curated.game_id_mappings", "staging.team_aliases",
    "staging.sportsbook_aliases", "analytics.ml_experiments", "analytics.ml_model_performance",
    "analytics.backtest_runs",
)  # fmt: skip
_BY_GAME = (
    "curated.betting_lines_unified", "curated.unified_betting_splits", "curated.line_movements",
    "curated.arbitrage_opportunities", "curated.ml_features", "curated.ml_market_analysis",
    "analytics.ml_predictions", "analytics.strategy_signals", "analytics.strategy_results",
    "analytics.betting_recommendations", "analytics.backtest_bets",
)  # fmt: skip
_BY_EXTERNAL_ID = (
    "raw_data.odds_api_odds", "raw_data.action_network_games", "raw_data.action_network_history",
    "raw_data.action_network_odds", "raw_data.game_results", "raw_data.line_history",
    "raw_data.mlb_stats_api_games", "raw_data.sbd_splits", "raw_data.vsin_splits",
    "staging.betting_odds_unified", "staging.betting_splits", "staging.games",
    "staging.rejected_records",
)  # fmt: skip
_SETTINGS = {
    "citus.shard_count": "4",
    "citus.multi_shard_modify_mode": "sequential",
    "citus.enable_local_reference_table_foreign_keys": "off",
}


def distribute(url: URL) -> None:
    """Distribute the tables over the nodes, in one transaction."""
    with engine_on(url).begin() as connection:
        for name, value in _SETTINGS.items():
            connection.exec_driver_sql(f"SET LOCAL {name} = '{value}'")
        for table in _REFERENCE:
            connection.exec_driver_sql(f"SELECT create_reference_table('{table}')")
        for tables, column in ((_BY_GAME, "game_id"), (_BY_EXTERNAL_ID, "external_game_id")):
            _distribute_by(connection, tables, column)


def _distribute_by(connection: Connection, tables: Sequence[str], column: str) -> None:
    first, *others = tables
    placed = text("SELECT create_distributed_table(CAST(:table AS regclass), :column,"
                  " colocate_with => :beside)")  # fmt: skip
    connection.execute(placed, {"table": first, "column": column, "beside": "none"})
    for table in others:
        connection.execute(placed, {"table": table, "column": column, "beside": first})
