"""The models themselves: every object is named, described, and keyed by the rules of the domain."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Identity,
    SmallInteger,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import configure_mappers

import mlb_perf.models as models
from mlb_perf.cli.schema import markdown
from mlb_perf.models import SCHEMAS, metadata
from mlb_perf.models.placement import BY_EXTERNAL_GAME, BY_GAME, CITUS, LOCAL, REFERENCE

TABLES = [pytest.param(table, id=table.fullname) for table in metadata.sorted_tables]
QUEUES = ("closing_queue", "compacted_games", "curation_queue")


def key_of(table: Any) -> str | None:
    """The column that a distributed table is spread by."""
    return str(table.info[CITUS]) if table.info in (BY_EXTERNAL_GAME, BY_GAME) else None


DESIGN = {
    "raw_data": {
        "action_network_odds", "action_network_games", "action_network_history", "odds_api_odds",
        "vsin_splits", "sbd_splits", "mlb_stats_api_games", "line_history", "game_results",
    },
    "staging": {
        "betting_odds_unified", "betting_splits", "games", "team_aliases", "sportsbook_aliases",
        "rejected_records", "closing_queue", "compacted_games", "curation_queue",
    },
    "curated": {
        "leagues", "teams", "venues", "sportsbooks", "enhanced_games", "game_id_mappings",
        "betting_lines_unified", "unified_betting_splits", "line_movements",
        "arbitrage_opportunities", "ml_features", "ml_market_analysis",
    },
    "analytics": {
        "ml_experiments", "ml_predictions", "ml_model_performance", "strategy_signals",
        "strategy_results", "betting_recommendations", "backtest_runs", "backtest_bets",
    },
    "operational": {
        "pipeline_execution_log", "data_quality_metrics", "system_health_checks",
        "alert_configurations", "alerts",
    },
    "performance_monitoring": {
        "optimization_log", "benchmark_runs", "benchmark_results", "table_history",
        "index_history", "query_history", "partition_policies", "maintenance_jobs",
        "maintenance_runs", "rebuilds", "status_history",
    },
}  # fmt: skip


def test_every_table_of_the_design() -> None:
    have = {schema: {t.name for t in metadata.tables.values() if t.schema == schema}
            for schema in SCHEMAS}  # fmt: skip
    assert have == DESIGN


def test_every_model_can_be_imported() -> None:
    configure_mappers()
    classes = {mapper.class_.__name__ for mapper in models.Base.registry.mappers}
    assert classes == set(models.__all__) - {"SCHEMAS", "Base", "metadata"}


@pytest.mark.parametrize("table", TABLES)
def test_everything_is_named_and_described(table: Table) -> None:
    undescribed = [column.name for column in table.columns if not column.comment]
    assert undescribed == []
    assert table.comment
    items: list[Any] = [*table.constraints, *table.indexes]
    names = [str(item.name) for item in items]
    assert [name for name in names if name == "None" or len(name) > 63] == []
    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_where_it_lies_on_a_cluster(table: Table) -> None:
    known = (REFERENCE, BY_EXTERNAL_GAME, BY_GAME, LOCAL)
    assert table.info in known
    assert (table.info == LOCAL) == (
        table.schema in ("operational", "performance_monitoring") or table.name in QUEUES
    )


@pytest.mark.parametrize("table", [it for it in TABLES if key_of(it.values[0])])
def test_each_unique_key_holds_the_key_that_rows_are_spread_by(table: Table) -> None:
    key = key_of(table)
    unique: list[Any] = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes: list[Any] = [index for index in table.indexes if index.unique]
    without = [c.name for c in (table.primary_key, *unique, *indexes) if key not in c.columns]
    assert without == []


@pytest.mark.parametrize("table", TABLES)
def test_foreign_keys_stay_on_a_node(table: Table) -> None:
    """To a reference table, or of a distributed table to its neighbour; a local one to a local."""
    wrong = [
        key.referred_table.fullname
        for key in table.foreign_key_constraints
        if not _stays_on_a_node(table, key)
    ]
    assert wrong == []


def _stays_on_a_node(table: Table, key: ForeignKeyConstraint) -> bool:
    if table.info == LOCAL or key.referred_table.info == LOCAL:
        return table.info == key.referred_table.info
    if key.referred_table.info == REFERENCE:
        return True
    pairs = [(e.parent.name, e.column.name) for e in key.elements]
    own, theirs = key_of(table), key_of(key.referred_table)
    return own is not None and own == theirs and (own, theirs) in pairs


@pytest.mark.parametrize("table", TABLES)
def test_no_identity_no_small_serials(table: Table) -> None:
    for column in table.columns:
        assert not isinstance(column.server_default, Identity | Computed), column
        if table.autoincrement_column is column:
            assert isinstance(column.type, BigInteger), column
        if column.name.startswith("price") or column.name.endswith("_price"):
            assert not isinstance(column.type, SmallInteger), column


@pytest.mark.parametrize("key", ["game_id", "external_game_id"])
def test_the_key_that_rows_are_spread_by_has_one_type(key: str) -> None:
    """The same number hashes to another shard as an integer than as a bigint."""
    types: dict[str, list[str]] = {}
    for table in metadata.sorted_tables:
        if key in table.columns:
            types.setdefault(str(table.columns[key].type), []).append(table.fullname)
    assert len(types) == 1, types


@pytest.mark.parametrize("table", TABLES)
def test_domains_are_stated(table: Table) -> None:
    """A column of a known kind has its CHECK."""
    checks = " ".join(
        str(rule.sqltext) for rule in table.constraints if isinstance(rule, CheckConstraint)
    )
    kinds = ("market_type", "side", "status", "data_quality_score", "severity", "outcome")
    bounded = [
        column.name
        for column in table.columns
        if column.name in kinds
        or column.name.endswith(("_bets_percent", "_money_percent", "probability"))
    ]
    assert [name for name in bounded if not re.search(rf"\b{name}\b", checks)] == []


def test_schema_page_is_fresh(pytestconfig: pytest.Config) -> None:
    page = pytestconfig.rootpath / "docs" / "schema.md"
    assert page.read_text(encoding="utf-8") == markdown(), "stale; run `make docs`"
