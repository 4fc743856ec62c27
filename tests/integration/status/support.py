"""The answers of ``mlb-perf status``, and sessions that make faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from sqlalchemy import Engine

from mlb_perf.monitor import Finding, assess, probing
from mlb_perf.monitor.probes import PROBES
from mlb_perf.monitor.thresholds import Thresholds
from tests.support.command_line import invoke
from tests.support.sql import run

Found = list[dict[str, Any]]


def asked(*words: str) -> dict[str, Any]:
    """What ``mlb-perf status --json`` answers."""
    result = invoke("status", "--json", *words)
    assert result.exit_code in (0, 1, 2), result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    assert answer["exit_status"] == result.exit_code
    return answer


def found(probe: str, *thresholds: str) -> Found:
    """What one probe finds with these thresholds."""
    words = [word for item in thresholds for word in ("--threshold", item)]
    return [finding for finding in asked(*words)["findings"] if finding["probe"] == probe]


def of(findings: Found, name: str) -> dict[str, Any]:
    """The one finding about an object, which must be there."""
    chosen = [finding for finding in findings if finding["object"] == name]
    assert len(chosen) == 1, findings
    return chosen[0]


def probed(engine: Engine, probe: str, **limits: float) -> list[Finding]:
    """What one probe alone finds, without the time that the others take."""
    chosen = [item for item in PROBES if item.name == probe]
    assert chosen or probe in ("disk", "revision"), probe
    with probing(engine.url) as connection:
        answer = assess(connection, Thresholds().with_values(limits.items()), chosen)
    return [finding for finding in answer.findings if finding.probe == probe]


def follow(engine: Engine, remedy: str | None) -> None:
    """Type the statements of a remedy, as psql takes them."""
    assert remedy
    run(engine, *remedy.partition(" -- ")[0].split("; "))


def one(findings: list[Finding], name: str) -> Finding:
    """The one problem of an object."""
    (finding,) = [f for f in findings if f.object == name and f.severity]
    assert finding.remedy
    return finding


def is_calm(findings: list[Finding]) -> bool:
    """Whether there is no problem; else they are shown."""
    assert [f for f in findings if f.severity] == []
    return len(findings) == 1


@contextmanager
def session(engine: Engine, name: str = "test") -> Iterator[Any]:
    """A session of its own, outside of SQLAlchemy, and its pid."""
    url = engine.url.set(drivername="postgresql")
    connection = psycopg2.connect(url.render_as_string(hide_password=False), application_name=name)
    try:
        yield connection
    finally:
        connection.close()
