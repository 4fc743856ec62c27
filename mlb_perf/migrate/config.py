"""Where the revisions and their alembic.ini are: in the checkout, or in the installed package."""

from __future__ import annotations

import traceback
from configparser import Error
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import RevisionError, RevisionMap
from alembic.util import CommandError, to_tuple
from sqlalchemy import Connection

from mlb_perf.errors import ConfigurationError, MlbPerfError
from mlb_perf.formatting import one_line
from mlb_perf.migrate import version_table
from mlb_perf.migrate.ini import ini_path, unreadable

BASELINE = "0006"
"""The revision whose shape an existing database must have to be adopted."""


def alembic_config() -> Config:
    """Alembic's configuration, for commands that are called from Python."""
    return Config(str(ini_path()))


def scripts(config: Config | None = None) -> ScriptDirectory:
    """The revisions.

    Raises :class:`~mlb_perf.errors.ConfigurationError` for a file that cannot be imported, for two
    of one number, for one that follows none of them, for a circle, and for an alembic.ini that
    configparser cannot read.
    """
    config = config or alembic_config()
    try:
        found = ScriptDirectory.from_config(config)
        loaded = _loaded(found)
        _refuse_doubles(loaded)
        _require_parents(loaded)
        found.revision_map = RevisionMap(lambda: loaded)  # which would read the files once more
        found.get_heads()
    except RevisionError as error:
        raise ConfigurationError(
            f"{error}; correct down_revision in the files of these revisions"
        ) from error
    except Error as error:
        raise ConfigurationError(unreadable(str(config.config_file_name), error)) from None
    return found


def _refuse_doubles(loaded: list[Script]) -> None:
    paths: dict[str, str] = {}
    for script in loaded:
        if (other := paths.setdefault(script.revision, script.path)) != script.path:
            raise ConfigurationError(
                f"{other} and {script.path} are both revision {script.revision}; give one of them "
                "another number, or remove it"
            )


def _loaded(found: ScriptDirectory) -> list[Script]:
    """All files; a revision is any code, so its import can raise any error."""
    try:
        return list(found._load_revisions())
    except (CommandError, MlbPerfError, RevisionError):
        raise
    except Exception as error:
        folders = [str(Path(folder).resolve()) for folder in found._version_locations]
        path = _raised_in(error, folders) or f"a file in {' or '.join(folders)}"
        said = one_line(str(error)) or "no message"
        raise ConfigurationError(
            f"{path} is not a revision that can be imported ({type(error).__name__}: {said}); "
            "correct it, or move it out of that folder"
        ) from error


def _raised_in(error: Exception, folders: list[str]) -> str | None:
    """The file of these folders in which the error was raised."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    files.append(getattr(error, "filename", None) or "")  # of a SyntaxError
    own = [file for file in files if str(Path(file).resolve().parent) in folders]
    return own[-1] if own else None


def _require_parents(loaded: list[Script]) -> None:
    known = {name for script in loaded for name in (script.revision, *script.branch_labels)}
    for script in loaded:
        before = {*to_tuple(script.down_revision, ()), *to_tuple(script.dependencies, ())}
        if missing := sorted(before - known):
            raise ConfigurationError(
                f"{script.path} follows {', '.join(missing)}, which is not a revision here; "
                "correct it, or name the folder of that revision in version_locations"
            )


def current_revisions(connection: Connection) -> tuple[str, ...]:
    """The revisions in the version table; empty if that does not exist."""
    config = alembic_config()
    version_table.require_trusted(connection, config)
    migration = MigrationContext.configure(connection, opts=version_table.options(config))
    return migration.get_current_heads()


def head_revisions() -> tuple[str, ...]:
    """The newest revisions that the package has."""
    return tuple(scripts().get_heads())
