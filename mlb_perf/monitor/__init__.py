"""Whether the database is well: probes of ``performance_monitoring``, and what they mean."""

from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.report import Report, assess
from mlb_perf.monitor.server_info import Facts, asking
from mlb_perf.monitor.thresholds import Thresholds

__all__ = ["Facts", "Finding", "Report", "Severity", "Thresholds", "asking", "assess"]
