"""The page of status: complete, of one file, safe against names, and readable on a phone."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import Engine

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
    """Ten days of a table with a hostile name, of a statement, of loads and promotions."""
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
        """)  # fmt: skip


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
        "Sizes of the largest tables, and in 30 days",
        "Mean time of the statements that take most", "Rows loaded a day",
        "Rejected records, of all that promotions handled",
    ]  # fmt: skip
    lines = [attrs for tag, attrs in seen.tags if tag == "polyline"]
    assert len(lines) == 5, "one of each, and the forecast"
    assert [bool(attrs.get("stroke-dasharray")) for attrs in lines].count(True) == 1
    assert f"curated.{HOSTILE}: 18.6 GB" in seen.text
    assert "42: SELECT <b>: 7 ms" in seen.text
    assert "rejected: 9.09%" in seen.text


def test_one_file_without_scripts_and_addresses(page: str) -> None:
    seen = Page(page)
    assert {tag for tag, _ in seen.tags} & {"script", "link", "img", "iframe"} == set()
    assert not re.search(r"""(src|href)=|url\(|@import|https?://""", page)
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
        assert other.count("<svg") == page.count("<svg") == 4
        assert "secret" not in other
        assert str(watched.url.database) in other
    finally:
        run(watched, "DROP OWNED BY looker", "DROP ROLE looker")


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_it_fits_a_phone_and_a_desk(page: str, tmp_path: Path) -> None:
    """Nothing is wider than 390 or 1200 points: headless Chromium measures what sticks out."""
    frames = "".join(
        f'<iframe style="width: {width}px; height: 800px; border: 0" srcdoc="{escape(page)}">'
        "</iframe>"
        for width in (390, 1200)
    )
    measure = """<script>onload = () => { document.title = [...document.querySelectorAll("iframe")]
        .map(f => f.contentDocument.documentElement)
        .map(root => root.scrollWidth - root.clientWidth).join(" ") }</script>"""
    file = tmp_path / "frames.html"
    file.write_text(f"<!DOCTYPE html><title></title>{frames}{measure}", encoding="utf-8")
    dumped = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
         f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    assert re.findall(r"<title>(.*?)</title>", dumped)[0] == "0 0"
