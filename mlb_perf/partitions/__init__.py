"""The months of a partitioned table: made ahead, kept, detached, restored, dropped.

What is wanted is rows (:mod:`~mlb_perf.partitions.policy`); what is there is read
from the catalog by its real bounds; the difference is a plan, a plain value that
is printed before it is applied.
"""

from mlb_perf.partitions.create import ensure
from mlb_perf.partitions.plan import Plan, plan_policy
from mlb_perf.partitions.policy import Policy, read_policies

__all__ = ["Plan", "Policy", "ensure", "plan_policy", "read_policies"]
