"""The database that alembic.ini names, read without Alembic: most commands need no more of it."""

from __future__ import annotations

import os
from configparser import ConfigParser, Error, InterpolationError
from pathlib import Path

import mlb_perf
from mlb_perf.errors import ConfigurationError
from mlb_perf.settings import Target, resolve


def ini_path() -> Path:
    """The alembic.ini that the user named in ``ALEMBIC_CONFIG``, or the package's own."""
    if given := os.environ.get("ALEMBIC_CONFIG"):
        if not Path(given).is_file():
            raise ConfigurationError(
                f"ALEMBIC_CONFIG names {given}, which is not a file; unset it, or name an "
                "alembic.ini"
            )
        return Path(given)
    package = Path(mlb_perf.__file__).parent
    installed = package / "alembic.ini"
    return installed if installed.exists() else package.parent / "alembic.ini"


def target() -> Target:
    """The database that all commands speak to; see :mod:`mlb_perf.settings`."""
    path = ini_path()
    try:
        return resolve(_url(path))
    except InterpolationError as error:
        raise ConfigurationError(percent_sign(str(path), error)) from None
    except Error as error:
        raise ConfigurationError(unreadable(str(path), error)) from None


def _url(path: Path) -> str | None:
    """``sqlalchemy.url`` as Alembic reads it, with ``%(here)s``."""
    parser = ConfigParser({"here": path.absolute().parent.as_posix()})
    parser.read(path, encoding="locale")
    return parser.get("alembic", "sqlalchemy.url", fallback=None)


def percent_sign(name: str, error: InterpolationError) -> str:
    """The error in a sentence without the value, which may be a URL with its password."""
    return f"{name}: {error.option} has a single percent sign; write it as %%"


def unreadable(name: str, error: Error) -> str:
    """The lines by number, because one of them may be a URL with its password."""
    numbers = [number for number, _ in getattr(error, "errors", ())] or [
        getattr(error, "lineno", None)
    ]
    lines = ", ".join(str(number) for number in numbers if number)
    return (
        f"{name} cannot be read ({type(error).__name__}{f' in line {lines}' if lines else ''}); "
        "write each option as name = value, once, below its [section]"
    )
