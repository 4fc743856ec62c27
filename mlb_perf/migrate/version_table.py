"""The version table: where it is, whose it is, and that it holds known revisions, each once."""

from __future__ import annotations

from collections.abc import Sequence

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.errors import NameConflict
from mlb_perf.names import qualified

_MAX_NAMED = 20


def options(config: Config) -> dict[str, str]:
    """The table's place, as options of Alembic's context."""
    return {
        "version_table": config.get_main_option("version_table", "alembic_version"),
        "version_table_schema": config.get_main_option("version_table_schema", "public"),
    }


def name(config: Config) -> str:
    """The table as SQL writes it."""
    given = options(config)
    return qualified(given["version_table_schema"], given["version_table"])


def require_trusted(connection: Connection, config: Config) -> None:
    """Refuse a version table that another role owns: its triggers would run with our rights.

    Trusted are this role, superusers, and the owners of the database and of the package's schemas.
    Raises :class:`~mlb_perf.errors.NameConflict`.
    """
    begun = connection.in_transaction()
    query = text(sql.read("catalog/version_table.sql"))
    owner = connection.execute(query, options(config)).scalar()
    if not begun:
        connection.rollback()
    if owner is None:
        return
    table = name(config)
    raise NameConflict(
        f"{table} belongs to {owner}, and a trigger of it would run with the rights of this "
        "session; nothing was changed. If another application keeps its revision there, set "
        "version_table in alembic.ini to another name; otherwise read the table and drop it, or "
        f"take it over: ALTER TABLE {table} OWNER TO CURRENT_USER"
    )


def refuse_unknown(heads: Sequence[str], context: MigrationContext) -> None:
    """Refuse a version table that holds another revision than ours, or one twice.

    Raises :class:`~mlb_perf.errors.NameConflict`.
    """
    assert context.script is not None
    known = {revision.revision for revision in context.script.walk_revisions()}
    if unknown := [head for head in heads if head not in known]:
        raise NameConflict(
            f"{context.version_table} holds {listed(unknown)}, which is not a revision of "
            "mlb_perf; nothing was changed. If another application keeps its revision there, set "
            "version_table in alembic.ini to another name; if a newer mlb_perf wrote it, install "
            "that version; if it is a revision of your own that no longer exists, correct the "
            "version table with `alembic stamp --purge REVISION`, which changes nothing else"
        )
    newest = without_contained(context.script, heads)
    if len(newest) < len(heads):
        raise NameConflict(
            f"{context.version_table} holds {listed(sorted(heads))}, but {listed(newest)} alone "
            "says the same; nothing was changed. Correct it with `alembic stamp --purge "
            f"{' '.join(newest)}`, which changes nothing else"
        )


def without_contained(script: ScriptDirectory, revisions: Sequence[str]) -> list[str]:
    """The known ``revisions`` once each, without those that another one of them follows."""
    older = {
        before.revision
        for one in revisions
        for before in script.iterate_revisions(one, "base")
        if before.revision != one
    }
    return sorted({*revisions} - older)


def listed(names: list[str]) -> str:
    """The names, or the first of them and how many more."""
    rest = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {rest} more" if rest > 0 else "")
