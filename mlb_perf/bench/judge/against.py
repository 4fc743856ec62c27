"""Targets against the other sides: the pace of questions, the pages they read, lookups a second."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mlb_perf.bench.database import SEEDED_BASELINE
from mlb_perf.bench.document import Case, Document, Load, Run
from mlb_perf.bench.judge.sides import PHASE_1, Headline, called, headlines, listed, times_as
from mlb_perf.bench.judge.verdict import Verdict

MEANS: Final = {SEEDED_BASELINE: 1.25, PHASE_1: 1.0}
"""The geometric mean of all questions, times as fast as at that revision."""
LEAST = 0.95
LEAST_BY_MONTH = 0.85
"""Of questions about raw feeds: these have partitions because their months are dropped."""
GENERIC = 2.0
FEW_PAGES = 16
"""A generic plan may read so many more pages, whatever the factor: less than 0.1 ms."""


def verdicts(document: Document) -> Iterator[Verdict]:
    """At the largest scale, against each side for which there is a target."""
    for one in headlines(document):
        if one.second.label == "after" and one.first.revision in MEANS:
            yield from _paces(one)
    after = document.run("after")
    if after is None:
        return
    before = document.run("before", after.scale)
    if before is not None and before.revision == SEEDED_BASELINE:
        yield from _pages(before, after)
        yield from _lookups(before, after)
    yield from _generic(after)


def _paces(one: Headline) -> Iterator[Verdict]:
    part, mean = f"against {called(one.first)}", MEANS[one.first.revision]
    for name, least, by_month in (
        ("each question", LEAST, False), ("each question about months", LEAST_BY_MONTH, True),
    ):  # fmt: skip
        paces = sorted((p for p in one.paces if p.by_month is by_month), key=lambda p: p.times)
        if not paces:
            continue
        # As in a comparison of two runs, a question that only waited for longer does not count.
        below = [pace for pace in paces if max(pace.times, pace.work) < least]
        named = below or paces[:1]
        if by_month:
            named = [pace for pace in paces if max(pace.times, pace.work) < LEAST] or named
        got = f"{len(below)} below: {listed(named)}" if below else f"from {listed(named)}"
        yield Verdict(part, name, f"{least:g} times as fast or more", got, not below)
    yield Verdict(
        part, "geometric mean of all questions", f"{mean:g} times as fast or more",
        times_as(one.mean, is_bound=one.is_bound), one.mean >= mean,
    )  # fmt: skip


def _pages(before: Run, after: Run) -> Iterator[Verdict]:
    old = {case.name: case.pages for case in before.latency}
    pairs = [(c.name, old[c.name], c.pages) for c in after.latency if old.get(c.name) and c.pages]
    if pairs:
        more = [
            f"{name} {sum(was):,} to {sum(now):,}"
            for name, was, now in pairs if sum(now) > sum(was)
        ]  # fmt: skip
        yield Verdict(
            f"against {called(before)}", "questions that read more pages, of the same values",
            "none", f"{len(more)} of {len(pairs)}: {listed(more)}" if more else "none", not more,
        )  # fmt: skip


def _generic(after: Run) -> Iterator[Verdict]:
    cases = [case for case in after.latency if case.pages and case.limit_ms is not None]
    if cases:
        worse = [
            f"{case.name} {sum(case.pages):,} to {_of_generic(case)}"
            for case in cases if not _is_near(case)
        ]  # fmt: skip
        yield Verdict(
            "prepared", "questions whose generic plan reads more pages than that for the values",
            f"none more than {GENERIC:g} times as many", listed(worse), not worse,
        )  # fmt: skip


def _is_near(case: Case) -> bool:
    if len(case.generic_pages) < len(case.pages):
        return False
    more = sum(case.generic_pages) - sum(case.pages)
    few = FEW_PAGES * len(case.pages)
    return more <= few or sum(case.generic_pages) <= GENERIC * sum(case.pages)


def _of_generic(case: Case) -> str:
    if len(case.generic_pages) < len(case.pages):
        return f"no answer within {case.limit_ms:,.0f} ms"
    return f"{sum(case.generic_pages):,}"


def _lookups(before: Run, after: Run) -> Iterator[Verdict]:
    old = {_clients(load): load.tps for load in before.concurrency if _is_asked(load)}
    shares: dict[str, list[tuple[float, int]]] = {}
    for load in after.concurrency:
        if _is_asked(load) and old.get(_clients(load)):
            share = load.tps / old[_clients(load)]
            shares.setdefault(load.way, []).append((share, load.clients))
    for way, found in shares.items():
        least, clients = min(found)
        counts = [count for _, count in found]
        yield Verdict(
            f"against {called(before)}",
            f"lookups of {min(counts)} to {max(counts)} clients, {way}",
            "at least as many a second", f"from {least:.2f} times as many (of {clients} clients)",
            least >= 1,
        )  # fmt: skip


def _is_asked(load: Load) -> bool:
    return load.workload == "lookups" and load.rate is None and load.transactions > 0


def _clients(load: Load) -> tuple[str, int]:
    return load.way, load.clients
