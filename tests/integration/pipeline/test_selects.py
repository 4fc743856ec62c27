"""Every select against a slow reference, for random games and moments: no look-ahead, no gap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import text

from mlb_perf.pipeline.ask.features import FEATURES, features_as_of
from mlb_perf.pipeline.ask.selects import (
    best_prices,
    closing_lines,
    line_as_of,
    line_path,
    lines_of_day,
    no_vig_probability,
    opening_lines,
)
from tests.integration.pipeline import reference
from tests.integration.pipeline.world import MARKETS, World, build
from tests.support.databases import Server, copy_of

EIGHT_DIGITS = 1e-8


@pytest.fixture(scope="module")
def world(
    head_template: NoopExecutor, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """No test changes it."""
    with copy_of(head_template, server, "mlb_perf_test_selects") as url:
        built = build(url, tmp_path_factory.mktemp("splits"))
        yield built
        built.engine.dispose()


def test_the_sample_is_whole(world: World) -> None:
    """What the others compare is all of it, in play and before, with nothing rejected."""
    with world.engine.connect() as connection:
        rejected = connection.scalar(text("SELECT count(*) FROM staging.rejected_records"))
    assert (len(world.games), rejected) == (20, 0)
    assert sum(len(game.quotes) for game in world.games) > 10_000
    assert sum(quote.at >= game.start for game in world.games for quote in game.quotes) > 0


def test_line_path_replays_the_feed(world: World) -> None:
    """In order, cut at the start; each choice gives the part that it names."""
    game = world.games[0]
    before = reference.runs(q for q in game.quotes if q.at < game.start)
    after = reference.runs(q for q in game.quotes if q.at >= game.start)
    with world.engine.connect() as connection:
        for key in before:
            book, market, side = key
            path = connection.execute(
                line_path(game.id, game.date, sportsbook=book, market_type=market, side=side)
            ).all()
            told = [
                (row.line_value, row.decimal_price, row.first_seen_at, row.last_seen_at,
                 row.quote_count)
                for row in path
            ]  # fmt: skip
            assert told == [
                (run[0].line, run[0].price, run[0].at, run[-1].at, len(run))
                for run in [*before[key], *after.get(key, [])]
            ]
        whole = connection.execute(line_path(game.id, game.date)).all()
    assert len(whole) == sum(len(path) for part in (before, after) for path in part.values())


def test_line_as_of(world: World) -> None:
    compared = 0
    for connection, game, moment in world.asked():
        told = {
            (row.sportsbook, row.market_type, row.side): (row.line_value, row.decimal_price)
            for row in connection.execute(line_as_of(game.id, game.date, moment))
        }
        known = reference.standing(game.quotes, moment)
        assert told == {key: (quote.line, quote.price) for key, quote in known.items()}
        compared += len(told)
    assert compared > 1000


def test_lines_of_day(world: World) -> None:
    """All games of a day in one statement, as :func:`line_as_of` answers for each of them."""
    compared = 0
    for connection, game, moment in world.asked():
        told = connection.execute(lines_of_day(game.date, moment)).all()
        expected = [
            (other.id, *line)
            for other in sorted(world.games, key=lambda other: other.id)
            if other.date == game.date
            for line in sorted(connection.execute(line_as_of(other.id, other.date, moment)).all())
        ]
        assert [tuple(row) for row in told] == expected
        compared += len({row.game_id for row in told}) > 1
    assert compared > 5


def test_opening_lines(world: World) -> None:
    with world.engine.connect() as connection:
        rows = connection.execute(opening_lines([game.id for game in world.games])).all()
    told = {
        (row.game_id, row.sportsbook, row.market_type, row.side): (
            row.line_value, row.decimal_price, row.first_seen_at
        )
        for row in rows
    }  # fmt: skip
    assert told == {
        (game.id, *key): (runs[0][0].line, runs[0][0].price, runs[0][0].at)
        for game in world.games
        for key, runs in reference.runs(q for q in game.quotes if q.at < game.start).items()
    }
    assert len(told) > 500


def test_best_prices(world: World) -> None:
    """Of two books with the highest price, the first by name."""
    compared = 0
    for connection, game, moment in world.asked():
        told = {
            (row.market_type, row.side, row.line_value): (row.decimal_price, row.sportsbook)
            for row in connection.execute(best_prices(game.id, game.date, moment))
        }
        best: dict[Any, tuple[Fraction, str]] = {}
        for (book, market, side), quote in sorted(reference.standing(game.quotes, moment).items()):
            key = (market, side, quote.line)
            if key not in best or quote.price > best[key][0]:
                best[key] = (quote.price, book)
        assert told == best
        compared += len(told)
    assert compared > 500


def test_no_vig_probability(world: World) -> None:
    compared = 0
    for connection, game, moment in world.asked():
        told: dict[Any, Any] = {
            (row.sportsbook, row.market_type): float(row.probability)
            for row in connection.execute(no_vig_probability(game.id, game.date, moment))
        }
        pairs = reference.pairs(reference.standing(game.quotes, moment))
        expected = {key: float(reference.no_vig(pair)) for key, pair in pairs.items()}
        assert differing(told, expected) == {}
        compared += len(told)
    assert compared > 500


def test_closing_lines(world: World) -> None:
    with world.engine.connect() as connection:
        rows = connection.execute(closing_lines([game.id for game in world.games])).all()
    told = {
        (row.game_id, row.sportsbook, row.market_type, row.side): (row.line_value, row.last_seen_at)
        for row in rows if row.reason is None
    }  # fmt: skip
    instant = dt.timedelta(microseconds=1)
    assert told == {
        (game.id, *key): (quote.line, quote.at)
        for game in world.games
        for key, quote in reference.standing(game.quotes, game.start - instant).items()
    }
    assert len(told) > 500


def test_features_as_of(world: World) -> None:
    """All games and moments in one question, and the rows of ml_features as of the starts."""
    asked = [(game, moment) for _, game, moment in world.asked()]
    with world.engine.connect() as connection:
        query = features_as_of((game.id, game.date, moment) for game, moment in asked)
        told = {(row.game_id, row.as_of): row for row in connection.execute(query)}
        stored = connection.execute(text("SELECT * FROM curated.ml_features")).all()
    instant = dt.timedelta(microseconds=1)
    by_id = {game.id: game for game in world.games}
    answers = [(game, moment, told[game.id, moment]) for game, moment in asked]
    answers += [(by_id[row.game_id], row.as_of - instant, row) for row in stored]
    for game, moment, row in answers:
        expected = reference.features(game.quotes, game.splits, game.start, moment)
        found = {name: _number(getattr(row, name)) for name in FEATURES}
        assert differing(found, expected) == {}, (game.id, moment)
    assert len(stored) == len(world.games)
    for name in FEATURES:
        assert any(_number(getattr(row, name)) for _, _, row in answers), f"{name} is never told"


def test_market_analysis(world: World) -> None:
    columns = (
        "opening_line", "closing_line", "opening_probability", "closing_probability",
        "average_vig", "sharp_side", "book_count", "movement_count",
    )  # fmt: skip
    with world.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM curated.ml_market_analysis")).all()
    told = {(row.game_id, row.market_type): row for row in rows}
    assert told.keys() == {(g.id, market) for g in world.games for market in MARKETS.values()}
    for game in world.games:
        for market in MARKETS.values():
            expected = reference.market_analysis(game.quotes, game.splits, game.start, market)
            found = {name: _number(getattr(told[game.id, market], name)) for name in columns}
            assert differing(found, expected) == {}, (game.id, market)
    assert {row.sharp_side for row in rows} >= {None, "home", "away", "over"}


def test_a_moment_needs_a_time_zone(world: World) -> None:
    game = world.games[0]
    naive = game.start.replace(tzinfo=None)
    for ask in (line_as_of, best_prices, no_vig_probability):
        with pytest.raises(ValueError, match="has no time zone"):
            ask(game.id, game.date, naive)
    with pytest.raises(ValueError, match="has no time zone"):
        lines_of_day(game.date, naive)
    with pytest.raises(ValueError, match="has no time zone"):
        features_as_of([(game.id, game.date, naive)])


def differing(found: Mapping[Any, Any], expected: Mapping[Any, Any]) -> dict[Any, Any]:
    """What was found and expected where that is not the same to eight digits."""
    return {
        name: (found.get(name), expected.get(name))
        for name in found.keys() | expected.keys()
        if not _same(found.get(name), expected.get(name))
    }


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= EIGHT_DIGITS
    return bool(one == other)


def _number(value: Any) -> float | str | None:
    return value if value is None or isinstance(value, str) else float(value)
