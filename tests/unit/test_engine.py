"""The driver of an engine, and URLs for libpq."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, cast

import psycopg2.extensions
import pytest
from sqlalchemy import Connection, make_url

from mlb_perf.engine import driver, libpq_url, safe
from mlb_perf.errors import ConfigurationError


def _connection(name: str) -> Connection:
    given: Any = SimpleNamespace(
        dialect=SimpleNamespace(driver=name), connection=SimpleNamespace(driver_connection=name)
    )
    return cast(Connection, given)


def test_another_driver_is_refused_by_its_name() -> None:
    """SQLAlchemy uses psycopg 3, if it is installed, for a URL without a driver."""
    assert driver(_connection("psycopg2")) == "psycopg2"
    with pytest.raises(ConfigurationError, match=r"uses psycopg, .*postgresql\+psycopg2://"):
        driver(_connection("psycopg"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql+psycopg2://u@/d?host=%2Ftmp%2Fa+b&port=5432",
         "postgresql://u@/d?host=%2Ftmp%2Fa%20b&port=5432"),
        ("postgresql+psycopg2://u:p%40%2F@h:6000/d", "postgresql://u:p%40%2F@h:6000/d"),
        ("postgresql+psycopg2://u@[::1]/d?sslmode=require", "postgresql://u@[::1]/d?sslmode=require"),
        ("postgresql+psycopg2:///d", "postgresql:///d"),
    ],
)  # fmt: skip
def test_urls_for_libpq(url: str, expected: str) -> None:
    made = libpq_url(make_url(url))
    assert made == expected
    assert psycopg2.extensions.parse_dsn(made)["dbname"] == "d"
    assert "p%40" not in libpq_url(make_url(url), password=False)


def test_no_secret_of_a_url_is_shown() -> None:
    """Neither in a message nor on the command line of psql and pgbench."""
    url = make_url("postgresql+psycopg2://u:one@h/d?sslpassword=two&password=three&sslcert=c")
    for shown in (safe(url), libpq_url(url, password=False)):
        assert not {"one", "two", "three"} & set(re.findall(r"\w+", shown)), shown
        assert "sslcert=c" in shown
    assert "sslpassword=two" in libpq_url(url)
