"""The primary-key probe: the yardstick that questions are timed beside.

It reads a table of the benchmark's own. A table of the schema would be another yardstick at each
revision: the planner looks at all indexes of ``curated.enhanced_games``, 13 at the baseline and 5
from 0019 on, where the same lookup takes a sixth less processor time (asked by turns).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from mlb_perf import sql
from mlb_perf.engine import execute

STATEMENT: Final = "SELECT * FROM public.mlb_perf_bench_probe WHERE id = %(id)s"
ROWS: Final = 10_000


def prepare(connection: Connection) -> range:
    """Create and fill the table, unless it is there; the ids of its rows."""
    for statement in sql.read("bench/probe.sql").format(rows=ROWS).split(";\n"):
        execute(connection, statement)
    execute(connection, "VACUUM (ANALYZE) public.mlb_perf_bench_probe")
    return range(1, ROWS + 1)
