"""The beginning: the shadow, the triggers that keep it in step, and where the copy ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.errors import ForeignObjects
from mlb_perf.names import quote
from mlb_perf.online.locks import transaction, under_lock
from mlb_perf.online.rebuild import drift, sequences, state
from mlb_perf.online.rebuild.attributes import Attributes
from mlb_perf.online.rebuild.columns import sides
from mlb_perf.online.rebuild.dependents import views
from mlb_perf.online.rebuild.fit import require_fit
from mlb_perf.online.rebuild.partitions import create_partitions, partitions_of
from mlb_perf.online.rebuild.renaming import renamed
from mlb_perf.online.rebuild.state import Position
from mlb_perf.online.rebuild.target import (
    REFERENCED,
    TRIGGER,
    TRUNCATE_TRIGGER,
    Rebuild,
    unless_dropped,
)
from mlb_perf.online.shadows import SHADOWS

NOT_SUPPORTED = "0A000"


def prepare(
    rebuild: Rebuild,
    triggers: tuple[str, ...],
    columns: Attributes,
    rehearse: Callable[[], None],
) -> None:
    """Create all that needs no lock on the table, in one transaction.

    ``rehearse`` creates what the later phases create, on the empty shadow, and is rolled back.

    Raises :class:`~mlb_perf.errors.MigrationFailed` for a row that does not fit the new shape, and
    :class:`~mlb_perf.errors.ForeignObjects` for one of ``triggers`` that it cannot have.
    """
    wanted = partitions_of(rebuild)
    with transaction(rebuild.connection):
        create_shadow(rebuild, wanted, columns)
        if rebuild.target.to.month_column is not None:
            rebuild.run(
                f"CREATE TABLE {rebuild.target.rest} PARTITION OF {rebuild.target.shadow} DEFAULT"
            )
        require_fit(rebuild)
        _add_referenced_keys(rebuild)
        for trigger in triggers:
            _try(rebuild, trigger)
        rebuild.run("SAVEPOINT rehearsal")
        rehearse()
        rebuild.run("ROLLBACK TO rehearsal")
        _create_function(rebuild)
        state.begin(rebuild, "prepared")


def keep_in_step(rebuild: Rebuild) -> None:
    """From here on every change reaches the shadow; writers wait for a moment.

    The lock (SHARE ROW EXCLUSIVE, which CREATE TRIGGER takes anyway) makes the
    end exact: every row below it was committed before, every one above it goes
    through the trigger.
    """
    sync_leaves(rebuild)
    triggers = _triggers(rebuild)

    def work() -> None:
        rebuild.run(triggers)
        state.advance(rebuild, phase="copying", positions=storage(rebuild))

    under_lock(rebuild.step, [rebuild.target.live], "SHARE ROW EXCLUSIVE", work, rebuild.patience)


def sync_leaves(rebuild: Rebuild) -> None:
    """A trigger for TRUNCATE on each partition that has none, one short lock after another."""
    found = rebuild.connection.execute(
        text(sql.read("online/rebuild/unsynced_leaves.sql")),
        {"table": rebuild.target.live, "trigger": TRUNCATE_TRIGGER},
    ).scalars()
    for leaf in list(found):
        statement = _trigger(rebuild, leaf, TRUNCATE_TRIGGER, "TRUNCATE", "STATEMENT")
        with unless_dropped(leaf):
            under_lock(
                rebuild.step,
                [leaf],
                "SHARE ROW EXCLUSIVE",
                lambda statement=statement: rebuild.run(statement),  # type: ignore[misc]
                rebuild.patience,
            )


def create_shadow(rebuild: Rebuild, wanted: list[tuple[str, str]], columns: Attributes) -> None:
    """The table of the new shape, without indexes and foreign keys, and its partitions."""
    target = rebuild.target
    rebuild.run(f"CREATE SCHEMA IF NOT EXISTS {SHADOWS}")
    rebuild.run(target.to.statements_in(SHADOWS))
    create_partitions(rebuild, wanted)
    sides(rebuild)
    drift.follow(rebuild, columns, is_empty=True)
    for what in ("tablespaces", "settings"):
        views.give(rebuild, what, target.live, target.shadow)
    sequences.use(rebuild)


def storage(rebuild: Rebuild) -> dict[str, Position]:
    """The files that hold the table's rows now, with nothing copied."""
    return storage_of(rebuild, rebuild.target.live)


def storage_of(rebuild: Rebuild, table: str) -> dict[str, Position]:
    """The same of any table; a table with partitions has no file of its own."""
    rows = rebuild.connection.execute(
        text(sql.read("online/rebuild/storage.sql")), {"table": table}
    )
    return {str(r.oid): Position(r.name, r.filenode, 0, r.blocks, r.attached) for r in rows}


def same_files(
    now: Mapping[str, Position], before: Mapping[str, Position], *, whole: bool = True
) -> bool:
    """Whether the partitions are the same ones, attached by the same transactions.

    ``whole``: also that ``before`` has no further ones.
    """
    known = {oid: position.attached for oid, position in before.items()}
    found = {oid: position.attached for oid, position in now.items()}
    return found == known if whole else found.items() <= known.items()


def _add_referenced_keys(rebuild: Rebuild) -> None:
    """Keep a key that a foreign key of another table needs, and that the new shape lacks."""
    known = {frozenset(key) for key in sides(rebuild).new.keys}
    for reference in views.read_references(rebuild):
        columns = frozenset(reference.referenced_columns)
        if columns not in known:
            known.add(columns)
            listed = ", ".join(reference.referenced_columns)
            name = quote(f"{REFERENCED}{reference.oid}")
            rebuild.run(
                f"ALTER TABLE {rebuild.target.shadow} ADD CONSTRAINT {name} UNIQUE ({listed})"
            )


def _try(rebuild: Rebuild, trigger: str) -> None:
    """Refuse a trigger that the new shape cannot have; a partitioned table takes not all."""
    target = rebuild.target
    try:
        rebuild.run("SAVEPOINT a_trigger")
        rebuild.run(renamed(trigger, {target.live: target.shadow}))
        rebuild.run("ROLLBACK TO a_trigger")
    except DBAPIError as error:
        if diagnosis.sqlstate(error) != NOT_SUPPORTED:
            raise
        raise ForeignObjects(
            f"{target.live} has a trigger that its new shape cannot have ({trigger}): "
            f"{diagnosis.said(error)}; nothing was changed. Drop it, run again, and create one "
            "that a partitioned table can have"
        ) from error


def _create_function(rebuild: Rebuild) -> None:
    target = rebuild.target
    both = sides(rebuild)
    of_partition = both.of_partition()
    live_oid = rebuild.connection.execute(
        text("SELECT to_regclass(:table)::oid"), {"table": target.live}
    ).scalar_one()
    rebuild.run(
        sql.read("online/rebuild/sync.sql").format(
            function=target.function,
            live=target.live,
            live_oid=live_oid,
            shadow=target.shadow,
            key=both.listed_key(),
            key_r=both.listed_key("r."),
            key_s=both.listed_key("s."),
            old_key=both.listed_key("OLD."),
            new_key=both.listed_key("NEW."),
            columns=both.written,
            old_names=", ".join(of_partition),
            old_of_shadow=", ".join(both.as_old(name) for name in of_partition),
            row_values=both.read,
            assignments=both.assignments,
        )
    )


def _triggers(rebuild: Rebuild) -> str:
    """One string: with a round trip for each statement the lock would be held for longer."""
    live = rebuild.target.live
    return ";\n".join(
        (
            _trigger(rebuild, live, TRIGGER, "INSERT OR UPDATE OR DELETE", "ROW"),
            _trigger(rebuild, live, TRUNCATE_TRIGGER, "TRUNCATE", "STATEMENT"),
        )
    )


def _trigger(rebuild: Rebuild, table: str, name: str, event: str, what: str) -> str:
    """Enabled ALWAYS: it also fires in sessions with session_replication_role = replica."""
    return (
        f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH {what} "
        f"EXECUTE FUNCTION {rebuild.target.function}();\n"
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"
    )
