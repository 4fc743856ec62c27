"""``mlb-perf`` in the process of the test, which takes a second less than a process of its own."""

from __future__ import annotations

import logging

from typer.testing import CliRunner, Result

from mlb_perf.cli.app import app


def invoke(*words: object) -> Result:
    """Run ``mlb-perf`` with these words; the errors that end a command are raised as they are."""
    result = CliRunner().invoke(app, [*map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def forget_closed_logs() -> None:
    """Alembic's command line logs to the command's standard error, which a test closes after it."""
    for logger in (logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)):
        for handler in logger.handlers[:]:
            stream = getattr(handler, "stream", None)
            if isinstance(handler, logging.StreamHandler) and getattr(stream, "closed", False):
                logger.removeHandler(handler)
