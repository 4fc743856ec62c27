"""docs/online.md: its files make a project, which goes up and down with all rows kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from mlb_perf.errors import ConfigurationError, ForeignObjects, MigrationFailed
from tests.migration.online.project import project, script
from tests.migration.rebuild.shop import leftovers
from tests.support.catalogs import assert_same, catalog
from tests.support.sql import rows, run, value

ROWS = "SELECT game, seen_at, price, note FROM shop.line ORDER BY game, seen_at"
NEW_ROWS = "SELECT game, price, source, is_late FROM shop.line ORDER BY game, seen_at"
OPERATIONS = "SELECT DISTINCT operation FROM ops.migration_log WHERE status = 'succeeded'"


@pytest.fixture
def shop(empty: Engine, tmp_path: Path) -> Iterator[Config]:
    with project(tmp_path, empty) as config:
        yield config


def fill(engine: Engine) -> None:
    run(
        engine,
        "INSERT INTO shop.line SELECT 'mlb:' || g, timestamptz '2026-01-15 12:00+00'"
        " + g * interval '9 days', (100 + g)::text, CASE WHEN g % 3 > 0 THEN 'note ' || g END"
        " FROM generate_series(1, 40) AS g",
    )


def test_up_and_down(shop: Config, empty: Engine) -> None:
    command.upgrade(shop, "0002")
    fill(empty)
    run(empty, "GRANT SELECT ON shop.line TO pg_monitor")
    before, was = rows(empty, ROWS), catalog(empty, ("shop",))
    command.upgrade(shop, "head")
    command.check(shop)
    assert rows(empty, NEW_ROWS)[0] == ("mlb:1", 101, "mlb", False)
    assert value(empty, "SELECT pg_get_partkeydef('shop.line'::regclass)") == "RANGE (seen_at)"
    assert value(empty, "SELECT count(*) FROM ops.rebuilds WHERE phase = 'finished'") == 1
    assert {"upgrade", "create_index_online", "rebuild_table", "swap_table"} <= {
        row[0] for row in rows(empty, OPERATIONS)
    }
    run(
        empty,
        "INSERT INTO shop.line (game, seen_at, price, source) VALUES ('new', now(), 7, 'a')",
        "UPDATE shop.line SET price = 8 WHERE game = 'mlb:1'",
        "DELETE FROM shop.line WHERE game = 'mlb:2'",
    )
    command.downgrade(shop, "0002")
    assert_same(catalog(empty, ("shop",)), was)
    expected = [(g, at, "8" if g == "mlb:1" else p, n) for g, at, p, n in before if g != "mlb:2"]
    assert [row for row in rows(empty, ROWS) if row[0] != "new"] == expected
    assert rows(empty, "SELECT price, note FROM shop.line WHERE game = 'new'") == [("7", None)]
    command.upgrade(shop, "head")
    command.downgrade(shop, "base")
    assert leftovers(empty) == []
    assert (
        rows(empty, "SELECT nspname::text FROM pg_namespace WHERE nspname IN ('shop', 'ops')") == []
    )


def test_offline_script_does_the_same(shop: Config, empty: Engine) -> None:
    """On an empty database; the statements that a person would give to psql."""
    command.upgrade(shop, "head")
    online = catalog(empty, ("shop",))
    command.downgrade(shop, "base")
    run(empty, "DROP TABLE shop_version")
    with empty.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for part in statements(script(shop, "head")):
            connection.exec_driver_sql(part, execution_options={"no_parameters": True})
    assert_same(catalog(empty, ("shop",)), online)


def statements(sql: str) -> list[str]:
    """Without the lines that are comments alone."""
    lines = [line for line in sql.splitlines() if not line.startswith("--")]
    return [part for part in "\n".join(lines).split(";\n\n") if part.strip()]


def test_autogenerate_proposes_the_rebuild(shop: Config, empty: Engine, tmp_path: Path) -> None:
    """From the table of the second revision to the model, both frozen; and the indexes."""
    versions = tmp_path / "migrations" / "versions"
    for later in ("0003_rebuild_line.py", "0004_check_price.py"):
        (versions / later).unlink()
    command.upgrade(shop, "head")
    command.revision(shop, message="follow the model", autogenerate=True, rev_id="0003")
    written = (versions / "0003_follow_the_model.py").read_text(encoding="utf-8")
    assert "from mlb_perf.online import Hash, Monthly" in written
    for part in (
        "op.rebuild_table(",
        "partitions=Monthly(column='seen_at'",
        "op.drop_index_online(",
    ):
        assert part in written
    assert "op.alter_column" not in written
    was = catalog(empty, ("shop",))
    (versions / "0003_follow_the_model.py").write_text(_with_values(written), encoding="utf-8")
    fill(empty)
    before = rows(empty, ROWS)
    command.upgrade(shop, "head")
    command.check(shop)
    command.downgrade(shop, "0002")
    assert rows(empty, ROWS) == before
    assert_same(catalog(empty, ("shop",)), was)


def _with_values(written: str) -> str:
    """What a person adds: values of the new and the retyped columns, and the order of the steps."""
    up, down = written.split("def downgrade() -> None:")
    add = "using={'price': %s, 'source': \"'mlb'\"}\n    )"
    new = up.replace("ahead=3)\n    )", "ahead=3),\n    " + add % "'price::integer'")
    old = down.replace("ahead=3)\n    )", "ahead=3),\n    using={'price': 'price::text'}\n    )")
    return f"{new}def downgrade() -> None:{old}"


@contextmanager
def without(folder: Path, part: str) -> Iterator[None]:
    """The rebuild as it is written without that part."""
    path = folder / "migrations" / "versions" / "0003_rebuild_line.py"
    content = path.read_text(encoding="utf-8")
    assert part in content
    path.write_text(content.replace(part, ""), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(content, encoding="utf-8")


def test_refusals_change_nothing(shop: Config, empty: Engine, tmp_path: Path) -> None:
    command.upgrade(shop, "0002")
    fill(empty)
    run(empty, "CREATE VIEW shop.noted AS SELECT note FROM shop.line")
    was, before = catalog(empty, ("shop",)), rows(empty, ROWS)
    with pytest.raises(ForeignObjects, match=r"shop.line loses note, which .*shop.noted need"):
        command.upgrade(shop, "head")
    run(empty, "DROP VIEW shop.noted")
    with (
        without(tmp_path, '"price": "price::integer", '),
        pytest.raises(MigrationFailed, match="price becomes integer, and an assignment does"),
    ):
        command.upgrade(shop, "head")
    run(empty, "ALTER TABLE ops.rebuilds RENAME TO other")
    with pytest.raises(ConfigurationError, match=r"op.create_journal\('ops'\)"):
        command.upgrade(shop, "head")
    run(empty, "ALTER TABLE ops.other RENAME TO rebuilds")
    assert (rows(empty, ROWS), leftovers(empty)) == (before, [])
    command.upgrade(shop, "head")
    command.downgrade(shop, "0002")
    run(empty, "CREATE VIEW shop.noted AS SELECT note FROM shop.line")
    assert_same(catalog(empty, ("shop",)), was)
