"""The shape of a table: a frozen SQL file with what a rebuild changes.

``-- table``: CREATE TABLE with primary key, unique constraints and CHECKs, and the comments that
this shape alone has. ``-- indexes`` (CREATE INDEX) and ``-- foreign keys`` (ALTER TABLE ... ADD
CONSTRAINT), one a line, are there only if the rebuild changes them. The live table's other
indexes, foreign keys and comments are kept.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from mlb_perf import sql
from mlb_perf.errors import ConfigurationError
from mlb_perf.names import IDENTIFIER, plain, qualified, quote
from mlb_perf.online.indexes.shape import IndexShape, parse
from mlb_perf.online.partitions import Hash, Monthly, Partitions
from mlb_perf.online.rebuild.renaming import renamed

_PARTS = ("table", "indexes", "foreign keys")
_FOREIGN_KEY = re.compile(
    rf"ALTER TABLE \S+ ADD CONSTRAINT (?P<name>{IDENTIFIER}) "
    rf"(?P<definition>FOREIGN KEY \(.*?\) "
    rf"REFERENCES (?P<referenced>{IDENTIFIER}(?:\.{IDENTIFIER})?).*)"
)
_SERIAL = re.compile(rf"^(\s+({IDENTIFIER})) (BIG|SMALL)?SERIAL\b", re.MULTILINE)
_IDENTITY = re.compile(
    rf"^(\s+({IDENTIFIER}) .*?) GENERATED (ALWAYS|BY DEFAULT) AS IDENTITY(?: \([^)]*\))?",
    re.MULTILINE,
)
_GENERATED = re.compile(rf"^\s+({IDENTIFIER}) .*? GENERATED ALWAYS AS \(", re.MULTILINE)
_COLUMN = re.compile(
    rf"^    ((?!CONSTRAINT |PRIMARY KEY|FOREIGN KEY|EXCLUDE ){IDENTIFIER}) [A-Z]", re.MULTILINE
)
_COMMENTED = re.compile(
    rf"^COMMENT ON (?:COLUMN (?:{IDENTIFIER}\.)+({IDENTIFIER})|(TABLE) .*?) IS", re.MULTILINE
)
_INTEGERS = {"BIG": "BIGINT", "SMALL": "SMALLINT", "": "INTEGER", None: "INTEGER"}
_PRIMARY_KEY = re.compile(r"\bPRIMARY KEY \(([^)]+)\)")
_PARTITIONS = re.compile(rf"\) PARTITION BY (?P<how>HASH|RANGE) \((?P<column>{IDENTIFIER})")
_CREATES = re.compile(rf"^CREATE TABLE ({IDENTIFIER})\.({IDENTIFIER}) \(", re.MULTILINE)


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
class Check:
    """A CHECK of the live table that its shape does not mention; ``name`` is bare."""

    name: str
    definition: str
    is_valid: bool = True


@dataclass(frozen=True)
class TableShape:
    """The statements of a shape, which name the table as it is called in the end.

    ``digest`` tells the shape from others: of the file's text, comments apart. ``column_names``
    are in their order, as SQL writes them. A shape that is not declared, but read from the live
    table, says nothing of its partitions.
    """

    name: str
    schema: str
    table: str
    statements: str
    digest: str
    column_names: tuple[str, ...]
    partitions: Partitions | None = None
    indexes: tuple[IndexShape, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    is_declared: bool = True

    @property
    def qualified(self) -> str:
        return qualified(self.schema, self.table)

    @property
    def month_column(self) -> str | None:
        """The column, as SQL writes it, whose months are partitions; None without such."""
        return quote(self.partitions.column) if isinstance(self.partitions, Monthly) else None

    @property
    def is_partitioned(self) -> bool:
        return self.partitions is not None

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns of the primary key; empty without such a key."""
        found = _PRIMARY_KEY.search(self.statements)
        return tuple(found[1].split(", ")) if found else ()

    @property
    def serial_columns(self) -> tuple[str, ...]:
        """The bare names of the columns whose default is a sequence of the table."""
        return tuple(plain(column) for _, column, _ in _SERIAL.findall(self.statements))

    @property
    def counted_columns(self) -> tuple[str, ...]:
        """The bare names of the serial and the identity columns."""
        return (*self.serial_columns, *(column for column, _ in self.identities))

    @property
    def identities(self) -> tuple[tuple[str, str], ...]:
        """The bare names of the identity columns, each with ``ALWAYS`` or ``BY DEFAULT``."""
        found = _IDENTITY.findall(self.statements)
        return tuple((plain(column), kind) for _, column, kind in found)

    @property
    def generated_columns(self) -> tuple[str, ...]:
        """The columns, as SQL writes them, that the server computes."""
        return tuple(_GENERATED.findall(self.statements))

    @property
    def commented(self) -> tuple[str, ...]:
        """The bare names of the columns that the shape comments; empty text for the table."""
        return tuple(plain(column) for column, _ in _COMMENTED.findall(self.statements))

    def statements_in(self, schema: str) -> str:
        """The table as it is created in another schema, without sequences of its own."""
        bare = _SERIAL.sub(lambda found: f"{found[1]} {_INTEGERS[found[3]]}", self.statements)
        bare = _IDENTITY.sub(r"\1", bare)
        return renamed(bare, {self.qualified: qualified(schema, self.table)})


def read_shape(name: str, schema: str, table: str, *, modulus: int = 8) -> TableShape:
    """The shape file ``name`` below ``mlb_perf/sql``, which must create ``schema.table``.

    Raises :class:`~mlb_perf.errors.ConfigurationError` if it does not.
    """
    return parse_shape(f"mlb_perf/sql/{name}", sql.read(name), schema, table, modulus=modulus)


def read_shape_at(path: Path, partitions: Partitions | None = None) -> TableShape:
    """The shape file of a project of its own; the file says which table it creates.

    ``partitions`` say more of those that the file has: the modulus, or the months ahead. Raises
    :class:`~mlb_perf.errors.ConfigurationError` if the two contradict each other.
    """
    content = path.read_text(encoding="utf-8")
    found = _CREATES.search(content)
    if found is None:
        raise ConfigurationError(f"{path} must create a table: CREATE TABLE schema.table (")
    shape = parse_shape(str(path), content, plain(found[1]), plain(found[2]))
    if partitions is None:
        return shape
    if shape.partitions is None or shape.partitions.clause != partitions.clause:
        raise ConfigurationError(
            f"{path} does not say PARTITION BY {partitions.clause}, as the operation does; "
            "correct one of the two"
        )
    return replace(shape, partitions=partitions)


def parse_shape(
    name: str, content: str, schema: str, table: str, *, modulus: int = 8
) -> TableShape:
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
        digest_of("\n".join(parts.values())),
        tuple(_COLUMN.findall(parts["table"].split("CREATE TABLE", 1)[1])),
        _partitions(parts["table"], modulus),
        tuple(parse(line, name) for line in _lines(parts.get("indexes", ""))),
        tuple(_foreign_key(line, name) for line in _lines(parts.get("foreign keys", ""))),
    )


def digest_of(text: str) -> str:
    """Tells one shape from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _partitions(statements: str, modulus: int) -> Partitions | None:
    found = _PARTITIONS.search(statements)
    if found is None:
        return None
    column = plain(found["column"])
    return Monthly(column) if found["how"] == "RANGE" else Hash(column, modulus)


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
