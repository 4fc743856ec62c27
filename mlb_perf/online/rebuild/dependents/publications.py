"""Publications that the table is in: the new table takes the old one's place in them.

A subscriber knows a table by its name. It has the rows already, by following the
old table up to the swap, and goes on with the new one from there, without a copy:
the swap is one transaction, nobody has written to the one before its end or to
the other after its beginning.

That is so where nothing publishes the copy, and the changes come under the same
name and find their rows by the same key; otherwise a subscriber would stop, or
pass over them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from mlb_perf.errors import ForeignObjects
from mlb_perf.online.rebuild.target import Rebuild, Target, has_rows, on_table


def read(rebuild: Rebuild) -> list[Row[Any]]:
    """Those that the table is in now: by name, by schema, with all tables."""
    return on_table(rebuild, "publications.sql")


def refuse(rebuild: Rebuild, found: list[Row[Any]]) -> None:
    """Raise :class:`~mlb_perf.errors.ForeignObjects` for one that could not be followed."""
    live = rebuild.target.live
    copies = bool(found) and has_rows(rebuild)
    for it in found:
        reason = why_not(rebuild.target, it, copies=copies)
        if reason is not None:
            out = f"Or take it out ({_without(it, live)})"
            raise ForeignObjects(
                f"{live} is in the publication {it.name}, and {reason}; the table is as it was. "
                f"{out}, run again, put it back, and let the subscribers copy it again: there "
                f"TRUNCATE {live}, and ALTER SUBSCRIPTION ... REFRESH PUBLICATION"
            )


def why_not(target: Target, it: Row[Any], *, copies: bool) -> str | None:
    """The reason why a subscriber cannot follow, with the remedy; None if it can."""
    partitioned = target.was.is_partitioned or target.to.is_partitioned
    if copies and (it.kind == "all" or (it.kind == "schema" and target.to.is_partitioned)):
        return (
            "that takes in every table of the schema or of the database, the copy too: it would "
            "be published under names that a subscriber does not have, and stop him"
        )
    if not it.by_root and partitioned:
        return _renamed(target, it)
    old, new = target.was.primary_key, target.to.primary_key
    if it.finds_rows and set(old) != set(new):
        return (
            f"a subscriber finds rows by ({', '.join(old)}), while updates and deletions would "
            f"come with ({', '.join(new)})"
        )
    if it.kind == "table" and not it.is_ours:
        return f"that belongs to {it.owner}. Let a member of that role run this"
    return None


def _renamed(target: Target, it: Row[Any]) -> str:
    before, after = (
        "that of each partition" if shape.is_partitioned else "its own"
        for shape in (target.was, target.to)
    )
    return (
        f"its changes are published under {before} name, and would be published under {after}, "
        "which a subscriber does not know. If it has no subscriber, or the table is not "
        "partitioned yet, "
        f"ALTER PUBLICATION {it.name} SET (publish_via_partition_root = true), and run again"
    )


def _without(it: Row[Any], live: str) -> str:
    if it.kind == "table":
        return f"ALTER PUBLICATION {it.name} DROP TABLE {live}"
    return f"DROP PUBLICATION {it.name}; one FOR TABLE, that names its tables, can stay"


def swap(target: Target, found: list[Row[Any]]) -> list[str]:
    """For the swap, when the tables have changed places."""
    return [
        statement
        for it in found
        if it.kind == "table"
        for statement in (
            f"ALTER PUBLICATION {it.name} DROP TABLE {target.before}",
            f"ALTER PUBLICATION {it.name} ADD TABLE {target.live}"
            + (f" ({it.columns})" if it.columns else "")
            + (f" WHERE ({it.filter})" if it.filter else ""),
        )
    ]
