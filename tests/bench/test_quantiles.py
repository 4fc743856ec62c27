"""Quantiles and ratios, against definitions written differently."""

from __future__ import annotations

import math
import statistics
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlb_perf.bench.judge.quantiles import quantile, ratio, summarise

times = st.lists(st.floats(0.001, 1e6), min_size=2, max_size=60)


@given(times)
def test_quantiles_are_those_of_the_standard_library(values: list[float]) -> None:
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    ordered = sorted(values)
    found = [quantile(ordered, share / 100) for share in range(1, 100)]
    assert found == pytest.approx(cuts, rel=1e-9)


@given(times)
def test_a_summary_is_in_order(values: list[float]) -> None:
    """As the CHECK of benchmark_results wants it."""
    found = summarise(values)
    assert found.min <= found.p50 <= found.p95 <= found.p99 <= found.max
    assert found.min <= found.mean <= found.max
    assert found.stddev == pytest.approx(statistics.stdev(values), rel=1e-6, abs=1e-9)


def test_nothing_has_no_summary() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        summarise([])
    with pytest.raises(ValueError, match="no values"):
        ratio([1.0], [])


@given(times, times)
def test_the_ratio_the_other_way_is_its_inverse(a: list[float], b: list[float]) -> None:
    one, other = ratio(a, b), ratio(b, a)
    assert one.value == pytest.approx(1 / other.value, rel=1e-6)
    assert one.low <= one.value * (1 + 1e-9)
    assert one.value <= one.high * (1 + 1e-9)
    if one.low:
        assert one.low == pytest.approx(1 / other.high, rel=1e-6)


def test_the_interval_covers_as_often_as_it_says() -> None:
    """Of 400 pairs of samples whose true ratio is 1.5, about 95 percent have it inside."""
    random = Random(7)
    inside = 0
    for _ in range(400):
        a = [random.lognormvariate(0, 0.5) for _ in range(25)]
        b = [1.5 * random.lognormvariate(0, 0.5) for _ in range(30)]
        found = ratio(a, b, confidence=0.95)
        inside += found.low <= 1.5 <= found.high
    assert 365 <= inside <= 395


def test_few_values_prove_nothing() -> None:
    found = ratio([1.0, 1.1, 1.2], [9.0, 9.1, 9.2])
    assert found.value == pytest.approx(9.1 / 1.1)
    assert (found.low, found.high) == (0.0, math.inf)


def test_one_outlier_moves_nothing() -> None:
    a = [1.0 + n / 1000 for n in range(50)]
    b = [*a[:-1], 5000.0]
    found = ratio(a, b)
    assert found.value == pytest.approx(1.0, rel=0.01)
    assert found.low <= 1 <= found.high
