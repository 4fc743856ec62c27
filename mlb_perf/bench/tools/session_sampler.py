"""Look at the server while clients work: how many are connected, and what they wait for."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import URL, Connection, text

from mlb_perf import sql
from mlb_perf.bench.database import engine_of
from mlb_perf.bench.tools import pooler
from mlb_perf.bench.tools.timing import meanwhile
from mlb_perf.engine import connect

_EVERY_SECONDS = 0.2
_IDLE = "idle"


@dataclass
class Seen:
    """The most clients at once, and how often an active session was seen in each wait."""

    connected: int = 0
    waits: Counter[str] = field(default_factory=Counter)

    def shares(self) -> dict[str, float]:
        """Waits as shares of all active sessions that were seen, the commonest first."""
        total = self.waits.total()
        return {name: round(count / total, 3) for name, count in self.waits.most_common(6)}

    def look(self, connection: Connection, through: URL | None, *, with_waits: bool = True) -> None:
        """Count once."""
        rows = connection.execute(text(sql.read("bench/waits.sql"))).all()
        sessions = {str(row.wait): int(row.sessions) for row in rows}
        now = sum(sessions.values()) if through is None else pooler.clients(through)
        self.connected = max(self.connected, now)
        sessions.pop(_IDLE, None)
        if with_waits:
            self.waits.update(sessions)


@contextmanager
def watched(url: URL, through: URL | None = None, warm_up: float = 0.0) -> Iterator[Seen]:
    """What pgbench's sessions in the database ``url`` do, again and again while the block runs.

    Clients are counted by the server, or by the pooler that they go ``through``. Their waits are
    counted after so many seconds.
    """
    seen = Seen()
    with connect(engine_of(url)) as connection:

        def work(ended: threading.Event) -> None:
            warm_at = time.monotonic() + warm_up
            while not ended.wait(_EVERY_SECONDS):
                seen.look(connection, through, with_waits=time.monotonic() >= warm_at)

        with meanwhile(work):
            yield seen
