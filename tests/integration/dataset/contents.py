"""The contents of the tables of a data set, to compare them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine

from mlb_perf.dataset.columns import COLUMNS
from tests.support.sql import rows

TABLES = (*COLUMNS, "analytics.ml_model_performance")

# Surrogate ids, and the moments at which the writer wrote.
NOT_CONTENT = frozenset({
    "game_id", "odds_id", "split_id", "line_id", "movement_id", "opportunity_id", "rejection_id",
    "staging_game_id", "created_at", "updated_at", "rejected_at",
})  # fmt: skip


def digests(engine: Engine) -> dict[str, str]:
    """A digest of each table's rows, in the order of their texts.

    Without the entry of the log that says when the data set was made.
    """
    found = {}
    for table in TABLES:
        where = "WHERE source IS DISTINCT FROM 'dataset'" if table.endswith("_log") else ""
        query = (
            "SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
            f" FROM {table} AS t {where}"
        )
        [(found[table],)] = rows(engine, query)
    return found


def of_games(
    engine: Engine, table: str, games: Iterable[int], without: Iterable[str] = ()
) -> set[tuple[str, ...]]:
    """The rows of games, given by MLB's ids, with what is not content left out."""
    columns = [name for name in COLUMNS[table] if name not in {*NOT_CONTENT, *without}]
    of_game = (
        "EXISTS (SELECT FROM curated.enhanced_games AS g"
        " WHERE g.game_id = t.game_id AND g.game_pk = ANY (:games))"
    )
    if table == "staging.rejected_records":
        of_game = (
            "EXISTS (SELECT FROM curated.game_id_mappings AS m"
            " JOIN curated.enhanced_games AS g USING (game_id)"
            " WHERE m.external_game_id = t.external_game_id AND g.game_pk = ANY (:games))"
        )
    query = f"SELECT {', '.join(columns)} FROM {table} AS t WHERE {of_game}"
    return {tuple(map(str, row)) for row in rows(engine, query, games=list(games))}
