"""The Odds API's sample from raw to curated, against a reference that is written differently."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from mlb_perf.pipeline.ask.selects import best_prices, closing_lines, line_as_of, no_vig_probability
from mlb_perf.pipeline.promote import PromoteReport, promote
from tests.integration.pipeline.feeds import sample_rows, store
from tests.support.checkout import needs_samples
from tests.support.databases import Server, copy_of
from tests.support.sql import rows

pytestmark = needs_samples


class Quote(NamedTuple):
    game: str
    book: str
    market: str
    side: str
    at: dt.datetime
    line: Decimal | None
    price: Decimal


MARKETS = {"h2h": "moneyline", "spreads": "spread", "totals": "total"}


def quotes() -> set[Quote]:
    """Every distinct quote of the sample, read without SQL."""
    found = set()
    for game, book, _, event in sample_rows():
        for market in event["bookmakers"][0]["markets"]:
            for outcome in market["outcomes"]:
                sides = {event["home_team"]: "home", event["away_team"]: "away"}
                point = outcome.get("point")
                found.add(
                    Quote(
                        game, book, MARKETS[market["key"]],
                        sides.get(outcome["name"], outcome["name"].lower()),
                        dt.datetime.fromisoformat(market["last_update"]),
                        None if point is None else Decimal(str(point)),
                        Decimal(str(outcome["price"])),
                    )
                )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def promoted(head_template: NoopExecutor, server: Server) -> Iterator[tuple[Engine, PromoteReport]]:
    """The sample, promoted by two workers; no test changes it."""
    with copy_of(head_template, server, "mlb_perf_test_sample") as url:
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            store(connection, sample_rows())
        yield engine, promote(url, workers=2)
        engine.dispose()


@pytest.fixture(scope="module")
def reference() -> set[Quote]:
    return quotes()


def test_counts(promoted: tuple[Engine, PromoteReport], reference: set[Quote]) -> None:
    engine, report = promoted
    assert len(reference) == 40_848
    assert (report.rows, report.quotes, report.rejected) == (6985, 40_848, 0)
    found = rows(
        engine,
        "SELECT count(DISTINCT game_id), count(DISTINCT sportsbook_id), sum(quote_count)"
        " FROM curated.betting_lines_unified",
    )
    assert found == [(451, 11, 40_848)]


def test_paths_replay_to_the_quotes(
    promoted: tuple[Engine, PromoteReport], reference: set[Quote]
) -> None:
    """Each path holds exactly the changes of what came in, with exact prices."""
    series: dict[tuple[str, ...], list[Quote]] = defaultdict(list)
    for quote in reference:
        series[quote.game, quote.book, quote.market, quote.side].append(quote)
    paths: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for row in rows(
        promoted[0],
        """
        SELECT m.external_game_id, a.alias, l.market_type, l.side, l.first_seen_at,
            l.last_seen_at, l.line_value, l.decimal_price, l.quote_count, l.price
        FROM curated.betting_lines_unified l
        JOIN curated.game_id_mappings m USING (game_id)
        JOIN staging.sportsbook_aliases a ON a.sportsbook_id = l.sportsbook_id
        WHERE a.source = 'odds_api' AND a.alias IN (
            SELECT DISTINCT sportsbook_key FROM raw_data.odds_api_odds)
        ORDER BY l.first_seen_at
        """,
    ):
        paths[tuple(row[:4])].append(row[4:])
    assert paths.keys() == series.keys()
    for key, path in paths.items():
        rest = sorted(series[key], key=lambda quote: quote.at)
        for first, last, line, decimal_price, count, price in path:
            run, rest = rest[:count], rest[count:]
            assert [(q.line, q.price) for q in run] == [(line, decimal_price)] * count
            assert (run[0].at, run[-1].at) == (first, last)
            assert price == american(decimal_price)
        assert rest == []


def american(price: Decimal) -> int:
    exact = (price - 1) * 100 if price >= 2 else -100 / (price - 1)
    return int(exact.quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def test_in_play_is_marked_and_never_closes(promoted: tuple[Engine, PromoteReport]) -> None:
    engine = promoted[0]
    wrong = rows(
        engine,
        """
        SELECT count(*)
        FROM curated.betting_lines_unified l JOIN curated.enhanced_games g USING (game_id)
        WHERE l.is_in_play <> (l.first_seen_at >= g.scheduled_start_at)
           OR (l.is_closing AND l.last_seen_at >= g.scheduled_start_at)
           OR (l.is_opening AND l.is_in_play)
        """,
    )
    assert wrong == [(0,)]
    in_play = rows(
        engine,
        "SELECT count(*) > 1000, bool_or(is_closing) FROM curated.betting_lines_unified"
        " WHERE is_in_play",
    )
    assert in_play == [(True, False)]
    twice = rows(
        engine,
        """
        SELECT count(*) FROM (
            SELECT FROM curated.betting_lines_unified WHERE is_closing
            GROUP BY game_id, sportsbook_id, market_type, side, source HAVING count(*) > 1
        ) AS more
        """,
    )
    assert twice == [(0,)]


def test_nothing_is_seen_before_its_time(
    promoted: tuple[Engine, PromoteReport], reference: set[Quote]
) -> None:
    """For random games and moments: exactly the last quotes up to the moment, no later ones."""
    engine = promoted[0]
    games = {row[0]: row for row in rows(
        engine,
        "SELECT m.external_game_id, g.game_id, g.game_date, g.scheduled_start_at"
        " FROM curated.enhanced_games g JOIN curated.game_id_mappings m USING (game_id)",
    )}  # fmt: skip
    keys = dict(rows(engine, """
        SELECT a.alias, b.key FROM staging.sportsbook_aliases a
        JOIN curated.sportsbooks b USING (sportsbook_id) WHERE a.source IN ('odds_api', 'any')
        ORDER BY a.source = 'odds_api'"""))  # fmt: skip
    by_game: dict[str, list[Quote]] = defaultdict(list)
    for quote in reference:
        by_game[quote.game].append(quote)
    chance = random.Random(7)
    with engine.connect() as connection:
        for name in chance.sample(sorted(games), 60):
            _, game_id, game_date, _ = games[name]
            moments = sorted(quote.at for quote in by_game[name])
            moment = chance.choice(moments) + dt.timedelta(seconds=chance.choice([-1, 0, 1]))
            told = {
                (row.sportsbook, row.market_type, row.side): (
                    row.line_value, row.decimal_price, row.first_seen_at <= moment,
                )
                for row in connection.execute(line_as_of(game_id, game_date, moment))
            }  # fmt: skip
            known: dict[tuple[str, ...], Quote] = {}
            for quote in sorted(by_game[name], key=lambda quote: quote.at):
                if quote.at <= moment:
                    known[keys[quote.book], quote.market, quote.side] = quote
            assert told == {key: (q.line, q.price, True) for key, q in known.items()}
            for prices in connection.execute(best_prices(game_id, game_date, moment)):
                best = max(
                    q.price for (_, market, side), q in known.items()
                    if (market, side, q.line)
                    == (prices.market_type, prices.side, prices.line_value)
                )  # fmt: skip
                assert prices.decimal_price == best
            for row in connection.execute(no_vig_probability(game_id, game_date, moment)):
                assert 0 < row.probability < 1


def test_closing_lines_say_why_there_is_none(promoted: tuple[Engine, PromoteReport]) -> None:
    engine = promoted[0]
    games = [row[0] for row in rows(engine, "SELECT game_id FROM curated.enhanced_games")]
    with engine.connect() as connection:
        found = connection.execute(closing_lines(games)).all()
    assert {row.game_id for row in found} == set(games)
    assert all((row.reason is None) != (row.price is None) for row in found)
    reasons = {row.reason for row in found if row.reason}
    assert reasons <= {"no line was seen before the start", "the game has not started"}


def test_doubleheaders_are_two_games(promoted: tuple[Engine, PromoteReport]) -> None:
    """Two ids of one source on one day are two games, numbered by their starts."""
    found = rows(
        promoted[0],
        """
        SELECT h.abbreviation, array_agg(g.game_number ORDER BY g.scheduled_start_at)
        FROM curated.enhanced_games g JOIN curated.teams h ON h.team_id = g.home_team_id
        GROUP BY h.abbreviation, g.away_team_id, g.game_date HAVING count(*) > 1
        ORDER BY 1
        """,
    )
    assert [tuple(row) for row in found] == [
        (team, [1, 2])
        for team in ("BAL", "BOS", "BOS", "CIN", "CLE", "NYM", "NYY", "NYY", "PIT", "STL")
    ]


def test_movements_follow_the_paths(promoted: tuple[Engine, PromoteReport]) -> None:
    """A movement for each change before the start, with the prices on both sides of it."""
    wrong = rows(
        promoted[0],
        """
        WITH step AS (
            SELECT *, lag(price) OVER path AS before, lag(line_value) OVER path AS line_before
            FROM curated.betting_lines_unified
            WHERE NOT is_in_play
            WINDOW path AS (
                PARTITION BY game_id, sportsbook_id, market_type, side ORDER BY first_seen_at)
        )
        SELECT count(*)
        FROM (SELECT * FROM step WHERE before IS NOT NULL) s
        FULL JOIN curated.line_movements m
          ON m.game_id = s.game_id AND m.sportsbook_id = s.sportsbook_id
         AND m.market_type = s.market_type AND m.side = s.side AND m.moved_at = s.first_seen_at
        WHERE s.before IS DISTINCT FROM m.price_before OR s.price IS DISTINCT FROM m.price_after
           OR s.line_before IS DISTINCT FROM m.line_before
        """,
    )
    assert wrong == [(0,)]
    steam = rows(
        promoted[0],
        "SELECT bool_and(books_moved >= 3), count(*) > 0 FROM curated.line_movements"
        " WHERE is_steam_move",
    )
    assert steam == [(True, True)]
