"""A connection or an engine that the caller gives, as Alembic's cookbook has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from mlb_perf.migrate.config import alembic_config
from tests.support.catalogs import assert_same, catalog
from tests.support.databases import engine_on
from tests.support.heads import HEAD
from tests.support.sql import run, value

SETTINGS = """
SELECT current_setting('lock_timeout'), current_setting('statement_timeout'),
    current_setting('timezone'), current_setting('default_transaction_isolation'),
    current_setting('transaction_timeout', true)
"""
OWN = (
    "SET lock_timeout = '77s'; SET statement_timeout = '78s'; SET timezone = 'Asia/Tokyo';"
    " SELECT set_config(name, '79s', false) FROM pg_settings WHERE name = 'transaction_timeout'"
)
LOCKS = """
SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database
WHERE locktype = 'advisory' AND datname = current_database()
"""
Form = Callable[[Engine, Callable[[Any], None]], None]


def given(to: Any) -> Config:
    config = alembic_config()
    config.attributes["connection"] = to
    return config


def settings(connection: Connection) -> tuple[Any, ...]:
    return tuple(connection.exec_driver_sql(SETTINGS).one())


def settings_of(engine: Engine) -> tuple[Any, ...]:
    """Those that :data:`OWN` gives to each session."""
    has_timeout = engine.dialect.server_version_info >= (17,)  # type: ignore[operator]
    return "77s", "78s", "Asia/Tokyo", "serializable", "79s" if has_timeout else None


def locks(connection: Connection) -> int:
    """How many advisory locks are held in this database."""
    return int(connection.exec_driver_sql(LOCKS).scalar_one())


def whole(engine: Engine, move: Callable[[Any], None]) -> None:
    move(engine)


def connection(engine: Engine, move: Callable[[Any], None]) -> None:
    with engine.connect() as it:
        move(it)
        assert not it.in_transaction()
        assert settings(it) == settings_of(engine)


def autocommit(engine: Engine, move: Callable[[Any], None]) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as it:
        move(it)
        it.exec_driver_sql("CREATE TABLE public.at_once (a int)")
        it.rollback()
        it.exec_driver_sql("DROP TABLE public.at_once")
        assert settings(it) == settings_of(engine)


def serializable(engine: Engine, move: Callable[[Any], None]) -> None:
    with engine.connect().execution_options(isolation_level="SERIALIZABLE") as it:
        move(it)
        assert it.exec_driver_sql("SHOW transaction_isolation").scalar() == "serializable"


def transaction(engine: Engine, move: Callable[[Any], None]) -> None:
    """Rolled back it has changed nothing; committed it is there."""
    elsewhere = engine_on(engine.url)
    before = catalog(elsewhere)
    with engine.connect() as it:
        with it.begin() as begun:
            move(it)
            begun.rollback()
        assert_same(catalog(elsewhere), before)
        with it.begin():
            move(it)
            assert settings(it) == settings_of(engine)
            assert locks(it) == 1
        assert locks(it) == 0


def savepoint(engine: Engine, move: Callable[[Any], None]) -> None:
    with engine.begin() as it:
        with it.begin_nested() as begun:
            move(it)
            begun.rollback()
        with it.begin_nested():
            move(it)


def begun_by_a_query(engine: Engine, move: Callable[[Any], None]) -> None:
    with engine.connect() as it:
        it.exec_driver_sql("SELECT 1")
        move(it)
        it.commit()


def stand_in(engine: Engine, move: Callable[[Any], None]) -> None:
    """As pytest-alembic has it: ``connect()`` gives the connection of the test."""

    class Wrapped:
        @contextmanager
        def connect(self) -> Iterator[Connection]:
            yield it

    with engine.begin() as it:
        move(Wrapped())


FORMS = (whole, connection, autocommit, serializable, transaction, savepoint, begun_by_a_query,
         stand_in)  # fmt: skip


@pytest.fixture
def pool(shared_head: Engine) -> Iterator[Engine]:
    """An application's engine: one connection that is used again, with settings of its own."""
    isolation = "default_transaction_isolation"  # psycopg2 resets that of the session
    run(shared_head, f"ALTER DATABASE {shared_head.url.database} SET {isolation} = 'serializable'")
    engine = create_engine(shared_head.url, poolclass=QueuePool, pool_size=1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _(session: Any, _: object) -> None:
        session.cursor().execute(OWN)
        session.commit()

    yield engine
    engine.dispose()
    run(shared_head, f"ALTER DATABASE {shared_head.url.database} RESET {isolation}")


@pytest.mark.parametrize("form", FORMS)
def test_down_and_up(pool: Engine, shared_head: Engine, form: Form) -> None:
    """An index is dropped and built, a table rebuilt; the session is as it was."""
    before = catalog(shared_head)
    form(pool, lambda it: command.downgrade(given(it), "0025"))
    assert value(shared_head, "SELECT version_num FROM alembic_version") == "0025"
    form(pool, lambda it: command.upgrade(given(it), "head"))
    assert value(shared_head, "SELECT version_num FROM alembic_version") == HEAD
    assert_same(catalog(shared_head), before)
    with pool.connect() as connection:
        assert settings(connection) == settings_of(pool)
        assert locks(connection) == 0


def test_commands_that_only_read(pool: Engine) -> None:
    for form in (whole, connection, autocommit, serializable, begun_by_a_query):
        form(pool, lambda it: command.current(given(it)))
    with pool.connect() as it:
        assert settings(it) == settings_of(pool)


def test_a_refusal_leaves_the_connection_as_it_was(pool: Engine, shared_head: Engine) -> None:
    """Without a lock, with the caller's settings; a transaction of the caller goes on."""
    run(shared_head, "CREATE TABLE curated.others (a int)")
    try:
        with pool.connect() as it:
            for begun in (False, True):
                if begun:
                    it.exec_driver_sql("CREATE TABLE public.in_it (a int)")
                with pytest.raises(
                    CommandError, match=r"table curated\.others.*nothing was changed"
                ):
                    command.downgrade(given(it), "base")
                assert it.in_transaction() == begun
                assert settings(it) == settings_of(pool)
                it.commit()
                assert locks(it) == 0
    finally:
        run(shared_head, "DROP TABLE curated.others")
    run(shared_head, "DROP TABLE public.in_it")


@pytest.mark.parametrize("begun", [False, True])
def test_the_error_of_a_statement(pool: Engine, shared_head: Engine, begun: bool) -> None:
    """The server's first message, not that the transaction is aborted."""
    with shared_head.connect() as holder, pool.connect() as it:
        holder.exec_driver_sql("LOCK TABLE curated.ml_features")
        if begun:
            it.begin()
        config = given(it)
        config.set_main_option("lock_timeout", "50ms")
        config.set_main_option("lock_patience", "50ms")
        with pytest.raises(CommandError, match=r"55P03|could not acquire"):
            command.downgrade(config, "0025")
        it.rollback()
        assert settings(it) == settings_of(pool)
        it.rollback()
        holder.rollback()
        command.upgrade(given(it), "head")


TABLE = "curated.ml_features"
LOST = {
    "policy own": (f"CREATE POLICY own ON {TABLE} USING (true)", f"DROP POLICY own ON {TABLE}"),
    "statistics curated.own": (
        f"CREATE STATISTICS curated.own ON game_id, as_of FROM {TABLE}",
        "DROP STATISTICS curated.own",
    ),
    "publication own": (f"CREATE PUBLICATION own FOR TABLE {TABLE}", "DROP PUBLICATION own"),
    "the column own": (f"ALTER TABLE {TABLE} ADD own int", f"ALTER TABLE {TABLE} DROP own"),
    "unique index curated.own": (
        f"CREATE UNIQUE INDEX own ON {TABLE} (game_id, as_of)", "DROP INDEX curated.own"),
}  # fmt: skip


def test_a_rebuild_within_a_transaction_loses_nothing(pool: Engine, shared_head: Engine) -> None:
    """What it cannot re-create is named; a CHECK is kept."""
    run(shared_head, *(create for create, _ in LOST.values()))
    run(shared_head, f"ALTER TABLE {TABLE} ADD CONSTRAINT own CHECK (game_id > 0)")
    try:
        with pool.connect() as it, it.begin() as begun:
            with pytest.raises(CommandError, match=f"{TABLE} has, or is needed by,") as refused:
                command.downgrade(given(it), "0025")
            begun.rollback()
        assert [name for name in LOST if name not in str(refused.value)] == []
    finally:
        run(shared_head, *(drop for _, drop in reversed(LOST.values())))
    before = catalog(shared_head)
    for move, to in ((command.downgrade, "0025"), (command.upgrade, "head")):
        with pool.begin() as it:
            move(given(it), to)
    assert_same(catalog(shared_head), before)
    run(shared_head, f"ALTER TABLE {TABLE} DROP CONSTRAINT own")


def test_connections_that_cannot_be_used(shared_head: Engine) -> None:
    """Refused in a sentence, before anything is done."""
    with shared_head.connect().execution_options(isolation_level="AUTOCOMMIT") as it, it.begin():
        with pytest.raises(CommandError, match=r"in AUTOCOMMIT mode and has begun a transaction"):
            command.upgrade(given(it), "head")
        assert locks(it) == 0
    other = create_engine(shared_head.url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with (
        other.connect() as connection,
        pytest.raises(CommandError, match=r"uses psycopg, and this needs psycopg2"),
    ):
        command.upgrade(given(connection), "head")


def test_an_engine_of_another_driver(empty: Engine) -> None:
    """The package connects to its database by its own driver."""
    other = create_engine(empty.url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    command.upgrade(given(other), "0001")
    assert value(empty, "SELECT version_num FROM public.alembic_version") == "0001"
