"""The measurement of loading: what it loads is what it copies, and it leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

from mlb_perf.bench.measure.loading import feed, lines, measure
from mlb_perf.pipeline.load.ingest import ingest, read_file


def test_a_feed_has_other_games_each_time(head: Engine, tmp_path: Path) -> None:
    """And its COPY text is the rows that a load of it gives."""
    fed = feed(tmp_path, 2)
    assert ingest(head, read_file(fed.path)).loaded == fed.rows
    query = (
        "SELECT concat_ws(E'\\t', external_game_id, sportsbook_key, payload, origin)"
        " FROM raw_data.odds_api_odds ORDER BY external_game_id, sportsbook_key, collected_at"
    )
    copy = "COPY raw_data.odds_api_odds (external_game_id, sportsbook_key, collected_at, payload, "
    with head.connect() as connection:
        loaded = connection.scalars(text(query)).all()
        connection.exec_driver_sql("TRUNCATE raw_data.odds_api_odds")
        cursor = connection.connection.cursor()
        path = tmp_path / "copied"
        path.write_bytes(fed.copy_text)
        with path.open("rb") as file:
            cursor.copy_expert(f"{copy}origin) FROM STDIN", file)
        assert connection.scalars(text(query)).all() == loaded
        games = "SELECT count(DISTINCT external_game_id) FROM raw_data.odds_api_odds"
        assert connection.scalar(text(games)) == 2 * 20


def test_each_way_is_measured_and_the_database_is_empty_again(head: Engine) -> None:
    figures = measure(head, copies=1, rounds=2)
    assert [(figure.name, len(figure.rates)) for figure in figures] == [
        ("bare COPY", 2),
        ("load, writers: 1", 2),
        ("load, writers: 2", 2),
        ("promote, workers: 1", 2),
        ("promote, workers: 2", 2),
    ]
    assert all(rate > 0 for figure in figures for rate in figure.rates)
    assert "100% of the bare COPY" in next(lines(figures))
    with head.connect() as connection:
        for table in ("raw_data.odds_api_odds", "curated.enhanced_games", "staging.games"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
        bare = connection.scalar(text("SELECT to_regclass('public.bare')"))
    assert bare is None
