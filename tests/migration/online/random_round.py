"""One round: up and down, with another session's actions and kills between the statements.

What happens between two statements comes from the seed alone, so a round can be played again.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

import mlb_perf.migrate.catalog as catalogs
from mlb_perf import online
from mlb_perf.errors import MlbPerfError
from mlb_perf.online import Journal, Patience
from mlb_perf.online.environment import shared
from mlb_perf.online.journal import RUNNING, Running
from mlb_perf.online.rebuild.state import finish_revision
from tests.migration.online.random_actions import SYNCED, changes, dependants
from tests.migration.online.random_table import MIRROR, SCHEMA, TABLE, Thing, statements, thing
from tests.support.sql import rows, run, value

JOURNAL = Journal("ops")
RUNS = 12
STATEMENTS = 260

_OTHERS = f"""
SELECT 'policy ' || polname, pg_get_expr(polqual, polrelid) FROM pg_policy
UNION ALL SELECT 'rule ' || rulename, definition FROM pg_rules WHERE schemaname = '{SCHEMA}'
UNION ALL SELECT 'publication ' || pubname, tablename FROM pg_publication_tables
UNION ALL SELECT 'firing ' || tgname, tgenabled::text FROM pg_trigger
WHERE NOT tgisinternal AND tgparentid = 0 AND tgrelid = '{TABLE}'::regclass
"""
_SCHEMAS = r"SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname LIKE 'mlb\_perf\_%'"
_KEPT = r"SELECT oid::regclass FROM pg_class WHERE relname LIKE 'dropped\_%' AND relkind = 'r'"
_PUBLICATIONS = "SELECT quote_ident(pubname) FROM pg_publication"
_BOUND = "pg_get_partition_constraintdef(relid)"
_OURS = re.compile(r"mlb_perf|_of_\d+_\d+|fk_\d+_\d+|REFERENCES random.thing_")


class Round:
    """``expected`` are the objects as they should be in the old shape."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.random = Random(seed)
        self.thing = thing(self.random)
        self.done: list[str] = []
        self.threads: list[threading.Thread] = []
        run(engine, *statements(self.thing))
        for _ in range(self.random.randint(0, 4)):
            self._apply(dependants(self.random, self.thing))
        self.expected = objects(engine)

    def play(self) -> str:
        """Up and down; the outcome in words. Raises AssertionError for a difference."""
        for direction in ("upgrade", "downgrade"):
            refusal = self._run(direction)
            if refusal is not None:
                self._as_before(direction)
                return f"{direction} refused: {refusal}"
            self._rows(direction)
        self._as_before("upgrade")
        self._counts_on()
        return "up and down"

    def _counts_on(self) -> None:
        """The sequences are where they were: the next value is new."""
        if "counted" in self.thing.old.c:
            sequence = value(self.engine, f"SELECT pg_get_serial_sequence('{TABLE}', 'counted')")
            highest = f"SELECT coalesce(max(counted), 0) FROM {TABLE}"
            used = f"SELECT last_value >= ({highest}) FROM {sequence}"
            assert value(self.engine, used), f"{sequence} begins again"

    def _as_before(self, direction: str) -> None:
        """The objects of the shape that the table has before that direction, and its rows."""
        if direction == "upgrade":
            different = catalogs.differences(objects(self.engine), self.expected)
            assert different == [], "\n".join(different)
        self._rows("downgrade" if direction == "upgrade" else "upgrade")

    def _rows(self, after: str) -> None:
        it = self.thing
        columns = [c.name for c in it.old.columns] if after == "downgrade" else list(it.kept)
        if "doubled" in columns:  # the mirror has a plain column in its place
            columns.remove("doubled")
            wrong = f"SELECT id FROM {TABLE} WHERE doubled IS DISTINCT FROM whole * 2"
            assert rows(self.engine, wrong) == []
        listed = ", ".join(
            f"CAST(CAST({c} AS {it.old.c[c].type.compile(self.engine.dialect)}) AS text)"
            for c in columns
        )
        one, other = (f"SELECT {listed} FROM {table}" for table in (TABLE, MIRROR))
        for first, second in ((one, other), (other, one)):
            found = rows(self.engine, f"({first} EXCEPT ALL {second}) LIMIT 3")
            assert found == [], (columns, found)
        if after == "upgrade" and "derived" in it.using:
            assert value(self.engine, f"SELECT count(*) FROM {TABLE} WHERE derived = 'd'") == 0

    def _run(self, direction: str) -> str | None:
        """Until it has ended; a refusal that names the table, or None."""
        for turn in range(RUNS):
            plan = self._plan(direction, kills=turn < 4)
            try:
                with acting(self.engine, plan) as engine:
                    rebuild(engine, self.thing, direction)
                return None
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            except MlbPerfError as error:
                if "could not acquire" not in str(error):
                    return _named(error)
            finally:
                for thread in self.threads:
                    thread.join()
                self.threads.clear()
        raise AssertionError(f"not finished after {RUNS} runs")

    def _plan(self, direction: str, *, kills: bool) -> dict[int, Callable[[Connection], None]]:
        """By the number of the statement before which it happens."""
        plan: dict[int, Callable[[Connection], None]] = {}
        for _ in range(self.random.randint(2, 9)):
            kind = self.random.choice(["rows", "rows", "rows", "slow", "define", "vacuum", "empty"])
            action = {
                "rows": lambda _: self._change(direction),
                "slow": lambda _: self._slowly(direction),
                "define": lambda _: self._define(direction),
                "empty": lambda _: self._empty(),
                "vacuum": lambda _: self._apply([f"VACUUM FULL {TABLE}"]),
            }[kind]
            plan[self.random.randint(1, STATEMENTS)] = action
        if kills and self.random.random() < 0.7:
            plan[self.random.randint(1, STATEMENTS)] = self._kill
        return plan

    def _swapped(self) -> bool:
        query = f"SELECT count(*) FROM {JOURNAL.rebuilds} WHERE phase = 'swapped'"
        return bool(value(self.engine, query))

    def _change(self, direction: str) -> None:
        keys = direction == "upgrade" and not self._swapped()
        self._apply([SYNCED, *changes(self.random, self.thing, keys=keys)], whole=True)

    def _slowly(self, direction: str) -> None:
        """A transaction of another session that stays open for a moment, in any isolation."""
        keys = direction == "upgrade" and not self._swapped()
        isolation = self.random.choice(["READ COMMITTED", "REPEATABLE READ"])
        begin = f"SET TRANSACTION ISOLATION LEVEL {isolation}"
        work = [begin, f"SELECT 1 FROM {TABLE} LIMIT 1", "SELECT pg_sleep(0.2)", SYNCED]
        work += changes(self.random, self.thing, keys=keys)
        reads = threading.Event()
        given = {"whole": True, "reads": reads}
        thread = threading.Thread(target=self._apply, args=(work,), kwargs=given)
        self.threads.append(thread)
        thread.start()
        reads.wait()  # its lock is before the swap, as its keys are

    def _define(self, direction: str) -> None:
        try:
            before = objects(self.engine)
        except DBAPIError:  # the rebuild holds its lock
            return
        drops = [f"DROP {key}" for key in sorted(before) if key.startswith(("view ", "index "))
                 and "_100" in key]  # fmt: skip
        if drops and self.random.random() < 0.15:
            self._apply([self.random.choice(drops)])
        else:
            work = dependants(self.random, self.thing)
            is_new = self._swapped() == (direction == "upgrade")
            if " ALTER " in work[0] and is_new:
                return  # the column has its new type now, which is not expected at the end
            self._apply(work)
        after = objects(self.engine)
        self.expected.update({k: v for k, v in after.items() if before.get(k) != v})
        for gone in before.keys() - after.keys():
            self.expected.pop(gone, None)

    def _empty(self) -> None:
        """Truncate a partition, or detach it and drop it, or truncate the table."""
        query = f"SELECT relid::regclass::text, {_BOUND} FROM pg_partition_tree('{TABLE}')"
        try:
            leaves = rows(self.engine, f"{query} WHERE level > 0 ORDER BY 1")
        except DBAPIError:  # the rebuild holds its lock
            return
        leaf, bound = self.random.choice(leaves) if leaves else (TABLE, "true")
        work = [[f"TRUNCATE {leaf}"]]
        if leaves:
            work.append([f"ALTER TABLE {TABLE} DETACH PARTITION {leaf}", f"DROP TABLE {leaf}"])
        if leaves or self.random.random() < 0.2:
            delete = f"DELETE FROM {MIRROR} WHERE {bound}"
            self._apply([SYNCED, delete, *self.random.choice(work)], whole=True)

    def _kill(self, connection: Connection) -> None:
        pid = connection.info["pid"]
        self.done.append(f"kill {pid}")
        run(self.engine, f"SELECT pg_terminate_backend({pid}, 5000)")

    def _apply(
        self, work: list[str], *, whole: bool = False, reads: threading.Event | None = None
    ) -> None:
        """One transaction, or none; what it cannot have now, it does without.

        ``reads`` is set after the first statement, or its failure.
        """
        engine = self.engine.execution_options(isolation_level="READ COMMITTED")
        if work[0].startswith("VACUUM"):
            engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection, connection.begin():
                if work[0].startswith("SET TRANSACTION"):
                    connection.exec_driver_sql(work.pop(0))
                for statement in work:
                    connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
                    if reads is not None:
                        reads.set()
            self.done.append("; ".join(work))
        except DBAPIError as error:
            state = getattr(error.orig, "pgcode", None)
            self.done.append(f"failed ({state}): {'; '.join(work)}")
            allowed = {"55P03", "40001", "40P01", "23505", "42P07", "0A000", "42703", "23514"}
            if whole and state not in allowed:
                raise
        finally:
            if reads is not None:
                reads.set()


def _named(error: MlbPerfError) -> str:
    """A refusal names the table."""
    assert TABLE in str(error), error
    return str(error)


def objects(engine: Engine) -> dict[str, str]:
    """What is in the schema, without the objects of a rebuild."""
    with engine.connect() as connection:
        found = catalogs.read_catalog(connection, (SCHEMA,))
    found |= {str(name): str(text) for name, text in rows(engine, _OTHERS)}
    return {k: _normal(v) for k, v in found.items() if not _OURS.search(k) and not _OURS.search(v)}


def _normal(definition: str) -> str:
    """The same for a table with partitions and without; statistics follow the column order."""
    if definition.startswith("CREATE STATISTICS"):
        head, _, columns = definition.partition(" ON ")
        return f"{head} ON {sorted(columns.split(' FROM ')[0].split(', '))}"
    return definition.replace(" ON ONLY ", " ON ")


@contextmanager
def acting(engine: Engine, plan: dict[int, Callable[[Connection], None]]) -> Iterator[Engine]:
    """An engine that does what is planned before its n-th statement."""
    acted = create_engine(engine.url, poolclass=NullPool)
    count = 0

    @event.listens_for(acted, "before_cursor_execute")
    def _act(connection: Connection, *_: Any) -> None:
        nonlocal count
        count += 1
        if (action := plan.get(count)) is not None:
            connection.info.setdefault(
                "pid",
                connection.connection.driver_connection.info.backend_pid,  # type: ignore[union-attr]
            )
            action(connection)

    yield acted
    acted.dispose()


def rebuild(engine: Engine, it: Thing, direction: str) -> None:
    """As a revision does it."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts=shared(journal=JOURNAL, patience=Patience(total_seconds=3))
        )
        context.opts[RUNNING] = Running("9", direction)
        with context.begin_transaction(_per_migration=True):
            op: Any = Operations(context)
            if direction == "upgrade":
                op.rebuild_table(
                    it.new,
                    was=it.old,
                    partitions=it.new_partitions,
                    was_partitions=it.old_partitions,
                    using=it.using,
                )
            else:
                op.rebuild_table(
                    it.old,
                    was=it.new,
                    partitions=it.old_partitions,
                    was_partitions=it.new_partitions,
                )
            finish_revision(connection, JOURNAL, "9", direction)


def clear(engine: Engine) -> None:
    """Before the next round."""
    run(
        engine,
        "DROP SCHEMA IF EXISTS mlb_perf_rebuild CASCADE",
        f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE",
        *(f"DROP SCHEMA IF EXISTS {name} CASCADE" for (name,) in rows(engine, _SCHEMAS)),
        *(f"DROP TABLE {name}" for (name,) in rows(engine, _KEPT)),
        f"DELETE FROM {JOURNAL.rebuilds}",
        *(f"DROP PUBLICATION {name}" for (name,) in rows(engine, _PUBLICATIONS)),
    )  # fmt: skip


def journal(engine: Engine) -> None:
    """The tables of the journal, as a revision creates them."""
    online.register()
    with engine.begin() as connection:
        op: Any = Operations(MigrationContext.configure(connection))
        op.create_journal(JOURNAL.schema)


def play(engine: Engine, seed: int) -> str:
    """The round of that seed; its actions are printed if it fails."""
    clear(engine)
    # The actions run between two statements of the rebuild: they must not wait for its locks.
    impatient = {"options": "-c lock_timeout=150ms"}
    one = Round(create_engine(engine.url, poolclass=NullPool, connect_args=impatient), seed)
    try:
        return one.play()
    except BaseException:
        print(f"seed {seed}: {one.thing}")
        print("\n".join(one.done))
        raise
