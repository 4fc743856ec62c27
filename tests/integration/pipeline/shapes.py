"""A small feed in the shape of each source, with faults whose number is known."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from mlb_perf.pipeline.load.ingest import Item, LineHistory, read_file, read_response
from tests.integration.pipeline.feeds import START


class Game(NamedTuple):
    number: int
    home: str
    away: str
    start: dt.datetime

    @property
    def id(self) -> str:
        return f"20260{self.number}"

    @property
    def date(self) -> str:
        return self.start.date().isoformat()


TEAMS = (("BOS", "NYY"), ("SEA", "TEX"), ("HOU", "DET"), ("ATL", "MIA"), ("XXX", "PIT"))
GAMES = tuple(
    Game(number, home, away, START.replace(hour=20) + dt.timedelta(days=number))
    for number, (home, away) in enumerate(TEAMS)
)
"""Of the last one no source knows the home team."""

MOMENTS = (1, 2, 3, 5, 8)
"""Hours before the start."""


@dataclass(frozen=True)
class Shape:
    """``tables`` with the number of raw rows that each holds, and how many are rejected whole."""

    items: Callable[[Path], Iterator[Item]]
    tables: dict[str, tuple[int, int]]


def _at(game: Game, hours: float) -> str:
    return (game.start - dt.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _odds_api(_: Path) -> Iterator[Item]:
    for hours in MOMENTS:
        for game in GAMES:
            prices = [{"name": game.home, "price": 1.8 + hours / 100},
                      {"name": game.away, "price": 2.1}]  # fmt: skip
            books = [
                {"key": key, "last_update": _at(game, hours), "markets": [
                    {"key": "h2h", "last_update": _at(game, hours), "outcomes": prices}]}
                for key in ("fanduel", "draftkings", "my cousin")
            ]  # fmt: skip
            event = {"id": game.id, "commence_time": _at(game, 0), "home_team": game.home,
                     "away_team": game.away, "bookmakers": books}  # fmt: skip
            yield from read_response(json.dumps([event]), "odds_api")


def _action_network(source: str, later: float = 0) -> Callable[[Path], Iterator[Item]]:
    def items(_: Path) -> Iterator[Item]:
        for hours in MOMENTS:
            games = [_action_network_game(game, hours - later) for game in GAMES]
            body = json.dumps({"games": games})
            yield from read_response(body, source, START - dt.timedelta(hours=hours))

    return items


def _action_network_game(game: Game, hours: float) -> dict[str, Any]:
    odds = [
        {"type": "game", "book_id": book, "inserted": _at(game, hours),
         "ml_home": -120 - int(hours), "ml_away": 110, "ml_home_public": 40, "ml_away_public": 60,
         "ml_home_money": 55, "ml_away_money": 45}
        for book in (15, 30, 999_999)
    ]  # fmt: skip
    return {
        "id": game.number, "start_time": _at(game, 0), "status": "scheduled", "home_team_id": 1,
        "away_team_id": 2, "odds": odds,
        "teams": [{"id": 1, "abbr": game.home}, {"id": 2, "abbr": game.away}],
    }  # fmt: skip


def _sbd(_: Path) -> Iterator[Item]:
    for hours in MOMENTS:
        games = []
        for game in GAMES:
            split = {"bets": 10, "betsPercentage": 50, "stakePercentage": 50}
            books = [
                {"_id": name, "odds": {"moneyline": {
                    "home": {"american": price}, "away": {"american": price}}}}
                for name, price in (("betmgm", "-110"), ("bet365", ""))
            ]  # fmt: skip
            games.append({
                "_id": game.id, "date": _at(game, 0), "home": {"code": game.home},
                "away": {"code": game.away}, "sportsbooks": books,
                "bettingSplits": {
                    "moneyline": {"updated": _at(game, hours), "home": split, "away": split}},
            })  # fmt: skip
        yield from read_response(json.dumps({"games": games}), "sbd", START)


def _mlb_stats_api(_: Path) -> Iterator[Item]:
    for hours in MOMENTS:
        games = [
            {"gamePk": game.number + 900, "gameDate": _at(game, 0), "officialDate": game.date,
             "gameNumber": 1, "status": {"detailedState": "Scheduled"},
             "teams": {"home": {"team": {"name": game.home}},
                       "away": {"team": {"name": game.away}}}}
            for game in GAMES
        ]  # fmt: skip
        body = json.dumps({"dates": [{"date": "x", "games": games}]})
        yield from read_response(body, "mlb_stats_api", START - dt.timedelta(hours=hours))


def _vsin(folder: Path) -> Iterator[Item]:
    """Three markets at one moment; the bets on the total are 0 and 0, a placeholder."""
    rows = [
        {"game_id": game.number + 900, "home_team": game.home, "away_team": game.away,
         "game_datetime": _at(game, 0), "split_type": market, "last_updated": _at(game, hours),
         "source": "VSIN", "book": "draftkings", "home_or_over_bets_percentage": percent,
         "away_or_under_bets_percentage": percent, "home_or_over_stake_percentage": percent,
         "away_or_under_stake_percentage": percent}
        for game in GAMES for hours in MOMENTS
        for market, percent in (("moneyline", 50), ("spread", 50), ("total", 0))
    ]  # fmt: skip
    yield from read_file(_csv(folder / "splits.csv", rows))


def _game_results(folder: Path) -> Iterator[Item]:
    rows = [
        {"game_pk": game.number + 900, "date": game.date, "status": "STATUS_FINAL",
         "home_team_abbreviation": game.home, "away_team_abbreviation": game.away,
         "home_team_score": 3, "away_team_score": 2, "venue": ""}
        for game in GAMES
    ]  # fmt: skip
    yield from read_file(_csv(folder / "results.csv", rows))


def _retrosheet(folder: Path) -> Iterator[Item]:
    path = folder / "games.txt"
    codes = {"NYY": "NYA"}
    with path.open("w") as file:
        for game in GAMES:
            fields = [""] * 161
            fields[0], fields[1] = game.date.replace("-", ""), "0"
            fields[3], fields[6] = codes.get(game.away, game.away), game.home
            fields[9], fields[10] = "2", "3"
            csv.writer(file).writerow(fields)
    yield from read_file(path)


def _line_history(folder: Path) -> Iterator[Item]:
    """A row a side; of the total an alternate line, which is rejected."""
    rows = [
        {"d": game.date, "s": _at(game, 0), "h": game.home, "a": game.away, "t": _at(game, hours),
         "m": market, "side": side, "l": line, "p": price}
        for game in GAMES for hours in MOMENTS
        for market, side, line, price in (
            ("ml", "home", "", "-120"), ("ml", "away", "", "+110"),
            ("total", "over", "8.5", "-110"), ("total", "under", "8.5", "-110"),
            ("total", "over", "9.5", "+180"))
    ]  # fmt: skip
    columns = LineHistory.from_words(
        ["game_date=d,start_at=s,home_team=h,away_team=a,collected_at=t,market_type=m,side=side",
         "line_value=l,price=p,sportsbook:=pinnacle"], name="past",
    )  # fmt: skip
    yield from read_file(_csv(folder / "past.csv", rows), line_history=columns)


def _csv(path: Path, rows: list[dict[str, Any]]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue())
    return path


# 5 games of which 1 is unknown, 5 moments.
SHAPES = {
    "odds_api": Shape(_odds_api, {"odds_api_odds": (75, 15 + 20)}),
    "action_network": Shape(
        _action_network("action_network"),
        {"action_network_games": (25, 5), "action_network_odds": (75, 15 + 20)},
    ),
    "action_network_history": Shape(
        # At moments of its own: both tables are words of one source.
        _action_network("action_network_history", 0.5),
        {"action_network_history": (75, 15 + 20)},
    ),
    "sbd": Shape(_sbd, {"sbd_splits": (75, 15 + 20)}),
    "mlb_stats_api": Shape(_mlb_stats_api, {"mlb_stats_api_games": (25, 5)}),
    "vsin": Shape(_vsin, {"vsin_splits": (75, 15 + 20)}),
    "game_results": Shape(_game_results, {"game_results": (5, 1)}),
    "retrosheet": Shape(_retrosheet, {"game_results": (5, 1)}),
    "line_history": Shape(_line_history, {"line_history": (125, 25 + 20)}),
}
