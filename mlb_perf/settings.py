"""Which database a command uses, and what else the environment sets.

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

from mlb_perf.engine import DRIVER, own_driver
from mlb_perf.errors import ConfigurationError

URL_VARIABLE = "MLB_PERF_DATABASE_URL"
MONTHS_AHEAD_VARIABLE = "MLB_PERF_MONTHS_AHEAD"
_FURTHEST_MONTHS = 24

Origin = Literal["MLB_PERF_DATABASE_URL", "alembic.ini", "embedded"]

# As libpq, Heroku and Django write it, without a driver; an application may name another one.
_BACKENDS = frozenset({"postgres", "postgresql"})


@dataclass(frozen=True)
class Target:
    """The database that a command uses, and the setting that names it.

    ``url`` is ``None`` for the embedded server, which has none until it runs.
    """

    origin: Origin
    url: URL | None = None

    def connect_url(self, *, superuser: bool = False) -> URL:
        """A URL to connect to; starts the embedded server if it is the target.

        ``superuser``: that server's own, for roles and extensions; another URL is as it was given.
        Raises :class:`~mlb_perf.errors.EmbeddedServerError` or
        :class:`~mlb_perf.errors.ServerBinariesNotFound` when that fails.
        """
        if self.url is not None:
            return self.url
        from mlb_perf.embedded import EmbeddedServer

        server = EmbeddedServer()
        server.start()
        return server.url(superuser=superuser)


def resolve(ini_url: str | None = None) -> Target:
    """The target, in the order above; ``ini_url`` is the URL in alembic.ini, if there is one."""
    if text := os.environ.get(URL_VARIABLE, "").strip():
        return Target("MLB_PERF_DATABASE_URL", parse_url(text, URL_VARIABLE))
    if text := (ini_url or "").strip():
        return Target("alembic.ini", parse_url(text, "sqlalchemy.url in alembic.ini"))
    return Target("embedded")


def months_ahead() -> int:
    """The furthest month ahead for which the pipeline creates a partition if a row needs one."""
    text = os.environ.get(MONTHS_AHEAD_VARIABLE, "").strip()
    if not text:
        return _FURTHEST_MONTHS
    if not text.isdigit():
        raise ConfigurationError(
            f"{MONTHS_AHEAD_VARIABLE} is {text!r}, not a number of months; write it as 24"
        )
    return int(text)


def parse_url(text: str | URL, setting: str) -> URL:
    """A URL for psycopg2, the password in its place; errors name ``setting``.

    An application may use another driver for the same database: its URL is taken, too.
    """
    try:
        url: URL = make_url(text)
    except (ArgumentError, ValueError):  # whose message may quote a part of the password
        raise ConfigurationError(
            f"{setting} is not a database URL; write it as "
            "postgresql+psycopg2://user:password@host:5432/database"
        ) from None
    _refuse_split_password(url, setting)
    if url.drivername.partition("+")[0] not in _BACKENDS:
        raise ConfigurationError(
            f"{setting} is a URL of {url.drivername}; mlb_perf works with PostgreSQL only: "
            f"begin it with {DRIVER}://"
        )
    return _password_in_place(own_driver(url), setting)


def _refuse_split_password(url: URL, setting: str) -> None:
    """A password with @ or / ends early: its rest would be the host or the database, and shown."""
    if "@" in (url.host or "") or (url.username is None and "@" in (url.database or "")):
        raise ConfigurationError(
            f"{setting} has an @ after the one that ends the password; in a password, @ is written "
            "%40, : %3A and / %2F"
        )


def _password_in_place(url: URL, setting: str) -> URL:
    """libpq also takes the password as a parameter, where programs would show it."""
    given = url.query.get("password")
    if given is None:
        return url
    if not isinstance(given, str) or url.password:
        raise ConfigurationError(f"{setting} has two passwords; write one, as user:password@host")
    moved: URL = url.difference_update_query(["password"]).set(password=given)
    return moved
