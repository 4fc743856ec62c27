"""Which server programs are taken, and what is said when there are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlb_perf.embedded import binaries
from mlb_perf.embedded.binaries import WHEEL, find_binaries, usable_binaries
from mlb_perf.errors import ConfigurationError, EmbeddedServerError, ServerBinariesNotFound


def programs(directory: Path, version: str, *names: str) -> Path:
    """A bin directory with programs that print a version."""
    directory.mkdir(parents=True)
    for name in names or ("initdb", "pg_ctl", "postgres"):
        (directory / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (directory / name).chmod(0o755)
    return directory


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine without PostgreSQL and without the wheel."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(binaries, "_PACKAGED", ())
    monkeypatch.setattr(binaries, "_wheel_directory", lambda: None)
    return monkeypatch


def packaged(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setattr(binaries, "_PACKAGED", (f"{root}/*/bin",))


def test_the_wheel_comes_first() -> None:
    found = find_binaries(environ={})
    assert (found.origin, found.major) == (WHEEL, 18)
    assert found.program("initdb").parent == found.bin_dir
    assert found.has_library("pg_stat_statements")
    assert not found.has_library("pg_cron")
    with pytest.raises(EmbeddedServerError, match="has no program pg_nothing"):
        found.program("pg_nothing")


def test_a_named_directory_comes_before_all(tmp_path: Path) -> None:
    named = programs(tmp_path / "bin", "17.2 (Debian 17.2-1)")
    found = find_binaries(environ={"MLB_PERF_PG_BIN": str(named)})
    assert (found.bin_dir, found.version, found.origin) == (named, "17.2", "MLB_PERF_PG_BIN")


@pytest.mark.parametrize(
    ("version", "names", "words"),
    [
        ("17.2", ("psql",), "has no program initdb or pg_ctl or postgres"),
        ("14.9", (), "is PostgreSQL 14.9, which is not supported"),
        ("nothing", (), "does not run here"),
    ],
)
def test_a_named_directory_must_be_usable(
    tmp_path: Path, version: str, names: tuple[str, ...], words: str
) -> None:
    named = programs(tmp_path / "bin", version, *names)
    with pytest.raises(ConfigurationError, match=words) as raised:
        find_binaries(environ={"MLB_PERF_PG_BIN": str(named)})
    assert "set it to the bin directory of PostgreSQL 15 to 18, or unset it" in str(raised.value)


def test_the_newest_supported_of_the_machine(tmp_path: Path, bare: pytest.MonkeyPatch) -> None:
    for version in ("9.6.24", "14.1", "16.4", "17.2", "19.0"):
        programs(tmp_path / "pg" / version / "bin", version)
    packaged(bare, tmp_path / "pg")
    assert [b.version for b in usable_binaries({})] == ["17.2", "16.4"]
    assert find_binaries(environ={}).version == "17.2"
    assert find_binaries(16, environ={}).version == "16.4"


def test_programs_on_path_are_followed_to_where_they_lie(
    tmp_path: Path, bare: pytest.MonkeyPatch
) -> None:
    real = programs(tmp_path / "real" / "bin", "16.4")
    (tmp_path / "pg_ctl").symlink_to(real / "pg_ctl")
    packaged(bare, tmp_path / "real")
    assert [b.bin_dir for b in usable_binaries({})] == [real]


def test_without_any_it_says_what_to_install(tmp_path: Path, bare: pytest.MonkeyPatch) -> None:
    old = programs(tmp_path / "pg" / "14" / "bin", "14.1")
    packaged(bare, tmp_path / "pg")
    with pytest.raises(ServerBinariesNotFound) as raised:
        find_binaries(environ={})
    assert str(raised.value) == (
        f"no PostgreSQL server programs on this machine (found: {old} is PostgreSQL 14.1, which "
        "is not supported); type pip install 'mlb-perf[embedded]', or apt-get install postgresql, "
        "or brew install postgresql@18, or set MLB_PERF_DATABASE_URL to another database"
    )
