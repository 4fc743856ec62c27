"""The beginning: the shadow, the trigger that keeps it in step, and where the copy ends."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mlb_perf import diagnosis, sql
from mlb_perf.errors import ForeignObjects
from mlb_perf.names import quote
from mlb_perf.online.lock_ladder import transaction, under_lock
from mlb_perf.online.rebuild import narrowing, state
from mlb_perf.online.rebuild.columns import Columns, in_common, read_columns
from mlb_perf.online.rebuild.dependents import views
from mlb_perf.online.rebuild.dependents.renaming import renamed
from mlb_perf.online.rebuild.partitions import create_partitions, partitions_of
from mlb_perf.online.rebuild.state import Position
from mlb_perf.online.rebuild.target import REFERENCED, SHADOWS, TRIGGER, Rebuild

NOT_SUPPORTED = "0A000"


def prepare(rebuild: Rebuild, triggers: tuple[str, ...]) -> None:
    """All that can be made without a lock on the table, in one transaction.

    Raises :class:`~mlb_perf.errors.MigrationFailed` for a row that the new shape
    does not take, :class:`~mlb_perf.errors.ForeignObjects` for one of ``triggers``
    that it cannot have; nothing is changed then.
    """
    wanted = partitions_of(rebuild)
    with transaction(rebuild.connection):
        create_shadow(rebuild, wanted)
        if rebuild.target.to.month_column is not None:
            rebuild.run(
                f"CREATE TABLE {rebuild.target.rest} PARTITION OF {rebuild.target.shadow} DEFAULT"
            )
        narrowing.require(rebuild, *both(rebuild))
        _add_referenced_keys(rebuild)
        for trigger in triggers:
            _try(rebuild, trigger)
        _create_function(rebuild)
        state.begin(rebuild.connection, rebuild.target, "prepared")


def keep_in_step(rebuild: Rebuild) -> None:
    """From here on every change reaches the shadow; writers are out of the table for a moment.

    The lock (SHARE ROW EXCLUSIVE, which CREATE TRIGGER takes anyway) makes the
    end exact: every row below it was committed before, every one above it goes
    through the trigger.
    """

    triggers = _triggers(rebuild)

    def work() -> None:
        rebuild.run(triggers)
        state.advance(
            rebuild.connection, rebuild.target, phase="copying", positions=storage(rebuild)
        )

    under_lock(rebuild.step, [rebuild.target.live], "SHARE ROW EXCLUSIVE", work, rebuild.patience)


def create_shadow(rebuild: Rebuild, wanted: list[tuple[str, str]]) -> None:
    """The table of the new shape, without indexes and foreign keys, and its partitions."""
    target = rebuild.target
    rebuild.run(f"CREATE SCHEMA IF NOT EXISTS {SHADOWS}")
    rebuild.run(target.to.statements_in(SHADOWS))
    create_partitions(rebuild, wanted)
    both(rebuild)
    for column, sequence in sequences(rebuild):
        default = f"nextval('{sequence}'::regclass)"
        rebuild.run(f"ALTER TABLE {target.shadow} ALTER {column} SET DEFAULT {default}")


def sequences(rebuild: Rebuild) -> list[tuple[str, str]]:
    """The serial columns of the table and the sequence that each owns."""
    target = rebuild.target
    found = rebuild.connection.execute(
        text(
            "SELECT c, pg_get_serial_sequence(:table, c) FROM unnest(CAST(:names AS text[])) AS c"
        ),
        {"table": target.live, "names": list(target.was.serial_columns)},
    )
    return [(str(column), str(sequence)) for column, sequence in found]


def both(rebuild: Rebuild) -> tuple[Columns, Columns]:
    """The columns as they are and as they will be; refused if they are not the same ones."""
    target = rebuild.target
    return in_common(
        read_columns(rebuild.connection, target.live),
        read_columns(rebuild.connection, target.shadow),
        target.live,
    )


def storage(rebuild: Rebuild) -> dict[str, Position]:
    """The files in which the table's rows lie now, none of it copied."""
    rows = rebuild.connection.execute(
        text(sql.read("online/rebuild/storage.sql")), {"table": rebuild.target.live}
    )
    return {str(r.oid): Position(r.name, r.filenode, 0, r.blocks) for r in rows}


def _add_referenced_keys(rebuild: Rebuild) -> None:
    """A key that somebody's foreign key refers to and the new shape has not: it gets that too."""
    _, new = both(rebuild)
    known = {frozenset(key) for key in new.keys}
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
    """A partitioned table cannot have every trigger; better now than at the swap."""
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
            f"{diagnosis.said(error)}; nothing was changed. Drop it, run again, and make one that "
            "a partitioned table takes"
        ) from error


def _create_function(rebuild: Rebuild) -> None:
    target = rebuild.target
    _, new = both(rebuild)
    rebuild.run(
        sql.read("online/rebuild/sync.sql").format(
            function=target.function,
            shadow=target.shadow,
            key=new.key_listed(),
            old_key=new.key_listed("OLD."),
            new_key=new.key_listed("NEW."),
            columns=new.listed(),
            old_columns=new.listed("OLD."),
            new_columns=new.listed("NEW."),
            assignments=new.assignments(),
        )
    )


def _triggers(rebuild: Rebuild) -> str:
    """Enabled ALWAYS: also where replication applies rows with session_replication_role = replica.

    One string, because each statement for itself would hold the lock longer.
    """
    target = rebuild.target
    return ";\n".join(
        f"CREATE TRIGGER {name} AFTER {event} ON {target.live} FOR EACH {what} "
        f"EXECUTE FUNCTION {target.function}();\n"
        f"ALTER TABLE {target.live} ENABLE ALWAYS TRIGGER {name}"
        for name, event, what in (
            (TRIGGER, "INSERT OR UPDATE OR DELETE", "ROW"),
            (f"{TRIGGER}_truncate", "TRUNCATE", "STATEMENT"),
        )
    )
