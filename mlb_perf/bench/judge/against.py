"""Targets against the other sides: the pace of questions, the pages they read, lookups a second."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import mean
from typing import Final

from mlb_perf.bench.database import SEEDED_BASELINE
from mlb_perf.bench.document import Case, Document, Load, Run
from mlb_perf.bench.judge import known
from mlb_perf.bench.judge.sides import PHASE_1, Headline, called, headlines, listed, times_as
from mlb_perf.bench.judge.verdict import Verdict, beside

MEANS: Final = {SEEDED_BASELINE: 1.25, PHASE_1: 1.0}
"""The geometric mean of all questions, times as fast as at that revision."""
LEAST = 0.95
LEAST_BY_MONTH = 0.85
"""Of questions about raw feeds: these have partitions because their months are dropped."""


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
        words = listed([p.in_words(least) for p in named])
        got = f"{len(below)} below: {words}" if below else f"from {words}"
        yield Verdict(part, name, f"{least:g} times as fast or more", got, not below)
    yield Verdict(
        part, "geometric mean of all questions", f"{mean:g} times as fast or more",
        times_as(one.mean, is_bound=one.is_bound, limit=mean), one.mean >= mean,
    )  # fmt: skip


def _pages(before: Run, after: Run) -> Iterator[Verdict]:
    old = {case.name: case.pages for case in before.latency}
    pairs = [(c.name, old[c.name], c.pages) for c in after.latency if old.get(c.name) and c.pages]
    means = {name: (mean(was), mean(now)) for name, was, now in pairs if mean(now) > mean(was)}
    worse = {name: _to(*of) for name, of in means.items() if known.is_more(*of)}
    slightly = [f"{name} {_to(*of)}" for name, of in means.items() if name not in worse]
    if pairs:
        yield _named(
            f"against {called(before)}", "questions that read more pages, of the same values",
            "none", worse, known.MORE_PAGES,
            f"; within a page or 5%: {listed(slightly)}" if slightly else "",
        )  # fmt: skip


def _generic(after: Run) -> Iterator[Verdict]:
    cases = [case for case in after.latency if case.pages and case.limit_ms is not None]
    if cases:
        yield _named(
            "prepared", "questions whose generic plan reads more pages than that for the values",
            f"none more than {known.GENERIC_SHARE:g} times as many",
            {case.name: _of_generic(case) for case in cases if _is_worse(case)},
            known.WORSE_AS_GENERIC,
        )  # fmt: skip


def _named(
    part: str, name: str, wanted: str, worse: dict[str, str], reasons: Mapping[str, str],
    more: str = "",
) -> Verdict:  # fmt: skip
    """Met if there is none; all are named, those with a known reason with it."""
    others = [f"{name} {pages}" for name, pages in worse.items() if name not in reasons]
    named = [
        f"{name} {pages} ({reasons[name]})" for name, pages in worse.items() if name in reasons
    ]
    known_ones = f"known: {listed(named)}" if named else ""
    got = "; ".join(filter(None, [", ".join(others), known_ones])) or "none"
    return Verdict(part, name, wanted, got + more, not worse)


def _to(was: float, now: float) -> str:
    return f"{was:,.4g} to {now:,.4g}"


def _is_worse(case: Case) -> bool:
    if len(case.generic_pages) < len(case.pages):
        return True
    return known.is_worse(mean(case.pages), mean(case.generic_pages))


def _of_generic(case: Case) -> str:
    if len(case.generic_pages) < len(case.pages):
        return f"{mean(case.pages):,.4g} to no answer within {case.limit_ms:,.0f} ms"
    return _to(mean(case.pages), mean(case.generic_pages))


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
            "at least as many a second",
            f"from {beside(least, 1, '.2f')} times as many (of {clients} clients)", least >= 1,
        )  # fmt: skip


def _is_asked(load: Load) -> bool:
    return load.workload == "lookups" and load.rate is None and load.transactions > 0


def _clients(load: Load) -> tuple[str, int]:
    return load.way, load.clients
