"""One transaction that moves tables: writers wait for it, the rows are compared, it is logged."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.citus import rows
from mlb_perf.engine import execute
from mlb_perf.errors import DistributionFailed, MigrationFailed
from mlb_perf.formatting import plural
from mlb_perf.journal import JOURNAL
from mlb_perf.online.journal import Step, logged
from mlb_perf.online.locks import Patience, lock_ladder

_ADVICE = {
    "42501": "run it as the owner of the tables",
    "53200": "raise max_locks_per_transaction on each node, or take fewer --shards",
    "55P03": "another session holds a lock on a table; end its transaction, and run again",
}
# After DDL on one table Citus refuses parallel work on those that foreign keys connect to it.
_SETTINGS = (
    "lock_timeout = '30s'",  # not the ladder's 150 ms
    "citus.multi_shard_modify_mode = 'sequential'",
)
_WORKER = "nothing of this step is kept; when the node is up, run the same command again"
_OTHERWISE = "nothing of this step is kept; fix the cause, and run the same command again"


@dataclass
class Done:
    """What a transaction did."""

    tables: tuple[str, ...]
    rows: int = 0
    seconds: float = 0.0


@contextmanager
def moving(
    connection: Connection, operation: str, tables: Sequence[str], mode: str, patience: Patience
) -> Iterator[Done]:
    """Lock ``tables`` in ``mode`` for the block, and compare their rows before and after it.

    The connection is in autocommit mode, and the block is a transaction. Raises
    :class:`~mlb_perf.errors.DistributionFailed`.
    """
    done = Done(tuple(tables))
    others = f" and {plural(len(tables) - 1, 'other')}" if len(tables) > 1 else ""
    step = Step(JOURNAL, connection, None, operation, f"{tables[0]}{others}")
    with _explained(step.object_name), logged(step) as it:
        with lock_ladder(connection, tables, mode, patience=patience, journal=JOURNAL):
            for setting in _SETTINGS:
                execute(connection, f"SET LOCAL {setting}")
            before = rows.digests(connection, tables)
            yield done
            rows.require_same(before, rows.digests(connection, tables))
        done.rows = it.rows = sum(count for count, _ in before.values())
    done.seconds = time.perf_counter() - step.began


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except MigrationFailed as error:  # the lock ladder's
        raise DistributionFailed(str(error)) from error
    except DBAPIError as error:
        state = diagnosis.sqlstate(error)
        # A loss of the coordinator itself has no SQLSTATE: nobody is there to say it.
        is_of_worker = (state or "").startswith("08")
        advice = _WORKER if is_of_worker else diagnosis.advice(state, _ADVICE, _OTHERWISE)
        raise DistributionFailed(f"{name}: {diagnosis.said(error)}; {advice}") from error
