"""A random table, its next shape, its rows, and the objects around it: all from one seed."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.schema import CreateTable

from mlb_perf.months import Span, by_month
from mlb_perf.online import Hash, Monthly
from mlb_perf.online.partitions import Partitions

SCHEMA = "random"
TABLE = f"{SCHEMA}.thing"
MIRROR = f"{SCHEMA}.mirror"
SOURCE = "generate_series(1::bigint, 240) AS g"

# Type, SQL of the value of row g, types that it can become without an expression.
KINDS: dict[str, tuple[Any, str, tuple[Any, ...]]] = {
    "whole": (sa.Integer(), "g * 7 % 1000", (sa.BigInteger(), sa.SmallInteger(), sa.Numeric())),
    "big": (sa.BigInteger(), "g * 1000003", (sa.Numeric(), sa.BigInteger())),
    "money": (sa.Numeric(12, 2), "g / 8.0", (sa.Numeric(),)),
    "text": (sa.Text(), "CASE WHEN g % 5 > 0 THEN 'it''s ' || g END", (sa.String(300),)),
    "name": (sa.String(40), "'name ' || g % 20", (sa.Text(), sa.String(80))),
    "flag": (sa.Boolean(), "g % 3 = 0", ()),
    "ratio": (pg.DOUBLE_PRECISION(), "g / 7.0", ()),
    "moment": (sa.DateTime(True), "timestamptz '2026-03-01 UTC' + g * '1 h'::interval", ()),
    "clock": (sa.DateTime(), "timestamp '2026-03-01 00:00' + g * '1 h'::interval", ()),
    "doc": (pg.JSONB(), "jsonb_build_object('n', g, 'x', repeat('y', (g % 90)::int))", ()),
    "odd": (pg.JSON(), "json_build_object('n', g)", ()),
    "bytes": (sa.LargeBinary(), "decode(md5(g::text), 'hex')", ()),
    "list": (pg.ARRAY(sa.Text()), "ARRAY['a', g::text, NULL]", ()),
    "code": (pg.UUID(), "md5(g::text)::uuid", ()),
    "net": (pg.INET(), "('10.0.' || g % 200 || '.1')::inet", ()),
    "mood": (pg.ENUM("sad", "glad", name="mood", schema=SCHEMA, create_type=False),
             "(CASE WHEN g % 2 = 0 THEN 'sad' ELSE 'glad' END)::random.mood", ()),
}  # fmt: skip


@dataclass
class Thing:
    """Both shapes, and how each is partitioned; ``kept`` are the columns that both have."""

    old: sa.Table
    new: sa.Table
    old_partitions: Partitions | None
    new_partitions: Partitions | None
    using: dict[str, str]
    values: dict[str, str]
    kept: list[str] = field(default_factory=list)
    fresh: Iterator[int] = field(default_factory=lambda: itertools.count(100_000))

    @property
    def plain(self) -> list[str]:
        """The columns of both shapes that are no part of the key, and that can be written."""
        fixed = ("id", "at", "counted", "doubled")
        return [name for name in self.kept if name not in fixed]


def thing(random: Random) -> Thing:
    """A table keyed by ``id``, with ``at`` if some shape has months."""
    old_partitions, new_partitions = (
        random.choice([None, None, Monthly("at"), Hash("id", 3)]) for _ in range(2)
    )
    dated = any(isinstance(p, Monthly) for p in (old_partitions, new_partitions))
    key_type = random.choice([sa.BigInteger(), sa.Text(), sa.Integer()])
    key_value = "'k' || g" if isinstance(key_type, sa.Text) else "g"
    values = {"id": key_value}
    columns: dict[str, tuple[Any, dict[str, Any]]] = {"id": (key_type, {"nullable": False})}
    if dated:
        at = random.choice([sa.DateTime(timezone=True), sa.DateTime(), sa.Date()])
        columns["at"] = (at, {"nullable": False})
        values["at"] = "timestamp '2026-07-05' + g * '11 h'::interval"
    for kind in random.sample(sorted(KINDS), random.randint(3, 7)):
        columns[kind] = (KINDS[kind][0], {})
        values[kind] = KINDS[kind][1]
    if random.random() < 0.4:
        columns["counted"] = (sa.BigInteger(), {"counted": random.choice([True, False])})
    if "whole" in columns and random.random() < 0.5:
        columns["doubled"] = (sa.BigInteger(), {"computed": "whole * 2"})
    key = ["id", "at"] if dated else ["id"]
    named = random.random() < 0.5
    using, changed = _changed(random, columns)
    return Thing(
        _table(columns, key, named=named),
        _table(changed, key, named=named),
        old_partitions,
        new_partitions,
        using,
        values,
        [name for name in columns if name in changed],
    )


def _changed(
    random: Random, columns: dict[str, tuple[Any, dict[str, Any]]]
) -> tuple[dict[str, str], dict[str, tuple[Any, dict[str, Any]]]]:
    """The next shape: other types, other columns, another order; and the values of new ones."""
    changed = dict(columns)
    using: dict[str, str] = {}
    for name in [n for n in columns if n in KINDS]:
        if KINDS[name][2] and random.random() < 0.4:
            changed[name] = (random.choice(KINDS[name][2]), {})
        elif random.random() < 0.25 and not (name == "whole" and "doubled" in columns):
            del changed[name]
    if random.random() < 0.5:
        changed["added"] = (sa.Integer(), {"server_default": "5", "nullable": False})
    if random.random() < 0.5:
        changed["derived"] = (sa.Text(), {"server_default": "", "nullable": False})
        using["derived"] = "'d' || id"
    order = list(changed)
    random.shuffle(order)
    return using, {name: changed[name] for name in order}


def _table(
    columns: dict[str, tuple[Any, dict[str, Any]]], key: list[str], *, named: bool
) -> sa.Table:
    items: list[Any] = []
    for name, (type_, given) in columns.items():
        options = dict(given)
        extra: list[Any] = []
        if "counted" in options:
            extra = [sa.Identity(always=options.pop("counted"))]
        if "computed" in options:
            extra = [sa.Computed(options.pop("computed"), persisted=True)]
        items.append(sa.Column(name, type_, *extra, **options))
    items.append(sa.PrimaryKeyConstraint(*key, name="pk_thing" if named else None))
    if "whole" in columns:
        items.append(sa.CheckConstraint("whole >= 0", name="Whole number" if named else None))
        items.append(sa.UniqueConstraint("whole", *key))
    return sa.Table("thing", sa.MetaData(), *items, schema=SCHEMA)


def statements(it: Thing) -> list[str]:
    """The table in its old shape with its rows, and its mirror without constraints."""
    found = [f"CREATE SCHEMA {SCHEMA}", f"GRANT USAGE ON SCHEMA {SCHEMA} TO pg_database_owner"]
    found += [f"CREATE TYPE {SCHEMA}.mood AS ENUM ('sad', 'glad')"]
    dialect = pg.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
    created = str(CreateTable(it.old).compile(dialect=dialect)).strip()
    if it.old_partitions is not None:
        created += f" PARTITION BY {it.old_partitions.clause}"
    found += [created, *_partitions(it)]
    listed, values = ", ".join(it.values), ", ".join(it.values.values())
    found += [
        f"INSERT INTO {TABLE} ({listed}) SELECT {values} FROM {SOURCE}",
        f"CREATE TABLE {MIRROR} AS SELECT * FROM {TABLE}",
        f"CREATE TABLE {SCHEMA}.other (n int PRIMARY KEY)",
        f"INSERT INTO {SCHEMA}.other SELECT generate_series(0, 999)",
        f"CREATE TABLE {SCHEMA}.seen (what text)",
    ]
    return found


def _partitions(it: Thing) -> list[str]:
    if isinstance(it.old_partitions, Hash):
        return [
            f"CREATE TABLE {TABLE}_{n} PARTITION OF {TABLE} "
            f"FOR VALUES WITH (MODULUS {it.old_partitions.modulus}, REMAINDER {n})"
            for n in range(it.old_partitions.modulus)
        ]
    if it.old_partitions is None:
        return []

    months = by_month(Span.of_months(dt.date(2026, 6, 1), dt.date(2027, 6, 1)))
    is_date = isinstance(it.old.c["at"].type, sa.Date)
    return [
        f"CREATE TABLE {TABLE}_{month.suffix} PARTITION OF {TABLE} {month.values(is_date=is_date)}"
        for month in months
    ]
