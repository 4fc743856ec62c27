"""``alembic.op`` with the operations of this library, which type checkers know too.

``from mlb_perf.online import op`` in a revision does what ``from alembic import op`` does; the
types are in ``op.pyi``.
"""

from __future__ import annotations

from typing import Any

import alembic.op

from mlb_perf.online import register

register()


def __getattr__(name: str) -> Any:
    return getattr(alembic.op, name)
