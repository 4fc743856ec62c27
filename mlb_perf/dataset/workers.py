"""Processes that write games side by side, a transaction a few games."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import connection as pipes
from typing import Any

import psycopg2
from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.dataset import copying
from mlb_perf.dataset.columns import Rows
from mlb_perf.dataset.game import Settings, Writer
from mlb_perf.dataset.market.calendar import Game
from mlb_perf.dataset.reference import Reference
from mlb_perf.engine import migration_engine
from mlb_perf.errors import DatasetFailed
from mlb_perf.pipeline import failures

Done = tuple[int, int]
"""Games, raw rows."""


class _Worker:
    """What a process keeps between batches."""

    def __init__(
        self, url: URL, settings: Settings, reference: Reference, seasons: list[int]
    ) -> None:
        # The log's last entry is committed synchronously, and all before it with it.
        options = {"timezone": "UTC", "synchronous_commit": "off"}
        self._engine: Engine = migration_engine(url, options)
        self._connection: Connection | None = None
        self._writer = Writer(settings, reference, seasons)

    def write(self, games: list[Game]) -> Done:
        rows = Rows()
        for game in games:
            self._writer.write(game, rows)
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                copying.write(self._connection, rows)
        except (psycopg2.Error, DBAPIError) as error:
            raise _named(error, games) from error
        return len(games), rows.raw_rows()


def _named(error: psycopg2.Error | DBAPIError, games: list[Game]) -> DatasetFailed:
    which = f"games {games[0].number} to {games[-1].number}"
    return DatasetFailed(f"{which} could not be written: {failures.sentence(error)}")


_worker: _Worker | None = None


def _start(url: URL, settings: Settings, reference: Reference, seasons: list[int]) -> None:
    global _worker
    # Ctrl-C is for the parent, which lets the batches that have begun end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = _Worker(url, settings, reference, seasons)


def _end_with_parent() -> None:
    """A parent that was killed sends no message to its workers; its pipe closes."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    pipes.wait([parent.sentinel])
    os._exit(1)


def _write(games: list[Game]) -> Done:
    assert _worker is not None
    return _worker.write(games)


def side_by_side(
    count: int, batches: list[list[Game]], url: URL, settings: Settings, reference: Reference,
    seasons: list[int],
) -> Iterator[Done]:  # fmt: skip
    """Write the batches in ``count`` processes; what each batch was, as it is done."""
    given: tuple[Any, ...] = (url, settings, reference, seasons)
    if count == 1:
        worker = _Worker(*given)
        for batch in batches:
            yield worker.write(batch)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, _start, given) as pool:
        futures: list[Future[Done]] = [pool.submit(_write, batch) for batch in batches]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
