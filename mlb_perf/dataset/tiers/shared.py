"""Rows that belong to no single game: experiments, backtests, alerts and health checks."""

from __future__ import annotations

import datetime as dt
import json

from mlb_perf.dataset.columns import Rows
from mlb_perf.dataset.market.calendar import Game
from mlb_perf.dataset.market.chance import Chance
from mlb_perf.dataset.market.market import MARKETS
from mlb_perf.dataset.market.moments import DAY, HOUR, MINUTE, stamp, start_of
from mlb_perf.dataset.tiers.analytics import MODELS, STRATEGIES

ALERTS = (
    ("hot rows", "hot_rows", "above", 50_000, 10, "warning"),
    ("rejected records", "rejected_percent", "above", 5, 0, "warning"),
    ("no odds", "minutes_since_odds", "above", 30, 5, "critical"),
    ("slow promotion", "promotion_seconds", "above", 60, 15, "info"),
    ("connections", "connections_percent", "above", 80, 5, "critical"),
)
CHECKS = ("database", "odds_api_feed", "action_network_feed", "disk_space")


def rows(seed: int, games: list[Game], until: int) -> Rows:
    """All of them, in the order in which they can be written."""
    found = Rows()
    for n, season in enumerate(sorted({game.season for game in games})):
        days = [game.date for game in games if game.season == season]
        _experiments(found, Chance(seed, "experiments", season), n, days)
        _backtests(found, Chance(seed, "backtests", season), n, days, until)
    since = start_of(games[0].date)
    _alerts(found, Chance(seed, "alerts"), since, until)
    _checks(found, Chance(seed, "checks"), since, until)
    return found


def _experiments(found: Rows, chance: Chance, season: int, days: list[dt.date]) -> None:
    first = days[0]
    started = start_of(first) - 3 * DAY
    number = season * len(MODELS) * len(MARKETS)
    for model in MODELS:
        for market in MARKETS:
            number += 1
            found.add(
                "analytics.ml_experiments", number, f"{market}_{model}_{first.year}_{season + 1}",
                model, "market_v1", first - dt.timedelta(days=540), first - dt.timedelta(days=10),
                json.dumps({"market": market, "learning_rate": chance.whole(1, 20) / 100}),
                json.dumps({"validation_log_loss": chance.whole(6700, 6920) / 10_000}),
                "succeeded", stamp(started), stamp(started + chance.whole(10, 90) * MINUTE),
                stamp(started), stamp(started + 2 * HOUR),
            )  # fmt: skip


def _backtests(found: Rows, chance: Chance, season: int, days: list[dt.date], until: int) -> None:
    for n, strategy in enumerate(STRATEGIES, 1):
        started = until - chance.whole(2, 20) * HOUR
        found.add(
            "analytics.backtest_runs", season * len(STRATEGIES) + n, strategy,
            json.dumps({"minimum_edge": chance.whole(1, 5) / 100}), days[0], days[-1], "succeeded",
            "100.0000", None, stamp(started), stamp(started + chance.whole(40, 900)),
            stamp(started),
        )  # fmt: skip


def _alerts(found: Rows, chance: Chance, since: int, until: int) -> None:
    for number, (name, metric, comparison, limit, minutes, severity) in enumerate(ALERTS, 1):
        found.add(
            "operational.alert_configurations", number, name, metric, comparison, limit, minutes,
            severity, "#odds-pipeline", "t", stamp(since), stamp(since),
        )  # fmt: skip
    for number in range(1, max(5, (until - since) // DAY * 2)):
        kind = chance.whole(1, len(ALERTS))
        name, metric, _, limit, _, severity = ALERTS[kind - 1]
        value = round(limit * chance.between(1.01, 1.8), 1)
        raised = since + int((until - since) * chance.next())
        is_open = raised > until - DAY and chance.happens(0.5)
        found.add(
            "operational.alerts", number, kind, severity, value,
            f"{name}: {metric} is {value}, above {limit}", stamp(raised),
            stamp(raised + chance.whole(1, 20) * MINUTE) if chance.happens(0.8) else None,
            None if is_open else stamp(raised + chance.whole(20, 120) * MINUTE),
        )  # fmt: skip


def _checks(found: Rows, chance: Chance, since: int, until: int) -> None:
    number = 0
    for moment in range(since, until, HOUR):
        for name in CHECKS:
            number += 1
            status = "ok" if chance.happens(0.985) else chance.pick(("warning", "critical"))
            value = round(chance.between(1, 40), 1)
            found.add(
                "operational.system_health_checks", number, name, status, value,
                f"{name} answered in {value} ms", "{}", stamp(moment),
            )  # fmt: skip
