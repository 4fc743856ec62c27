"""Other names of teams and sportsbooks: list, add, remove."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import LoadFailed

Kind = Literal["team", "book"]

ANY = "any"


def listed(
    connection: Connection, kind: Kind, name: str | None = None
) -> list[tuple[str, str, str]]:
    """Source, alias and what it means, of all or of those that are or mean ``name``."""
    rows = connection.execute(text(sql.read(f"pipeline/alias/{kind}_list.sql")), {"name": name})
    return [(source, alias, meant) for source, alias, meant in rows]


def add(connection: Connection, kind: Kind, alias: str, meant: str, source: str = ANY) -> str:
    """Let ``alias`` mean a team or a book, by its name, code or another alias; its name.

    Raises :class:`~mlb_perf.errors.LoadFailed` where ``meant`` is nothing or several.
    """
    identity, name = _found(connection, kind, meant)
    connection.execute(
        text(sql.read(f"pipeline/alias/{kind}_add.sql")),
        {"source": source, "alias": alias.strip(), "id": identity},
    )
    return name


def remove(connection: Connection, kind: Kind, alias: str, source: str = ANY) -> int:
    """Forget an alias; how many rows that were."""
    return connection.execute(
        text(sql.read(f"pipeline/alias/{kind}_remove.sql")), {"source": source, "alias": alias}
    ).rowcount


def _found(connection: Connection, kind: Kind, meant: str) -> tuple[int, str]:
    rows = connection.execute(
        text(sql.read(f"pipeline/alias/{kind}_find.sql")), {"meant": meant}
    ).all()
    if len(rows) != 1:
        several = ", ".join(row.name for row in rows)
        raise LoadFailed(
            f"{meant} means several: {several}; write one of these names"
            if rows
            else f"no {kind} is called {meant}; mlb-perf alias {kind} lists the names"
        )
    return rows[0].id, rows[0].name
