"""``mlb-perf`` in the process of the test, which takes a second less than a process of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from typer.testing import CliRunner, Result

from mlb_perf.cli.app import app


def invoke(*words: object) -> Result:
    """Run ``mlb-perf`` with these words; the errors that end a command are raised as they are."""
    with _own_logging():
        result = CliRunner().invoke(app, [*map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@contextmanager
def _own_logging() -> Iterator[None]:
    """Alembic's command line logs to this command's standard error, which is closed after it."""
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    before = [(logger, logger.handlers[:], logger.level) for logger in loggers]
    try:
        yield
    finally:
        for logger, handlers, level in before:
            logger.handlers[:] = handlers
            logger.setLevel(level)
