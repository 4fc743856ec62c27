"""A figure that a measurement of its own writes into a page: when, on what, by which command."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, text

from mlb_perf.bench.report import doc_blocks
from mlb_perf.bench.tools.machine import machine
from mlb_perf.engine import connect
from mlb_perf.migrate.config import head_revisions


def on_what(server: str, load: float, command: str) -> str:
    """The sentence that a block of figures begins with; ``load`` is of before the measurement."""
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, PostgreSQL {server}, "
        f"revision {', '.join(head_revisions())}, {machine()['processors']} processors, load "
        f"average {load:g} at the start, `{command}`:"
    )


def server_version(engine: Engine) -> str:
    """As ``SHOW server_version`` tells it."""
    with connect(engine) as connection:
        return str(connection.execute(text("SHOW server_version")).scalar_one())


def verbatim(sentence: str, lines: Sequence[str]) -> str:
    """The body of a block whose lines are as the command prints them."""
    return "\n".join([sentence, "", "```text", *lines, "```"])


def fill(page: Path | None, name: str, body: str) -> None:
    """Write the body into the page's block of that name; nothing without a page.

    Raises :class:`~mlb_perf.errors.ConfigurationError` if the page has no such block.
    """
    if page is not None:
        doc_blocks.fill(page, {name: body})


def add_docs(parser: argparse.ArgumentParser) -> None:
    """The option ``--docs``, which names the page."""
    parser.add_argument("--docs", type=Path, help="the page whose block is written anew")
