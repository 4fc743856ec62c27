"""The benchmark's own database: made, marked, dropped, and nobody else's touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, Connection, text

from mlb_perf.bench.database import copy_of, engine_of, own_database
from mlb_perf.bench.measure import stall
from mlb_perf.bench.tools.clients import Workload
from mlb_perf.engine import connect
from mlb_perf.errors import BenchmarkFailed


@pytest.fixture
def admin(server_url: URL, name: str) -> Iterator[Connection]:
    with connect(engine_of(server_url)) as connection:
        yield connection
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")


def databases(connection: Connection, name: str) -> list[str]:
    found = connection.execute(
        text("SELECT datname FROM pg_database WHERE datname LIKE :name ORDER BY 1"),
        {"name": f"{name}%"},
    )
    return [str(row.datname) for row in found]


def test_made_copied_and_dropped(admin: Connection, server_url: URL, name: str) -> None:
    with own_database(server_url, name) as url:
        with connect(engine_of(url)) as connection:
            connection.exec_driver_sql("CREATE TABLE public.t AS SELECT 1 AS a")
        with copy_of(server_url, url) as copied:
            assert databases(admin, name) == [name, f"{name}_copy"]
            with connect(engine_of(copied)) as connection:
                assert connection.exec_driver_sql("SELECT a FROM public.t").scalar_one() == 1
        assert databases(admin, name) == [name]
    assert databases(admin, name) == []


def test_dropped_after_an_error_and_kept_if_asked(
    admin: Connection, server_url: URL, name: str
) -> None:
    sessions = []

    def interrupted() -> None:
        with own_database(server_url, name) as url:
            sessions.append(engine_of(url).connect())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    sessions[0].invalidate()
    assert databases(admin, name) == []
    with own_database(server_url, name, keep=True):
        pass
    assert databases(admin, name) == [name]


@pytest.mark.usefixtures("admin")
def test_what_a_killed_benchmark_left_is_created_again(server_url: URL, name: str) -> None:
    with own_database(server_url, name, keep=True) as url, connect(engine_of(url)) as connection:
        connection.exec_driver_sql("CREATE TABLE public.left_over ()")
    with own_database(server_url, name) as url, connect(engine_of(url)) as connection:
        found = connection.exec_driver_sql("SELECT to_regclass('left_over')")
        assert found.scalar_one() is None


def test_stranger_elses_is_refused(admin: Connection, server_url: URL, name: str) -> None:
    admin.exec_driver_sql(f"CREATE DATABASE {name}")
    with (
        pytest.raises(BenchmarkFailed, match=f"there is a database {name} .*--database NAME"),
        own_database(server_url, name),
    ):
        pytest.fail("it was taken")
    assert databases(admin, name) == [name]


@pytest.mark.usefixtures("server_url")
def test_the_measurement_of_stalls_refuses_it_too(admin: Connection, name: str) -> None:
    """Before anything is done: what is in it is there afterwards, and so are its sessions."""
    admin.exec_driver_sql(f"CREATE DATABASE {name}")
    with connect(engine_of(admin.engine.url.set(database=name))) as stranger:
        stranger.exec_driver_sql("CREATE TABLE public.ours AS SELECT 1 AS a")
        with pytest.raises(BenchmarkFailed, match=f"there is a database {name} .*--database NAME"):
            stall.measure(admin.engine.url, Workload(rows=1), name)
        assert stranger.exec_driver_sql("SELECT a FROM public.ours").scalar_one() == 1


@pytest.mark.usefixtures("admin")
def test_one_in_use_is_refused(server_url: URL, name: str) -> None:
    with own_database(server_url, name, keep=True) as url:
        pass
    with (
        connect(engine_of(url)) as looking,
        pytest.raises(BenchmarkFailed, match="another benchmark or another session is connected"),
        own_database(server_url, name),
    ):
        pytest.fail(f"it was taken from {looking}")


def test_a_role_that_may_not_make_databases(admin: Connection, server_url: URL, name: str) -> None:
    role = f"{name}_role"
    admin.exec_driver_sql(f"CREATE ROLE {role}")
    try:
        limited = server_url.update_query_dict({"options": f"-c role={role}"})
        with (
            pytest.raises(BenchmarkFailed, match=r"42501.*give the role CREATEDB"),
            own_database(limited, name),
        ):
            pytest.fail("it was made")
    finally:
        admin.exec_driver_sql(f"DROP ROLE {role}")


def test_a_role_without_superuser_drops_its_database(
    admin: Connection, server_url: URL, name: str
) -> None:
    """With a session of its own that was left open; one of another role is not ended."""
    role = f"{name}_role"
    admin.exec_driver_sql(f"CREATE ROLE {role} LOGIN CREATEDB PASSWORD 'secret'")
    limited = server_url.set(username=role, password="secret")
    try:
        with own_database(limited, name) as url:
            left = engine_of(url).connect()
            assert left.exec_driver_sql("SELECT current_user").scalar_one() == role
        assert databases(admin, name) == []
        with (
            pytest.raises(BenchmarkFailed, match="another session is connected"),
            own_database(limited, name),
        ):
            other = engine_of(server_url.set(database=name)).connect()
        assert other.exec_driver_sql("SELECT 1").scalar_one() == 1
        other.close()
    finally:
        admin.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.exec_driver_sql(f"DROP ROLE {role}")
