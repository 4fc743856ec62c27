"""The tables go over to a cluster and come back, with every row; each test goes on from the last.

What is refused, a command and a worker that are killed in the middle, months, revisions, status.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from mlb_perf.citus import distribute
from mlb_perf.citus.layout import groups
from mlb_perf.citus.rows import digests
from mlb_perf.citus.undistribute import by_meaning
from mlb_perf.errors import MlbPerfError
from mlb_perf.migrate.catalog import read_catalog
from mlb_perf.monitor.probes import PROBES
from mlb_perf.monitor.report import assess
from mlb_perf.monitor.server_info import probing
from tests.support.catalogs import assert_same
from tests.support.citus import has_recovered, head_on_citus, needs_citus, workers
from tests.support.command_line import invoke
from tests.support.databases import engine_on, speak_to
from tests.support.processes import SECONDS, mlb_perf, started
from tests.support.sql import rows, run, value
from tests.support.waiting import eventually, wait_for_no_rows, wait_for_rows

pytestmark = [needs_citus, pytest.mark.usefixtures("before", "spoken_to")]

TABLES = [it.qualified for group in groups() for it in group]
DONE = (
    "SELECT logicalrelid::text FROM pg_dist_partition AS p JOIN pg_class AS c"
    " ON c.oid = p.logicalrelid AND NOT c.relispartition ORDER BY 1"
)
RUNNING = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT create_distributed_table%'"
SESSIONS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name LIKE 'citus_internal%'"
)
MONTH = "raw_data.odds_api_odds_2026_05"
MARK = "SELECT obj_description('raw_data_graveyard.odds_api_odds_2026_05'::regclass)"
SNAPSHOT = (
    "SELECT heap_bytes FROM performance_monitoring.table_history WHERE table_name = :table"
    " ORDER BY captured_at DESC LIMIT 1"
)
HERE = "SELECT scans FROM performance_monitoring.index_usage WHERE index_name = :index"
_FUNCTION = "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
_REBUILD = (
    "(schema_name, table_name, revision, direction, phase, shadow_name)"
    " VALUES ('curated', 'teams', '0099', 'upgrade', 'copying', 'x')"
)
Before = tuple[dict[str, tuple[int, int]], dict[str, str]]


def contents(engine: Engine) -> dict[str, tuple[int, int]]:
    """Rows and the sum of their hashes, of each table of the models that is not local."""
    with engine.connect() as connection:
        return digests(connection, TABLES)


def definitions(engine: Engine) -> dict[str, str]:
    """The objects of the database, CHECKs by meaning; of the schemas that each test can change."""
    with engine.connect() as connection:
        found = read_catalog(connection)
    return {
        key: by_meaning(text) if key.startswith("constraint ") else text
        for key, text in found.items()
    }


def refused(shards: int = 4) -> str:
    with pytest.raises(MlbPerfError) as caught:
        invoke("citus", "distribute", "--shards", shards)
    return str(caught.value)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Engine]:
    """An engine on a database of the coordinator at head, without a distributed table yet."""
    with head_on_citus() as url:
        yield engine_on(url)


@pytest.fixture
def spoken_to(cluster: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the database of all commands."""
    speak_to(cluster.url, monkeypatch)


@pytest.fixture(scope="module")
def before(cluster: Engine) -> Before:
    """The sample's rows, a comment on a month, and grants that a user added."""
    with pytest.MonkeyPatch.context() as patch:
        speak_to(cluster.url, patch)
        invoke("sample", "--here")
    run(
        cluster,
        f"COMMENT ON TABLE {MONTH} IS 'May''s rows'",
        "GRANT SELECT ON performance_monitoring.raw_rows TO PUBLIC",
        "CREATE VIEW public.own_games AS SELECT game_id FROM curated.enhanced_games",
        "COMMENT ON VIEW public.own_games IS 'a view of the user'",
    )
    return contents(cluster), definitions(cluster)


@pytest.mark.parametrize(
    ("fault", "sentence", "repair"),
    [
        (
            f"CREATE TRIGGER own AFTER INSERT ON curated.teams {_FUNCTION}",
            r"curated\.teams has the trigger own: drop it \(DROP TRIGGER own ON curated\.teams\)",
            "DROP TRIGGER own ON curated.teams",
        ),
        (
            "CREATE UNIQUE INDEX own ON curated.line_movements (movement_id)",
            "the unique index curated.own lacks the column game_id",
            "DROP INDEX curated.own",
        ),
        (
            "CREATE TABLE public.own (team_id bigint REFERENCES curated.teams)",
            "own: the foreign key own_team_id_fkey refers to curated.teams",
            "DROP TABLE public.own",
        ),
        (
            f"INSERT INTO performance_monitoring.rebuilds {_REBUILD}",
            "the rebuild of curated.teams is not finished",
            "DELETE FROM performance_monitoring.rebuilds WHERE revision = '0099'",
        ),
    ],
    ids=["trigger", "unique index", "foreign key", "rebuild"],
)
def test_refused_before_the_first_step(
    cluster: Engine, fault: str, sentence: str, repair: str
) -> None:
    run(cluster, fault)
    try:
        said = refused()
    finally:
        run(cluster, repair)
    assert said.startswith("nothing was changed: ")
    assert re.search(sentence, said), said
    assert rows(cluster, DONE) == []


def test_too_few_locks(cluster: Engine) -> None:
    said = refused(60_000)
    assert "raise max_locks_per_transaction there and restart it, or take fewer --shards" in said
    assert rows(cluster, DONE) == []


def test_a_command_that_is_killed_leaves_whole_transactions(
    cluster: Engine, before: Before
) -> None:
    """The server notices when the statement ends; nothing of the transaction is kept."""
    with started(mlb_perf("citus", "distribute", "--shards", 4)) as command:
        wait_for_rows(cluster, RUNNING)
        command.kill()
    wait_for_no_rows(cluster, RUNNING)
    assert rows(cluster, DONE) == []
    assert contents(cluster) == before[0]


def test_a_worker_that_is_killed_is_an_error_and_the_next_run_goes_on(
    cluster: Engine, before: Before
) -> None:
    """Transactions before it are kept, its own is undone; the next run takes up its tables."""
    with cluster.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        due = distribute.make_plan(connection, 4)
    assert len(due.conversions) > 2
    with started(mlb_perf("citus", "distribute", "--shards", 4)) as command:
        wait_for_rows(cluster, DONE)
        worker = workers(cluster)[0]
        since = value(worker, "SELECT clock_timestamp()")
        kill_a_session_of_the_coordinator(worker)
        _, errors = command.communicate(timeout=SECONDS)
    eventually(lambda: has_recovered(worker, since))
    assert command.returncode == 1
    assert errors.rstrip().endswith("run the same command again"), errors
    done = rows(cluster, DONE)
    assert len(due.conversions[0].tables) <= len(done) < len(TABLES)
    assert contents(cluster) == before[0]


def test_the_rest_is_distributed(cluster: Engine, before: Before) -> None:
    printed = invoke("citus", "distribute", "--shards", 4).stdout
    assert "curated.teams" not in printed
    assert printed.endswith("all tables lie as the models say; see mlb-perf citus status\n")
    assert [name for (name,) in rows(cluster, DONE)] == sorted(TABLES)
    assert contents(cluster) == before[0]
    with cluster.connect() as connection:
        assert distribute.make_plan(connection, 4).leftovers == ()
    assert invoke("citus", "plan").stdout == "all tables lie as the models say\n"
    assert_same(definitions(cluster), before[1])


def test_rows_of_a_game_are_on_one_node(cluster: Engine) -> None:
    """All tables of a key have their shards in one colocation group."""
    groups_of = rows(
        cluster,
        "SELECT column_to_column_name(logicalrelid, partkey), count(DISTINCT colocationid)"
        " FROM pg_dist_partition WHERE partmethod = 'h' GROUP BY 1 ORDER BY 1",
    )
    assert groups_of == [("external_game_id", 1), ("game_id", 1)]


def test_months_come_and_go(cluster: Engine, before: Before) -> None:
    invoke("partitions", "apply", "raw_data.odds_api_odds", "--from", "2026-03", "--to", "2026-04")
    printed = invoke("partitions", "detach", "raw_data.odds_api_odds", "2026-05").stdout
    assert "it is distributed by Citus" in printed
    assert "CONCURRENTLY" not in printed
    kept = before[0]["raw_data.odds_api_odds"][0]
    assert value(cluster, "SELECT count(*) FROM raw_data.odds_api_odds") == 0
    assert value(cluster, f"SELECT count(*) FROM {MONTH.replace('.', '_graveyard.')}") == kept
    invoke("partitions", "restore", "raw_data.odds_api_odds", "2026-05")
    assert contents(cluster) == before[0]
    for month in ("2026-03", "2026-04"):
        run(cluster, f"DROP TABLE raw_data.odds_api_odds_{month.replace('-', '_')}")


@pytest.mark.parametrize(
    "words", [("alembic", "downgrade", "0025"), ("rebuilds", "start", "staging.betting_splits")]
)
def test_a_rebuild_is_refused(cluster: Engine, words: tuple[str, ...]) -> None:
    tables = definitions(cluster)
    try:
        said = invoke(*words).output
    except MlbPerfError as error:
        said = str(error)
    assert "Citus distributes " in said
    assert "mlb-perf citus undistribute" in said
    assert_same(definitions(cluster), tables)


def test_status_counts_what_the_workers_do(cluster: Engine) -> None:
    """An index that only shards use is not unused; sizes are those of the shards."""
    table, index = "staging.betting_odds_unified", "own".ljust(63, "_")  # hashed in a shard's name
    run(cluster, f"CREATE INDEX {index} ON {table} (decimal_price)", f"ANALYZE {table}")
    assert index in figures(cluster, "unused_indexes")
    assert figures(cluster, "index_usage")[index].index_bytes > 0
    run(cluster, f"SELECT count(*) FROM {table} WHERE decimal_price = 1.5")
    eventually(lambda: figures(cluster, "index_usage")[index].scans)  # statistics are late
    assert index not in figures(cluster, "unused_indexes")
    assert value(cluster, HERE, index=index) == 0
    run(cluster, f"DROP INDEX staging.{index}")
    bloat = figures(cluster, "table_bloat", "table_name")["betting_odds_unified"]
    assert bloat.heap_bytes > value(
        cluster, "SELECT pg_relation_size('staging.betting_odds_unified')"
    )
    run(cluster, "SELECT performance_monitoring.capture_snapshot()")
    assert value(cluster, SNAPSHOT, table="betting_odds_unified") >= bloat.heap_bytes
    shards = {row.address: row.shards for row in answer(cluster, "cluster")}
    assert sum(shards.values()) == value(
        cluster, "SELECT count(*) FROM citus_shards WHERE citus_table_type = 'distributed'"
    )
    assert "worker" in invoke("citus", "status").stdout


def test_back_again(cluster: Engine, before: Before) -> None:
    """With rows, comments, privileges and the user's view; a month in the graveyard too."""
    run(cluster, f"COMMENT ON TABLE {MONTH} IS 'May''s rows'")
    invoke("partitions", "detach", "raw_data.odds_api_odds", "2026-05")
    mark = value(cluster, MARK)
    invoke("citus", "undistribute")
    assert rows(cluster, DONE) == []
    assert value(cluster, MARK) == mark
    invoke("partitions", "restore", "raw_data.odds_api_odds", "2026-05")
    assert value(cluster, f"SELECT obj_description('{MONTH}'::regclass)") == "May's rows"
    run(cluster, "DROP SCHEMA raw_data_graveyard")
    assert contents(cluster) == before[0]
    assert_same(definitions(cluster), before[1])


def answer(engine: Engine, probe: str) -> list[Any]:
    """The rows of one probe of status, with the figures of the nodes."""
    with probing(engine.url) as connection:
        answers = assess(connection, probes=[it for it in PROBES if it.name == probe]).answers
    (found,) = [it for it in answers if it.probe.name == probe]
    assert [f for f in found.findings if "does not answer" in f.meaning] == []
    return list(found.rows or ())


def figures(engine: Engine, probe: str, name: str = "index_name") -> dict[str, Any]:
    return {getattr(row, name): row for row in answer(engine, probe)}


def kill_a_session_of_the_coordinator(worker: Engine) -> None:
    """SIGKILL: the worker ends all its sessions and recovers, as after a crash of the machine."""
    pids = eventually(lambda: rows(worker, SESSIONS), what="a session of the coordinator")
    os.kill(pids[0][0], signal.SIGKILL)
