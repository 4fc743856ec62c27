"""A batch of records into its table: COPY to a temporary table, then INSERT what is new."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import TypeAlias

import psycopg2
from psycopg2 import sql
from sqlalchemy import Connection

from mlb_perf.errors import LoadFailed
from mlb_perf.models import Base
from mlb_perf.pipeline import failures
from mlb_perf.pipeline.records import Malformed, RawRecord
from mlb_perf.sql import read

CONFLICT = "conflicting_record"


@dataclass(slots=True)
class Written:
    """What became of the records of one batch and table."""

    loaded: int = 0
    already_there: int = 0
    malformed: list[Malformed] = field(default_factory=list)


def write(
    connection: Connection,
    table: str,
    records: Sequence[RawRecord],
    data: bytes | None = None,
) -> Written:
    """Write records of one table, within the transaction that the connection is in.

    A record that the server refuses is found by halves, and the others are written. ``data`` is
    what :func:`encoded` made of the records, if that was done before.
    """
    try:
        with connection.begin_nested():
            return _write(connection, table, records, data)
    except (UnicodeEncodeError, psycopg2.Error) as error:
        if isinstance(error, psycopg2.Error) and not failures.is_about_the_data(error):
            raise
        if len(records) == 1:
            return Written(malformed=[_refused(records[0], error)])
    middle = len(records) // 2
    done = write(connection, table, records[:middle])
    rest = write(connection, table, records[middle:])
    return Written(
        done.loaded + rest.loaded,
        done.already_there + rest.already_there,
        done.malformed + rest.malformed,
    )


def encoded(table: str, records: Sequence[RawRecord]) -> bytes | None:
    """The records as they are sent; None if one of them is no text, which ``write`` will find."""
    try:
        return encode(records, statements(table).key_texts)
    except UnicodeEncodeError:
        return None


def _write(
    connection: Connection, table: str, records: Sequence[RawRecord], data: bytes | None
) -> Written:
    its = statements(table)
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None
    with driver_connection.cursor() as cursor:
        data = data or encode(records, its.key_texts)
        cursor.execute(its.incoming)
        # In one piece: between pieces it would wait for the thread that is parsing.
        cursor.copy_expert("COPY pg_temp.incoming FROM STDIN", io.BytesIO(data), size=len(data))
        cursor.execute(its.insert)
        done = Written(loaded=cursor.rowcount)
        if done.loaded < len(records):
            cursor.execute(its.differing)
            done.malformed = [_conflict(records[n], origin) for n, origin in cursor]
        cursor.execute("DROP TABLE pg_temp.incoming")
    done.already_there = len(records) - done.loaded - len(done.malformed)
    return done


KeyTexts: TypeAlias = Callable[[RawRecord], tuple[str, ...]]


def encode(records: Sequence[RawRecord], key_texts: KeyTexts) -> bytes:
    """The records as COPY's text format, sorted by key and then by their order."""
    rows = [
        (*key_texts(record), f"{n:06d}", record.payload, record.origin)
        for n, record in enumerate(records)
    ]
    # Most batches have nothing to escape, which is seen at once.
    line = _escaped_line if _needs_escapes(rows) else "\t".join
    lines = sorted(map(line, rows))
    lines.append("")
    return "\n".join(lines).encode()


def _needs_escapes(rows: list[tuple[str, ...]]) -> bool:
    try:
        text = "".join(chain.from_iterable(rows))
    except TypeError:  # None, in a record that no source of ours made
        return True
    return any(character in text for character in "\\\t\n\r")


def _escaped_line(row: tuple[str | None, ...]) -> str:
    return "\t".join(map(_escaped, row))


def _escaped(value: str | None) -> str:
    if value is None:
        return "\\N"
    text = value.replace("\\", "\\\\")
    return text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


@dataclass(frozen=True, slots=True)
class Statements:
    """What writes a batch into one table; ``keys`` are the columns of its primary key."""

    keys: tuple[str, ...]
    key_texts: KeyTexts
    incoming: sql.Composed
    insert: sql.Composed
    differing: sql.Composed


@cache
def statements(table: str) -> Statements:
    """The statements of a table in ``raw_data``; :class:`LoadFailed` if there is none."""
    found = Base.metadata.tables.get(f"raw_data.{table}")
    if found is None:
        raise LoadFailed(f"there is no table raw_data.{table}; see docs/schema.md")
    others = [column.name for column in found.primary_key if column.name != "collected_at"]
    keys = [*others, "collected_at"]
    names = {
        "table": sql.Identifier(table),
        "keys": sql.SQL(", ").join(map(sql.Identifier, keys)),
        "same_key": sql.SQL(" AND ").join(
            sql.SQL("r.{0} = i.{0}").format(sql.Identifier(name)) for name in keys
        ),
    }

    def statement(name: str) -> sql.Composed:
        return sql.SQL(read(f"pipeline/load/{name}.sql")).format(**names)

    return Statements(
        tuple(keys),
        _key_texts(others),
        statement("incoming"),
        statement("insert"),
        statement("differing"),
    )


def _key_texts(others: list[str]) -> KeyTexts:
    # A payload besides, because one name alone would not give a tuple.
    values = attrgetter(*others, "payload")
    return lambda record: (*values(record)[:-1], record.collected_at.isoformat())


def _conflict(record: RawRecord, origin: str) -> Malformed:
    return _malformed(record, f"differs from {origin}, which has the same key", CONFLICT)


def _refused(record: RawRecord, error: UnicodeEncodeError | psycopg2.Error) -> Malformed:
    said = error.diag.message_primary if isinstance(error, psycopg2.Error) else str(error)
    return _malformed(record, f"the server refuses it: {said}")


def _malformed(record: RawRecord, reason: str, code: str = "malformed_record") -> Malformed:
    return Malformed(
        record.feed, record.table, record.origin, reason, record.payload, code,
        record.external_game_id or "", record.sportsbook_key,
    )  # fmt: skip
