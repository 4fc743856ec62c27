"""The plan of the measurement before and after an upgrade; its fields are the command's options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer
from alembic.script import ScriptDirectory

from mlb_perf.bench.database import NAME, SEEDED_BASELINE
from mlb_perf.bench.document import KEYS
from mlb_perf.bench.measurements import ALONE, PARTS
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.config import alembic_config

QUICK_SCALE = 0.01


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be measured, on which data, at which revisions: the options of the command."""

    parts: Annotated[
        list[str] | None, typer.Argument(help=f"{', '.join(PARTS)}, or all.", show_default="all")
    ] = None
    scale: Annotated[
        list[float] | None,
        typer.Option(help="Seasons of data; several times to see growth.", show_default="1"),
    ] = None
    seed: Annotated[int, typer.Option(help="Of the data and of the values asked for.")] = 1
    from_revisions: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="REVISION",
            help="The side called before; several times for questions at more revisions. "
            f"{KEYS}: questions with the keys alone, without secondary indexes.",
            show_default=SEEDED_BASELINE,
        ),
    ] = None
    to_revision: Annotated[
        str, typer.Option("--to", metavar="REVISION", help="The side called after.")
    ] = "head"
    quick: Annotated[
        bool, typer.Option("--quick", help=f"Scale {QUICK_SCALE:g} and few repeats: a minute.")
    ] = False
    execute: Annotated[
        list[str] | None,
        typer.Option(help="SQL to execute before the second side, such as DROP INDEX."),
    ] = None
    no_pooler: Annotated[bool, typer.Option("--no-pooler", help="Leave out PgBouncer.")] = False
    stall_rows: Annotated[
        int | None,
        typer.Option(
            min=1000, help="Raw rows for the part stall.", show_default="a million times --scale"
        ),
    ] = None
    writers: Annotated[int, typer.Option(min=1, help="Part stall: sessions that write.")] = 4
    readers: Annotated[int, typer.Option(min=0, help="Part stall: sessions that read.")] = 4
    writes_a_second: Annotated[
        float, typer.Option(min=0.1, help="Part stall: statements of each writer, at most.")
    ] = 50.0
    reads_a_second: Annotated[
        float, typer.Option(min=0.1, help="Part stall: statements of each reader, at most.")
    ] = 50.0
    compacted: Annotated[
        bool, typer.Option("--compacted", help="Part storage: also a copy after VACUUM FULL.")
    ] = False
    database: Annotated[str, typer.Option(help="Name of the benchmark's database.")] = NAME
    keep: Annotated[bool, typer.Option("--keep", help="Do not drop it afterwards.")] = False


def parts_of(plan: Plan) -> list[str]:
    """The parts that are measured, in their order; ConfigurationError for an unknown one."""
    named = plan.parts or ["all"]
    if unknown := [part for part in named if part not in (*PARTS, "all")]:
        raise ConfigurationError(
            f"the benchmark has no part {unknown[0]}; name some of {', '.join(PARTS)}, or all; or "
            f"one other measurement first: {', '.join(ALONE)}"
        )
    # The stalls of an upgrade show with data that take a while to be moved.
    everything = [part for part in PARTS if not (plan.quick and part == "stall")]
    parts = everything if "all" in named else [part for part in PARTS if part in named]
    if plan.compacted and "storage" not in parts:
        raise ConfigurationError("--compacted is of the part storage; name that part as well")
    if "latency" not in parts and (with_keys(plan) or len(plan.from_revisions or ()) > 1):
        raise ConfigurationError(
            f"--from {KEYS} and a second --from are of the part latency; name that part as well"
        )
    return parts


def with_keys(plan: Plan) -> bool:
    """Whether the questions are also asked without secondary indexes."""
    return KEYS in (plan.from_revisions or ())


def revisions_of(plan: Plan) -> list[str]:
    """The revisions by their numbers, the oldest first, that of ``--to`` last.

    Raises :class:`~mlb_perf.errors.ConfigurationError` for one that does not come before it.
    """
    script = ScriptDirectory.from_config(alembic_config())
    last = _revision(script, plan.to_revision)
    history = [r.revision for r in script.iterate_revisions(last, "base")]
    names = [SEEDED_BASELINE] if plan.from_revisions is None else plan.from_revisions
    found = {last, *(_revision(script, name) for name in names if name != KEYS)}
    for revision in sorted(found.difference(history)):
        raise ConfigurationError(
            f"revision {revision} does not come before {last}; name the older one with --from and "
            "the newer one with --to (mlb-perf alembic history lists them)"
        )
    return sorted(found, key=history.index, reverse=True)


def _revision(script: ScriptDirectory, name: str) -> str:
    found = script.get_revision(name)
    if found is None:
        raise ConfigurationError(
            f"revision {name} has no tables to measure; name one from {SEEDED_BASELINE} on"
        )
    return str(found.revision)
