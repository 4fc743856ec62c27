"""Every question of the catalogue on generated rows: its plan, its answer, what it is worth."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, text

from mlb_perf.bench.measure import index_cost, indexes
from mlb_perf.bench.measure.pages import counted
from mlb_perf.bench.tools.catalogue_runs import drawn, statement_of
from mlb_perf.bench.tools.explain import Explainer, side_by_side, without_index
from mlb_perf.engine import connect, migration_engine
from mlb_perf.queries import CATALOGUE, Query, get
from tests.integration.queries.season import Season
from tests.support.databases import Server, engine_on, needs_embedded_server
from tests.support.standby import standby

# These tables have a page or two at that scale, which are read whole at less
# cost than by any index; the planner is asked what it takes where it must not.
SMALL = {
    "backtest_closing_value", "bankroll_of_backtest", "features_as_of", "ids_of_game",
    "ml_ready_games", "open_alerts", "open_recommendations", "promotion_overdue",
    "recent_games_of_team", "rejected_for_reason", "strategy_record", "unfinished_runs",
    "ungraded_bets",
}  # fmt: skip
# What serves as well as the index that is named, and is taken where the estimates
# of a version or of so few rows say so.
AS_GOOD = {
    "snapshot_has_come": "raw_data.ix_odds_api_odds_collected_at",
}


@pytest.fixture(scope="module")
def connection(season: Season) -> Iterator[Connection]:
    """A connection whose transaction each test rolls back."""
    engine = engine_on(season.url, connect_args={"options": "-c timezone=UTC"})
    with engine.connect() as found:
        yield found


@pytest.fixture(autouse=True)
def _nothing_is_left(connection: Connection) -> Iterator[None]:
    yield
    connection.rollback()


def answer(connection: Connection, name: str, seed: int = 1) -> tuple[dict[str, Any], list[Any]]:
    """What was asked, and the rows."""
    query = get(name)
    (given,) = drawn(connection, query, seed, 1)
    return given, list(connection.execute(text(query.sql), given))


def test_values_are_drawn_of_whichever_source_is_there(connection: Connection) -> None:
    """Only the questions about raw tables of a feed need that feed's games."""
    connection.execute(text("DELETE FROM curated.game_id_mappings WHERE source <> 'odds_api'"))
    connection.execute(text("UPDATE curated.game_id_mappings SET source = 'pinnacle'"))
    asked = [query for query in CATALOGUE if query.category != "raw_ingestion"]
    given = {query.name: drawn(connection, query, 1, 1)[0] for query in asked}
    assert [given[name]["source"] for name in ("game_of_source", "valid_lines")] == ["pinnacle"] * 2


@pytest.mark.parametrize("query", CATALOGUE, ids=lambda query: query.name)
def test_the_plan_has_the_indexes_that_the_question_names(
    connection: Connection, query: Query
) -> None:
    given = drawn(connection, query, 1, 6)
    if query.name in SMALL:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
    explainer = Explainer(connection)
    plans = [explainer.explain(statement_of(query.sql), one, timing=False) for one in given]
    used = {name for plan in plans for name in plan.indexes}
    if AS_GOOD.get(query.name) in used:
        return
    assert set(query.indexes) - used == set(), plans[0].outline


@pytest.mark.parametrize("query", CATALOGUE, ids=lambda query: query.name)
def test_the_same_parameters_are_drawn_again(connection: Connection, query: Query) -> None:
    first, again = (query.sample(connection, Random("a seed")) for _ in range(2))
    assert first == again
    assert set(first) == set(text(query.sql)._bindparams)


@needs_embedded_server
def test_a_standby_answers_every_question_alike(connection: Connection, server: Server) -> None:
    """Read-only, and without a temporary table or a lock that it refuses."""
    with standby(server) as url:
        engine = engine_on(url.set(database=connection.engine.url.database),
                           connect_args={"options": "-c timezone=UTC"})  # fmt: skip
        with engine.connect() as other:
            assert other.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one()
            differing = [query.name for query in CATALOGUE if not _same(query, connection, other)]
    assert differing == []


def _same(query: Query, one: Connection, other: Connection) -> bool:
    """Whether both give the same rows; figures of the moment are equal in number only."""
    (given,) = drawn(one, query, 1, 1)
    here, there = (list(it.execute(text(query.sql), given)) for it in (one, other))
    return here == there or (query.category == "monitoring" and len(here) == len(there))


def test_nothing_to_draw_from_says_what_to_do(connection: Connection) -> None:
    connection.execute(text("DELETE FROM performance_monitoring.table_history"))
    with pytest.raises(
        LookupError, match=r"table_history.*fill the database with mlb-perf generate"
    ):
        get("growth_of_table").sample(connection, Random("a seed"))


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("snapshot_as_of", "collected_at"),
        ("line_as_of", "first_seen_at"),
        ("board_as_of", "first_seen_at"),
        ("splits_as_of", "collected_at"),
        ("features_as_of", "as_of"),
    ],
)
def test_nothing_is_known_before_it_was_seen(
    connection: Connection, name: str, column: str
) -> None:
    """Many moments, of which some must have an answer."""
    asked = [answer(connection, name, seed) for seed in range(30)]
    assert any(rows for _, rows in asked)
    late = [(given, row) for given, rows in asked for row in rows
            if getattr(row, column) > given["moment"]]  # fmt: skip
    assert late == []


def test_the_current_board_costs_the_same_behind_a_longer_history(connection: Connection) -> None:
    """A path of 40 times as many lines: the board of a moment reads them all."""
    names = ("current_board", "board_as_of")
    explainer = Explainer(connection)
    given, before = answer(connection, "current_board")
    (as_of,) = drawn(connection, get("board_as_of"), 1, 1)
    given = as_of | given | {"moment": MUCH_LATER}
    few = {name: counted(explainer, get(name), [given])[0] for name in names}
    connection.execute(text(MANY_LINES), given)
    many = {name: counted(explainer, get(name), [given])[0] for name in names}
    assert many["board_as_of"] > 5 * few["board_as_of"]
    assert many["current_board"] <= 1.5 * few["current_board"]
    after = connection.execute(text(get("current_board").sql), given).all()
    assert [row.last_seen_at for row in after] != [row.last_seen_at for row in before]


MUCH_LATER = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
MANY_LINES = """
    INSERT INTO curated.betting_lines_unified (game_id, game_date, sportsbook_id, source,
        market_type, side, line_value, price, decimal_price, implied_probability, first_seen_at,
        last_seen_at, quote_count, is_opening, is_closing, is_in_play, data_quality_score)
    SELECT game_id, game_date, sportsbook_id, source, market_type, side, line_value, price,
        decimal_price, implied_probability, later, later, 1, false, false, is_in_play,
        data_quality_score
    FROM curated.betting_lines_unified
    CROSS JOIN generate_series(1, 40) AS n
    CROSS JOIN LATERAL (SELECT last_seen_at + interval '40 days' * n) AS moment (later)
    WHERE game_id = :game_id AND game_date = :game_date"""


def test_the_newest_splits_cost_the_same_behind_more_polls(connection: Connection) -> None:
    """A book's splits of a game, polled 200 times as often."""
    query, explainer = get("latest_splits"), Explainer(connection)
    given, before = answer(connection, "latest_splits")
    (few,) = counted(explainer, query, [given])
    connection.execute(text(MANY_SPLITS), given)
    (many,) = counted(explainer, query, [given])
    after = connection.execute(text(query.sql), given).all()
    assert [row.market_type for row in after] == [row.market_type for row in before]
    assert min(row.collected_at for row in after) > max(row.collected_at for row in before)
    assert many <= few + len(MARKETS), "an index may have a level more"


def test_the_newest_splits_are_asked_of_every_market_that_the_table_takes(
    connection: Connection,
) -> None:
    check = (
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = 'raw_data.vsin_splits'::regclass AND conname LIKE '%market_type'"
    )
    taken = re.findall(r"'(\w+)'", connection.execute(text(check)).scalar_one())
    assert sorted(taken) == sorted(MARKETS)
    assert re.findall(r"\('(\w+)'\)", get("latest_splits").sql) == list(MARKETS)


MARKETS = ("moneyline", "spread", "total", "unknown")
MANY_SPLITS = """
    INSERT INTO raw_data.vsin_splits
        (external_game_id, sportsbook_key, market_type, collected_at, payload)
    SELECT external_game_id, sportsbook_key, market_type, collected_at + interval '9 days' * n,
        payload
    FROM raw_data.vsin_splits
    CROSS JOIN generate_series(1, 200) AS n
    WHERE external_game_id = :external_game_id AND sportsbook_key = :sportsbook_key"""

PLAINLY = {
    "latest_splits": """
        SELECT DISTINCT ON (market_type) market_type, collected_at, payload
        FROM raw_data.vsin_splits
        WHERE external_game_id = :external_game_id AND sportsbook_key = :sportsbook_key
        ORDER BY market_type, collected_at DESC""",
    "current_board": """
        SELECT market_type, sportsbook_id, side, source, line_value, price, decimal_price,
            first_seen_at, last_seen_at
        FROM curated.betting_lines_unified AS l
        WHERE game_id = :game_id AND game_date = :game_date AND first_seen_at = (
            SELECT max(first_seen_at) FROM curated.betting_lines_unified AS other
            WHERE (other.game_id, other.game_date, other.market_type, other.sportsbook_id,
                other.side, other.source) = (l.game_id, l.game_date, l.market_type,
                l.sportsbook_id, l.side, l.source)
        ) AND EXISTS (
            SELECT FROM curated.betting_lines_unified AS opening
            WHERE (opening.game_id, opening.game_date, opening.market_type, opening.sportsbook_id,
                opening.side, opening.source, opening.is_opening) = (l.game_id, l.game_date,
                l.market_type, l.sportsbook_id, l.side, l.source, true)
        ) ORDER BY market_type, sportsbook_id, side, source""",
    "latest_snapshots_of_game": """
        SELECT DISTINCT ON (sportsbook_key) sportsbook_key, collected_at, payload
        FROM raw_data.odds_api_odds
        WHERE external_game_id = :external_game_id AND collected_at >= :since
        ORDER BY sportsbook_key, collected_at DESC""",
    "latest_health": """
        SELECT DISTINCT ON (check_name) check_name, status, value, message, checked_at
        FROM operational.system_health_checks ORDER BY check_name, checked_at DESC""",
    "recent_games_of_team": """
        SELECT game_id, game_date, home_team_id, away_team_id, home_score, away_score
        FROM curated.enhanced_games
        WHERE (home_team_id = :team_id OR away_team_id = :team_id) AND game_date < :to_date
        ORDER BY game_date DESC, game_id LIMIT 10""",
    "line_as_of": """
        SELECT line_value, price, decimal_price, first_seen_at
        FROM (
            SELECT l.*, row_number() OVER (ORDER BY first_seen_at DESC) AS place
            FROM curated.betting_lines_unified AS l
            WHERE game_id = :game_id AND sportsbook_id = :sportsbook_id AND side = :side
              AND market_type = :market_type AND source = :source AND first_seen_at <= :moment
        ) AS seen
        WHERE place = 1 AND :game_date IS NOT NULL""",
}


def test_experiments_that_are_drawn_have_predictions_of_moneylines(connection: Connection) -> None:
    """Of the others there is nothing to evaluate."""
    asked = [answer(connection, "evaluation_of_experiment", seed) for seed in range(20)]
    assert [given for given, [row] in asked if not row.predictions] == []


@pytest.mark.parametrize("name", PLAINLY)
def test_the_quick_way_and_the_plain_way_answer_the_same(connection: Connection, name: str) -> None:
    for seed in range(10):
        given, rows = answer(connection, name, seed)
        plain = connection.execute(text(PLAINLY[name]), given)
        assert sorted(map(str, rows)) == sorted(map(str, plain))


def test_without_an_index_is_measured_and_undone(connection: Connection) -> None:
    name = "curated.ix_betting_lines_unified_closing"
    query = get("closing_lines")
    given = drawn(connection, query, 1, 3)
    explainer = Explainer(connection)
    without = without_index(connection, explainer, name, query, given)
    assert [plan for plan in without if name in plan.indexes] == []
    (with_it,) = side_by_side([explainer], query, given, 1)
    assert [plan.indexes for plan in with_it] == [[name]] * 3


def test_scans_are_counted_of_one_run_alone(connection: Connection) -> None:
    query = get("closing_lines")
    questions = [(query, drawn(connection, query, 1, 4))]
    scans = index_cost.scans_of_a_run(connection, questions)
    assert {name: count for name, count in scans.items() if count} == {
        "curated.ix_betting_lines_unified_closing": 4
    }


def test_what_was_found_is_in_the_tables(season: Season, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of one question, a database compared with itself, in sessions of the package."""
    query = get("closing_lines")
    monkeypatch.setattr(indexes, "CATALOGUE", (query,))
    monkeypatch.setattr(index_cost, "BATCH", 50)
    with connect(migration_engine(season.url, {"timezone": "UTC"})) as connection:
        before = index_cost.indexes(connection).keys()
        found = indexes.compared(connection, connection, draws=2, rounds=1, rows=100)
        after = index_cost.indexes(connection).keys()
    questions, weighed, rates = found.tables
    assert [row[0] for row in questions.rows] == [f"`closing_lines`: {query.question}"]
    assert "by curated.ix_betting_lines_unified_closing" in questions.rows[0][1]
    assert [row[:2] for row in weighed.rows] == [
        ["`curated.ix_betting_lines_unified_closing`", "`closing_lines`"]
    ]
    assert [row[0] for row in rates.rows] == list(index_cost.DESIGNS)
    assert rates.rows[0][2] == "100%"
    assert "not in the plan of a question that names it: none" in found.lines
    assert after == before
