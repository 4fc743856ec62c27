"""Targets, and the measured values beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mlb_perf.bench.document import (
    NO_MIGRATION,
    PRIMARY_KEY,
    Case,
    Document,
    Load,
    Run,
    Stall,
    TableSize,
)
from mlb_perf.bench.found import Measurement
from mlb_perf.bench.judge import against
from mlb_perf.bench.judge.growth import growth
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.bench.judge.verdict import Verdict, beside
from mlb_perf.queries.query import LOOKUP_MS

LOOKUP_P95_MS = 100.0
POOLED_SHARE = 0.9
BARE_SHARE = 0.7
STORAGE_SHARE = 0.8
REFINED_SHARE = 0.55
REFINED = ("staging", "curated")
GROWTH = 1.5
MANY_CLIENTS = 500
STALL_MS = 500.0
STALL_P999_MS = 100.0
SWAP_MS = 50.0
COPIED_A_SECOND = 40_000


def verdicts(document: Document) -> list[Verdict]:
    """The targets against the newest schema at the largest scale."""
    found = list(against.verdicts(document))
    if run := document.run("after"):
        found += [*_latency(run), *_ingest(run), *_concurrency(run)]
        before = document.run("before", run.scale)
        if before is not None and before.storage and run.storage:
            found += _storage(before, run)
        found += _growth(document, run)
    if document.stalls:
        found += _stall(document.stalls)
    return found + [v for measurement in document.measurements for v in _goals(measurement)]


def _goals(measurement: Measurement) -> Iterator[Verdict]:
    for goal in measurement.goals:
        got = measurement.figures[goal.figure]
        if goal.least is not None:
            wanted, met = f"{goal.least:,g}{goal.unit} or more", got >= goal.least
        else:
            most = goal.most or 0.0
            wanted, met = f"at most {most:,g}{goal.unit}" if most else "none", got <= most
        yield Verdict(measurement.name, goal.figure, wanted, f"{got:,.3g}{goal.unit}", met)


def _latency(run: Run) -> Iterator[Verdict]:
    for case in run.latency:
        if case.target_ms is not None:
            p95 = summarise(case.samples_ms).p95
            yield Verdict(
                "latency", case.name, f"p95 at most {case.target_ms:g} ms",
                f"{beside(p95, case.target_ms, '.3g')} ms", p95 <= case.target_ms,
            )  # fmt: skip


def _ingest(run: Run) -> Iterator[Verdict]:
    for case in run.ingest:
        if case.target_ms is None:
            continue
        p95 = summarise(case.samples_ms).p95
        wanted = f"p95 of a batch of {case.row_count:,} rows under {case.target_ms:g} ms"
        got = f"{beside(p95, case.target_ms, '.3g')} ms"
        yield Verdict("ingest", case.name, wanted, got, p95 < case.target_ms)
        share = share_of_bare(case)
        wanted = f"{BARE_SHARE:.0%} of the bare COPY's rate or more"
        got = beside(share, BARE_SHARE, ".0%")
        yield Verdict("ingest", case.name, wanted, got, share >= BARE_SHARE)


def share_of_bare(case: Case) -> float:
    """The case's rate as a share of the bare COPY's, by the sums of both times."""
    return sum(case.reference_ms) / sum(case.samples_ms)


def _concurrency(run: Run) -> Iterator[Verdict]:
    tried = [load for load in run.concurrency if load.transactions]
    if not tried:
        return
    errors = sum(load.errors for load in run.concurrency)
    most = max(load.connected for load in tried)
    yield Verdict(
        "concurrency", "errors", f"none, up to {MANY_CLIENTS} connected clients",
        f"{errors} with up to {most} connected", errors == 0 and most >= MANY_CLIENTS,
    )  # fmt: skip
    pooled = [x for x in tried if x.way == "pgbouncer" and x.workload == "lookups" and not x.rate]
    if pooled:
        yield from _pooled(pooled)
    else:
        wanted = f"{POOLED_SHARE:.0%} of the best throughput at {MANY_CLIENTS} clients"
        why = run.left_out.get("pgbouncer", "not measured")
        yield Verdict("concurrency", "through PgBouncer", wanted, why, None)


def _pooled(loads: list[Load]) -> Iterator[Verdict]:
    best = max(loads, key=lambda load: load.tps)
    many = next((load for load in loads if load.clients >= MANY_CLIENTS), None)
    if many is None:
        return
    share = many.tps / best.tps
    yield Verdict(
        "concurrency", f"lookups of {many.clients} clients through PgBouncer",
        f"{POOLED_SHARE:.0%} of the best throughput or more",
        f"{beside(share, POOLED_SHARE, '.0%')}: {many.tps:,.0f} of {best.tps:,.0f} a second",
        share >= POOLED_SHARE,
    )  # fmt: skip
    yield Verdict(
        "concurrency", f"lookups of {many.clients} clients through PgBouncer",
        f"p95 under {LOOKUP_P95_MS:g} ms", f"{beside(many.p95_ms, LOOKUP_P95_MS, '.3g')} ms",
        many.p95_ms < LOOKUP_P95_MS,
    )  # fmt: skip


def _storage(before: Run, after: Run) -> Iterator[Verdict]:
    def is_refined(size: TableSize) -> bool:
        return size.table.partition(".")[0] in REFINED

    sides = before.storage, after.storage
    yield _saved("all tables of the pipeline", STORAGE_SHARE, *sides)
    refined = [list(filter(is_refined, side)) for side in sides]
    yield _saved("staging and curated", REFINED_SHARE, *refined)


def _saved(
    name: str, most: float, before: Sequence[TableSize], after: Sequence[TableSize]
) -> Verdict:
    share = sum(size.total for size in after) / sum(size.total for size in before)
    return Verdict(
        "storage", name, f"{1 - most:.0%} fewer bytes than the baseline or better",
        f"{1 - share:+.1%} saved" if share <= 1 else f"{share - 1:.1%} more", share <= most,
    )  # fmt: skip


def _growth(document: Document, run: Run) -> Iterator[Verdict]:
    lookups = {case.name for case in run.latency if case.target_ms == LOOKUP_MS}
    for found in growth(document):
        if found.name in lookups:
            scales = f"scale {found.scales[0]:g} to {found.scales[-1]:g}"
            yield Verdict(
                "growth", found.name,
                f"from {scales} less than {GROWTH:g} times slower, beside the probe",
                f"{beside(found.factor, GROWTH, '.2f')} times", found.factor < GROWTH,
            )  # fmt: skip


def _stall(stalls: Sequence[Stall]) -> Iterator[Verdict]:
    """Of several measurements the worst value counts."""
    windows = [w for stall in stalls for w in stall.windows if w.name != NO_MIGRATION]
    felt = [times for window in windows for times in (window.writes, window.reads)]
    failed = sum(len(stall.errors) for stall in stalls)
    lost = sum(len(stall.differences) for stall in stalls)
    yield Verdict("stall", "failed statements", "none", str(failed), failed == 0)
    yield Verdict("stall", "rows lost or changed", "none", str(lost), lost == 0)
    for name, limit, got in (
        ("longest statement", STALL_MS, max((times.get("max", 0.0) for times in felt), default=0)),
        ("p99.9 of a write", STALL_P999_MS, max(s.all_writes.get("p999", 0.0) for s in stalls)),
        ("longest swap of a table", SWAP_MS, max(stall.longest_swap_ms for stall in stalls)),
    ):
        said = f"{beside(got, limit, '.0f')} ms"
        yield Verdict("stall", name, f"under {limit:g} ms", said, got < limit)
    if rates := [stall.slowest_copy for stall in stalls if stall.slowest_copy]:
        yield Verdict(
            "stall", "slowest copy of a large table", f"{COPIED_A_SECOND:,} rows a second or more",
            f"{min(rates):,.0f} rows a second", min(rates) >= COPIED_A_SECOND,
        )  # fmt: skip


def limit_of_direct(run: Run) -> str:
    """What many direct connections cost and wait for; empty if that was not measured."""
    found = {
        (load.way, load.workload): load
        for load in run.concurrency
        if load.clients >= MANY_CLIENTS and load.rate is None and load.transactions
    }
    direct, pooled = found.get(("direct", "lookups")), found.get(("pgbouncer", "lookups"))
    probe = found.get(("direct", PRIMARY_KEY))
    if direct is None or pooled is None:
        return ""
    words = (
        f"With {direct.clients} direct connections lookups reach {direct.tps:,.0f} a second, "
        f"{direct.tps / pooled.tps:.0%} of what they reach through PgBouncer"
    )
    if probe is not None:
        words += f"; primary-key probes reach {probe.tps:,.0f} a second"
    waits = [f"{share:.0%} {name}" for name, share in list(direct.waits.items())[:3]]
    if waits:
        words += f". Active sessions were seen waiting for: {', '.join(waits)}"
    return words + "."
