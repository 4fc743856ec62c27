"""The partitioned tables, and the first partitions that ``create_all`` gives them.

A table of snapshots has a partition for each month, with explicit UTC bounds. It
has no DEFAULT partition, so a row without a month is an error and not a row in
the wrong place. The revisions create the months of the existing rows,
``mlb-perf partitions`` the later ones.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Table, event

from mlb_perf.months import MONTHS_AHEAD

HASH_PARTITIONS = 8

_MONTHS = """
DO $months$
DECLARE
    is_date boolean := (
        SELECT atttypid = 'date'::regtype FROM pg_attribute
        WHERE attrelid = '{table}'::regclass AND attname = '{column}'
    );
    bound text := CASE WHEN is_date THEN 'YYYY-MM-DD' ELSE 'YYYY-MM-DD 00:00:00+00' END;
    first timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
    month timestamp;
BEGIN
    FOR month IN SELECT first + n * interval '1 month' FROM generate_series(0, {ahead}) AS n LOOP
        EXECUTE format(
            'CREATE TABLE {table}_%%s PARTITION OF {table} FOR VALUES FROM (%%L) TO (%%L)',
            to_char(month, 'YYYY_MM'), to_char(month, bound),
            to_char(month + interval '1 month', bound));
    END LOOP;
END
$months$
"""


def by_month(column: str) -> dict[str, Any]:
    """Table options: a partition for each month of ``column``."""
    return {"postgresql_partition_by": f"RANGE ({column})"}


def by_hash(column: str) -> dict[str, Any]:
    """Table options: :data:`HASH_PARTITIONS` partitions; as many sessions can write apart."""
    return {"postgresql_partition_by": f"HASH ({column})"}


def first_partitions(table: Table) -> None:
    """``create_all`` creates the hash partitions, or this month and ``MONTHS_AHEAD`` more."""
    kind, _, column = str(table.dialect_options["postgresql"]["partition_by"] or "").partition(" (")
    if kind == "RANGE":
        months = _MONTHS.format(table=table.fullname, column=column.rstrip(")"), ahead=MONTHS_AHEAD)
        event.listen(table, "after_create", DDL(months))  # type: ignore[no-untyped-call]
    for n in range(HASH_PARTITIONS if kind == "HASH" else 0):
        hashed = (
            f"CREATE TABLE {table.fullname}_h{n:02d} PARTITION OF {table.fullname} "
            f"FOR VALUES WITH (MODULUS {HASH_PARTITIONS}, REMAINDER {n})"
        )
        event.listen(table, "after_create", DDL(hashed))  # type: ignore[no-untyped-call]
