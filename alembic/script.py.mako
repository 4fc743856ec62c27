"""${message}

Why: (the measurement, or the question that needs it)

Locks: (the strongest lock of each statement, its table, and the sessions that wait)
    Every session starts with a short lock_timeout (alembic.ini): a statement that
    cannot get its lock gives up, the revision is rolled back, and no session
    queues behind it. A statement that blocks writers for longer than a moment
    does not belong here: build indexes CONCURRENTLY in an autocommit_block, in a
    revision of their own; add constraints NOT VALID and validate them in the next.
Downgrade: (the state that it restores; rows written since are kept)
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision).replace("'", '"')}
down_revision: str | None = ${repr(down_revision).replace("'", '"')}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
