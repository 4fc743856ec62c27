"""Views of indexes, each asked about a fault that was made."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Engine

from tests.integration.monitor.support import ask, asked, do
from tests.support.waiting import eventually


def test_failed_concurrent_build(faults: Engine) -> None:
    """The index that it leaves is named with its remedy, which fixes it."""
    do(faults, "CREATE TABLE faults.t AS SELECT 1 AS a FROM generate_series(1, 2)")
    with pytest.raises(Exception, match="could not create unique index"):
        do(faults, "CREATE UNIQUE INDEX CONCURRENTLY broken ON faults.t (a)")
    query = "SELECT * FROM performance_monitoring.invalid_indexes WHERE schema_name = 'faults'"
    (found,) = ask(faults, query)
    assert found == {
        "schema_name": "faults",
        "table_name": "t",
        "index_name": "broken",
        "index_bytes": found["index_bytes"],
        "definition": "CREATE UNIQUE INDEX broken ON faults.t USING btree (a)",
        "is_certain": True,
        "remedy": "DROP INDEX CONCURRENTLY faults.broken",
    }
    do(faults, found["remedy"])
    assert ask(faults, query) == []


def test_build_under_way_is_no_fault(faults: Engine) -> None:
    """A concurrent build that waits has an INVALID index, and is not named."""
    do(faults, "CREATE TABLE faults.t (a int)")
    with faults.connect() as holder:
        holder.exec_driver_sql("INSERT INTO faults.t VALUES (1)")
        builder = threading.Thread(
            target=do, args=(faults, "CREATE INDEX CONCURRENTLY slow ON faults.t (a)")
        )
        builder.start()
        state = "SELECT FROM pg_index WHERE indexrelid = to_regclass('faults.slow')"
        eventually(lambda: bool(ask(faults, f"{state} AND NOT indisvalid")))
        found = ask(faults, "SELECT index_name FROM performance_monitoring.invalid_indexes")
        holder.rollback()
        builder.join()
    assert found == []


DUPLICATES = {
    "the younger of two": ("CREATE INDEX i1 ON faults.t (a); CREATE INDEX i2 ON faults.t (a)",
                           [("i2", "i1", "duplicate")]),
    "prefix": ("CREATE INDEX i1 ON faults.t (a); CREATE INDEX i2 ON faults.t (a, b)",
               [("i1", "i2", "prefix")]),
    "beside a constraint": (("ALTER TABLE faults.t ADD CONSTRAINT u UNIQUE (a);"
                            "CREATE INDEX i1 ON faults.t (a)"), [("i1", "u", "duplicate")]),
    "unique prefix is needed": (("CREATE UNIQUE INDEX i1 ON faults.t (a);"
                                "CREATE INDEX i2 ON faults.t (a, b)"), []),
    "other order": (("CREATE INDEX i1 ON faults.t (a);"
                    "CREATE INDEX i2 ON faults.t (a DESC, b)"), []),
    "not the leading column": (("CREATE INDEX i1 ON faults.t (b);"
                               "CREATE INDEX i2 ON faults.t (a, b)"), []),
    "other predicate": (("CREATE INDEX i1 ON faults.t (a) WHERE b > 0;"
                        "CREATE INDEX i2 ON faults.t (a)"), []),
    "other operator class": (("CREATE INDEX i1 ON faults.t (c text_pattern_ops);"
                             "CREATE INDEX i2 ON faults.t (c)"), []),
    "other method": (("CREATE INDEX i1 ON faults.t USING hash (a);"
                     "CREATE INDEX i2 ON faults.t (a)"), []),
    "included column": (("CREATE INDEX i1 ON faults.t (a) INCLUDE (b);"
                        "CREATE INDEX i2 ON faults.t (a)"), [("i2", "i1", "duplicate")]),
    "expression": (("CREATE INDEX i1 ON faults.t (lower(c));"
                   "CREATE INDEX i2 ON faults.t (lower(c), a)"), [("i1", "i2", "prefix")]),
}  # fmt: skip


@pytest.mark.parametrize(("make", "expected"), DUPLICATES.values(), ids=DUPLICATES.keys())
def test_duplicates(faults: Engine, make: str, expected: list[tuple[str, str, str]]) -> None:
    do(faults, "CREATE TABLE faults.t (a int NOT NULL, b int, c text)", make)
    query = (
        "SELECT index_name, covered_by, kind, drop_statement "
        "FROM performance_monitoring.duplicate_indexes WHERE schema_name = 'faults'"
    )
    found = ask(faults, query)
    assert [(r["index_name"], r["covered_by"], r["kind"]) for r in found] == expected
    do(faults, *(row["drop_statement"] for row in found))
    assert ask(faults, query) == []


def test_foreign_key_without_index(faults: Engine) -> None:
    """A partial index, or one that does not begin with the columns, is none."""
    do(
        faults,
        "CREATE TABLE faults.p (a int, b int, PRIMARY KEY (a, b))",
        "CREATE TABLE faults.bare (x int, y int, CONSTRAINT k FOREIGN KEY (x, y) "
        "REFERENCES faults.p)",
        "CREATE INDEX ON faults.bare (x) WHERE y > 0",
        "CREATE INDEX ON faults.bare ((x + 1), x, y)",
        "CREATE TABLE faults.served (x int, y int, FOREIGN KEY (x, y) REFERENCES faults.p)",
        "CREATE INDEX ON faults.served (y, x)",
    )
    query = "SELECT * FROM performance_monitoring.missing_fk_indexes WHERE schema_name = 'faults'"
    (found,) = ask(faults, query)
    assert (found["table_name"], found["constraint_name"]) == ("bare", "k")
    assert found["columns"] == ["x", "y"]
    do(faults, found["create_statement"])
    assert ask(faults, query) == []


def test_use_is_rolled_up_over_partitions(faults: Engine) -> None:
    """Scans of two partitions count for the partitioned index; one that is not used is named."""
    do(
        faults,
        "CREATE TABLE faults.m (d date, a int, b int) PARTITION BY RANGE (d)",
        "CREATE TABLE faults.m1 PARTITION OF faults.m FOR VALUES FROM ('2025-01-01') "
        "TO ('2025-02-01')",
        "CREATE TABLE faults.m2 PARTITION OF faults.m FOR VALUES FROM ('2025-02-01') "
        "TO ('2025-03-01')",
        "CREATE INDEX used ON faults.m (a)",
        "CREATE INDEX idle ON faults.m (b)",
        "INSERT INTO faults.m SELECT date '2025-01-01' + i % 50, i, i FROM generate_series(1, 9) i",
        "SET enable_seqscan = off",
        "SELECT * FROM faults.m WHERE a = 7",
        "SELECT * FROM faults.m WHERE a = 8 AND d = '2025-01-09'",
    )
    found = ask(
        faults,
        "SELECT index_name, is_partitioned, leaf_count, scans, rows_fetched, "
        "statistics_age > interval '0' AS is_aged, last_scan_at IS NOT NULL AS is_dated "
        "FROM performance_monitoring.index_usage WHERE schema_name = 'faults' ORDER BY 1",
    )
    dated = ask(faults, "SELECT current_setting('server_version_num')::int >= 160000 AS it")[0][
        "it"
    ]
    assert [tuple(row.values()) for row in found] == [
        ("idle", True, 2, 0, 0, True, False),
        ("used", True, 2, 3, found[1]["rows_fetched"], True, dated),
    ]
    unused = ask(
        faults,
        "SELECT index_name, drop_statement FROM performance_monitoring.unused_indexes "
        "WHERE schema_name = 'faults'",
    )
    assert unused == [{"index_name": "idle", "drop_statement": "DROP INDEX faults.idle"}]
    do(faults, unused[0]["drop_statement"])


def test_unused_index_that_a_foreign_key_needs_says_so(faults: Engine) -> None:
    do(
        faults,
        "CREATE TABLE faults.p (a int PRIMARY KEY)",
        "CREATE TABLE faults.c (a int REFERENCES faults.p, b int)",
        "CREATE INDEX needed ON faults.c (a)",
        "CREATE INDEX spare ON faults.c (b)",
    )
    found = ask(
        faults,
        "SELECT index_name, serves_foreign_key FROM performance_monitoring.unused_indexes "
        "WHERE schema_name = 'faults' ORDER BY 1",
    )
    assert [tuple(row.values()) for row in found] == [("needed", True), ("spare", False)]


# To tables of a few rows, from which nothing is deleted and by which nobody asks: phase 1 dropped
# the index of each, and none is to join them unseen. A prediction's recommendations are found by
# their key, which begins with the game.
WITHOUT = {
    "fk_alerts_alert_configuration_id",
    "fk_arbitrage_opportunities_first_sportsbook_id",
    "fk_arbitrage_opportunities_second_sportsbook_id",
    "fk_backtest_bets_sportsbook_id",
    "fk_betting_lines_unified_sportsbook_id",
    "fk_betting_recommendations_game_id_prediction_id",
    "fk_betting_recommendations_sportsbook_id",
    "fk_enhanced_games_league_id",
    "fk_enhanced_games_venue_id",
    "fk_game_id_mappings_league_id",
    "fk_line_movements_sportsbook_id",
    "fk_maintenance_runs_job_id",
    "fk_sportsbook_aliases_sportsbook_id",
    "fk_team_aliases_team_id",
    "fk_teams_home_venue_id",
    "fk_unified_betting_splits_sportsbook_id",
}


def test_the_packages_own_foreign_keys_have_indexes(shared_head: Engine) -> None:
    with shared_head.connect() as connection:
        found = asked(connection, "SELECT * FROM performance_monitoring.missing_fk_indexes")
    assert {row["constraint_name"] for row in found} ^ WITHOUT == set()
