"""Latency, plans and bytes on a real server; what is asserted is contents, never a speed."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import URL, Connection, text

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.document import Document
from mlb_perf.bench.judge.compare import compare
from mlb_perf.bench.measure import latency, storage
from mlb_perf.bench.measure.latency import Effort
from mlb_perf.bench.tools import probe, scripts
from mlb_perf.bench.tools.catalogue_runs import Took, askable, drawn, execute, statement_of
from mlb_perf.bench.tools.explain import Explainer
from mlb_perf.bench.tools.server_cpu import Clock, one_processor
from mlb_perf.engine import connect, driver
from mlb_perf.queries import Query
from tests.bench import made

# A scan of it takes so much longer than a probe that a busy machine does not hide it.
ROWS = 300_000
FEW = Effort(executions=24, sets=6, rounds=3, warm_up=1, seconds_per_question=5.0, at_least=5)


def number(_connection: Connection, random: Random) -> dict[str, Any]:
    return {"number": random.randrange(ROWS)}


def question(name: str, sql: str, target_ms: float = 1.0) -> Query:
    return Query(name, "Which?", sql, "joins", target_ms, (), number)


BY_INDEX = question(
    "by_index",
    "SELECT id, payload FROM operational.bench_numbers WHERE code = CAST(:number AS bigint) * 7",
)
BY_KEY = question(
    "by_key",
    "SELECT id, '100%' FROM operational.bench_numbers WHERE id = CAST(:number AS bigint)",
    target_ms=150,
)


@pytest.fixture
def numbers(connection: Connection) -> Iterator[None]:
    """A table of the catalogue's schemas with an index that a question needs."""
    connection.exec_driver_sql(
        "CREATE TABLE operational.bench_numbers AS"
        " SELECT n::bigint AS id, n::bigint * 7 AS code, repeat('x', 40) AS payload"
        f" FROM generate_series(0, {ROWS - 1}) AS n"
    )
    connection.exec_driver_sql("ALTER TABLE operational.bench_numbers ADD PRIMARY KEY (id)")
    connection.exec_driver_sql("CREATE INDEX bench_code ON operational.bench_numbers (code)")
    connection.exec_driver_sql("ANALYZE operational.bench_numbers")
    yield
    connection.exec_driver_sql("DROP TABLE operational.bench_numbers")


@pytest.mark.usefixtures("numbers")
def test_each_question_beside_a_probe(connection: Connection) -> None:
    by_index, by_key = latency.measure(connection, [BY_INDEX, BY_KEY], 1, FEW)
    assert (by_index.name, by_index.target_ms, by_key.target_ms) == ("by_index", 1.0, 150)
    for case in (by_index, by_key):
        assert len(case.samples_ms) == len(case.reference_ms) == 24
        assert all(value > 0 for value in (*case.samples_ms, *case.reference_ms))
        assert len(set(case.reference_ms)) <= FEW.rounds  # a median a round
        if Clock(connection).is_known:
            assert len(case.cpu_ms) == len(case.reference_cpu_ms) == 24
            assert 0 < sum(case.cpu_ms) <= sum(case.samples_ms) * 1.5
    assert by_index.indexes_used == ["operational.bench_code"]
    assert by_key.indexes_used == ["operational.bench_numbers_pkey"]
    assert by_index.row_count == by_key.row_count == 1
    assert by_index.plan == "Index Scan on operational.bench_numbers by operational.bench_code"
    assert by_index.details["pages"] >= 3


places_processes = pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="this system does not place processes"
)


@places_processes
def test_client_and_server_share_a_processor(connection: Connection) -> None:
    clock = Clock(connection)
    mine = os.sched_getaffinity(0)
    with one_processor(clock) as is_one:
        both = [os.sched_getaffinity(process) for process in (0, clock.pid)] if is_one else []
        assert both == [{max(mine)}] * len(both)
        assert clock.is_known or not is_one
    assert os.sched_getaffinity(0) == mine


@places_processes
def test_a_server_of_another_user_stays_where_it_is(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(process: int, _processors: set[int]) -> None:
        raise PermissionError(process)

    monkeypatch.setattr(os, "sched_setaffinity", refused)
    with one_processor(Clock(connection)) as is_one:
        assert not is_one


@pytest.mark.usefixtures("numbers")
def test_databases_answer_a_question_by_turns(
    filled: URL, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    sessions: list[int] = []

    def noted(on: Connection, clock: Clock, statement: str, *rest: Any) -> Took:
        if statement == statement_of(BY_KEY.sql):
            asked.append([connection.engine, other.engine].index(on.engine))
            sessions.append(driver(on).info.backend_pid)
        return execute(on, clock, statement, *rest)

    monkeypatch.setattr(latency, "execute", noted)
    with connect(engine_of(filled)) as other:
        cases = latency.measure_by_turns(
            [(connection, [BY_INDEX, BY_KEY]), (other, [BY_KEY])], 1, FEW
        )
    named = [[case.name for case in side] for side in cases]
    assert named == [["by_index", "by_key"], ["by_key"]]
    assert {len(case.samples_ms) for side in cases for case in side} == {FEW.executions}
    # In a round each has a new session and its share, one after the other.
    share = FEW.executions // FEW.rounds
    assert len(set(sessions)) == 2 * FEW.rounds
    for number in range(FEW.rounds):
        first, second, *turns = asked[number * 2 * (share + FEW.warm_up) :][: 2 * (share + 1)]
        assert (first, second) == (0, 1)
        assert sorted([turns[:share], turns[share:]]) == [[0] * share, [1] * share], number


@pytest.mark.usefixtures("numbers")
def test_a_dropped_index_is_reported_and_nothing_else(connection: Connection) -> None:
    """The same revision twice is no change; without the index, its question is the one."""
    asked = [BY_INDEX, BY_KEY]

    effort = dataclasses.replace(FEW, executions=60)

    def measured() -> Document:
        cases = latency.measure(connection, asked, 1, effort)
        return made.document(dataclasses.replace(made.run("after"), latency=cases))

    first, second = measured(), measured()
    # Of a busy machine's two runs one may be slower, but not by so much.
    assert [str(change) for change in compare(first, second, tolerance=3)] == []
    connection.exec_driver_sql("DROP INDEX operational.bench_code")
    third = measured()
    assert [c.name for c in compare(second, third, tolerance=3)] in ([], ["by_index"])
    change = next(c for c in compare(second, third) if c.name == "by_index")
    assert (change.verdict, change.is_regression) == ("slower", True)
    assert change.note == "the plan is another; no longer uses operational.bench_code"


def test_processor_time_is_not_waiting(connection: Connection) -> None:
    clock = Clock(connection)
    if not clock.is_known:
        pytest.skip("the server's processes cannot be seen from here")
    start = clock.milliseconds()
    connection.execute(text("SELECT pg_sleep(0.2)"))
    slept = clock.milliseconds() - start
    connection.execute(text("SELECT count(*) FROM generate_series(1, 400000)"))
    worked = clock.milliseconds() - start - slept
    assert 0 < slept < 100
    assert worked > slept


def test_the_probe_reads_a_table_that_no_revision_changes(connection: Connection) -> None:
    """And that is made once."""
    ids = probe.prepare(connection)
    assert probe.prepare(connection) == ids
    assert connection.exec_driver_sql(
        "SELECT min(id), max(id), count(*) FROM public.mlb_perf_bench_probe"
    ).one() == (ids[0], ids[-1], len(ids))
    plan = Explainer(connection).explain(probe.STATEMENT, {"id": ids[-1]})
    assert plan.outline.endswith("public.mlb_perf_bench_probe by mlb_perf_bench_probe_pkey")
    assert plan.rows == 1


def test_the_same_seed_asks_the_same(connection: Connection) -> None:
    values = drawn(connection, BY_KEY, 5, 4)
    assert values == drawn(connection, BY_KEY, 5, 4)
    assert values != drawn(connection, BY_KEY, 6, 4)
    assert len({value["number"] for value in values}) > 1


@pytest.mark.usefixtures("numbers")
def test_what_a_later_revision_brings_is_left_out(connection: Connection) -> None:
    later = question("later", "SELECT * FROM curated.not_yet")
    empty = dataclasses.replace(BY_KEY, name="empty", sample=_nothing_there)
    found, left_out = askable(connection, [later, BY_KEY, empty], 1)
    assert [query.name for query in found] == ["by_key"]
    assert left_out["later"].startswith("needs what a later revision brings: relation")
    assert left_out["empty"] == "no rows"
    with pytest.raises(Exception, match="syntax error"):
        askable(connection, [question("wrong", "SELECT FROM WHERE")], 1)


def _nothing_there(_connection: Connection, _random: Random) -> dict[str, Any]:
    raise LookupError("no rows")


def test_partitions_go_by_their_parent(connection: Connection) -> None:
    connection.exec_driver_sql(
        "CREATE TABLE operational.bench_months (id bigint, at date, PRIMARY KEY (id, at))"
        " PARTITION BY RANGE (at)"
    )
    try:
        for month in ("2026-06-01", "2026-07-01"):
            connection.exec_driver_sql(
                f'CREATE TABLE operational."bench {month}" PARTITION OF operational.bench_months'
                f" FOR VALUES FROM ('{month}') TO (date '{month}' + 30)"
            )
        connection.exec_driver_sql(
            "INSERT INTO operational.bench_months"
            " SELECT n, date '2026-06-01' + mod(n, 55) FROM generate_series(1, 4000) AS n"
        )
        connection.exec_driver_sql("ANALYZE operational.bench_months")
        plan = Explainer(connection).explain(
            "SELECT * FROM operational.bench_months WHERE id = %(id)s", {"id": 5}
        )
        assert plan.partitions == 2
        assert plan.indexes == ["operational.bench_months_pkey"]
        assert "on operational.bench_months by operational.bench_months_pkey" in plan.outline
        by_table = {size.table: size for size in storage.measure(connection)}
        size = by_table["operational.bench_months"]
        counted = connection.execute(
            text(
                "SELECT sum(pg_total_relation_size(relid))"
                " FROM pg_partition_tree('operational.bench_months')"
            )
        ).scalar_one()
        assert (size.rows, size.partitions, size.total) == (4000, 2, counted)
        assert not any("bench 2026" in table for table in by_table)
    finally:
        connection.exec_driver_sql("DROP TABLE operational.bench_months")


@pytest.mark.usefixtures("numbers")
def test_an_explained_write_is_rolled_back(connection: Connection) -> None:
    count = text("SELECT count(*) FROM operational.bench_numbers")
    Explainer(connection).explain("DELETE FROM operational.bench_numbers", {})
    assert connection.execute(count).scalar_one() == ROWS


def test_a_script_has_literals(connection: Connection) -> None:
    made_script = scripts.script(connection, dataclasses.replace(BY_KEY, target_ms=0.5), 1)
    values = drawn(connection, BY_KEY, 1, scripts.PARAMETER_SETS)
    lines = made_script.text.splitlines()
    assert (made_script.name, made_script.weight) == ("by_key", 100)
    assert lines[0] == f"\\set mlb_perf_choice random(1, {scripts.PARAMETER_SETS})"
    assert lines[1] == "\\if :mlb_perf_choice = 1"
    assert lines[2] == (
        "SELECT id, '100%' FROM operational.bench_numbers WHERE id = "
        f"CAST({values[0]['number']} AS bigint)"
    )
    assert lines[3] == ";"
    assert sum(line.startswith("\\elif") for line in lines) == scripts.PARAMETER_SETS - 1
    assert lines[-1] == "\\endif"


def test_weights_and_lookups() -> None:
    assert [scripts.weight(ms) for ms in (0.5, 1, 50, 200, 1e9)] == [100, 100, 2, 1, 1]
    assert scripts.is_lookup(BY_INDEX)
    assert not scripts.is_lookup(BY_KEY)
    assert not scripts.is_lookup(dataclasses.replace(BY_INDEX, category="monitoring"))


def test_parameters_as_psycopg2_takes_them() -> None:
    assert statement_of("SELECT '5%' AS a, b::text, CAST(:c AS int)") == (
        "SELECT '5%%' AS a, b::text, CAST(%(c)s AS int)"
    )
