"""``mlb-perf`` in the process of the test, which takes a second less than a process of its own."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from mlb_perf.cli.app import app


def invoke(*words: object) -> Result:
    """Run ``mlb-perf`` with these words; the errors that end a command are raised as they are."""
    result = CliRunner().invoke(app, [*map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
