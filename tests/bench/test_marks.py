"""Figures in documentation are written by a command and not by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlb_perf.bench import marks, results
from mlb_perf.errors import ConfigurationError
from tests.bench import made
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_figure_was_edited_by_hand(page: Path) -> None:
    assert marks.edited(page.read_text(encoding="utf-8")) == []


def test_the_documentation_has_every_block_of_the_benchmark_once() -> None:
    names = [
        name
        for page in PAGES
        for name in marks.names(page.read_text(encoding="utf-8"))
        if name.startswith("bench.")
    ]
    assert sorted(names) == sorted(results.bodies(made.document()))


def test_a_block_is_filled_and_kept(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n\n{marks.empty('a.b')}\n\nbetween\n\n{marks.empty('c')}\nafter\n")
    assert marks.fill(page, {"a.b": "5 ms\n"}) == ["a.b"]
    once = page.read_text()
    assert "-->\n5 ms\n<!-- end of a.b -->\n\nbetween\n" in once
    assert marks.edited(once) == ["c"]
    assert marks.fill(page, {"a.b": "5 ms", "c": "6 ms", "other": ""}) == ["a.b", "c"]
    assert marks.edited(page.read_text()) == []
    marks.fill(page, {"a.b": "7 ms"})
    assert page.read_text() == once.replace("5 ms", "7 ms").replace(
        "\n" + marks.empty("c"), "\n" + marks.block("c", "6 ms")
    ).replace(marks.block("a.b", "5 ms").split("\n")[0], marks.block("a.b", "7 ms").split("\n")[0])


def test_what_was_edited_is_named() -> None:
    text = f"{marks.block('one', '5 ms')}\n{marks.block('two', '6 ms')}\n"
    assert marks.edited(text) == []
    assert marks.edited(text.replace("6 ms", "4 ms")) == ["two"]
    assert marks.edited(text.replace("<!-- end of one -->", "")) == ["one"]
    assert marks.edited(text.replace("sha256:", "", 1)) == ["one"]


def test_a_page_without_the_block_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing")
    with pytest.raises(ConfigurationError, match=r"page\.md has no block for a; put .*measured a"):
        marks.fill(page, {"a": "1"})
    assert page.read_text() == "nothing"
