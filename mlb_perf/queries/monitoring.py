"""Questions of an operator about ``operational`` and ``performance_monitoring``."""

from __future__ import annotations

import datetime as dt
from functools import partial
from random import Random
from typing import Any, Final

from sqlalchemy import Connection

from mlb_perf.queries.query import Sampler, query
from mlb_perf.queries.sampling import DAY, hot, nothing, pick

_RUNS = "SELECT max(started_at) AS newest FROM operational.pipeline_execution_log"
_METRICS = "SELECT max(measured_at) AS newest FROM operational.data_quality_metrics"
_MEASURED_RUNS = """
    SELECT execution_id FROM operational.data_quality_metrics
    WHERE execution_id IS NOT NULL GROUP BY 1 ORDER BY 1 DESC
"""
_BENCHMARK_RUNS = "SELECT run_id FROM performance_monitoring.benchmark_runs ORDER BY run_id DESC"
_CASES = "SELECT DISTINCT name FROM performance_monitoring.benchmark_results ORDER BY name"
_REVISIONS = """
    SELECT DISTINCT revision FROM performance_monitoring.optimization_log
    WHERE revision IS NOT NULL ORDER BY revision DESC
"""
_TABLES = """
    SELECT schema_name, table_name, max(captured_at) AS newest
    FROM performance_monitoring.table_history GROUP BY 1, 2 ORDER BY 1, 2
"""
_INDEXES = """
    SELECT schema_name, index_name, max(captured_at) AS newest
    FROM performance_monitoring.index_history GROUP BY 1, 2 ORDER BY 1, 2
"""
_STATEMENTS = """
    SELECT query_id, max(captured_at) AS newest
    FROM performance_monitoring.query_history GROUP BY 1 ORDER BY 1
"""
_MONTH = dt.timedelta(days=30)


def _last_day(statement: str) -> Sampler:
    """``since``: a day before the newest row, or before now if the table is empty."""

    def sample(connection: Connection, random: Random) -> dict[str, Any]:
        newest = pick(connection, random, statement).newest
        return {"since": (newest or dt.datetime.now(dt.UTC)) - DAY}

    return sample


def _one_of(statement: str, *, span: bool = False) -> Sampler:
    """The columns of one row of a statement; ``span`` adds ``since``, a month before ``newest``."""

    def sample(connection: Connection, random: Random) -> dict[str, Any]:
        found = dict(pick(connection, random, statement, hot)._mapping)
        return found if not span else {"since": found.pop("newest") - _MONTH, **found}

    return sample


_query = partial(query, "monitoring")

QUERIES: Final = (
    _query(
        "last_runs",
        "How did the last run of each stage end?",
        nothing,
        "operational.ix_pipeline_execution_log_last",
        lookup=True,
    ),
    _query(
        "unfinished_runs",
        "Which runs of the last day failed, were cancelled or are still running?",
        _last_day(_RUNS),
        "operational.ix_pipeline_execution_log_unfinished",
    ),
    _query(
        "unmet_quality",
        "Which data quality metrics missed their threshold in the last day?",
        _last_day(_METRICS),
        "operational.ix_data_quality_metrics_unmet",
    ),
    _query(
        "quality_of_run",
        "Which data quality did this run of the pipeline measure?",
        _one_of(_MEASURED_RUNS),
        "operational.ix_data_quality_metrics_execution_id",
    ),
    _query(
        "open_alerts",
        "Which alerts are open?",
        nothing,
        "operational.ix_alerts_open",
        lookup=True,
    ),
    _query(
        "latest_health",
        "What is the latest result of each system check?",
        nothing,
        "operational.ix_system_health_checks_latest",
        lookup=True,
    ),
    _query(
        "benchmark_history",
        "How fast was this question in the last runs of the benchmark?",
        _one_of(_CASES),
        "performance_monitoring.ix_benchmark_results_case",
        lookup=True,
    ),
    _query(
        "results_of_run",
        "What did this run of the benchmark measure?",
        _one_of(_BENCHMARK_RUNS),
        "performance_monitoring.ix_benchmark_results_run_id",
    ),
    _query(
        "steps_of_revision",
        "What did this revision do, and how long did each step take?",
        _one_of(_REVISIONS),
        "performance_monitoring.ix_optimization_log_revision",
    ),
    _query(
        "growth_of_table",
        "How did this table grow in the last month?",
        _one_of(_TABLES, span=True),
        "performance_monitoring.ix_table_history_table_name",
    ),
    _query(
        "use_of_index",
        "How often was this index used in the last month, and how did it grow?",
        _one_of(_INDEXES, span=True),
        "performance_monitoring.ix_index_history_index_name",
    ),
    _query(
        "history_of_statement",
        "How long did this statement take in the last month?",
        _one_of(_STATEMENTS, span=True),
        "performance_monitoring.ix_query_history_query_id",
    ),
)
