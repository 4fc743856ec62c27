"""The tables to distribute, from the models alone: groups, order, and no table forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table

from mlb_perf.citus.layout import Placement, groups
from mlb_perf.models import metadata
from mlb_perf.models.placement import BY_GAME, CITUS, LOCAL, REFERENCE

PLACED = {it.qualified: it for group in groups() for it in group}
PLACES = {name: place for place, name in enumerate(PLACED)}


def test_every_table_that_is_not_local_is_placed_as_it_says() -> None:
    said = {
        table.fullname: None if table.info == REFERENCE else table.info[CITUS]
        for table in metadata.sorted_tables
        if table.info != LOCAL
    }
    assert {name: it.key for name, it in PLACED.items()} == said


def test_a_table_comes_after_those_that_it_refers_to_and_in_their_transaction() -> None:
    together = {it.qualified: place for place, group in enumerate(groups()) for it in group}
    wrong = [
        (table.fullname, key.referred_table.fullname)
        for table in metadata.sorted_tables
        if table.fullname in PLACED
        for key in table.foreign_key_constraints
        if PLACES[key.referred_table.fullname] >= PLACES[table.fullname]
        or together[key.referred_table.fullname] != together[table.fullname]
    ]
    assert wrong == []


def test_reference_tables_come_first() -> None:
    """In their group, and their groups: a distributed table may refer to each of them."""
    for group in groups():
        kinds = [it.key is not None for it in group]
        assert kinds == sorted(kinds)
    firsts = [group[0].key is not None for group in groups()]
    assert firsts == sorted(firsts)


def test_tables_without_foreign_keys_have_a_transaction_of_their_own() -> None:
    raw = [group for group in groups() if group[0].schema == "raw_data"]
    assert [len(group) for group in raw] == [1] * 9


@pytest.mark.parametrize("first", ["a", "b"])
def test_a_key_between_two_groups_joins_them(first: str) -> None:
    """Whichever of the two was seen first."""
    tables = MetaData()
    for name in sorted("ab", key=lambda name: name != first):
        Table(name, tables, Column("game_id", Integer, primary_key=True), schema="s", info=BY_GAME)
    Table(
        "c", tables, Column("game_id", Integer, ForeignKey("s.a.game_id"), primary_key=True),
        Column("other_id", Integer, ForeignKey("s.b.game_id")), schema="s", info=BY_GAME,
    )  # fmt: skip
    Table("d", tables, Column("id", Integer, primary_key=True), schema="s", info=LOCAL)
    (group,) = groups(tables)
    assert {it.name for it in group} == {"a", "b", "c"}
    assert group[-1] == Placement("s", "c", "game_id")
