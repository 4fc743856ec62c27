"""What models and strategies say of a game, and how it came out."""

from __future__ import annotations

from mlb_perf.dataset.market.chance import Chance
from mlb_perf.dataset.market.market import MARKETS, SIDES
from mlb_perf.dataset.market.moments import HOUR, stamp
from mlb_perf.dataset.story import IDS_A_GAME, PROMOTE_SECONDS, Story
from mlb_perf.dataset.tiers.features import mean, no_vig, standing
from mlb_perf.dataset.tiers.lines import Line

STRATEGIES = ("sharp_money_v2", "steam_follow_v1", "closing_value_v3", "home_underdog_v1")
MODELS = ("logistic_regression", "gradient_boosting")
EXPERIMENTS_A_SEASON = len(MODELS) * len(MARKETS)

Closing = dict[tuple[int, int], Line]
"""The closing lines of a game by path and side."""


def write(story: Story, lines: list[Line], season: int) -> None:
    """Predictions, signals with results, recommendations and bets of backtests.

    ``season`` counts the data set's seasons from 0.
    """
    chance = story.chance("analytics")
    bettable = [line for line in lines if not line.is_in_play]
    if not bettable:
        return
    _predictions(story, chance, lines, season)
    closing: Closing = {(id(line.path), line.side): line for line in lines if line.is_closing}
    for n in range(chance.whole(2, 5)):
        _signal(story, chance, chance.pick(bettable), closing, n)
    for n in range(chance.whole(1, 2)):
        _recommendation(story, chance, chance.pick(bettable), n)
    if story.is_over:
        for n in range(len(STRATEGIES)):
            if chance.happens(0.45):
                _bet(story, chance, chance.pick(bettable), season * len(STRATEGIES) + n + 1, n)


def _predictions(story: Story, chance: Chance, lines: list[Line], season: int) -> None:
    number = story.game.number * IDS_A_GAME
    for before in (10 * HOUR, HOUR):
        as_of = story.game.start - before
        stood = standing(lines, as_of)
        if as_of >= story.hot_from:
            continue
        for n in range(EXPERIMENTS_A_SEASON):
            market = n % len(MARKETS)
            market_says = mean(no_vig(stood, market))
            line = next(
                (line for (_, of, side), line in stood.items() if of == market and side == 0), None
            )
            if market_says is None or line is None:
                continue
            probability = min(max(market_says + chance.bell(0, 0.03), 0.02), 0.98)
            runs = f"{story.truth.runs + chance.bell(0, 0.7):.4f}" if market == 2 else None
            story.rows.add(
                "analytics.ml_predictions", story.game.number, number,
                season * EXPERIMENTS_A_SEASON + n + 1, stamp(as_of), f"{probability:.8f}", runs,
                f"{chance.between(0.4, 0.95):.3f}", stamp(as_of + PROMOTE_SECONDS), story.date,
                MARKETS[market], SIDES[market][0], line.text,
            )  # fmt: skip
            number += 1


def _moment(chance: Chance, line: Line) -> int:
    """A moment at which the line stood."""
    return line.first + int((line.last - line.first) * chance.next())


def _priced(story: Story, line: Line) -> tuple[object, ...]:
    market = line.path.market
    return (
        story.date, MARKETS[market], SIDES[market][line.side], line.text, line.price.american,
    )  # fmt: skip


def _signal(story: Story, chance: Chance, line: Line, closing: Closing, n: int) -> None:
    number = story.game.number * IDS_A_GAME + n
    moment = _moment(chance, line)
    details = f'{{"source": "{line.path.source}", "sportsbook": "{line.path.key}"}}'
    story.rows.add(
        "analytics.strategy_signals", story.game.number, number, chance.pick(STRATEGIES),
        f"{chance.between(0.1, 1):.3f}", stamp(moment), details, stamp(moment),
        *_priced(story, line),
    )  # fmt: skip
    if not story.is_over:
        return
    outcome = outcome_of(story, line)
    last = closing.get((id(line.path), line.side))
    gained = None if last is None else (last.price.probability - line.price.probability) * 100
    graded = stamp(story.game.start + 4 * HOUR)
    story.rows.add(
        "analytics.strategy_results", story.game.number, number, outcome,
        f"{profit_of(line, outcome):.4f}", last and last.price.american,
        None if gained is None else f"{gained:.3f}", graded, graded,
    )  # fmt: skip


def outcome_of(story: Story, line: Line) -> str:
    """Whether a bet on the line won, by the final score."""
    home, away = story.truth.home_score, story.truth.away_score
    halves = line.line or 0
    if line.path.market == 2:
        margin = 2 * (home + away) - halves
        margin = margin if line.side == 0 else -margin
    else:
        margin = 2 * (home - away if line.side == 0 else away - home) + halves
    return "win" if margin > 0 else "loss" if margin < 0 else "push"


def profit_of(line: Line, outcome: str) -> float:
    """Profit for a stake of one unit."""
    return {"win": line.price.decimal - 1, "loss": -1.0, "push": 0.0}[outcome]


def _recommendation(story: Story, chance: Chance, line: Line, n: int) -> None:
    moment = _moment(chance, line)
    edge = chance.between(0.5, 8)
    if story.has_begun:
        status = chance.pick(("taken", "expired", "expired", "withdrawn"))
    else:
        status = chance.pick(("open", "open", "taken", "withdrawn"))
    story.rows.add(
        "analytics.betting_recommendations", story.game.number,
        story.game.number * IDS_A_GAME + n, line.path.book_id, chance.pick(STRATEGIES),
        f"{chance.between(0.25, 3):.4f}", f"{edge:.3f}",
        f"{edge / 100 / (line.price.decimal - 1) / 4:.3f}", status, stamp(moment),
        stamp(story.game.start), stamp(moment), stamp(moment), *_priced(story, line),
    )  # fmt: skip


def _bet(story: Story, chance: Chance, line: Line, backtest: int, n: int) -> None:
    outcome = outcome_of(story, line)
    stake = chance.whole(1, 12) / 4
    moment = stamp(_moment(chance, line))
    story.rows.add(
        "analytics.backtest_bets", story.game.number, story.game.number * IDS_A_GAME + n, backtest,
        line.path.book_id, f"{stake:.4f}", moment, outcome,
        f"{stake * profit_of(line, outcome):.4f}", moment, *_priced(story, line),
    )  # fmt: skip
