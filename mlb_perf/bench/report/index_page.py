"""``docs/indexes.md``, from what was measured."""

from __future__ import annotations

import datetime as dt
import os
import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlb_perf import sql
from mlb_perf.bench.report import doc_blocks

if TYPE_CHECKING:
    from mlb_perf.bench.measure.indexes import Answer, Findings, Worth


def page(found: Findings) -> str:
    """The whole page, Markdown."""
    measured = "\n".join(
        [
            _measured_on(found),
            _headline(found),
            "## Each question",
            "",
            _answers(found.answers),
            "## Each index",
            "",
            _worths(found.worths),
            "## Ingestion",
            "",
            _rates(found.rates),
        ]
    )
    return f"{sql.read('bench/index_page.md').strip()}\n\n{doc_blocks.block('indexes', measured)}\n"


def _measured_on(found: Findings) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in found.facts.items())
    return (
        f"Measured on {dt.datetime.now(dt.UTC):%Y-%m-%d}, {os.cpu_count()} processors, {facts}.\n"
        f"Command: `{found.command}`.\n"
    )


def _headline(found: Findings) -> str:
    ratios = sorted(answer.ratio for answer in found.answers)
    slower = [answer.query.name for answer in found.answers if answer.ratio < 1 / 1.1]
    late = [a.query.name for a in found.answers if a.after.p95 > a.query.target_ms]
    used = [worth for worth in found.worths if worth.scans]
    saved = 1 - found.bytes_after / found.bytes_before
    lines = [
        f"The median question is answered {statistics.median(ratios):.2f} times as quickly as at",
        f"the baseline; the ratios run from {ratios[0]:.2f} to {ratios[-1]:,.0f}.",
        "",
        f"- More than 1.1 times slower: {_listed(slower)}.",
        f"- Over their target at the 95th percentile: {_listed(late)}.",
        f"- Bytes of all indexes: {_mb(found.bytes_after)} MB, {saved:.0%} less than the",
        f"  baseline's {_mb(found.bytes_before)} MB.",
        f"- Scanned in one run of the catalogue: {len(used)} of the {len(found.worths)} indexes",
        "  that are no keys.",
        f"- Not in the plan of a question that names it: {_listed(_unused(found.answers))}.",
        "",
    ]
    return "\n".join(lines)


def _unused(answers: Sequence[Answer]) -> list[str]:
    return [
        f"{index} by {answer.query.name}"
        for answer in answers
        for index in answer.query.indexes
        if index not in answer.indexes and _as_unique(index) not in answer.indexes
    ]


def _as_unique(primary_key: str) -> str:
    """What the natural key is called before phase 3, which makes it the primary key."""
    return primary_key.replace(".pk_", ".uq_") + "_natural_key"


def _answers(answers: Sequence[Answer]) -> str:
    lines = [
        "| question | rows | target | baseline p50 | p50 | p95 | ratio | plan |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    lines += [
        f"| `{a.query.name}`: {a.query.question} | {a.rows:,} | {a.query.target_ms:g} |"
        f" {a.before.p50:.2f} | {a.after.p50:.2f} | {a.after.p95:.2f} | {a.ratio:.2f} |"
        f" {', '.join(a.nodes)} |"
        for a in answers
    ]
    return "\n".join([*lines, ""])


def _worths(worths: Sequence[Worth]) -> str:
    lines = [
        "| index | question | without | with | ratio | kB | us a row | scans |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| `{w.index.name}` | `{w.query.name}` | {w.without.p50:.2f} | {w.with_it.p50:.2f} |"
        f" {w.without.p50 / w.with_it.p50:.1f} | {w.index.bytes // 1024:,} | {w.write_us:.1f} |"
        f" {w.scans:,} |"
        for w in worths
    ]
    return "\n".join([*lines, ""])


def _rates(rates: dict[str, float]) -> str:
    (bare, *_) = rates.values()
    lines = ["| indexes | rows a second | of the first |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {rate:,.0f} | {rate / bare:.0%} |" for name, rate in rates.items()]
    return "\n".join([*lines, ""])


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _mb(size: int) -> str:
    return f"{size / 1024**2:,.0f}"
