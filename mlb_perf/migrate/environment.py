"""The environment of every Alembic command, online and offline.

One transaction a revision, timeouts as connection arguments, one runner at a
time, guards before the first step, errors as sentences. Importing it registers the
operations of the revisions, such as ``op.create_schema``.
"""

from __future__ import annotations

import functools
import logging
import os
import sys
from collections.abc import Iterable
from configparser import InterpolationError
from logging.config import fileConfig
from typing import Any

from alembic import context
from alembic.autogenerate.rewriter import Rewriter
from alembic.config import Config
from alembic.operations import MigrationScript, ops
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError, rev_id
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from mlb_perf.engine import connect, migration_engine, pinned_session
from mlb_perf.errors import ConfigurationError, MlbPerfError
from mlb_perf.formatting import printable_lines
from mlb_perf.migrate import guard, operations, options, session, version_table
from mlb_perf.migrate.advisory_lock import one_runner
from mlb_perf.migrate.config import scripts
from mlb_perf.migrate.explain import explain
from mlb_perf.migrate.interrupt import cancel_on_interrupt
from mlb_perf.migrate.lazy_models import LazyModels
from mlb_perf.online import compare, index, lock_ladder, rebuild_table, routines
from mlb_perf.online.journal import revision_failed
from mlb_perf.online.rebuild.target import REFERENCED
from mlb_perf.schemas import SCHEMAS
from mlb_perf.settings import resolve

__all__ = ["operations", "rebuild_table", "routines", "run"]

INTERRUPTED = 130  # the exit status that a shell reports after SIGINT
BROKEN_PIPE = 141  # and for one that SIGPIPE ended


def run() -> None:
    """Run the command, or raise :class:`alembic.util.CommandError` with a sentence."""
    _configure_logging()
    try:
        scripts(context.config)
        if context.is_offline_mode():
            _run_offline()
        else:
            _run_online()
    except MlbPerfError as error:
        raise CommandError(printable_lines(str(error))) from error
    except InterpolationError as error:
        raise CommandError(
            f"{options.name()}: {error.message}; write a percent sign as %%"
        ) from error
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
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        with pinned_session(given):
            _migrate(given)
        return
    target = resolve(context.config.get_main_option("sqlalchemy.url"))
    settings = _session_settings()
    with connect(migration_engine(target.connect_url(), settings)) as connection:
        session.require(connection, settings)
        session.without_transaction_timeout(connection)
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    version_table.require_trusted(connection, context.config)
    context.configure(connection=connection, **_options())
    migration = context.get_context()
    try:
        if migration.opts.get("dont_mutate"):  # `alembic current` waits for no other runner
            guard.refuse_absent(migration.get_current_heads(), migration)
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
    return {
        "target_metadata": LazyModels(),
        "transaction_per_migration": True,
        "include_schemas": True,
        "include_name": _include_name,
        "compare_type": True,
        "compare_server_default": True,
        "autogenerate_plugins": [
            "alembic.autogenerate.*",
            "alembic.ext.checkconstraint_byname",
            compare.PLUGIN,
        ],
        "process_revision_directives": _directives,
        **version_table.options(config),
        "mlb_perf_lock_timeout": options.lock_timeout(),
        rebuild_table.KEEP: _keeps_old_tables(),
        lock_ladder.PATIENCE: options.patience(),
    }


def _keeps_old_tables() -> bool:
    """Whether -x keep=yes was given: rebuilt tables are kept beside the new ones."""
    given = context.get_x_argument(as_dictionary=True).get("keep", "no")
    if given not in ("yes", "no"):
        raise ConfigurationError(f"-x keep={given} is neither yes nor no; write -x keep=yes")
    return given == "yes"


def _include_name(name: str | None, type_: str, parents: Any) -> bool:
    """Autogenerate sees our schemas alone, and in them the tables of revisions and models.

    Any other table there belongs to another user, or is a partition: neither is ours to drop.
    """
    if type_ == "schema":
        return name in SCHEMAS
    if type_ in ("unique_constraint", "index") and str(name).startswith(REFERENCED):
        return False  # a rebuild keeps it for a foreign key of another user
    return type_ != "table" or f"{parents.get('schema_name')}.{name}" in _tables(context.config)


@functools.lru_cache(maxsize=1)
def _tables(config: Config) -> frozenset[str]:
    models = {name for metadata in LazyModels() for name in metadata.tables}
    return guard.tables_of_all_revisions(scripts(config)) | models


def _directives(
    context_: MigrationContext, heads: Iterable[str | None], directives: list[MigrationScript]
) -> None:
    _indexes_online(context_, heads, directives)
    _number(context_, heads, directives)


# An index on a table that is there already is built while others write.
_indexes_online = Rewriter()


@_indexes_online.rewrites(ops.ModifyTableOps)
def _online(
    _context: MigrationContext, _heads: Iterable[str | None], found: ops.ModifyTableOps
) -> ops.ModifyTableOps:
    found.ops = [index.online(item) for item in found.ops]
    return found


def _number(
    _context: MigrationContext, _heads: Iterable[str | None], directives: list[MigrationScript]
) -> None:
    """A new revision takes the next number, as ``--rev-id`` would give it."""
    script = scripts(context.config)
    numbers = [int(r.revision) for r in script.walk_revisions() if r.revision.isdigit()]
    for directive in directives:
        if not _is_numbered(directive.rev_id):
            directive.rev_id = f"{max(numbers, default=0) + 1:04d}"


def _is_numbered(revision: str | None) -> bool:
    """Whether the user gave the number; Alembic's own 12 hexadecimal digits can all be decimal."""
    if revision is None or not revision.isdigit():
        return False
    given = getattr(context.config.cmd_opts, "rev_id", None)
    return given is not None or len(revision) != len(rev_id())


def _session_settings() -> dict[str, str]:
    return {
        "lock_timeout": options.lock_timeout(),
        # A role's own limit would end a long index build half way.
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
        "timezone": "UTC",
    }
