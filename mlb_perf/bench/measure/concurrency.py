"""What many clients get at once: pgbench with the catalogue's questions.

Three workloads: ``primary key`` (one game by its key: what the server can do at most),
``lookups`` (the quick questions) and ``mixed`` (all questions, the long ones rarely). Each
goes directly, a server connection a client, and through PgBouncer in transaction mode.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class _Plan:
    """Workloads by name, on one way to the server."""

    server: URL
    through: URL | None
    """The pooler's URL; None for direct connections."""
    most_clients: int
    say: Say

    @property
    def way(self) -> str:
        """What the document calls it."""
        return "direct" if self.through is None else "pgbouncer"


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
        most = _free_connections(connection)
    loads = _series(_Plan(url, None, most, say), workloads, effort)
    left_out: dict[str, str] = {}
    if not with_pooler:
        left_out["pgbouncer"] = "left out by --no-pooler"
    elif pooler.program() is None:
        left_out["pgbouncer"] = "PgBouncer is not installed (apt-get install pgbouncer)"
    else:
        with pooler.pooled(url) as through:
            loads += _series(_Plan(url, through, _NO_LIMIT, say), workloads, effort)
    return loads, left_out


def _workloads(
    connection: Connection, queries: Sequence[Query], seed: int
) -> dict[str, list[Script]]:
    written = {query.name: scripts.script(connection, query, seed) for query in queries}
    found = {
        PRIMARY_KEY: [scripts.probe(connection, seed)],
        "lookups": [written[query.name] for query in queries if scripts.is_lookup(query)],
        "mixed": list(written.values()),
    }
    return {name: listed for name, listed in found.items() if listed}


def _free_connections(connection: Connection) -> int:
    """How many clients the server can still take, each with a connection."""
    found = connection.execute(
        text(
            "SELECT current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
            " - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')"
        )
    )
    return int(found.scalar_one()) - _KEPT_FREE


def _series(plan: _Plan, workloads: dict[str, list[Script]], effort: Effort) -> list[Load]:
    loads = []
    probing = effort.clients if effort.probing is None else effort.probing
    for name, counts in ((PRIMARY_KEY, probing), ("lookups", effort.clients)):
        for clients in counts if name in workloads else ():
            loads.append(_stretch(plan, name, workloads[name], clients, effort.seconds))
    for clients in effort.mixed_clients:
        loads.append(_stretch(plan, "mixed", workloads["mixed"], clients, effort.seconds))
    best = max((load.tps for load in loads if load.workload == "lookups"), default=0.0)
    if effort.open_loop and best:
        clients, rate = min(max(effort.clients), plan.most_clients), round(best / 2)
        loads.append(_stretch(plan, "lookups", workloads["lookups"], clients, effort.seconds, rate))
    return loads


def _stretch(
    plan: _Plan,
    name: str,
    listed: Sequence[Script],
    clients: int,
    seconds: float,
    rate: float | None = None,
) -> Load:
    if clients > plan.most_clients:
        note = (
            f"not measured: the server has {plan.most_clients} connections to spare; raise "
            "max_connections, or go through the pooler"
        )
        return Load(name, plan.way, clients, rate, note=note)
    asked = f", {rate:g} a second" if rate else ""
    plan.say(f"concurrency, {name}, {clients} clients{asked}, {plan.way}")
    with watched(plan.server, plan.through) as seen:
        done = pgbench.run(plan.through or plan.server, listed, clients, seconds, rate)
    return Load(
        name, plan.way, clients, rate, done.seconds, done.transactions, done.errors,
        seen.connected, done.tps, **_latency(done), windows=done.windows, scripts=done.scripts,
        waits=seen.shares(), note=done.note,
    )  # fmt: skip


def _latency(done: pgbench.Outcome) -> dict[str, float]:
    if done.latency is None:
        return {}
    values = dataclasses.asdict(done.latency)
    return {f"{name}_ms": round(value, 3) for name, value in values.items() if name != "count"}
