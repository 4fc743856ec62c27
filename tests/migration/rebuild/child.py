"""A rebuild in a process of its own, to be killed: ``python -m tests.migration.rebuild.child``."""

from __future__ import annotations

import sys

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from mlb_perf.migrate.advisory_lock import one_runner
from tests.migration.rebuild.shop import SHAPES, rebuild

if __name__ == "__main__":
    url, was, to, direction = sys.argv[1:]
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as guard, one_runner(guard, 60):
        rebuild(engine, SHAPES[was], SHAPES[to], direction=direction, batch_ms=5)
