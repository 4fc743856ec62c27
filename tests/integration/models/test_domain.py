"""An application writes and walks the models; the database refuses what cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mlb_perf.models import (
    Base,
    BettingLineUnified,
    BettingOddsUnified,
    BettingRecommendation,
    EnhancedGame,
    League,
    MlExperiment,
    MlFeatures,
    MlPrediction,
    Sportsbook,
    StagingGame,
    Team,
    UnifiedBettingSplit,
)

START = dt.datetime(2026, 7, 31, 1, 41, tzinfo=dt.UTC)
DAY = dt.date(2026, 7, 30)


@pytest.fixture
def session(shared_head: Engine) -> Iterator[Session]:
    """Everything is rolled back, so all tests share one database."""
    with Session(shared_head) as session:
        yield session


def team(session: Session, abbreviation: str) -> Team:
    return session.scalars(select(Team).where(Team.abbreviation == abbreviation)).one()


def game(session: Session, **changed: Any) -> EnhancedGame:
    values: dict[str, Any] = {
        "league": session.scalars(select(League).where(League.code == "MLB")).one(),
        "season": 2026,
        "game_date": DAY,
        "original_start_at": START,
        "scheduled_start_at": START,
        "home_team": team(session, "ATH"),
        "away_team": team(session, "BOS"),
    }
    return EnhancedGame(**values | changed)


def line(session: Session, of: EnhancedGame, **changed: Any) -> BettingLineUnified:
    values: dict[str, Any] = {
        "game": of,
        "game_date": of.game_date,
        "sportsbook": session.scalars(select(Sportsbook).where(Sportsbook.key == "fanduel")).one(),
        "source": "odds_api",
        "market_type": "spread",
        "side": "home",
        "line_value": Decimal("-1.5"),
        "price": 194,
        "decimal_price": Decimal("2.94"),
        "implied_probability": Decimal("0.34013605"),
        "first_seen_at": START - dt.timedelta(hours=5),
        "last_seen_at": START - dt.timedelta(hours=1),
    }
    return BettingLineUnified(**values | changed)


def test_a_game_is_written_and_walked(session: Session) -> None:
    played = game(session)
    session.add(line(session, played))
    session.flush()
    session.expunge_all()

    found = session.scalars(select(EnhancedGame)).one()
    assert found.home_team.name == "Athletics"
    assert found.home_team.league.code == "MLB"
    assert found.away_team.home_venue is not None
    assert found.away_team.home_venue.time_zone == "America/New_York"
    assert found.status_history == []
    (stood,) = found.lines
    assert (stood.sportsbook.name, stood.line_value, stood.price) == (
        "FanDuel",
        Decimal("-1.5"),
        194,
    )
    assert stood.first_seen_at == START - dt.timedelta(hours=5)


def test_a_recommendation_points_to_its_prediction(session: Session) -> None:
    """Of the same game: the key holds both ids."""
    played, other = game(session), game(session, game_number=2)
    experiment = MlExperiment(
        name="one", model_type="logistic", feature_set="market_v1", trained_from=DAY,
        trained_to=DAY, started_at=START,
    )  # fmt: skip
    told: dict[str, Any] = {"game_date": DAY, "market_type": "moneyline", "side": "home"}
    prediction = MlPrediction(
        game=played, experiment=experiment, as_of=START, probability=Decimal("0.6"),
        confidence=Decimal("0.9"), **told,
    )  # fmt: skip
    book = session.scalars(select(Sportsbook).where(Sportsbook.key == "fanduel")).one()
    advice: dict[str, Any] = told | {
        "sportsbook_id": book.sportsbook_id, "strategy": "one", "price": 120, "stake": 1,
        "expected_value": 32, "recommended_at": START,
    }  # fmt: skip
    session.add_all([other, BettingRecommendation(game=played, prediction=prediction, **advice)])
    session.flush()
    session.expunge_all()
    found = session.scalars(select(BettingRecommendation)).one()
    assert found.prediction is not None
    assert (found.prediction.probability, found.prediction.game_id) == (
        Decimal("0.6"),
        found.game_id,
    )
    foreign = BettingRecommendation(
        game_id=other.game_id, prediction_id=found.prediction_id, **advice
    )  # fmt: skip
    assert refused(session, foreign) == "fk_betting_recommendations_game_id_prediction_id"


def refused(session: Session, item: Base) -> str:
    """The name of the constraint that refuses it."""
    session.add(item)
    with pytest.raises(IntegrityError) as caught:
        session.flush()
    session.rollback()
    assert caught.value.orig is not None
    name = caught.value.orig.diag.constraint_name  # type: ignore[attr-defined]
    return str(name)


GAMES: dict[str, dict[str, Any]] = {
    "status": {"status": "rained out"},
    "game_number": {"game_number": 0},
    "season": {"season": 26},
    "scores": {"home_score": -1, "away_score": 0},
    "data_quality_score": {"data_quality_score": Decimal("1.001")},
}


@pytest.mark.parametrize("rule", GAMES)
def test_impossible_games(session: Session, rule: str) -> None:
    assert refused(session, game(session, **GAMES[rule])) == f"ck_enhanced_games_{rule}"


def test_nobody_plays_himself(session: Session) -> None:
    boston = team(session, "BOS")
    item = game(session, home_team=boston, away_team=boston)
    assert refused(session, item) == "ck_enhanced_games_home_is_not_away"


LINES: list[tuple[str, dict[str, Any]]] = [
    ("market_type", {"market_type": "h2h"}),
    ("side", {"side": "over"}),
    ("side", {"market_type": "total", "side": "home"}),
    ("price", {"price": 99}),
    ("price", {"price": -99}),
    ("price", {"price": 0}),
    ("decimal_price", {"decimal_price": Decimal(1)}),
    ("line_value_halves", {"line_value": Decimal("1.2")}),
    ("line_value_given", {"line_value": None}),
    ("line_value_given", {"market_type": "moneyline"}),
    ("seen", {"last_seen_at": START - dt.timedelta(hours=6)}),
    ("closing_is_before_start", {"is_closing": True, "is_in_play": True}),
    ("implied_probability", {"implied_probability": Decimal("1.1")}),
    ("quote_count", {"quote_count": 0}),
]


@pytest.mark.parametrize(("rule", "changed"), LINES)
def test_impossible_lines(session: Session, rule: str, changed: dict[str, Any]) -> None:
    item = line(session, game(session), **changed)
    assert refused(session, item) == f"ck_betting_lines_unified_{rule}"


@pytest.mark.parametrize("price", [100, -100, -100000, 100000])
def test_prices_that_feeds_hold(session: Session, price: int) -> None:
    session.add(line(session, game(session), price=price))
    session.flush()
    session.expire_all()
    assert session.scalars(select(BettingLineUnified)).one().price == price


def test_the_same_line_twice(session: Session) -> None:
    played = game(session)
    session.add(first := line(session, played))
    session.flush()
    session.expunge(first)  # the natural key is its identity in the session too
    assert refused(session, line(session, played)) == "pk_betting_lines_unified"


@pytest.mark.parametrize("percent", [Decimal("-0.1"), Decimal("100.1")])
def test_impossible_split(session: Session, percent: Decimal) -> None:
    split = UnifiedBettingSplit(
        game=game(session),
        game_date=DAY,
        sportsbook=session.scalars(select(Sportsbook).limit(1)).one(),
        source="sbd",
        market_type="total",
        collected_at=START,
        home_or_over_money_percent=percent,
    )
    assert refused(session, split) == "ck_unified_betting_splits_home_or_over_money_percent"


def test_impossible_feature(session: Session) -> None:
    features = MlFeatures(
        game=game(session), game_date=DAY, feature_set="v1", as_of=START, book_count=3,
        home_win_probability=Decimal("1.2"),
    )  # fmt: skip
    assert refused(session, features) == "ck_ml_features_home_win_probability"


def test_staging_refuses_the_same_quote_and_unknown_statuses(session: Session) -> None:
    quote: dict[str, Any] = {
        "external_game_id": "e29b", "source": "odds_api", "sportsbook_key": "fanduel",
        "market_type": "moneyline", "side": "home", "price": -312, "collected_at": START,
    }  # fmt: skip
    session.add(first := BettingOddsUnified(**quote))
    session.flush()
    session.expunge(first)
    assert refused(session, BettingOddsUnified(**quote)) == "pk_betting_odds_unified"
    unknown = BettingOddsUnified(**quote | {"validation_status": "good"})
    assert refused(session, unknown) == "ck_betting_odds_unified_validation_status"
    same = StagingGame(
        external_game_id="e29b", source="odds_api", collected_at=START, home_team_name="A",
        away_team_name="A", home_team_id=1, away_team_id=1,
    )  # fmt: skip
    assert refused(session, same) == "ck_games_home_is_not_away"
