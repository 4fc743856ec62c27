"""The partitions of a new shape: months by explicit UTC bounds, or hash.

A shadow with months also has a DEFAULT partition, during the rebuild alone: a feed may send an
old date meanwhile, and without that partition the insert would fail. After the rebuild there is
none, because each attach would scan it.
"""

from __future__ import annotations

import datetime as dt

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.errors import MigrationFailed
from mlb_perf.months import MOST_MONTHS, Span, by_month, month_after
from mlb_perf.names import quote
from mlb_perf.online.locks import under_lock
from mlb_perf.online.partitions import Hash, Monthly
from mlb_perf.online.rebuild.target import Rebuild, exists


def partitions_of(rebuild: Rebuild) -> list[tuple[str, str]]:
    """Suffix and bound of each partition: for the rows that exist, and for the months ahead."""
    target = rebuild.target
    found = target.to.partitions
    if isinstance(found, Hash):
        return [
            (f"h{n:02d}", f"FOR VALUES WITH (MODULUS {found.modulus}, REMAINDER {n})")
            for n in range(found.modulus)
        ]
    return [] if found is None else months_for(rebuild, target.live)


def months_for(rebuild: Rebuild, source: str) -> list[tuple[str, str]]:
    """The months from the first row of ``source`` to the last, and those ahead of now.

    Raises :class:`~mlb_perf.errors.MigrationFailed` for more than :data:`MOST_MONTHS`, as a wrong
    year needs, and for an infinite value. It names the table, also if ``source`` is a part of its
    shadow.
    """
    target = rebuild.target
    live, partitions = target.live, target.to.partitions
    assert isinstance(partitions, Monthly)
    column = quote(partitions.column)
    statement = sql.read("online/rebuild/extent.sql").format(column=column, source=source)
    found = execute(rebuild.connection, statement).one()
    if found.is_endless:
        raise MigrationFailed(
            f"{live}: {column} is infinite in some rows, and no month holds those; the table is as "
            f"it was. Correct them (SELECT FROM {live} WHERE NOT isfinite({column})), and run again"
        )
    now, ahead = _index(found.today), _index(month_after(found.today, partitions.ahead))
    first = min(now if found.first_month is None else found.first_month, now)
    last = max(ahead if found.last_month is None else found.last_month, ahead)
    if last - first >= MOST_MONTHS:
        raise MigrationFailed(
            f"{live}: {column} goes from {found.first} to {found.last}, which would be "
            f"{last - first + 1} partitions, and {MOST_MONTHS} are the most; the table is as it "
            f"was. Correct the rows that hold a wrong {column}, and run again"
        )
    months = by_month(Span.of_months(_month(first), _month(last)))
    return [(month.suffix, month.values(is_date=found.is_date)) for month in months]


def _index(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _month(index: int) -> dt.date:
    return dt.date(index // 12, index % 12 + 1, 1)


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
    return not execute(
        rebuild.connection,
        f"SELECT EXISTS (SELECT FROM {rebuild.target.rest})",  # noqa: S608  a quoted name
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
