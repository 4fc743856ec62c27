"""A rebuild in one transaction that keeps writers out: as a script, or in the caller's transaction.

Nobody looks at the table between two statements of it, so it can use neither
batches nor a trigger. An object that it would lose stops it (``at_once``), and so does a view that
reads the table, at the DROP.
"""

from __future__ import annotations

import re
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import BindParameter, Connection, Text, bindparam, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY

from mlb_perf import sql
from mlb_perf.engine import execute, set_search_path
from mlb_perf.errors import MigrationFailed
from mlb_perf.names import literal, qualified, quote
from mlb_perf.online.journal import Journal
from mlb_perf.online.partitions import Hash
from mlb_perf.online.rebuild import at_once
from mlb_perf.online.rebuild.build_indexes import in_shadows
from mlb_perf.online.rebuild.target import Target
from mlb_perf.online.shadows import SHADOWS

_KEPT = ("kept_objects", "tablespaces", "privileges", "settings", "comments")
"""Queries that give the statements to run."""

_IS_BEGUN = text("SELECT to_regnamespace(:schema) IS NOT NULL")


def write(context: MigrationContext, target: Target, journal: Journal | None) -> None:
    """Write the statements; the copy holds ACCESS EXCLUSIVE, and the script says so."""
    lines = [
        f"-- Rebuilds {target.live} under a lock, which the online command does not",
        "BEGIN",
        *statements(target, journal),
        "COMMIT",
    ]
    for line in lines:
        comment = line.startswith("--") and "\n" not in line
        context.impl.static_output(line if comment else f"{line.rstrip().removesuffix(';')};\n")


def run(connection: Connection, target: Target, journal: Journal | None) -> None:
    """Run the statements in the transaction that is open.

    Raises :class:`~mlb_perf.errors.MigrationFailed` after a rebuild that was interrupted.
    """
    if connection.execute(_IS_BEGUN, {"schema": SHADOWS}).scalar_one():
        raise MigrationFailed(
            f"{target.live}: an interrupted rebuild cannot be finished within a transaction of "
            "yours; run the command on a connection without one, then run this again"
        )
    path = execute(connection, "SHOW search_path").scalar_one()
    for statement in statements(target, journal):
        execute(connection, statement)
    set_search_path(connection, path)


def statements(target: Target, journal: Journal | None) -> list[str]:
    """The rebuild as one transaction."""
    owned = [(quote(column), _sequence(target, column)) for column in target.to.serial_columns]
    values = _values(target, journal)
    lines = [
        f"LOCK TABLE {target.live} IN ACCESS EXCLUSIVE MODE",
        "SET LOCAL search_path = ''",
        *at_once.begin(target),
        f"CREATE SCHEMA {SHADOWS}",
        target.to.statements_in(SHADOWS),
        *_partitions(target),
        _kept(target, "tablespaces"),
    ]
    lines += [
        f"ALTER TABLE {target.shadow} ALTER {column} SET DEFAULT nextval({literal(sequence)})"
        for column, sequence in owned
    ]
    lines.append(
        f"INSERT INTO {target.shadow} ({', '.join(values)}) "  # noqa: S608  quoted names
        f"SELECT {', '.join(values.values())} FROM {target.live} AS r{_order(target)}"
    )
    lines += [in_shadows(index).create() for index in target.to.indexes]
    lines += [
        f"ALTER TABLE {target.shadow} ADD CONSTRAINT {quote(key.name)} {key.definition}"
        for key in target.to.foreign_keys
    ]
    lines += [_kept(target, what) for what in _KEPT]
    lines.append(at_once.end())
    lines += _kept_columns(target, journal)
    lines += _identities(target)
    lines += [f"ALTER SEQUENCE {sequence} OWNED BY NONE" for _, sequence in owned]
    lines.append(f"DROP TABLE {target.live}")
    lines.append(f"ALTER TABLE {target.shadow} SET SCHEMA {quote(target.schema)}")
    if target.was.is_partitioned and target.to.is_partitioned:
        lines.append(_moved_leaves(target))
    lines += [f"ALTER SEQUENCE {s} OWNED BY {target.live}.{column}" for column, s in owned]
    lines.append(f"DROP SCHEMA {SHADOWS}")
    return lines


def _values(target: Target, journal: Journal | None) -> dict[str, str]:
    """What the online rebuild would write, by column; the columns without are left out."""
    given = {quote(name): f"({expression})" for name, expression in target.using.items()}
    values: dict[str, str] = {}
    for name in target.to.column_names:
        if name in target.to.generated_columns:
            continue
        if name in given:
            values[name] = given[name]
        elif name in target.was.column_names:
            values[name] = f"r.{name}"
        elif target.direction == "downgrade" and journal is not None:
            same = " AND ".join(f"k.{key} = r.{key}" for key in target.to.primary_key)
            table = target.kept_by_other(journal)
            values[name] = f"(SELECT k.{name} FROM {table} AS k WHERE {same})"  # noqa: S608
    return values


def _order(target: Target) -> str:
    key = ", ".join(f"r.{name}" for name in target.to.primary_key)
    return f" ORDER BY {key}" if target.in_key_order else ""


def _kept_columns(target: Target, journal: Journal | None) -> list[str]:
    """The upgrade keeps the contents of dropped columns, and the downgrade drops that table."""
    if journal is None:
        return []
    if (table := target.kept_by_own(journal)) is not None:
        key = ", ".join(target.to.primary_key)
        listed = ", ".join((key, *target.dropped))
        return [
            f"CREATE TABLE {table} AS SELECT {listed} FROM {target.live}",  # noqa: S608
            f"ALTER TABLE {table} ADD PRIMARY KEY ({key})",
        ]
    if (table := target.kept_by_other(journal)) is not None:
        return [f"DROP TABLE IF EXISTS {table}"]
    return []


def _identities(target: Target) -> list[str]:
    """Identity columns count on from the last value."""
    lines = []
    for column, kind in target.to.identities:
        counts = f"{quote(column)} ADD GENERATED {kind} AS IDENTITY"
        own = f"pg_get_serial_sequence({literal(target.shadow)}, {literal(column)})"
        before = _sequence(target, column)
        lines.append(f"ALTER TABLE {target.shadow} ALTER {counts}")
        lines.append(f"SELECT setval({own}, last_value, is_called) FROM {before}")  # noqa: S608
    return lines


def _moved_leaves(target: Target) -> str:
    """The partitions take the names of the old ones, which are dropped by now."""
    query = (
        f"SELECT format('ALTER TABLE %s SET SCHEMA %I', i.inhrelid::regclass, "  # noqa: S608
        f"{literal(target.schema)}) FROM pg_inherits AS i "
        f"WHERE i.inhparent = {literal(target.live)}::regclass"
    )
    return sql.read("online/rebuild/run_each.sql").format(query=query)


def _sequence(target: Target, column: str) -> str:
    return qualified(target.schema, f"{target.table}_{column}_seq")


def _kept(target: Target, what: str) -> str:
    """Run the statements that a query about the live table gives, when the script runs."""
    content = sql.read(f"online/rebuild/{what}.sql")
    query = text(content.replace("CAST(:known AS text[])", at_once.known(target)))
    given: list[BindParameter[Any]] = [
        bindparam("source", target.live),
        bindparam("destination", target.shadow),
    ]
    if ":own" in query.text:
        given.append(bindparam("own", list(target.to.commented), ARRAY(Text)))
    dialect = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    compiled = query.bindparams(*given).compile(
        dialect=dialect, compile_kwargs={"literal_binds": True}
    )
    lines = [line for line in str(compiled).splitlines() if not line.lstrip().startswith("--")]
    return sql.read("online/rebuild/run_each.sql").format(query="\n".join(lines).strip())


def _partitions(target: Target) -> list[str]:
    found = target.to.partitions
    if isinstance(found, Hash):
        return [
            f"CREATE TABLE {target.leaf(f'h{n:02d}')} PARTITION OF {target.shadow} "
            f"FOR VALUES WITH (MODULUS {found.modulus}, REMAINDER {n})"
            for n in range(found.modulus)
        ]
    if found is None:
        return []
    column = quote(found.column)
    is_date = re.search(rf"^\s+{re.escape(column)} DATE\b", target.to.statements, re.MULTILINE)
    return [
        sql.read("online/rebuild/offline_months.sql").format(
            column=column,
            live=target.live,
            shadow=target.shadow,
            schema=SHADOWS if target.was.is_partitioned else quote(target.schema),
            table=target.table,
            ahead=found.ahead,
            zone="" if is_date else "AT TIME ZONE 'UTC'",
            suffix="" if is_date else " 00:00:00+00",
        )
    ]
