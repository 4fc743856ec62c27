"""The settings for machines of several sizes, and how they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlb_perf.embedded.config import MAX_CONNECTIONS, quoted, reach, render, settings
from mlb_perf.system import cgroup_limits, memory_bytes, processors

MB = 1024**2
GB = 1024**3


def chosen(memory: int, cpus: int = 2, major: int = 18, *, linux: bool = True) -> dict[str, str]:
    return settings(memory, cpus, major=major, linux=linux, statement_statistics=True)


def mb(value: str) -> int:
    assert value.endswith("MB")
    return int(value.removesuffix("MB")) * MB


@pytest.mark.parametrize("memory", [1 * GB, 2 * GB, 8 * GB, 24 * GB, 64 * GB, 1024 * GB])
def test_a_sort_in_every_connection_fits_beside_the_buffers(memory: int) -> None:
    made = chosen(memory)
    sorts = mb(made["work_mem"]) * MAX_CONNECTIONS
    assert mb(made["shared_buffers"]) + sorts <= memory
    assert mb(made["shared_buffers"]) == min(memory // 4, 8 * GB)
    assert mb(made["maintenance_work_mem"]) <= GB
    assert mb(made["effective_cache_size"]) < memory


def test_a_very_small_machine_gets_the_least() -> None:
    made = chosen(64 * MB, cpus=1)
    assert (made["shared_buffers"], made["work_mem"]) == ("32MB", "1MB")
    assert made["max_parallel_workers_per_gather"] == "1"


def test_prefetching_is_set_only_where_it_cannot_stop_the_start() -> None:
    assert chosen(GB, major=15)["effective_io_concurrency"] == "64"
    assert "effective_io_concurrency" not in chosen(GB, major=15, linux=False)
    assert "effective_io_concurrency" not in chosen(GB, major=18, linux=False)


def test_a_library_that_is_absent_is_not_preloaded() -> None:
    assert chosen(GB)["shared_preload_libraries"] == "pg_stat_statements"
    without = settings(GB, 2, major=15, linux=True, statement_statistics=False)
    assert "shared_preload_libraries" not in without


def test_small_dev_shm_is_avoided() -> None:
    small = settings(GB, 2, major=18, linux=True, statement_statistics=True, small_dev_shm=True)
    assert small["dynamic_shared_memory_type"] == "sysv"
    assert "dynamic_shared_memory_type" not in chosen(GB)


def test_it_listens_on_its_socket_only() -> None:
    assert reach(Path('/a "b", c'), 5432) == {
        "unix_socket_directories": '"/a ""b"", c"',
        "unix_socket_permissions": "0700",
        "listen_addresses": "",
        "port": "5432",
    }


def test_values_are_quoted_as_postgresql_conf_takes_them() -> None:
    assert quoted("it's a \\") == r"'it''s a \\'"
    assert render({"port": "5432"}).endswith("\nport = '5432'\n")


@pytest.mark.parametrize(
    ("groups", "files", "limits"),
    [
        ("0::/a/b\n", {"a/b/memory.max": "max\n", "a/memory.max": f"{GB}\n"}, [GB]),
        ("0::/\n", {"memory.max": f"{GB}\n"}, [GB]),
        ("4:memory:/host/x\n0::/\n", {"memory/memory.limit_in_bytes": "7\n"}, [7]),
        ("4:cpu,memory:/x\n", {"memory/x/memory.limit_in_bytes": f"{2**63 - 1}"}, [2**63 - 1]),
        ("3:cpu:/\n", {"memory/memory.limit_in_bytes": "7\n"}, []),
    ],
)  # fmt: skip
def test_control_groups_limit_memory(
    tmp_path: Path, groups: str, files: dict[str, str], limits: list[int]
) -> None:
    for name, said in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(said)
    (tmp_path / "cgroup").write_text(groups)
    assert list(cgroup_limits(tmp_path / "cgroup", tmp_path)) == limits


def test_memory_is_the_least_of_machine_and_group(tmp_path: Path) -> None:
    physical = memory_bytes(tmp_path / "absent", tmp_path)
    (tmp_path / "cgroup").write_text("0::/\n")
    (tmp_path / "memory.max").write_text(f"{physical // 2}\n")
    assert memory_bytes(tmp_path / "cgroup", tmp_path) == physical // 2
    (tmp_path / "memory.max").write_text(f"{physical * 2}\n")
    assert memory_bytes(tmp_path / "cgroup", tmp_path) == physical
    assert processors() >= 1
