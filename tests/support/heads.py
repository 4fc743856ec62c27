"""The newest revision, so that a test need not change when one is added."""

from __future__ import annotations

from alembic.script import ScriptDirectory

from mlb_perf.migrate.config import alembic_config

HEAD = str(ScriptDirectory.from_config(alembic_config()).get_current_head())
