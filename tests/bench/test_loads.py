"""Loading and many clients on a real server: rows and counts, never a speed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, text

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.document import Load
from mlb_perf.bench.measure import concurrency, write_batches
from mlb_perf.bench.measure.bare_copy import BARE
from mlb_perf.bench.measure.write_batches import WAYS
from mlb_perf.bench.tools import pgbench, pooler, scripts
from mlb_perf.bench.tools.catalogue_runs import drawn
from mlb_perf.bench.tools.pgbench import Script
from mlb_perf.bench.tools.session_sampler import watched
from mlb_perf.engine import connect
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.queries import CATALOGUE, get

has_pooler = pytest.mark.skipif(pooler.program() is None, reason="PgBouncer is not installed")


@contextmanager
def copied(server_url: URL, url: URL, name: str) -> Iterator[URL]:
    """A copy that a test may change."""
    with connect(engine_of(server_url)) as admin:
        admin.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {url.database}")
        try:
            yield url.set(database=name)
        finally:
            admin.exec_driver_sql(f"DROP DATABASE {name}")


def test_every_way_writes_the_same_rows(server_url: URL, filled: URL, name: str) -> None:
    few = write_batches.Effort(batches=((20, 2), (50, 1)), promoting=((20, 1),))
    with copied(server_url, filled, name) as url:
        with connect(engine_of(url)) as connection:
            before = count(connection, "raw_data.odds_api_odds")
        cases = write_batches.measure(url, few)
        with connect(engine_of(url)) as connection:
            assert_same_rows(connection)
            added = count(connection, "raw_data.odds_api_odds") - before
            assert added == count(connection, BARE) == len(WAYS) * (3 * 20 + 2 * 50 + 2 * 20)
            sessions = connection.execute(
                text("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE '%promote'")
            )
            assert sessions.scalar_one() == 0
    assert [case.name for case in cases] == [
        *(f"{way}/20" for way in WAYS),
        *(f"{way}/50" for way in WAYS),
        *(f"{way}/20 while promoting" for way in WAYS),
    ]
    assert [len(case.samples_ms) for case in cases] == [2] * 4 + [1] * 8
    assert all(len(case.reference_ms) == len(case.samples_ms) for case in cases)


def count(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def assert_same_rows(connection: Connection) -> None:
    """What each way wrote is what the bare COPY before it wrote."""
    columns = "external_game_id, sportsbook_key, collected_at, payload, origin"
    for one, other in ((BARE, "raw_data.odds_api_odds"), ("raw_data.odds_api_odds", BARE)):
        differing = connection.exec_driver_sql(
            f"SELECT {columns} FROM {one} WHERE external_game_id LIKE '%%~%%'"
            f" EXCEPT SELECT {columns} FROM {other}"
        ).all()
        assert differing == []


def test_lookups_of_several_clients(filled: URL) -> None:
    queries = [query for query in CATALOGUE if query.name in ("line_as_of", "board_of_day")]
    few = concurrency.Effort(clients=(2,), seconds=1, mixed_clients=(3,))
    loads, left_out = concurrency.measure(filled, queries, 1, few, with_pooler=False)
    assert left_out == {"pgbouncer": "left out by --no-pooler"}
    assert [(x.workload, x.way, x.clients, x.rate is None) for x in loads] == [
        ("primary key", "direct", 2, True), ("lookups", "direct", 2, True),
        ("lookups", "direct, prepared", 2, True), ("mixed", "direct", 3, True),
        ("lookups", "direct", 2, False),
    ]  # fmt: skip
    for load in loads:
        assert (load.errors, load.connected, load.note) == (0, load.clients, "")
        assert 0 < load.min_ms <= load.p50_ms <= load.p95_ms <= load.p99_ms <= load.max_ms
        counted = sum(script["transactions"] for script in load.scripts.values())
        assert counted == load.transactions > 0
        assert sum(load.waits.values()) <= 1.01
    assert set(loads[1].scripts) == set(loads[2].scripts) == {"line_as_of"}
    assert set(loads[3].scripts) <= {"line_as_of", "board_of_day"}


def test_a_prepared_script_takes_the_values_of_each_set(connection: Connection) -> None:
    query = get("line_as_of")
    made = scripts.prepared(connection, query, 1)
    values = drawn(connection, query, 1, scripts.PARAMETER_SETS)
    assert set(made.variables) == {f"line_as_of_{name}" for name in values[0]}
    first, *_, last = made.text.splitlines()
    assert (first, last) == ("\\set mlb_perf_choice random(1, 16)", ";")
    game = "game_id = (CAST(:line_as_of_game_id AS bigint[]))[CAST(:mlb_perf_choice AS integer)]"
    assert game in made.text
    arrays = {
        name: connection.execute(
            text(f"SELECT CAST(:given AS {kind}[])"),
            {"given": made.variables[f"line_as_of_{name}"]},
        ).scalar_one()
        for name, kind in (("moment", "timestamptz"), ("game_date", "date"), ("source", "text"))
    }
    for name, array in arrays.items():
        assert array == [one[name] for one in values]


@pytest.mark.parametrize(("said", "can"), [("1.18.0", False), ("1.21.0", True), ("2.0", True)])
def test_poolers_that_keep_prepared_statements(
    said: str, can: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pgbouncer"
    program.write_text(f"#!/bin/sh\necho PgBouncer {said}\necho libevent 2.1.12-stable\n")
    program.chmod(0o755)
    monkeypatch.setattr(pooler, "program", lambda: program)
    assert pooler.can_prepare() is can


@has_pooler
def test_through_the_pooler(connection: Connection, filled: URL) -> None:
    probe = scripts.of_probe(connection, 1)
    clients = pooler.server_connections() + 30
    with pooler.pooled(filled) as through, watched(filled, through) as seen:
        load = Load("primary key", "pgbouncer", clients, seconds=1)
        done = pgbench.run(load, through, [probe])
        servers = connection.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'")
        ).scalar_one()
    assert (done.errors, seen.connected) == (0, clients)
    assert 0 < servers <= pooler.server_connections()
    with pytest.raises(Exception, match="No such file"), connect(engine_of(through)):
        pytest.fail("the pooler goes on")


def test_nothing_is_counted_while_sessions_fill_their_caches(
    connection: Connection, filled: URL
) -> None:
    """A script is asked for a millisecond of each new session: here for two seconds."""
    load, probe = Load("primary key", "direct", 2, seconds=1), scripts.of_probe(connection, 1)
    warm_up = pgbench.warm_up(load, [probe], 2000)
    assert 2 < warm_up < 3
    with watched(filled, warm_up=warm_up + 60) as seen:
        done = pgbench.run(load, filled, [probe], new_sessions=2000)
    assert 0 < len(done.windows) * pgbench.WINDOW_SECONDS <= 2
    assert (seen.connected, seen.waits.total()) == (2, 0)


def test_an_error_is_counted(filled: URL) -> None:
    wrong = Script("wrong", "SELECT 1 / (random() * 0)::int;\n", 1)
    load = Load("wrong", "direct", 2, seconds=1)
    done = pgbench.run(load, filled, [wrong])
    assert (done.errors, done.transactions, done.p50_ms) == (2, 0, 0)
    assert "division by zero" in done.note
    with pytest.raises(BenchmarkFailed, match="pgbench ended with status"):
        pgbench.run(load, filled, [dataclasses.replace(wrong, text="\\nonsense\n")])


def test_too_many_clients_are_not_tried(filled: URL) -> None:
    few = concurrency.Effort(clients=(100_000,), seconds=1, mixed_clients=(), open_loop=False)
    loads, _ = concurrency.measure(filled, [], 1, few, with_pooler=False)
    assert [load.transactions for load in loads] == [0]
    assert "connections to spare; raise max_connections" in loads[0].note
