"""The samples that a probe's rows give a metric."""

from __future__ import annotations

from types import SimpleNamespace

from mlb_perf.monitor.probes.probe import Metric, Sample, count_of


def test_samples_of_a_metric() -> None:
    """Rows of the same labels are one sample, NULL is none, and nothing is 0 where asked for."""
    rows = [SimpleNamespace(table="a", ms=2000.0), SimpleNamespace(table="b", ms=None),
            SimpleNamespace(table="a", ms=500.0)]  # fmt: skip
    seconds = Metric("x_seconds", "x", "ms", ("table",), sum, factor=0.001)
    assert seconds.samples(rows) == [Sample((("table", "a"),), 2.5)]
    assert Metric("x", "x", "ms", combine=count_of, empty=True).samples(rows) == [Sample((), 2)]
    assert Metric("x", "x", "ms", combine=count_of, empty=True).samples([]) == [Sample((), 0)]
    assert Metric("x", "x", "ms").samples([]) == []
