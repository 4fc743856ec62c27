"""The tables that the steps of a promotion read: the real ones, or copies if those are distributed.

Citus refuses most of what a step does with a batch and the rows of its games: a LATERAL join with
LIMIT, a correlated subquery, a function of the session. So on a distributed database the rows of
the games are copied into temporary tables before each step that reads them, by a plain select; the
steps are the same. What they write goes straight into the tables.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sqlalchemy import Connection

from mlb_perf import engine, sql

TABLES = {
    "stored_lines": "curated.betting_lines_unified",
    "stored_movements": "curated.line_movements",
    "stored_splits": "curated.unified_betting_splits",
    "stored_markets": "curated.ml_market_analysis",
    "stored_arbitrage": "curated.arbitrage_opportunities",
    "staged_quotes": "staging.betting_odds_unified",
    "quoted_games": "staging.betting_odds_unified",
    "staged_splits": "staging.betting_splits",
    "descriptions": "staging.games",
    "rejections": "staging.rejected_records",
    "line_history": "raw_data.line_history",
    "unresolved_games": "staging.games",
    "unresolved_rejections": "staging.rejected_records",
    "leagues": "curated.leagues",
    "teams": "curated.teams",
    "venues": "curated.venues",
    "team_aliases": "staging.team_aliases",
}
"""By the names that the SQL files have for them in braces."""

FOLDER = "pipeline/promote/copies"

_NAME = re.compile(r"\{(" + "|".join(TABLES) + r")\}")
_OF_FUNCTIONS = re.compile(r"pg_temp\.(?:why_unknown|refusal)\(")
"""Functions of the session that read descriptions."""


def read(connection: Connection, statement: str, *, are_copied: bool) -> str:
    """The statement with the names of the tables that it reads; copies are made now."""
    filled, names = named(statement, are_copied)
    for name in names:
        engine.execute(connection, sql.read(f"{FOLDER}/{name}.sql"))
    return filled


@lru_cache(maxsize=256)
def named(statement: str, are_copied: bool) -> tuple[str, tuple[str, ...]]:
    """The statement with the names of the tables that it reads, and which copies these are."""
    if not are_copied:
        return _NAME.sub(lambda match: TABLES[match[1]], statement), ()
    names = [*_NAME.findall(statement), *["descriptions" for _ in _OF_FUNCTIONS.findall(statement)]]
    return _NAME.sub(r"pg_temp.\1", statement), tuple(dict.fromkeys(names))
