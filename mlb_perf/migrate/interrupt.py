"""Ctrl-C while the server works: cancel the statement, then stop.

psycopg2 waits for the server inside C, where Python handles no signal, so a
plain Ctrl-C does nothing until a long statement has ended.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2 import InterfaceError
from sqlalchemy import Connection

from mlb_perf.engine import driver


@contextmanager
def cancel_on_interrupt(connection: Connection) -> Iterator[None]:
    """Ask the server to cancel the running statement when SIGINT arrives.

    The statement then fails with SQLSTATE 57014, and Python raises
    ``KeyboardInterrupt`` in its place. Outside of the main thread, which alone
    gets signals, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    # Taken here: SQLAlchemy's connection is not to be asked by another thread, and refuses to
    # tell when the interrupt has already made it invalid.
    watcher = threading.Thread(target=_watch, args=(reader, driver(connection)), daemon=True)
    previous = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(previous)
        writer.close()
        watcher.join()
        reader.close()


def _watch(reader: socket.socket, session: Any) -> None:
    while received := reader.recv(1):
        if received[0] == signal.SIGINT:
            try:
                session.cancel()
            except InterfaceError:
                return  # the connection is closed: nothing is left to cancel
