"""No command calls what another role placed in ``public``.

The commands run as a superuser, in a database where that role owns functions and operators that
fit the package's expressions better than PostgreSQL's own. Each of them raises when it is called.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, NotSupportedError

from mlb_perf import sql
from mlb_perf.citus.nodes import on_node
from mlb_perf.cli.commands import COMMANDS as CLI
from mlb_perf.cli.commands import load
from mlb_perf.errors import CatalogMismatch, DistributionFailed, NameConflict
from mlb_perf.pipeline.sample import SCHEDULE
from mlb_perf.roles import SCHEMAS
from tests.integration.support import remove_roles
from tests.support import traps
from tests.support.command_line import invoke
from tests.support.sql import run, value

ROLE = f"mallory{os.environ.get('PYTEST_XDIST_WORKER', '')}"
MONTH = "2024-07"
TABLE = "raw_data.odds_api_odds"
OWN = "mine.seen"
"""A user's table, with a row in its DEFAULT partition."""

COMMANDS = [
    ("info",),
    ("generate", "--scale", "0.001", "--staging-days", "400", "--workers", "1"),
    ("sample", "--here"),
    ("load", SCHEDULE),
    ("promote", "--retry", "--remake"),
    ("alias", "team", "Los Angeles Trappers", "LAD"),
    ("alias", "book", "trap house", "draftkings"),
    ("status", "--all"),
    ("status", "--prometheus"),
    ("status", "--html", "/dev/null"),
    ("grafana",),
    ("docs",),
    ("maintain",),
    ("maintain", "--list"),
    ("partitions", "plan"),
    ("partitions", "apply", TABLE, "--from", MONTH, "--to", MONTH),
    ("partitions", "hold", TABLE),
    ("partitions", "release", TABLE),
    ("partitions", "detach", TABLE, MONTH),
    ("partitions", "restore", TABLE, MONTH),
    ("partitions", "drop", TABLE),
    ("partitions", "spread", OWN),
    ("partitions", "undo", OWN),
    ("rebuilds", "start", OWN),
    ("rebuilds", "list"),
    ("rebuilds", "drop", "--all"),
    ("plan", "0025"),
    ("alembic", "current"),
    ("alembic", "check"),
    ("alembic", "downgrade", "0025"),
    ("alembic", "upgrade", "head"),
    ("adopt", "--check"),
    ("roles", "plan"),
    ("roles", "apply"),
    ("roles", "check"),
    ("schema",),
    *(("citus", work) for work in ("plan", "distribute", "undistribute", "status")),
]


@pytest.fixture
def trapped(head: Engine) -> Iterator[Engine]:
    run(head, "CREATE SCHEMA mine",
        f"CREATE TABLE {OWN} (at timestamptz PRIMARY KEY) PARTITION BY RANGE (at)",
        f"CREATE TABLE mine.rest PARTITION OF {OWN} DEFAULT",
        f"INSERT INTO {OWN} VALUES ('{MONTH}-03')",
        "INSERT INTO performance_monitoring.partition_policies"
        " (schema_name, table_name, partition_column, strategy)"
        " VALUES ('mine', 'seen', 'at', 'month')")  # fmt: skip
    traps.plant(head, ROLE)
    yield head
    traps.remove(head, ROLE)
    remove_roles(head)


def test_the_list_names_every_command() -> None:
    """But for `db` and `bench`, whose server and databases are the package's own.

    `serve` runs the statements of `status --html`.
    """
    tried = [" ".join((*map(str, words), "")) for words in COMMANDS]
    names = [name for name in every_command() if name.split()[0] not in ("db", "bench", "serve")]
    assert len(names) > 15
    assert [name for name in names if not any(one.startswith(f"{name} ") for one in tried)] == []


def every_command() -> list[str]:
    """Every command, with its group before it."""
    return [
        f"{name} {below}".strip()
        for name in CLI
        for below in getattr(load(name), "commands", {"": None})
    ]


def test_no_command_steps_into_a_trap(trapped: Engine) -> None:
    with pytest.raises(DBAPIError, match=traps.CAUGHT):
        value(trapped, "SELECT format('%s', 'a'::text)")
    with pytest.raises(DBAPIError, match=traps.CAUGHT):
        value(trapped, "SELECT 'a'::varchar || 'b'::varchar")
    for words in COMMANDS:
        # That there is no Citus is found after the session began.
        assert _status(words) == int(words[0] == "citus") or words[0] == "status", words
    assert value(trapped, "SELECT pg_catalog.count(*) FROM curated.line_movements") > 0


def _status(words: tuple[object, ...]) -> int:
    try:
        result = invoke(*words)
    except CatalogMismatch:  # `adopt`, of a database that is managed already
        return 0 if words[0] == "adopt" else 1
    except DistributionFailed as error:
        return 1 if "extension citus" in str(error) else 2
    assert traps.CAUGHT not in result.output, words
    return result.exit_code


def test_what_nodes_of_a_cluster_are_asked_steps_into_no_trap(trapped: Engine) -> None:
    """Their sessions have the usual search_path, also the one on the coordinator."""
    query = sql.read("monitor/index_bloat.sql")
    with pytest.raises(DBAPIError, match=f"{traps.CAUGHT}|operator is not unique"):
        run(trapped, query)
    try:
        answer = value(trapped, on_node(query))
    except NotSupportedError:
        pytest.skip("this server was built without XML, which the packages of Debian have")
    assert {row["schema_name"] for row in json.loads(answer)} <= {*SCHEMAS}


def test_a_forged_version_table_is_refused(empty: Engine) -> None:
    """Its trigger would run as the superuser who upgrades."""
    run(
        empty,
        f"DROP ROLE IF EXISTS {ROLE}",
        f"CREATE ROLE {ROLE}",
        f"GRANT CREATE ON SCHEMA public TO {ROLE}",
        f"SET ROLE {ROLE}; CREATE TABLE public.alembic_version (version_num text PRIMARY KEY)",
    )
    try:
        with pytest.raises(NameConflict, match=rf"belongs to {ROLE}.*OWNER TO"):
            invoke("info")
        assert f"belongs to {ROLE}" in invoke("alembic", "upgrade", "head").output
    finally:
        run(empty, f"DROP OWNED BY {ROLE} CASCADE", f"DROP ROLE {ROLE}")
