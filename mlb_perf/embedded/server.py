"""The embedded server as the rest of the package sees it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import URL

from mlb_perf.embedded import postmaster, startup
from mlb_perf.embedded.account import account_for
from mlb_perf.embedded.binaries import Binaries
from mlb_perf.embedded.cluster import ROLE, binaries_for
from mlb_perf.embedded.database import DATABASE, EXTENSION, version_and_statistics
from mlb_perf.embedded.files import read_state, write_state
from mlb_perf.embedded.layout import HOME_VARIABLE, SOCKET_PORT, Layout, prepare_home
from mlb_perf.embedded.lock import locked
from mlb_perf.embedded.values import ServerStatus, Started
from mlb_perf.errors import ConfigurationError, EmbeddedServerError

DRIVER = "postgresql+psycopg2"


class EmbeddedServer:
    """One PostgreSQL server with its data under one directory.

    ``home``: None is ``MLB_PERF_HOME``, else the platform's folder for a user's data. It is left
    running when this process ends. Raises :class:`ConfigurationError` on Windows.
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
        """Where everything of this server lies."""
        return self._layout.home

    def start(self, *, tcp_port: int | None = None) -> Started:
        """Make what is absent, start the server if it does not run, and say what was done.

        ``tcp_port``: None for its socket alone, a port on 127.0.0.1, or 0 for the port it had
        last or a free one. A server without TCP is restarted to get it, which ends its
        sessions. After a crash or a reboot, None brings TCP back if it was on.
        Raises :class:`EmbeddedServerError`, :class:`ConfigurationError`.
        """
        with self._explained():
            prepare_home(self._layout)
            with locked(self._layout.lock) as lock:
                return startup.bring_up(self._layout, tcp_port, lock)

    def stop(self) -> bool:
        """Stop the server, ending its sessions; True if it ran.

        Raises :class:`EmbeddedServerError`.
        """
        layout = self._layout
        with self._explained():
            if not layout.data.is_dir():
                return False
            with locked(layout.lock):
                stopped = postmaster.stop(layout.data, startup.STOP_SECONDS)
                state = read_state(layout.state)
                if state.tcp:
                    write_state(layout.state, replace(state, tcp=False), account_for(layout.data))
                return stopped

    def status(self) -> ServerStatus:
        """What there is, changing nothing. Raises :class:`EmbeddedServerError`."""
        layout = self._layout
        with self._explained():
            found = postmaster.running(layout.data)
            version, statistics, bin_dir = self._version(found)
            return ServerStatus(
                running=found is not None,
                created=layout.made_by is not None,
                pid=found.pid if found else None,
                version=version,
                started_at=found.started_at if found else None,
                home=layout.home,
                data_directory=layout.data,
                socket_directory=self._socket_directory(),
                tcp_port=found.tcp_port if found else None,
                log_file=layout.log,
                statement_statistics=statistics,
                binaries=bin_dir,
            )

    def url(self, database: str = DATABASE, *, tcp: bool = False) -> URL:
        """The address of a database: over the socket, or over 127.0.0.1 with the password.

        Raises :class:`EmbeddedServerError` for TCP when the server does not listen there.
        """
        if tcp:
            return self._tcp_url(database)
        with self._explained():
            place = {"host": str(self._socket_directory()), "port": str(SOCKET_PORT)}
        return URL.create(DRIVER, username=ROLE, database=database, query=place)

    def binaries(self) -> Binaries:
        """The programs that made the data, or would make it.

        Raises :class:`ServerBinariesNotFound`, :class:`EmbeddedServerError`.
        """
        with self._explained():
            return binaries_for(self._layout)

    def _tcp_url(self, database: str) -> URL:
        with self._explained():
            found = postmaster.running(self._layout.data)
            if found is None or found.tcp_port is None:
                raise EmbeddedServerError(
                    f"the server of {self.home} does not listen on TCP; type mlb-perf db start "
                    f"--tcp"
                )
            password = self._layout.password.read_text().strip()
            return URL.create(DRIVER, ROLE, password, "127.0.0.1", found.tcp_port, database)

    def _socket_directory(self) -> Path:
        """Where the socket is, by the last start: the environment may be another one now."""
        kept = read_state(self._layout.state).socket_directory
        return Path(kept) if kept else self._layout.socket_directory()

    def _version(
        self, found: postmaster.Postmaster | None
    ) -> tuple[str | None, bool | None, Path | None]:
        """Version, preloaded statistics and programs of a running server, or of the next one."""
        if found is not None and found.ready:
            program = postmaster.program_of(self._layout.data)
            # All its connections may be taken; that is no reason to say nothing of it.
            with suppress(EmbeddedServerError):
                said = version_and_statistics(self._socket_directory())
                return *said, program.parent if program else None
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
                f"{error.filename or self.home}: {error.strerror}; give the embedded PostgreSQL a "
                f"directory that is this user's own and has room: mend this one, or set "
                f"{HOME_VARIABLE} to another"
            ) from error
