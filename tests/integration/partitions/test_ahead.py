"""Months without a thought: the job makes them, grants go along, DEFAULT rows are spread."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import PartitionFailed
from tests.integration.partitions.market import HEALTH, KEYS, LEAVES, TABLE, make, this_month
from tests.support.command_line import invoke
from tests.support.sql import rows, run, value

GRANTS = (
    "SELECT relname, x.grantee::regrole::text, x.privilege_type, x.is_grantable"
    " FROM pg_class AS c, aclexplode(c.relacl) AS x WHERE c.oid IN (SELECT inhrelid FROM"
    f" pg_inherits WHERE inhparent = '{TABLE}'::regclass) AND x.grantee <> c.relowner"
    " ORDER BY 1, 2, 3"
)
REST = "market.quote_rest"


def test_the_timer_alone_makes_the_months(head: Engine) -> None:
    """A table without any runs dry in status, and `mlb-perf maintain` makes what it lacks."""
    make(head)
    run(head, "INSERT INTO performance_monitoring.partition_policies (schema_name, table_name,"
              " partition_column, strategy, months_ahead) VALUES ('market', 'gone', 'seen',"
              " 'month', 3)")  # fmt: skip
    assert [problem for _, problem in rows(head, HEALTH)] == ["months missing ahead"]
    assert invoke("maintain").exit_code == 0
    assert rows(head, HEALTH) == []
    assert len(rows(head, LEAVES)) == 2
    [(made,)] = rows(head, "SELECT details -> 'rows' FROM performance_monitoring.maintenance_runs"
                           " JOIN performance_monitoring.maintenance_jobs USING (job_id)"
                           " WHERE name = 'partitions'")  # fmt: skip
    assert made == 2
    assert invoke("maintain", "--job", "partitions").exit_code == 0
    assert len(rows(head, LEAVES)) == 2


def test_new_partitions_get_the_grants_of_their_table(head: Engine) -> None:
    """Made by SQL and by the command, the same; the owner's own are not written out."""
    make(head)
    run(head, "DROP ROLE IF EXISTS mlb_test_reader", "CREATE ROLE mlb_test_reader",
        f"GRANT SELECT, INSERT ON {TABLE} TO mlb_test_reader",
        f"GRANT SELECT ON {TABLE} TO pg_monitor WITH GRANT OPTION")  # fmt: skip
    try:
        assert invoke("partitions", "apply", TABLE).exit_code == 0
        by_command = rows(head, GRANTS)
        assert len(by_command) == 2 * 3
        assert {row[1:] for row in by_command} == {
            ("mlb_test_reader", "INSERT", False), ("mlb_test_reader", "SELECT", False),
            ("pg_monitor", "SELECT", True),
        }  # fmt: skip
        run(head, *(f"DROP TABLE market.{leaf}" for leaf, _ in rows(head, LEAVES)))
        assert invoke("maintain", "--job", "partitions").exit_code == 0
        assert rows(head, GRANTS) == by_command
    finally:
        run(head, "DROP OWNED BY mlb_test_reader", "DROP ROLE mlb_test_reader")


@pytest.mark.parametrize(("period", "suffix"), [("week", "%G_w%V"), ("day", "%Y_%m_%d")])
def test_weeks_and_days(head: Engine, period: str, suffix: str) -> None:
    """Made by the command and by the job alike; kept as long as the policy says."""
    make(head)
    run(head, f"UPDATE performance_monitoring.partition_policies SET strategy = '{period}',"
              " months_ahead = 9 WHERE table_name = 'quote'")  # fmt: skip
    assert [problem for _, problem in rows(head, HEALTH)] == ["months missing ahead"]
    planned = invoke("partitions", "plan", TABLE).stdout
    assert planned.count("ATTACH PARTITION") == 10
    assert invoke("partitions", "apply", TABLE).exit_code == 0
    by_command = rows(head, LEAVES)
    today = dt.datetime.now(dt.UTC)
    first = today - dt.timedelta(days=today.weekday() if period == "week" else 0)
    length = dt.timedelta(days=7 if period == "week" else 1)
    assert [name for name, _ in by_command] == [
        f"quote_{first + number * length:{suffix}}" for number in range(10)
    ]
    assert rows(head, HEALTH) == []
    run(head, *(f"DROP TABLE market.{leaf}" for leaf, _ in by_command))
    assert invoke("maintain", "--job", "partitions").exit_code == 0
    assert rows(head, LEAVES) == by_command

    old = first - 5 * length
    said = invoke("partitions", "apply", TABLE, "--from", f"{old:%Y-%m-%d}",
                  "--to", f"{old:%Y-%m-%d}").stdout  # fmt: skip
    assert f"created market.quote_{old:{suffix}}" in said
    assert "gap" in [problem for _, problem in rows(head, HEALTH)]
    detached = invoke("partitions", "detach", TABLE).stdout  # two are kept
    assert f"detached market.quote_{old:{suffix}} " in detached
    which = f"{old:%G-W%V}" if period == "week" else f"{old:%Y-%m-%d}"
    assert f"restored market.quote_{old:{suffix}}" in invoke(
        "partitions", "restore", TABLE, which
    ).stdout  # fmt: skip
    run(head, f"INSERT INTO {TABLE} (id, seen) VALUES (1, '{old:%Y-%m-%d} 12:00+00')")


@pytest.mark.parametrize("key", KEYS)
def test_rows_of_a_default_partition_are_spread(head: Engine, key: str) -> None:
    """In batches, each row visible all the time; cut off in the middle, it goes on."""
    make(head, key)
    # Its columns are in another order than the table's.
    run(head, f"CREATE TABLE {REST} (note text, seen {key} NOT NULL, id int NOT NULL, book int,"
              " price int CONSTRAINT quote_price_check CHECK (price <> 0))",
        f"ALTER TABLE {TABLE} ATTACH PARTITION {REST} DEFAULT",
        f"INSERT INTO {TABLE} (id, seen, book, price, note) SELECT g, (date_trunc('month', now(),"
        " 'UTC') AT TIME ZONE 'UTC' - interval '40 days' + g * interval '3 hours')"
        f"::{key}, 1, g, 'n' || g FROM generate_series(1, 600) AS g")  # fmt: skip
    before = rows(head, f"SELECT * FROM {TABLE} ORDER BY id")
    run(head, f"INSERT INTO {TABLE} (id, seen) VALUES (0, '-infinity'), (1, 'infinity')")
    assert value(head, f"SELECT count(*) FROM {REST}") == 602
    first = invoke("partitions", "spread", TABLE, "--rows", "100")
    assert first.exit_code == 0
    assert first.stdout.count(" rows\n") >= 6
    assert rows(head, f"SELECT * FROM {TABLE} WHERE isfinite(seen) ORDER BY id") == before
    assert rows(head, f"SELECT id FROM {REST} ORDER BY id") == [(0,), (1,)]  # no month has them
    months = {name for name, bounds in rows(head, LEAVES) if bounds != "DEFAULT"}
    month = this_month(head)
    assert f"quote_{month:%Y_%m}" in months
    assert 3 <= len(months) <= 5
    assert not any("from" in name for name in months)
    assert ("quote_rest", "default partition") in rows(head, HEALTH)
    run(head, f"ALTER TABLE {TABLE} DETACH PARTITION {REST}")
    assert "default partition" not in [problem for _, problem in rows(head, HEALTH)]


def test_a_spread_that_was_cut_off_goes_on(head: Engine) -> None:
    """A row that no batch may move stops it; the partition of that month grows on afterwards."""
    make(head)
    run(head, f"CREATE TABLE {REST} PARTITION OF {TABLE} DEFAULT",
        f"INSERT INTO {TABLE} (id, seen, book) SELECT g, timestamptz '2026-03-01 00:00+00' +"
        " g * interval '1 hour', 1 FROM generate_series(0, 99) AS g",
        "CREATE FUNCTION market.stop() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN IF OLD.id = 60 THEN RAISE EXCEPTION ''not this one''; END IF; RETURN OLD; END'",
        f"CREATE TRIGGER stop BEFORE DELETE ON {REST} FOR EACH ROW EXECUTE FUNCTION"
        " market.stop()")  # fmt: skip
    with pytest.raises(PartitionFailed, match="not this one"):
        invoke("partitions", "spread", TABLE, "--rows", "25")
    assert value(head, f"SELECT count(*) FROM {TABLE}") == 100
    assert value(head, "SELECT count(*) FROM market.quote_2026_03") == 50
    run(head, f"DROP TRIGGER stop ON {REST}")
    assert invoke("partitions", "spread", TABLE).exit_code == 0
    assert rows(head, LEAVES) == [
        ("quote_2026_03",
         "FOR VALUES FROM ('2026-03-01 00:00:00+00') TO ('2026-04-01 00:00:00+00')"),
        ("quote_rest", "DEFAULT"),
    ]  # fmt: skip
    run(head, f"ALTER TABLE {TABLE} DETACH PARTITION {REST}")
    with pytest.raises(PartitionFailed, match="has no DEFAULT partition"):
        invoke("partitions", "spread", TABLE)
