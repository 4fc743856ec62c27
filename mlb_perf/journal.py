"""The journal of this package's own migrations; revision 0006 creates its tables."""

from mlb_perf.online.journal import Journal

JOURNAL = Journal("performance_monitoring", log_table="optimization_log")
