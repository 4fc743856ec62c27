"""${message}

Why: (what was measured, or which question needs it)

Locks: (the strongest lock each statement takes, on what, and who runs meanwhile)
    Every session starts with a short lock_timeout (alembic.ini), so a statement
    that cannot have its lock gives up, the revision is rolled back, and nobody
    queues behind it. A statement that blocks writers for longer than a moment
    does not belong here: build indexes CONCURRENTLY in an autocommit_block, in a
    revision of their own; add constraints NOT VALID and validate them in the next.
Downgrade: (what it brings back; rows written since are kept)
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
