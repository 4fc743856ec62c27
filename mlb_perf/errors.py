"""Every error that a user of the package can meet.

Each one is a sentence that names the thing and says what to do next. The
command line prints it without a traceback and exits with :attr:`exit_status`.
"""

from __future__ import annotations

from typing import ClassVar


class MlbPerfError(Exception):
    """The base of all; catch this one to catch every error the package raises on purpose."""

    exit_status: ClassVar[int] = 1


class ConfigurationError(MlbPerfError):
    """A setting cannot be used: an URL that does not parse, a driver that is not psycopg2."""

    exit_status = 2


class ServerBinariesNotFound(ConfigurationError):
    """No PostgreSQL server programs on this machine, and no URL that names a database elsewhere."""


class EmbeddedServerError(MlbPerfError):
    """The embedded PostgreSQL could not be made, started or stopped."""


class DatabaseUnreachable(MlbPerfError):
    """No connection: host, port, password, database name, or the server is down."""


class UnsupportedServer(MlbPerfError):
    """The server's version is older than what the package is tested on."""


class MigrationFailed(MlbPerfError):
    """A revision could not be applied or undone; what it had done is rolled back."""


class NameConflict(MigrationFailed):
    """Objects of the same names are there already, and the package did not make them."""


class ForeignObjects(MigrationFailed):
    """Somebody else's objects stand in the way of a downgrade; nothing of theirs is dropped."""


class CatalogMismatch(MlbPerfError):
    """A database does not have the shape that was asked for."""


class LoadFailed(MlbPerfError):
    """A file could not be loaded into ``raw_data``, or the database refused it."""


class MonitoringUnavailable(MlbPerfError):
    """The database's state cannot be asked: the schema is absent, older, or not this role's."""

    exit_status = 3


class MaintenanceFailed(MlbPerfError):
    """Maintenance could not be run at all; a job that fails is logged, and the others go on."""


class BenchmarkFailed(MlbPerfError):
    """The benchmark could not be run, or what it measured cannot be used."""


class DatasetRefused(MlbPerfError):
    """The database cannot take a data set: it holds rows already, or lacks a partition."""


class DatasetFailed(MlbPerfError):
    """A data set is not finished; what is there stays, and the same command goes on."""


class PartitionFailed(MlbPerfError):
    """A partition could not be made, detached, restored or dropped; what it says still stands."""


class PartitionMissing(PartitionFailed):
    """No partition takes a row, and none was made for it; nothing of the batch is written."""


class MonthImpossible(PartitionMissing):
    """A row's month is one that no partition is made for: the row is at fault, not the table."""
