"""Autogenerate sees what plain Alembic misses, and what it writes fixes it both ways."""

from __future__ import annotations

import shutil
from typing import cast

import pytest
from alembic import command
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations, ops
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, Inspector

from mlb_perf.migrate.config import alembic_config
from mlb_perf.models import SCHEMAS, metadata
from mlb_perf.online.compare import PLUGIN
from tests.support.catalogs import assert_same, catalog
from tests.support.heads import HEAD

NAME = "ix_enhanced_games_game_date"
INDEX = f"CREATE INDEX {NAME} ON curated.enhanced_games"

CHANGES = {
    "predicate": f"DROP INDEX curated.{NAME}; {INDEX} (game_date) WHERE is_ml_ready",
    "method": f"DROP INDEX curated.{NAME}; {INDEX} USING brin (game_date)",
    "INCLUDE": f"DROP INDEX curated.{NAME}; {INDEX} (game_date) INCLUDE (status)",
    "storage parameter": f"DROP INDEX curated.{NAME}; {INDEX} (game_date) WITH (fillfactor = 70)",
    "order": f"DROP INDEX curated.{NAME}; {INDEX} (game_date DESC)",
    "CHECK": "ALTER TABLE curated.venues DROP CONSTRAINT ck_venues_roof_type,"
    "ADD CONSTRAINT ck_venues_roof_type CHECK (roof_type <> '')",
    "missing CHECK": "ALTER TABLE curated.venues DROP CONSTRAINT ck_venues_roof_type",
    "missing index": f"DROP INDEX curated.{NAME}",
    "index too many": "CREATE INDEX ix_more ON curated.teams (nickname)",
    "default": "ALTER TABLE curated.enhanced_games ALTER status SET DEFAULT 'final'",
    "column comment": "COMMENT ON COLUMN curated.teams.name IS 'something else'",
    "type": "ALTER TABLE curated.teams ALTER nickname TYPE varchar(65)",
}


def context_of(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(
        connection,
        opts={
            "target_metadata": metadata,
            "include_schemas": True,
            "include_name": lambda name, type_, _: type_ != "schema" or name == "curated",
            "include_object": lambda table, _, type_, *__: type_ != "table"
            or (table.schema == "curated" and table.fullname in metadata.tables),
            "compare_server_default": True,
            "autogenerate_plugins": [
                "alembic.autogenerate.*", "alembic.ext.checkconstraint_byname", PLUGIN,
            ],
        },
    )  # fmt: skip


def found(engine: Engine, *, reverse: bool = False) -> list[ops.MigrateOperation]:
    """What autogenerate would write into ``upgrade()``, or into ``downgrade()``."""
    with engine.connect() as connection:
        script = produce_migrations(context_of(connection), metadata)
    side = script.downgrade_ops if reverse else script.upgrade_ops
    assert side is not None
    return [op for table in side.ops for op in cast(ops.ModifyTableOps, table).ops]


def apply(engine: Engine, operations: list[ops.MigrateOperation]) -> None:
    with engine.begin() as connection:
        for operation in operations:
            Operations(context_of(connection)).invoke(operation)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_change_is_seen_and_fixed(head: Engine, change: str) -> None:
    before = catalog(head, SCHEMAS)
    with head.begin() as connection:
        connection.exec_driver_sql(change)
    operations = found(head)
    assert operations != []
    apply(head, operations)
    assert_same(catalog(head, SCHEMAS), before)


@pytest.mark.parametrize("name", ["predicate", "INCLUDE", "CHECK"])
def test_reverse_brings_back_what_was_stored(head: Engine, name: str) -> None:
    """The downgrade makes what was there, not what the model says."""
    with head.begin() as connection:
        connection.exec_driver_sql(CHANGES[name])
    changed = catalog(head, SCHEMAS)
    forward, backward = found(head), found(head, reverse=True)
    assert len(forward) == 2
    apply(head, forward)
    assert catalog(head, SCHEMAS) != changed
    apply(head, backward)
    assert_same(catalog(head, SCHEMAS), changed)


def test_check_fails_until_the_change_is_fixed(
    head: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads all tables at once, and none alone."""
    with monkeypatch.context() as patch:
        patch.setattr(Inspector, "get_columns", lambda _, name, **__: pytest.fail(name))
        command.check(alembic_config())
    with head.begin() as connection:
        connection.exec_driver_sql(CHANGES["predicate"])
    with pytest.raises(CommandError, match=f"New upgrade operations detected.*{NAME}"):
        command.check(alembic_config())


def test_new_revision_takes_the_next_number(
    head: Engine, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> None:
    """``alembic revision --autogenerate`` writes a numbered file with the lock policy."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("alembic", "alembic.ini"):
        source = pytestconfig.rootpath / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    with head.begin() as connection:
        connection.exec_driver_sql(CHANGES["predicate"])
    config = alembic_config()
    config.set_main_option("script_location", str(folder / "alembic"))
    command.revision(config, message="fix index", autogenerate=True)
    number = f"{int(HEAD) + 1:04d}"
    text = (folder / "alembic" / "versions" / f"{number}_fix_index.py").read_text()
    assert f'revision = "{number}"\ndown_revision: str | None = "{HEAD}"' in text
    assert "lock_timeout" in text.split('"""')[1]
    command.upgrade(config, "head")
    command.check(config)
    command.downgrade(config, "-1")
    with head.connect() as connection:
        stored = connection.exec_driver_sql(
            f"SELECT pg_get_indexdef('curated.{NAME}'::regclass)"
        ).scalar_one()
    assert stored.endswith("(game_date) WHERE is_ml_ready")
