"""Sessions start with their settings, and the URL's own options are kept."""

from __future__ import annotations

import pytest
from sqlalchemy import URL, Connection

from mlb_perf.engine import SEARCH_PATH, connect, migration_engine, pinned_session
from mlb_perf.errors import DatabaseUnreachable
from tests.support.databases import engine_on


def test_settings_are_connection_arguments(empty_url: URL) -> None:
    """No ``SET`` is needed, so no transaction is open when Alembic looks."""
    url = empty_url.update_query_dict({"options": "-c search_path=staging -c work_mem=1234kB"})
    engine = migration_engine(url, {"lock_timeout": "1234ms", "application_name": "a b\\c"})
    with connect(engine) as connection:
        assert not connection.in_transaction()
        shown = [
            connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("lock_timeout", "application_name", "work_mem", "search_path")
        ]
    assert shown == ["1234ms", "a b\\c", "1234kB", SEARCH_PATH]


def test_error_hides_the_password(empty_url: URL) -> None:
    url = empty_url.set(database="absent", password="hunter2")
    with pytest.raises(DatabaseUnreachable) as caught, connect(migration_engine(url, {})):
        pytest.fail("connected to a database that is not there")
    assert "hunter2" not in str(caught.value)
    assert "absent" in str(caught.value)


def test_a_session_of_the_caller_gets_its_search_path_back(empty_url: URL) -> None:
    with engine_on(empty_url).connect() as connection:
        connection.exec_driver_sql('SET search_path = staging, "$user"')
        connection.commit()
        with pinned_session(connection):
            assert _path(connection) == SEARCH_PATH
        assert _path(connection) == 'staging, "$user"'
        with pytest.raises(ZeroDivisionError), pinned_session(connection):
            raise ZeroDivisionError
        assert _path(connection) == 'staging, "$user"'


def _path(connection: Connection) -> str:
    found = connection.exec_driver_sql("SHOW search_path").scalar_one()
    connection.commit()
    return str(found)
