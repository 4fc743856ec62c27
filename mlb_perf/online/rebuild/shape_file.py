"""The shape of a table: a frozen SQL file in three parts.

``-- table``: CREATE TABLE with primary key, unique constraints and CHECKs, and
the comments; ``-- indexes``: CREATE INDEX, one a line; ``-- foreign keys``:
ALTER TABLE ... ADD CONSTRAINT, one a line. The parts are made at different
moments of a rebuild: indexes after the copy, foreign keys after those.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mlb_perf import sql
from mlb_perf.errors import ConfigurationError
from mlb_perf.names import qualified
from mlb_perf.online.index_parser import parse
from mlb_perf.online.index_shape import IndexShape

_PARTS = ("table", "indexes", "foreign keys")
_FOREIGN_KEY = re.compile(
    r"ALTER TABLE \S+ ADD CONSTRAINT (?P<name>\S+) "
    r"(?P<definition>FOREIGN KEY \(.*?\) REFERENCES (?P<referenced>[\w.]+).*)"
)
_SERIAL = re.compile(r"^(    (\S+)) BIGSERIAL", re.MULTILINE)
_COLUMN = re.compile(r"^    ([a-z]\w*) [A-Z]", re.MULTILINE)
_PRIMARY_KEY = re.compile(r"\bPRIMARY KEY \(([^)]+)\)")
_HASH = re.compile(r"\) PARTITION BY HASH \(")
_RANGE = re.compile(r"\) PARTITION BY RANGE \((\w+)\)")


@dataclass(frozen=True)
class ForeignKey:
    """One outgoing foreign key: its name, ``FOREIGN KEY ...``, and the table it refers to."""

    name: str
    definition: str
    referenced: str


@dataclass(frozen=True)
class TableShape:
    """The statements of a shape file, for the table where it stands at head."""

    name: str
    schema: str
    table: str
    statements: str
    indexes: tuple[IndexShape, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.table)

    @property
    def month_column(self) -> str | None:
        """The column whose months are partitions; None if it has no such partitions."""
        found = _RANGE.search(self.statements)
        return found[1] if found else None

    @property
    def is_hashed(self) -> bool:
        return _HASH.search(self.statements) is not None

    @property
    def is_partitioned(self) -> bool:
        return self.is_hashed or self.month_column is not None

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns of the primary key; none if it has no such key."""
        found = _PRIMARY_KEY.search(self.statements)
        return tuple(found[1].split(", ")) if found else ()

    @property
    def serial_columns(self) -> tuple[str, ...]:
        """The columns that take their default from a sequence of the table."""
        return tuple(column for _, column in _SERIAL.findall(self.statements))

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns in their order."""
        return tuple(_COLUMN.findall(self.statements.split("CREATE TABLE", 1)[1]))

    def statements_in(self, schema: str) -> str:
        """The table as it is made in another schema, without sequences of its own."""
        plain = _SERIAL.sub(r"\1 BIGINT", self.statements)
        return re.sub(rf"\b{self.schema}\.{self.table}\b", qualified(schema, self.table), plain)


def read_shape(name: str, schema: str, table: str) -> TableShape:
    """The shape file ``name`` below ``mlb_perf/sql``, which must speak of ``schema.table``.

    Raises :class:`~mlb_perf.errors.ConfigurationError` where it does not.
    """
    return parse_shape(f"mlb_perf/sql/{name}", sql.read(name), schema, table)


def parse_shape(name: str, content: str, schema: str, table: str) -> TableShape:
    """The same from the file's text; ``name`` is named in errors."""
    parts = _split(name, content)
    if f"CREATE TABLE {schema}.{table} (" not in parts["table"]:
        raise ConfigurationError(f"{name} does not create {schema}.{table}")
    return TableShape(
        name,
        schema,
        table,
        parts["table"],
        tuple(parse(line, name) for line in _lines(parts["indexes"])),
        tuple(foreign_key(line, name) for line in _lines(parts["foreign keys"])),
    )


def _split(name: str, text: str) -> dict[str, str]:
    found = re.split(rf"^-- ({'|'.join(_PARTS)})$", text, flags=re.MULTILINE)[1:]
    parts = dict(zip(found[::2], found[1::2], strict=True))
    if tuple(parts) != _PARTS:
        raise ConfigurationError(
            f"{name} needs the parts {', '.join(_PARTS)}, in this order; "
            f"it has {', '.join(parts) or 'none'}"
        )
    return parts


def _lines(part: str) -> list[str]:
    return [line.removesuffix(";") for line in part.splitlines() if line.strip()]


def foreign_key(line: str, name: str) -> ForeignKey:
    """The key that ``ALTER TABLE ... ADD CONSTRAINT`` adds; ``name`` is named in the error."""
    found = _FOREIGN_KEY.fullmatch(line)
    if found is None:
        raise ConfigurationError(f"{name}: no foreign key: {line}")
    return ForeignKey(**found.groupdict())
