"""``mlb-perf citus``: the tables on a cluster of Citus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Connection

from mlb_perf.citus import distribute as distributing
from mlb_perf.citus import status as reading
from mlb_perf.citus import undistribute as bringing_back
from mlb_perf.citus.plan import Conversion, Plan
from mlb_perf.citus.plan import settings as settings_of
from mlb_perf.citus.transaction import Done
from mlb_perf.cli import shared
from mlb_perf.cli.shared import echo
from mlb_perf.formatting import mb, plural
from mlb_perf.migrate.advisory_lock import one_runner
from mlb_perf.online.locks import Patience

app = typer.Typer(
    no_args_is_help=True,
    help="The tables on a cluster of Citus: plan, distribute, undistribute, status.",
)

Shards = Annotated[int, typer.Option(min=1, max=64_000, help="Shards of each distributed table.")]
Wait = Annotated[
    float, typer.Option("--patience", min=0.1, help="Seconds to retry to acquire a lock.")
]
RUNNER_SECONDS = 60.0
_SETTINGS = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}


@app.command()
def plan(shards: Shards = distributing.SHARDS) -> None:
    """Print the transactions with their SQL, locks and expected seconds; change nothing."""
    with shared.connection(**_SETTINGS) as connection:
        _print(distributing.make_plan(connection, shards))


@app.command()
def distribute(shards: Shards = distributing.SHARDS, patience: Wait = 600.0) -> None:
    """Distribute the tables that are still local; writers of a table wait for its transaction."""
    with _alone() as connection:
        due = distributing.make_plan(connection, shards)
        for it in due.conversions:
            echo(f"writers of {plural(len(it.tables), 'table')} wait about {it.seconds:.0f} s")
            done = distributing.convert(connection, it, due.shards, _patience(patience))
            _print_done("distributed", done)
        cleaned = distributing.clean_up(connection)
    if cleaned:
        echo(f"removed the coordinator's former rows of {plural(len(cleaned), 'table')}")
    echo("all tables lie as the models say; see mlb-perf citus status")


@app.command()
def undistribute(patience: Wait = 600.0) -> None:
    """Bring all tables back to the coordinator, with comments and privileges."""
    with _alone() as connection:
        for tables in bringing_back.distributed(connection):
            done = bringing_back.bring_back(connection, tables, _patience(patience))
            _print_done("brought back", done)
    echo("no table is distributed")


@app.command()
def status() -> None:
    """Print the nodes, their shards, and how even they are."""
    with shared.connection() as connection:
        found = reading.read(connection)
    echo(f"Citus {found.version}")
    for node in found.nodes:
        kind = "coordinator" if node.is_coordinator else "worker"
        notes = ("" if node.is_active else ", not active") + (
            "" if node.takes_shards else ", takes no shards"
        )
        echo(f"{kind} {node.address}: {plural(node.shards, 'shard')}, {mb(node.bytes)}{notes}")
    echo(
        f"{plural(found.spread, 'distributed table')}, "
        f"{plural(found.reference, 'reference table')}; "
        f"the fullest node has {found.imbalance:.2f} times the mean"
    )
    if found.local:
        echo(f"still local: {', '.join(found.local)}; distribute with: mlb-perf citus distribute")
    if found.leftovers:
        echo(
            f"the coordinator still holds rows of {', '.join(found.leftovers)}; remove them with: "
            "mlb-perf citus distribute"
        )


@contextmanager
def _alone() -> Iterator[Connection]:
    """Not during a migration or another command that changes tables.

    As the login itself, never as the group of those who migrate: Citus connects to the workers as
    the current role, and a group has no login.
    """
    with shared.connection(**_SETTINGS) as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        with one_runner(connection, RUNNER_SECONDS):
            yield connection


def _patience(seconds: float) -> Patience:
    return Patience(total_seconds=seconds, raised_by="use a longer --patience")


def _print(due: Plan) -> None:
    for place, it in enumerate(due.conversions, 1):
        _print_conversion(f"transaction {place} of {len(due.conversions)}", it, due.shards)
    if due.leftovers:
        echo(f"-- last: remove the coordinator's former rows of {', '.join(due.leftovers)}")
    if not due.conversions and not due.leftovers:
        echo("all tables lie as the models say")


def _print_conversion(which: str, it: Conversion, shards: int) -> None:
    locks = ", ".join(f"{count:,} on {address}" for address, count in it.locks.items())
    echo(
        f"-- {which}: {plural(len(it.tables), 'table')}, {mb(it.bytes)}; writers wait from its "
        f"beginning to its end, about {it.seconds:.0f} s; about {locks} locks"
    )
    for statement in ("BEGIN", *settings_of(shards), *it.statements, "COMMIT"):
        echo(f"{statement};")


def _print_done(verb: str, done: Done) -> None:
    others = f" and {plural(len(done.tables) - 1, 'other')}" if len(done.tables) > 1 else ""
    echo(f"{verb} {done.tables[0]}{others}: {plural(done.rows, 'row')} in {done.seconds:.1f} s")
