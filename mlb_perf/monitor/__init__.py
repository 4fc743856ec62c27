"""The state of the database: probes of ``performance_monitoring`` and their findings."""

from mlb_perf.monitor.findings import Finding, Severity
from mlb_perf.monitor.report import Report, assess
from mlb_perf.monitor.server_info import Facts, probing
from mlb_perf.monitor.thresholds import Thresholds

__all__ = ["Facts", "Finding", "Report", "Severity", "Thresholds", "assess", "probing"]
