"""The column order of a large table on disk, and the sequence of an id outside the key.

A model declares its columns in the order of reading. A row stores them in another
order: 8-byte values first, then 4, 2 and 1, then those of variable length, so
that no padding is needed (docs/storage.md has the bytes).
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    FetchedValue,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.types import NullType

from mlb_perf.models.partitioning import first_partitions

SERIAL = "mlb_perf_serial"
"""The key of a column's ``info`` that says that a sequence of the table numbers it."""

# A subclass stands before its base: BigInteger and SmallInteger are Integers. A foreign key
# has no type yet when its table is made; each that gives none refers to a bigint.
_WIDTHS: tuple[tuple[type[Any], int], ...] = (
    (BigInteger, 8), (DateTime, 8), (Double, 8), (SmallInteger, 2), (Integer, 4), (Date, 4),
    (Boolean, 1), (JSONB, -1), (NullType, 8),
)  # fmt: skip


def width(column: Column[Any]) -> int:
    """Bytes of a value of fixed length; 0 for variable length, -1 for a document, which is last.

    A document is aligned to four bytes once it is longer than 126.
    """
    return next((size for kind, size in _WIDTHS if isinstance(column.type, kind)), 0)


class FullKey(PrimaryKeyConstraint):
    """A primary key whose index is built without free space in its pages."""


@compiles(FullKey, "postgresql")
def _full(key: FullKey, compiler: DDLCompiler, **options: Any) -> str:
    return f"{compiler.visit_primary_key_constraint(key, **options)} WITH (fillfactor=100)"


class Packed:
    """A model whose table needs no padding.

    ``__key__`` is the primary key in the order of its index; default: the marked
    columns in the order of their declaration. ``__full_key__``: its index is built without free
    space, because a game has pages of its own and gets no entries once it has ended.
    """

    __key__: ClassVar[tuple[str, ...]] = ()
    __full_key__: ClassVar[bool] = False

    @classmethod
    def __table_cls__(cls, name: str, metadata: Any, *items: Any, **options: Any) -> Table:
        columns = [item for item in items if isinstance(item, Column)]
        others = [item for item in items if not isinstance(item, Column)]
        key = cls.__key__ or tuple(column.name for column in columns if column.primary_key)
        for column in columns:
            column.primary_key = column.name in key
        ordered = sorted(columns, key=lambda c: (-width(c), bool(c.nullable)))
        kind = FullKey if cls.__full_key__ else PrimaryKeyConstraint
        table = Table(name, metadata, *ordered, *others, kind(*key), **options)
        _number(table)
        first_partitions(table)
        return table


def serial(comment: str, **options: Any) -> MappedColumn[int]:
    """An id from a sequence of the table, outside the primary key."""
    return mapped_column(
        BigInteger, server_default=FetchedValue(), info={SERIAL: True}, comment=comment, **options
    )


def _number(table: Table) -> None:
    """``create_all`` creates the sequence like BIGSERIAL; SQLAlchemy does so for keys only."""
    for column in table.columns:
        if column.info.get(SERIAL):
            sequence = f"{table.schema}.{table.name}_{column.name}_seq"
            event.listen(
                table,
                "after_create",
                DDL(  # type: ignore[no-untyped-call]
                    f"CREATE SEQUENCE {sequence} OWNED BY {table.fullname}.{column.name};"
                    f"ALTER TABLE {table.fullname} ALTER {column.name} "
                    f"SET DEFAULT nextval('{sequence}'::regclass)"
                ),
            )
