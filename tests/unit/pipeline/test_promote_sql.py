"""The SQL of promotion: what a part of a batch must not find of the part before it."""

from __future__ import annotations

import re

from mlb_perf.pipeline.promote.session import statement

OF_THE_WHOLE_BATCH = {"claimed", "claimed_game", "locked_game"}
OF_GAMES = {"told_change", "description", "event"}
"""Filled and used before a batch is divided."""


def test_every_table_of_a_batch_is_emptied_between_its_parts() -> None:
    created = re.findall(
        r"CREATE TEMPORARY TABLE (\w+)", statement("session.sql") + statement("append/session.sql")
    )
    emptied = re.findall(r"DELETE FROM (\w+)", statement("narrow.sql"))
    assert set(created) - set(emptied) == OF_THE_WHOLE_BATCH | OF_GAMES
