"""Ctrl-C while several sessions work side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import Future, wait
from typing import Any

from sqlalchemy import Connection


def cancel_until_done(connections: Iterable[Connection], running: Collection[Future[Any]]) -> None:
    """Cancel the statements of the sessions until their work has ended: one may wait for a lock.

    Again and again, because a cancel that arrives between two statements goes nowhere.
    """
    drivers = [connection.connection.driver_connection for connection in connections]
    while wait(running, timeout=0.05).not_done:
        for session in drivers:
            if session is not None and not session.closed:
                session.cancel()
