"""The partitions of a new shape: months by explicit UTC bounds, or hash."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from mlb_perf.errors import MigrationFailed
from mlb_perf.months import MOST_MONTHS, Span, by_month, month_after
from mlb_perf.online.rebuild.target import Rebuild


def partitions_of(rebuild: Rebuild) -> list[tuple[str, str]]:
    """Suffix and bound of each partition that the rows there are need, and of the months ahead."""
    target = rebuild.target
    if target.to.is_hashed:
        modulus = target.hash_modulus
        return [
            (f"h{n:02d}", f"FOR VALUES WITH (MODULUS {modulus}, REMAINDER {n})")
            for n in range(modulus)
        ]
    if target.to.month_column is None:
        return []
    return months_for(rebuild, target.live)


def months_for(rebuild: Rebuild, source: str) -> list[tuple[str, str]]:
    """The months from the first row of ``source`` to the last, and those ahead of now.

    Raises :class:`~mlb_perf.errors.MigrationFailed` for more than twenty years.
    """
    target = rebuild.target
    column = target.to.month_column
    assert column is not None
    first, last, today, is_date = _extent(rebuild.connection, source, column)
    ahead = month_after(today, target.months_ahead)
    months = list(by_month(Span.of_months(min(first or today, today), max(last or ahead, ahead))))
    if len(months) > MOST_MONTHS:
        raise MigrationFailed(
            f"{source}: {column} goes from {first} to {last}, which would be {len(months)} "
            f"partitions; nothing was changed. Correct the rows that hold a wrong {column}, and "
            "run again"
        )
    return [(month.suffix, month.values(is_date=is_date)) for month in months]


def create_partitions(rebuild: Rebuild, wanted: list[tuple[str, str]]) -> None:
    """Each partition, in the schema where the table will be; nobody sees them before the swap."""
    for suffix, values in wanted:
        rebuild.run(
            f"CREATE TABLE {rebuild.target.leaf(suffix)} "
            f"PARTITION OF {rebuild.target.shadow} {values}"
        )


def _extent(
    connection: Connection, source: str, column: str
) -> tuple[dt.date | None, dt.date | None, dt.date, bool]:
    row = connection.execute(
        text(
            f"SELECT min({column}) FILTER (WHERE isfinite({column})) AS first,"  # noqa: S608
            f" max({column}) FILTER (WHERE isfinite({column})) AS last,"
            f" coalesce(bool_or(NOT isfinite({column})), false) AS is_endless,"
            " (now() AT TIME ZONE 'UTC')::date AS today,"
            f" (SELECT atttypid = 'date'::regtype FROM pg_attribute"
            f"  WHERE attrelid = CAST(:source AS regclass) AND attname = '{column}') AS is_date"
            f" FROM {source}"
        ),
        {"source": source},
    ).one()
    if row.is_endless:
        raise MigrationFailed(
            f"{source}: {column} is infinite in some rows, for which there is no month; nothing "
            f"was changed. Correct them (SELECT FROM {source} WHERE NOT isfinite({column})), and "
            "run again"
        )
    return _date(row.first), _date(row.last), row.today, row.is_date


def _date(value: dt.date | dt.datetime | None) -> dt.date | None:
    return value.astimezone(dt.UTC).date() if isinstance(value, dt.datetime) else value
