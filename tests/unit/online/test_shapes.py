"""Indexes and tables as a revision gives them, as SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from mlb_perf.errors import ConfigurationError
from mlb_perf.online import Hash, Monthly
from mlb_perf.online.indexes.shape import parse, shape_of
from mlb_perf.online.rebuild.shape_file import read_shape_at
from mlb_perf.online.rebuild.table_shape import shape_of_table

FULL = (
    'CREATE UNIQUE INDEX "Ix" ON shop.line USING gin (lower(note), price DESC) INCLUDE (a) '
    "WITH (fillfactor = 70) WHERE note <> 'a  b'"
)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (FULL, FULL),
        ("create index IX on Line(a,b);", "CREATE INDEX ix ON shop.line USING btree (a, b)"),
        (
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix\n    ON shop.line\n    (a) where b = '; '",
            "CREATE INDEX ix ON shop.line USING btree (a) WHERE b = '; '",
        ),
    ],
)
def test_index_in_sql(given: str, made: str) -> None:
    assert parse(given, "a test").in_schema("shop").create() == made


def test_index_of_a_table_without_a_schema() -> None:
    table = sa.Table("line", sa.MetaData(), sa.Column("a", sa.Integer))
    found = shape_of(sa.Index("ix", table.c.a, postgresql_where=table.c.a > 0))
    assert found.schema == ""
    assert found.in_schema("public").create() == (
        "CREATE INDEX ix ON public.line USING btree (a) WHERE a > 0"
    )


def test_what_is_no_index_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="DROP INDEX a cannot be written"):
        parse("DROP INDEX a", "a test")


def table(**options: Any) -> sa.Table:
    return sa.Table(
        "line",
        sa.MetaData(),
        sa.Column("line_id", sa.BigInteger, sa.Identity(always=True)),
        sa.Column("game", sa.Integer, sa.ForeignKey("shop.game.id", ondelete="CASCADE")),
        sa.Column("Odd Name", sa.Text, comment="It's odd"),
        sa.Column("twice", sa.Integer, sa.Computed("game * 2", persisted=True)),
        sa.PrimaryKeyConstraint("line_id"),
        sa.Index("ix_odd", "Odd Name"),
        schema="shop",
        comment="Lines",
        **options,
    )


def test_shape_of_a_table() -> None:
    shape = shape_of_table(table(), Hash("line_id", 4), "public")
    assert shape.column_names == ("line_id", "game", '"Odd Name"', "twice")
    assert shape.identities == (("line_id", "ALWAYS"),)
    assert shape.counted_columns == ("line_id",)
    assert shape.generated_columns == ("twice",)
    assert shape.commented == ("", "Odd Name")
    assert shape.primary_key == ("line_id",)
    assert [index.create() for index in shape.indexes] == [
        'CREATE INDEX ix_odd ON shop.line USING btree ("Odd Name")'
    ]
    [key] = shape.foreign_keys
    assert (key.name, key.referenced, key.definition) == (
        "line_game_fkey",
        "shop.game",
        "FOREIGN KEY (game) REFERENCES shop.game(id) ON DELETE CASCADE",
    )
    made = shape.statements_in("elsewhere")
    assert made.startswith("CREATE TABLE elsewhere.line (")
    assert ") PARTITION BY HASH (line_id);" in made
    assert "IDENTITY" not in made


def test_digests_tell_shapes_apart() -> None:
    shapes = [
        shape_of_table(table(), partitions, "public").digest
        for partitions in (None, Hash("line_id", 4), Hash("line_id", 8))
    ]
    assert len({*shapes}) == 3
    assert shapes[0] == shape_of_table(table(), None, "public").digest


@pytest.mark.parametrize("partitions", [None, Monthly("seen_at")])
def test_partitions_that_contradict_the_table(partitions: Monthly | None) -> None:
    with pytest.raises(ConfigurationError, match=r"shop.line has postgresql_partition_by='HASH"):
        shape_of_table(table(postgresql_partition_by="HASH (line_id)"), partitions, "public")


def test_table_with_a_prefix_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="UNLOGGED"):
        shape_of_table(table(prefixes=["UNLOGGED"]), None, "public")


def test_shape_file_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "line.sql"
    path.write_text(
        "-- table\nCREATE TABLE shop.line (\n    key TEXT NOT NULL,\n    PRIMARY KEY (key)\n"
        ") PARTITION BY HASH (key);\n"
    )
    shape = read_shape_at(path, Hash("key", 2))
    assert (shape.qualified, shape.column_names, shape.partitions) == (
        "shop.line", ("key",), Hash("key", 2),
    )  # fmt: skip
    with pytest.raises(ConfigurationError, match=r"does not say PARTITION BY RANGE \(key\)"):
        read_shape_at(path, Monthly("key"))
