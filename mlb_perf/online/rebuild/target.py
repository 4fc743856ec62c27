"""A rebuild: the table, its two shapes, and the names of the objects that a rebuild creates."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from psycopg2.extensions import TRANSACTION_STATUS_INERROR
from sqlalchemy import Connection, Row, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.engine import SEARCH_PATH, driver, execute
from mlb_perf.months import leaf_name
from mlb_perf.names import qualified, shortened
from mlb_perf.online.journal import Journal, Step
from mlb_perf.online.locks import Patience
from mlb_perf.online.rebuild.attributes import Read
from mlb_perf.online.rebuild.shape_file import TableShape, digest_of
from mlb_perf.online.shadows import SHADOWS

TRIGGER = "mlb_perf_sync"
TRUNCATE_TRIGGER = f"{TRIGGER}_truncate"

UNDEFINED_TABLE = "42P01"

log = logging.getLogger("alembic.mlb_perf")

KEEP = "mlb_perf_keep"
"""The key of the context's option to keep the old table."""

REFERENCED = "mlb_perf_referenced_"
"""The prefix of a unique key that the table has only for a foreign key of another table."""


@dataclass(frozen=True)
class Target:
    """One rebuild: ``schema.table`` from the shape ``was`` to the shape ``to``.

    ``in_key_order``: each batch is written in the order of the key that both shapes have.
    """

    was: TableShape
    to: TableShape
    revision: str
    direction: str
    batch_ms: int = 30
    keep: bool = False
    using: Mapping[str, str] = field(default_factory=dict)
    in_key_order: bool = False

    @property
    def schema(self) -> str:
        return self.to.schema

    @property
    def table(self) -> str:
        return self.to.table

    @property
    def step(self) -> str:
        """Tells this rebuild from others of the table in the same revision: both shapes."""
        return f"{self.was.digest}-{self.to.digest}"

    @property
    def live(self) -> str:
        return self.to.qualified

    @property
    def shadow(self) -> str:
        return qualified(SHADOWS, self.table)

    @property
    def function(self) -> str:
        return qualified(SHADOWS, shortened(f"sync_{self.schema}_{self.table}"))

    @property
    def rest(self) -> str:
        """The DEFAULT partition that the shadow has until the swap, so that no insert fails."""
        return qualified(SHADOWS, shortened(self.table, "_rest"))

    @property
    def before_schema(self) -> str:
        """The schema in which the old table waits to be dropped, or is kept."""
        return shortened(f"mlb_perf_before_{self.revision}", f"_{self.direction}")

    @property
    def before(self) -> str:
        return qualified(self.before_schema, self.table)

    def leaf(self, suffix: str) -> str:
        """A partition of the new shape, in the schema of the table.

        If the old shape has partitions too, it waits beside the shadow: their names are taken.
        """
        schema = SHADOWS if self.was.is_partitioned else self.schema
        return qualified(schema, leaf_name(self.table, suffix))

    @property
    def dropped(self) -> tuple[str, ...]:
        """The columns, as SQL writes them, that the new shape does not have."""
        return tuple(name for name in self.was.column_names if name not in self.to.column_names)

    def kept_by_own(self, journal: Journal) -> str | None:
        """The table that keeps the contents of the columns that this rebuild drops."""
        keeps = self.dropped and self.direction == "upgrade"
        return self._kept(journal) if keeps else None

    def kept_by_other(self, journal: Journal) -> str | None:
        """The table that the upgrade has made, if this is its downgrade."""
        return self._kept(journal) if self.direction == "downgrade" else None

    def _kept(self, journal: Journal) -> str:
        """One name for both directions."""
        both = digest_of("".join(sorted((self.was.digest, self.to.digest))))
        return journal.dropped(self.schema, self.table, f"{self.revision}_{both[:6]}")


@dataclass(frozen=True)
class Rebuild:
    """A target, the step that is logged, and the patience with locks.

    ``ends_with_revision``: a revision is running, and the rebuild is finished when that ends.
    ``was`` and ``to``: both shapes as the server reads them. ``search_path``: the session's, if it
    is known.
    """

    target: Target
    step: Step
    patience: Patience
    ends_with_revision: bool = False
    was: Read = field(default_factory=Read)
    to: Read = field(default_factory=Read)
    search_path: str = ""

    @property
    def connection(self) -> Connection:
        return self.step.connection

    @property
    def journal(self) -> Journal:
        """The tables of the progress; :func:`run` has refused to begin without them."""
        assert self.step.journal is not None
        return self.step.journal

    @property
    def known(self) -> list[str]:
        """The names of the constraints and indexes that the old shape has."""
        was = self.target.was
        indexes = [index.name for index in was.indexes]
        return [*self.was.constraints, *indexes, *(key.name for key in was.foreign_keys)]

    def run(self, statement: str) -> None:
        """Run one statement as it is, without parameters."""
        self.step.run(statement)


@contextmanager
def unless_dropped(table: str) -> Iterator[None]:
    """A partition that is dropped between being listed and being used needs nothing more."""
    try:
        yield
    except DBAPIError as error:
        if diagnosis.sqlstate(error) != UNDEFINED_TABLE:
            raise
        log.info("%s was dropped meanwhile", table)


def has_constraint(rebuild: Rebuild, table: str, name: str) -> bool:
    """Whether ``table`` has a constraint of that name."""
    return bool(
        rebuild.connection.execute(
            text(
                "SELECT EXISTS (SELECT FROM pg_constraint"
                " WHERE conrelid = to_regclass(:table) AND conname = :name)"
            ),
            {"table": table, "name": name},
        ).scalar_one()
    )


def on_table(rebuild: Rebuild, file: str, **parameters: Any) -> list[Row[Any]]:
    """The rows of a query below ``sql/online/rebuild`` about the table; all names are qualified."""
    with names_qualified(rebuild):
        found = rebuild.connection.execute(
            text(sql.read(f"online/rebuild/{file}")),
            {"table": rebuild.target.live, **parameters},
        )
        return list(found)


@contextmanager
def names_qualified(rebuild: Rebuild) -> Iterator[None]:
    """During the block the server qualifies every name in a definition."""
    path = rebuild.search_path or search_path(rebuild.connection)
    if path == SEARCH_PATH:  # it leaves out the server's own names alone
        yield
        return
    rebuild.run("SET search_path = ''")
    try:
        yield
    finally:
        if _can_run(rebuild.connection):
            rebuild.run(f"SET search_path = {path}" if path else "SET search_path = ''")


def _can_run(connection: Connection) -> bool:
    """Not on a lost connection, nor in a failed transaction, whose rollback restores settings."""
    if connection.closed or connection.invalidated:
        return False
    return bool(driver(connection).info.transaction_status != TRANSACTION_STATUS_INERROR)


def search_path(connection: Connection) -> str:
    """The session's, as ``SET`` takes it."""
    return str(execute(connection, "SHOW search_path").scalar_one())


def has_rows(rebuild: Rebuild) -> bool:
    """Whether the table has rows to copy."""
    return bool(
        execute(
            rebuild.connection,
            f"SELECT EXISTS (SELECT FROM {rebuild.target.live})",  # noqa: S608  a quoted name
        ).scalar_one()
    )


def exists(rebuild: Rebuild, table: str) -> bool:
    """Whether there is a table of that name, written as SQL writes it."""
    return bool(
        rebuild.connection.execute(
            text("SELECT to_regclass(:table) IS NOT NULL"), {"table": table}
        ).scalar_one()
    )
