"""Thresholds: each can be set, by the command line and by a file; what is wrong is named."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from mlb_perf.errors import ConfigurationError
from mlb_perf.monitor.findings import Severity, grade
from mlb_perf.monitor.thresholds import Thresholds, documentation, from_file, from_words

UNITS = ("seconds", "ratio", "blocks", "bytes", "days", "times", "rows", "ms", "count")


@pytest.mark.parametrize("name", [field.name for field in fields(Thresholds)])
def test_each_has_a_unit_and_can_be_set(name: str) -> None:
    assert name.rpartition("_")[2] in UNITS
    changed = Thresholds().with_values(from_words([f"{name}=12.5"]))
    differing = {f.name for f in fields(changed)
                 if getattr(changed, f.name) != getattr(Thresholds(), f.name)}  # fmt: skip
    assert differing == {name}
    assert getattr(changed, name) == 12.5


def test_the_last_word_counts() -> None:
    limits = Thresholds().with_values(
        from_words(["lock_wait_warning_seconds=1", " lock_wait_warning_seconds = 2_000 "])
    )
    assert limits.lock_wait_warning_seconds == 2000


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "limits.toml"
    file.write_text("# ours\nbloat_minimum_bytes = 1_000\nbloat_warning_ratio = 0.25\n")
    limits = Thresholds().with_values(from_file(file))
    assert (limits.bloat_minimum_bytes, limits.bloat_warning_ratio) == (1000, 0.25)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("bloat_minimum_bytes = ", "is not TOML: .*; write lines like"),
        ("bloat_minimum_bytes = true", "bloat_minimum_bytes is True; write a number"),
        ("bloat_minimum_bytes = [1]", r"bloat_minimum_bytes is \[1\]; write a number"),
        ("bloat_minimum_bytes = -1", "bloat_minimum_bytes is -1; write a number"),
        ("bloat_minimum_bytes = inf", "bloat_minimum_bytes is inf; write a number"),
        ("[limits]\nbloat_minimum_bytes = 1", "unknown threshold limits; .*bloat_minimum"),
    ],
)
def test_a_file_that_is_wrong(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "limits.toml"
    file.write_text(content)
    with pytest.raises(ConfigurationError, match=said):
        Thresholds().with_values(from_file(file))


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "limits.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="is not TOML"):
        from_file(file)


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (0.99, (Severity.OK, 1)), (1, (Severity.WARNING, 1)), (1.99, (Severity.WARNING, 1)),
        (2, (Severity.CRITICAL, 2)),
    ],
)  # fmt: skip
def test_a_limit_is_met_at_the_figure_itself(
    figure: float, expected: tuple[Severity, float]
) -> None:
    assert grade(figure, 1, 2) == expected


def test_docs_have_the_defaults(pytestconfig: pytest.Config) -> None:
    text = (pytestconfig.rootpath / "docs" / "monitoring.md").read_text(encoding="utf-8")
    missing = [line for line in documentation().splitlines() if line not in text.splitlines()]
    assert missing == [], (
        "python -c 'from mlb_perf.monitor.thresholds import *; print(documentation())'"
    )
