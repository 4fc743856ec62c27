"""A row for which there is no partition: make its month, or say which is missing.

The error is recognised by its SQLSTATE and by what it does not have: 23514 is
also a CHECK, which has a name, and a row put into a wrong partition, whose table
is no parent. What is made is what the catalog says is missing, so an error that
was about something else makes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

import psycopg2
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, settings
from mlb_perf.distribution import lacks_partition, partition_key, table_of_shard
from mlb_perf.errors import MonthImpossible, PartitionFailed, PartitionMissing
from mlb_perf.months import Span, missing, month_after, month_of
from mlb_perf.names import qualified, shell_word
from mlb_perf.partitions import ensure
from mlb_perf.partitions.catalog import read_table
from mlb_perf.partitions.policy import policy_of
from mlb_perf.partitions.session import explained
from mlb_perf.pipeline.load import copy
from mlb_perf.pipeline.load.encoding import Encoded
from mlb_perf.pipeline.records import RawRecord

EARLIEST = dt.date(2000, 1, 1)

Done = TypeVar("Done")


Month: TypeAlias = tuple[str, str, dt.date]
"""Schema, table, and the first day of the month."""

Impossible: TypeAlias = Mapping[Month, str]
"""Months that no partition is made for, each with the reason."""


class Need(NamedTuple):
    """The table that has no partition for a row, and the row's moment."""

    schema: str
    table: str
    moment: dt.datetime

    @property
    def key(self) -> Month:
        """The table and the month."""
        return self.schema, self.table, month_of(self.moment)


def need_of(connection: Connection, error: DBAPIError | psycopg2.Error) -> Need | None:
    """Which month of which table a failed statement needed; None for any other error.

    ``connection`` is the one that failed, rolled back: the moment in the
    message is in its time zone and date style.
    """
    original = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(original, psycopg2.Error) or not lacks_partition(original):
        return None
    value, table = partition_key(original), _table_of(connection, original)
    if value is None or table is None:
        return None
    moment = connection.execute(
        text("SELECT CAST(:value AS timestamptz) AT TIME ZONE 'UTC'"), {"value": value}
    ).scalar_one()
    return Need(*table, moment.replace(tzinfo=dt.UTC))


def _table_of(connection: Connection, error: psycopg2.Error) -> tuple[str, str] | None:
    if error.diag.table_name:
        return str(error.diag.schema_name), error.diag.table_name
    return table_of_shard(connection, error)


def make(connection: Connection, schema: str, table: str, moments: Iterable[dt.date]) -> None:
    """Make the months of ``moments`` that ``schema.table`` lacks, within the open transaction.

    Raises :class:`~mlb_perf.errors.MonthImpossible` for a month before 2000, one
    too far ahead (:func:`mlb_perf.settings.months_ahead`) and one older than what the
    table's policy keeps, :class:`~mlb_perf.errors.PartitionMissing` for one that the server
    or the role does not allow.
    """
    name = qualified(schema, table)
    months = sorted({month_of(moment) for moment in moments})
    try:
        with explained(name):
            for month in _lacking(connection, name, months):
                if reason := _out_of_bounds(connection, schema, table, month):
                    raise MonthImpossible(f"no partition of {name} takes {month:%Y-%m}: {reason}")
                ensure(connection, name, month, month)
    except PartitionMissing:
        raise
    except PartitionFailed as error:
        raise PartitionMissing(
            f"no partition of {name} takes the rows, and none could be made: {error}; its owner "
            f"makes them with: mlb-perf partitions apply {shell_word(name)} "
            f"--from {months[0]:%Y-%m} --to {months[-1]:%Y-%m}"
        ) from error


def written(
    connection: Connection,
    table: str,
    records: Sequence[RawRecord],
    encoded: Encoded | None = None,
    *,
    are_new: bool = True,
) -> copy.Written:
    """Write records of one raw table; where months are missing, make them and write again.

    Records of a month that no partition is made for are malformed, each by its own origin. The
    arguments are those of :func:`mlb_perf.pipeline.load.copy.write`.
    """
    try:
        return copy.write(connection, table, records, encoded, are_new=are_new)
    except psycopg2.Error as error:
        if not lacks_partition(error):
            raise
        try:
            refused = _months_made(connection, table, records)
        except PartitionMissing as missing_month:
            raise missing_month from error
    kept = [record for record in records if month_of(record.collected_at) not in refused]
    done = copy.write(connection, table, kept, are_new=are_new)
    done.malformed += [
        copy.malformed(record, refused[month])
        for record in records
        if (month := month_of(record.collected_at)) in refused
    ]
    return done


def _months_made(
    connection: Connection, table: str, records: Sequence[RawRecord]
) -> dict[dt.date, str]:
    """Make the months of the records; those that may not be made, with the reason."""
    refused: dict[dt.date, str] = {}
    for month in sorted({month_of(record.collected_at) for record in records}):
        try:
            make(connection, "raw_data", table, [month])
        except MonthImpossible as error:
            refused[month] = str(error)
    return refused


def with_months(connection: Connection, work: Callable[[Impossible], Done]) -> Done:
    """Run a transaction; where a month is missing, make it and run the transaction again.

    ``work`` commits. It is given the months that no partition is made for, or whose making
    did not help, and has to do without the rows that need them.
    """
    impossible: dict[Month, str] = {}
    made: set[Month] = set()
    while True:
        try:
            return work(impossible)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            connection.rollback()
            need = need_of(connection, error)
            if need is None or need.key in impossible:
                raise
            if need.key in made:
                impossible[need.key] = diagnosis.said(error)
                continue
            made.add(need.key)
            try:
                make(connection, need.schema, need.table, [need.moment])
                connection.commit()
            except MonthImpossible as refusal:
                connection.rollback()
                impossible[need.key] = str(refusal)


def _lacking(connection: Connection, name: str, months: list[dt.date]) -> list[dt.date]:
    """The months that the table has no partition for."""
    table = read_table(connection, name)
    if table is None:
        return []
    return [month for month in months if missing(Span.of_months(month, month), table.covered)]


def _out_of_bounds(connection: Connection, schema: str, table: str, month: dt.date) -> str | None:
    today = dt.datetime.now(dt.UTC)
    ahead = settings.months_ahead()
    if month < EARLIEST:
        return "no month before 2000 is made for a row: correct its date"
    if month > month_after(month_of(today), ahead):
        return (
            f"no month more than {ahead} months ahead is made for a row: correct its date, or "
            f"raise {settings.MONTHS_AHEAD_VARIABLE}"
        )
    policy = policy_of(connection, schema, table)
    if policy is None or policy.retain_months is None or policy.is_held:
        return None
    if month_after(month) <= month_after(month_of(today), -policy.retain_months):
        return (
            f"its policy keeps {policy.retain_months} months: raise retain_months in "
            "performance_monitoring.partition_policies, or leave the row out"
        )
    return None
