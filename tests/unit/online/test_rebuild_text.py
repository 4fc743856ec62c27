"""Names in definitions, and which values a type cannot hold: text in, text out."""

from __future__ import annotations

import pytest
from sqlalchemy import Table

from mlb_perf.models import Base
from mlb_perf.models.packing import Packed
from mlb_perf.online.rebuild.dependents.renaming import renamed
from mlb_perf.online.rebuild.narrowing import narrowing
from mlb_perf.online.rebuild.shape_file import read_shape
from tools.shape_files import SHAPES, _baseline, _content, _model

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
    """`python tools/shape_files.py` would change nothing; until they are released, and frozen."""
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Packed):
            table = mapper.local_table
            assert isinstance(table, Table)
            parts = _baseline(table) if shape == "wide" else _model(table)
            path = SHAPES / shape / str(table.schema) / f"{table.name}.sql"
            assert path.read_text(encoding="utf-8") == _content(table, parts)
            name = f"shapes/{shape}/{table.schema}/{table.name}.sql"
            assert read_shape(name, str(table.schema), table.name).column_names
