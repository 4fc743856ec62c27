"""``mlb-perf bench``: a whole run at a tiny scale, its files, its rows, its refusals."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from mlb_perf.bench import document, json_file, record, side
from mlb_perf.bench.measurements import ALONE, PARTS, label
from mlb_perf.bench.report import doc_blocks
from mlb_perf.bench.tools import monitoring_history
from mlb_perf.cli import bench
from mlb_perf.cli.app import app
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.config import head_revisions
from mlb_perf.queries import get
from tests.bench import made

SMALL = ("--quick", "--scale", "0.002")
LAST = "0010"


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["bench", *map(str, words)])


@pytest.mark.usefixtures("copied")
def test_before_and_after_on_the_same_rows(
    head: Engine, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few questions, and an upgrade of a few revisions."""
    few = [get(question) for question in ("line_as_of", "board_of_day", "hot_queue")]
    monkeypatch.setattr("mlb_perf.bench.side.CATALOGUE", few)
    monkeypatch.setattr(monitoring_history, "TABLES", ())  # none of them asks for a month of it
    databases: list[str | None] = []

    def watched(sides: Sequence[side.Side]) -> list[document.Run]:
        databases.extend(one.url.database for one in sides)
        return side.measured(sides)

    monkeypatch.setattr("mlb_perf.bench.run.measured", watched)
    files = {kind: tmp_path / f"result.{kind}" for kind in ("json", "html", "md")}
    files["md"].write_text(f"# Results\n\n{doc_blocks.empty('bench.latency')}\n")
    result = run(
        "latency", "storage", "--compacted", *SMALL, "--from", "keys", "--from", "0007",
        "--from", "0008", "--to", LAST, "--database", name, "--json", files["json"],
        "--html", files["html"], "--docs", files["md"],
    )  # fmt: skip
    assert (result.exit_code, result.exception) == (0, None), result.output
    measured = json_file.read(files["json"])
    before, between, after, keys = measured.runs
    assert (before.label, before.revision) == ("before", "0007")
    assert (after.label, after.revision) == ("after", LAST)
    assert (between.label, between.revision) == ("0008", "0008")
    assert (keys.label, keys.revision) == ("keys", LAST)
    used = {index for case in keys.latency for index in case.indexes_used}
    assert keys.details["dropped"]
    assert not used.intersection(keys.details["dropped"])
    assert [one.label for one in measured.earlier()] == ["keys", "before", "0008"]
    assert between.storage == keys.storage == []
    assert {s.table: s.rows for s in before.storage} == {s.table: s.rows for s in after.storage}
    assert {s.table: s.rows for s in before.compacted} == {s.table: s.rows for s in after.storage}
    assert sum(s.heap for s in before.compacted) <= sum(s.heap for s in before.storage)
    assert [one.name for one in measured.measurements] == ["storage"]
    assert databases == [f"{name}_0007", f"{name}_0008", f"{name}_after"], "all are copies"
    for each in measured.runs:
        assert {case.name for case in each.latency} == {query.name for query in few}
    assert files["html"].read_text().startswith("<!doctype html>")
    assert doc_blocks.edited(files["md"].read_text()) == []
    assert "\n| line_as_of | " in files["md"].read_text()
    assert_recorded(head, measured)
    with head.connect() as connection:
        left = connection.execute(
            text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": name}
        )
        assert left.scalar_one() == 0


def assert_recorded(engine: Engine, measured: document.Document) -> None:
    with engine.connect() as connection:
        runs = connection.execute(
            text(
                "SELECT revision, scale, row_counts, count(r.name) AS results,"
                " count(*) FILTER (WHERE r.p50_ms > 0 AND r.target_ms > 0) AS whole"
                " FROM performance_monitoring.benchmark_runs"
                " JOIN performance_monitoring.benchmark_results AS r USING (run_id)"
                " GROUP BY run_id ORDER BY run_id"
            )
        ).all()
    assert [(r.revision, r.scale, r.results, r.whole) for r in runs] == [
        (run.revision, run.scale, len(run.latency), len(run.latency)) for run in measured.runs
    ]
    for row, one in zip(runs, measured.runs, strict=True):
        assert row.row_counts == {size.table: size.rows for size in one.storage}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("latency --scale 0.1 --json /tmp/a.json", "latency --scale 0.1"),
        ("live --docs=a.md --polls 9 --html b.html", "live --polls 9"),
        ("indexes --before postgresql://me:secret@host/one --after=postgresql:///two?host=%2Ftmp",
         "indexes --before .../one --after=.../two"),
        ("indexes --before postgresql://me:secret@host --after ://",
         "indexes --before .../ --after .../"),
        ("indexes --before postgresql://me:secret@host/one?x=a://b", "indexes --before .../one"),
    ],
)  # fmt: skip
def test_the_command_that_is_told_names_no_file_and_no_password(
    given: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["/here/mlb-perf", "bench", *given.split()])
    assert bench._command_line() == f"mlb-perf bench {shown}"


def test_results_are_shown_again(tmp_path: Path) -> None:
    json_file.write(tmp_path / "a.json", made.document(made.run("after", 0.1)))
    json_file.write(tmp_path / "b.json", made.document(made.run("after", 1)))
    joined = tmp_path / "c.json"
    result = run("--use", tmp_path / "a.json", "--use", tmp_path / "b.json", "--json", joined)
    assert result.exit_code == 0
    assert json_file.read(joined).scales() == [0.1, 1]
    assert "expected at 100" in result.stdout
    assert re.search(r"latency +board_of_day +p95 at most 1 ms .*not met", result.stdout)


def test_all_kinds_of_results_are_recorded(head: Engine) -> None:
    value = made.document()
    with head.begin() as connection:
        ids = record.record(connection, value, "0026")
        alone = record.record(connection, dataclasses.replace(value, runs=[]), "0026")
    with head.connect() as connection:
        found = connection.execute(
            text(
                "SELECT run_id, category, count(*) FROM performance_monitoring.benchmark_results"
                " GROUP BY 1, 2 ORDER BY 1, 2"
            )
        ).all()
    each = [("concurrency", 8), ("curated_analytics", 1), ("ingest", 1), ("joins", 1)]
    assert [tuple(row) for row in found] == [
        *((ids[0], *row) for row in each),
        *((ids[1], *row) for row in [*each, ("stall", 5)]),
        (alone[0], "stall", 5),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("latencies",), "has no part latencies; name some of latency, ingest"),
        (("--from", "head", "--to", "0007"), "does not come before 0007"),
        (("--from", "base"), "revision base has no tables to measure"),
        (("latency", "--compacted"), "--compacted is of the part storage"),
        (("storage", "--from", "keys"), "--from keys and a second --from are of the part latency"),
        (("--json", "/nowhere/a.json"), "/nowhere/a.json is in no directory that exists"),
        (("--docs", "/nowhere/a.md"), "/nowhere/a.md does not exist"),
        (("--use", "/nowhere/a.json"), "/nowhere/a.json: No such file"),
    ],
)
@pytest.mark.usefixtures("server_url")
def test_what_cannot_be_measured(words: tuple[str, ...], said: str) -> None:
    result = run(*words, "--quick")
    assert isinstance(result.exception, ConfigurationError)
    assert said in str(result.exception)


def test_another_measurement_has_options_of_its_own_and_the_same_endings(
    head: Engine, tmp_path: Path
) -> None:
    files = {kind: tmp_path / f"result.{kind}" for kind in ("json", "html", "md")}
    files["md"].write_text(f"{doc_blocks.empty('partitions')}\n{doc_blocks.empty('bench.stall')}\n")
    result = run(
        "partitions", "--rows", 200, "--rounds", 1, "--json", files["json"],
        "--html", files["html"], "--docs", files["md"],
    )  # fmt: skip
    assert (result.exit_code, result.exception) == (0, None), result.output
    (one,) = json_file.read(files["json"]).measurements
    assert (one.name, one.title) == ("partitions", label(ALONE["partitions"]))
    assert f"revision {', '.join(head_revisions())}" in one.measured_on
    assert one.title in files["html"].read_text()
    page = files["md"].read_text()
    assert one.measured_on in page
    assert doc_blocks.edited(page) == ["bench.stall"]  # not of this measurement, and left alone
    assert "rows gone: DELETE against DETACH" in result.stdout
    assert "targets are met" in result.stdout
    with head.connect() as connection:
        runs = connection.execute(
            text("SELECT count(*) FROM performance_monitoring.benchmark_runs")
        )
        assert runs.scalar_one() == 0


def test_results_of_several_measurements_are_joined(tmp_path: Path) -> None:
    value = dataclasses.replace(made.document(), runs=[], stalls=[])
    for name in ("load", "dataset"):
        one = dataclasses.replace(value, measurements=[made.measurement(name)])
        json_file.write(tmp_path / f"{name}.json", one)
    joined = tmp_path / "both.json"
    words = [str(tmp_path / f"{name}.json") for name in ("load", "dataset")]
    result = run("--use", words[0], "--use", words[1], "--json", joined)
    assert result.exit_code == 0
    assert [one.name for one in json_file.read(joined).measurements] == ["load", "dataset"]


@pytest.mark.parametrize("name", [*ALONE, *PARTS])
def test_every_measurement_has_a_label(name: str) -> None:
    assert re.fullmatch(r"[A-Z][^.]{20,75}", label((ALONE | PARTS)[name]))


@pytest.mark.parametrize("name", ALONE)
def test_the_help_of_each_names_the_endings(name: str) -> None:
    shown = run(name, "--help").stdout
    assert f"mlb-perf bench {name} [OPTIONS]" in shown or f"bench {name} [OPTIONS]" in shown
    for option in ("--json", "--html", "--docs"):
        assert option in shown


def test_the_help_of_the_parts_names_all_others() -> None:
    shown = " ".join(run("--help").stdout.split())
    assert "bench [OPTIONS] [parts]..." in shown
    assert ", ".join(ALONE) in shown


def test_an_option_of_another_measurement_is_refused() -> None:
    result = run("load", "--relations", 3)
    assert result.exit_code == 2
    assert "No such option: --relations" in result.output
