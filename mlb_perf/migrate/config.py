"""Where the revisions and their alembic.ini are: in the checkout, or in the installed package."""

from __future__ import annotations

import os
from pathlib import Path

from alembic.config import Config

import mlb_perf
from mlb_perf.settings import Target, resolve

BASELINE = "0006"
"""The revision whose shape an existing database must have to be adopted."""


def ini_path() -> Path:
    """The alembic.ini that the user named in ``ALEMBIC_CONFIG``, or the package's own."""
    if given := os.environ.get("ALEMBIC_CONFIG"):
        return Path(given)
    package = Path(mlb_perf.__file__).parent
    installed = package / "alembic.ini"
    return installed if installed.exists() else package.parent / "alembic.ini"


def alembic_config() -> Config:
    """Alembic's configuration, for commands that are called from Python."""
    return Config(str(ini_path()))


def target() -> Target:
    """The database that all commands speak to; see :mod:`mlb_perf.settings`."""
    return resolve(alembic_config().get_main_option("sqlalchemy.url"))
