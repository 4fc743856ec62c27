"""Each role may do its part of the pipeline, and nothing else."""

from __future__ import annotations

import re
from itertools import product

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from mlb_perf import roles
from mlb_perf.engine import execute
from mlb_perf.errors import ConfigurationError, LoadFailed, MlbPerfError
from mlb_perf.pipeline.sample import ODDS, SCHEDULE
from mlb_perf.queries import CATALOGUE
from mlb_perf.schemas import MIGRATE_ROLE
from tests.integration.roles.logins import as_role, refused
from tests.support.command_line import invoke
from tests.support.databases import speak_to
from tests.support.sql import rows, run, value

SCHEMAS = ", ".join(f"'{schema}'" for schema in roles.SCHEMAS)
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
    ingest = as_role(granted, "ingest", monkeypatch)
    for path in (SCHEDULE, ODDS):
        assert invoke("load", path).exit_code == 0
    refused(ingest, "SELECT 1 FROM curated.teams", "DELETE FROM raw_data.odds_api_odds",
             "SELECT 1 FROM staging.games", "TRUNCATE raw_data.odds_api_odds",
             "CREATE TABLE raw_data.mine (n int)",
             "UPDATE staging.rejected_records SET reason = ''",
             "INSERT INTO performance_monitoring.maintenance_jobs (name, command, every_minutes)"
             " VALUES ('x', 'SELECT 1', 5)")  # fmt: skip
    with pytest.raises((DBAPIError, MlbPerfError), match="permission denied"):
        invoke("promote")
    promote = as_role(granted, "promote", monkeypatch)
    assert invoke("promote").exit_code == 0
    assert invoke("alias", "team", "Los Angeles Dodgers Club", "LAD").exit_code == 0
    refused(promote, "INSERT INTO raw_data.odds_api_odds DEFAULT VALUES",
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


def test_watching_and_maintaining(granted: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = as_role(granted, "monitor", monkeypatch)
    status = invoke("status", "--all")
    assert status.exit_code in (0, 1, 2)
    assert "GRANT pg_monitor" not in status.output, "a probe lacks a right"
    refused(monitor, "SELECT 1 FROM curated.teams", "SELECT 1 FROM raw_data.odds_api_odds",
             "DELETE FROM performance_monitoring.table_history",
             "SELECT * FROM performance_monitoring.run_maintenance()")  # fmt: skip
    with pytest.raises((DBAPIError, MlbPerfError), match="permission denied"):
        invoke("maintain")
    maintain = as_role(granted, "maintain", monkeypatch)
    done = invoke("maintain")
    failed = [line for line in done.output.splitlines() if "failed" in line]
    assert (done.exit_code, failed) == (0, []), done.output
    assert invoke("maintain").exit_code == 0
    refused(maintain, "UPDATE performance_monitoring.maintenance_jobs SET command = 'SELECT 1'",
             "INSERT INTO performance_monitoring.maintenance_jobs (name, command, every_minutes)"
             " VALUES ('x', 'ALTER ROLE a_mlb_perf_maintain SUPERUSER', 5)",
             "UPDATE performance_monitoring.partition_policies SET months_ahead = 200",
             "DELETE FROM performance_monitoring.rebuilds",
             "DELETE FROM performance_monitoring.optimization_log",
             "SELECT 1 FROM curated.teams", "INSERT INTO staging.games DEFAULT VALUES",
             "DROP TABLE performance_monitoring.maintenance_runs")  # fmt: skip


def test_what_later_revisions_bring(granted: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    run(granted, f"SET ROLE {MIGRATE_ROLE}; CREATE TABLE staging.later (id bigserial, n int)")
    promote = as_role(granted, "promote", monkeypatch)
    run(promote, "INSERT INTO staging.later (n) VALUES (1)")
    refused(as_role(granted, "ingest", monkeypatch), "SELECT 1 FROM staging.later")
    assert rows(as_role(granted, "analyst", monkeypatch), "SELECT n FROM staging.later") == [(1,)]
    run(granted, "DROP TABLE staging.later")


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
