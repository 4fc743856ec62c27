"""The environment of every Alembic command, online and offline.

One transaction a revision, timeouts as connection arguments, one runner at a
time, guards before the first step, errors as sentences. Importing it registers the
operations of the revisions, such as ``op.create_schema``.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from configparser import InterpolationError
from contextlib import contextmanager
from logging.config import fileConfig
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from mlb_perf.engine import (
    connect,
    migration_engine,
    own_engine,
    pinned_session,
    require_supported,
)
from mlb_perf.errors import ConfigurationError, MlbPerfError
from mlb_perf.formatting import printable_lines
from mlb_perf.journal import JOURNAL
from mlb_perf.migrate import guard, operations, options, session, version_table
from mlb_perf.migrate.advisory_lock import one_runner
from mlb_perf.migrate.config import scripts
from mlb_perf.migrate.directives import process
from mlb_perf.migrate.explain import explain
from mlb_perf.migrate.inclusion import LazyModels, include_name
from mlb_perf.migrate.ini import percent_sign
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.migrate.owner import as_owner
from mlb_perf.online import register, routines
from mlb_perf.online.environment import shared
from mlb_perf.online.journal import revision_failed
from mlb_perf.settings import resolve

__all__ = ["operations", "routines", "run"]

register()

INTERRUPTED = 130  # the exit status that a shell reports after SIGINT
BROKEN_PIPE = 141  # and for one that SIGPIPE ended


def run() -> None:
    """Run the command, or raise :class:`alembic.util.CommandError` with a sentence."""
    _configure_logging()
    try:
        # The command has not read the files yet, and need not read them once more.
        context.script.revision_map = scripts(context.config).revision_map
        if context.is_offline_mode():
            _run_offline()
        else:
            _run_online()
    except MlbPerfError as error:
        raise CommandError(printable_lines(str(error))) from error
    except InterpolationError as error:
        raise CommandError(percent_sign(options.name(), error)) from None
    except KeyboardInterrupt:
        raise SystemExit(_interrupted()) from None
    except PendingRollbackError as error:
        # Alembic ends an autocommit block on the connection that the interrupt has closed.
        if not _follows_interrupt(error):
            raise
        raise SystemExit(_interrupted()) from None
    except BrokenPipeError:
        # The reader of the SQL has closed the pipe, as `head` does: write nothing more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(BROKEN_PIPE) from None


def _configure_logging() -> None:
    """Log as alembic.ini says on the command line; an application has its own logging.

    Alembic prints its errors on standard output and logs them on standard
    error; on a terminal, where both are read, once is enough.
    """
    if context.config.cmd_opts is None or not context.config.file_config.has_section("loggers"):
        return
    fileConfig(str(context.config.config_file_name), disable_existing_loggers=False)
    quiet = getattr(context.config.cmd_opts, "quiet", False)
    if sys.stdout.isatty() and not quiet:
        logging.getLogger("alembic.util.messaging").setLevel(logging.CRITICAL)


def _run_offline() -> None:
    """Write the SQL; no connection is made, and no embedded server is started."""
    context.configure(dialect_name="postgresql", literal_binds=True, **_options())
    for name, value in _session_settings().items():
        context.get_context().impl.static_output(f"SET {name} = '{value}';")
    with context.begin_transaction():
        context.run_migrations()


def _run_online() -> None:
    given = context.config.attributes.get("connection")
    with _connection(given) as connection, as_owner(connection):
        _migrate(connection)


@contextmanager
def _connection(given: Any) -> Iterator[Connection]:
    """The given connection, one of the given engine, or one to the target; with our settings.

    ``given`` may also be an object whose ``connect()`` gives the connection of a test.
    """
    settings = _session_settings()
    if isinstance(given, Connection):
        require_supported(given)
        with session.lent(given, settings), pinned_session(given):
            yield given
    elif given is not None:
        own = own_engine(given) if isinstance(given, Engine) else given
        with connect(own) as connection, session.lent(connection, settings):
            yield connection
    else:
        target = resolve(context.config.get_main_option("sqlalchemy.url"))
        with connect(migration_engine(target.connect_url(), settings, shown=True)) as connection:
            session.require(connection, settings)
            session.without_transaction_timeout(connection)
            yield connection


def _migrate(connection: Connection) -> None:
    version_table.require_trusted(connection, context.config)
    context.configure(connection=connection, **_options())
    migration = context.get_context()
    try:
        if migration.opts.get("dont_mutate"):  # `alembic current` waits for no other runner
            heads = migration.get_current_heads()
            version_table.refuse_unknown(heads, migration)
            guard.refuse_absent(heads, migration)
            context.run_migrations()
            return
        with (
            one_runner(connection, options.seconds("runner_timeout", "15min")),
            cancel_on_interrupt(connection),
        ):
            _run_guarded(connection, migration)
    except DBAPIError as error:
        raise explain(error, connection, began=guard.has_steps(migration)) from error


def _run_guarded(connection: Connection, migration: MigrationContext) -> None:
    guard.install(migration)
    try:
        with context.begin_transaction():
            context.run_migrations()
    except DBAPIError as error:
        revision_failed(migration, error)
        raise
    _forget_version_table(connection, migration)


def _forget_version_table(connection: Connection, migration: MigrationContext) -> None:
    """At base drop Alembic's empty table too: nothing of ours is left."""
    if not migration.get_current_heads():
        name = version_table.name(context.config)
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    if not migration._in_external_transaction:
        connection.commit()


def _follows_interrupt(error: BaseException | None) -> bool:
    """Whether the error was raised while a Ctrl-C was being handled."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _interrupted() -> int:
    logging.getLogger("alembic.mlb_perf").warning(
        "Interrupted: the running revision is rolled back, or continues where its rebuild "
        "stopped; the revisions before it are applied. Run the same command again to continue."
    )
    return INTERRUPTED


def _options() -> dict[str, Any]:
    """The options of ``context.configure`` that online and offline commands share."""
    config = context.config
    found = shared(patience=options.patience(), journal=JOURNAL, keep=_keeps_old_tables())
    plugins = [*found["autogenerate_plugins"], "alembic.ext.checkconstraint_byname"]
    return {
        **found,
        "target_metadata": LazyModels(),
        "include_schemas": True,
        "include_name": include_name,
        "compare_type": True,
        "compare_server_default": True,
        "autogenerate_plugins": plugins,
        "process_revision_directives": process,
        **version_table.options(config),
        "mlb_perf_lock_timeout": options.lock_timeout(),
    }


def _keeps_old_tables() -> bool:
    """Whether -x keep=yes was given: rebuilt tables are kept beside the new ones."""
    given = context.get_x_argument(as_dictionary=True).get("keep", "no")
    if given not in ("yes", "no"):
        raise ConfigurationError(f"-x keep={given} is neither yes nor no; write -x keep=yes")
    return given == "yes"


def _session_settings() -> dict[str, str]:
    return {
        "lock_timeout": options.lock_timeout(),
        # A role's own limit would end a long index build half way.
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
        # The engine retries for locks, and not for serialization failures.
        "default_transaction_isolation": "read committed",
        "timezone": "UTC",
    }
