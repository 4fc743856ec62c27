"""``mlb-perf docs``: the pages that messages name, wherever the package is installed."""

from __future__ import annotations

import pytest

from mlb_perf.errors import ConfigurationError
from tests.support.command_line import invoke


def test_pages_are_listed_and_printed(pytestconfig: pytest.Config) -> None:
    folder = pytestconfig.rootpath / "docs"
    listed = invoke("docs").output.splitlines()
    assert [line.split()[0] for line in listed[:-1]] == sorted(p.stem for p in folder.glob("*.md"))
    assert listed[-1] == f"in {folder}"
    text = (folder / "feeds.md").read_text().rstrip()
    assert [invoke("docs", name).output.rstrip() for name in ("feeds", "docs/feeds.md")] == [
        text
    ] * 2


def test_an_unknown_page_is_refused_with_all_names() -> None:
    with pytest.raises(ConfigurationError, match=r"no page cooking; name one of .*feeds, "):
        invoke("docs", "cooking")
