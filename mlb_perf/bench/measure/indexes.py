"""What each index is worth: questions in two databases with the same rows, and without an index.

One database is at the baseline, one has the strategic indexes. A question is asked in both in
turn with the same parameters; times are the server's, planning and execution. To time a question
without an index, the index is dropped in a transaction that is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Annotated, Any

import typer
from sqlalchemy import URL, Connection, text

from mlb_perf.bench.database import engine_of
from mlb_perf.bench.found import Found, TextTable
from mlb_perf.bench.judge.quantiles import Summary, summarise
from mlb_perf.bench.measure import index_cost
from mlb_perf.bench.measure.index_cost import Index
from mlb_perf.bench.tools import monitoring_history
from mlb_perf.bench.tools.catalogue_runs import drawn
from mlb_perf.bench.tools.explain import Explainer, Plan, side_by_side, without_index
from mlb_perf.engine import connect, migration_engine
from mlb_perf.formatting import KB, mb
from mlb_perf.progress import Say, silent
from mlb_perf.queries import CATALOGUE, Query
from mlb_perf.settings import parse_url

SEED = 1
_SLOWER = 1 / 1.1
_HAS_HISTORY = text("SELECT EXISTS (SELECT FROM performance_monitoring.table_history)")
_PLAIN = ("Result", "Append", "Limit", "Subquery Scan", "Gather", "Gather Merge")

Questions = Sequence[tuple[Query, Sequence[Mapping[str, Any]]]]


@dataclass(frozen=True)
class Answer:
    """How a question was answered at the baseline and with the strategic indexes."""

    query: Query
    before: Summary
    after: Summary
    indexes: frozenset[str]
    plan: Plan

    @property
    def ratio(self) -> float:
        """The baseline's median over ours: above 1 is faster."""
        return self.before.p50 / self.after.p50

    def row(self) -> dict[str, str]:
        return {
            "question": f"`{self.query.name}`: {self.query.question}",
            "plan": nodes(self.plan),
            "rows": f"{self.plan.rows:,}",
            "target": f"{self.query.target_ms:g}",
            "baseline p50": f"{self.before.p50:.2f}",
            "p50": f"{self.after.p50:.2f}",
            "p95": f"{self.after.p95:.2f}",
            "ratio": f"{self.ratio:.2f}",
        }


@dataclass(frozen=True)
class Worth:
    """What an index does for one of its questions, and what it costs."""

    index: Index
    query: Query
    without: Summary
    with_it: Summary
    write_us: float
    scans: int

    def row(self) -> dict[str, str]:
        return {
            "index": f"`{self.index.name}`",
            "question": f"`{self.query.name}`",
            "without": f"{self.without.p50:.2f}",
            "with": f"{self.with_it.p50:.2f}",
            "ratio": f"{self.without.p50 / self.with_it.p50:.1f}",
            "kB": f"{self.index.bytes // KB:,}",
            "us a row": f"{self.write_us:.1f}",
            "scans": f"{self.scans:,}",
        }


def measure(
    server: URL,  # noqa: ARG001  both databases are named
    say: Say = silent,
    *,
    before: Annotated[str, typer.Option(metavar="URL", help="The database at the baseline.")],
    after: Annotated[str, typer.Option(metavar="URL", help="The one with the indexes.")],
    draws: Annotated[int, typer.Option(min=1, help="Parameter sets a question.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each set.")] = 3,
    rows: Annotated[int, typer.Option(min=1, help="Rows written to each index.")] = 20_000,
) -> Found:
    """Questions with and without each index, its bytes and what it adds to a write."""
    urls = [parse_url(before, "--before"), parse_url(after, "--after")]
    for url in urls:
        prepare(url)
    old, new = (migration_engine(url, {"timezone": "UTC"}) for url in urls)
    with connect(old) as baseline, connect(new) as connection:
        return compared(baseline, connection, draws, rounds, rows, say)


def prepare(url: URL) -> None:
    """The monitoring's history, and statistics and visibility as after autovacuum's last visit."""
    with connect(migration_engine(url, {"timezone": "UTC"})) as connection, connection.begin():
        if not connection.execute(_HAS_HISTORY).scalar_one():
            monitoring_history.write(connection)
    with connect(engine_of(url)) as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def compared(
    before: Connection, after: Connection, draws: int, rounds: int, rows: int, say: Say = silent
) -> Found:
    """Ask all questions in both databases, drop and restore each index, and write ``rows`` rows.

    Leaves the databases as they are, but for usage statistics. Indexes that no
    question of the catalogue names are not weighed.
    """
    questions = [(query, drawn(after, query, SEED, draws)) for query in CATALOGUE]
    after.rollback()
    explainers = Explainer(before), Explainer(after)
    answers = [_asked(*explainers, *question, rounds, say) for question in questions]
    scans = index_cost.scans_of_a_run(after, questions)
    worths = [
        _weighed(after, explainers[1], index, questions, scans[index.name], rows, say)
        for index in _named_indexes(after, questions)
    ]
    say("indexes, ingestion by design")
    rates = index_cost.rates(after, rows)
    return Found(
        [
            TextTable.of((answer.row() for answer in answers), 2),
            TextTable.of((worth.row() for worth in worths), 2),
            TextTable.of(_rates(rates)),
        ],
        list(_headline(answers, worths, _bytes(before), _bytes(after))),
        {f"{answer.query.name}, times as fast": answer.ratio for answer in answers},
    )


def _bytes(connection: Connection) -> int:
    return sum(index.bytes for index in index_cost.indexes(connection).values())


def _asked(
    before: Explainer, after: Explainer, query: Query, parameters: Sequence[Mapping[str, Any]],
    rounds: int, say: Say,
) -> Answer:  # fmt: skip
    """One question, in both databases in turn."""
    say(f"indexes, question {query.name}")
    old, new = side_by_side([before, after], query, parameters, rounds)
    typical = sorted(new, key=lambda plan: plan.server_ms)[len(new) // 2]
    used = frozenset(name for plan in new for name in plan.indexes)
    return Answer(query, _times(old), _times(new), used, typical)


def _times(plans: Sequence[Plan]) -> Summary:
    return summarise([plan.server_ms for plan in plans])


def _named_indexes(connection: Connection, questions: Questions) -> list[Index]:
    """Indexes that are no constraint's, and that a question names."""
    names = {name for query, _ in questions for name in query.indexes}
    found = index_cost.indexes(connection).values()
    return [index for index in found if index.name in names and not index.is_constraint]


def _weighed(
    connection: Connection, explainer: Explainer, index: Index, questions: Questions, scans: int,
    rows: int, say: Say,
) -> Worth:  # fmt: skip
    """The question that names the index, with and without it; where several do, the first."""
    say(f"indexes, {index.name}")
    query, parameters = next((q, given) for q, given in questions if index.name in q.indexes)
    (with_it,) = side_by_side([explainer], query, parameters, 1)
    without = without_index(connection, explainer, index.name, query, parameters)
    cost = index_cost.write_cost(connection, index, rows)
    return Worth(index, query, _times(without), _times(with_it), cost, scans)


def _headline(
    answers: Sequence[Answer], worths: Sequence[Worth], before: int, after: int
) -> Iterator[str]:
    ratios = sorted(answer.ratio for answer in answers)
    slower = [answer.query.name for answer in answers if answer.ratio < _SLOWER]
    late = [a.query.name for a in answers if a.after.p95 > a.query.target_ms]
    used = sum(worth.scans > 0 for worth in worths)
    unused = [
        f"{index} by {a.query.name}" for a in answers for index in a.query.indexes
        if not {index, _as_unique(index)} & a.indexes
    ]  # fmt: skip
    yield (
        f"the median question is answered {median(ratios):.2f} times as fast as at "
        f"the baseline; from {ratios[0]:.2f} to {ratios[-1]:,.0f} times"
    )
    yield f"more than 1.1 times slower: {', '.join(slower) or 'none'}"
    yield f"over their target at the 95th percentile: {', '.join(late) or 'none'}"
    saved = 1 - after / before
    yield f"all indexes: {mb(after)}, {saved:.0%} less than {mb(before)} at the baseline"
    yield f"scanned in one run of the catalogue: {used} of {len(worths)} indexes that are no keys"
    yield f"not in the plan of a question that names it: {', '.join(unused) or 'none'}"


def _as_unique(primary_key: str) -> str:
    """The natural key's name before phase 3, which makes it the primary key."""
    return primary_key.replace(".pk_", ".uq_") + "_natural_key"


def nodes(plan: Plan) -> str:
    """The plan's nodes that read or combine rows, without those that only pass them on."""
    lines = [line.strip() for line in plan.outline.splitlines()]
    return ", ".join(line for line in lines if line not in _PLAIN)


def _rates(rates: Mapping[str, float]) -> Iterator[dict[str, str]]:
    (bare, *_) = rates.values()
    for name, rate in rates.items():
        yield {
            "indexes": name,
            "rows a second": f"{rate:,.0f}",
            "of the first": f"{rate / bare:.0%}",
        }
