"""The shape of a table: a frozen SQL file with what a rebuild changes.

``-- table``: CREATE TABLE with primary key, unique constraints and CHECKs, and the comments that
this shape alone has. ``-- indexes`` (CREATE INDEX) and ``-- foreign keys`` (ALTER TABLE ... ADD
CONSTRAINT), one a line, are there only if the rebuild changes them. The live table's other
indexes, foreign keys and comments are kept.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from mlb_perf import sql
from mlb_perf.errors import ConfigurationError
from mlb_perf.names import IDENTIFIER, plain, qualified
from mlb_perf.online.index_shape import IndexShape, parse
from mlb_perf.online.rebuild.renaming import renamed

_PARTS = ("table", "indexes", "foreign keys")
_FOREIGN_KEY = re.compile(
    rf"ALTER TABLE \S+ ADD CONSTRAINT (?P<name>{IDENTIFIER}) "
    rf"(?P<definition>FOREIGN KEY \(.*?\) "
    rf"REFERENCES (?P<referenced>{IDENTIFIER}(?:\.{IDENTIFIER})?).*)"
)
_SERIAL = re.compile(rf"^(    ({IDENTIFIER})) BIGSERIAL", re.MULTILINE)
_COLUMN = re.compile(rf"^    ((?!CONSTRAINT ){IDENTIFIER}) [A-Z]", re.MULTILINE)
_COMMENTED = re.compile(rf"^COMMENT ON (?:COLUMN \S+\.({IDENTIFIER})|(TABLE) \S+) IS", re.MULTILINE)
_PRIMARY_KEY = re.compile(r"\bPRIMARY KEY \(([^)]+)\)")
_HASH = re.compile(r"\) PARTITION BY HASH \(")
_RANGE = re.compile(rf"\) PARTITION BY RANGE \(({IDENTIFIER})\)")


@dataclass(frozen=True)
class ForeignKey:
    """One outgoing foreign key: its name, ``FOREIGN KEY ...``, and the table it refers to.

    ``name`` is bare; ``referenced`` is as SQL writes it.
    """

    name: str
    definition: str
    referenced: str
    is_valid: bool = True


@dataclass(frozen=True)
class TableShape:
    """The statements of a shape file, which name the table as it is called in the end.

    ``digest`` tells the shape from others: of the file's text, comments apart.
    """

    name: str
    schema: str
    table: str
    statements: str
    digest: str
    indexes: tuple[IndexShape, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.table)

    @property
    def month_column(self) -> str | None:
        """The column, as SQL writes it, whose months are partitions; None without such."""
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
        """The columns of the primary key; empty without such a key."""
        found = _PRIMARY_KEY.search(self.statements)
        return tuple(found[1].split(", ")) if found else ()

    @property
    def serial_columns(self) -> tuple[str, ...]:
        """The bare names of the columns whose default is a sequence of the table."""
        return tuple(plain(column) for _, column in _SERIAL.findall(self.statements))

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns in their order, as SQL writes them."""
        return tuple(_COLUMN.findall(self.statements.split("CREATE TABLE", 1)[1]))

    @property
    def commented(self) -> tuple[str, ...]:
        """The bare names of the columns that the shape comments; empty text for the table."""
        return tuple(plain(column) for column, _ in _COMMENTED.findall(self.statements))

    def statements_in(self, schema: str) -> str:
        """The table as it is created in another schema, without sequences of its own."""
        bare = _SERIAL.sub(r"\1 BIGINT", self.statements)
        return renamed(bare, {self.qualified: qualified(schema, self.table)})


def read_shape(name: str, schema: str, table: str) -> TableShape:
    """The shape file ``name`` below ``mlb_perf/sql``, which must create ``schema.table``.

    Raises :class:`~mlb_perf.errors.ConfigurationError` if it does not.
    """
    return parse_shape(f"mlb_perf/sql/{name}", sql.read(name), schema, table)


def parse_shape(name: str, content: str, schema: str, table: str) -> TableShape:
    """The same from the file's text; errors name the file ``name``."""
    parts = _split(name, content)
    if f"CREATE TABLE {qualified(schema, table)} (" not in parts["table"]:
        raise ConfigurationError(
            f"{name} must create {qualified(schema, table)}, and does not; correct the file or "
            "the operation that names it"
        )
    return TableShape(
        name,
        schema,
        table,
        parts["table"],
        hashlib.sha256("\n".join(parts.values()).encode()).hexdigest()[:16],
        tuple(parse(line, name) for line in _lines(parts.get("indexes", ""))),
        tuple(_foreign_key(line, name) for line in _lines(parts.get("foreign keys", ""))),
    )


def _split(name: str, text: str) -> dict[str, str]:
    found = re.split(rf"^-- ({'|'.join(_PARTS)})$", text, flags=re.MULTILINE)[1:]
    parts = dict(zip(found[::2], found[1::2], strict=True))
    if list(parts) != [part for part in _PARTS if part in parts] or "table" not in parts:
        raise ConfigurationError(
            f"{name} needs the part '-- table' and may have {', '.join(_PARTS[1:])} after it, in "
            f"this order; it has {', '.join(parts) or 'none'}"
        )
    return parts


def _lines(part: str) -> list[str]:
    return [line.removesuffix(";") for line in part.splitlines() if line.strip()]


def _foreign_key(line: str, name: str) -> ForeignKey:
    found = _FOREIGN_KEY.fullmatch(line)
    if found is None:
        raise ConfigurationError(
            f"{name}: this line does not add a foreign key: {line}; write ALTER TABLE schema.table "
            "ADD CONSTRAINT name FOREIGN KEY (...) REFERENCES schema.table (...)"
        )
    return ForeignKey(plain(found["name"]), found["definition"], found["referenced"])
