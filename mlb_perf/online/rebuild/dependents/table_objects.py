"""Objects of the live table that its shape does not mention: kept, or refused before anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from mlb_perf.errors import ForeignObjects, NameConflict
from mlb_perf.online.indexes.shape import IndexShape, parse
from mlb_perf.online.rebuild.shape_file import Check, ForeignKey, TableShape
from mlb_perf.online.rebuild.target import Rebuild, exists, on_table
from mlb_perf.online.temporary import refuse_temporary


@dataclass(frozen=True)
class TableObjects:
    """Indexes, CHECKs, foreign keys and triggers that the new table gets besides its shape.

    ``tablespaces``: those of the shape's indexes, by name.
    """

    indexes: tuple[IndexShape, ...]
    checks: tuple[Check, ...]
    foreign_keys: tuple[ForeignKey, ...]
    triggers: tuple[str, ...]
    tablespaces: tuple[tuple[str, str], ...] = ()


def refuse_unmovable(rebuild: Rebuild) -> None:
    """Raise :class:`~mlb_perf.errors.ForeignObjects` for objects that a rebuild would lose."""
    names = [str(row.name) for row in _rows(rebuild, "unmovable")]
    refuse_temporary(rebuild.connection, rebuild.target.live, names)
    if names:
        raise ForeignObjects(
            f"{rebuild.target.live} has, or is needed by, {', '.join(names)}; "
            "a rebuild cannot re-create that; the table is as it was. "
            "Drop it, run again, and re-create it afterwards"
        )


def refuse_kept(rebuild: Rebuild) -> None:
    """The place of the old table must be free: an earlier run may have kept one there."""
    before = rebuild.target.before
    if exists(rebuild, before):
        raise NameConflict(
            f"{before} exists, kept by an earlier run with -x keep=yes; nothing was changed. "
            f"Drop it (DROP TABLE {before}) or move it (ALTER TABLE ... SET SCHEMA), and run again"
        )


def read(rebuild: Rebuild) -> TableObjects:
    """The objects to keep, with their names as they are."""
    rows = _rows(rebuild, "table_objects")
    where = f"index of {rebuild.target.live}"
    return TableObjects(
        tuple(
            replace(parse(r.definition, where), tablespace=r.tablespace)
            for r in rows
            if r.kind == "index"
        ),
        tuple(Check(r.name, r.definition, is_valid=r.is_valid) for r in rows if r.kind == "check"),
        tuple(
            ForeignKey(r.name, r.definition, r.referenced, is_valid=r.is_valid)
            for r in rows
            if r.kind == "foreign key"
        ),
        tuple(r.definition for r in rows if r.kind == "trigger"),
        tuple((r.name, r.tablespace) for r in on_table(rebuild, "index_tablespaces.sql")),
    )


def added_to(shape: TableShape, objects: TableObjects) -> TableShape:
    """The shape with the kept objects, and its own indexes where they were."""
    places = dict(objects.tablespaces)
    own = (replace(index, tablespace=places.get(index.name)) for index in shape.indexes)
    return replace(
        shape,
        indexes=(*own, *objects.indexes),
        checks=objects.checks,
        foreign_keys=(*shape.foreign_keys, *objects.foreign_keys),
    )


def _rows(rebuild: Rebuild, name: str) -> Sequence[Row[Any]]:
    return on_table(rebuild, f"{name}.sql", known=rebuild.known)
