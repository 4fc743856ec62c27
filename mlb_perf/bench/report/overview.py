"""The first screen of the report: the result in two sentences, and figures before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlb_perf.bench.database import SEEDED_BASELINE
from mlb_perf.bench.document import KEYS, Document, Run
from mlb_perf.bench.found import TextTable
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.bench.judge.sides import called, headlines, times_as
from mlb_perf.bench.judge.targets import share_of_bare, verdicts
from mlb_perf.bench.report import question_tables, tables
from mlb_perf.bench.tools.machine import in_words
from mlb_perf.formatting import mb, ms, plural

_LOADED = "load/1000"
_QUICK = re.compile(r"--quick\b")


@dataclass(frozen=True)
class Overview:
    """The first screen; ``warning`` is empty if the figures can be used."""

    title: str
    sentences: list[str]
    warning: str
    table: TextTable
    against: TextTable
    dateline: str


def overview(document: Document) -> Overview:
    """What a reader came for; empty sentences and table if no side was measured."""
    quick = _QUICK.search(document.command)
    is_upgrade = document.runs or document.stalls
    return Overview(
        "the schema before and after its upgrade" if is_upgrade else "measurements",
        [sentence for sentence in (_result(document), _verdict(document)) if sentence],
        "This run was made with `--quick`: little data and few repeats. It shows that the "
        "benchmark works; do not take its figures as evidence."
        if quick
        else "",
        TextTable(["", "before", "after", "change"], list(_figures(document))),
        question_tables.against(document),
        _dateline(document),
    )


def _result(document: Document) -> str:
    """What the upgrade and the indexes are worth."""
    clauses = []
    found = {one.first.label: one for one in headlines(document) if one.second.label == "after"}
    if shown := [found[label] for label in ("before", KEYS) if label in found]:
        worth = [
            f"{times_as(one.mean, is_bound=one.is_bound)} times as fast as {_at(one.first)}"
            for one in shown
        ]
        number = plural(len(shown[0].paces), "question")
        clauses.append(
            f"at revision {shown[0].second.revision}, {number} are answered, by geometric mean, "
            f"{' and '.join(worth)}"
        )
    pairs = document.sizes()
    was, total = tables.total_bytes(pairs)
    if was:
        rows = sum(size.rows for _, size in pairs)
        less = f"{abs(1 - total / was):.0%} {'less' if total <= was else 'more'}"
        clauses.append(f"the same {rows:,} rows take {less} space")
    return _sentence(clauses)


def _at(run: Run) -> str:
    if run.label == KEYS:
        return f"with {called(run)}"
    if run.revision == SEEDED_BASELINE:
        return f"with an index on each filtered column (the baseline, {run.revision})"
    return f"at {called(run)}"


def _verdict(document: Document) -> str:
    """What was reached, and what happened to the statements that ran meanwhile."""
    clauses = []
    if found := verdicts(document):
        met = sum(verdict.met is True for verdict in found)
        clauses.append(f"{met} of {len(found)} targets are met")
    if document.stalls:
        failed = sum(len(stall.errors) for stall in document.stalls)
        differed = sum(len(stall.differences) for stall in document.stalls)
        clauses.append(
            f"while the schema changed under load {plural(failed, 'statement')} failed and "
            f"{plural(differed, 'row')} differed afterwards"
        )
    return _sentence(clauses)


def _sentence(clauses: list[str]) -> str:
    words = ", and ".join(clauses)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _figures(document: Document) -> Iterator[list[str]]:
    """A row for each figure, from the questions that all sides were asked."""
    runs = document.sides()
    asked = {case.name for _, case in document.questions()}
    for run in runs:
        asked &= {case.name for case in run.latency}
    found = [_of_side(run, asked) for run in runs]
    for name, (after, words) in found[-1].items() if found else ():
        before, was = found[0].get(name, (0.0, "")) if len(found) > 1 else (0.0, "")
        yield [name, was, words, tables.share(before, after)]


def _of_side(run: Run, asked: set[str]) -> dict[str, tuple[float, str]]:
    """Figures of one side by name, each as a number and in words."""
    found = {}
    cases = [case for case in run.latency if case.name in asked]
    if cases:
        times = [summarise(case.samples_ms) for case in cases]
        probes = [summarise(case.reference_ms).p50 for case in cases]
        for name, value in (
            ("question in the middle, median", summarise([t.p50 for t in times]).p50),
            ("slowest question, median", max(t.p50 for t in times)),
            ("slowest question, 95th percentile", max(t.p95 for t in times)),
            ("primary-key probe beside them, median", summarise(probes).p50),
        ):
            found[name] = (value, ms(value))
    if run.storage:
        for name, value in (
            ("tables and indexes", sum(size.total for size in run.storage)),
            ("indexes alone", sum(size.indexes for size in run.storage)),
        ):
            found[name] = (value, mb(value))
    for case in run.ingest:
        if case.name == _LOADED:
            share = share_of_bare(case)
            found["rate of loading, beside a bare COPY"] = (share, f"{share:.0%}")
    return found


def _dateline(document: Document) -> str:
    """When and on what it was measured; more is in the last section."""
    server = f"PostgreSQL {document.server['version']}"
    words = [document.started_at[:10], server, in_words(document.machine)]
    if runs := document.sides():
        revisions = " and ".join(run.revision for run in runs)
        words.append(f"scale {runs[-1].scale:g}, revisions {revisions}")
    return "; ".join(words)
