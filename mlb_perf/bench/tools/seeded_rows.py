"""The rows that the clients work on: written before, and compared afterwards one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.bench.tools.clients import Key, Report
from mlb_perf.engine import execute

Digest = dict[str, str]
"""Count and hash of the seeded rows, by tier."""


def seed(connection: Connection, rows: int) -> None:
    """Games, ``rows`` raw rows, and quotes and lines in proportion, in a database at 0007."""
    for statement in sql.read("bench/stall/seed.sql").format(rows=rows).split(";\n\n"):
        execute(connection, statement)
    connection.exec_driver_sql("VACUUM ANALYZE")


def digest(connection: Connection) -> Digest:
    """Of the seeded rows, which no client changes."""
    return dict(execute(connection, sql.read("bench/stall/digest.sql")).one()._mapping)


def differences(connection: Connection, before: Digest, reports: Iterable[Report]) -> list[str]:
    """Each row of the clients that is not as they left it, and each tier whose digest changed."""
    now = digest(connection)
    changed = [f"{n}: {was} became {now[n]}" for n, was in before.items() if was != now[n]]
    return changed + list(_of_clients(connection, reports))


def _of_clients(connection: Connection, reports: Iterable[Report]) -> Iterator[str]:
    """A row that is there twice has two values, and is a difference as well."""
    wanted: dict[Key, list[int]] = {}
    for report in reports:
        wanted.update({key: [value] for key, value in report.rows.items()})
    have: defaultdict[Key, list[int]] = defaultdict(list)
    for *parts, value in connection.execute(text(sql.read("bench/stall/live.sql"))):
        have[tuple(part for part in parts if part is not None)].append(value)
    for key in sorted(wanted.keys() | have.keys()):
        if wanted.get(key, []) != have.get(key, []):
            yield f"{' '.join(key)}: {wanted.get(key, [])} became {have.get(key, [])}"
