"""Figures, statements and tables as a person reads them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from mlb_perf.formatting import (
    LONGEST_VALUE,
    Unit,
    in_words,
    markdown_table,
    mb,
    ms,
    number,
    one_line,
    plural,
    printable,
    printable_lines,
)


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


def test_statements() -> None:
    assert one_line("SELECT\n\t1,\x1b[0m  2") == "SELECT 1,\\x1b[0m 2"
    assert one_line(None) == ""
    assert one_line("x" * 400, 10) == "xxxxxxx..."


def test_plurals() -> None:
    assert plural(1, "index", "indexes") == "1 index"
    assert plural(2, "index", "indexes") == "2 indexes"
    assert plural(1500, "row") == "1,500 rows"


def test_one_megabyte_is_1048576_bytes() -> None:
    assert (mb(1_048_576), mb(1_500_000_000)) == ("1.0 MB", "1,430.5 MB")
    assert in_words(1_048_576, "bytes") == "1 MB"


def test_milliseconds() -> None:
    assert [ms(figure) for figure in (0.01234, 12.34, 1234.5)] == [
        "0.0123 ms", "12.3 ms", "1,234 ms",
    ]  # fmt: skip


def test_a_markdown_table() -> None:
    """Figures stand at the right; a bar in a cell does not end it."""
    rows = [("a|b", "1.0 MB"), ("c", "12.0 MB")]
    assert markdown_table(("table", "size"), rows, words=1) == (
        "| table | size |\n| --- | ---: |\n| a\\|b | 1.0 MB |\n| c | 12.0 MB |\n"
    )
    assert markdown_table(("table",), []) == "| table |\n| --- |\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain \u00e9 \U0001f9e2", "plain \u00e9 \U0001f9e2"),
        ("\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"),
        ("a\nb\rc\td\u2028e\u00a0f", "a b c d e f"),
        ("\x7f\x9b31m\u202egpj.exe", "\\x7f\\x9b31m\\u202egpj.exe"),
        ("\u2066\ufeff\udc80", "\\u2066\\ufeff\\udc80"),
    ],
)  # fmt: skip
def test_text_from_outside_moves_no_cursor(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(shown) == shown


def test_long_text_from_outside_is_cut() -> None:
    assert printable("x" * 201, LONGEST_VALUE) == "x" * 197 + "..."
    assert printable("\x1b" * 60, LONGEST_VALUE) == ("\\x1b" * 60)[:197] + "..."
    assert printable_lines("a\x1b\n\tb\x07\n") == "a\\x1b\n\tb\\x07\n"
