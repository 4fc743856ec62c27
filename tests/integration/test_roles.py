"""Each role may do its part of the pipeline, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product, takewhile
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from typer.testing import Result

from mlb_perf import roles
from mlb_perf.engine import execute
from mlb_perf.errors import CatalogMismatch, ConfigurationError, LoadFailed, MlbPerfError
from mlb_perf.migrate.config import alembic_config
from mlb_perf.migrate.ini import target
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.monitor.web import Site
from mlb_perf.pipeline.promote.follow import Follower, Interval
from mlb_perf.pipeline.sample import ODDS, SCHEDULE
from mlb_perf.queries import CATALOGUE
from mlb_perf.schemas import MIGRATE_ROLE
from tests.integration.support import remove_roles
from tests.integration.test_traps import every_command
from tests.support.command_line import invoke
from tests.support.databases import engine_on, speak_to
from tests.support.sql import rows, run, value

SCHEMAS = ", ".join(f"'{schema}'" for schema in roles.SCHEMAS)
SECURITY = Path(__file__).parents[2] / "docs/security.md"
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
BY_COLUMN = {
    "promotion_backlog": ["mlb_perf_maintain"],
    "promotion_overdue": ["mlb_perf_maintain"],
    "feed_freshness": ["mlb_perf_maintain"],
    "rejections_by_reason": ["mlb_perf_monitor", "mlb_perf_maintain"],
}
"""Questions that need times and reasons alone, which the revisions grant to pg_monitor."""
NAME = re.compile(rf"\b(?P<schema>{'|'.join(roles.SCHEMAS)})\.[a-z]\w*\b(?!\()")
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
HELD = (
    "SELECT n.nspname || '.' || c.relname, p.name"
    " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    f" CROSS JOIN unnest(ARRAY{list(RIGHTS)}) AS p (name)"
    " WHERE n.nspname = ANY (ARRAY[{schemas}]) AND c.relkind IN ('r', 'p', 'v')"
    " AND NOT c.relispartition AND has_table_privilege('{role}', c.oid, p.name)"
).replace("{schemas}", SCHEMAS)


@pytest.fixture(scope="module")
def granted(shared_head: Engine) -> Iterator[Engine]:
    """A database with the roles, and a login in each of them."""
    with pytest.MonkeyPatch.context() as patch:
        speak_to(shared_head.url, patch)
        assert invoke("roles", "apply").exit_code == 0
        months = ("--from", "2026-04", "--to", "2026-06")
        invoke("partitions", "apply", "raw_data.odds_api_odds", *months)
    for role in roles.ROLES:
        run(shared_head, f"DROP ROLE IF EXISTS {_login(role)}",
            f"CREATE ROLE {_login(role)} LOGIN IN ROLE {role.name}")  # fmt: skip
    yield shared_head
    for role in roles.ROLES:
        run(shared_head, f"DROP OWNED BY {_login(role)}", f"DROP ROLE {_login(role)}")
    remove_roles(shared_head)


def _login(role: roles.Role) -> str:
    return f"a_{role.name}"


def _as(engine: Engine, part: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The commands speak as the login of a role."""
    url = engine.url.set(username=f"a_mlb_perf_{part}")
    speak_to(url, monkeypatch)
    return engine_on(url)


def test_applied_once_nothing_is_lacking(granted: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_to(granted.url, monkeypatch)
    assert invoke("roles", "plan").output == "-- nothing is lacking\n"
    assert invoke("roles", "check").exit_code == 0
    run(granted, "GRANT DELETE ON curated.teams TO mlb_perf_analyst",
        "GRANT SELECT ON curated.teams TO PUBLIC",
        "REVOKE INSERT ON raw_data.odds_api_odds FROM mlb_perf_ingest")  # fmt: skip
    assert invoke("roles", "plan").output.splitlines() == [
        "GRANT INSERT ON TABLE raw_data.odds_api_odds TO mlb_perf_ingest;",
        "REVOKE DELETE ON TABLE curated.teams FROM mlb_perf_analyst;",
        "REVOKE SELECT ON TABLE curated.teams FROM PUBLIC;",
    ]
    with pytest.raises(ConfigurationError, match="3 statements are lacking"):
        invoke("roles", "check")
    assert invoke("roles", "apply").exit_code == 0
    assert invoke("roles", "check").exit_code == 0


@pytest.mark.parametrize("role", roles.ROLES[1:], ids=lambda role: role.name)
def test_every_right_on_every_table(granted: Engine, role: roles.Role) -> None:
    """Those of the list are there, and no others; pg_monitor's reach the monitoring alone."""
    held = {(t, right) for t, right in rows(granted, HELD.replace("{role}", role.name))}
    tables = {t for t, _ in rows(granted, HELD.replace("{role}", granted.url.username or ""))}
    wanted = {
        (table, right)
        for table in tables
        for right in (*role.schemas.get(table.split(".")[0], ()), *role.tables.get(table, ()))
        if "(" not in right  # of a column
    }
    assert held == wanted
    is_any = "SELECT rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles"
    assert value(granted, f"{is_any} WHERE rolname = '{role.name}'") is False


def test_the_parts_of_the_pipeline(granted: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loaded by one, promoted by another; neither may do the other's part."""
    ingest = _as(granted, "ingest", monkeypatch)
    for path in (SCHEDULE, ODDS):
        assert invoke("load", path).exit_code == 0
    _refused(ingest, "SELECT 1 FROM curated.teams", "DELETE FROM raw_data.odds_api_odds",
             "SELECT 1 FROM staging.games", "TRUNCATE raw_data.odds_api_odds",
             "CREATE TABLE raw_data.mine (n int)",
             "UPDATE staging.rejected_records SET reason = ''",
             "INSERT INTO performance_monitoring.maintenance_jobs (name, command, every_minutes)"
             " VALUES ('x', 'SELECT 1', 5)")  # fmt: skip
    with pytest.raises((DBAPIError, MlbPerfError), match="permission denied"):
        invoke("promote")
    promote = _as(granted, "promote", monkeypatch)
    assert invoke("promote").exit_code == 0
    assert invoke("alias", "team", "Los Angeles Dodgers Club", "LAD").exit_code == 0
    _refused(promote, "INSERT INTO raw_data.odds_api_odds DEFAULT VALUES",
             "DROP TABLE staging.games", "SELECT 1 FROM analytics.ml_experiments",
             "TRUNCATE staging.games", "ALTER TABLE curated.teams ADD n int")  # fmt: skip
    with pytest.raises(LoadFailed, match="permission denied"):
        invoke("load", ODDS)
    assert value(granted, "SELECT count(*) FROM curated.betting_lines_unified") > 0


def test_the_catalogue(granted: Engine) -> None:
    """Every question by every role: answered if the role may read all that it names."""
    wrong = []
    with granted.connect() as connection:
        for role, query in product(roles.ROLES, CATALOGUE):
            statement = text(f"EXPLAIN {query.sql}")  # rights are checked before a row is read
            execute(connection, f"SET ROLE {role.name}")
            try:
                connection.execute(statement, dict.fromkeys(statement._bindparams))
                answered = True
            except ProgrammingError:
                answered = False
            connection.rollback()
            by_column = role.name in BY_COLUMN.get(query.name, ())
            if answered != (by_column or _may_read(role, query.sql)):
                wrong.append((role.name, query.name, answered))
    assert wrong == []


def _may_read(role: roles.Role, statement: str) -> bool:
    named = {found[0]: found["schema"] for found in NAME.finditer(statement)}
    assert named
    return role.owns or all(
        "SELECT" in (*role.schemas.get(schema, ()), *role.tables.get(name, ()))
        for name, schema in named.items()
    )


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
            _as(granted, role.name.removeprefix("mlb_perf_"), monkeypatch)
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


def test_watching_and_maintaining(granted: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = _as(granted, "monitor", monkeypatch)
    status = invoke("status", "--all")
    assert status.exit_code in (0, 1, 2)
    assert "GRANT pg_monitor" not in status.output, "a probe lacks a right"
    _refused(monitor, "SELECT 1 FROM curated.teams", "SELECT 1 FROM raw_data.odds_api_odds",
             "DELETE FROM performance_monitoring.table_history",
             "SELECT * FROM performance_monitoring.run_maintenance()")  # fmt: skip
    with pytest.raises((DBAPIError, MlbPerfError), match="permission denied"):
        invoke("maintain")
    maintain = _as(granted, "maintain", monkeypatch)
    done = invoke("maintain")
    failed = [line for line in done.output.splitlines() if "failed" in line]
    assert (done.exit_code, failed) == (0, []), done.output
    assert invoke("maintain").exit_code == 0
    _refused(maintain, "UPDATE performance_monitoring.maintenance_jobs SET command = 'SELECT 1'",
             "INSERT INTO performance_monitoring.maintenance_jobs (name, command, every_minutes)"
             " VALUES ('x', 'ALTER ROLE a_mlb_perf_maintain SUPERUSER', 5)",
             "UPDATE performance_monitoring.partition_policies SET months_ahead = 200",
             "DELETE FROM performance_monitoring.rebuilds",
             "DELETE FROM performance_monitoring.optimization_log",
             "SELECT 1 FROM curated.teams", "INSERT INTO staging.games DEFAULT VALUES",
             "DROP TABLE performance_monitoring.maintenance_runs")  # fmt: skip


def test_what_later_revisions_bring(granted: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    run(granted, f"SET ROLE {MIGRATE_ROLE}; CREATE TABLE staging.later (id bigserial, n int)")
    promote = _as(granted, "promote", monkeypatch)
    run(promote, "INSERT INTO staging.later (n) VALUES (1)")
    _refused(_as(granted, "ingest", monkeypatch), "SELECT 1 FROM staging.later")
    assert rows(_as(granted, "analyst", monkeypatch), "SELECT n FROM staging.later") == [(1,)]
    run(granted, "DROP TABLE staging.later")


def _refused(engine: Engine, *statements: str) -> None:
    for statement in statements:
        with pytest.raises(DBAPIError, match=r"[Pp]ermission denied|must be owner"):
            run(engine, statement)


def test_functions_that_are_created_again_keep_their_rights(
    granted: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the maintenance would fail after an upgrade until the roles are applied."""
    speak_to(granted.url, monkeypatch)
    for words in (("downgrade", "0031"), ("upgrade", "head")):
        assert invoke("alembic", *words).exit_code == 0
        held = "has_function_privilege('mlb_perf_maintain', oid, 'EXECUTE')"
        assert rows(granted, f"SELECT proname, {held} FROM pg_proc WHERE proname IN"
                             " ('capture_snapshot', 'thin_history') ORDER BY 1"
        ) == [("capture_snapshot", True), ("thin_history", True)]  # fmt: skip
    assert invoke("roles", "plan").output == "-- nothing is lacking\n"
