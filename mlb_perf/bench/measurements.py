"""All measurements: which module measures what, under which name.

A measurement is a function. The first line of its docstring is its label; its keyword arguments
are the options of ``mlb-perf bench NAME``. Those of :data:`ALONE` return a
:class:`~mlb_perf.bench.document.Found`; the parts are measured on both sides of an upgrade
(:mod:`mlb_perf.bench.run`).
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import URL

import mlb_perf
from mlb_perf.bench.database import engine_of
from mlb_perf.bench.document import Document
from mlb_perf.bench.found import Found, Measurement
from mlb_perf.bench.measure import (
    blocked_migration,
    concurrency,
    dataset,
    indexes,
    latency,
    live,
    load_files,
    monitoring,
    partition_choices,
    partitions,
    stall,
    storage,
    write_batches,
)
from mlb_perf.bench.tools import machine
from mlb_perf.engine import connect
from mlb_perf.progress import Say

PARTS: Final[dict[str, Callable[..., object]]] = {
    "latency": latency.measure,
    "ingest": write_batches.measure,
    "concurrency": concurrency.measure,
    "storage": storage.measure,
    "stall": stall.measure,
}
ALONE: Final[dict[str, Callable[..., Found]]] = {
    "load": load_files.measure,
    "live": live.measure,
    "indexes": indexes.measure,
    "partitions": partitions.measure,
    "partition-choices": partition_choices.measure,
    "monitoring": monitoring.measure,
    "blocked-migration": blocked_migration.measure,
    "dataset": dataset.measure,
}


def label(measure: Callable[..., object]) -> str:
    """The first line of its docstring."""
    return (inspect.getdoc(measure) or "").splitlines()[0].rstrip(".")


def run(name: str, server: URL, command: str, say: Say, **options: Any) -> Document:
    """Measure one of :data:`ALONE` on that server or in that database.

    Raises :class:`~mlb_perf.errors.BenchmarkFailed`, :class:`~mlb_perf.errors.ConfigurationError`.
    """
    started, where = now(), machine.machine()
    found = ALONE[name](server, say, **options)
    result = document(server, command, started, where)
    result.measurements.append(measurement(name, label(ALONE[name]), result, found))
    return result


def document(server: URL, command: str, started: str, where: dict[str, Any]) -> Document:
    """A document without figures, of what began then on the machine ``where``."""
    with connect(engine_of(server)) as connection:
        version = machine.server(connection)
    return Document(command, started, now(), where, version, [], package=mlb_perf.__version__)


def measurement(name: str, title: str, result: Document, found: Found) -> Measurement:
    """What was found, with when and by which command."""
    return Measurement(
        name=name,
        title=title,
        command=result.command,
        measured_on=machine.measured_on(result.machine, result.server, result.command),
        **vars(found),
    )


def now() -> str:
    """As the document writes a moment."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
