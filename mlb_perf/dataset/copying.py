"""Rows into their tables by COPY, with the columns by name."""

from __future__ import annotations

import io

from psycopg2 import sql
from sqlalchemy import Connection

from mlb_perf.dataset.columns import COLUMNS, Rows
from mlb_perf.engine import driver


def write(connection: Connection, rows: Rows) -> None:
    """Write all rows, in the order that their foreign keys ask for."""
    with driver(connection).cursor() as cursor:
        for table, columns in COLUMNS.items():
            if lines := rows.lines.get(table):
                data = ("\n".join(lines) + "\n").encode()
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(*table.split(".")),
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                )
                cursor.copy_expert(statement, io.BytesIO(data), size=1 << 20)
