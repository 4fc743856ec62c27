"""The contents of columns that an upgrade drops: kept for the downgrade, by the key of the row.

They are copied from the old table after the swap, when nobody uses it any more, into a table in
the journal's schema. The downgrade reads them from there, and drops that table.
"""

from __future__ import annotations

from mlb_perf.errors import ForeignObjects
from mlb_perf.names import literal, plain
from mlb_perf.online.locks import transaction
from mlb_perf.online.rebuild.columns import read_columns
from mlb_perf.online.rebuild.target import Rebuild, exists, on_table


def refuse_needed(rebuild: Rebuild) -> None:
    """Raise :class:`~mlb_perf.errors.ForeignObjects` for objects that need one of the columns."""
    names = [plain(name) for name in rebuild.target.dropped]
    if not names:
        return
    found = on_table(rebuild, "needs_dropped.sql", names=names, known=rebuild.known)
    if found:
        raise ForeignObjects(
            f"{rebuild.target.live} loses {', '.join(names)}, which "
            f"{', '.join(row.name for row in found)} need; nothing was changed. "
            "Drop or change these, and run again"
        )


def keep(rebuild: Rebuild) -> None:
    """Copy them, unless the old table is gone already; a copy that was begun is made again."""
    target = rebuild.target
    table = target.kept_by_own(rebuild.journal)
    if table is None or not exists(rebuild, target.before):
        return
    key = _key(rebuild)
    listed = ", ".join((*key, *target.dropped))
    comment = f"Columns of {target.live} that revision {target.revision} has dropped"
    with transaction(rebuild.connection):
        rebuild.run(f"DROP TABLE IF EXISTS {table}")
        rebuild.run(f"CREATE TABLE {table} AS SELECT {listed} FROM {target.before}")  # noqa: S608
        rebuild.run(f"ALTER TABLE {table} ADD PRIMARY KEY ({', '.join(key)})")
        rebuild.run(f"COMMENT ON TABLE {table} IS {literal(comment)}")


def forget(rebuild: Rebuild) -> None:
    """The downgrade has them back in the table."""
    if (table := rebuild.target.kept_by_other(rebuild.journal)) is not None:
        rebuild.run(f"DROP TABLE IF EXISTS {table}")


def _key(rebuild: Rebuild) -> tuple[str, ...]:
    """The key that both tables have, and that the downgrade will have too."""
    new = {frozenset(key) for key in read_columns(rebuild.connection, rebuild.target.live).keys}
    old = read_columns(rebuild.connection, rebuild.target.before).keys
    return next(key for key in old if frozenset(key) in new)
