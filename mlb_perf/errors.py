"""Every error that the package raises on purpose.

Its message is a sentence that names the object and says what to do next. The
command line prints it without a traceback and exits with :attr:`exit_status`.
"""

from __future__ import annotations

from typing import ClassVar


class MlbPerfError(Exception):
    """The base class of all errors of the package."""

    exit_status: ClassVar[int] = 1


class ConfigurationError(MlbPerfError):
    """A setting cannot be used: a URL that does not parse, a driver that is not psycopg2."""

    exit_status = 2


class ServerBinariesNotFound(ConfigurationError):
    """No PostgreSQL server programs on this machine, and no URL that names another database."""


class EmbeddedServerError(MlbPerfError):
    """The embedded PostgreSQL could not be created, started or stopped."""


class DatabaseUnreachable(MlbPerfError):
    """No connection: wrong host, port, password or database, or the server is down."""


class UnsupportedServer(MlbPerfError):
    """The server is older than the oldest version on which the package is tested."""


class MigrationFailed(MlbPerfError):
    """A revision could not be applied or undone; its changes are rolled back."""


class NameConflict(MigrationFailed):
    """Objects of the same names already exist, and the package did not create them."""


class ForeignObjects(MigrationFailed):
    """Objects that the package did not create block a downgrade; none of them is dropped."""


class CatalogMismatch(MlbPerfError):
    """The tables of a database differ from those that the command needs."""


class LoadFailed(MlbPerfError):
    """A file could not be loaded into ``raw_data``, or the database refused it."""


class MonitoringUnavailable(MlbPerfError):
    """The monitoring schema is absent or older, or this role may not use it."""

    exit_status = 3


class MaintenanceFailed(MlbPerfError):
    """Maintenance could not run at all; a job that fails is logged, and the others continue."""


class BenchmarkFailed(MlbPerfError):
    """The benchmark could not run, or its results cannot be used."""


class DatasetRefused(MlbPerfError):
    """The database cannot take a data set: it holds rows already, or lacks a partition."""


class DatasetFailed(MlbPerfError):
    """A data set is not finished; its rows stay, and the same command continues."""


class PartitionFailed(MlbPerfError):
    """A partition could not be created, detached, restored or dropped."""


class PartitionMissing(PartitionFailed):
    """No partition accepts a row, and none was created for it; nothing of its batch is written."""


class MonthImpossible(PartitionMissing):
    """A row's month is one that no partition is made for: the row is at fault, not the table."""


class DistributionFailed(MlbPerfError):
    """The tables could not be distributed over a cluster of Citus, or brought back."""
