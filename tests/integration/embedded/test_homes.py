"""Homes that are long, odd, taken, of another version, or with settings of the user."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import psycopg2
import pytest

from mlb_perf.embedded import EmbeddedServer, Started
from mlb_perf.engine import libpq_url
from mlb_perf.errors import EmbeddedServerError
from tests.integration.embedded.support import (
    DEBIAN_15,
    ask,
    moved,
)


@pytest.mark.usefixtures("server")
def test_a_long_home_has_its_socket_elsewhere(
    made: Path, base: Path, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = base / ("long" * 20) / "home, with a comma"
    home.parent.mkdir()
    with moved(made, home) as server:
        server.start()
        directory = server.status().socket_directory
        assert not directory.is_relative_to(home)
        assert oct(directory.stat().st_mode & 0o777) == "0o700"
        assert ask(server.url(), "SELECT 1") == 1
        # The address does not move with the environment.
        environment.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        environment.setattr(tempfile, "tempdir", str(tmp_path))
        assert EmbeddedServer(home).url() == server.url()
    shutil.rmtree(directory)


@pytest.mark.usefixtures("server")
def test_home_with_odd_characters(made: Path, base: Path) -> None:
    with moved(made, base / "a b 100% 'x' é") as server:
        server.start()
        assert ask(server.url(), "SELECT 1") == 1
        connection = psycopg2.connect(libpq_url(server.url()))
        assert connection.info.host == str(server.home / "run")
        connection.close()


def test_data_of_a_version_that_is_not_here(
    server: EmbeddedServer, request: pytest.FixtureRequest
) -> None:
    marker = server.home / "data/PG_VERSION"
    made_by = marker.read_text()
    marker.write_text("14\n")
    request.addfinalizer(lambda: marker.write_text(made_by))
    with pytest.raises(EmbeddedServerError, match="were created by PostgreSQL 14, and") as raised:
        server.start()
    assert "MLB_PERF_PG_BIN" in str(raised.value)
    assert "MLB_PERF_HOME" in str(raised.value)
    assert server.status().version is None


@pytest.mark.skipif(not DEBIAN_15.is_dir(), reason="no PostgreSQL 15 on this machine")
def test_data_keep_the_version_that_made_them(
    new_home: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("MLB_PERF_PG_BIN", str(DEBIAN_15))
    server = EmbeddedServer(new_home)
    assert server.start().created
    assert ask(server.url(), "SELECT count(*) > 0 FROM pg_stat_statements")
    assert ask(server.url(), "SHOW max_connections") == "600"
    server.stop()
    environment.delenv("MLB_PERF_PG_BIN")
    assert server.start() == Started(False, True, False)
    assert ask(server.url(), "SHOW server_version_num").startswith("15")


@pytest.mark.skipif(not DEBIAN_15.is_dir(), reason="no PostgreSQL 15 on this machine")
def test_named_binaries_of_another_version_are_not_passed_over(
    server: EmbeddedServer, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("MLB_PERF_PG_BIN", str(DEBIAN_15))
    with pytest.raises(EmbeddedServerError, match=r"created by PostgreSQL 18.*here are 15\."):
        server.start()


def test_user_conf_has_the_last_word(server: EmbeddedServer) -> None:
    (server.home / "user.conf").write_text("work_mem = '7MB'\n")
    (server.home / "user.conf").chmod(0o600)
    server.start()
    assert ask(server.url(), "SHOW work_mem") == "7MB"


def test_a_wrong_user_conf_is_named(server: EmbeddedServer) -> None:
    (server.home / "user.conf").write_text("wrok_mem = '7MB'\n")
    with pytest.raises(EmbeddedServerError, match=r'"wrok_mem" in file.*user\.conf" line 1'):
        server.start()
    (server.home / "user.conf").unlink()
    assert server.start().started


def test_a_home_that_is_a_file(new_home: Path) -> None:
    new_home.write_text("")
    with pytest.raises(EmbeddedServerError, match="is not a directory; remove it"):
        EmbeddedServer().start()
    assert new_home.read_text() == ""


def test_data_that_are_no_cluster_are_kept(new_home: Path) -> None:
    (new_home / "data").mkdir(parents=True)
    (new_home / "data/letter").write_text("mine")
    with pytest.raises(EmbeddedServerError, match="holds no PostgreSQL cluster"):
        EmbeddedServer().start()
    assert (new_home / "data/letter").read_text() == "mine"
