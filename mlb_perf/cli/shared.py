"""Shared by the commands: options, connections, and errors as sentences with exit statuses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.diagnosis import sqlstate
from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import MlbPerfError
from mlb_perf.formatting import printable_lines
from mlb_perf.migrate.explain import explain
from mlb_perf.migrate.ini import target
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.pipeline import failures
from mlb_perf.pipeline.lock_holders import LOCK_NOT_AVAILABLE, lock_holders

MAX_WORKERS = 32

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Workers = Annotated[
    int, typer.Option(min=1, max=MAX_WORKERS, help="Sessions that work in parallel.")
]


def reported_errors() -> tuple[type[Exception], ...]:
    """The errors that the command line prints as a sentence; any other one is a bug."""
    # Alembic's comes only from a command that has imported it, which takes half a second.
    alembic = sys.modules.get("alembic.util")
    return MlbPerfError, DBAPIError, *((alembic.CommandError,) if alembic else ())


def engine(**settings: str) -> Engine:
    """An engine for the database in use; starts the embedded server if it is that one."""
    return migration_engine(target().connect_url(), settings)


@contextmanager
def connection(**settings: str) -> Iterator[Connection]:
    """A connection to the database in use, with these settings of the session."""
    with connect(engine(**settings)) as opened, cancel_on_interrupt(opened):
        yield opened


@contextmanager
def administering() -> Iterator[Connection]:
    """The same, as the superuser of the embedded server if it is that one: for roles."""
    address = target().connect_url(superuser=True)
    with connect(migration_engine(address, {})) as opened, cancel_on_interrupt(opened):
        yield opened


@contextmanager
def reading(**settings: str) -> Iterator[Connection]:
    """The same, for commands about the revisions; errors are explained as a migration's are."""
    with connection(**settings) as opened:
        try:
            yield opened
        except DBAPIError as error:
            raise explain(error, opened, began=False) from error


def sentence(error: Exception) -> str:
    """The error in one sentence, with the next step."""
    return failures.sentence(error) if isinstance(error, DBAPIError) else str(error)


def _holders(error: BaseException) -> str:
    """The sessions that hold the lock which the error could not get."""
    if sqlstate(error) != LOCK_NOT_AVAILABLE:
        return ""
    found = lock_holders(target().connect_url())
    return f"; {found}" if found else ""


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print lines, in which text from outside moves no cursor and sets no title."""
    typer.echo(printable_lines(text), err=err, nl=nl)


@contextmanager
def reported(exit_status: int | None = None) -> Iterator[None]:
    """Print an error on standard error and exit, with its own status unless one is given."""
    try:
        yield
    except reported_errors() as error:
        echo(f"mlb-perf: {sentence(error)}{_holders(error)}", err=True)
        own = error.exit_status if isinstance(error, MlbPerfError) else 1
        sys.exit(own if exit_status is None else exit_status)
