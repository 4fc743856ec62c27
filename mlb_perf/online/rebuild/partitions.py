"""The partitions of a new shape: months by explicit UTC bounds, or hash.

A shadow with months also has a DEFAULT partition, during the rebuild alone: a feed may send an
old date meanwhile, and without that partition the insert would fail. After the rebuild there is
none, because each attach would scan it.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, text

from mlb_perf.errors import MigrationFailed
from mlb_perf.months import MOST_MONTHS, Span, by_month, month_after
from mlb_perf.names import plain
from mlb_perf.online.lock_ladder import under_lock
from mlb_perf.online.rebuild.target import Rebuild, exists


def partitions_of(rebuild: Rebuild) -> list[tuple[str, str]]:
    """Suffix and bound of each partition: for the rows that exist, and for the months ahead."""
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
    """Create each partition in the table's schema; its name is not used before the swap."""
    for suffix, values in wanted:
        rebuild.run(
            f"CREATE TABLE {rebuild.target.leaf(suffix)} "
            f"PARTITION OF {rebuild.target.shadow} {values}"
        )


def rest_is_empty(rebuild: Rebuild) -> bool:
    """Whether each row so far has a month."""
    if not exists(rebuild, rebuild.target.rest):
        return True
    return not rebuild.connection.execute(
        text(f"SELECT EXISTS (SELECT FROM {rebuild.target.rest})")  # noqa: S608  our own name
    ).scalar_one()


def settle_rest(rebuild: Rebuild) -> None:
    """Create the months that the rows of the DEFAULT partition need, and move the rows there."""
    if not rest_is_empty(rebuild):
        under_lock(
            rebuild.step,
            [rebuild.target.shadow],
            "ACCESS EXCLUSIVE",
            lambda: _move(rebuild),
            rebuild.patience,
        )


def without_rest(rebuild: Rebuild, *, is_referenced: bool) -> list[str]:
    """Statements for the swap, when the DEFAULT partition is known to be empty.

    It is detached here and dropped after the swap: the transaction that drops a table searches
    all of the server's buffers for its pages, 5 to 25 ms at 6 GB. If it has foreign keys of its
    own it is dropped here, because to detach it would lock the referenced tables; and detached
    before that if other tables refer to the shadow, since their foreign keys name each partition.
    """
    rest = rebuild.target.rest
    if not exists(rebuild, rest):
        return []
    detach = f"ALTER TABLE {rebuild.target.shadow} DETACH PARTITION {rest}"
    if not rebuild.target.to.foreign_keys:
        return [detach]
    return [*([detach] if is_referenced else []), f"DROP TABLE {rest}"]


def _extent(
    connection: Connection, source: str, column: str
) -> tuple[dt.date | None, dt.date | None, dt.date, bool]:
    row = connection.execute(
        text(
            f"SELECT min({column}) FILTER (WHERE isfinite({column})) AS first,"  # noqa: S608
            f" max({column}) FILTER (WHERE isfinite({column})) AS last,"
            f" coalesce(bool_or(NOT isfinite({column})), false) AS is_endless,"
            " (now() AT TIME ZONE 'UTC')::date AS today,"
            " (SELECT atttypid = 'date'::regtype FROM pg_attribute"
            "  WHERE attrelid = CAST(:source AS regclass) AND attname = :column) AS is_date"
            f" FROM {source}"
        ),
        {"source": source, "column": plain(column)},
    ).one()
    if row.is_endless:
        raise MigrationFailed(
            f"{source}: {column} is infinite in some rows, and no month holds those; nothing "
            f"was changed. Correct them (SELECT FROM {source} WHERE NOT isfinite({column})), and "
            "run again"
        )
    return _date(row.first), _date(row.last), row.today, row.is_date


def _date(value: dt.date | dt.datetime | None) -> dt.date | None:
    return value.astimezone(dt.UTC).date() if isinstance(value, dt.datetime) else value


def _move(rebuild: Rebuild) -> None:
    shadow, rest = rebuild.target.shadow, rebuild.target.rest
    rebuild.run(f"ALTER TABLE {shadow} DETACH PARTITION {rest}")
    wanted = months_for(rebuild, rest)
    create_partitions(
        rebuild, [month for month in wanted if not exists(rebuild, rebuild.target.leaf(month[0]))]
    )
    rebuild.run(f"INSERT INTO {shadow} SELECT * FROM {rest}")  # noqa: S608  our own names
    rebuild.run(f"TRUNCATE {rest}")
    rebuild.run(f"ALTER TABLE {shadow} ATTACH PARTITION {rest} DEFAULT")
