"""Write the sample's files: ``mlb-perf sample --make``. The same bytes each time.

Twenty games of three invented days at six books, a response every three hours from two days
before the first. Prices move on their own way, one book follows late, and a response during a
game has its in-play prices. Two pairs play a doubleheader, one game is postponed.
"""

from __future__ import annotations

import datetime as dt
import gzip
import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlb_perf.pipeline.sample import ODDS, SCHEDULE

_SEED = 2026
_FIRST_DAY = dt.datetime(2026, 5, 4, tzinfo=dt.UTC)
_EVERY = dt.timedelta(hours=3)
_AHEAD = dt.timedelta(days=2)
_LASTS = dt.timedelta(hours=3)

# key, title, margin of a market, how many responses it lags behind
_BOOKS = (
    ("betmgm", "BetMGM", 0.046, 0),
    ("betrivers", "BetRivers", 0.052, 0),
    ("bovada", "Bovada", 0.044, 2),
    ("draftkings", "DraftKings", 0.042, 0),
    ("fanduel", "FanDuel", 0.043, 0),
    ("lowvig", "LowVig.ag", 0.022, 1),
)

# home team, its StatsAPI id, its venue and that one's id, away team and its id
_PAIRS = (
    ("Boston Red Sox", 111, "Fenway Park", 3, "New York Yankees", 147),
    ("Chicago Cubs", 112, "Wrigley Field", 17, "St. Louis Cardinals", 138),
    ("Colorado Rockies", 115, "Coors Field", 19, "San Diego Padres", 135),
    ("Los Angeles Dodgers", 119, "Dodger Stadium", 22, "San Francisco Giants", 137),
    ("Pittsburgh Pirates", 134, "PNC Park", 31, "Milwaukee Brewers", 158),
    ("Athletics", 133, "Sutter Health Park", 2529, "Seattle Mariners", 136),
)
# The hour of the start, UTC, of each pair's game; the last two are on the next day there.
_HOURS = (23, 18, 19, 26, 22, 25)
# Day and pair.
_DOUBLEHEADERS = ((0, 1), (1, 2))
_POSTPONED = (2, 4)


@dataclass
class _Game:
    number: int
    pair: tuple[str, int, str, int, str, int]
    day: dt.datetime
    start: dt.datetime
    game_number: int = 1
    postponed: bool = False
    home_chance: float = 0.5
    runs: float = 8.5
    score: tuple[int, int] = (0, 0)
    path: dict[dt.datetime, tuple[float, float]] = field(default_factory=dict)


def make() -> None:
    """Write both files beside this one."""
    chance = random.Random(_SEED)  # noqa: S311  an invented game, not a secret
    games = list(_games(chance))
    for game in games:
        _play(game, chance)
    responses = (_response(moment, games) for moment in _moments(games))
    _write(ODDS, (each for each in responses if any(each["payload"].values())))
    _write(SCHEDULE, (_schedule(games, moment) for moment in _schedule_moments(games)))


def _games(chance: random.Random) -> Iterator[_Game]:
    number = 0
    for day in range(3):
        for which, (pair, hour) in enumerate(zip(_PAIRS, _HOURS, strict=True)):
            date = _FIRST_DAY + dt.timedelta(days=day)
            starts = [date + dt.timedelta(hours=hour, minutes=5 * chance.randrange(1, 9))]
            if (day, which) in _DOUBLEHEADERS:
                starts.append(starts[0] + dt.timedelta(hours=5))
            for game_number, start in enumerate(starts, 1):
                number += 1
                late = (day, which) == _POSTPONED
                yield _Game(number, pair, date, start, game_number, late)


def _play(game: _Game, chance: random.Random) -> None:
    """The way of the home team's chance and of the runs expected, response by response."""
    logit = chance.uniform(-0.6, 0.8)
    game.runs = chance.choice((7.5, 8.0, 8.5, 9.0, 9.5)) + (2 if "Rockies" in game.pair[0] else 0)
    runs = game.runs
    moment = _FIRST_DAY - _AHEAD
    while moment < game.start + _LASTS:
        jump = chance.random() < 0.06
        before_start = moment < game.start
        logit += chance.uniform(-0.25, 0.25) if jump else chance.uniform(-0.03, 0.03)
        runs += chance.choice((-0.5, 0, 0, 0, 0, 0, 0, 0, 0.5))
        if not before_start:
            logit += chance.uniform(-1.2, 1.2)
        game.path[moment] = (1 / (1 + math.exp(-logit)), runs)
        moment += _EVERY
    home, away = chance.randrange(0, 9), chance.randrange(0, 8)
    game.score = (home + (home == away), away)


def _moments(games: list[_Game]) -> list[dt.datetime]:
    return sorted({moment for game in games for moment in game.path})


def _response(moment: dt.datetime, games: list[_Game]) -> dict[str, Any]:
    taken = moment + dt.timedelta(minutes=2)
    events = [
        _event(game, moment)
        for game in games
        if moment in game.path and game.start - moment <= _AHEAD
        if not (game.postponed and moment >= game.start - _EVERY)
    ]
    return {"committed_at": taken.isoformat(), "payload": {f"{moment:%Y-%m-%d}:full": events}}


def _event(game: _Game, moment: dt.datetime) -> dict[str, Any]:
    home, away = game.pair[0], game.pair[4]
    books = [
        _book(game, moment, order, book)
        for order, book in enumerate(_BOOKS)
        # A book that opens late, and one that takes no bets while the game is on.
        if not (book[0] == "lowvig" and game.start - moment > dt.timedelta(hours=30))
        if not (book[0] == "bovada" and moment >= game.start)
    ]
    return {
        "id": f"{game.number:04x}5a11b0a7d5000000{game.number * 7919:012x}",
        "sport_key": "baseball_mlb",
        "sport_title": "MLB",
        "commence_time": _z(game.start),
        "home_team": home,
        "away_team": away,
        "bookmakers": books,
    }


def _book(
    game: _Game, moment: dt.datetime, order: int, book: tuple[str, str, float, int]
) -> dict[str, Any]:
    key, title, margin, lag = book
    seen = max(moment - lag * _EVERY, min(game.path))
    chance, runs = game.path[seen]
    updated = _z(moment + dt.timedelta(seconds=7 * order + game.number % 5))
    home, away = game.pair[0], game.pair[4]
    line = -1.5 if chance >= 0.5 else 1.5
    covers = chance - 0.16 if line < 0 else chance + 0.16
    over = 0.5 + (chance * 10 % 1 - 0.5) * 0.06
    total = math.floor(runs * 2) / 2
    quotes: dict[str, list[tuple[str, float, float | None]]] = {
        "h2h": [(away, 1 - chance, None), (home, chance, None)],
        "spreads": [(away, 1 - covers, -line), (home, covers, line)],
        "totals": [("Over", over, total), ("Under", 1 - over, total)],
    }
    return {
        "key": key,
        "title": title,
        "last_update": updated,
        "markets": [
            {
                "key": market,
                "last_update": updated,
                "outcomes": [_outcome(*quote, margin) for quote in sides],
            }
            for market, sides in quotes.items()
        ],
    }


def _outcome(name: str, chance: float, point: float | None, margin: float) -> dict[str, Any]:
    price = max(1.01, round(1 / (min(max(chance, 0.02), 0.95) * (1 + margin)), 2))
    outcome: dict[str, Any] = {"name": name, "price": price}
    return outcome if point is None else outcome | {"point": point}


def _schedule_moments(games: list[_Game]) -> list[dt.datetime]:
    """Before the first game, and after the last."""
    return [_FIRST_DAY - _AHEAD, max(game.start for game in games) + dt.timedelta(hours=8)]


def _schedule(games: list[_Game], moment: dt.datetime) -> dict[str, Any]:
    days: dict[str, list[dict[str, Any]]] = {}
    for game in games:
        days.setdefault(f"{game.day:%Y-%m-%d}", []).append(_scheduled(game, moment))
    dates = [{"date": day, "totalGames": len(each), "games": each} for day, each in days.items()]
    return {
        "collected_at": moment.isoformat(),
        "payload": {"totalGames": len(games), "dates": dates},
    }


def _scheduled(game: _Game, moment: dt.datetime) -> dict[str, Any]:
    home, home_id, venue, venue_id, away, away_id = game.pair
    over = moment > game.start + _LASTS
    state = "Scheduled"
    if over:
        state = "Postponed" if game.postponed else "Final"
    sides: dict[str, dict[str, Any]] = {
        "away": {"team": {"id": away_id, "name": away}},
        "home": {"team": {"id": home_id, "name": home}},
    }
    if state == "Final":
        sides["away"]["score"], sides["home"]["score"] = game.score[1], game.score[0]
        sides["home"]["isWinner"] = game.score[0] > game.score[1]
        sides["away"]["isWinner"] = not sides["home"]["isWinner"]
    return {
        "gamePk": 990_000 + game.number,
        "gameType": "R",
        "season": str(game.day.year),
        "gameDate": _z(game.start),
        "officialDate": f"{game.day:%Y-%m-%d}",
        "status": {
            "abstractGameState": "Final" if over else "Preview",
            "detailedState": state,
        },
        "teams": sides,
        "venue": {"id": venue_id, "name": venue},
        "gameNumber": game.game_number,
        "doubleHeader": "S" if _has_two(game) else "N",
    }


def _has_two(game: _Game) -> bool:
    day = (game.day - _FIRST_DAY).days
    return (day, _PAIRS.index(game.pair)) in _DOUBLEHEADERS


def _z(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _write(path: Path, documents: Iterator[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in documents)
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))
