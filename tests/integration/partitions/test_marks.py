"""A mark counts in the schema of a policy, on a table of the parent's owner, and nowhere else."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import PartitionFailed
from tests.integration.partitions.market import LEAVES, make
from tests.support.command_line import invoke
from tests.support.sql import rows, run

ROLE = f"mallory{os.environ.get('PYTEST_XDIST_WORKER', '')}"
FAULTS = (
    "SELECT schema_name || '.' || partition_name, fault"
    " FROM performance_monitoring.detached_partitions ORDER BY 1"
)
MARK: dict[str, object] = {
    "schema": "market", "table": "quote", "start": "2020-01-01T00:00:00+00:00",
    "end": "2020-02-01T00:00:00+00:00", "detached_at": "2020-03-01T00:00:00+00:00",
    "comment": None, "checks": [],
}  # fmt: skip


@pytest.fixture
def shared_with_mallory(market: Engine) -> Iterator[Engine]:
    """Mallory may create tables in the graveyard, and owns a schema named like one."""
    make(market)
    run(
        market,
        f"DROP ROLE IF EXISTS {ROLE}",
        f"CREATE ROLE {ROLE}",
        f"CREATE SCHEMA evil_graveyard AUTHORIZATION {ROLE}",
        "CREATE SCHEMA market_graveyard",
        f"GRANT CREATE, USAGE ON SCHEMA market_graveyard TO {ROLE}",
    )
    yield market
    run(market, f"DROP OWNED BY {ROLE} CASCADE", f"DROP ROLE {ROLE}")


def _forge(engine: Engine, name: str, comment: str, role: str = ROLE, *more: str) -> None:
    run(
        engine,
        f"SET ROLE {role}; CREATE TABLE {name} (id int NOT NULL, seen timestamptz NOT NULL,"
        " book int, price int, note text)",
        f"COMMENT ON TABLE {name} IS $c$mlb_perf detached: {comment}$c$",
        *more,
    )


def test_forged_marks_are_named_and_passed_over(shared_with_mallory: Engine) -> None:
    engine = shared_with_mallory
    forged = json.dumps(MARK)
    owner = engine.url.username or ""
    _forge(engine, "evil_graveyard.quote_2020_01", forged)
    _forge(engine, "market_graveyard.by_another", forged)
    _forge(engine, "market_graveyard.by_the_owner", forged, owner,
           "CREATE FUNCTION market_graveyard.fire() RETURNS trigger LANGUAGE plpgsql AS"
           " 'BEGIN RETURN NULL; END'",
           "CREATE TRIGGER fire AFTER INSERT ON market_graveyard.by_the_owner"
           " EXECUTE FUNCTION market_graveyard.fire()")  # fmt: skip
    _forge(engine, "market_graveyard.elsewhere", forged.replace('"market"', '"curated"'), owner)
    assert rows(engine, FAULTS) == [
        ("market_graveyard.by_another",
         f"its owner is {ROLE}, and that of the parent is {owner}"),
        ("market_graveyard.by_the_owner", "it has triggers, rules or row security"),
        ("market_graveyard.elsewhere", "its comment names a table of the schema curated"),
    ]  # fmt: skip
    before = rows(engine, LEAVES)
    for which in ("2020-01", "by_another", "by_the_owner"):
        with pytest.raises(PartitionFailed, match=r"market_graveyard.by_another is passed over"):
            invoke("partitions", "restore", "market.quote", which)
    assert invoke("partitions", "drop", "--yes").exit_code == 0
    assert rows(engine, LEAVES) == before
    there = "SELECT count(*) FROM pg_class WHERE relname = ANY (ARRAY['by_another','by_the_owner'])"
    assert rows(engine, there) == [(2,)]


@pytest.mark.parametrize(
    "comment",
    [
        "{", "{}", "[]", '"text"', "", '{"schema": {"a": 1}, "table": "quote"}',
        *(json.dumps({**MARK, name: wrong}) for name, wrong in [
            ("start", "yesterday-ish"), ("start", "infinity"), ("end", "99999-01-01"),
            ("detached_at", "4714-01-01 BC"), ("detached_at", 12), ("checks", 5),
            ("checks", [1]), ("checks", {"a": []}), ("schema", None), ("table", None),
        ]),
    ],
)  # fmt: skip
def test_a_broken_mark_stops_no_command(shared_with_mallory: Engine, comment: str) -> None:
    """Whoever wrote it; `status` names the table, too."""
    _forge(shared_with_mallory, "market_graveyard.broken", comment)
    assert "market_graveyard.broken is passed over" in invoke("partitions", "plan").output
    problems = (
        "SELECT table_name, problem FROM performance_monitoring.partition_health"
        " WHERE schema_name = 'market_graveyard'"
    )
    assert rows(shared_with_mallory, problems) == [("broken", "mark not believed")]
