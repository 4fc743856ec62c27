"""Each role may do its part of the pipeline, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import roles
from mlb_perf.errors import ConfigurationError, LoadFailed, MlbPerfError
from mlb_perf.pipeline.sample import ODDS, SCHEDULE
from mlb_perf.queries import CATALOGUE
from tests.integration.support import remove_roles
from tests.support.command_line import invoke
from tests.support.databases import engine_on, speak_to
from tests.support.sql import rows, run, value

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
HELD = (
    "SELECT n.nspname || '.' || c.relname, p.name"
    " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    f" CROSS JOIN unnest(ARRAY{list(RIGHTS)}) AS p (name)"
    " WHERE n.nspname = ANY (ARRAY[{schemas}]) AND c.relkind IN ('r', 'p', 'v')"
    " AND NOT c.relispartition AND has_table_privilege('{role}', c.oid, p.name)"
).replace("{schemas}", ", ".join(f"'{schema}'" for schema in roles.SCHEMAS))


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


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda role: role.name)
def test_every_right_on_every_table(granted: Engine, role: roles.Role) -> None:
    """Those of the list are there, and no others; pg_monitor's reach the monitoring alone."""
    held = {(t, right) for t, right in rows(granted, HELD.replace("{role}", role.name))}
    tables = {t for t, _ in rows(granted, HELD.replace("{role}", granted.url.username or ""))}
    wanted = {
        (table, right)
        for table in tables
        for right in (*role.schemas.get(table.split(".")[0], ()), *role.tables.get(table, ()))
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


def test_an_analyst_asks_and_changes_nothing(
    granted: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    analyst = _as(granted, "analyst", monkeypatch)
    asked = [query for query in CATALOGUE if "performance_monitoring." not in query.sql]
    assert len(asked) > 40
    with analyst.connect() as connection:
        for query in asked:  # the rights are checked before a row is read
            statement = text(f"EXPLAIN {query.sql}")
            connection.execute(statement, dict.fromkeys(statement._bindparams))
    _refused(analyst, "UPDATE curated.teams SET name = name", "DELETE FROM analytics.backtest_bets",
             "SELECT 1 FROM performance_monitoring.maintenance_jobs")  # fmt: skip


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
    assert done.exit_code == 0, done.output
    _refused(maintain, "SELECT 1 FROM curated.teams", "INSERT INTO staging.games DEFAULT VALUES",
             "DROP TABLE performance_monitoring.maintenance_runs")  # fmt: skip


def test_what_later_revisions_bring(granted: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    run(granted, "CREATE TABLE staging.later (id bigserial, n int)")
    promote = _as(granted, "promote", monkeypatch)
    run(promote, "INSERT INTO staging.later (n) VALUES (1)")
    _refused(_as(granted, "ingest", monkeypatch), "SELECT 1 FROM staging.later")
    assert rows(_as(granted, "analyst", monkeypatch), "SELECT n FROM staging.later") == [(1,)]
    run(granted, "DROP TABLE staging.later")


def _refused(engine: Engine, *statements: str) -> None:
    for statement in statements:
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
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
