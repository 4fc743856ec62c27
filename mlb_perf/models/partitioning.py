"""Partitions by month, and the first ones that ``create_all`` makes.

Only the largest raw feed has them, because its months are dropped (docs/partitions.md). A month is
bounded in UTC. There is no DEFAULT partition, so a row without a month is an error and not a row
in the wrong place. The revisions create the months of the existing rows, ``mlb-perf partitions``
the later ones.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Table, event

from mlb_perf.months import MONTHS_AHEAD

_MONTHS = """
DO $months$
DECLARE
    bound CONSTANT text := 'YYYY-MM-DD 00:00:00+00';
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


def first_partitions(table: Table) -> None:
    """``create_all`` creates this month and ``MONTHS_AHEAD`` more."""
    if table.dialect_options["postgresql"]["partition_by"]:
        months = _MONTHS.format(table=table.fullname, ahead=MONTHS_AHEAD)
        event.listen(table, "after_create", DDL(months))  # type: ignore[no-untyped-call]
