"""A data set against the pipeline: its raw rows are promoted, and give the rows that it has."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import Engine, text

from mlb_perf.dataset import generate
from mlb_perf.pipeline.promote import promote
from tests.integration.dataset.contents import of_games
from tests.support.sql import rows, run

MADE_BY_PROMOTION = (
    "staging.games",
    "staging.betting_odds_unified",
    "staging.betting_splits",
    "staging.rejected_records",
    "curated.enhanced_games",
    "curated.game_id_mappings",
    "curated.betting_lines_unified",
    "curated.unified_betting_splits",
    "curated.line_movements",
    "curated.arbitrage_opportunities",
    "curated.ml_features",
    "curated.ml_market_analysis",
)


def games(engine: Engine) -> list[int]:
    """A postponed game, one with an arbitrage, and two more; all of them over."""
    return [
        game
        for (game,) in rows(
            engine,
            "SELECT game_pk FROM curated.enhanced_games AS g WHERE status = 'final' ORDER BY"
            " original_start_at = scheduled_start_at, NOT EXISTS (SELECT FROM"
            " curated.arbitrage_opportunities AS a WHERE a.game_id = g.game_id), game_pk LIMIT 4",
        )
    ]


def copy_raw_rows(source: Engine, target: Engine, game_pks: list[int], moments: str) -> None:
    """The raw rows of games that came in some moments, as if they had not been promoted."""
    ids = (
        "SELECT external_game_id FROM curated.game_id_mappings AS m"
        " JOIN curated.enhanced_games AS g USING (game_id)"
        f" WHERE g.game_pk IN ({', '.join(map(str, game_pks))})"
    )
    one, other = source.raw_connection(), target.raw_connection()
    reader, writer = one.cursor(), other.cursor()
    tables = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'raw_data'::regnamespace"
        " AND relkind IN ('r', 'p') AND NOT relispartition"
    )
    for (table,) in rows(source, tables):
        names = [
            name
            for (name,) in rows(
                source,
                "SELECT column_name FROM information_schema.columns WHERE table_schema = 'raw_data'"
                " AND table_name = :table AND column_name <> 'processed_at'",
                table=table,
            )
        ]
        columns, file = ", ".join(names), io.BytesIO()
        query = (
            f"SELECT {columns} FROM raw_data.{table}"
            f" WHERE external_game_id IN ({ids}) AND {moments}"
        )
        copy(reader, f"COPY ({query}) TO STDOUT", file)
        file.seek(0)
        copy(writer, f"COPY raw_data.{table} ({columns}) FROM STDIN", file)
    other.commit()
    one.close()
    other.close()


def copy(cursor: Any, statement: str, file: io.BytesIO) -> None:
    cursor.copy_expert(statement, file)


@pytest.fixture(scope="module")
def promoted(dataset: Engine, shared_head: Engine) -> Engine:
    """The same raw rows promoted in two portions: until a game was postponed, and from then on."""
    chosen = games(dataset)
    [(moment,)] = rows(
        dataset, "SELECT min(collected_at) FROM staging.games WHERE status = 'postponed'"
    )
    cut = f"'{moment.isoformat()}'"
    for moments in (f"collected_at < {cut}", f"collected_at >= {cut}"):
        copy_raw_rows(dataset, shared_head, chosen, moments)
        promote(shared_head.url)
    return shared_head


def test_the_games_are_worth_it(dataset: Engine) -> None:
    [(postponed, arbitrages)] = rows(
        dataset,
        "SELECT count(*) FILTER (WHERE original_start_at <> scheduled_start_at),"
        " sum((SELECT count(*) FROM curated.arbitrage_opportunities AS a"
        " WHERE a.game_id = g.game_id)) FROM curated.enhanced_games AS g"
        " WHERE game_pk = ANY (:games)",
        games=games(dataset),
    )
    assert postponed == 1
    assert arbitrages > 0


@pytest.mark.parametrize("table", MADE_BY_PROMOTION)
def test_the_rows_are_those_of_promotion(dataset: Engine, promoted: Engine, table: str) -> None:
    generated = of_games(dataset, table, games(dataset))
    made = of_games(promoted, table, games(dataset))
    assert made
    assert generated - made == set()
    assert made - generated == set()


def test_the_quotes_that_staging_keeps_of_old_games_give_the_same_lines(head: Engine) -> None:
    generate(head.url, scale=0.0013, seed=3, staging_days=0)
    lines, moves = "curated.betting_lines_unified", "curated.line_movements"
    over = [
        game
        for (game,) in rows(
            head, "SELECT game_pk FROM curated.enhanced_games WHERE status = 'final'"
        )
    ]
    assert over
    counted = rows(head, f"SELECT sum(quote_count) FROM {lines}")[0][0]
    kept = rows(head, "SELECT count(*) FROM staging.betting_odds_unified")[0][0]
    assert kept < 0.7 * counted
    # What the job leaves of them is what was generated.
    compacted = "SELECT sum(deleted) FROM staging.compacted_games"
    assert rows(head, compacted)[0][0] == counted - kept
    run(head, "DELETE FROM staging.compacted_games")
    compact = (
        "SELECT count(*), sum(deleted) FROM performance_monitoring.compact_staging('0 s', 9999)"
    )
    with head.begin() as connection:
        games_compacted, deleted = connection.execute(text(compact)).one()
    assert (games_compacted > 0, deleted) == (True, 0)
    before = of_games(head, lines, over), of_games(head, moves, over)
    with head.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO staging.curation_queue (game_id)"
            " SELECT game_id FROM curated.enhanced_games ON CONFLICT DO NOTHING"
        )
        connection.exec_driver_sql("UPDATE raw_data.odds_api_odds SET processed_at = collected_at")
    promote(head.url)
    assert (of_games(head, lines, over), of_games(head, moves, over)) == before
