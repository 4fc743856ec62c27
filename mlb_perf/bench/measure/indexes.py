"""What each index is worth: ``python -m mlb_perf.bench.measure.indexes --before URL --after URL``.

Two databases with the same rows, one at the baseline and one with the strategic
indexes, in both of which the question is asked with the same parameters, in
turn. Writes ``docs/indexes.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from mlb_perf.bench.measure import index_cost, index_ingest, index_latency
from mlb_perf.bench.measure.index_cost import Index
from mlb_perf.bench.measure.index_latency import Parameters, Run, Timing, timing
from mlb_perf.bench.report import index_page
from mlb_perf.bench.tools import monitoring_history
from mlb_perf.engine import connect, driver, migration_engine
from mlb_perf.queries import CATALOGUE, Query
from mlb_perf.settings import parse_url


@dataclass(frozen=True)
class Answer:
    """How a question was answered at the baseline and with the strategic indexes."""

    query: Query
    before: Timing
    after: Timing
    rows: int
    indexes: frozenset[str]
    nodes: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """The baseline's median over ours: above 1 is quicker."""
        return self.before.p50 / self.after.p50


@dataclass(frozen=True)
class Worth:
    """What an index does for one of its questions, and what it costs."""

    index: Index
    query: Query
    without: Timing
    with_it: Timing
    write_us: float
    scans: int


@dataclass(frozen=True)
class Findings:
    """All that the page tells. ``bytes_before`` and ``bytes_after`` are of all indexes."""

    facts: dict[str, str]
    answers: list[Answer]
    worths: list[Worth]
    scans: dict[str, int]
    bytes_before: int
    bytes_after: int
    rates: dict[str, float]
    command: str


def measure(
    before: Connection, after: Connection, draws: int, rounds: int, rows: int = 20_000
) -> Findings:
    """Ask all questions in both databases, drop and restore each index, and write ``rows`` rows.

    Leaves the databases as they are, but for usage statistics. Indexes that no
    question of the catalogue names are not weighed.
    """
    questions = [(query, index_latency.draw(after, query, draws, 1)) for query in CATALOGUE]
    after.rollback()
    names = index_cost.roots(after)
    answers = [ask(before, after, query, drawn, rounds, names) for query, drawn in questions]
    scans = index_cost.scans_of_a_run(after, questions)
    indexes = index_cost.indexes(after)
    named = {name for query, _ in questions for name in query.indexes}
    worths = [
        weigh(after, index, questions, scans[index.name], rows)
        for index in indexes.values()
        if not index.is_constraint and index.name in named
    ]
    return Findings(
        facts(after),
        answers,
        worths,
        scans,
        sum(index.bytes for index in index_cost.indexes(before).values()),
        sum(index.bytes for index in indexes.values()),
        index_ingest.rates(after, rows),
        f"python -m mlb_perf.bench.measure.indexes --draws {draws} --rounds {rounds}",
    )


def ask(
    before: Connection,
    after: Connection,
    query: Query,
    drawn: Sequence[Parameters],
    rounds: int,
    names: dict[str, str],
) -> Answer:
    """One question, in both databases in turn."""
    old, new = index_latency.side_by_side([before, after], query, drawn, rounds)
    typical = sorted(new, key=lambda one: one.ms)[len(new) // 2]
    used = index_cost.run_indexes(new, names)
    return Answer(query, timing(old), timing(new), typical.rows, frozenset(used), typical.nodes)


def weigh(
    connection: Connection,
    index: Index,
    questions: Sequence[tuple[Query, Sequence[Parameters]]],
    scans: int,
    rows: int,
) -> Worth:
    """The question that names the index, with and without it; where several do, the first."""
    query, drawn = next((q, drawn) for q, drawn in questions if index.name in q.indexes)
    with_it: list[Run]
    (with_it,) = index_latency.side_by_side([connection], query, drawn, 1)
    without = index_latency.without_index(connection, index.name, query, drawn)
    cost = index_cost.write_cost(connection, index, rows)
    return Worth(index, query, timing(without), timing(with_it), cost, scans)


def facts(connection: Connection) -> dict[str, str]:
    """Server, and rows of the largest tables."""
    version = connection.execute(text("SHOW server_version")).scalar_one()
    rows = connection.execute(
        text(
            "SELECT relname, n_live_tup FROM pg_stat_user_tables"
            " WHERE n_live_tup > 0 ORDER BY n_live_tup DESC LIMIT 6"
        )
    )
    return {"PostgreSQL": version, **{row.relname: f"{row.n_live_tup:,} rows" for row in rows}}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(
        prog="python -m mlb_perf.bench.measure.indexes", description=__doc__
    )
    parser.add_argument("--before", required=True, help="URL of the database at the baseline")
    parser.add_argument("--after", required=True, help="URL of the one with the strategic indexes")
    parser.add_argument("--draws", type=int, default=20, help="parameter sets a question")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each set")
    parser.add_argument("--page", type=Path, default=Path("docs/indexes.md"))
    given = parser.parse_args(arguments)
    urls = [parse_url(given.before, "--before"), parse_url(given.after, "--after")]
    engines = [migration_engine(url, {"timezone": "UTC"}) for url in urls]
    with connect(engines[0]) as before, connect(engines[1]) as after:
        for connection in (before, after):
            prepare(connection)
        found = measure(before, after, given.draws, given.rounds)
    given.page.write_text(index_page.page(found), encoding="utf-8")


def prepare(connection: Connection) -> None:
    """The monitoring's history, and statistics and visibility as after autovacuum's last visit."""
    connection.rollback()
    with connection.begin():
        if not connection.execute(
            text("SELECT EXISTS (SELECT FROM performance_monitoring.table_history)")
        ).scalar_one():
            monitoring_history.write(connection)
    driver_connection = driver(connection)
    driver_connection.set_session(autocommit=True)
    with driver_connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    driver_connection.set_session(autocommit=False)


if __name__ == "__main__":
    main()
