"""Every question of the catalogue has the same answer before and after the distribution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from mlb_perf.bench.measure import indexes
from mlb_perf.bench.tools.catalogue_runs import drawn
from mlb_perf.dataset import generate
from mlb_perf.pipeline.ask.features import features_as_of
from mlb_perf.pipeline.ask.selects import closing_lines, lines_of_day, opening_lines
from mlb_perf.queries import CATALOGUE
from tests.support.citus import distribute, head_on_citus, needs_citus
from tests.support.databases import engine_on

pytestmark = needs_citus

Answers = dict[str, list[tuple[dict[str, Any], Counter[str]]]]


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[Answers, Answers, Connection]]:
    """The answers on one server and on the cluster, and a connection to the cluster."""
    with head_on_citus() as url:
        generate(url, scale=0.02, seed=1)
        indexes.prepare(url)
        engine = engine_on(url, connect_args={"options": "-c timezone=UTC"})
        with engine.connect() as connection:
            given = {query.name: drawn(connection, query, 1, 2) for query in CATALOGUE}
            before = answers(connection, given)
        distribute(url)
        with engine.connect() as connection:
            yield before, answers(connection, given), connection


def answers(connection: Connection, given: dict[str, list[dict[str, Any]]]) -> Answers:
    found: Answers = {}
    for query in CATALOGUE:
        for values in given[query.name]:
            rows = connection.execute(text(query.sql), values)
            found.setdefault(query.name, []).append((values, Counter(map(repr, map(tuple, rows)))))
            connection.rollback()
    return found


def test_every_answer_is_the_same(asked: tuple[Answers, Answers, Connection]) -> None:
    before, after, _ = asked
    different = {
        name: (before[name], after[name]) for name in before if before[name] != after[name]
    }
    assert different == {}


def test_lookups_by_game_go_to_one_shard(asked: tuple[Answers, Answers, Connection]) -> None:
    before, _, connection = asked
    tasks = {}
    for query in CATALOGUE:
        values = before[query.name][0][0]
        plan = connection.execute(text(f"EXPLAIN {query.sql}"), values).scalars()
        tasks[query.name] = [line.strip() for line in plan if "Task Count" in line]
        connection.rollback()
    routed = {name for name, counts in tasks.items() if counts == ["Task Count: 1"]}
    assert len(routed) >= 20, tasks
    by_key = {
        name for name, given in before.items()
        if "external_game_id" in given[0][0] or {"game_id", "game_date"} <= set(given[0][0])
    }  # fmt: skip
    assert by_key - routed == set()


def test_selects_of_many_games(asked: tuple[Answers, Answers, Connection]) -> None:
    """They join functions and reference tables with distributed ones, in one transaction."""
    *_, connection = asked
    games = connection.execute(
        text(
            "SELECT game_id, game_date, scheduled_start_at FROM curated.enhanced_games"
            " WHERE is_ml_ready ORDER BY game_id LIMIT 3"
        )
    ).all()
    ids = [game.game_id for game in games]
    stored = connection.execute(
        text("SELECT game_id, home_win_probability FROM curated.ml_features"
             " WHERE game_id = ANY (:ids) ORDER BY game_id"), {"ids": ids}
    ).all()  # fmt: skip
    told = connection.execute(features_as_of(tuple(game) for game in games)).all()
    assert [(row.game_id, row.home_win_probability) for row in told] == [tuple(r) for r in stored]
    assert {row.game_id for row in connection.execute(closing_lines(ids))} == set(ids)
    assert {row.game_id for row in connection.execute(opening_lines(ids))} == set(ids)
    first = games[0]
    board = connection.execute(lines_of_day(first.game_date, first.scheduled_start_at)).all()
    assert first.game_id in {row.game_id for row in board}
