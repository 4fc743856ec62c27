"""``mlb-perf partitions``: the months of the partitioned tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mlb_perf.cli import shared
from mlb_perf.cli.rebuilds import rebuild_now
from mlb_perf.cli.shared import echo
from mlb_perf.errors import ConfigurationError, PartitionFailed
from mlb_perf.migrate.advisory_lock import one_runner
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.migrate.owner import as_owner
from mlb_perf.months import Span, midnight
from mlb_perf.names import qualified, shell_word
from mlb_perf.online.locks import Patience
from mlb_perf.partitions import default_rows, run
from mlb_perf.partitions import restore as restoring
from mlb_perf.partitions.catalog import resolve
from mlb_perf.partitions.default_rows import BATCH_ROWS
from mlb_perf.partitions.plan import Action, Plan
from mlb_perf.partitions.policy import set_hold
from mlb_perf.partitions.session import Session, explained

app = typer.Typer(
    no_args_is_help=True,
    help="The months, weeks and days of partitioned tables: create ahead, detach, restore, drop.",
)

TABLE_HELP = "As in SQL, e.g. raw_data.odds_api_odds; default: all tables with a policy."
OneTable = Annotated[str, typer.Argument(help="As in SQL, e.g. raw_data.odds_api_odds.")]
AnyTable = Annotated[str | None, typer.Argument(help=TABLE_HELP, show_default=False)]
Month = Annotated[
    str, typer.Argument(help="As 2024-03, 2024-W11 or 2024-03-15, or the partition's name.")
]
Wait = Annotated[
    float, typer.Option("--patience", min=0.1, help="Seconds to retry to acquire a lock.")
]
RUNNER_SECONDS = 60.0
_MONTH_LENGTH = len("2027-01")
_SETTINGS = {"lock_timeout": "2s", "statement_timeout": "0", "timezone": "UTC"}


@app.command("plan")
def show(
    table: AnyTable = None,
    today: Annotated[
        str | None, typer.Option(help="Plan for that day, as 2027-01-31 (UTC).")
    ] = None,
) -> None:
    """Print the due actions with SQL, locks and expected milliseconds; change nothing."""
    now = dt.datetime.now(dt.UTC) if today is None else midnight(_day(today))
    with _session() as session:
        chosen = run.policies(session.connection, table)
        _print(run.make_plan(session.connection, chosen, now))


@app.command("apply")
def make(
    table: AnyTable = None,
    first: Annotated[
        str | None, typer.Option("--from", help="From this month (2024-03); default: now.")
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", help="To this month; default: as the policy says."),
    ] = None,
    patience: Wait = 60.0,
) -> None:
    """Create the missing months, of one table or of all. Removes nothing."""
    wanted = _span(first, last)
    with _session(patience) as session:
        chosen = run.policies(session.connection, table)
        if wanted is None:
            plan = run.make_plan(session.connection, chosen, dt.datetime.now(dt.UTC))
        else:
            plan = run.plan_between(session.connection, chosen, wanted)
        _do(session, Plan(plan.of("create"), plan.remarks), "no month is missing")


@app.command()
def detach(
    table: AnyTable = None,
    month: Annotated[
        str | None, typer.Argument(help="One month, as 2024-03, or a partition's name.")
    ] = None,
    patience: Wait = 600.0,
) -> None:
    """Move months past their retention to the graveyard; finish interrupted detaches."""
    with _session(patience, alone=True) as session:
        chosen = run.policies(session.connection, table)
        now = dt.datetime.now(dt.UTC)
        plan = run.make_plan(session.connection, chosen, now)
        actions = plan.of("finish", "detach")
        if month is not None:
            if chosen[0].is_held:
                raise PartitionFailed(
                    f"{chosen[0].qualified} is on hold; end the hold with: mlb-perf partitions "
                    f"release {shell_word(chosen[0].qualified)}"
                )
            found = run.month_table(session.connection, chosen[0].qualified)
            actions = [*plan.of("finish"), run.one_action(found, month, now)]
        _do(session, Plan(actions, plan.remarks), "no month is due to be detached")


@app.command()
def restore(table: OneTable, month: Month, patience: Wait = 600.0) -> None:
    """Attach a month from the graveyard again, with its rows."""
    with _session(patience, alone=True) as session:
        resting = run.one_detached(session.connection, table, month)
        echo(f"restored {restoring.restore(session, resting)}: {resting.span}")
        (policy,) = run.policies(session.connection, resting.parent)
        kept = run.month_table(session.connection, resting.parent)
        if run.would_go_again(kept, policy, resting, dt.datetime.now(dt.UTC)):
            echo(
                f"it is past its retention, so the next detach removes it again; keep it with: "
                f"mlb-perf partitions hold {shell_word(resting.parent)}"
            )


@app.command()
def drop(
    table: AnyTable = None,
    yes: Annotated[bool, typer.Option("--yes", help="Drop; without it, only print.")] = (False),
    patience: Wait = 60.0,
) -> None:
    """Drop partitions whose time in the graveyard has ended."""
    with _session(patience, alone=True) as session:
        chosen = run.policies(session.connection, table)
        plan = run.make_plan(session.connection, chosen, dt.datetime.now(dt.UTC))
        due = Plan(plan.of("drop"), plan.remarks)
        if not yes and due.actions:
            _print(due)
            echo("nothing was dropped; to drop these: mlb-perf partitions drop --yes")
            return
        _do(session, due, "no partition is due to be dropped")


@app.command()
def spread(
    table: OneTable,
    rows: Annotated[int, typer.Option("--rows", min=1, help="Rows of a batch.")] = BATCH_ROWS,
    patience: Wait = 600.0,
) -> None:
    """Move the rows of a DEFAULT partition to partitions of their months, batch by batch."""
    with _session(patience, alone=True) as session:
        schema, name = resolve(session.connection, table)
        default_rows.spread(
            session,
            qualified(schema, name),
            lambda leaf, n: echo(f"{leaf}: {n:,} rows"),
            rows,
        )
    echo(f"the DEFAULT partition of {table} holds no row of a month any more")


@app.command()
def undo(table: OneTable, patience: Wait = 600.0) -> None:
    """Make one plain table of a table's partitions while others read and write it."""
    echo(f"{rebuild_now(table, 'unpart', patience)} is one table, without partitions")


@app.command()
def hold(table: OneTable) -> None:
    """Stop detach and drop for a table until it is released."""
    _set_hold(table, held=True)


@app.command()
def release(table: OneTable) -> None:
    """End a hold."""
    _set_hold(table, held=False)


def _set_hold(table: str, *, held: bool) -> None:
    with _session() as session:
        schema, name = resolve(session.connection, table)
        set_hold(session.connection, schema, name, held=held)
    echo(f"{table} is {'on hold' if held else 'released'}")


@contextmanager
def _session(patience: float = 60.0, *, alone: bool = False) -> Iterator[Session]:
    """``alone``: not during a migration or another command that removes partitions."""
    with (
        shared.connection(**_SETTINGS) as connection,
        explained("mlb-perf partitions"),
        as_owner(connection),
    ):
        connection.execution_options(isolation_level="AUTOCOMMIT")
        session = Session(
            connection, Patience(total_seconds=patience, raised_by="use a longer --patience")
        )
        with cancel_on_interrupt(connection):
            if not alone:
                yield session
                return
            with one_runner(connection, RUNNER_SECONDS):
                yield session


def _do(session: Session, plan: Plan, nothing: str) -> None:
    _print(plan, nothing)
    run.apply(session, plan.actions, _print_done)


def _print_done(action: Action, milliseconds: float) -> None:
    echo(f"{_DONE[action.kind]} {action.partition} ({action.span}) in {milliseconds:.1f} ms")


_DONE = {"create": "created", "detach": "detached", "finish": "finished", "drop": "dropped"}


def _print(plan: Plan, nothing: str = "nothing is due") -> None:
    for remark in plan.remarks:
        echo(remark, err=True)
    if not plan.actions:
        echo(nothing)
        return
    console = Console()
    if console.is_terminal:
        console.print(_as_table(plan))
    for action in plan.actions:
        if not console.is_terminal:
            echo(
                f"-- {action.kind} {action.partition}: {action.span}; about "
                f"{action.expected_ms:.0f} ms; {action.locks}"
            )
        for statement in action.statements:
            echo(f"{statement};")


def _as_table(plan: Plan) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "partition", "month", "about", "locks"):
        table.add_column(heading, justify="right" if heading == "about" else "left")
    for a in plan.actions:
        cells = (a.kind, a.partition, str(a.span), f"{a.expected_ms:.0f} ms", a.locks)
        table.add_row(*map(Text, cells))  # no markup: a name may contain brackets
    return table


def _span(first: str | None, last: str | None) -> Span | None:
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise ConfigurationError("use --from and --to together")
    wanted = _between(first, last)
    if wanted.low >= wanted.high:
        raise ConfigurationError(f"--from {first} is after --to {last}")
    return wanted


def _between(first: str, last: str) -> Span:
    """Whole months, or days where days are written."""
    if max(len(first), len(last)) == _MONTH_LENGTH:
        return Span.of_months(_month(first), _month(last))
    return Span(midnight(_month(first)), midnight(_month(last) + dt.timedelta(days=1)))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{text!r} is not a day; write it as 2027-01-31") from None


def _month(text: str) -> dt.date:
    """A month, or a day for a table by week or day."""
    try:
        return dt.date.fromisoformat(f"{text}-01" if len(text) == _MONTH_LENGTH else text)
    except ValueError:
        raise ConfigurationError(
            f"{text!r} is not a month; write it as 2027-01, or a day as 2027-01-31"
        ) from None
