"""Figures, names and statements as status shows them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from mlb_perf.formatting import Unit, in_words, number, one_line, plural
from mlb_perf.monitor.probes.probe import Metric, Sample, count_of
from mlb_perf.names import literal, qualified


@pytest.mark.parametrize(
    ("figure", "unit", "words"),
    [
        (0, "seconds", "0 s"), (0.0421, "seconds", "42 ms"), (9.876, "seconds", "9.88 s"),
        (59.9, "seconds", "59 s"), (130, "seconds", "2 min 10 s"), (3600, "seconds", "1 h"),
        (90_061, "seconds", "1 d 1 h"),
        (0, "bytes", "0 bytes"), (8192, "bytes", "8 kB"), (5 * 1024**3, "bytes", "5 GB"),
        (32 * 1024**4, "bytes", "32 TB"),
        (0.00168, "ratio", "0.168%"), (0.5, "ratio", "50%"), (1.0, "ratio", "100%"),
        (12.5, "ratio", "1250%"),
        (0.5, "ms", "0.5 ms"), (1234.5, "ms", "1,234 ms"), (12_345.6, "ms", "12 s"),
        (90, "days", "90 days"),
        (2.5, "times", "2.5 times"), (1234, "rows", "1,234 rows"), (7, "count", "7"),
    ],
)  # fmt: skip
def test_figures(figure: float, unit: Unit, words: str) -> None:
    assert in_words(figure, unit) == words


def test_numbers() -> None:
    assert number(None) is None
    assert number(Decimal("0.25")) == 0.25
    assert number(dt.timedelta(minutes=2)) == 120
    assert number(dt.datetime(1970, 1, 2, tzinfo=dt.UTC)) == 86400


def test_names_and_statements() -> None:
    assert qualified("curated", "teams") == "curated.teams"
    assert qualified("My Schema", 'a"b') == '"My Schema"."a""b"'
    assert literal("it's") == "'it''s'"
    assert one_line("SELECT\n\t1,\x1b[0m  2") == "SELECT 1, [0m 2"
    assert one_line(None) == ""
    assert one_line("x" * 400, 10) == "xxxxxxx..."
    assert (plural(1, "index", "indexes"), plural(2, "index", "indexes")) == (
        "1 index",
        "2 indexes",
    )


def test_samples_of_a_metric() -> None:
    """Rows of the same labels are one sample, NULL is none, and nothing is 0 where asked for."""
    rows = [SimpleNamespace(table="a", ms=2000.0), SimpleNamespace(table="b", ms=None),
            SimpleNamespace(table="a", ms=500.0)]  # fmt: skip
    seconds = Metric("x_seconds", "x", "ms", ("table",), sum, factor=0.001)
    assert seconds.samples(rows) == [Sample((("table", "a"),), 2.5)]
    assert Metric("x", "x", "ms", combine=count_of, empty=True).samples(rows) == [Sample((), 2)]
    assert Metric("x", "x", "ms", combine=count_of, empty=True).samples([]) == [Sample((), 0)]
    assert Metric("x", "x", "ms").samples([]) == []
