"""Every revision up, down and up again; and the models are what the revisions build."""

from __future__ import annotations

import re

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine

from mlb_perf.migrate.adopt import baseline
from mlb_perf.migrate.catalog import Catalog
from mlb_perf.migrate.config import BASELINE, alembic_config
from mlb_perf.models import SCHEMAS, metadata
from tests.support.catalogs import assert_same, without_version_table
from tests.support.catalogs import catalog as whole_catalog
from tests.support.databases import engine_on
from tests.support.sql import run


def catalog(engine: Engine, *, of_package: bool = False) -> Catalog:
    """Everything in the database but Alembic's own table; or the package's schemas alone."""
    return without_version_table(whole_catalog(engine, SCHEMAS if of_package else None))


def of_models(found: Catalog) -> Catalog:
    """Without what the revisions alone make: views, functions, grants."""
    kinds = ("view ", "function ", "comment on view ", "comment on function ", "privileges on ")
    return {key: value for key, value in found.items() if not key.startswith(kinds)}


def revisions() -> list[str]:
    script = ScriptDirectory.from_config(alembic_config())
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def test_each_revision_is_undone_and_done_again(empty: Engine) -> None:
    """Catalogs after up, down, up are equal, revision by revision.

    The second way up is compared by the next revision's way down, which must give the same again.
    """
    config = alembic_config()
    before = catalog(empty)
    for revision in revisions():
        command.upgrade(config, revision)
        after = catalog(empty)
        command.downgrade(config, "-1")
        assert_same(catalog(empty), before)
        command.upgrade(config, revision)
        before = after
    assert_same(catalog(empty), before)


def test_downgrade_base_leaves_nothing_and_upgrade_gives_the_head_again(
    head: Engine, empty_url: URL
) -> None:
    """Alembic's own table is gone too."""
    before = catalog(head)
    command.downgrade(alembic_config(), "base")
    assert_same(whole_catalog(head), whole_catalog(engine_on(empty_url)))
    command.upgrade(alembic_config(), "head")
    assert_same(catalog(head), before)


def test_upgrade_at_head_changes_nothing(head: Engine) -> None:
    before = catalog(head)
    command.upgrade(alembic_config(), "head")
    assert_same(catalog(head), before)


def test_create_all_builds_what_the_revisions_build(head: Engine) -> None:
    """The same tables, made by the revisions and then by the models."""
    by_revisions = of_models(catalog(head, of_package=True))
    with head.begin() as connection:
        for schema in SCHEMAS:
            connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")
        metadata.create_all(connection)
    assert_same(catalog(head, of_package=True), by_revisions)


def test_frozen_baseline_is_what_the_revisions_build(empty: Engine) -> None:
    """``mlb-perf adopt`` compares with the baseline as it is."""
    command.upgrade(alembic_config(), BASELINE)
    assert_same(catalog(empty, of_package=True), baseline())


def test_offline_sql_builds_the_same(
    head_url: URL, empty: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """What ``--sql`` prints, run by hand, gives the same database, up and down."""
    before = whole_catalog(empty)
    capsys.readouterr()

    command.upgrade(alembic_config(), "head", sql=True)
    _run_script(empty, capsys.readouterr().out)
    assert_same(catalog(empty), catalog(engine_on(head_url)))
    command.check(alembic_config())

    capsys.readouterr()
    command.downgrade(alembic_config(), "head:base", sql=True)
    _run_script(empty, capsys.readouterr().out)
    assert_same(catalog(empty), before)


# A semicolon within a string, a dollar-quoted body or a comment ends nothing.
_STATEMENT = re.compile(r"(?:\$(\w*)\$.*?\$\1\$|'[^']*'|--[^\n]*\n|[^;])+", re.DOTALL)


def _run_script(engine: Engine, script: str) -> None:
    """One statement after another, as psql does: concurrent builds stand in no transaction."""
    run(engine, *(found[0] for found in _STATEMENT.finditer(script) if found[0].strip()))
