"""Where the database is.

The first of these that is set: the environment variable
``MLB_PERF_DATABASE_URL``, ``sqlalchemy.url`` in alembic.ini, the embedded
PostgreSQL of this machine.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from mlb_perf.errors import ConfigurationError

URL_VARIABLE = "MLB_PERF_DATABASE_URL"
MONTHS_AHEAD_VARIABLE = "MLB_PERF_MONTHS_AHEAD"
MONTHS_AHEAD = 24

Origin = Literal["MLB_PERF_DATABASE_URL", "alembic.ini", "embedded"]

# What libpq, Heroku and Django write; SQLAlchemy 2.1 would take psycopg 3 for
# a name without a driver, and the package is tested with psycopg2.
_ALIASES = frozenset({"postgres", "postgresql", "postgresql+psycopg2"})


@dataclass(frozen=True)
class Target:
    """The database that a command speaks to, and which setting said so.

    ``url`` is ``None`` for the embedded server, which has none until it runs.
    """

    origin: Origin
    url: URL | None = None

    def connect_url(self) -> URL:
        """An URL that can be connected to now; starts the embedded server if it is the target.

        Raises :class:`~mlb_perf.errors.EmbeddedServerError` or
        :class:`~mlb_perf.errors.ServerBinariesNotFound` when that fails.
        """
        if self.url is not None:
            return self.url
        from mlb_perf.embedded import EmbeddedServer

        server = EmbeddedServer()
        server.start()
        return server.url()


def resolve(ini_url: str | None = None) -> Target:
    """The target by the order above; ``ini_url`` is what alembic.ini holds, if anything."""
    if text := os.environ.get(URL_VARIABLE, "").strip():
        return Target("MLB_PERF_DATABASE_URL", parse_url(text, URL_VARIABLE))
    if text := (ini_url or "").strip():
        return Target("alembic.ini", parse_url(text, "sqlalchemy.url in alembic.ini"))
    return Target("embedded")


def months_ahead() -> int:
    """How many months ahead of now the pipeline makes a partition for a row that needs one."""
    text = os.environ.get(MONTHS_AHEAD_VARIABLE, "").strip()
    if not text:
        return MONTHS_AHEAD
    if not text.isdigit():
        raise ConfigurationError(
            f"{MONTHS_AHEAD_VARIABLE} is {text!r}, not a number of months; write it as 24"
        )
    return int(text)


def parse_url(text: str | URL, setting: str) -> URL:
    """An URL with the driver spelt out; ``setting`` is named in the error."""
    try:
        url: URL = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(
            f"{setting} is not a database URL; write it as "
            "postgresql+psycopg2://user:password@host:5432/database"
        ) from error
    if url.drivername not in _ALIASES:
        raise ConfigurationError(
            f"{setting} names the driver {url.drivername}; mlb_perf works with psycopg2 alone: "
            "begin the URL with postgresql+psycopg2://"
        )
    psycopg2: URL = url.set(drivername="postgresql+psycopg2")
    return psycopg2
