"""Random tables, dependants, writers, definitions and kills: equal at the end, or refused by name.

MLB_PERF_TEST_EFFORT=100 plays 500 rounds. A round that fails prints its seed and its actions;
``pytest -k "test_round and 17"`` plays it again.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.migration.online import random_round
from tests.support.effort import tries

SEEDS = range(1, tries(5) + 1)


@pytest.fixture(scope="module")
def database(shared_empty: Engine) -> Engine:
    """A database with a journal, for all rounds."""
    random_round.journal(shared_empty)
    return shared_empty


@pytest.mark.parametrize("seed", SEEDS)
def test_round(database: Engine, seed: int) -> None:
    outcome = random_round.play(database, seed)
    print(f"seed {seed}: {outcome}")
    assert outcome.startswith(("up and down", "upgrade refused: ", "downgrade refused: "))
