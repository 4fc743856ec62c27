"""What many clients get at once: pgbench with the catalogue's questions.

Three workloads: ``primary key`` (one game by its key: what the server can do at most),
``lookups`` (the quick questions) and ``mixed`` (all questions, the long ones rarely). Each
goes directly, a server connection a client, and through PgBouncer in transaction mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import URL, Connection, text

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.document import PRIMARY_KEY, Load
from mlb_perf.bench.tools import pgbench, pooler, scripts
from mlb_perf.bench.tools.pgbench import Script
from mlb_perf.bench.tools.session_sampler import watched
from mlb_perf.engine import connect
from mlb_perf.progress import Say, silent
from mlb_perf.queries import Query

_NO_LIMIT = 10**6
_KEPT_FREE = 5
"""Connections for the benchmark itself and for a person who looks on."""

_FREE = text(
    "SELECT current_setting('max_connections')::int"
    " - current_setting('superuser_reserved_connections')::int"
    " - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"
)


@dataclass(frozen=True)
class Effort:
    """Client counts, seconds of each stretch, and what else is tried."""

    clients: tuple[int, ...] = (1, 8, 50, 100, 250, 500)
    probing: tuple[int, ...] | None = None
    """Client counts of the primary-key probes; None for the same."""
    seconds: float = 5.0
    mixed_clients: tuple[int, ...] = (50,)
    open_loop: bool = True
    """Whether half of the best rate is asked of the most clients, whatever the answers take."""


QUICK = Effort(clients=(8, 500), probing=(500,), seconds=1.0, mixed_clients=(), open_loop=False)


def measure(
    url: URL,
    queries: Sequence[Query],
    seed: int,
    effort: Effort | None = None,
    *,
    with_pooler: bool = True,
    say: Say = silent,
) -> tuple[list[Load], dict[str, str]]:
    """Transactions a second and latency of many clients.

    A load for each workload, way and number of clients, and why others were left out.
    """
    effort = effort or Effort()
    with connect(engine_of(url)) as connection:
        workloads = _workloads(connection, queries, seed)
        free = int(connection.execute(_FREE).scalar_one()) - _KEPT_FREE
    loads = list(_series(_Way(url, None, free, effort.seconds, say), workloads, effort))
    if not with_pooler:
        return loads, {"pgbouncer": "left out by --no-pooler"}
    if pooler.program() is None:
        return loads, {"pgbouncer": "PgBouncer is not installed (apt-get install pgbouncer)"}
    with pooler.pooled(url) as through:
        way = _Way(url, through, _NO_LIMIT, effort.seconds, say)
        return [*loads, *_series(way, workloads, effort)], {}


def _workloads(
    connection: Connection, queries: Sequence[Query], seed: int
) -> dict[str, list[Script]]:
    written = {query.name: scripts.script(connection, query, seed) for query in queries}
    return {
        PRIMARY_KEY: [scripts.probe(connection, seed)],
        "lookups": [written[query.name] for query in queries if scripts.is_lookup(query)],
        "mixed": list(written.values()),
    }


@dataclass(frozen=True)
class _Way:
    """One way to the server, for a number of seconds a stretch."""

    server: URL
    through: URL | None
    """The pooler's URL; None for direct connections."""
    most_clients: int
    seconds: float
    say: Say

    def stretch(
        self, name: str, listed: Sequence[Script], clients: int, rate: float | None = None
    ) -> Load:
        """What the clients get in one stretch."""
        way = "direct" if self.through is None else "pgbouncer"
        load = Load(name, way, clients, rate, self.seconds)
        if clients > self.most_clients:
            note = (
                f"not measured: the server has {self.most_clients} connections to spare; raise "
                "max_connections, or go through the pooler"
            )
            return replace(load, seconds=0.0, note=note)
        asked = f", {rate:g} a second" if rate else ""
        self.say(f"concurrency, {name}, {clients} clients{asked}, {way}")
        with watched(self.server, self.through) as seen:
            load = pgbench.run(load, self.through or self.server, listed)
        return replace(load, connected=seen.connected, waits=seen.shares())


def _series(way: _Way, workloads: dict[str, list[Script]], effort: Effort) -> Iterator[Load]:
    """Probes, lookups and all questions in closed loops, then lookups in an open one."""
    probing = effort.clients if effort.probing is None else effort.probing
    best = 0.0
    for name, counts in (
        (PRIMARY_KEY, probing), ("lookups", effort.clients), ("mixed", effort.mixed_clients),
    ):  # fmt: skip
        for clients in counts if workloads[name] else ():
            load = way.stretch(name, workloads[name], clients)
            best = max(best, load.tps) if name == "lookups" else best
            yield load
    if effort.open_loop and best:
        clients = min(max(effort.clients), way.most_clients)
        yield way.stretch("lookups", workloads["lookups"], clients, round(best / 2))
