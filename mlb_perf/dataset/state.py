"""Whether a database can take a data set: empty, or one that was begun with the same settings."""

from __future__ import annotations

import json

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import DatasetRefused

SOURCE = "dataset"
"""The source of the log's entry that says what a data set was made from."""

EXECUTION_ID = 1

_FOUND = text(
    "SELECT status, details FROM operational.pipeline_execution_log WHERE source = :source"
)
_BEGUN = text(
    "INSERT INTO operational.pipeline_execution_log"
    " (execution_id, stage, source, started_at, details)"
    " VALUES (:id, 'load', :source, clock_timestamp(), CAST(:details AS jsonb))"
)
_FINISHED = text(
    "UPDATE operational.pipeline_execution_log SET status = 'succeeded',"
    " finished_at = clock_timestamp(), rows_read = loaded.rows, rows_written = loaded.rows"
    " FROM (SELECT sum(rows_written) AS rows FROM operational.pipeline_execution_log"
    " WHERE stage = 'load' AND source <> :source) AS loaded WHERE execution_id = :id"
)


def begin(connection: Connection, details: dict[str, str]) -> bool:
    """Note what the data set is made from; whether it was begun before and is to be gone on with.

    Raises :class:`DatasetRefused` if the tables hold rows of anything else.
    """
    found = connection.execute(_FOUND, {"source": SOURCE}).first()
    if found is None:
        _require_empty(connection)
        values = {"id": EXECUTION_ID, "source": SOURCE, "details": json.dumps(details)}
        connection.execute(_BEGUN, values)
        return False
    made_from = {name: found.details[name] for name in details}
    if found.status == "succeeded":
        named = ", ".join(f"{name} {value}" for name, value in made_from.items())
        raise DatasetRefused(
            f"the database holds a data set already ({named}); "
            "name an empty database in MLB_PERF_DATABASE_URL"
        )
    if made_from != details:
        options = " ".join(
            f"--{name.replace('_', '-')} {value}" for name, value in made_from.items()
        )
        raise DatasetRefused(
            f"the database holds a part of another data set; finish it with "
            f"`mlb-perf generate {options}`, or name an empty database"
        )
    return True


def finish(connection: Connection) -> None:
    """Note that the data set is whole, with the raw rows of all runs that it took."""
    connection.execute(_FINISHED, {"source": SOURCE, "id": EXECUTION_ID})


def games_there(connection: Connection) -> set[int]:
    """The games that are written already; each with all of its rows."""
    return set(connection.execute(text("SELECT game_id FROM curated.enhanced_games")).scalars())


def _require_empty(connection: Connection) -> None:
    tables = connection.execute(text(sql.read("dataset/occupied.sql"))).scalars().all()
    held = [
        table
        for table in tables
        if connection.execute(text(f"SELECT EXISTS (SELECT FROM {table})")).scalar_one()  # noqa: S608
    ]
    if held:
        raise DatasetRefused(
            f"{', '.join(held)} hold rows already, and a data set fills empty tables; "
            "name another database in MLB_PERF_DATABASE_URL, or create this one again"
        )
