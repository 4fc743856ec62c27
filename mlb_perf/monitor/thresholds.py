"""The limits of the findings: defaults, and how a user sets others."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mlb_perf.errors import ConfigurationError
from mlb_perf.formatting import GB, MB, markdown_table


def _limit(default: float, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Thresholds:
    """Every limit of ``mlb-perf status``; the last word of its name is the unit.

    A figure equal to the limit is a warning. Below a ``minimum``, an object is too
    small, too new or too rarely used to be judged.
    """

    run_failed_warning_count: float = _limit(
        1, "failures of a load's file or of promotion since it last succeeded"
    )
    run_failed_critical_count: float = _limit(2, "the same")
    run_unfinished_warning_seconds: float = _limit(21_600, "how long a run has not ended")
    waiting_warning_seconds: float = _limit(
        600, "how long raw rows have waited for promotion, and games for curation"
    )
    waiting_critical_seconds: float = _limit(3600, "the same")
    parked_minimum_count: float = _limit(1, "parked games of one reason; fewer are not judged")
    follower_warning_seconds: float = _limit(60, "time since a follower last looked for rows")
    silence_warning_times: float = _limit(3, "age of a feed's newest row, relative to its rhythm")
    silence_critical_times: float = _limit(12, "the same")
    silence_minimum_seconds: float = _limit(900, "age of it; less is not judged")
    rejected_warning_ratio: float = _limit(
        0.05, "records rejected in a day, relative to all that were handled"
    )
    rejected_critical_ratio: float = _limit(0.5, "the same")
    rejected_warning_times: float = _limit(3, "that share, relative to the week before")
    rejected_minimum_rows: float = _limit(100, "rejected records; fewer are not judged")
    lock_wait_warning_seconds: float = _limit(5, "how long a session has waited for a lock")
    lock_wait_critical_seconds: float = _limit(60, "the same")
    transaction_warning_seconds: float = _limit(900, "how long a transaction has been open")
    transaction_critical_seconds: float = _limit(3600, "the same")
    idle_transaction_warning_seconds: float = _limit(
        60, "how long an open transaction has been idle"
    )
    idle_transaction_critical_seconds: float = _limit(600, "the same")
    connections_warning_ratio: float = _limit(0.8, "used connections, relative to all")
    connections_critical_ratio: float = _limit(0.95, "the same")
    idle_connection_minimum_seconds: float = _limit(
        60, "how long a session has been idle that is to be ended when connections are short"
    )
    sequence_warning_ratio: float = _limit(0.7, "used numbers of a sequence, relative to all")
    sequence_critical_ratio: float = _limit(0.9, "the same")
    wraparound_warning_ratio: float = _limit(
        0.4, "used transaction ids, relative to 2^31; autovacuum should act at 0.1"
    )
    wraparound_critical_ratio: float = _limit(0.7, "the same; from 0.75 VACUUM runs without limits")
    slot_warning_bytes: float = _limit(64 * MB, "WAL kept for a replication slot")
    slot_critical_bytes: float = _limit(4 * GB, "the same")
    standby_warning_seconds: float = _limit(60, "how far a standby is behind")
    standby_critical_seconds: float = _limit(600, "the same")
    wal_warning_times: float = _limit(2, "size of the WAL, relative to max_wal_size")
    wal_critical_times: float = _limit(10, "the same")
    disk_warning_ratio: float = _limit(0.85, "used space of the disk, relative to all")
    disk_critical_ratio: float = _limit(0.95, "the same")
    checkpoint_warning_ratio: float = _limit(
        0.5, "checkpoints that were requested, relative to all; fewer than 20 are not judged"
    )
    deadlock_warning_count: float = _limit(1, "deadlocks a day")
    temporary_warning_bytes: float = _limit(10 * GB, "temporary files a day")
    cache_hit_warning_ratio: float = _limit(
        0.95, "part of all block reads that shared_buffers serves; less is a warning"
    )
    cache_hit_minimum_blocks: float = _limit(100_000, "blocks read; fewer are not judged")
    bloat_warning_ratio: float = _limit(0.4, "part of a table that is not live rows")
    bloat_critical_ratio: float = _limit(0.8, "the same")
    bloat_minimum_bytes: float = _limit(64 * MB, "bloat; less is not judged")
    index_bloat_warning_ratio: float = _limit(0.6, "part of a B-tree that holds no keys")
    index_bloat_critical_ratio: float = _limit(0.9, "the same")
    autovacuum_warning_times: float = _limit(
        5, "dead rows, relative to the number at which autovacuum begins"
    )
    autovacuum_minimum_rows: float = _limit(100_000, "dead rows; fewer are not judged")
    growth_warning_days: float = _limit(90, "days until a table reaches its size limit")
    growth_critical_days: float = _limit(14, "the same")
    growth_warning_times: float = _limit(
        2, "a table's expected size in 30 days, relative to its size now"
    )
    growth_minimum_bytes: float = _limit(
        256 * MB, "a table's expected size in 30 days; less is not judged"
    )
    growth_minimum_days: float = _limit(3, "history of a table; less is not judged")
    cluster_imbalance_warning_times: float = _limit(
        1.5, "bytes of a node of a cluster, relative to the mean of its nodes"
    )
    cluster_imbalance_minimum_bytes: float = _limit(GB, "bytes of that node; less is not judged")
    unused_index_minimum_bytes: float = _limit(
        MB, "size of an index without a scan; less is not judged"
    )
    unused_index_minimum_days: float = _limit(7, "age of the statistics; less is not judged")
    rare_index_warning_times: float = _limit(10_000, "rows written to an index, for one scan of it")
    rare_index_minimum_bytes: float = _limit(
        16 * MB, "size of a rarely used index; less is not judged"
    )
    sequential_scan_warning_ratio: float = _limit(
        0.05, "scans of a whole table, relative to all of its scans"
    )
    sequential_scan_minimum_count: float = _limit(1000, "scans of it; fewer are not judged")
    sequential_scan_minimum_rows: float = _limit(
        10_000, "rows that one reads; fewer are not judged"
    )
    duplicate_index_minimum_bytes: float = _limit(
        MB, "size of an index that another one covers; less is not judged"
    )
    foreign_key_minimum_rows: float = _limit(
        10_000, "rows of a table with an unindexed foreign key; fewer are not judged"
    )
    foreign_key_deleted_minimum_rows: float = _limit(
        1, "rows deleted from the referenced table; fewer are not judged"
    )
    unanalyzed_minimum_bytes: float = _limit(
        MB, "size of a table without statistics; less is not judged"
    )
    stale_statistics_warning_ratio: float = _limit(
        0.5, "rows changed since the last ANALYZE, relative to all rows"
    )
    stale_statistics_minimum_rows: float = _limit(10_000, "changed rows; fewer are not judged")
    slower_warning_times: float = _limit(2, "a statement's mean time, relative to the week before")
    slower_critical_times: float = _limit(10, "the same")
    slower_minimum_ms: float = _limit(1_000, "time that it costs in a day; less is not judged")
    slow_query_warning_ms: float = _limit(1_000, "a statement's mean time")
    slow_query_critical_ms: float = _limit(10_000, "the same")
    slow_query_minimum_count: float = _limit(10, "calls of it; fewer are not judged")
    target_warning_times: float = _limit(
        1, "a measured time, relative to its target; only more is a warning"
    )
    target_critical_times: float = _limit(2, "the same")
    job_late_warning_times: float = _limit(
        3, "time since a job's last success, relative to its interval"
    )
    job_late_critical_times: float = _limit(24, "the same")
    job_late_minimum_seconds: float = _limit(3600, "time since then; less is not judged")
    snapshot_warning_seconds: float = _limit(7200, "age of the last snapshot")

    def with_values(self, values: Iterable[tuple[str, object]]) -> Thresholds:
        """These with some replaced.

        Raises :class:`~mlb_perf.errors.ConfigurationError` for an unknown name, and for a
        value that is not a number from 0 up.
        """
        return replace(self, **{_known(name): _number(name, value) for name, value in values})


def from_words(words: Iterable[str]) -> list[tuple[str, object]]:
    """``name=value`` from the command line; raises ``ConfigurationError``."""
    pairs = [word.partition("=") for word in words]
    for name, sign, _ in pairs:
        if not sign:
            raise ConfigurationError(
                f"--threshold {name} has no value; write --threshold lock_wait_warning_seconds=30"
            )
    return [(name.strip(), value) for name, _, value in pairs]


def from_file(path: Path) -> list[tuple[str, object]]:
    """The names and values of a TOML file; raises ``ConfigurationError``."""
    try:
        return list(tomllib.loads(path.read_text(encoding="utf-8")).items())
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}; name a TOML file of thresholds"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} is not TOML: {error}; write lines like lock_wait_warning_seconds = 30"
        ) from error


def documentation() -> str:
    """The table of docs/monitoring.md."""
    rows = [(f"`{item.name}`", _plain(item), item.metadata["meaning"]) for item in _all()]
    return markdown_table(["threshold", "default", "meaning"], rows)


def _all() -> tuple[Field[Any], ...]:
    return fields(Thresholds)


def _plain(item: Field[Any]) -> str:
    return f"{item.default:,.10g}" if isinstance(item.default, int | float) else "-"


def _known(name: str) -> str:
    names = [item.name for item in _all()]
    if name not in names:
        raise ConfigurationError(
            f"unknown threshold {name}; docs/monitoring.md lists all: {', '.join(names)}"
        )
    return name


def _number(name: str, value: object) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(str(value).replace("_", ""))
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ConfigurationError(f"threshold {name} is {value!r}; write a number from 0 up")
    return number
