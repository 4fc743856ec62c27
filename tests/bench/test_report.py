"""The report: one page that needs nothing else, and that a browser takes without complaint."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mlb_perf.bench.document import Document
from mlb_perf.bench.report import page, results
from tests.bench import made

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
VOID = {"meta", "link", "br", "i", "circle", "line", "rect", "path"}


@pytest.fixture(scope="module")
def whole() -> Document:
    """Two sides at three scales."""
    runs = [made.run(label, scale, scale + 1) for scale in (0.1, 1, 3) for label in SIDES]
    return made.document(*runs)


SIDES = ("before", "after")


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
    assert found.addresses == ["data:,"]
    assert not {"script", "img", "iframe", "object"} & found.tags
    assert not re.search(r"url\(|@import|https?://", text)
    assert found.ids == [
        "targets", "latency", "ingest", "concurrency", "storage", "stall", "growth", "conditions",
    ]  # fmt: skip
    assert "a &lt;processor&gt;" in text
    assert "a <processor>" not in text


def test_each_plot_has_its_table_and_a_narrow_twin(whole: Document) -> None:
    text = page.render(whole)
    for name in ("latency", "ingest", "concurrency", "storage", "stall"):
        section = text.split(f'<section id="{name}">')[1].split("</section>")[0]
        assert section.count('class="wide"') == section.count('class="narrow"') > 0, name
        assert section.count("<table") >= 1, name
    for case in ("line_as_of", "board_of_day"):
        for side in SIDES:
            assert f"<title>{case} {side}: " in text
    assert '<td class="no">no</td>' in text  # board_of_day is above its millisecond


def test_what_was_not_measured_is_said(whole: Document) -> None:
    only = made.document(made.run("after"))
    text = page.render(only)
    checked(text)
    assert text.count("Not measured in this run.") == 1  # growth needs two scales
    assert "Not measured in this run." not in page.render(whole)


def test_the_markdown_has_the_same_figures(whole: Document) -> None:
    bodies = results.bodies(whole)
    assert "| raw_ingestion | 0.43 ms | not measured |" in bodies["bench.claims"]
    assert "| concurrent users | 500+ | 500 connected" in bodies["bench.claims"]
    assert "- before: revision 0007, scale 3, seed 1" in bodies["bench.conditions"]
    lines = bodies["bench.latency"].splitlines()
    assert [line.count(" | ") for line in lines] == [11] * len(lines)
    assert "| line_as_of | curated_analytics |" in bodies["bench.latency"]
    assert "expected at 100" in bodies["bench.growth"]


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
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


def opened(report: Path, profile: Path) -> tuple[str, list[str]]:
    """The page after loading, and the lines of the console."""
    assert BROWSER is not None
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", f"--user-data-dir={profile / 'profile'}",
            "--enable-logging=stderr", "--dump-dom", report.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout, [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
