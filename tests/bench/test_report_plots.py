"""The plots of the report: their labels, their tables, and a narrow twin of each."""

from __future__ import annotations

import dataclasses

import pytest

from mlb_perf.bench.document import Document
from mlb_perf.bench.report import page
from mlb_perf.bench.report.plots import svg
from mlb_perf.bench.report.section import Figure, sections
from tests.bench import made


@pytest.fixture(scope="module")
def whole() -> Document:
    return made.whole()


@pytest.mark.parametrize("kind", ["wide", "narrow", ""])
def test_the_labels_of_an_axis_do_not_touch(whole: Document, kind: str) -> None:
    loads = [made.load("lookups", 2**n, 1000.0) for n in range(20)]
    crowded = dataclasses.replace(made.run("after", 9), concurrency=loads)
    scales = [made.run("after", 3.1 + n / 10) for n in range(30)]
    found = dataclasses.replace(whole, runs=[*scales, made.run("before", 9), crowded])
    plots = [figure.plots[kind] for figure in figures(found) if kind in figure.plots]
    assert len(plots) >= 2
    for plot in plots:
        assert touching(plot) == []


def test_labels_that_touch_would_be_found() -> None:
    labels = [svg.text(x, 10, "100 ms", "tick", "middle") for x in (40, 70)]
    assert touching(svg.Plot(100, 20, "", labels)) == ["100 ms"]
    assert touching(svg.Plot(60, 20, "", labels[1:])) == ["100 ms"]


def figures(value: Document) -> list[Figure]:
    return [figure for section in sections(value) for figure in section.figures]


def touching(plot: svg.Plot) -> list[str]:
    """The labels in the middle of their place that reach into the one before or off the picture."""
    labels = [m for m in plot.marks if m.attributes.get("text-anchor") == "middle"]
    found, ends = [], dict[str, float]()
    for label in sorted(labels, key=lambda m: float(m.attributes["x"])):
        x, half = float(label.attributes["x"]), len(label.words) * svg.CHARACTER / 2
        y = label.attributes["y"]
        if x - half < ends.get(y, -0.1) or x + half > plot.width + 0.1:
            found.append(label.words)
        ends[y] = x + half
    return found


def test_each_plot_has_its_table_and_a_narrow_twin(whole: Document) -> None:
    text = page.render(whole)
    for name in ("latency", "ingest", "concurrency", "storage", "stall"):
        section = text.split(f'<section id="{name}">')[1].split("</section>")[0]
        assert section.count('class="wide"') == section.count('class="narrow"') > 0, name
        assert section.count("<table") >= 1, name
    for case in ("line_as_of", "board_of_day"):
        for side in made.SIDES:
            assert f"<title>{case} {side}: " in text
    assert '<td class="no">no</td>' in text  # board_of_day is above its millisecond
