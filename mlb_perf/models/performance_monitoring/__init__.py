"""``performance_monitoring``: the activity and the speed of the database."""

from mlb_perf.models.performance_monitoring.benchmarks import BenchmarkResult, BenchmarkRun
from mlb_perf.models.performance_monitoring.history import (
    IndexHistory,
    QueryHistory,
    StatusHistory,
    TableHistory,
)
from mlb_perf.models.performance_monitoring.maintenance import MaintenanceJob, MaintenanceRun
from mlb_perf.models.performance_monitoring.migrations import (
    OptimizationLog,
    PartitionPolicy,
    Rebuild,
)

__all__ = [
    "BenchmarkResult",
    "BenchmarkRun",
    "IndexHistory",
    "MaintenanceJob",
    "MaintenanceRun",
    "OptimizationLog",
    "PartitionPolicy",
    "QueryHistory",
    "Rebuild",
    "StatusHistory",
    "TableHistory",
]
