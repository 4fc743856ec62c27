"""The database schemas of the package, and how its constraints are named.

Apart from the models, because a command or a revision that needs these needs no model, and
importing the models takes a third of a second.
"""

from __future__ import annotations

from typing import Final

SCHEMAS: Final = {
    "raw_data": "Responses of the feeds as they were received",
    "staging": "One normalised row per line, split or game, with lineage and quality",
    "curated": "One truth: games, lines, splits, movements and features",
    "analytics": "What models and strategies say of the curated data",
    "operational": "What the pipeline did",
    "performance_monitoring": "What the database did",
}

MIGRATE_ROLE: Final = "mlb_perf_migrate"
"""The group that owns the schemas, once `mlb-perf roles apply` has made it."""

NAMING: Final = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(constraint_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
