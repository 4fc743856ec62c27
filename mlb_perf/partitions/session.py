"""The session that changes partitions: autocommit, with the lock ladder, logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis
from mlb_perf.engine import execute
from mlb_perf.errors import MigrationFailed, PartitionFailed
from mlb_perf.journal import JOURNAL
from mlb_perf.online.journal import Step, logged
from mlb_perf.online.locks import Patience, under_lock

_ADVICE = {
    "23503": "rows of another table refer to rows of that partition; delete them first",
    "23514": "rows are outside the bounds, or the DEFAULT partition holds rows of that month; "
    "move them, and run again",
    "3F000": "run mlb-perf alembic upgrade head",
    "42501": "run it as the owner of the table",
    "42883": "run mlb-perf alembic upgrade head",
    "42P01": "run mlb-perf alembic upgrade head",
    "55P03": "another session holds a lock on it; end its transaction, and run again",
}
_PATIENCE = Patience(raised_by="use a longer --patience")
_OTHERWISE = "this step changed nothing; fix the cause, and run again"


@dataclass
class Session:
    """A connection in autocommit mode, and how long it retries to acquire a lock."""

    connection: Connection
    patience: Patience = _PATIENCE

    def run(self, statement: str) -> None:
        """Run one statement exactly as written; it has no parameters."""
        execute(self.connection, statement)

    @contextmanager
    def step(self, operation: str, object_name: str) -> Iterator[Step]:
        """A logged step; an error of the server becomes a sentence that names the object."""
        begun = Step(JOURNAL, self.connection, None, operation, object_name)
        with explained(object_name), logged(begun) as it:
            yield it

    def under_lock(self, it: Step, relation: str, mode: str, work: Callable[[], None]) -> None:
        """``work`` in one transaction under a lock, which the lock ladder acquires."""
        try:
            under_lock(it, [relation], mode, work, self.patience)
        except MigrationFailed as error:
            raise PartitionFailed(str(error)) from error


@contextmanager
def explained(object_name: str) -> Iterator[None]:
    """Raise :class:`~mlb_perf.errors.PartitionFailed` for an error of the server."""
    try:
        yield
    except DBAPIError as error:
        advice = diagnosis.advice(diagnosis.sqlstate(error), _ADVICE, _OTHERWISE)
        raise PartitionFailed(f"{object_name}: {diagnosis.said(error)}; {advice}") from error
