"""The plan as a value: statements, anchors, locks, and what is refused before the first step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlb_perf.citus import checks, plan
from mlb_perf.citus.catalog import Node, Table
from mlb_perf.citus.layout import Placement
from mlb_perf.citus.undistribute import by_meaning

TEAMS = Placement("curated", "teams", None)
GAMES = Placement("curated", "Games of a day", "game_id")
LINES = Placement("curated", "lines", "game_id")
ODDS = Placement("raw_data", "odds", "external_game_id")
WANTED = [(TEAMS, GAMES, LINES), (ODDS,)]
NODES = [
    Node("c:1", is_coordinator=True, has_shards=False, free_locks=10_000),
    Node("w:2", is_coordinator=False, has_shards=True, free_locks=10_000),
    Node("w:3", is_coordinator=False, has_shards=True, free_locks=10_000),
]


def local(it: Placement, **changes: object) -> Table:
    found = Table(it.qualified, None, None, "bigint", 4, 0, 1_000_000, 0)
    return replace(found, **changes)  # type: ignore[arg-type]


HAVE = {it.qualified: local(it) for group in WANTED for it in group}


def test_the_first_table_of_a_key_makes_a_group_and_the_others_join_it() -> None:
    found = plan.make(WANTED, HAVE, NODES, 8)
    assert [it.statements for it in found.conversions] == [
        (
            "SELECT create_reference_table('curated.teams')",
            (
                "SELECT create_distributed_table('curated.\"Games of a day\"', 'game_id', "
                "colocate_with => 'none')"
            ),
            (
                "SELECT create_distributed_table('curated.lines', 'game_id', "
                "colocate_with => 'curated.\"Games of a day\"')"
            ),
        ),
        (
            (
                "SELECT create_distributed_table('raw_data.odds', 'external_game_id', "
                "colocate_with => 'none')"
            ),
        ),
    ]
    assert found.leftovers == ()


def test_an_interrupted_run_goes_on_next_to_the_tables_that_are_done() -> None:
    done = local(LINES, method="h", distributed_by="game_id", local_bytes=8192)
    have = {**HAVE, LINES.qualified: done}
    found = plan.make(WANTED, have, NODES, 8)
    assert found.conversions[0].tables == ("curated.teams", 'curated."Games of a day"')
    assert found.conversions[0].statements[1].endswith("colocate_with => 'curated.lines')")
    assert found.leftovers == ("curated.lines",)


def test_locks_are_counted_by_node() -> None:
    """Each shard has the table's relations again; a reference table has one shard a node."""
    first, second = plan.make(WANTED, HAVE, NODES, 8).conversions
    of_reference, of_distributed = 2.5 * 4 * 2, 2.5 * 4 * (1 + 4)
    assert first.locks["w:2"] == of_reference + 2 * of_distributed
    assert second.locks == {"c:1": 2.5 * 4 + 8, "w:2": of_distributed, "w:3": of_distributed}


def test_a_node_that_cannot_hold_the_locks_is_named_with_the_setting() -> None:
    tight = [*NODES[:2], replace(NODES[2], free_locks=100)]
    (sentence,) = plan.make(WANTED, HAVE, tight, 8).lacking(tight)
    assert sentence == (
        "w:3 can hold 100 more locks, and the largest transaction needs about 120: raise "
        "max_locks_per_transaction there and restart it, or take fewer --shards"
    )
    done = {
        it.qualified: local(it, method="h" if it.key else "n", distributed_by=it.key)
        for group in WANTED for it in group
    }  # fmt: skip
    assert plan.make(WANTED, done, tight, 8).lacking(tight) == []


def test_a_table_that_lies_otherwise_than_the_models_say() -> None:
    have = {**HAVE, LINES.qualified: local(LINES, method="h", distributed_by="line_id"),
            TEAMS.qualified: local(TEAMS, method="h", distributed_by="team_id")}  # fmt: skip
    assert plan.mistaken(WANTED, have) == [
        (
            "curated.teams is distributed by team_id where the models say a reference table: "
            "undo it (mlb-perf citus undistribute), and run again"
        ),
        (
            "curated.lines is distributed by line_id where the models say distributed by game_id: "
            "undo it (mlb-perf citus undistribute), and run again"
        ),
    ]


def test_a_key_of_two_types() -> None:
    have = {**HAVE, LINES.qualified: local(LINES, key_type="integer")}
    assert checks.of_key_types(WANTED, have) == [
        (
            'game_id has several types: bigint in curated."Games of a day", '
            "integer in curated.lines; give it one type, which cannot be changed once the tables "
            "are distributed"
        )
    ]
    assert checks.of_key_types(WANTED, HAVE) == []


@pytest.mark.parametrize(
    ("nodes", "sentence"),
    [
        (NODES[1:], "the coordinator is not in its metadata"),
        (NODES[:1], "no node takes shards"),
        ([*NODES, Node("w:4", False, True, None, "timeout")], "w:4 does not answer: timeout"),
    ],
)
def test_a_cluster_that_is_not_complete(nodes: list[Node], sentence: str) -> None:
    (found,) = checks.of_nodes(nodes)
    assert found.startswith(sentence)


def test_checks_are_compared_by_meaning() -> None:
    """As the server wrote them first, and as it writes them once it has read that back."""
    first = "CHECK (((a)::text = ANY ((ARRAY['o'::character varying, 'u'::text])::text[])))"
    again = "CHECK (((a)::text = ANY (ARRAY[('o'::character varying)::text, ('u'::text)])))"
    other = again.replace("'u'", "'x'")
    assert by_meaning(first) == by_meaning(again) != by_meaning(other)
