"""Engines: which driver they speak by."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from mlb_perf.engine import driver
from mlb_perf.errors import ConfigurationError


def _connection(name: str) -> Connection:
    given: Any = SimpleNamespace(
        dialect=SimpleNamespace(driver=name), connection=SimpleNamespace(driver_connection=name)
    )
    return cast(Connection, given)


def test_another_driver_is_refused_by_its_name() -> None:
    """An URL without a driver is psycopg 3's, where that is installed."""
    assert driver(_connection("psycopg2")) == "psycopg2"
    with pytest.raises(ConfigurationError, match=r"uses psycopg; .*postgresql\+psycopg2://"):
        driver(_connection("psycopg"))
