"""Figures in documentation are written by a command and not by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlb_perf.bench.report import doc_blocks, results
from mlb_perf.errors import ConfigurationError
from tests.bench import made
from tests.support.checkout import ROOT

README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_figure_was_edited_by_hand(page: Path) -> None:
    assert doc_blocks.edited(page.read_text(encoding="utf-8")) == []


def test_the_documentation_has_every_block_of_the_benchmark_once() -> None:
    names = [
        name
        for page in PAGES[1:]
        for name in doc_blocks.names(page.read_text(encoding="utf-8"))
        if name.startswith("bench.")
    ]
    bodies = results.bodies(made.document())
    assert sorted(names) == sorted(name for name in bodies if name.startswith("bench."))
    assert doc_blocks.names(README.read_text(encoding="utf-8")) == ["bench.headlines"]


def test_a_block_is_filled_and_kept(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        f"before\n\n{doc_blocks.empty('a.b')}\n\nbetween\n\n{doc_blocks.empty('c')}\nafter\n"
    )
    assert doc_blocks.fill(page, {"a.b": "5 ms\n"}) == ["a.b"]
    once = page.read_text()
    assert "-->\n5 ms\n<!-- end of a.b -->\n\nbetween\n" in once
    assert doc_blocks.edited(once) == ["c"]
    assert doc_blocks.fill(page, {"a.b": "5 ms", "c": "6 ms", "other": ""}) == ["a.b", "c"]
    assert doc_blocks.edited(page.read_text()) == []
    doc_blocks.fill(page, {"a.b": "7 ms"})
    assert page.read_text() == once.replace("5 ms", "7 ms").replace(
        "\n" + doc_blocks.empty("c"), "\n" + doc_blocks.block("c", "6 ms")
    ).replace(
        doc_blocks.block("a.b", "5 ms").split("\n")[0],
        doc_blocks.block("a.b", "7 ms").split("\n")[0],
    )


def test_what_was_edited_is_named() -> None:
    text = f"{doc_blocks.block('one', '5 ms')}\n{doc_blocks.block('two', '6 ms')}\n"
    assert doc_blocks.edited(text) == []
    assert doc_blocks.edited(text.replace("6 ms", "4 ms")) == ["two"]
    assert doc_blocks.edited(text.replace("<!-- end of one -->", "")) == ["one"]
    assert doc_blocks.edited(text.replace("sha256:", "", 1)) == ["one"]


def test_a_page_without_the_block_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing")
    with pytest.raises(ConfigurationError, match=r"page\.md has no block for a; put .*measured a"):
        doc_blocks.fill(page, {"a": "1"})
    assert page.read_text() == "nothing"
