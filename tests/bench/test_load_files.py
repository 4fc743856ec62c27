"""The measurement of loading: what it loads is what it copies, and it leaves nothing behind."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, Engine, text

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.measure import load_files
from mlb_perf.bench.measure.bare_copy import copy_into
from mlb_perf.engine import connect
from mlb_perf.errors import BenchmarkFailed
from mlb_perf.pipeline.load.ingest import ingest, read_file
from mlb_perf.pipeline.records import RawRecord


@pytest.mark.usefixtures("short_sample")
def test_a_feed_has_other_games_each_time(head: Engine, tmp_path: Path) -> None:
    """And its COPY text is the rows that a load of it gives."""
    fed = load_files.feed(tmp_path, 2)
    assert ingest(head, read_file(fed.path)).loaded == fed.rows
    query = (
        "SELECT concat_ws(E'\\t', external_game_id, sportsbook_key, payload, origin)"
        " FROM raw_data.odds_api_odds ORDER BY external_game_id, sportsbook_key, collected_at"
    )
    with head.connect() as connection:
        loaded = connection.scalars(text(query)).all()
        connection.exec_driver_sql("TRUNCATE raw_data.odds_api_odds")
        copy_into(connection, "raw_data.odds_api_odds", fed.copy_text)
        assert connection.scalars(text(query)).all() == loaded
    one, both = ({row.split("\t")[0] for row in rows} for rows in (loaded_once(tmp_path), loaded))
    assert len(both) == 2 * len(one) > 0


def loaded_once(folder: Path) -> list[str]:
    return load_files.feed(folder, 1).copy_text.decode().splitlines()


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, name: str) -> str:
    """What the measurement calls its database."""
    monkeypatch.setattr(load_files, "DATABASE", name)
    return name


def databases(connection: Connection, name: str) -> list[str]:
    found = text("SELECT datname FROM pg_database WHERE datname = :name")
    return list(connection.execute(found, {"name": name}).scalars())


@pytest.mark.usefixtures("copied", "short_sample")
def test_each_way_is_measured_and_the_database_is_gone(server_url: URL, database: str) -> None:
    found = load_files.measure(server_url, copies=1, rounds=1, bare_keys=True)
    ways = ["bare COPY", *(f"{what}: {n}" for what in WAYS for n in (1, 2))]
    (table,) = found.tables
    assert [row[0] for row in table.rows] == ways == list(found.figures)
    assert all(rate > 0 for rate in found.figures.values())
    assert [row[-1] for row in table.rows if row[0] == "bare COPY"] == ["100%"]
    with connect(engine_of(server_url)) as connection:
        assert databases(connection, database) == []


WAYS = ("load, writers", "promote, workers")


@pytest.mark.usefixtures("copied", "short_sample", "database")
def test_rows_that_are_not_loaded_are_no_rate(
    server_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of the loads has a line less than the COPY: it was cut off behind its back."""

    def cut(folder: Path, copies: int) -> load_files.Feed:
        fed = feed(folder, copies)
        lines = fed.path.read_text().splitlines(keepends=True)
        fed.path.write_text("".join(lines[:-1]))
        return fed

    feed = load_files.feed
    monkeypatch.setattr(load_files, "feed", cut)
    with pytest.raises(BenchmarkFailed, match=r"[\d,]+ of [\d,]+ rows were loaded"):
        load_files.measure(server_url, copies=1, rounds=1)


def test_no_repeat_is_newer_than_the_sample(tmp_path: Path) -> None:
    """Quotes of the future are refused, which takes another time than to promote them."""
    newest = [max(_moments(tmp_path, copies)) for copies in (1, 3)]
    assert newest[0] == newest[1]
    assert len(set(_moments(tmp_path, 3))) > len(set(_moments(tmp_path, 1)))


def _moments(folder: Path, copies: int) -> list[dt.datetime]:
    items = read_file(load_files.feed(folder, copies).path)
    return [item.collected_at for item in items if isinstance(item, RawRecord)]
