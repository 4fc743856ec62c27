"""The tables that the steps of a promotion read: the real ones, or copies if those are distributed.

Citus refuses most of what a step does with a batch and the rows of its games: a LATERAL join with
LIMIT, a correlated subquery, a function of the session. So on a distributed database the rows of
the games are copied into temporary tables before a step that reads them, by a plain select; the
steps are the same. What they write goes straight into the tables. A copy serves the steps of a
transaction until one of them writes what it was made of, or takes a lock: another session may have
written until then.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, event

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


_FRESH = "mlb_perf_fresh_copies"
# One by one: each begins with a word, which is found ten times as fast as one of several.
_WRITTEN = [
    re.compile(rf"{verb}\s+(?:pg_temp\.)?([\w.]+)")
    for verb in ("INSERT INTO", "UPDATE", "DELETE FROM", "TRUNCATE")
]
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(?:pg_temp\.)?([\w.]+)")
_LOCKS = ("LOCK TABLE", "advisory_xact_lock")


def follow(connection: Connection) -> None:
    """Know of each copy whether it is as its tables are, by the statements of the connection."""
    fresh: set[str] = set()
    connection.info[_FRESH] = fresh

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        fresh.difference_update(fresh & outdated(statement))

    def undone(*_: Any) -> None:
        fresh.clear()

    event.listen(connection, "after_cursor_execute", executed)
    for end in ("commit", "rollback", "rollback_savepoint"):
        event.listen(connection, end, undone)


@lru_cache(maxsize=256)
def outdated(statement: str) -> frozenset[str]:
    """The copies that may be others after a statement."""
    if any(lock in statement for lock in _LOCKS):
        return frozenset(TABLES)
    written = {table for verb in _WRITTEN for table in verb.findall(statement)}
    return frozenset(name for name in TABLES if written & _sources(name))


@cache
def _sources(name: str) -> frozenset[str]:
    """The tables that a copy is made of, and the copy itself."""
    return frozenset((name, *_READ.findall(sql.read(f"{FOLDER}/{name}.sql"))))


def read(connection: Connection, statement: str, *, are_copied: bool) -> str:
    """The statement with the names of the tables that it reads; stale copies are made again."""
    filled, names = named(statement, are_copied)
    fresh = connection.info.get(_FRESH, set())
    for name in names:
        if name not in fresh:
            engine.execute(connection, sql.read(f"{FOLDER}/{name}.sql"))
            fresh.add(name)
    return filled


@lru_cache(maxsize=256)
def named(statement: str, are_copied: bool) -> tuple[str, tuple[str, ...]]:
    """The statement with the names of the tables that it reads, and which copies these are."""
    if not are_copied:
        return _NAME.sub(lambda match: TABLES[match[1]], statement), ()
    names = [*_NAME.findall(statement), *["descriptions" for _ in _OF_FUNCTIONS.findall(statement)]]
    return _NAME.sub(r"pg_temp.\1", statement), tuple(dict.fromkeys(names))
