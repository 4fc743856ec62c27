"""What others have hung on the table: refused if it cannot be kept, else made again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from mlb_perf.errors import ForeignObjects, NameConflict
from mlb_perf.online.index_parser import parse
from mlb_perf.online.index_shape import IndexShape
from mlb_perf.online.rebuild.shape_file import ForeignKey, TableShape, foreign_key
from mlb_perf.online.rebuild.target import Rebuild, exists, on_table

_NAMED = re.compile(r"\bCONSTRAINT (\w+)")


@dataclass(frozen=True)
class Extras:
    """Somebody's own indexes, foreign keys and triggers on the table."""

    indexes: tuple[IndexShape, ...]
    foreign_keys: tuple[ForeignKey, ...]
    triggers: tuple[str, ...]


def refuse_unmovable(rebuild: Rebuild) -> None:
    """Raise :class:`~mlb_perf.errors.ForeignObjects` before anything is done."""
    names = _rows(rebuild, "unmovable")
    if names:
        raise ForeignObjects(
            f"{rebuild.target.live} has, or is needed by, {', '.join(r.name for r in names)}, "
            "which mlb_perf did not make and a rebuild does not make again; nothing was changed. "
            "Drop it, run again, and make it again afterwards"
        )


def refuse_kept(rebuild: Rebuild) -> None:
    """The place of the old table must be free: an earlier run may have kept one there."""
    before = rebuild.target.before
    if exists(rebuild, before):
        raise NameConflict(
            f"{before} is there, kept by an earlier run with -x keep=yes; nothing was changed. "
            f"Drop it (DROP TABLE {before}) or move it (ALTER TABLE ... SET SCHEMA), and run again"
        )


def read_extras(rebuild: Rebuild) -> Extras:
    """What is to be on the new table besides its shape; with names as they are."""
    rows = _rows(rebuild, "foreign_objects")
    where = f"index of {rebuild.target.live}"
    return Extras(
        tuple(parse(r.definition, where) for r in rows if r.kind == "index"),
        tuple(foreign_key(r.definition, where) for r in rows if r.kind == "foreign key"),
        tuple(r.definition for r in rows if r.kind == "trigger"),
    )


def with_extras(shape: TableShape, extras: Extras) -> TableShape:
    """The shape that the table gets."""
    return replace(
        shape,
        indexes=(*shape.indexes, *extras.indexes),
        foreign_keys=(*shape.foreign_keys, *extras.foreign_keys),
    )


def _rows(rebuild: Rebuild, name: str) -> Sequence[Row[Any]]:
    return on_table(rebuild, f"{name}.sql", known=_known(rebuild.target.was))


def _known(shape: TableShape) -> list[str]:
    return [
        *_NAMED.findall(shape.statements),
        *(index.name for index in shape.indexes),
        *(key.name for key in shape.foreign_keys),
    ]
