"""A database as it was before the rebuilds, with rows in every table of the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from alembic import command
from pytest_postgresql import factories
from sqlalchemy import Engine

from mlb_perf.dataset import generate
from mlb_perf.migrate.config import alembic_config
from mlb_perf.settings import URL_VARIABLE
from tests.conftest import Server, _engine, _of, _url


def _fill(host: str, port: str, user: str, dbname: str, password: str, **_: Any) -> None:
    url = _url(host, int(port), user, password, dbname)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(URL_VARIABLE, url.render_as_string(hide_password=False))
        command.upgrade(alembic_config(), "0007")
    generate(url, scale=0.002, seed=1, staging_days=400)


wide_template = factories.postgresql_noproc(
    dbname="mlb_perf_test_wide", depends_on="server", load=[_fill]
)
_wide = factories.postgresql("wide_template")


@pytest.fixture
def wide(
    _wide: psycopg.Connection, server: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """An engine on a filled database at the baseline, to which all commands speak."""
    yield from _engine(_of(_wide, server), monkeypatch)
