"""The copy: block by block, in batches that adapt to about 30 ms, resumable.

A batch reads the blocks of the table in their order, as a sequential scan
does, and locks the rows it reads against writers (FOR NO KEY UPDATE). Otherwise
a row that is deleted meanwhile would come back in the shadow; and if a row is
updated, both would insert the new row at once, which fails if the shadow has a
second unique key. A writer waits for one batch at most. A batch that has to
wait for a writer gives up and tries again, so that the two never deadlock. It
gives up soon, since a writer of several rows may be waiting for the batch in
turn, and is more patient each time. Checks of foreign keys to the table go on.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.online.locks import LOCK_NOT_AVAILABLE
from mlb_perf.online.rebuild import state
from mlb_perf.online.rebuild.columns import sides
from mlb_perf.online.rebuild.fit import UNFIT, require_fit
from mlb_perf.online.rebuild.prepare import same_files, storage, sync_leaves
from mlb_perf.online.rebuild.state import Position, State
from mlb_perf.online.rebuild.target import UNDEFINED_TABLE, Rebuild
from mlb_perf.progress import Shown, progress

_FIRST_BLOCKS = 32
_MOST_BLOCKS = 8192
_SHORT_WAIT_MS = 10
_LONG_WAIT_MS = 80
_PAUSE_SECONDS = 0.05

# A lock that is not available; a row that was moved to another partition while the batch waited
# for it; a deadlock, if deadlock_timeout is shorter than the batch's patience.
_AGAIN = frozenset({LOCK_NOT_AVAILABLE, "40001", "40P01"})


def copy(rebuild: Rebuild, begun: State) -> None:
    """Copy the rest; each batch keeps its position in its own transaction."""
    copied = rebuild.step.part("copy_rows")
    with progress(f"rebuild {rebuild.target.live}") as shown:
        copying = _Copy(rebuild, begun, shown)
        with _impatient(rebuild):
            copying.run()
    if copying.rows:
        copied.rows = copying.rows
        copied.write("succeeded")


def follow_partitions(rebuild: Rebuild, begun: State) -> None:
    """Copy a partition that was attached meanwhile, and forget one that was detached.

    Its rows came and went without a trigger, so all rows are verified again. A TRUNCATE of it
    reaches the shadow from here on.
    """
    sync_leaves(rebuild)
    now, before = storage(rebuild), begun.positions
    if not same_files(now, before):
        positions = {
            oid: before[oid] if same_files({oid: at}, before, whole=False) else at
            for oid, at in now.items()
        }
        state.advance(rebuild, phase="copying", positions=positions)


@contextmanager
def _impatient(rebuild: Rebuild) -> Iterator[None]:
    """Short waits for locks, and none for the disk.

    A batch is a transaction: after a crash of the server its position is as old as its rows.
    """
    rebuild.run(f"SET lock_timeout = '{_SHORT_WAIT_MS}ms'; SET synchronous_commit = off")
    try:
        yield
    finally:
        if not rebuild.connection.closed and not rebuild.connection.invalidated:
            rebuild.run("RESET lock_timeout; RESET synchronous_commit")


class _Copy:
    def __init__(self, rebuild: Rebuild, begun: State, shown: Shown) -> None:
        self.rebuild = rebuild
        self.positions = dict(begun.positions)
        self.shown = shown
        self.blocks = _FIRST_BLOCKS
        self.wait_ms = _SHORT_WAIT_MS
        self.rows = 0
        self.began = time.perf_counter()
        both = sides(rebuild)
        self.row = state.key(rebuild.target)
        self.names = {
            "shadow": rebuild.target.shadow,
            "columns": both.written,
            "values": both.read,
            "key": both.listed_key(),
            "order": f"ORDER BY {both.listed_key('r.')}" if rebuild.target.in_key_order else "",
            "rebuilds": rebuild.journal.rebuilds,
        }

    def run(self) -> None:
        for oid in list(self.positions):
            while oid in self.positions and self.positions[oid].next < self.positions[oid].end:
                try:
                    self._batch(oid)
                except DBAPIError as error:
                    self._step_back(error, oid)

    def _step_back(self, error: DBAPIError, oid: str) -> None:
        code = diagnosis.sqlstate(error)
        if code == UNDEFINED_TABLE and oid not in storage(self.rebuild):
            del self.positions[oid]  # a partition that was dropped; its rows are forgotten later
            return
        if code in UNFIT:
            require_fit(self.rebuild)
        if code not in _AGAIN:
            raise error
        self.blocks = max(self.blocks // 2, 1)
        self._wait(min(self.wait_ms * 2, _LONG_WAIT_MS))
        time.sleep(_PAUSE_SECONDS)

    def _wait(self, milliseconds: int) -> None:
        if milliseconds != self.wait_ms:
            self.wait_ms = milliseconds
            self.rebuild.run(f"SET lock_timeout = '{milliseconds}ms'")

    def _batch(self, oid: str) -> None:
        at = self.positions[oid]
        to = replace(at, next=min(at.next + self.blocks, at.end))
        began = time.perf_counter()
        done = self.rebuild.connection.execute(text(self._statement(at, to, oid)), self.row).one()
        self.positions = {**self.positions, oid: to}
        self._adapt((time.perf_counter() - began) * 1000)
        self._wait(_SHORT_WAIT_MS)
        self._show(done.rows)
        if done.filenode != at.filenode:
            self._read_again(oid)

    def _statement(self, at: Position, to: Position, oid: str) -> str:
        names = {**self.names, "source": at.name}
        return sql.read("online/rebuild/copy_batch.sql").format(
            first=at.next, next=to.next, oid=oid,
            **{key: name.replace(":", r"\:") for key, name in names.items()},
        )  # fmt: skip

    def _adapt(self, took_ms: float) -> None:
        factor = self.rebuild.target.batch_ms / max(took_ms, 0.1)
        wanted = self.blocks * min(max(factor, 0.25), 2.0)
        self.blocks = int(min(max(wanted, 1), _MOST_BLOCKS))

    def _read_again(self, oid: str) -> None:
        """VACUUM FULL and CLUSTER move rows: read all blocks again; copied rows are skipped."""
        if (found := storage(self.rebuild).get(oid)) is not None:
            self.positions = {**self.positions, oid: found}
            state.advance(self.rebuild, positions=self.positions)

    def _show(self, rows: int) -> None:
        self.rows += rows
        seconds = time.perf_counter() - self.began
        done = sum(p.next for p in self.positions.values())
        self.shown.update(
            f"{self.rows:,} rows, {self.rows / seconds:,.0f} a second",
            done,
            sum(p.end for p in self.positions.values()),
        )
