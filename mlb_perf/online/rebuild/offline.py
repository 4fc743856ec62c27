"""A rebuild as a script: one transaction that keeps writers out while it copies.

A script has nobody who looks at the table between two statements, so it can do
neither batches nor a trigger; views and other dependants stop it at the drop.
"""

from __future__ import annotations

from alembic.runtime.migration import MigrationContext

from mlb_perf import sql
from mlb_perf.names import quote
from mlb_perf.online.rebuild.build_indexes import in_shadows
from mlb_perf.online.rebuild.target import SHADOWS, Target


def write(context: MigrationContext, target: Target) -> None:
    """Write the statements; the copy holds ACCESS EXCLUSIVE, and says so."""
    lines = [
        f"-- Rebuilds {target.live} under a lock, which the online command does not",
        "BEGIN",
        f"LOCK TABLE {target.live} IN ACCESS EXCLUSIVE MODE",
        f"CREATE SCHEMA {SHADOWS}",
        *_statements(target),
        f"DROP SCHEMA {SHADOWS}",
        "COMMIT",
    ]
    for line in lines:
        comment = line.startswith("--") and "\n" not in line
        context.impl.static_output(line if comment else f"{line.rstrip().removesuffix(';')};\n")


def _statements(target: Target) -> list[str]:
    lines = [target.to.statements_in(SHADOWS)]
    lines += _partitions(target)
    sequence = f"{target.schema}.{target.table}_{{}}_seq"
    columns = target.to.serial_columns
    lines += [
        f"ALTER TABLE {target.shadow} ALTER {c} SET DEFAULT nextval('{sequence.format(c)}')"
        for c in columns
    ]
    listed = ", ".join(target.to.column_names)
    lines.append(
        f"INSERT INTO {target.shadow} ({listed}) SELECT {listed} FROM {target.live}"  # noqa: S608
    )
    lines += [in_shadows(index).create() for index in target.to.indexes]
    lines += [
        f"ALTER TABLE {target.shadow} ADD CONSTRAINT {key.name} {key.definition}"
        for key in target.to.foreign_keys
    ]
    lines += [f"ALTER SEQUENCE {sequence.format(c)} OWNED BY NONE" for c in columns]
    lines.append(f"DROP TABLE {target.live}")
    lines.append(f"ALTER TABLE {target.shadow} SET SCHEMA {quote(target.schema)}")
    lines += [f"ALTER SEQUENCE {sequence.format(c)} OWNED BY {target.live}.{c}" for c in columns]
    return lines


def _partitions(target: Target) -> list[str]:
    if target.to.is_hashed:
        return [
            f"CREATE TABLE {target.leaf(f'h{n:02d}')} PARTITION OF {target.shadow} "
            f"FOR VALUES WITH (MODULUS {target.hash_modulus}, REMAINDER {n})"
            for n in range(target.hash_modulus)
        ]
    column = target.to.month_column
    if column is None:
        return []
    is_date = f"    {column} DATE" in target.to.statements
    return [
        sql.read("online/rebuild/offline_months.sql").format(
            column=column,
            live=target.live,
            shadow=target.shadow,
            schema=target.schema,
            table=target.table,
            ahead=target.months_ahead,
            zone="" if is_date else "AT TIME ZONE 'UTC'",
            suffix="" if is_date else " 00:00:00+00",
        )
    ]
