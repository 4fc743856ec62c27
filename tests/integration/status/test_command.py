"""``mlb-perf status`` as a program: exit statuses, JSON, Prometheus, errors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from mlb_perf.errors import MonitoringUnavailable
from mlb_perf.migrate.config import alembic_config
from mlb_perf.monitor.probes import PROBES
from mlb_perf.settings import URL_VARIABLE
from tests.integration.status.support import asked, session
from tests.support.command_line import invoke
from tests.support.sql import rows, run

IDLE = "idle_transaction_warning_seconds=0"
# A machine that is busy with other tests keeps some of them waiting.
CALM = ("lock_wait_warning_seconds=600", "idle_transaction_warning_seconds=600",
        "transaction_warning_seconds=3600", "slow_query_warning_ms=600000",
        "disk_warning_ratio=1", "checkpoint_warning_ratio=2")  # fmt: skip


def _calm() -> list[str]:
    return [word for item in CALM for word in ("--threshold", item)]


def _with_statement_statistics(engine: Engine) -> None:
    if "pg_stat_statements" not in rows(engine, "SHOW shared_preload_libraries")[0][0]:
        pytest.skip("the server does not preload pg_stat_statements")
    run(engine, "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")


def test_well_warnings_and_critical(watched: Engine) -> None:
    """0, 1, 2: for the screen and for JSON; Prometheus wants its figures whatever they say."""
    _with_statement_statistics(watched)
    calm = invoke("status", *_calm())
    assert calm.exit_code == 0, calm.stdout
    with session(watched) as idle:
        idle.cursor().execute("SELECT 1")
        for words, status, severity in (
            (("--threshold", IDLE), 1, "warning"),
            (("--threshold", IDLE, "--threshold", "idle_transaction_critical_seconds=0"), 2,
             "critical"),
        ):  # fmt: skip
            assert invoke("status", *words).exit_code == status
            answer = asked(*words)
            assert (answer["exit_status"], answer["severity"]) == (status, severity)
            assert invoke("status", "--prometheus", *words).exit_code == 0


def test_shape_of_the_json(watched: Engine) -> None:
    """What docs/monitoring.md promises, and every probe has something to say."""
    answer = asked()
    assert list(answer) == ["version", "severity", "exit_status", "counts", "database", "findings"]
    assert answer["version"] == 1
    assert list(answer["counts"]) == ["critical", "warning", "ok"]
    assert sum(answer["counts"].values()) == len(answer["findings"])
    database = answer["database"]
    assert list(database) == ["url", "database_name", "role_name", "server_version", "revision",
                              "head", "taken_at", "remedy"]  # fmt: skip
    assert database["database_name"] == watched.url.database
    assert database["revision"] == database["head"]
    age = dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(database["taken_at"])
    assert abs(age) < dt.timedelta(minutes=5)
    for finding in answer["findings"]:
        assert list(finding) == ["severity", "probe", "object", "meaning", "figure", "unit",
                                 "threshold", "remedy"]  # fmt: skip
        assert finding["severity"] in ("ok", "warning", "critical")
        assert isinstance(finding["figure"], float | int | None), finding
    severities = [finding["severity"] for finding in answer["findings"]]
    assert severities == sorted(severities, key=("critical", "warning", "ok").index)
    assert {finding["probe"] for finding in answer["findings"]} == {
        *(probe.name for probe in PROBES),
        "disk",
        "revision",
    }


def test_password_is_not_shown(watched: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    url = watched.url.set(password="hunter2")
    monkeypatch.setenv(URL_VARIABLE, url.render_as_string(hide_password=False))
    if (result := invoke("status", "--json")).exit_code == 3:
        pytest.skip("the server asks for the real password")
    assert "hunter2" not in result.output
    assert "hunter2" not in invoke("status").output


def test_prometheus_reads_it(watched: Engine) -> None:
    name = 'quo"te\\\nline'
    quoted = '"' + name.replace('"', '""') + '"'
    run(watched, f"CREATE TABLE curated.{quoted} (n int)",
        f"CREATE INDEX ix_odd ON curated.{quoted} (n)")  # fmt: skip
    with session(watched) as idle:
        idle.cursor().execute("SELECT 1")
        text = invoke("status", "--prometheus").stdout
    run(watched, f"DROP TABLE curated.{quoted}")
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert all(name.startswith("mlb_perf_") for name in families)
    assert all(family.documentation for family in families.values())
    samples: dict[str, list[Any]] = {}
    for family in families.values():
        for sample in family.samples:
            samples.setdefault(sample.name, []).append(sample)
    for found in samples.values():
        labels = [tuple(sorted(sample.labels.items())) for sample in found]
        assert len(labels) == len(set(labels)), found

    def value(sample_name: str, **labels: str) -> float:
        (one,) = [s for s in samples[sample_name] if labels.items() <= s.labels.items()]
        return float(one.value)

    (info,) = samples["mlb_perf_info"]
    assert info.labels["database"] == watched.url.database
    assert value("mlb_perf_index_size_bytes", table_name=name, index_name="ix_odd") == 8192
    assert value("mlb_perf_findings", probe="blocking_locks", severity="critical") == 0
    assert value("mlb_perf_lock_waits") == 0
    assert value("mlb_perf_transaction_idle_max_seconds") > 0
    assert value("mlb_perf_probe_success", probe="table_bloat") == 1
    assert value("mlb_perf_wraparound_used_ratio", scope="database") < 0.4
    assert families["mlb_perf_index_scans"].type == "counter"
    assert value("mlb_perf_job_interval_seconds", name="snapshot") == 300
    # From what the server counts: the sum over states is what the view says of all.
    assert sum(s.value for s in samples["mlb_perf_connections"]) >= 2


def test_limits_from_a_file_and_the_command_line(watched: Engine, tmp_path: Path) -> None:
    """The command line has the last word."""
    file = tmp_path / "limits.toml"
    file.write_text("idle_transaction_warning_seconds = 0\nlock_wait_warning_seconds = 9\n")
    with session(watched) as idle:
        idle.cursor().execute("SELECT 1")
        by_file = asked("--thresholds", str(file))
        by_both = asked("--thresholds", str(file), "--threshold",
                        "idle_transaction_warning_seconds=600")  # fmt: skip
    waits = [f["threshold"] for f in by_file["findings"] if f["probe"] == "blocking_locks"]
    assert waits == [9]
    severities = [
        f["severity"]
        for answer in (by_file, by_both)
        for f in answer["findings"]
        if f["probe"] == "long_transactions"
    ]
    assert severities == ["warning", "ok"]


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--threshold", "nonsense=1"), "unknown threshold nonsense; docs/monitoring.md"),
        (("--threshold", "lock_wait_warning_seconds"), "has no value; write --threshold"),
        (("--threshold", "lock_wait_warning_seconds=soon"), "'soon'; write a number from 0 up"),
        (("--thresholds", "absent.toml"), "absent.toml cannot be read"),
        (("--prometheus", "--json"), "--prometheus excludes --json"),
        (("--prometheus", "--watch"), "--prometheus excludes --watch"),
        (("--nonsense",), "No such option"),
        (("--watch", "0"), "0.1"),
    ],
)
def test_a_mistake_is_no_critical_database(words: tuple[str, ...], said: str) -> None:
    """3 for what is typed wrong, because 1 and 2 speak of the database."""
    result = invoke("status", *words)
    assert (result.exit_code, result.stdout) == (3, "")
    assert said in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.usefixtures("empty")
def test_nothing_to_ask() -> None:
    """No schema, or an older revision: each says what to type."""
    result = invoke("status")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "has no revision of mlb_perf and lacks performance_monitoring." in result.stderr
    assert "run: mlb-perf alembic upgrade head" in result.stderr
    command.upgrade(alembic_config(), "0006")
    result = invoke("status", "--json")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "is at revision 0006 and lacks performance_monitoring." in result.stderr
    assert "run: mlb-perf alembic upgrade head" in result.stderr
    with pytest.raises(MonitoringUnavailable, match="run: mlb-perf alembic upgrade head"):
        invoke("maintain")


def test_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL_VARIABLE, "postgresql://nobody:secret@127.0.0.1:1/none")
    for words in ((), ("--json",), ("--prometheus",), ("--watch",)):
        result = invoke("status", *words)
        assert (result.exit_code, result.stdout) == (3, "")
        assert "cannot connect to" in result.stderr
        assert "check that the server runs there" in result.stderr
        assert "secret" not in result.stderr
