"""The server's settings for this machine, and the text of their file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mlb_perf.formatting import GB, MB

MAX_CONNECTIONS = 600


def settings(
    memory: int,
    cpus: int,
    *,
    major: int,
    linux: bool,
    statement_statistics: bool,
    small_dev_shm: bool = False,
) -> dict[str, str]:
    """The settings for a machine of ``memory`` bytes and ``cpus`` processors.

    ``statement_statistics``: whether the pg_stat_statements library is there to preload.
    ``small_dev_shm``: whether /dev/shm holds less than parallel queries may need.
    """
    chosen = _memory(memory) | _storage(memory, major=major, linux=linux) | _parallel(cpus)
    if statement_statistics:
        # Preloaded, because its counters live in shared memory sized at start.
        chosen["shared_preload_libraries"] = "pg_stat_statements"
    if small_dev_shm:
        # A container gives it 64 MB by default, and a parallel hash join fails when it is full.
        chosen["dynamic_shared_memory_type"] = "sysv"
    return chosen | {
        "max_connections": str(MAX_CONNECTIONS),
        # A cached plan locks every partition and index of a table once, per connection.
        "max_locks_per_transaction": "256",
        # Months are excluded by their bounds. The check of their constraints in addition, for
        # tables that inherit, takes a tenth of what a question of a month takes.
        "constraint_exclusion": "off",
        "track_io_timing": "on",
        # Times mean the same in every session, whatever the machine's time zone.
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_line_prefix": "%m [%p] %q%u@%d/%a ",
        # Shows who holds up a stalled migration.
        "log_lock_waits": "on",
        "log_min_duration_statement": "5s",
    }


def _memory(memory: int) -> dict[str, str]:
    shared = _between(memory // 4, 32 * MB, 8 * GB)
    return {
        # The documentation advises a quarter; past 8 GB checkpoints grow and gains do not.
        "shared_buffers": _mb(shared),
        # The planner's estimate of what this server and the kernel cache together.
        "effective_cache_size": _mb(max(shared, memory * 5 // 8)),
        # One sort in every connection still fits beside shared_buffers.
        "work_mem": _mb(_between((memory - shared) // MAX_CONNECTIONS, MB, 64 * MB)),
        # Index builds are quicker with more; only a few run at a time.
        "maintenance_work_mem": _mb(_between(memory // 16, 32 * MB, GB)),
        # Each of three autovacuum workers may take this much in addition.
        "autovacuum_work_mem": _mb(_between(memory // 64, 16 * MB, 256 * MB)),
    }


def _storage(memory: int, *, major: int, linux: bool) -> dict[str, str]:
    chosen = {
        # Checkpoints during bulk loads should follow the clock, not a small log that is full.
        "max_wal_size": _mb(_between(memory // 4, GB, 8 * GB)),
        "min_wal_size": _mb(256 * MB),
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        # Full page images are most of the log. pglz is the only method in every build.
        "wal_compression": "pglz",
        # Solid state storage: a random read costs about what a sequential one does.
        "random_page_cost": "1.1",
    }
    if linux and major < 18:
        # Prefetching needs posix_fadvise; without it any value but 0 stops the start before 18.
        # From 18 on reads are asynchronous and the default of 16 fits.
        chosen["effective_io_concurrency"] = "64"
    return chosen


def _parallel(cpus: int) -> dict[str, str]:
    return {
        # Two processes for a query on two processors, never more than five on any.
        "max_parallel_workers_per_gather": str(_between(cpus // 2, 1, 4)),
        "max_parallel_maintenance_workers": str(_between(cpus // 2, 1, 4)),
        "max_parallel_workers": str(max(cpus, 2)),
        "max_worker_processes": str(max(cpus, 8)),
        # The wheel has no JIT; without it Debian's server plans and runs the same way.
        "jit": "off",
    }


def reach(socket_directory: Path, socket_port: int) -> dict[str, str]:
    """The server listens on its socket only."""
    listed = '"' + str(socket_directory).replace('"', '""') + '"'
    return {
        "unix_socket_directories": listed,
        "unix_socket_permissions": "0700",
        "listen_addresses": "",
        "port": str(socket_port),
    }


def render(chosen: Mapping[str, str]) -> str:
    """The text of ``mlb_perf.conf``."""
    head = "# Each start rewrites this file; put your own settings into user.conf in the home.\n"
    return head + "".join(f"{name} = {quoted(value)}\n" for name, value in chosen.items())


def quoted(value: str) -> str:
    """A value as postgresql.conf takes it."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))


def _mb(value: int) -> str:
    return f"{value // MB}MB"
