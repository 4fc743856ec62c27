"""The months of a partitioned table: created ahead, kept, detached, restored, dropped.

Rows (:mod:`~mlb_perf.partitions.policy`) say which months are wanted, the catalog
which ones exist, by their real bounds. The difference is a plan, a plain value
that is printed before it is applied.
"""

from mlb_perf.partitions.create import ensure
from mlb_perf.partitions.plan import Plan, plan_policy
from mlb_perf.partitions.policy import Policy, read_policies

__all__ = ["Plan", "Policy", "ensure", "plan_policy", "read_policies"]
