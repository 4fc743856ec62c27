"""What status makes of indexes, sequences and tables; and each remedy, typed, ends the finding."""

from __future__ import annotations

import pytest
from psycopg2.errors import UniqueViolation
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from tests.integration.status.support import asked, found, of, session
from tests.support.command_line import invoke
from tests.support.sql import rows, run

EVERY_INDEX = (
    "unused_index_minimum_bytes=0",
    "unused_index_minimum_days=0",
    "duplicate_index_minimum_bytes=0",
)


def _names(findings: list[dict[str, object]]) -> set[object]:
    return {finding["object"] for finding in findings}


def test_an_index_left_invalid(watched: Engine) -> None:
    run(watched, "CREATE TABLE curated.left_behind (n int)",
        "INSERT INTO curated.left_behind VALUES (1), (1)")  # fmt: skip
    with pytest.raises(IntegrityError) as refused:
        run(watched, "CREATE UNIQUE INDEX CONCURRENTLY ux_left ON curated.left_behind (n)")
    assert isinstance(refused.value.orig, UniqueViolation)
    finding = of(found("invalid_indexes"), "curated.ux_left")
    assert finding["severity"] == "warning"
    assert finding["remedy"] == "DROP INDEX CONCURRENTLY curated.ux_left"
    run(watched, finding["remedy"])
    assert found("invalid_indexes")[0]["meaning"] == "every index is valid"


def test_a_duplicate_and_a_prefix(watched: Engine) -> None:
    run(watched, "CREATE TABLE curated.twice (a int, b int)",
        "CREATE INDEX ix_twice_ab ON curated.twice (a, b)",
        "CREATE INDEX ix_twice_ab_again ON curated.twice (a, b)",
        "CREATE INDEX ix_twice_a ON curated.twice (a)")  # fmt: skip
    findings = found("duplicate_indexes", *EVERY_INDEX)
    again = of(findings, "curated.ix_twice_ab_again")
    prefix = of(findings, "curated.ix_twice_a")
    assert "is the same as ix_twice_ab on twice" in again["meaning"]
    assert "has the leading columns of ix_twice_ab on twice" in prefix["meaning"]
    run(watched, again["remedy"], prefix["remedy"])
    assert not {"curated.ix_twice_ab_again", "curated.ix_twice_a", "curated.ix_twice_ab"} & _names(
        found("duplicate_indexes", *EVERY_INDEX)
    )


def test_small_indexes_are_counted_not_named(watched: Engine) -> None:
    run(watched, "CREATE TABLE curated.small (n int)", "CREATE INDEX ON curated.small (n)",
        "CREATE INDEX ON curated.small (n)", "CREATE INDEX ON curated.small (n)")  # fmt: skip
    (finding,) = found("duplicate_indexes")
    count = rows(watched, "SELECT count(*) FROM performance_monitoring.duplicate_indexes")[0][0]
    assert finding["severity"] == "ok"
    assert count > 1
    assert finding["meaning"] == f"{count} small indexes covered by another"
    run(watched, "DROP TABLE curated.small")


def test_an_index_without_a_scan(watched: Engine) -> None:
    """Named only once the statistics are old enough; before that, status says that they are not."""
    run(watched, "CREATE TABLE curated.unasked (n int)",
        "CREATE INDEX ix_unasked_n ON curated.unasked (n)")  # fmt: skip
    assert found("unused_indexes")[0]["meaning"].startswith("not judged yet: statistics are ")
    finding = of(found("unused_indexes", *EVERY_INDEX), "curated.ix_unasked_n")
    assert finding["remedy"] == "DROP INDEX CONCURRENTLY curated.ix_unasked_n"
    run(watched, finding["remedy"])
    assert "curated.ix_unasked_n" not in _names(found("unused_indexes", *EVERY_INDEX))


def test_a_foreign_key_without_an_index(watched: Engine) -> None:
    run(watched, "CREATE TABLE curated.parent (id int PRIMARY KEY)",
        "CREATE TABLE curated.child (parent_id int CONSTRAINT to_parent REFERENCES curated.parent)",
        "ANALYZE curated.child")  # fmt: skip
    limit = "foreign_key_minimum_rows=0"
    assert "curated.child to_parent" not in _names(found("missing_fk_indexes", limit))
    run(watched, "INSERT INTO curated.parent VALUES (1), (2)",
        "DELETE FROM curated.parent WHERE id = 1", "SELECT pg_stat_force_next_flush()")  # fmt: skip
    finding = of(found("missing_fk_indexes", limit), "curated.child to_parent")
    assert "each DELETE in curated.parent (1 so far) reads the whole" in finding["meaning"]
    run(watched, finding["remedy"])
    assert "curated.child to_parent" not in _names(found("missing_fk_indexes", limit))


def test_a_sequence_near_its_end(watched: Engine) -> None:
    run(watched, "CREATE TABLE curated.narrow (id smallserial PRIMARY KEY)",
        "SELECT setval('curated.narrow_id_seq', 30000)")  # fmt: skip
    finding = of(found("sequence_headroom"), "curated.narrow_id_seq")
    assert (finding["severity"], finding["unit"], finding["threshold"]) == (
        "critical", "ratio", 0.9,
    )  # fmt: skip
    assert finding["figure"] == pytest.approx(30000 / 32767, abs=0.0001)
    assert finding["meaning"].startswith("2,767 numbers left for curated.narrow.id;")
    run(watched, finding["remedy"])
    assert found("sequence_headroom")[0]["severity"] == "ok"


def test_transaction_ids(watched: Engine) -> None:
    """2^31 of them are not to be used up here: the limit comes to meet the figure."""
    (calm,) = found("wraparound_headroom")
    assert (calm["severity"], calm["unit"], calm["threshold"]) == ("ok", "ratio", 0.4)
    findings = found("wraparound_headroom", "wraparound_critical_ratio=0")
    name = rows(watched, "SELECT current_database()")[0][0]
    finding = of(findings, f"database {name}")
    assert finding["severity"] == "critical"
    assert finding["remedy"] == f"vacuumdb --freeze --dbname {name}"
    table = of(findings, "table curated.enhanced_games")
    assert table["remedy"] == "VACUUM (FREEZE) curated.enhanced_games"


def test_bloat(watched: Engine) -> None:
    run(watched, 'CREATE TABLE curated."Fat Table" (n int, t text)',
        """INSERT INTO curated."Fat Table" SELECT g, repeat('x', 200)
           FROM generate_series(1, 5000) AS g""",
        'DELETE FROM curated."Fat Table" WHERE n % 10 > 0', 'ANALYZE curated."Fat Table"',
        "SELECT pg_stat_force_next_flush()")  # fmt: skip
    finding = of(found("table_bloat", "bloat_minimum_bytes=100000"), "curated.Fat Table")
    assert (finding["severity"], finding["threshold"]) == ("critical", 0.8)
    assert finding["figure"] == pytest.approx(0.9, abs=0.05)
    assert finding["meaning"].endswith(", 4,500 dead rows")
    assert """table_bloat_exact('curated."Fat Table"')""" in finding["meaning"]
    run(watched, finding["remedy"])
    dead = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'Fat Table'"
    assert rows(watched, dead) == [(0,)]
    assert "curated.Fat Table" not in _names(found("table_bloat"))


def test_statistics_that_are_absent_and_old(watched: Engine) -> None:
    run(watched, "CREATE TABLE curated.changing (n int)",
        "INSERT INTO curated.changing SELECT generate_series(1, 5000)",
        "SELECT pg_stat_force_next_flush()")  # fmt: skip
    absent = of(found("statistics", "unanalyzed_minimum_bytes=100000"), "curated.changing")
    assert absent["meaning"] == "never analyzed: the planner guesses"
    run(watched, absent["remedy"], "UPDATE curated.changing SET n = -n",
        "SELECT pg_stat_force_next_flush()")  # fmt: skip
    limit = "stale_statistics_minimum_rows=1000"
    old = of(found("statistics", limit), "curated.changing")
    assert old["figure"] == pytest.approx(1.0, abs=0.01)
    assert old["meaning"].startswith("5,000 rows changed since 20")
    run(watched, old["remedy"])
    assert "curated.changing" not in _names(found("statistics", limit))


def test_a_partitioned_table_that_nobody_analyzed(watched: Engine) -> None:
    run(watched, "CREATE TABLE curated.months (d date) PARTITION BY RANGE (d)",
        "CREATE TABLE curated.july PARTITION OF curated.months FOR VALUES"
        " FROM ('2026-07-01') TO ('2026-08-01')",
        "INSERT INTO curated.months SELECT '2026-07-04' FROM generate_series(1, 5000)",
        "ANALYZE curated.july")  # fmt: skip
    if rows(watched, "SELECT reltuples FROM pg_class WHERE relname = 'july'") != [(5000,)]:
        pytest.fail("the partition was not analyzed")
    finding = of(found("statistics", "unanalyzed_minimum_bytes=100000"), "curated.months")
    run(watched, finding["remedy"])
    assert "curated.months" not in _names(found("statistics", "unanalyzed_minimum_bytes=100000"))


def test_a_table_that_somebody_locks(watched: Engine) -> None:
    """Status does not wait for it and does not hide what it could not ask."""
    with session(watched) as migration:
        migration.cursor().execute("LOCK TABLE curated.teams IN ACCESS EXCLUSIVE MODE")
        answer = asked()
    unknown = {f["probe"]: f for f in answer["findings"] if "55P03" in f["meaning"]}
    assert "index_usage" in unknown
    assert "table_bloat" in unknown
    for finding in unknown.values():
        assert (finding["severity"], finding["figure"]) == ("warning", None)
        assert (
            "[SQLSTATE 55P03]; another session, such as a migration, holds a lock"
            in finding["meaning"]
        )
    assert not any("55P03" in f["meaning"] for f in asked()["findings"])


def test_names_that_try_to_break_out(watched: Engine) -> None:
    """A remedy for a table of any name is about that table alone, and the screen stays one."""
    name = 'x; DROP TABLE curated.prey; --"\x1b[31m\n'
    quoted = '"' + name.replace('"', '""') + '"'
    run(watched, "CREATE TABLE curated.prey ()", f"CREATE TABLE curated.{quoted} (n int)",
        f"INSERT INTO curated.{quoted} SELECT generate_series(1, 5000)")  # fmt: skip
    finding = of(found("statistics", "unanalyzed_minimum_bytes=100000"), f"curated.{name}")
    run(watched, finding["remedy"], "SELECT FROM curated.prey")
    assert f"curated.{name}" not in _names(found("statistics", "unanalyzed_minimum_bytes=100000"))
    run(watched, f"CREATE INDEX ON curated.{quoted} (n)", f"CREATE INDEX ON curated.{quoted} (n)")
    shown = invoke("status", "--all", "--threshold", "duplicate_index_minimum_bytes=0").stdout
    assert "\x1b" not in shown
    run(watched, f"DROP TABLE curated.{quoted}")
