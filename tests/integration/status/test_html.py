"""The page of status: complete, of one file, safe against names, and readable on a phone."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support.browser import needs_browser, opened
from tests.support.command_line import invoke
from tests.support.databases import speak_to
from tests.support.sql import rows, run

HOSTILE = '<script>alert("1")</script>'


class Page(HTMLParser):
    """The tags with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def _history(engine: Engine) -> None:
    """Ten days of a table with a hostile name, of a statement, of loads, promotions and queues."""
    run(engine, f"""CREATE TABLE curated."{HOSTILE.replace('"', '""')}" (n int)""",
        f"""INSERT INTO performance_monitoring.table_history (captured_at, schema_name, table_name,
            heap_bytes, toast_bytes, index_bytes, live_rows, dead_rows, rows_inserted,
            rows_updated, rows_deleted, sequential_scans, index_scans)
        SELECT now() - d * interval '1 day', 'curated', '{HOSTILE}', (20 - d) * 1e9, 0, 0, 1, 0, 0,
            0, 0, 0, 0 FROM generate_series(0, 10) AS d""",
        """INSERT INTO performance_monitoring.query_history (captured_at, query_id, role_name,
            query_text, calls, total_ms, mean_ms, stddev_ms, row_count, buffers_hit, buffers_read)
        SELECT now() - d * interval '4 hours', 42, 'app', 'SELECT <b>', 100 - d, (100 - d) * 7, 0,
            0, 0, 0, 0 FROM generate_series(0, 10) AS d""",
        """INSERT INTO operational.pipeline_execution_log (stage, source, status, started_at,
            rows_written, rows_rejected) SELECT s, 'vsin', 'succeeded', now() - d * interval
            '1 day', 100, 10 FROM generate_series(0, 5) AS d, unnest('{load,promote}'::text[]) AS s
        """,
        """INSERT INTO performance_monitoring.status_history
            (captured_at, figure, object_name, value)
        SELECT now() - h * interval '1 hour', f.figure, f.object_name, f.value
        FROM generate_series(0, 20) AS h CROSS JOIN LATERAL (VALUES
            ('cache_hit_blocks', '', CASE h WHEN 20 THEN 1e9 ELSE 9700 * (20 - h) END),
            ('cache_read_blocks', '', CASE h WHEN 20 THEN 1e9 ELSE 300 * (20 - h) END),
            ('waiting_rows', 'vsin_splits', 30 - h), ('waiting_rows', 'odds_api_odds', 70),
            ('waiting_games', '', 5), ('feed_age_seconds', 'vsin_splits', 60 * (30 - h))
        ) AS f (figure, object_name, value)""")  # fmt: skip


@pytest.fixture(scope="module")
def page(shared_head: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    _history(shared_head)
    file = tmp_path_factory.mktemp("page") / "page.html"
    with pytest.MonkeyPatch.context() as patch:
        speak_to(shared_head.url, patch)
        invoke("status", "--html", file)
    return file.read_text(encoding="utf-8")


def test_findings_and_plots(watched: Engine, page: str) -> None:
    """Each finding of the screen is there, and each plot has its lines."""
    seen = Page(page)
    head = rows(watched, "SELECT version_num FROM alembic_version")[0][0]
    assert f"{head}, the newest" in seen.text
    charts = [attrs["aria-label"] for tag, attrs in seen.tags if tag == "svg"]
    assert charts == [
        "Size of all tables, and in 30 days", "Sizes of the largest tables, and in 30 days",
        "Mean time of the statements that take most", "Block reads that the cache served",
        "Rows and games that wait", "Age of the newest row of each feed", "Rows loaded a day",
        "Rejected records, of all that promotions handled",
    ]  # fmt: skip
    kinds = [str(attrs["class"]) for tag, attrs in seen.tags if tag == "polyline"]
    assert kinds == [
        "s1",
        "s1 expected",
        "s1",
        "s1 expected",
        "s1",
        "s1",
        "s1",
        "s2",
        "s1",
        "s1",
        "s1",
    ]
    for latest in (
        "all tables: 18.6 GB", f"curated.{HOSTILE}: 18.6 GB", "42: SELECT <b>: 7 ms",
        "served by shared_buffers: 97%", "games to curate: 5", "rows to promote: 100",
        "vsin_splits: 30 min", "vsin: 100 rows", "rejected: 9.09%",
    ):  # fmt: skip
        assert latest in seen.text


def test_the_plots_are_drawn_to_their_scale(page: str) -> None:
    """Growth from 9.31 to 18.6 GB in 10 days goes on to 46.6 GB 30 days later."""
    drawn = [attrs["points"] for tag, attrs in Page(page).tags if tag == "polyline"]
    past, expected = (str(points).split() for points in drawn[:2])
    assert (past[0], past[-1]) == ("0.0,80.0", "25.0,60.0")
    assert expected == ["25.0,60.0", "100.0,0.0"]
    assert "<span>46.6 GB</span>\n<span>23.3 GB</span>\n<span>0 bytes</span>" in page
    # The cache's axis begins at 90%; a count that began again is left out.
    assert "<span>97%</span>\n<span>93.5%</span>\n<span>90%</span>" in page
    assert {y for point in str(drawn[5]).split() for y in [point.partition(",")[2]]} == {"0.0"}


def test_one_file_without_scripts_and_addresses(page: str) -> None:
    seen = Page(page)
    assert {tag for tag, _ in seen.tags} & {"script", "img", "iframe"} == set()
    assert not re.search(r"""(src|href)=(?!"data:,")|url\(|@import|https?://""", page)
    assert "prefers-color-scheme: dark" in page


def test_a_monitor_role_gets_the_same_plots(
    watched: Engine, tmp_path: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(watched, "DROP ROLE IF EXISTS looker",
        "CREATE ROLE looker LOGIN PASSWORD 'secret' IN ROLE pg_monitor",
        "GRANT USAGE ON SCHEMA performance_monitoring TO looker")  # fmt: skip
    try:
        speak_to(watched.url.set(username="looker", password="secret"), monkeypatch)
        file = tmp_path / "other.html"
        invoke("status", "--html", file)
        other = file.read_text(encoding="utf-8")
        assert other.count("<svg") == page.count("<svg") == 8
        assert "secret" not in other
        assert str(watched.url.database) in other
    finally:
        run(watched, "DROP OWNED BY looker", "DROP ROLE looker")


MEASURE = """
function luminance(colour) {
  const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}
function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
function measured(frame) {
  const root = frame.contentDocument, style = frame.contentWindow.getComputedStyle;
  const behind = element => {
    const own = style(element).backgroundColor;
    return own === "rgba(0, 0, 0, 0)" ? behind(element.parentElement) : own;
  };
  const words = [...root.querySelectorAll("h1, h2, p, b, code, span, figcaption, li, td")];
  const lines = [...root.querySelectorAll("polyline")];
  return {
    paper: style(root.body).backgroundColor,
    excess: root.documentElement.scrollWidth - root.documentElement.clientWidth,
    smallest: Math.min(...words.map(word => parseFloat(style(word).fontSize))),
    faintest: Math.min(...words.map(word => contrast(style(word).color, behind(word)))),
    faintest_line: Math.min(...lines.map(line => contrast(style(line).stroke, behind(line)))),
    plots: [...root.querySelectorAll("svg")].map(plot => plot.getBoundingClientRect().width),
  };
}
onload = () => {
  document.title = JSON.stringify([...document.querySelectorAll("iframe")].map(measured));
};
"""


@needs_browser
def test_readable_on_a_phone_and_a_desk_in_light_and_dark(page: str, tmp_path: Path) -> None:
    """Headless Chromium measures what sticks out, the smallest letters, and the contrasts."""
    frames = "".join(
        f'<iframe style="width: {width}px; height: 800px; border: 0; color-scheme: {scheme}" '
        f'srcdoc="{escape(page)}"></iframe>'
        for width in (390, 1200)
        for scheme in ("light", "dark")
    )
    file = tmp_path / "frames.html"
    file.write_text(f"<!doctype html><title></title>{frames}<script>{MEASURE}</script>", "utf-8")
    dumped, complaints = opened(file, tmp_path)
    assert complaints == []
    found = json.loads(unescape(re.findall(r"<title>(.*?)</title>", dumped)[0]))
    papers = [one["paper"] for one in found]
    assert papers == ["rgb(255, 255, 255)", "rgb(20, 24, 31)"] * 2
    for one in found:
        assert one["excess"] == 0
        assert one["smallest"] >= 12
        assert one["faintest"] >= 4.5, "WCAG's contrast of text"
        assert one["faintest_line"] >= 3, "WCAG's contrast of graphics"
        assert min(one["plots"]) > 250
    assert max(found[0]["plots"]) < 390
