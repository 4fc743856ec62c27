"""A batch of records into its table: COPY what is new; what may not be is compared before."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

import psycopg2
from psycopg2 import sql
from psycopg2.errors import UniqueViolation
from sqlalchemy import Connection

from mlb_perf.distribution import is_distributed
from mlb_perf.engine import driver
from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline import failures
from mlb_perf.pipeline.load.encoding import Encoded, KeyTexts, encode
from mlb_perf.pipeline.read.sources import MERGES
from mlb_perf.pipeline.read.sources.rows import is_made
from mlb_perf.pipeline.records import Malformed, RawRecord
from mlb_perf.sql import read

CONFLICT = "conflicting_record"


@dataclass(slots=True)
class Written:
    """What became of the records of one batch and table; ``were_new``: no key was there.

    ``merged`` records completed a row that was there.
    """

    loaded: int = 0
    merged: int = 0
    already_there: int = 0
    malformed: list[Malformed] = field(default_factory=list)
    were_new: bool = True


def write(
    connection: Connection,
    table: str,
    records: Sequence[RawRecord],
    encoded: Encoded | None = None,
    *,
    are_new: bool = True,
) -> Written:
    """Write records of one table, within the transaction that the connection is in.

    Records that ``are_new``, as far as is known, are copied straight into the table; where a key
    is there after all, the batch begins again by way of a temporary table. A record that the
    server refuses is found by halves, and the others are written. ``encoded`` is what
    :func:`encoded` made of the records, if that was done before.
    """
    try:
        return _write(connection, table, records, encoded, are_new)
    except (UnicodeEncodeError, psycopg2.Error) as error:
        if isinstance(error, psycopg2.Error) and not failures.is_about_the_data(error):
            raise
        if len(records) == 1:
            return Written(malformed=[_refused(records[0], error)])
    middle = len(records) // 2
    done = write(connection, table, records[:middle], are_new=are_new)
    rest = write(connection, table, records[middle:], are_new=are_new)
    return Written(
        done.loaded + rest.loaded,
        done.merged + rest.merged,
        done.already_there + rest.already_there,
        done.malformed + rest.malformed,
        done.were_new and rest.were_new,
    )


def encoded(table: str, records: Sequence[RawRecord]) -> Encoded | None:
    """The records as they are sent; None if one of them is no text, which ``write`` will find."""
    try:
        return encode(records, statements(table).key_texts)
    except UnicodeEncodeError:
        return None


def _write(
    connection: Connection,
    table: str,
    records: Sequence[RawRecord],
    given: Encoded | None,
    are_new: bool,
) -> Written:
    its = statements(table)
    lines = given or encode(records, its.key_texts)
    if are_new and lines.is_distinct and _copied(connection, its, lines):
        return Written(len(lines.order), already_there=len(records) - len(lines.order))
    with connection.begin_nested():
        return _compared(connection, table, records, lines)


def _copied(connection: Connection, its: Statements, lines: Encoded) -> bool:
    """Whether all went into the table; if a key is there already, none did."""
    try:
        with connection.begin_nested(), driver(connection).cursor() as cursor:
            _send(cursor, its.copy, lines)
    except UniqueViolation:
        return False
    return True


def _compared(
    connection: Connection, table: str, records: Sequence[RawRecord], lines: Encoded
) -> Written:
    its = statements(table)
    with driver(connection).cursor() as cursor:
        cursor.execute(its.incoming)
        _send(cursor, its.copy_incoming, lines)
        cursor.execute(its.insert)
        done = Written(loaded=cursor.rowcount)
        if done.loaded < len(lines.order):
            done.were_new = False
            cursor.execute(_differing(connection, its))
            _merge(cursor, table, records, lines, done)
        cursor.execute("DROP TABLE pg_temp.incoming")
    done.already_there = len(records) - done.loaded - done.merged - len(done.malformed)
    return done


def _differing(connection: Connection, its: Statements) -> sql.Composed:
    return its.differing_copies if is_distributed(connection) else its.differing


def _merge(
    cursor: Any, table: str, records: Sequence[RawRecord], lines: Encoded, done: Written
) -> None:
    """What differs from the row of its key completes it, adds nothing to it, or contradicts it.

    ``cursor`` has the rows of ``differing.sql``.
    """
    its, merge = statements(table), MERGES.get(table, _never)
    merged: dict[tuple[Any, ...], str] = {}
    for line, origin, payload in cursor.fetchall():
        these = lines.records_of(line)
        record = records[these[0]]
        key = tuple(getattr(record, name) for name in its.keys)
        standing = merged.get(key, payload)
        both = merge(standing, record.payload)
        if both is None:
            done.malformed += [_conflict(records[n], origin) for n in these]
        elif both is not standing:
            merged[key] = both
            done.merged += 1
    for key, payload in merged.items():
        cursor.execute(its.merge, (payload, *key))


def _never(_standing: str, _incoming: str) -> None:
    """Most sources say one thing of a key."""


def _send(cursor: Any, copy: sql.Composed, lines: Encoded) -> None:
    # In one piece: between pieces it would wait for the thread that is parsing.
    cursor.copy_expert(copy, io.BytesIO(lines.data), size=len(lines.data))


@dataclass(frozen=True, slots=True)
class Statements:
    """What writes a batch into one table; ``keys`` are the columns of its primary key."""

    keys: tuple[str, ...]
    key_texts: KeyTexts
    copy: sql.Composed
    copy_incoming: sql.Composed
    incoming: sql.Composed
    insert: sql.Composed
    differing: sql.Composed
    differing_copies: sql.Composed
    merge: sql.Composed


@cache
def statements(table: str) -> Statements:
    """The statements of a table in ``raw_data``; :class:`LoadFailed` if there is none."""
    from mlb_perf.models import metadata  # a promotion does without them

    found = metadata.tables.get(f"raw_data.{table}")
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
        "this_key": sql.SQL(" AND ").join(
            sql.SQL("r.{0} = {1}").format(sql.Identifier(name), sql.Placeholder()) for name in keys
        ),
    }

    def statement(name: str, **more: sql.Composable) -> sql.Composed:
        return sql.SQL(read(f"pipeline/load/{name}.sql")).format(**names, **more)

    lock = sql.SQL("FOR UPDATE" if table in MERGES else "")
    copies = {"rows": sql.Identifier("pg_temp", "standing"), "lock": sql.SQL("")}

    into = "COPY {} ({keys}, payload, origin) FROM STDIN"
    return Statements(
        tuple(keys),
        _key_texts(others),
        sql.SQL(into).format(sql.Identifier("raw_data", table), **names),
        sql.SQL(into).format(sql.Identifier("pg_temp", "incoming"), **names),
        statement("incoming"),
        statement("insert"),
        statement("differing", rows=sql.Identifier("raw_data", table), lock=lock),
        sql.SQL(";\n").join([statement("standing"), statement("differing", **copies)]),
        statement("merge"),
    )


def _key_texts(others: list[str]) -> KeyTexts:
    # Two names at least, for one would be no tuple.
    values = attrgetter(*others, "origin")
    return lambda record: (*values(record)[:-1], _iso(record.collected_at))


@lru_cache(maxsize=1024)
def _iso(moment: dt.datetime) -> str:
    # Records of a response share few moments.
    return moment.isoformat()


def _conflict(record: RawRecord, origin: str) -> Malformed:
    hint = ""
    if is_made(record.external_game_id):
        hint = "; if it is another game of that day, map game_number or start_at"
    return malformed(record, f"differs from {origin}, which has the same key{hint}", CONFLICT)


def _refused(record: RawRecord, error: UnicodeEncodeError | psycopg2.Error) -> Malformed:
    said = error.diag.message_primary if isinstance(error, psycopg2.Error) else str(error)
    return malformed(record, f"the server refuses it: {said}")


def malformed(record: RawRecord, reason: str, code: str = "malformed_record") -> Malformed:
    """The record as one that cannot be a row of its table."""
    return Malformed(
        record.feed, record.table, record.origin, reason, record.payload, code,
        record.external_game_id or "", record.sportsbook_key,
    )  # fmt: skip
