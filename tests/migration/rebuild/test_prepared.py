"""What a rebuild means for statements that a session has prepared, and for those without names."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import psycopg
import pytest
from sqlalchemy import Engine

from mlb_perf.online.rebuild.shape_file import read_shape
from tests.migration.stage import revision
from tests.support.sql import rows

SCHEMA, TABLE = "curated", "betting_lines_unified"
ALL = f"SELECT * FROM {SCHEMA}.{TABLE}"
NAMED = f"SELECT line_id, price FROM {SCHEMA}.{TABLE}"
NOT_THE_SAME = "cached plan must not change result type"
REBUILT = sorted(
    (schema.name, table.name.removesuffix(".sql"))
    for schema in (files("mlb_perf") / "sql" / "shapes" / "wide").iterdir()
    for table in schema.iterdir()
)


def url_of(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_a_session_that_has_prepared_all_columns(head: Engine) -> None:
    """psycopg 3 fails until its statements are forgotten; asyncpg prepares them again."""
    with psycopg.connect(url_of(head), autocommit=True) as session:
        for statement in (ALL, NAMED):
            session.execute(statement, prepare=True)
        asyncio.run(across_a_rebuild(head))
        session.execute(NAMED, prepare=True)
        for _ in range(2):
            with pytest.raises(psycopg.errors.FeatureNotSupported, match=NOT_THE_SAME):
                session.execute(ALL, prepare=True)
        session.execute("DEALLOCATE ALL")
        described = session.execute(ALL, prepare=True).description or []
        assert [column.name for column in described] == columns(head)


async def across_a_rebuild(head: Engine) -> None:
    """A session of asyncpg; the rebuild is the downgrade's, the upgrade's exchanges the shapes."""
    name = f"{SCHEMA}/{TABLE}.sql"
    url = head.url
    session = await asyncpg.connect(
        host=url.query.get("host") or url.host, port=url.port, user=url.username,
        password=url.password, database=url.database,
    )  # fmt: skip
    try:
        for statement in (ALL, NAMED):
            await session.fetch(statement)
        with revision(head, direction="downgrade") as op:
            op.rebuild_table(
                TABLE, schema=SCHEMA, was=f"shapes/packed/{name}", to=f"shapes/wide/{name}"
            )
        await session.fetch(NAMED)
        assert await session.fetch(ALL) == []
    finally:
        await session.close()


def columns(engine: Engine) -> list[str]:
    found = rows(
        engine,
        "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:table AS regclass)"
        " AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        table=f"{SCHEMA}.{TABLE}",
    )
    return [name for (name,) in found]


def test_rows_in_the_order_of_before_are_refused(dataset: Engine) -> None:
    """COPY and INSERT without names fail in each rebuilt table that has a row."""
    found: dict[str, str | None] = {}
    with psycopg.connect(url_of(dataset)) as session:
        for schema, table in REBUILT:
            before = read_shape(f"shapes/wide/{schema}/{table}.sql", schema, table)
            row = in_order(session, before.qualified, ", ".join(before.column_names))
            if row is not None:
                found[f"COPY {table}"] = error_of_copy(session, before.qualified, row)
                found[f"INSERT {table}"] = error_of_insert(session, before.qualified, row)
    assert {name for name, error in found.items() if error is None} == set()
    assert {"COPY ml_features", "INSERT betting_splits", "COPY odds_api_odds"} <= found.keys()


def in_order(
    session: psycopg.Connection[tuple[Any, ...]], table: str, names: str
) -> list[str | None] | None:
    """A row of the table as texts, in that order of its columns; None if it has none."""
    query = (
        f"SELECT {', '.join(f'{name}::text' for name in names.split(', '))} FROM {table} LIMIT 1"
    )
    found = session.execute(query.encode()).fetchone()
    return None if found is None else list(found)


def error_of_copy(
    session: psycopg.Connection[tuple[Any, ...]], table: str, row: list[str | None]
) -> str | None:
    try:
        with session.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
            copy.write_row(row)
    except psycopg.DataError as error:
        return error.sqlstate
    finally:
        session.rollback()
    return None


def error_of_insert(
    session: psycopg.Connection[tuple[Any, ...]], table: str, row: list[str | None]
) -> str | None:
    given = ", ".join(["%s"] * len(row))
    try:
        psycopg.ClientCursor(session).execute(f"INSERT INTO {table} VALUES ({given})".encode(), row)
    except psycopg.DataError as error:
        return error.sqlstate
    finally:
        session.rollback()
    return None
