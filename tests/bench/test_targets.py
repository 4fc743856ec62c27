"""Targets of bytes and of growth: which rows they count, and against what."""

from __future__ import annotations

import dataclasses

import pytest

from mlb_perf.bench.document import TableSize
from mlb_perf.bench.judge.targets import verdicts
from mlb_perf.bench.judge.verdict import Verdict, beside
from tests.bench import made


def size(table: str, total: int) -> TableSize:
    return TableSize(table, 10, total, 0, 0, 0)


def test_bytes_of_all_and_of_the_refined() -> None:
    before, after = made.run("before"), made.run("after")
    before.storage[:] = [size("raw_data.a", 700), size("staging.b", 200), size("curated.c", 100)]
    after.storage[:] = [size("raw_data.a", 660), size("staging.b", 90), size("curated.c", 90)]
    judged = [v for v in verdicts(made.document(before, after)) if v.part == "storage"]
    assert judged == [
        Verdict("storage", "all tables of the pipeline",
                "20% fewer bytes than the baseline or better", "+16.0% saved", False),
        Verdict("storage", "staging and curated",
                "45% fewer bytes than the baseline or better", "+40.0% saved", False),
    ]  # fmt: skip


def test_growth_of_lookups_beside_the_probe() -> None:
    """A machine that was twice as slow at the larger scale is no growth."""
    small, large = made.run("after", 0.1), made.run("after", 3)
    quick, long = large.latency
    large.latency[:] = [
        dataclasses.replace(
            case,
            samples_ms=[4 * ms for ms in case.samples_ms],
            reference_ms=[2 * ms for ms in case.reference_ms],
        )
        for case in (quick, dataclasses.replace(long, target_ms=150.0))
    ]
    judged = [v for v in verdicts(made.document(small, large)) if v.part == "growth"]
    wanted = "from scale 0.1 to 3 less than 1.5 times slower, beside the probe"
    assert judged == [Verdict("growth", "line_as_of", wanted, "2.00 times", False)]


@pytest.mark.parametrize(
    ("value", "limit", "form", "said"),
    [
        (0.8996, 0.9, ".0%", "89.96%"),
        (0.9, 0.9, ".0%", "90%"),
        (0.42, 0.9, ".0%", "42%"),
        (49.7, 50, ".0f", "49.7"),
        (0.947, 0.95, ".2f", "0.947"),
        (0.996, 1, ".2f", "0.996"),
        (50.04, 50, ".3g", "50.04"),
    ],
)
def test_a_value_is_written_on_its_own_side_of_the_limit(
    value: float, limit: float, form: str, said: str
) -> None:
    assert beside(value, limit, form) == said
