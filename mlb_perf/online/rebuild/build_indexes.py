"""Indexes, CHECKs, foreign keys and statistics of the shadow, after the copy.

An index is built faster from all rows than row by row, and one check of a
foreign key costs less than a check of each copied row.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from mlb_perf import sql
from mlb_perf.names import quote
from mlb_perf.online.indexes import build
from mlb_perf.online.indexes.progress import BUILD, DROP
from mlb_perf.online.indexes.shape import IndexShape
from mlb_perf.online.locks import under_lock
from mlb_perf.online.rebuild.shape_file import Check, ForeignKey
from mlb_perf.online.rebuild.target import Rebuild, has_constraint, on_table
from mlb_perf.online.shadows import SHADOWS

_WORTH_PACKING = 2**17
"""Bytes of an index; below, a rebuild gains less than the waits of a concurrent build cost."""


def add_indexes(rebuild: Rebuild) -> None:
    """Build those of the new shape concurrently: writers reach the shadow through the trigger."""
    for shape in rebuild.target.to.indexes:
        build.build(rebuild.step, in_shadows(shape), rebuild.patience)


def drop_others(rebuild: Rebuild) -> None:
    """Drop what the live table no longer has, or has otherwise by now."""
    to = rebuild.target.to
    indexes = {index.name: in_shadows(index) for index in to.indexes}
    constraints = {key.name: _squeezed(key.definition) for key in to.foreign_keys}
    constraints |= {check.name: _squeezed(check.definition) for check in to.checks}
    own = rebuild.to.constraints
    for row in on_table(rebuild, "shadow_objects.sql", shadow=rebuild.target.shadow):
        if row.kind == "index" and not (
            row.bare_name in indexes and build.is_same(rebuild.connection, indexes[row.bare_name])
        ):
            _drop(rebuild, f"DROP INDEX {row.name}")
        elif (
            row.kind != "index"
            and constraints.get(row.bare_name) != _squeezed(row.definition)
            and not (row.kind == "check" and row.bare_name in own)
        ):
            _drop(rebuild, f"ALTER TABLE {rebuild.target.shadow} DROP CONSTRAINT {row.name}")


def _squeezed(definition: str) -> str:
    """Without spaces, which the server's own definition has elsewhere."""
    return "".join(definition.split())


def _drop(rebuild: Rebuild, statement: str) -> None:
    shadow = [rebuild.target.shadow]
    under_lock(
        rebuild.step, shadow, "ACCESS EXCLUSIVE", lambda: rebuild.run(statement), rebuild.patience
    )


def pack_keys(rebuild: Rebuild) -> None:
    """Rebuild the indexes of the keys concurrently: the copy filled them in no order.

    A B-tree that grows at random is two thirds full, one that is built from
    sorted rows nine tenths. Leftovers of an interrupted run are dropped first.
    """
    found = rebuild.connection.execute(
        text(sql.read("online/rebuild/key_indexes.sql")),
        {"table": rebuild.target.shadow, "least": _WORTH_PACKING},
    ).all()
    for row in found:
        verb, query = ("REINDEX", BUILD) if row.is_valid else ("DROP", DROP)
        statement = f"{verb} INDEX CONCURRENTLY {row.name}"
        what = rebuild.step.shown(f"index {row.name}")
        build.patiently(rebuild.connection, statement, what, query)


def in_shadows(shape: IndexShape) -> IndexShape:
    """An index of the table as one of its shadow."""
    return replace(shape, schema=SHADOWS)


def add_foreign_keys(rebuild: Rebuild) -> None:
    """First NOT VALID, then validated, so that no table is scanned under a strong lock.

    A partitioned table takes no NOT VALID key before PostgreSQL 18: each
    partition gets its own, and the table's key finds them there.
    """
    leaves = [name for name in _leaves(rebuild) if name != rebuild.target.shadow]
    for key in rebuild.target.to.foreign_keys:
        for table in leaves or [rebuild.target.shadow]:
            if not has_constraint(rebuild, table, key.name):
                _add(rebuild, table, key, "NOT VALID", "SHARE ROW EXCLUSIVE")
            if key.is_valid:
                rebuild.run(f"ALTER TABLE {table} VALIDATE CONSTRAINT {quote(key.name)}")
        if leaves and not has_constraint(rebuild, rebuild.target.shadow, key.name):
            # The partitions' own triggers on the table that is referred to are dropped.
            _add(rebuild, rebuild.target.shadow, key, "", "ACCESS EXCLUSIVE")


def add_checks(rebuild: Rebuild) -> None:
    """Those of the live table: first NOT VALID, then validated while others write."""
    shadow = rebuild.target.shadow
    for check in rebuild.target.to.checks:
        if not has_constraint(rebuild, shadow, check.name):
            under_lock(
                rebuild.step,
                [shadow],
                "ACCESS EXCLUSIVE",
                lambda check=check: rebuild.run(_with_check(rebuild, check, "NOT VALID")),  # type: ignore[misc]
                rebuild.patience,
            )
        if check.is_valid:
            rebuild.run(f"ALTER TABLE {shadow} VALIDATE CONSTRAINT {quote(check.name)}")


def checks_of_empty(rebuild: Rebuild) -> None:
    """The same, within the transaction that is open."""
    for check in rebuild.target.to.checks:
        rebuild.run(_with_check(rebuild, check, "" if check.is_valid else "NOT VALID"))


def _with_check(rebuild: Rebuild, check: Check, how: str) -> str:
    """A CHECK that is not enforced (PostgreSQL 18 and later) is not valid either, and says so."""
    how = "" if check.definition.endswith("NOT ENFORCED") else how
    return (
        f"ALTER TABLE {rebuild.target.shadow} ADD CONSTRAINT {quote(check.name)} "
        f"{check.definition} {how}"
    )


def analyze(rebuild: Rebuild) -> None:
    """The first plans after the swap are as good as the last ones before it."""
    rebuild.run(f"ANALYZE {rebuild.target.shadow}")


def add_all_at_once(rebuild: Rebuild) -> None:
    """Indexes, CHECKs and foreign keys of an empty shadow, within the transaction that is open."""
    checks_of_empty(rebuild)
    for shape in rebuild.target.to.indexes:
        rebuild.run(in_shadows(shape).create())
    for key in rebuild.target.to.foreign_keys:
        rebuild.run(
            f"ALTER TABLE {rebuild.target.shadow} ADD CONSTRAINT {quote(key.name)} {key.definition}"
            + ("" if key.is_valid else " NOT VALID")
        )


def _add(rebuild: Rebuild, table: str, key: ForeignKey, how: str, mode: str) -> None:
    """Lock the referenced table first, as writers do, who come to the shadow last."""
    under_lock(
        rebuild.step,
        [f"ONLY {key.referenced}", table],
        mode,
        lambda: rebuild.run(
            f"ALTER TABLE {table} ADD CONSTRAINT {quote(key.name)} {key.definition} {how}"
        ),
        rebuild.patience,
    )


def _leaves(rebuild: Rebuild) -> list[str]:
    rows = rebuild.connection.execute(
        text(sql.read("online/rebuild/storage.sql")), {"table": rebuild.target.shadow}
    )
    return [str(row.name) for row in rows]
