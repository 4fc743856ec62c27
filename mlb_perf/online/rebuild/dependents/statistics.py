"""Extended statistics (CREATE STATISTICS): their successors on the new table and its partitions.

A partition gets them too, because the planner uses only the statistics of the partition
if a query reads one. Their names belong to a schema, not to a table, so the
successors wait under other names, analyzed, and take the old ones at the swap.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, text

from mlb_perf import sql
from mlb_perf.names import literal, qualified, shortened
from mlb_perf.online.locks import under_lock
from mlb_perf.online.rebuild.target import Rebuild, on_table
from mlb_perf.online.shadows import SHADOWS


def read(rebuild: Rebuild) -> list[Row[Any]]:
    """Those of the table as it is now."""
    return on_table(rebuild, "statistics.sql")


def make(rebuild: Rebuild, found: list[Row[Any]]) -> None:
    """The successors, in place of those of an interrupted run; ANALYZE has to follow."""
    if found or of_tree(rebuild, rebuild.target.shadow):
        under_lock(
            rebuild.step,
            [rebuild.target.shadow],
            "SHARE UPDATE EXCLUSIVE",
            lambda: create(rebuild, found),
            rebuild.patience,
        )


def create(rebuild: Rebuild, found: list[Row[Any]]) -> None:
    """The same, in the transaction that is open."""
    drop(rebuild, rebuild.target.shadow)
    leaves = _leaves(rebuild)
    for it in found:
        for statement in _statements(it, _next(it), rebuild.target.shadow):
            rebuild.run(statement)
        for number, leaf in enumerate(leaves):
            name = qualified(rebuild.target.schema, _of_leaf(it, number))
            for statement in [*_statements(it, name, leaf), *_owner(it, name)]:
                rebuild.run(statement)


def drop(rebuild: Rebuild, table: str) -> None:
    """Those of a table and of its partitions."""
    for name in of_tree(rebuild, table):
        rebuild.run(f"DROP STATISTICS {name}")


def of_tree(rebuild: Rebuild, table: str) -> list[str]:
    """The names, as SQL writes them, of those of a table and of its partitions."""
    found = rebuild.connection.execute(
        text(sql.read("online/rebuild/statistics_of_tree.sql")), {"table": table}
    )
    return [str(name) for name in found.scalars()]


def swap(found: list[Row[Any]]) -> list[str]:
    """For the swap: the old ones go, and the successors take schema, name and owner.

    The owner comes last, because the new owner needs the right to create in that schema only.
    """
    return [
        statement
        for it in found
        for name in [f"{it.schema_name}.{it.name}"]
        for statement in (
            f"DROP STATISTICS {name}",
            f"ALTER STATISTICS {_next(it)} SET SCHEMA {it.schema_name}",
            f"ALTER STATISTICS {it.schema_name}.{_waiting(it)} RENAME TO {it.name}",
            *_owner(it, name),
        )
    ]


def _statements(it: Row[Any], name: str, table: str) -> Iterator[str]:
    kinds = f" ({', '.join(it.kinds)})" if it.kinds else ""
    yield f"CREATE STATISTICS {name}{kinds} ON {it.columns} FROM {table}"
    if it.target is not None:
        yield f"ALTER STATISTICS {name} SET STATISTICS {it.target}"
    if it.comment is not None:
        yield f"COMMENT ON STATISTICS {name} IS {literal(it.comment)}"


def _owner(it: Row[Any], name: str) -> list[str]:
    return [] if it.is_own else [f"ALTER STATISTICS {name} OWNER TO {it.owner}"]


def _next(it: Row[Any]) -> str:
    return f"{SHADOWS}.{_waiting(it)}"


def _waiting(it: Row[Any]) -> str:
    return f"mlb_perf_next_{it.oid}"


def _of_leaf(it: Row[Any], number: int) -> str:
    """Without the month, which would be long, and wrong after the partition is moved."""
    return shortened(str(it.bare_name), f"_of_{it.oid}_{number}")


def _leaves(rebuild: Rebuild) -> list[str]:
    rows = rebuild.connection.execute(
        text(sql.read("online/rebuild/storage.sql")), {"table": rebuild.target.shadow}
    )
    names = [str(row.name) for row in rows]
    return [name for name in names if name not in (rebuild.target.shadow, rebuild.target.rest)]
