"""Names in definitions, and which values a type cannot hold: text in, text out."""

from __future__ import annotations

import pytest

from mlb_perf.online.rebuild import offline
from mlb_perf.online.rebuild.fit import narrowing
from mlb_perf.online.rebuild.renaming import renamed
from mlb_perf.online.rebuild.shape_file import read_shape
from mlb_perf.online.rebuild.target import Target
from mlb_perf.online.shadows import with_live_names
from tests.support.shapes import SHAPES, content, tables

NAMES = {"shop.line": "next.line", 'own."Dear lines"': 'next."Dear lines"'}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SELECT line.price FROM shop.line", "SELECT line.price FROM next.line"),
        ("FROM shop.lines JOIN my_shop.line", "FROM shop.lines JOIN my_shop.line"),
        ("SELECT 'shop.line'::text FROM shop.line", "SELECT 'shop.line'::text FROM next.line"),
        ("SELECT 'shop.line'::regclass", "SELECT 'next.line'::regclass"),
        ("SELECT 'it''s shop.line' AS \"shop.line\"", "SELECT 'it''s shop.line' AS \"shop.line\""),
        ('SELECT * FROM own."Dear lines" d', 'SELECT * FROM next."Dear lines" d'),
    ],
)
def test_names(before: str, after: str) -> None:
    assert renamed(before, NAMES) == after


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("bigint", "integer", "n NOT BETWEEN -2147483648 AND 2147483647"),
        ("integer", "smallint", "n NOT BETWEEN -32768 AND 32767"),
        ("text", "character varying(32)", "char_length(n) > 32"),
        ("numeric", "numeric(6,1)", "round(n, 1) <> n OR abs(n) >= 1e5"),
        ("integer", "bigint", None),
        ("character varying(32)", "character varying(32)", None),
    ],
)
def test_narrowing(old: str, new: str, rule: str | None) -> None:
    assert narrowing("n", old, new) == rule


@pytest.mark.parametrize("shape", ["wide", "packed"])
def test_shape_files_are_what_the_models_say(shape: str) -> None:
    """`make shapes` would change nothing, until the files are released and frozen."""
    for table in tables():
        path = SHAPES / shape / str(table.schema) / f"{table.name}.sql"
        assert path.read_text(encoding="utf-8") == content(table, shape)
        name = f"shapes/{shape}/{table.schema}/{table.name}.sql"
        found = read_shape(name, str(table.schema), table.name)
        assert sorted(found.column_names) == sorted(table.columns.keys())


@pytest.mark.parametrize("in_key_order", [True, False])
def test_a_script_writes_rows_in_the_order_of_the_key(in_key_order: bool) -> None:
    was, to = (
        read_shape(f"shapes/{shape}/curated/ml_features.sql", "curated", "ml_features")
        for shape in ("wide", "packed")
    )
    target = Target(was, to, "9999", "upgrade", in_key_order=in_key_order)
    [copied] = [line for line in offline.statements(target, None) if line.startswith("INSERT")]
    order = " ORDER BY r.game_id, r.game_date, r.feature_set, r.as_of"
    assert copied.endswith(" AS r" + (order if in_key_order else ""))


def test_messages_have_live_names() -> None:
    words = 'index mlb_perf_rebuild.ix; "mlb_perf_rebuild_my shop".v, relation "mlb_perf_rebuild.t"'
    assert with_live_names(words, 'shop."a.b"') == 'index shop.ix; shop.v, relation "shop.t"'
    assert (
        with_live_names("DROP SCHEMA mlb_perf_rebuild", "shop.t") == "DROP SCHEMA mlb_perf_rebuild"
    )
