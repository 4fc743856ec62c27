"""The rows of the rebuilt tables, whatever their shape, and what a rebuild must not leave."""

from __future__ import annotations

import subprocess

from sqlalchemy import Engine

from mlb_perf.migrate.config import alembic_config
from tests.migration.rebuild.shop import leftovers
from tests.support import processes
from tests.support.processes import start
from tests.support.sql import rows

# In the order in which the revisions rebuild them.
TABLES = (
    "raw_data.odds_api_odds", "raw_data.action_network_games", "raw_data.action_network_history",
    "raw_data.action_network_odds", "raw_data.game_results", "raw_data.line_history",
    "raw_data.mlb_stats_api_games", "raw_data.sbd_splits", "raw_data.vsin_splits",
    "staging.betting_odds_unified", "staging.betting_splits", "curated.betting_lines_unified",
    "curated.line_movements", "curated.ml_features", "curated.unified_betting_splits",
)  # fmt: skip
PARTITIONED = {"raw_data.odds_api_odds"}


def contents(engine: Engine) -> dict[str, tuple[int, str]]:
    """Each table's count and hash; jsonb has no order of columns, and one text for one value."""
    return {
        table: rows(
            engine,
            f"SELECT count(*), md5(string_agg(j, '' ORDER BY j)) FROM ("
            f"SELECT to_jsonb(r)::text AS j FROM {table} AS r) AS t",
        )[0]
        for table in TABLES
    }


def partitioned(engine: Engine) -> set[str]:
    """The tables that have partitions now."""
    found = rows(
        engine,
        "SELECT c.oid::regclass::text FROM pg_class AS c WHERE c.relkind = 'p' AND NOT"
        " c.relispartition",
    )
    return {str(name) for (name,) in found}


def alembic(*arguments: str) -> subprocess.Popen[str]:
    """The command in a process of its own, to be killed; its errors come with its output."""
    ini = str(alembic_config().config_file_name)
    return start(processes.alembic("-c", ini, *arguments), stderr=subprocess.STDOUT)


def assert_nothing_left(engine: Engine) -> None:
    assert leftovers(engine) == []
