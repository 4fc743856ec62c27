"""What counts as a change from one result to another."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mlb_perf.bench import json_file
from mlb_perf.bench.document import Document
from mlb_perf.bench.judge.compare import compare
from mlb_perf.cli.app import app
from mlb_perf.errors import BenchmarkFailed
from tests.bench import made


def said(a: Document, b: Document, tolerance: float = 1.25) -> list[str]:
    return [str(change) for change in compare(a, b, tolerance=tolerance)]


def test_two_runs_of_the_same_report_nothing() -> None:
    for seed in range(2, 12):
        a = made.document(made.run("before", factor=3), made.run("after"))
        b = made.document(made.run("before", factor=3, seed=seed), made.run("after", seed=seed))
        assert said(a, b) == []


def test_a_slower_machine_is_no_regression() -> None:
    """Everything takes twice as long, and so do the probes."""
    a = made.document()
    runs = [
        dataclasses.replace(
            run,
            latency=[
                dataclasses.replace(
                    case,
                    samples_ms=[2 * value for value in case.samples_ms],
                    reference_ms=[2 * value for value in case.reference_ms],
                )
                for case in run.latency
            ],
            concurrency=[
                dataclasses.replace(x, tps=x.tps / 2, windows=[w / 2 for w in x.windows])
                for x in run.concurrency
            ],
        )
        for run in a.runs
    ]
    assert said(a, dataclasses.replace(a, runs=runs)) == []


def test_a_lost_index_is_named() -> None:
    a = made.document()
    slow = made.case("board_of_day", 20, indexes=("curated.ix_b",))
    (line,) = said(a, made.with_case(a, slow))
    assert line.startswith("latency (scale 0.1, after) board_of_day: slower by a factor of 4.")
    assert line.endswith("; no longer uses curated.ix_a; uses curated.ix_b")
    (line,) = said(made.with_case(a, slow), a)
    assert "board_of_day: faster by a factor of 0.2" in line


def test_waiting_for_a_processor_is_no_regression() -> None:
    """The time is four times as long, and the server has worked no longer."""

    def with_work(value: Document, times: float) -> Document:
        (case,) = (c for c in value.runs[1].latency if c.name == "board_of_day")
        work = [value * times for value in made.case("board_of_day", 4.0).samples_ms]
        probes = [made.PROBE_MS / 2] * len(work)
        return made.with_case(
            value, dataclasses.replace(case, cpu_ms=work, reference_cpu_ms=probes)
        )

    a = with_work(made.document(), 1)
    slow = made.with_case(made.document(), made.case("board_of_day", 20))
    assert said(a, with_work(slow, 1)) == []
    assert len(said(a, with_work(slow, 4))) == 1
    assert len(said(a, slow)) == 1  # of one run it is not known


def test_less_than_the_tolerance_is_no_change() -> None:
    a = made.document()
    b = made.with_case(a, made.case("board_of_day", 6.5))
    assert said(a, b, 1.5) == []
    assert len(said(a, b, 1.1)) == 1


def test_few_samples_are_no_proof() -> None:
    a = made.document()
    few = made.with_case(a, made.case("board_of_day", 5, count=2))
    assert said(few, made.with_case(a, made.case("board_of_day", 50, count=2))) == []


def test_errors_bytes_and_missing_cases() -> None:
    a = made.document(made.run("after"))
    (run,) = a.runs
    worse = dataclasses.replace(
        run,
        latency=run.latency[1:],
        concurrency=[dataclasses.replace(run.concurrency[0], errors=3), *run.concurrency[1:]],
        storage=[dataclasses.replace(run.storage[0], heap=600_000), *run.storage[1:]],
    )
    place = "(scale 0.1, after)"
    assert said(a, made.document(worse)) == [
        f"storage {place} staging.betting_odds_unified: larger by a factor of 1.77",
        f"latency {place} line_as_of: gone; the second run did not measure it",
        f"concurrency {place} primary key, 8 clients, direct: failing; 3 errors, 0 before",
    ]


def test_some_pages_are_no_change() -> None:
    """A table of few pages is twice as large with one more page for each writer."""
    a = made.document(made.run("after"))
    (run,) = a.runs
    first, *others = run.storage
    for more, count in ((100_000, 0), (200_000, 1)):
        larger = dataclasses.replace(first, heap=first.heap + more)
        b = made.document(dataclasses.replace(run, storage=[larger, *others]))
        assert len(said(a, b)) == count


def test_a_stall_that_loses_rows() -> None:
    a = made.document()
    lost = dataclasses.replace(made.stall(), differences=["raw: 7 became 6"])
    assert said(a, dataclasses.replace(a, stalls=[lost])) == [
        "stall rows: failing; 1 wrong, 0 before; the first: raw: 7 became 6"
    ]


def test_what_has_nothing_in_common_is_refused() -> None:
    a, b = (made.document(made.run("after", scale)) for scale in (0.1, 1))
    b = dataclasses.replace(b, stalls=[])
    with pytest.raises(
        BenchmarkFailed, match=r"the first has scale 0\.1 after, the second scale 1"
    ):
        compare(a, b)


def test_fewer_transactions_beside_as_many_probes() -> None:
    a = made.document(made.run("after"))
    (run,) = a.runs
    slow = [
        dataclasses.replace(x, tps=x.tps / 2, windows=[w / 2 for w in x.windows])
        if (x.workload, x.way, x.clients) == ("lookups", "pgbouncer", 500)
        else x
        for x in run.concurrency
    ]
    (line,) = said(a, made.document(dataclasses.replace(run, concurrency=slow)))
    assert "lookups, 500 clients, pgbouncer: slower by a factor of 2.00" in line


@pytest.mark.parametrize("factor", [1, 4])
def test_the_command(tmp_path: Path, factor: int) -> None:
    a = made.document()
    b = made.with_case(a, made.case("board_of_day", 5 * factor))
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path, value in zip(paths, (a, b), strict=True):
        json_file.write(path, value)
    result = CliRunner().invoke(app, ["bench", "--compare", *map(str, paths)])
    worse = int(factor > 1)
    assert result.exit_code == worse
    assert f"{worse} regressions, 0 other changes" in result.stdout
    assert ("board_of_day: slower" in result.stdout) == bool(worse)
