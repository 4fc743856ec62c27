"""The tables of questions that terminal, report and documentation show alike."""

from __future__ import annotations

from collections.abc import Sequence

from mlb_perf.bench.document import Case, Document
from mlb_perf.bench.found import TextTable
from mlb_perf.bench.judge.growth import FAR_SCALE, growth
from mlb_perf.bench.judge.quantiles import summarise
from mlb_perf.bench.judge.sides import (
    Headline,
    called,
    headlines,
    times_as,
    times_as_fast,
    times_the_probe,
)
from mlb_perf.formatting import ms


def against(document: Document) -> TextTable:
    """A row for each pair of sides: the geometric mean of the questions, and its meaning."""
    return TextTable.of(map(_headline, headlines(document)), 6)


def _headline(one: Headline) -> dict[str, str]:
    least, most = one.extremes
    return {
        "questions at": f"{called(one.second)}, against {called(one.first)}",
        "times as fast": times_as(one.mean, is_bound=one.is_bound),
        "shows": one.worth,
        "by processor time": times_as(one.mean_work, is_bound=one.is_bound),
        "least": str(least),
        "most": str(most),
    }


def latency(document: Document) -> TextTable:
    """A row for each question: the figures to compare, then the milliseconds that they are of."""
    return TextTable.of(_question(*pair) for pair in document.questions())


def _question(old: Case | None, case: Case) -> dict[str, str]:
    """Each ratio is of the medians in its row."""
    new, was = summarise(case.samples_ms), summarise(old.samples_ms) if old else None
    target = case.target_ms
    return {
        "question": case.name,
        "times the probe": f"{times_the_probe(case):.2f}",
        "after / before": f"{1 / times_as_fast(old, case):.2f}" if old else "",
        "target": "" if target is None else f"{target:g} ms",
        "met": "" if target is None else "yes" if new.p95 <= target else "no",
        "before p50": ms(was.p50) if was else "",
        "after p50": ms(new.p50),
        "probe": ms(summarise(case.reference_ms).p50),
        "before p95": ms(was.p95) if was else "",
        "after p95": ms(new.p95),
        "after p99": ms(new.p99),
        "before pages": f"{old.details.get('pages', 0):,.0f}" if old else "",
        "pages": f"{case.details.get('pages', 0):,.0f}",
        "category": case.category,
    }


def categories(document: Document) -> TextTable:
    """A row for each category: the middle and the slowest of its questions' medians."""
    pairs = document.questions()
    return TextTable.of(
        _category(name, [pair for pair in pairs if pair[1].category == name])
        for name in dict.fromkeys(case.category for _, case in pairs)
    )


def _category(name: str, pairs: Sequence[tuple[Case | None, Case]]) -> dict[str, str]:
    row, new = {"category": name}, [case for _, case in pairs]
    for side, cases in (("before", [case for case, _ in pairs if case]), ("after", new)):
        middles = summarise([summarise(c.samples_ms).p50 for c in cases]) if cases else None
        row[f"{side}: median"] = ms(middles.p50) if middles else ""
        row[f"{side}: slowest"] = ms(middles.max) if middles else ""
    met = sum(c.target_ms is None or summarise(c.samples_ms).p95 <= c.target_ms for c in new)
    return row | {"targets met": f"{met} of {len(new)}"}


def growing(document: Document) -> TextTable:
    """A row for each question: median and pages at each scale, and the time expected far beyond."""
    found = growth(document)
    scales = found[0].scales if found else []
    return TextTable.of(
        (
            {"question": one.name, "why": one.reason}
            | {f"p50 at {s:g}": ms(value) for s, value in zip(scales, one.times_ms, strict=True)}
            | {f"pages at {s:g}": f"{n:,.0f}" for s, n in zip(scales, one.pages, strict=True)}
            | {
                "partitions": "/".join(map(str, one.partitions)),
                "exponent": f"{one.exponent:.2f}",
                "beside the probe": f"{one.factor:.2f}",
                f"expected at {FAR_SCALE:g}": ms(one.far_ms),
            }
            for one in found
            if len(one.scales) == len(scales)
        ),
        2,
    )
