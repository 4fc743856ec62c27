"""What is appended poll by poll is what the full remake makes of all of staging."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from tests.integration.pipeline.live import Feed, Row, assert_equal_to_remake, promoter, store


def portions(rows: Sequence[Row], chance: random.Random, disorder: float) -> list[list[Row]]:
    """The rows in loads of random size; some rows come some loads later than they were said."""
    loads: list[list[Row]] = []
    for row in rows:
        if not loads or chance.random() < 0.08:
            loads.append([])
        loads[-1].append(row)
    for number, load in enumerate(loads):
        for row in [*load]:
            if chance.random() < disorder:
                load.remove(row)
                loads[min(len(loads) - 1, number + chance.randint(1, 5))].append(row)
    return [load for load in loads if load]


@pytest.mark.parametrize("seed", range(6))
def test_every_load_leaves_the_rows_of_a_remake(head: Engine, seed: int) -> None:
    """In order, out of order, with doubled ids, moved starts, and one to four workers."""
    chance = random.Random(seed)
    rows = Feed(seed).rows()
    with ExitStack() as stack:
        workers = promoter(stack, head, workers=1 + seed % 4, rows=chance.choice((20, 2000)))
        for load in portions(rows, chance, disorder=(0, 0.02, 0.2)[seed % 3]):
            store(head, load)
            workers.drain()
            if chance.random() < 0.2:
                assert_equal_to_remake(head)
    assert_equal_to_remake(head)
