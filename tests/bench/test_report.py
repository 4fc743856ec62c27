"""The report: one page that needs nothing else, and that a browser takes without complaint."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from mlb_perf.bench import json_file
from mlb_perf.bench.document import Document
from mlb_perf.bench.report import page, question_tables, results, tables
from mlb_perf.bench.report.summary import show
from tests.bench import made
from tests.support.browser import needs_browser, opened

VOID = {"meta", "link"}
PARTS = ["latency", "storage", "ingest", "concurrency", "stall", "growth", "targets"]
HOSTILE = "<b>&\"'"
# By these a value finds its place in the report.
CHOOSING = {"label", "workload", "way", "table"}


@pytest.fixture(scope="module")
def whole() -> Document:
    return made.whole()


class Checker(HTMLParser):
    """Counts what is open, and collects ids, addresses and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.addresses += [
            value or "" for name, value in attrs if name in ("href", "src", "xlink:href", "data")
        ]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def checked(text: str) -> Checker:
    checker = Checker()
    checker.feed(text)
    assert checker.open == []
    return checker


def test_one_page_that_needs_nothing_else(whole: Document) -> None:
    text = page.render(whole)
    found = checked(text)
    assert found.ids == [*PARTS, f"measurement-{whole.measurements[0].name}", "conditions"]
    assert found.addresses == ["data:,", *(f"#{name}" for name in found.ids)]
    assert not {"script", "img", "iframe", "object"} & found.tags
    assert not re.search(r"url\(|@import|https?://", text)


def test_the_first_screen_begins_with_the_result() -> None:
    first = shown(page.render(made.document()).split("<header>")[1].split("</header>")[0])
    assert first.startswith(
        "mlb_perf: the schema before and after its upgrade At revision 0019, 2 questions are "
        "answered, by geometric mean, 3.00 times as fast as with an index on each filtered column "
        "(the baseline, 0007), and the same 1,030 rows take 59% less space. 17 of 19 "
        "targets are met, and while the schema changed under load 0 statements failed and 0 rows "
        "differed afterwards. before after change "
    )
    assert "slowest question, median 15.3 ms 5.1 ms -67%" in first


def test_both_headlines_are_on_the_first_screen() -> None:
    keys = made.run("keys", factor=600)
    sides = [made.run("before", factor=3), made.run("after"), dataclasses.replace(keys, storage=[])]
    value = made.document(*sides)
    first = shown(page.render(value).split("<header>")[1].split("</header>")[0])
    assert "3.00 times as fast as with an index on each filtered column (the baseline" in first
    assert "(the baseline, 0007) and 600 times as fast as with the keys alone, and the" in first
    assert "phase 1 (0019), against the keys alone 600" in first
    assert results.bodies(value)["bench.headlines"].splitlines()[3] == (
        "| phase 1 (0019), against the baseline (0007) | 3.00 | what phase 1 is worth against an "
        "index on each filtered column | 3.00 | line_as_of 3.00 | board_of_day 3.00 |"
    )


def test_a_ratio_is_that_of_the_figures_in_its_row(whole: Document) -> None:
    """Whatever the probe took beside each side."""
    (case,) = (c for c in whole.runs[-1].latency if c.name == "board_of_day")
    slow = dataclasses.replace(
        case,
        samples_ms=[2 * value for value in case.samples_ms],
        reference_ms=[3 * value for value in case.reference_ms],
    )
    for value in (whole, made.with_case(whole, slow)):
        table = question_tables.latency(value)
        row = dict(zip(table.columns, table.rows[1], strict=True))
        assert table.columns[1:5] == ["times the probe", "after / before", "target", "met"]
        before, after, probe = (
            float(row[name].split()[0]) for name in ("before p50", "after p50", "probe")
        )
        assert float(row["times the probe"]) == pytest.approx(after / probe, rel=0.01)
        assert float(row["after / before"]) == pytest.approx(after / before, rel=0.01)
    assert row["after p50"] == "40.8 ms"


def shown(html: str) -> str:
    """The text of a piece of the page, with one space between words."""
    reader = Reader()
    reader.feed(html)
    return " ".join("".join(reader.pieces).split())


class Reader(HTMLParser):
    """Collects text."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)


def test_a_quick_run_says_that_it_is_no_evidence(whole: Document) -> None:
    quick = dataclasses.replace(whole, command="mlb-perf bench --quick; mlb-perf bench stall")
    assert "do not take its figures as evidence" in page.render(quick)
    assert "as evidence" not in page.render(whole)


def test_every_value_is_escaped(whole: Document) -> None:
    text = page.render(hostile(whole))
    assert checked(text).ids == [*PARTS, f"measurement-{HOSTILE}", "conditions"]
    assert "<b>" not in text
    for part in (*PARTS, f"measurement-{HOSTILE}", "conditions"):
        section = text.split(f'<section id="{escaped(part)}">')[1].split("</section>")[0]
        assert escaped(HOSTILE) in section or part == "growth", part
    assert shown(text).count(HOSTILE) > 50


def escaped(text: str) -> str:
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;")):
        text = text.replace(character, entity)
    return text.replace("'", "&#39;")


def hostile(value: Document) -> Document:
    """The document with every string replaced; those that choose, in more runs and entries."""
    one = with_strings_replaced(json.loads(json_file.dumps(value)))
    for run in [*one["runs"]]:
        for part in ("concurrency", "storage"):
            run[part].append(with_strings_replaced(run[part][0], all_of_them=True))
        one["runs"].append(with_strings_replaced(run, all_of_them=True))
    return json_file.decode({**one, "format": json_file.FORMAT}, "hostile")


def with_strings_replaced(value: Any, *, all_of_them: bool = False) -> Any:
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, list):
        return [with_strings_replaced(each, all_of_them=all_of_them) for each in value]
    if isinstance(value, dict):
        return {
            name: each
            if name in CHOOSING and not all_of_them
            else with_strings_replaced(each, all_of_them=all_of_them)
            for name, each in value.items()
        }
    return value


def test_a_part_that_was_not_measured_is_named(whole: Document) -> None:
    text = page.render(made.document(made.run("after")))
    checked(text)
    assert "Not measured in this run: growth." in text  # that needs two scales
    assert "Not measured in this run" not in page.render(whole)


def test_other_measurements_are_shown_with_or_without_an_upgrade(whole: Document) -> None:
    alone = dataclasses.replace(whole, runs=[], stalls=[])
    (one,) = whole.measurements
    (table,) = one.tables
    cells = [cell for row in (table.columns, *table.rows) for cell in row]
    words = [one.title, one.measured_on.replace("`", ""), *cells, *one.lines]
    name = f"measurement-{one.name}"
    for value in (whole, alone):
        section = page.render(value).split(f'<section id="{name}">')[1].split("</section>")[0]
        plots = re.findall(r"<figure>.*?</figure>", section, re.DOTALL)
        for piece in (*plots, *re.findall(r'<div class="legend">.*?</div>', section, re.DOTALL)):
            section = section.replace(piece, "")
        assert shown(section) == " ".join(words)
        (plot,) = plots
        assert "A load" in shown(plot)
        assert "p50, 1,000 rows: 3.5 ms" in plot
    ids = checked(page.render(alone)).ids
    assert set(ids) - {"targets"} == {name, "conditions"}
    assert shown(page.render(alone).split("</h1>")[0]).endswith("mlb_perf: measurements")
    assert "Not measured" not in page.render(alone)


def test_each_change_of_the_schema_has_a_section(whole: Document) -> None:
    failed = dataclasses.replace(made.stall(), rows=3000, errors=["deadlock"], repaired_copies=1)
    text = page.render(dataclasses.replace(whole, stalls=[made.stall(), failed]))
    assert {"stall", "stall-2"} <= set(checked(text).ids)
    section = shown(text.split('<section id="stall-2">')[1].split("</section>")[0])
    assert "1 statement failed, and 0 rows differed afterwards" in section
    assert section.startswith("While the schema changes: 3,000 rows Upgrade and downgrade")
    assert "under load 1 statement failed and 0 rows" in shown(text.split("<nav>")[0])


def test_the_terminal_shows_text_in_brackets(whole: Document) -> None:
    after = dataclasses.replace(whole.runs[-1], left_out={"history": "[red]none[/red]"})
    case = dataclasses.replace(after.latency[0], name="of[bold]day")
    after = dataclasses.replace(after, latency=[case])
    one = dataclasses.replace(whole.measurements[0], title="[link]", lines=["[/nothing]"])
    console = Console(width=200, file=io.StringIO())
    show(dataclasses.replace(whole, runs=[after], measurements=[one]), console)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    for line in ("[link]", "[/nothing]"):
        assert line in lines
    assert any(line.startswith("of[bold]day ") for line in lines)
    assert any(line.rstrip().endswith("[red]none[/red]") for line in lines)


def test_the_markdown_has_the_same_figures(whole: Document) -> None:
    bodies = results.bodies(whole)
    assert "| raw_ingestion | 0.43 ms | not measured |" in bodies["bench.claims"]
    assert "| concurrent users | 500+ | 500 connected" in bodies["bench.claims"]
    assert "- before: revision 0007, scale 3, seed 1" in bodies["bench.conditions"]
    lines = bodies["bench.latency"].splitlines()
    assert [line.count(" | ") for line in lines] == [13] * len(lines)
    assert lines[3].startswith("| board_of_day | ")
    assert "expected at 100" in bodies["bench.growth"]
    (one,) = whole.measurements
    assert bodies[one.name] == (
        f"{one.measured_on}:\n\n{tables.markdown(one.tables[0])}\n```text\n{one.lines[0]}\n```\n"
    )


def test_a_document_of_other_measurements_leaves_the_blocks_of_the_upgrade(
    whole: Document,
) -> None:
    alone = dataclasses.replace(whole, runs=[], stalls=[])
    assert list(results.bodies(alone)) == [one.name for one in whole.measurements]


@needs_browser
def test_a_browser_takes_it_without_complaint(whole: Document, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    report.write_text(page.render(whole), encoding="utf-8")
    dumped, complaints = opened(report, tmp_path)
    assert "<h2>Growth</h2>" in dumped
    assert complaints == []
    # What would be seen if there were something to see.
    report.write_text('<link rel="icon" href="data:,"><script>nothing()</script>')
    _, complaints = opened(report, tmp_path)
    assert len(complaints) == 1
    assert "nothing is not defined" in complaints[0]
