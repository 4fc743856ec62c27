"""Bytes a row before and after: ``python -m mlb_perf.bench.measure.storage``.

A data set at the baseline is measured, compacted and measured again, so that what only
looseness costs is told apart, upgraded to head, and measured a third time. In a database
of its own, which is dropped again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from mlb_perf import sql
from mlb_perf.bench.database import BASELINE, engine_of, own_database, upgrade
from mlb_perf.bench.report import measured
from mlb_perf.bench.report.measured import on_what
from mlb_perf.bench.tools.machine import machine
from mlb_perf.dataset import generate
from mlb_perf.engine import connect
from mlb_perf.migrate.config import target

DATABASE = "mlb_perf_bench_storage"


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


def measure(scale: float) -> Storage:
    """In a database of its own on the server in use, which is dropped again."""
    with own_database(target().connect_url(), DATABASE) as url:
        upgrade(url, BASELINE)
        generate(url, scale, 1, workers=2)
        with connect(engine_of(url)) as connection:
            version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
            connection.exec_driver_sql("VACUUM ANALYZE")
            grown = sizes(connection)
            connection.exec_driver_sql("VACUUM (FULL, ANALYZE)")
            compact = sizes(connection)
            upgrade(url, "head")
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


def page(storage: Storage, sentence: str) -> str:
    """Markdown: a line a table that is large enough to tell, then the tiers."""
    lines = [
        sentence,
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


def main(
    scale: Annotated[float, typer.Option(help="Seasons.")] = 0.1,
    docs: Annotated[Path | None, typer.Option(help="The page whose block is written anew.")] = None,
) -> None:
    """Measure and print."""
    load, storage = machine()["load"], measure(scale)
    command = f"python -m mlb_perf.bench.measure.storage --scale {scale:g}"
    told = page(storage, on_what(storage.server, load, command))
    typer.echo(told)
    measured.fill(docs, "storage", told)


if __name__ == "__main__":
    typer.run(main)
