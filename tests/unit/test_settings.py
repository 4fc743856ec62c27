"""Where the database is: the order of the settings, and what each may hold."""

from __future__ import annotations

import pytest

from mlb_perf.errors import ConfigurationError
from mlb_perf.settings import URL_VARIABLE, parse_url, resolve


def test_variable_comes_before_ini(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL_VARIABLE, "postgresql://a@h/one")
    target = resolve("postgresql://b@h/two")
    assert (target.origin, target.url and target.url.database) == (URL_VARIABLE, "one")


def test_ini_comes_before_embedded() -> None:
    target = resolve("postgresql://b@h/two")
    assert (target.origin, target.url and target.url.database) == ("alembic.ini", "two")


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_embedded_is_the_default(nothing: str | None) -> None:
    assert (resolve(nothing).origin, resolve(nothing).url) == ("embedded", None)


@pytest.mark.parametrize(
    "text",
    [
        "postgres://u:p@h:5433/d?sslmode=require",
        "postgresql://u:p@h:5433/d?sslmode=require",
        "postgresql+psycopg2://u:p@h:5433/d?sslmode=require",
        "postgresql+psycopg://u:p@h:5433/d?sslmode=require",
        "postgresql+psycopg_async://u:p@h:5433/d?sslmode=require",
        "postgresql+asyncpg://u:p@h:5433/d?ssl=require&prepared_statement_cache_size=0",
        "postgresql+asyncpg://u:p@h:5433/d?ssl=true",
        "postgresql+pg8000://u:p@h:5433/d?sslmode=require",
    ],
)
def test_driver_is_spelt_out(text: str) -> None:
    url = parse_url(text, "a setting")
    expected = "postgresql+psycopg2://u:p@h:5433/d?sslmode=require"
    assert url.render_as_string(hide_password=False) == expected


@pytest.mark.parametrize("text", ["hunter2:1234", "/var/run", "postgresql://u:hunter2@h:port/d"])
def test_no_url_is_named_without_its_text(text: str) -> None:
    """What is no URL may still hold a password, so the error does not repeat it."""
    with pytest.raises(ConfigurationError, match="a setting is not a database URL") as caught:
        parse_url(text, "a setting")
    assert text not in str(caught.value)


@pytest.mark.parametrize("name", ["mysql", "postgresqlite+psycopg", "sqlite"])
def test_other_databases_are_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="works with PostgreSQL only") as caught:
        parse_url(f"{name}://u@h/d", "a setting")
    assert f"a setting is a URL of {name};" in str(caught.value)


def test_a_password_among_the_parameters_is_the_password() -> None:
    """As a parameter it would be shown in messages and in the list of processes."""
    url = parse_url("postgresql://u@h/d?sslmode=require&password=hunter%2F2", "a setting")
    assert (url.password, dict(url.query)) == ("hunter/2", {"sslmode": "require"})


@pytest.mark.parametrize(
    "text", ["postgresql://u:a@h/d?password=hunter2", "postgresql:///d?password=hunter2&password=b"]
)
def test_two_passwords(text: str) -> None:
    with pytest.raises(ConfigurationError, match="a setting has two passwords") as caught:
        parse_url(text, "a setting")
    assert "hunter2" not in str(caught.value)
