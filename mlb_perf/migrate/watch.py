"""Watch a concurrent index build from a second session, and name what holds it up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.migrate.screen import Screen, screen

log = logging.getLogger("alembic.mlb_perf")

_EVERY_SECONDS = 0.5
_TELL_EVERY_SECONDS = 10.0


@contextmanager
def watch_build(connection: Connection, what: str) -> Iterator[None]:
    """Show the progress of the build that ``connection`` runs inside the block.

    A server that has no connection to spare is built on all the same, unwatched.
    """
    pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    ended = threading.Event()
    with screen(what) as shown:
        watcher = _Watcher(connection.engine, int(pid), what, shown, ended)
        thread = threading.Thread(target=watcher.run, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


class _Watcher:
    def __init__(
        self, engine: Engine, pid: int, what: str, shown: Screen, ended: threading.Event
    ) -> None:
        self.engine = engine
        self.pid = pid
        self.what = what
        self.shown = shown
        self.ended = ended
        self.ticks_until_told = 0

    def run(self) -> None:
        # Most builds end before the first look, and cost no connection.
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
        found = connection.execute(
            text(sql.read("migrate/index_progress.sql")), {"pid": self.pid}
        ).one_or_none()
        self.ticks_until_told -= 1
        if found is None:
            return
        self.shown.update(found.phase, found.done, found.total or None)
        if found.waits_for_pid is not None and self.ticks_until_told <= 0:
            self.ticks_until_told = int(_TELL_EVERY_SECONDS / _EVERY_SECONDS)
            log.info("%s: %s", self.what, _waits(found))


def _waits(found: Row[Any]) -> str:
    return (
        f"{found.phase}: pid {found.waits_for_pid} ({found.waits_for_role}, "
        f"{found.waits_for_state}) has a transaction open for {found.waits_for_age}; "
        "the build goes on when that ends, or is ended with SELECT pg_terminate_backend(pid)"
    )
