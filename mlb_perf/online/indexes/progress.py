"""Watch a concurrent build or drop from a second session, and name a transaction in its way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.progress import Shown, progress

log = logging.getLogger("alembic.mlb_perf")

_EVERY_SECONDS = 0.5
_LOG_EVERY_SECONDS = 10.0


BUILD = "online/index_progress.sql"
DROP = "online/drop_progress.sql"


@contextmanager
def watch(connection: Connection, pid: int, what: str, query: str = BUILD) -> Iterator[None]:
    """Show the progress of the statement that ``connection``, process ``pid``, runs in the block.

    ``query`` is :data:`BUILD` or :data:`DROP`. If the server has no free
    connection, the statement runs without it.
    """
    ended = threading.Event()
    with progress(what) as shown:
        watcher = _Watcher(connection.engine, pid, what, shown, ended, query)
        thread = threading.Thread(target=watcher.run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


class _Watcher:
    def __init__(
        self,
        engine: Engine,
        pid: int,
        what: str,
        shown: Shown,
        ended: threading.Event,
        query: str,
    ) -> None:
        self.engine = engine
        self.pid = pid
        self.what = what
        self.shown = shown
        self.ended = ended
        self.query = query
        self.ticks_until_logged = 0

    def run(self) -> None:
        # Most statements end before the first look, and cost no connection.
        if self.ended.wait(_EVERY_SECONDS):
            return
        try:
            with self.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                while not self.ended.wait(_EVERY_SECONDS):
                    self._look(connection)
        except DBAPIError as error:
            log.info("%s: its progress cannot be shown: %s", self.what, diagnosis.said(error))

    def _look(self, connection: Connection) -> None:
        found = connection.execute(text(sql.read(self.query)), {"pid": self.pid}).one_or_none()
        self.ticks_until_logged -= 1
        if found is None:
            return
        self.shown.update(found.phase, found.done, found.total or None)
        if found.waits_for_pid is not None and self.ticks_until_logged <= 0:
            self.ticks_until_logged = int(_LOG_EVERY_SECONDS / _EVERY_SECONDS)
            log.info("%s: %s", self.what, _waits(found))


def _waits(found: Row[Any]) -> str:
    return (
        f"{found.phase}: pid {found.waits_for_pid} ({found.waits_for_role}, "
        f"{found.waits_for_state}) has a transaction open for {found.waits_for_age}; "
        "it continues when that transaction ends; to end it: SELECT pg_terminate_backend(pid)"
    )
