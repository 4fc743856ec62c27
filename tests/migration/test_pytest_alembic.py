"""The tests of pytest-alembic, which an application runs against its revisions, pass with ours.

From 0025 on: it steps through the others, which are applied, and rebuilds two tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from alembic import command
from pytest_alembic import tests as default
from pytest_alembic.config import Config
from pytest_alembic.runner import MigrationContext, runner
from pytest_alembic.tests import experimental
from sqlalchemy import Connection, Engine

from mlb_perf.migrate.config import alembic_config
from mlb_perf.migrate.ini import ini_path
from tests.support.catalogs import assert_same, catalog

FIRST = "0025"


@pytest.fixture
def context(head: Engine) -> Iterator[MigrationContext]:
    """Its runner, which gives the engine to Alembic's configuration."""
    with run_with(head) as it:
        yield it


@contextmanager
def run_with(given: Engine | Connection) -> Iterator[MigrationContext]:
    location = str(alembic_config().get_main_option("script_location"))
    config = Config(
        {"file": str(ini_path()), "script_location": location}, minimum_downgrade_revision=FIRST
    )
    with runner(config=config, engine=given) as it:
        yield it


def test_with_an_engine(head: Engine, context: MigrationContext) -> None:
    before = catalog(head)
    default.test_single_head_revision(context)
    default.test_up_down_consistency(context)
    default.test_model_definitions_match_ddl(context)
    assert_same(catalog(head), before)


def test_with_a_connection(head: Engine) -> None:
    """The same connection in all steps."""
    before = catalog(head)
    with head.connect() as connection, run_with(connection) as context:
        default.test_up_down_consistency(context)
        default.test_model_definitions_match_ddl(context)
        assert not connection.in_transaction()
    assert_same(catalog(head), before)


def test_within_a_transaction(head: Engine, context: MigrationContext) -> None:
    """Each revision goes up and down in a savepoint of one transaction."""
    before = catalog(head)
    command.downgrade(alembic_config(), FIRST)
    experimental.test_downgrade_leaves_no_trace(context)
    command.upgrade(alembic_config(), "head")
    assert_same(catalog(head), before)
