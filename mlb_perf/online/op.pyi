from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import overload

from alembic.op import *  # noqa: F403
from sqlalchemy import Index, Table

from mlb_perf.online.partitions import Partitions

@overload
def create_index_online(index: Index | str) -> None: ...
@overload
def create_index_online(
    index: str,
    table: str,
    columns: Sequence[str],
    *,
    schema: str = ...,
    unique: bool = ...,
    using: str = ...,
    include: Sequence[str] = ...,
    where: str | None = ...,
    with_: str | None = ...,
    comment: str | None = ...,
) -> None: ...
@overload
def drop_index_online(index: Index | str) -> None: ...
@overload
def drop_index_online(
    index: str,
    table: str,
    columns: Sequence[str],
    *,
    schema: str = ...,
    unique: bool = ...,
    using: str = ...,
    include: Sequence[str] = ...,
    where: str | None = ...,
    with_: str | None = ...,
    comment: str | None = ...,
) -> None: ...
def rebuild_table(
    new: Table | Path,
    *,
    was: Table | Path,
    partitions: Partitions | None = ...,
    was_partitions: Partitions | None = ...,
    using: Mapping[str, str] | None = ...,
    in_key_order: bool = ...,
) -> None: ...
def create_journal(schema: str) -> None: ...
def drop_journal(schema: str) -> None: ...
