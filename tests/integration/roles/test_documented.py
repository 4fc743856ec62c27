"""Each role may run the commands and has the rights that docs/security.md lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from typer.testing import Result

from mlb_perf import roles
from mlb_perf.errors import CatalogMismatch, MlbPerfError
from mlb_perf.migrate.config import alembic_config
from mlb_perf.migrate.ini import target
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.monitor.web import Site
from mlb_perf.pipeline.promote.follow import Follower, Interval
from mlb_perf.pipeline.sample import SCHEDULE
from mlb_perf.schemas import MIGRATE_ROLE
from tests.integration.roles.logins import as_role
from tests.integration.test_traps import every_command
from tests.support.command_line import invoke
from tests.support.databases import speak_to
from tests.support.sql import run, value

SECURITY = Path(__file__).parents[3] / "docs/security.md"
ODDS_TABLE = "raw_data.odds_api_odds"
WITH_REST = "raw_data.with_rest"
"""A partitioned table of the group's, with a row in its DEFAULT partition."""
MONTH = (ODDS_TABLE, "--from", "2027-10", "--to", "2027-10")
WORK = {
    "`promote --follow`": "UPDATE raw_data.odds_api_odds SET processed_at = NULL",
    "`roles apply`": "GRANT DELETE ON curated.teams TO mlb_perf_analyst",
}
"""Without it these commands would have nothing to do."""
MAKE_WITH_REST = f"""
CREATE TABLE {WITH_REST} (at timestamptz PRIMARY KEY) PARTITION BY RANGE (at);
CREATE TABLE raw_data.rest PARTITION OF {WITH_REST} DEFAULT;
INSERT INTO {WITH_REST} VALUES ('2026-07-03');
INSERT INTO performance_monitoring.partition_policies
    (schema_name, table_name, partition_column, strategy)
VALUES ('raw_data', 'with_rest', 'at', 'month')
"""
REFUSED = re.compile("permission denied|must be owner|may not use|has no effect as this role")
LACKS = re.compile("GRANT pg_monitor|not known: permission denied")
COMMANDS: dict[str, Callable[[], object]] = {
    "`load`": lambda: invoke("load", SCHEDULE),
    "`promote`": lambda: invoke("promote"),
    "`promote --follow`": lambda: _follow(),
    "`promote --retry`": lambda: invoke("promote", "--retry"),
    "`alias`": lambda: invoke("alias", "team", "Los Angeles Dodgers Club", "LAD"),
    "`status`": lambda: invoke("status", "--all"),
    "`serve`": lambda: _serve(),
    "`maintain`": lambda: invoke("maintain", "--job", "snapshot", "--job", "maintenance"),
    "`maintain --list`": lambda: invoke("maintain", "--list"),
    "`maintain --schedule`": lambda: invoke("maintain", "--schedule"),
    "`partitions apply`": lambda: invoke("partitions", "apply", *MONTH),
    "`partitions plan`": lambda: invoke("partitions", "plan"),
    "`partitions hold`": lambda: invoke("partitions", "hold", ODDS_TABLE),
    "`partitions release`": lambda: invoke("partitions", "release", ODDS_TABLE),
    "`partitions detach`": lambda: invoke("partitions", "detach", ODDS_TABLE, "2026-06"),
    "`partitions restore`": lambda: invoke("partitions", "restore", ODDS_TABLE, "2026-06"),
    "`partitions drop`": lambda: invoke("partitions", "drop", ODDS_TABLE, "--yes"),
    "`partitions spread`": lambda: invoke("partitions", "spread", WITH_REST),
    "`partitions undo`": lambda: invoke("partitions", "undo", WITH_REST),
    "`rebuilds start`": lambda: invoke("rebuilds", "start", "curated.teams"),
    "`rebuilds list`": lambda: invoke("rebuilds", "list"),
    "`info`": lambda: invoke("info"),
    "`plan`": lambda: invoke("plan", "0031"),
    "`adopt`": lambda: invoke("adopt", "--check"),
    "`alembic downgrade`": lambda: command.downgrade(alembic_config(), "-1"),
    "`alembic upgrade`": lambda: command.upgrade(alembic_config(), "head"),
    "`alembic current`": lambda: command.current(alembic_config()),
    "`roles plan`": lambda: invoke("roles", "plan"),
    "`roles check`": lambda: invoke("roles", "check"),
    "`roles apply`": lambda: invoke("roles", "apply"),
    "`schema`": lambda: invoke("schema"),
    "`docs`": lambda: invoke("docs"),
    "`grafana`": lambda: invoke("grafana"),
}


def test_the_commands(granted: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every statement that they execute, as the table of docs/security.md says."""
    heading, *table = _table("| command |")
    assert list(COMMANDS) == [row[0] for row in table]
    assert _without_a_row() == []
    run(granted, f"SET ROLE {MIGRATE_ROLE}; {MAKE_WITH_REST}",
        "UPDATE performance_monitoring.partition_policies SET graveyard_days = 0")  # fmt: skip
    speak_to(granted.url, monkeypatch)
    assert invoke("partitions", "detach", ODDS_TABLE, "2026-05").exit_code == 0
    assert [f"`{role.name}`" for role in roles.ROLES] == heading[1:]
    wrong = []
    for row, run_command in zip(table, COMMANDS.values(), strict=True):
        # The refused ones first: they must have changed nothing.
        for role, answer in sorted(zip(roles.ROLES, row[1:], strict=True), key=lambda it: it[1]):
            if row[0] in WORK:
                run(granted, WORK[row[0]])
            as_role(granted, role.name.removeprefix("mlb_perf_"), monkeypatch)
            if (found := "yes" if _is_allowed(run_command) else "no") != answer:
                wrong.append((row[0], role.name, found))
    assert wrong == []


def _without_a_row() -> list[str]:
    """Commands that the table lacks, but for those that the text below it names."""
    listed = [row.strip("`") for row in COMMANDS]
    return [
        name
        for name in every_command()
        if name.split()[0] not in ("db", "bench", "alembic", "citus", "generate", "sample")
        and name not in (*listed, "rebuilds drop", "alias team", "alias book")
    ]


def _follow() -> None:
    """Until the first report, which comes after the first look for rows."""
    reported: list[Interval] = []
    url = target().connect_url()
    Follower(url, lambda: bool(reported), reported.append, report_seconds=0).run()


def _serve() -> bool:
    """Whether the page is there, and every probe has an answer."""
    site = Site(target().connect_url(), Thresholds(), 60, is_local=True)
    ask = {"REQUEST_METHOD": "GET", "HTTP_HOST": "localhost"}
    statuses: list[str] = []
    answers = [
        b"".join(site({**ask, "PATH_INFO": path}, lambda status, _: statuses.append(status)))
        for path in ("/", "/metrics")
    ]
    return statuses == ["200 OK"] * 2 and not re.search(rb"probe_success\{.*\} 0\.0", answers[1])


def test_the_rights(granted: Engine) -> None:
    """The table of docs/security.md says what the roles are made with."""
    assert _table("| role |")[1:] == [
        [
            f"`{role.name}`",
            role.purpose,
            "; ".join(f"{schema}: {_list(rights)}" for schema, rights in role.schemas.items()),
            "; ".join(f"{table}: {_list(rights)}" for table, rights in role.tables.items()),
            _others(role),
        ]
        for role in roles.ROLES
    ]
    assert value(
        granted,
        "SELECT bool_and(NOT rolcanlogin AND NOT rolsuper) FROM pg_roles"
        " WHERE rolname ~ '^mlb_perf_[a-z]+$' AND rolname <> current_user",
    )


def _list(rights: tuple[str, ...]) -> str:
    return ", ".join(rights)


def _others(role: roles.Role) -> str:
    return "; ".join(
        (
            *(["owns the schemas and the version table", "CREATE in the database and its schema"]
              if role.owns else []),
            *(f"{name}()" if "." in name else f"functions of {name}" for name in role.functions),
            *(["TEMPORARY"] if role.makes_temporary else []),
            *(f"member of {name}" for name in role.member_of),
            *(["MAINTAIN everywhere (PostgreSQL 17)"] if role.maintains else []),
        )
    )  # fmt: skip


def _table(heading: str) -> list[list[str]]:
    """The cells of the table that begins so, without the line below its heading."""
    lines = SECURITY.read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(heading))
    table = list(takewhile(lambda line: line.startswith("|"), lines[start:]))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return [cells[0], *cells[2:]]


def _is_allowed(run_command: Callable[[], object]) -> bool:
    try:
        found = run_command()
    except CatalogMismatch:  # `adopt`, of a database that is managed already
        return True
    except (DBAPIError, MlbPerfError, CommandError) as error:
        if not REFUSED.search(str(error)):
            raise
        return False
    if isinstance(found, bool):
        return found
    return not (isinstance(found, Result) and LACKS.search(found.output))
