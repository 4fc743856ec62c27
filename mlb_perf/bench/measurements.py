"""All measurements by name; the label of each is the first line of its docstring.

The parts are measured before and after an upgrade (:mod:`mlb_perf.bench.run`); each other
measurement runs alone, and has options of its own: the keyword arguments of its function.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import URL

import mlb_perf
from mlb_perf.bench.database import engine_of
from mlb_perf.bench.document import Document, Found, Measurement
from mlb_perf.bench.measure import (
    blocked_migration,
    concurrency,
    dataset,
    fillfactor,
    indexes,
    ingest,
    latency,
    load,
    monitoring,
    partition_choices,
    partitions,
    realism,
    stall,
    storage,
)
from mlb_perf.bench.tools import machine
from mlb_perf.engine import connect
from mlb_perf.progress import Say

PARTS: Final[dict[str, Callable[..., object]]] = {
    "latency": latency.measure,
    "ingest": ingest.measure,
    "concurrency": concurrency.measure,
    "storage": storage.measure,
    "stall": stall.measure,
}
ALONE: Final[dict[str, Callable[..., Found]]] = {
    "load": load.measure,
    "indexes": indexes.measure,
    "partitions": partitions.measure,
    "partition-choices": partition_choices.measure,
    "monitoring": monitoring.measure,
    "fillfactor": fillfactor.measure,
    "blocked-migration": blocked_migration.measure,
    "dataset": dataset.measure,
    "realism": realism.measure,
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
    with connect(engine_of(server)) as connection:
        version = machine.server(connection)
    document = Document(command, started, now(), where, version, [], package=mlb_perf.__version__)
    document.measurements.append(measurement(name, label(ALONE[name]), document, found))
    return document


def measurement(name: str, title: str, document: Document, found: Found) -> Measurement:
    """What was found, with when and by which command."""
    measured_on = machine.measured_on(document.machine, document.server, document.command)
    return Measurement(name, title, document.command, measured_on, **vars(found))


def now() -> str:
    """As the document writes a moment."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
