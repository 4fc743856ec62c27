"""What a list of times says: quantiles, and a confidence interval of their ratio to another."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

PAIRS_AT_MOST = 250_000


@dataclass(frozen=True)
class Summary:
    """Times of one case in milliseconds."""

    count: int
    min: float
    mean: float
    p50: float
    p95: float
    p99: float
    max: float
    stddev: float


@dataclass(frozen=True)
class Ratio:
    """How many times longer the second is, and the interval in which that lies."""

    value: float
    low: float
    high: float


def quantile(ordered: Sequence[float], share: float) -> float:
    """The ``share`` quantile of values in ascending order, as PostgreSQL's percentile_cont."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def summarise(times: Sequence[float]) -> Summary:
    """Quantiles, mean and standard deviation of one or more times; ValueError if there is none."""
    if not times:
        raise ValueError("no times: nothing was measured")
    ordered = sorted(times)
    # Rounding must not put the mean of equal values beside them.
    mean = min(max(math.fsum(ordered) / len(ordered), ordered[0]), ordered[-1])
    p50, p95, p99 = (quantile(ordered, share) for share in (0.50, 0.95, 0.99))
    spread = statistics.stdev(ordered) if len(ordered) > 1 else 0.0
    return Summary(len(ordered), ordered[0], mean, p50, p95, p99, ordered[-1], spread)


def ratio(first: Sequence[float], second: Sequence[float], confidence: float = 0.99) -> Ratio:
    """The ratio of ``second`` to ``first`` (positive values), by Hodges and Lehmann.

    The median of the ratios of all pairs, with the interval of the Mann-Whitney test: no shape
    of the distribution is assumed, and outliers do not move it. With so few values that no
    interval has that confidence, it reaches from 0 to infinity. ValueError if either is empty.
    """
    if not first or not second:
        raise ValueError("no values to compare")
    ones, others = _thinned(first), _thinned(second)
    shifts = sorted(math.log(b) - math.log(a) for a in ones for b in others)
    middle = math.exp(quantile(shifts, 0.5))
    place = _rank(len(ones), len(others), confidence)
    if place < 0:
        return Ratio(middle, 0.0, math.inf)
    return Ratio(middle, math.exp(shifts[place]), math.exp(shifts[-1 - place]))


def _rank(n: int, m: int, confidence: float) -> int:
    """How many pairs lie beyond each end of the interval; negative if the samples are too small."""
    if 2 / math.comb(n + m, n) > 1 - confidence:
        return -1  # even if all of one were above all of the other, that could be chance
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    return max(0, math.floor(n * m / 2 - z * math.sqrt(n * m * (n + m + 1) / 12) - 0.5))


def _thinned(values: Sequence[float]) -> Sequence[float]:
    """The values, or evenly chosen ones of them, so that the pairs stay few enough to sort."""
    most = math.isqrt(PAIRS_AT_MOST)
    if len(values) <= most:
        return values
    ordered = sorted(values)
    return [quantile(ordered, n / (most - 1)) for n in range(most)]
