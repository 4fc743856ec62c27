"""The embedded server as the rest of the package sees it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from mlb_perf.embedded import process, startup
from mlb_perf.embedded.binaries import Binaries
from mlb_perf.embedded.cluster import ROLE, SUPERUSER, binaries_for
from mlb_perf.embedded.database import DATABASE, EXTENSION, version_and_statistics
from mlb_perf.embedded.layout import HOME_VARIABLE, SOCKET_PORT, Layout, prepare_home
from mlb_perf.embedded.startup import Started
from mlb_perf.errors import ConfigurationError, EmbeddedServerError
from mlb_perf.system import locked

DRIVER = "postgresql+psycopg2"


@dataclass(frozen=True)
class ServerStatus:
    """The server's state; fields that only a running server has are None.

    ``version``: of the running server, else of the binaries that would start it.
    ``statement_statistics``: whether pg_stat_statements is preloaded, or would be.
    ``started_at``: UTC.
    """

    running: bool
    created: bool
    pid: int | None
    version: str | None
    started_at: datetime | None
    home: Path
    data_directory: Path
    socket_directory: Path
    log_file: Path
    statement_statistics: bool | None
    binaries: Path | None


class EmbeddedServer:
    """One PostgreSQL server with its data in one directory.

    ``home``: None is ``MLB_PERF_HOME``, else the platform's folder for a user's data. The server
    keeps running when this process ends. Raises :class:`ConfigurationError` on Windows.
    """

    def __init__(self, home: Path | None = None) -> None:
        if os.name == "nt":
            raise ConfigurationError(
                "the embedded PostgreSQL runs on Linux and macOS; set MLB_PERF_DATABASE_URL to a "
                "PostgreSQL database"
            )
        self._layout = Layout(home)

    @property
    def home(self) -> Path:
        """The directory with everything of this server."""
        return self._layout.home

    def start(self) -> Started:
        """Create what is absent, start the server if it does not run, and say what was done.

        Raises :class:`EmbeddedServerError`, :class:`ConfigurationError`.
        """
        with self._explained():
            prepare_home(self._layout)
            with self._locked() as lock:
                return startup.bring_up(self._layout, lock)

    def stop(self) -> bool:
        """Stop the server, ending its sessions; True if it ran.

        Raises :class:`EmbeddedServerError`.
        """
        with self._explained():
            if not self._layout.data.is_dir():
                return False
            with self._locked():
                return process.stop(self._layout.data, startup.STOP_SECONDS)

    def status(self) -> ServerStatus:
        """The server's state; changes nothing. Raises :class:`EmbeddedServerError`."""
        layout = self._layout
        with self._explained():
            found = process.running(layout.data)
            version, statistics, bin_dir = self._version(found)
            return ServerStatus(
                running=found is not None,
                created=layout.made_by is not None,
                pid=found.pid if found else None,
                version=version,
                started_at=found.started_at if found else None,
                home=layout.home,
                data_directory=layout.data,
                socket_directory=self._socket_directory(found),
                log_file=layout.log,
                statement_statistics=statistics,
                binaries=bin_dir,
            )

    def url(self, database: str = DATABASE, *, superuser: bool = False) -> URL:
        """The address of a database, over the server's socket, for its owner or the superuser.

        Raises :class:`EmbeddedServerError`.
        """
        with self._explained():
            directory = self._socket_directory(process.running(self._layout.data))
        place = {"host": str(directory), "port": str(SOCKET_PORT)}
        user = SUPERUSER if superuser else ROLE
        return URL.create(DRIVER, username=user, database=database, query=place)

    def binaries(self) -> Binaries:
        """The programs that made the data, or would make it.

        Raises :class:`ServerBinariesNotFound`, :class:`EmbeddedServerError`.
        """
        with self._explained():
            return binaries_for(self._layout)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        lock = self._layout.lock
        with locked(lock, f"starts or stops the server of {lock.parent}") as descriptor:
            yield descriptor

    def _socket_directory(self, found: process.Postmaster | None) -> Path:
        """The running server's own, because the environment may have changed since its start."""
        kept = found.socket_directory if found else None
        return kept or self._layout.socket_directory()

    def _version(
        self, found: process.Postmaster | None
    ) -> tuple[str | None, bool | None, Path | None]:
        """Version, preloaded statistics and programs of a running server, or of the next one."""
        if found is not None and found.ready:
            program = process.program_of(self._layout.data)
            # A server without a free connection still has the rest of a status.
            with suppress(EmbeddedServerError):
                answer = version_and_statistics(self._socket_directory(found))
                return *answer, program.parent if program else None
        try:
            programs = self.binaries()
        except (ConfigurationError, EmbeddedServerError):  # none fits; a start says why
            return None, None, None
        return programs.version, programs.has_library(EXTENSION), programs.bin_dir

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn an error of the operating system into a sentence with the file's name."""
        try:
            yield
        except OSError as error:
            raise EmbeddedServerError(
                f"{error.filename or self.home}: {error.strerror}; the embedded PostgreSQL needs a "
                f"directory that this user owns and that has free space: fix this one, or set "
                f"{HOME_VARIABLE} to another"
            ) from error
