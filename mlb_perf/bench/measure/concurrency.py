"""What many clients get at once: pgbench with the catalogue's questions.

Three workloads: ``primary key`` (one row by its key: what the server can do at most),
``lookups`` (the quick questions) and ``mixed`` (all questions, the long ones rarely). Each
goes directly, a server connection a client, and through PgBouncer in transaction mode.
Lookups are also measured as statements that each client prepares once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
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

PREPARED = "prepared"
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
    preparing: tuple[int, ...] | None = None
    """Client counts of prepared lookups; None for the same."""
    warm: bool = True
    """Whether sessions fill their caches before anything is counted: 50 seconds for the longest."""
    open_loop: bool = True
    """Whether half of the best rate is asked of the most clients, whatever the answers take."""


QUICK = Effort(
    clients=(8, 500), probing=(500,), seconds=1.0, mixed_clients=(), preparing=(8,), warm=False,
    open_loop=False,
)  # fmt: skip


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
    (loads,), left_out = measure_by_turns(
        [(url, queries)], seed, effort, with_pooler=with_pooler, say=say
    )
    return loads, left_out


def measure_by_turns(
    databases: Sequence[tuple[URL, Sequence[Query]]],
    seed: int,
    effort: Effort | None = None,
    *,
    with_pooler: bool = True,
    say: Say = silent,
) -> tuple[list[list[Load]], dict[str, str]]:
    """The same of several databases, each stretch after that of the database before.

    Their loads, in the order of the databases.
    """
    effort = effort or Effort()
    direct = [_direct(url, queries, seed, effort, say) for url, queries in databases]
    loads = _all(direct, effort)
    if not with_pooler:
        return loads, {"pgbouncer": "left out by --no-pooler"}
    if pooler.program() is None:
        return loads, {"pgbouncer": "PgBouncer is not installed (apt-get install pgbouncer)"}
    left_out = {}
    if not pooler.can_prepare():
        left_out["pgbouncer, prepared"] = (
            f"PgBouncer {'.'.join(map(str, pooler.version()))} cannot keep prepared statements in "
            "transaction mode; 1.21 and later can"
        )
    with ExitStack() as poolers:
        through = [poolers.enter_context(_through_pooler(way)) for way in direct]
        return [[*a, *b] for a, b in zip(loads, _all(through, effort), strict=True)], left_out


def _direct(url: URL, queries: Sequence[Query], seed: int, effort: Effort, say: Say) -> _Way:
    with connect(engine_of(url)) as connection:
        workloads = _workloads(connection, queries, seed)
        free = int(connection.execute(_FREE).scalar_one()) - _KEPT_FREE
    return _Way("direct", url, url, workloads, free, effort, say)


@contextmanager
def _through_pooler(direct: _Way) -> Iterator[_Way]:
    workloads = dict(direct.workloads)
    if not pooler.can_prepare():
        del workloads[PREPARED]
    with pooler.pooled(direct.url) as through:
        yield replace(
            direct, name="pgbouncer", url=through, workloads=workloads, most_clients=_NO_LIMIT
        )


def _workloads(
    connection: Connection, queries: Sequence[Query], seed: int
) -> dict[str, list[Script]]:
    written = {query.name: scripts.script(connection, query, seed) for query in queries}
    lookups = [query for query in queries if scripts.is_lookup(query)]
    return {
        PRIMARY_KEY: [scripts.of_probe(connection, seed)],
        "lookups": [written[query.name] for query in lookups],
        "mixed": list(written.values()),
        PREPARED: [scripts.prepared(connection, query, seed) for query in lookups],
    }


@dataclass(frozen=True)
class _Way:
    """One way to one database."""

    name: str
    server: URL
    url: URL
    """Of the server, or of the pooler."""
    workloads: dict[str, list[Script]]
    most_clients: int
    effort: Effort
    say: Say

    def stretch(self, name: str, clients: int, rate: float | None = None) -> Load:
        """What the clients get in one stretch."""
        listed, way = self.workloads[name], self.name
        if name == PREPARED:
            name, way = "lookups", f"{way}, {PREPARED}"
        load = Load(name, way, clients, rate, self.effort.seconds)
        if clients > self.most_clients:
            note = (
                f"not measured: the server has {self.most_clients} connections to spare; raise "
                "max_connections, or go through the pooler"
            )
            return replace(load, seconds=0.0, note=note)
        asked = f", {rate:g} a second" if rate else ""
        self.say(f"concurrency, {name}, {clients} clients{asked}, {way}")
        new, pooled = self._new_sessions(clients), self.url != self.server
        warm_up = pgbench.warm_up(load, listed, new) if self.effort.warm else 0.0
        with watched(self.server, self.url if pooled else None, warm_up) as seen:
            load = pgbench.run(load, self.url, listed, new)
        return replace(load, connected=seen.connected, waits=seen.shares())

    def _new_sessions(self, clients: int) -> int:
        """Sessions that have their caches to fill: a client's own, or few that a pooler shares."""
        return clients if self.effort.warm and self.url == self.server else 0


def _all(ways: Sequence[_Way], effort: Effort) -> list[list[Load]]:
    """Probes, lookups and all questions in closed loops, then lookups in an open one."""
    loads: list[list[Load]] = [[] for _ in ways]
    for name, counts in (
        (PRIMARY_KEY, effort.probing), ("lookups", None), (PREPARED, effort.preparing),
        ("mixed", effort.mixed_clients),
    ):  # fmt: skip
        for clients in effort.clients if counts is None else counts:
            for got, way in zip(loads, ways, strict=True):
                if way.workloads.get(name):
                    got.append(way.stretch(name, clients))
    if effort.open_loop:
        for got, way in zip(loads, ways, strict=True):
            got.extend(_open_loop(way, got, effort))
    return loads


def _open_loop(way: _Way, loads: Sequence[Load], effort: Effort) -> Iterator[Load]:
    """Half of its best rate, asked of the most clients."""
    best = max((x.tps for x in loads if (x.workload, x.way) == ("lookups", way.name)), default=0)
    if best:
        clients = min(max(effort.clients), way.most_clients)
        yield way.stretch("lookups", clients, round(best / 2))
