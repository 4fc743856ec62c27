"""What status answers to roles with fewer rights; nothing is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from mlb_perf.settings import URL_VARIABLE
from tests.integration.status.support import asked, found, of, session
from tests.support.command_line import invoke
from tests.support.sql import run


@pytest.fixture
def role(watched: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A role that may connect and no more, as which all commands then speak."""
    name = "mlb_perf_test_onlooker"
    run(watched, f"DROP ROLE IF EXISTS {name}", f"CREATE ROLE {name} LOGIN PASSWORD 'onlooker'")
    url = watched.url.set(username=name, password="onlooker")
    monkeypatch.setenv(URL_VARIABLE, url.render_as_string(hide_password=False))
    yield name
    run(watched, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def test_a_role_without_the_schema(role: str) -> None:
    result = invoke("status")
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"GRANT USAGE ON SCHEMA performance_monitoring TO {role}" in result.stderr
    assert f"GRANT pg_monitor TO {role}" in result.stderr
    assert "onlooker:***@" in result.stderr or "@" not in result.stderr


def test_a_role_with_the_schema_alone(watched: Engine, role: str) -> None:
    """Each view that it may not ask is a warning with what is to be granted."""
    run(watched, f"GRANT USAGE ON SCHEMA performance_monitoring TO {role}")
    answer = asked()
    refused = [f for f in answer["findings"] if "[SQLSTATE 42501]" in f["meaning"]]
    assert {"blocking_locks", "table_bloat", "slow_queries", "maintenance_jobs"} <= {
        f["probe"] for f in refused
    }
    assert {(f["severity"], f["figure"], f["remedy"]) for f in refused} == {
        ("warning", None, f"GRANT pg_monitor TO {role}")
    }
    exported = invoke("status", "--prometheus")
    assert exported.exit_code == 0
    assert 'mlb_perf_probe_success{probe="blocking_locks"} 0' in exported.stdout
    assert 'mlb_perf_probe_success{probe="rights"} 1' in exported.stdout
    run(watched, *{str(f["remedy"]) for f in refused})
    assert [f for f in asked()["findings"] if "[SQLSTATE 42501]" in f["meaning"]] == []


def test_a_member_of_pg_monitor(watched: Engine, role: str) -> None:
    """It sees all but what the tables hold, and status says that it does not."""
    run(watched, f"GRANT USAGE ON SCHEMA performance_monitoring TO {role}",
        f"GRANT pg_monitor TO {role}", "CREATE TABLE curated.hidden AS SELECT 1 AS n",
        "ANALYZE curated.hidden")  # fmt: skip
    with session(watched, "scraper") as idle:
        idle.cursor().execute("SELECT 'of another role'")
        answer = asked("--threshold", "idle_transaction_warning_seconds=0")
    findings = {f["probe"]: f for f in answer["findings"]}
    assert not [f for f in answer["findings"] if "SQLSTATE" in f["meaning"]]
    # Sessions of other databases of the server are seen too.
    opened = [f["meaning"] for f in answer["findings"] if f["probe"] == "long_transactions"]
    assert any("SELECT 'of another role'" in meaning for meaning in opened), opened
    assert findings["rights"]["severity"] == "ok"
    assert "tables not readable: no bloat estimate" in findings["rights"]["meaning"]
    assert "without statistics" in findings["table_bloat"]["meaning"]
    assert findings["revision"]["meaning"].startswith(f"not readable for role {role}")


def test_a_role_that_sees_no_other_sessions(watched: Engine, role: str) -> None:
    run(watched, f"GRANT USAGE ON SCHEMA performance_monitoring TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA performance_monitoring TO {role}")  # fmt: skip
    with session(watched) as hidden:
        hidden.cursor().execute("SELECT 'a secret'")
        answer = invoke("status", "--json").stdout
        blind = of(found("rights"), f"role {role}")
    assert (blind["severity"], blind["remedy"]) == ("warning", f"GRANT pg_monitor TO {role}")
    assert blind["figure"] >= 1
    assert "a secret" not in answer
    run(watched, blind["remedy"])
    assert found("rights")[0]["severity"] == "ok"
