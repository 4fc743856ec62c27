"""Views, materialised views and foreign keys that need the table: their successors.

A view follows a table by its identity, not by its name, so after a swap it
would still read the old one. Before the swap, each view gets a successor on the
shadow, filled if it is materialised. The swap then only drops the old view and
gives the successor its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, text

from mlb_perf import sql
from mlb_perf.names import literal, qualified, quote
from mlb_perf.online.locks import transaction, under_lock
from mlb_perf.online.rebuild.renaming import renamed
from mlb_perf.online.rebuild.target import Rebuild, has_constraint, on_table
from mlb_perf.online.shadows import SHADOWS

NEXT_SCHEMAS = SHADOWS.replace("_", r"\_") + r"\_%"  # of successors, as LIKE takes it

_NEXT = "mlb_perf_next_"  # before the oid of a foreign key that is to be replaced


def read_views(rebuild: Rebuild) -> list[Row[Any]]:
    """The views that read the table, nearest first."""
    return on_table(rebuild, "views.sql")


def make_views(rebuild: Rebuild, views: list[Row[Any]]) -> None:
    """The successors, in place of those of an interrupted run."""
    with transaction(rebuild.connection):
        create_views(rebuild, views)


def create_views(rebuild: Rebuild, views: list[Row[Any]], *, filled: bool = True) -> None:
    """The same, in the transaction that is open; ``filled``: materialised ones get their rows."""
    drop_views(rebuild)
    names = {rebuild.target.live: rebuild.target.shadow}
    for view in views:
        rebuild.run(f"CREATE SCHEMA IF NOT EXISTS {quote(_next_schema(view))}")
        names[_name(view)] = qualified(_next_schema(view), view.name)
        for statement in _statements(view, names, filled=filled):
            rebuild.run(statement)
        give(rebuild, "privileges", _name(view), names[_name(view)])


def drop_views(rebuild: Rebuild) -> None:
    """Drop the successors of a run that did not reach the swap."""
    rows = rebuild.connection.execute(
        text(
            "SELECT c.oid::regclass::text AS name, c.relkind FROM pg_class AS c"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname LIKE :schemas"
            " WHERE c.relkind IN ('v', 'm') ORDER BY c.oid DESC"
        ),
        {"schemas": NEXT_SCHEMAS},
    ).all()
    for row in rows:
        rebuild.run(f"DROP {_kind(str(row.relkind) == 'm')} {row.name}")


def swap_views(views: list[Row[Any]]) -> list[str]:
    """For the swap: the old ones go, farthest first, and the successors take their places."""
    drops = [f"DROP {_kind(view.is_materialised)} {_name(view)}" for view in reversed(views)]
    moves = [
        f"ALTER {_kind(view.is_materialised)} {qualified(_next_schema(view), view.name)} "
        f"SET SCHEMA {quote(view.schema_name)}"
        for view in views
    ]
    return drops + moves


def make_references(rebuild: Rebuild) -> None:
    """A second foreign key beside each that refers to the table, to the shadow; validated."""
    for key in read_references(rebuild):
        name = f"{_NEXT}{key.oid}"
        definition = renamed(key.definition, {rebuild.target.live: rebuild.target.shadow})
        if not has_constraint(rebuild, key.table_name, name):
            statement = f"ALTER TABLE {key.table_name} ADD CONSTRAINT {name} {definition}"
            under_lock(
                rebuild.step,
                [key.table_name, rebuild.target.shadow],
                "SHARE ROW EXCLUSIVE",
                lambda statement=statement: rebuild.run(  # type: ignore[misc]
                    statement if statement.endswith("NOT VALID") else f"{statement} NOT VALID"
                ),
                rebuild.patience,
            )
        if key.is_valid:
            rebuild.run(f"ALTER TABLE {key.table_name} VALIDATE CONSTRAINT {name}")


def read_references(rebuild: Rebuild) -> list[Row[Any]]:
    """Foreign keys of other tables that refer to the table."""
    return on_table(rebuild, "references.sql")


def swap_references(keys: list[Row[Any]]) -> list[str]:
    """For the swap: each old key goes, and the one beside it takes its name."""
    return [
        f"ALTER TABLE {key.table_name} {change}"
        for key in keys
        for change in (
            f"DROP CONSTRAINT {key.name}",
            f"RENAME CONSTRAINT {_NEXT}{key.oid} TO {key.name}",
        )
    ]


def give(rebuild: Rebuild, what: str, source: str, destination: str, **parameters: Any) -> None:
    """Owner and privileges, settings, or comments of ``source`` to ``destination``."""
    for statement in to_give(rebuild, what, source, destination, **parameters):
        rebuild.run(statement)


def to_give(
    rebuild: Rebuild, what: str, source: str, destination: str, **parameters: Any
) -> list[str]:
    """The statements that do it."""
    found = rebuild.connection.execute(
        text(sql.read(f"online/rebuild/{what}.sql")),
        {"source": source, "destination": destination, **parameters},
    )
    return list(found.scalars())


def _statements(view: Row[Any], names: Mapping[str, str], *, filled: bool) -> list[str]:
    kind, name = _kind(view.is_materialised), names[_name(view)]
    options = f" WITH ({view.options})" if view.options else ""
    definition = renamed(view.definition, names)
    empty = view.is_materialised and not (view.is_populated and filled)
    made = [f"CREATE {kind} {name}{options} AS {definition}{' WITH NO DATA' if empty else ''}"]
    if view.comment is not None:
        made.append(f"COMMENT ON {kind} {name} IS {literal(view.comment)}")
    made += [f"COMMENT ON COLUMN {name}.{comment}" for comment in view.column_comments]
    made += [f"ALTER VIEW {name} ALTER {default}" for default in view.defaults]
    others = (*view.indexes, *view.rules, *view.triggers, *view.details)
    return made + [renamed(item, names) for item in others]


def _next_schema(view: Row[Any]) -> str:
    """Where the successor waits under its own name, by which other views speak of its columns."""
    return f"{SHADOWS}_{view.schema_name}"[:63]


def _name(view: Row[Any]) -> str:
    return qualified(view.schema_name, view.name)


def _kind(is_materialised: bool) -> str:
    return "MATERIALIZED VIEW" if is_materialised else "VIEW"
