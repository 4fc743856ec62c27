"""Ctrl-C while a statement runs, and when its connection is gone already."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from mlb_perf.migrate.interrupt import cancel_on_interrupt


@pytest.fixture(autouse=True)
def _heard() -> Iterator[None]:
    """A shell that starts the tests in the background has SIGINT ignored in them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def _lose_and_interrupt(connection: Connection) -> None:
    connection.invalidate()
    _interrupt()


def test_the_statement_is_cancelled(head: Engine) -> None:
    later = threading.Timer(0.3, _interrupt)
    with head.connect() as connection, cancel_on_interrupt(connection):
        later.start()
        with pytest.raises((KeyboardInterrupt, DBAPIError)):
            connection.execute(text("SELECT pg_sleep(60)"))
    later.join()


def test_a_connection_that_is_invalid_by_then(head: Engine) -> None:
    """The watching thread ends in silence: an exception of it would fail the test."""
    with head.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(KeyboardInterrupt), cancel_on_interrupt(connection):
            _lose_and_interrupt(connection)
        connection.rollback()
