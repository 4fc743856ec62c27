"""Sessions start with their settings, and the URL's own options are kept."""

from __future__ import annotations

import pytest
from sqlalchemy import URL

from mlb_perf.engine import connect, migration_engine
from mlb_perf.errors import DatabaseUnreachable


def test_settings_are_connection_arguments(empty_url: URL) -> None:
    """No ``SET`` is needed, so no transaction is open when Alembic looks."""
    url = empty_url.update_query_dict({"options": "-c search_path=staging"})
    engine = migration_engine(url, {"lock_timeout": "1234ms", "application_name": "a b\\c"})
    with connect(engine) as connection:
        assert not connection.in_transaction()
        shown = [
            connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("lock_timeout", "application_name", "search_path")
        ]
    assert shown == ["1234ms", "a b\\c", "staging"]


def test_error_hides_the_password(empty_url: URL) -> None:
    url = empty_url.set(database="absent", password="hunter2")
    with pytest.raises(DatabaseUnreachable) as caught, connect(migration_engine(url, {})):
        pytest.fail("connected to a database that is not there")
    assert "hunter2" not in str(caught.value)
    assert "absent" in str(caught.value)
