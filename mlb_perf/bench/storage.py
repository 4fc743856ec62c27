"""Bytes a row before and after: ``python -m mlb_perf.bench.storage docs/storage.md``.

The database that is configured must stand at the baseline, with rows (``mlb-perf
generate``). It is measured, compacted and measured again, so that what only
looseness costs is told apart, upgraded to head, and measured a third time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from mlb_perf import sql
from mlb_perf.bench import marks
from mlb_perf.bench.machine import machine
from mlb_perf.bench.measured import on_what
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.config import alembic_config, current_revisions, target

SEEDED = "0007"


@dataclass(frozen=True)
class Size:
    """One table: rows by its statistics, bytes of heap with TOAST, and of indexes."""

    schema: str
    table: str
    rows: int
    heap: int
    indexes: int

    @property
    def total(self) -> int:
        return self.heap + self.indexes


Sizes = dict[str, Size]


@dataclass(frozen=True)
class Storage:
    """The same rows three times: as they grew, compacted, and at head."""

    server: str
    grown: Sizes
    compact: Sizes
    head: Sizes


def measure() -> Storage:
    """Raises :class:`~mlb_perf.errors.ConfigurationError` where the database is not at 0007."""
    engine = create_engine(target().connect_url(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if current_revisions(connection) != (SEEDED,):
            raise ConfigurationError(
                f"the database is not at revision {SEEDED}; measure on one that holds nothing "
                f"else: alembic upgrade {SEEDED}, mlb-perf generate, then this"
            )
        version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
        connection.exec_driver_sql("VACUUM ANALYZE")
        grown = sizes(connection)
        connection.exec_driver_sql("VACUUM (FULL, ANALYZE)")
        compact = sizes(connection)
        command.upgrade(alembic_config(), "head")
        connection.exec_driver_sql("VACUUM ANALYZE")
        return Storage(version, grown, compact, sizes(connection))


def sizes(connection: Connection) -> Sizes:
    """Every table of the pipeline, by ``schema.table``."""
    found = connection.exec_driver_sql(sql.read("bench/storage.sql"))
    return {
        f"{r.schema_name}.{r.table_name}": Size(
            r.schema_name, r.table_name, r.rows, r.table_bytes, r.index_bytes
        )
        for r in found
    }


def page(storage: Storage, load: float) -> str:
    """Markdown: a line a table that is large enough to tell, then the tiers."""
    lines = [
        on_what(storage.server, load, "python -m mlb_perf.bench.storage docs/storage.md"),
        "",
        "| table | rows | heap, bytes a row | at head | indexes, bytes a row | at head | saved |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_line(storage.grown[name], storage.head[name]) for name in _told(storage)),
        "",
        "| | baseline | compacted (VACUUM FULL) | head | saved | saved of the compacted |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(
            _tier(storage, name, lambda s, of=of: s.schema in of)  # type: ignore[misc]
            for name, of in (
                ("raw_data", ("raw_data",)),
                ("staging and curated", ("staging", "curated")),
                ("the whole pipeline", ("raw_data", "staging", "curated", "analytics",
                                        "operational")),
            )
        ),
    ]  # fmt: skip
    return "\n".join(lines)


def _told(storage: Storage) -> list[str]:
    """Of a table of a few pages, bytes a row say nothing."""
    return [name for name, size in storage.grown.items() if size.rows > 0 and size.total > 2**20]


def _line(old: Size, new: Size) -> str:
    cells = [
        f"{old.schema}.{old.table}", f"{old.rows:,}",
        f"{old.heap / old.rows:.0f}", f"{new.heap / max(new.rows, 1):.0f}",
        f"{old.indexes / old.rows:.0f}", f"{new.indexes / max(new.rows, 1):.0f}",
        f"{_saved(old.total, new.total)}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _tier(storage: Storage, name: str, is_in: Callable[[Size], bool]) -> str:
    grown, compact, head = (
        sum(size.total for size in found.values() if is_in(size))
        for found in (storage.grown, storage.compact, storage.head)
    )
    cells = [name, *(f"{n / 2**20:,.1f} MB" for n in (grown, compact, head))]
    return f"| {' | '.join([*cells, _saved(grown, head), _saved(compact, head)])} |"


def _saved(before: int, after: int) -> str:
    return f"{100 * (before - after) / before:.0f}%"


if __name__ == "__main__":
    load = machine()["load"]
    marks.fill(Path(sys.argv[1]), {"storage": page(measure(), load)})
