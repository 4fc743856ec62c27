"""Rows for which the shadow has no month: they lie in its DEFAULT partition, and are sorted out.

A feed may send an old date while the table is being rebuilt. Without a DEFAULT
partition that insert would fail; with one at head every attach would scan it.
So there is one during the rebuild alone.
"""

from __future__ import annotations

from sqlalchemy import text

from mlb_perf.online.lock_ladder import under_lock
from mlb_perf.online.rebuild.partitions import create_partitions, months_for
from mlb_perf.online.rebuild.target import Rebuild, exists


def is_empty(rebuild: Rebuild) -> bool:
    """Whether every row so far has found its month."""
    if not exists(rebuild, rebuild.target.rest):
        return True
    return not rebuild.connection.execute(
        text(f"SELECT EXISTS (SELECT FROM {rebuild.target.rest})")  # noqa: S608  our own name
    ).scalar_one()


def settle(rebuild: Rebuild) -> None:
    """Make the months that the rows of the DEFAULT partition need, and move the rows there."""
    if not is_empty(rebuild):
        under_lock(
            rebuild.step,
            [rebuild.target.shadow],
            "ACCESS EXCLUSIVE",
            lambda: _move(rebuild),
            rebuild.patience,
        )


def part(rebuild: Rebuild, *, is_referenced: bool) -> list[str]:
    """For the swap, when it is known to be empty: it is no partition any more.

    It is detached, and dropped after the swap: the transaction that drops a table looks through
    all of the server's buffers for its pages, 5 to 25 ms at 6 GB. Where it has foreign keys of its
    own it is dropped all the same, because detaching it locks the tables
    they refer to; and detached before that if other tables refer to the shadow, since their
    foreign keys name each partition.
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
