"""What partitions would give and cost each large table, beside the shape that it has.

The database in use is copied; it must be at head and hold generated rows. For each candidate one
table of the copy is rebuilt, and both databases answer the questions about this table by turns.
Then an empty database of each shape promotes the same feed.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import geometric_mean, mean, median
from typing import Annotated

import typer
from sqlalchemy import URL, Connection, text

from mlb_perf import sql
from mlb_perf.bench.database import copy_of, engine_of, in_use, own_database
from mlb_perf.bench.found import Found, TextTable
from mlb_perf.bench.measure import load_files
from mlb_perf.bench.tools.catalogue_runs import drawn, execute, statement_of
from mlb_perf.bench.tools.explain import Explainer
from mlb_perf.bench.tools.server_cpu import Clock
from mlb_perf.engine import connect, migration_engine
from mlb_perf.formatting import mb
from mlb_perf.journal import JOURNAL
from mlb_perf.online.journal import Step
from mlb_perf.online.locks import Patience
from mlb_perf.online.rebuild.run import run
from mlb_perf.online.rebuild.shape_file import TableShape, parse_shape, read_shape
from mlb_perf.online.rebuild.target import Rebuild, Target
from mlb_perf.progress import Say, silent
from mlb_perf.queries import CATALOGUE, Query

DATABASE = "mlb_perf_bench_choices"
WORKERS = (1, 2, 4, 8)
_SETS = 20
_END = re.compile(r"\n\)( PARTITION BY [^;]+)?;")

_LEAVES = text(
    "SELECT count(*) AS leaves, max(pg_total_relation_size(oid)) AS largest"
    " FROM pg_class WHERE relkind = 'r' AND (oid = to_regclass(:table)"
    " OR oid IN (SELECT relid FROM pg_partition_tree(:table)))"
)


@dataclass(frozen=True)
class Candidate:
    """A table and the partitions that it could have; ``by`` is empty for one table."""

    schema: str
    table: str
    by: str
    modulus: int = 8

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.table}"

    @property
    def kind(self) -> str:
        """The partitions in words."""
        if self.by.startswith("HASH"):
            return f"by hash, {self.modulus}"
        return "by month" if self.by else "one table"

    @property
    def file(self) -> str:
        """The shape at head, below ``mlb_perf/sql``."""
        return f"shapes/packed/{self.schema}/{self.table}.sql"

    def shape(self) -> TableShape:
        """The shape at head with these partitions."""
        end = f"\n) PARTITION BY {self.by};" if self.by else "\n);"
        content = _END.sub(lambda _: end, sql.read(self.file), count=1)
        return parse_shape(self.file, content, self.schema, self.table, modulus=self.modulus)

    def rebuild(self, url: URL) -> None:
        """Give the table of that database these partitions."""
        now = read_shape(self.file, self.schema, self.table)
        goal = Target(now, self.shape(), "bench", "upgrade")
        with connect(engine_of(url)) as connection:
            step = Step(JOURNAL, connection, None, "rebuild_table", goal.live)
            run(Rebuild(goal, step, Patience()))
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {goal.live}")


CANDIDATES = (
    Candidate("curated", "betting_lines_unified", "RANGE (game_date)"),
    Candidate("curated", "unified_betting_splits", "RANGE (game_date)"),
    Candidate("curated", "ml_features", "RANGE (game_date)"),
    *(
        Candidate("staging", "betting_odds_unified", "HASH (external_game_id)", n)
        for n in (2, 4, 8)
    ),
    *(
        Candidate("raw_data", table, "RANGE (collected_at)")
        for table in ("mlb_stats_api_games", "action_network_odds", "sbd_splits", "vsin_splits")
    ),
    Candidate("raw_data", "odds_api_odds", ""),
)


@dataclass(frozen=True)
class Answer:
    """One question at head and with the candidate: processor milliseconds and pages."""

    question: str
    head_ms: float
    candidate_ms: float
    head_pages: float
    candidate_pages: float

    @property
    def ratio(self) -> float:
        """Above 1 if the candidate is faster."""
        return self.head_ms / self.candidate_ms

    def row(self, candidate: Candidate) -> dict[str, str]:
        return {
            "table": candidate.qualified,
            "candidate": candidate.kind,
            "question": self.question,
            "head, ms": f"{self.head_ms:.3f}",
            "candidate, ms": f"{self.candidate_ms:.3f}",
            "times as fast": f"{self.ratio:.2f}",
            "pages at head": f"{self.head_pages:,.1f}",
            "then": f"{self.candidate_pages:,.1f}",
        }


def measure(
    database: URL,
    say: Say = silent,
    *,
    executions: Annotated[int, typer.Option(min=1, help="Of each question, on both sides.")] = 200,
    rounds: Annotated[int, typer.Option(min=0, help="Promotions by each number of workers.")] = 3,
    copies: Annotated[int, typer.Option(min=1, help="How often the sample is promoted.")] = 2,
) -> Found:
    """Each large table with other partitions: questions and promotion."""
    with in_use(database, "partition-choices"):
        server = database.set(database="postgres")
    sizes, answers = [], []
    for candidate in CANDIDATES:
        say(f"{candidate.qualified} {candidate.kind}")
        size, found = compare(server, database, candidate, executions)
        sizes.append(size)
        answers += [answer.row(candidate) for answer in found]
    tables = [TextTable.of(sizes, 2), TextTable.of(answers, 3)]
    if rounds:
        with tempfile.TemporaryDirectory() as folder:
            fed = load_files.feed(Path(folder), copies)
            tables.append(promotion(server, fed, rounds, say=say))
    return Found(tables)


def questions_of(candidate: Candidate) -> list[Query]:
    """The questions that read the table."""
    return [query for query in CATALOGUE if candidate.qualified in query.sql]


def compare(
    server: URL, url: URL, candidate: Candidate, executions: int
) -> tuple[dict[str, str], list[Answer]]:
    """The sizes and the answers of a candidate, beside the database ``url``."""
    with copy_of(server, url) as copy:
        candidate.rebuild(copy)
        with connect(engine_of(url)) as head, connect(engine_of(copy)) as other:
            found = [_asked(head, other, query, executions) for query in questions_of(candidate)]
            return _size(candidate, head, other, found), found


def _size(
    candidate: Candidate, head: Connection, other: Connection, found: Sequence[Answer]
) -> dict[str, str]:
    given = {"table": candidate.qualified}
    now, then = (one.execute(_LEAVES, given).one() for one in (head, other))
    return {
        "table": candidate.qualified,
        "candidate": candidate.kind,
        "tables at head": str(now.leaves),
        "tables then": str(then.leaves),
        "largest at head": mb(now.largest),
        "largest then": mb(then.largest),
        "times as fast": f"{geometric_mean(answer.ratio for answer in found):.2f}",
    }


def _asked(head: Connection, other: Connection, query: Query, executions: int) -> Answer:
    """Ask both by turns; each execution is planned, as of a driver that prepares nothing."""
    values = drawn(head, query, 1, _SETS)
    statement, random = statement_of(query.sql), Random(1)  # noqa: S311
    sides = [(one, Clock(one), list[float]()) for one in (head, other)]
    pages = []
    for connection, _, _ in sides:
        explainer = Explainer(connection)
        pages.append(mean(explainer.explain(statement, one).pages for one in values))
    for number in range(executions):
        for connection, clock, times in random.sample(sides, 2):
            took = execute(connection, clock, statement, values[number % _SETS])
            times.append(took.cpu_ms)
    return Answer(query.name, *(median(times) for _, _, times in sides), *pages)


def promotion(
    server: URL,
    fed: load_files.Feed,
    rounds: int,
    by: Sequence[int] = WORKERS,
    say: Say = silent,
) -> TextTable:
    """Quotes a second at head, then with each candidate of a table that promotion fills."""
    rows = []
    for candidate in (None, *(c for c in CANDIDATES if c.schema != "raw_data")):
        name = f"{candidate.qualified} {candidate.kind}" if candidate else "at head"
        say(f"promotion, {name}")
        with own_database(server, DATABASE, revision="head") as url:
            if candidate is not None:
                candidate.rebuild(url)
            with connect(migration_engine(url, {"timezone": "UTC"})) as connection:
                rates = load_files.promotions(connection, fed, rounds, by)
        rates_shown = {
            way.removeprefix("promote, "): f"{median(r):,.0f}" for way, r in rates.items()
        }
        rows.append({"quotes a second": name} | rates_shown)
    return TextTable.of(rows)
