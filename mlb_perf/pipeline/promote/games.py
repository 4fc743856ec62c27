"""The games that raw rows describe: which there are, and which teams they mean."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from mlb_perf.names import literal
from mlb_perf.pipeline.promote.session import execute, fill, hot_rows, statement
from mlb_perf.pipeline.promote.tables import RawTable

_OPEN_EVENTS = text("SELECT EXISTS (SELECT 1 FROM event WHERE game_id IS NULL)")


class Games:
    """The games of one raw table, or the unresolved ones; a part of them is a range of hashes."""

    def __init__(self, connection: Connection, table: RawTable | None, rows: str = "") -> None:
        self._connection = connection
        self._table = table
        self._rows = rows
        self.is_read = False

    def read(self, hashes: Sequence[int]) -> None:
        """What the hot rows, or those of the batch, say of their games, into ``told_change``."""
        if self._table is None:
            return
        name = self._table.name
        values = {
            "first": str(hashes[0]), "last": str(hashes[-1]), "table": name,
            "recent": self._table.recent, "kept": "true" if self._rows else "is_change",
        }  # fmt: skip
        rows = {"rows": self._rows or hot_rows(self._connection, values)}
        select = fill(statement(f"describe/{self._table.file}"), rows)
        told = fill(statement("told.sql"), {**values, "select": select})
        execute(self._connection, "games_read.sql", values, {"told": told})

    def describe(self, hashes: Sequence[int]) -> int:
        """Put what is new of them into ``description``; how many."""
        values = {"first": str(hashes[0]), "last": str(hashes[-1])}
        if self._table is None:
            return execute(self._connection, "games_again.sql", values)
        # A later change of the same rows follows on one that is not stored yet.
        parts = {"differs": differs("c.place = 1")}
        values |= {"table": self._table.name}
        return execute(self._connection, "games_describe.sql", values, parts)

    def resolve(self, hashes: Sequence[int]) -> None:
        if not self.is_read:
            self.read(hashes)
        if self.describe(hashes):
            self._match()

    def _match(self) -> None:
        execute(self._connection, "games_resolve.sql")
        # What one source's games are made, the ids of the next one find.
        while self._connection.execute(_OPEN_EVENTS).scalar_one():
            execute(self._connection, "games_match.sql")
            if execute(self._connection, "games_sides.sql") == 0:
                execute(self._connection, "games_make.sql")
        execute(self._connection, "games_store.sql")
        self._update()
        execute(self._connection, "games_done.sql")

    def _update(self) -> None:
        if execute(self._connection, "games_turn.sql"):
            execute(self._connection, "games_turned.sql")
        self._update_games()
        if execute(self._connection, "games_rematch.sql"):
            execute(self._connection, "games_rematched.sql")
            self._update_games()

    def _update_games(self) -> None:
        execute(self._connection, "games_update.sql")
        execute(self._connection, "games_number.sql")

    def refuse(self, hashes: Sequence[int], reason: str) -> None:
        """Keep the ids as those of no game; what is kept already stays as it is."""
        if self._table is not None:
            values = {"first": str(hashes[0]), "last": str(hashes[-1]), "reason": literal(reason)}
            execute(self._connection, "games_refuse.sql", {**self._table.placeholders(), **values})


def differs(compared: str) -> str:
    """The part of a query that keeps what is not stored of the games; ``compared``: which rows."""
    return fill(statement("differs.sql"), {"compared": compared})
