"""Models and selects on the drivers of applications; the package's sessions use its own."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import Executable, create_engine, func, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from mlb_perf.models import BettingLineUnified, EnhancedGame, MlExperiment
from mlb_perf.pipeline.ask.features import features_as_of
from mlb_perf.pipeline.ask.selects import (
    best_prices,
    closing_lines,
    line_as_of,
    line_path,
    lines_of_day,
    no_vig_probability,
    opening_lines,
)
from mlb_perf.pipeline.load.ingest import ingest, read_response
from mlb_perf.pipeline.promote import promote
from tests.integration.pipeline.live import polls

EXPERIMENT = {
    "name": "any driver", "model_type": "logistic", "feature_set": "v1",
    "trained_from": dt.date(2026, 4, 1), "trained_to": dt.date(2026, 6, 1),
    "parameters": {"depth": [1, 2]}, "started_at": dt.datetime(2026, 7, 1, tzinfo=dt.UTC),
}  # fmt: skip

Answers = list[list[tuple[Any, ...]]]


def questions(game: EnhancedGame) -> list[Executable]:
    """Every select, a model as it is, and rows that are written and read."""
    key = (game.game_id, game.game_date)
    moment = game.scheduled_start_at
    assert moment is not None
    return [
        select(EnhancedGame.__table__).order_by(EnhancedGame.game_id),
        select(func.count()).select_from(BettingLineUnified),
        line_path(*key).with_only_columns(*BettingLineUnified.__table__.c),
        line_as_of(*key, moment),
        lines_of_day(game.game_date, moment),
        best_prices(*key, moment),
        no_vig_probability(*key, moment),
        opening_lines([game.game_id]),
        closing_lines([game.game_id]),
        features_as_of([(*key, moment)]),
        insert(MlExperiment).values(EXPERIMENT).returning(MlExperiment.parameters),
        update(MlExperiment).values(metrics={"loss": 0.5}).returning(MlExperiment.metrics),
    ]


def answers(connection: SyncConnection, asked: Sequence[Executable]) -> Answers:
    return [[tuple(row) for row in connection.execute(one)] for one in asked]


def with_psycopg(engine: Engine, asked: Sequence[Executable]) -> Answers:
    other = create_engine(engine.url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with other.connect() as connection:
        return answers(connection, asked)


def with_asyncpg(engine: Engine, asked: Sequence[Executable]) -> Answers:
    async def ask() -> Answers:
        url = engine.url.set(drivername="postgresql+asyncpg")
        connection: AsyncConnection
        async with create_async_engine(url, poolclass=NullPool).connect() as connection:
            return await connection.run_sync(answers, asked)

    return asyncio.run(ask())


@pytest.mark.parametrize("ask", [with_psycopg, with_asyncpg])
def test_every_select_answers_the_same(
    dataset: Engine, ask: Callable[[Engine, Sequence[Executable]], Answers]
) -> None:
    """What is written is rolled back, for the data set is shared."""
    with dataset.connect() as connection:
        busiest = (
            select(EnhancedGame)
            .join(BettingLineUnified, BettingLineUnified.game_id == EnhancedGame.game_id)
            .group_by(EnhancedGame.game_id)
            .order_by(func.count().desc())
        )
        game: Any = connection.execute(busiest.limit(1)).one()
        asked = questions(game)
        expected = answers(connection, asked)
    assert all(expected)
    assert ask(dataset, asked) == expected


@pytest.mark.parametrize("name", ["psycopg", "asyncpg"])
def test_loading_takes_an_engine_of_any_driver(head: Engine, name: str) -> None:
    """Its records are copied by a session of the package's own."""
    poll = next(polls(1))
    body = json.dumps([json.loads(row.values["payload"]) for row in poll])
    records = read_response(body, "odds_api", poll[0].values["collected_at"])
    url = head.url.set(drivername=f"postgresql+{name}")
    other = (
        create_async_engine(url).sync_engine if name == "asyncpg" else create_engine(url)
    )  # fmt: skip
    assert ingest(other, records).loaded == 12
    assert promote(url).promoted == 12
