"""Small responses in the shapes of feeds, and what a promotion makes of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from mlb_perf.pipeline.load.ingest import ingest
from mlb_perf.pipeline.promote import PromoteReport, promote
from mlb_perf.pipeline.read.layout import Layout
from mlb_perf.pipeline.read.reader import read_file
from mlb_perf.pipeline.read.sources import LineHistory, MappedResults
from mlb_perf.pipeline.records import LoadReport
from tests.support.sql import rows

HOME, AWAY = "Seattle Mariners", "Texas Rangers"
DAY, SAID = "2026-07-08", "2026-07-08T10:00:00Z"
NOON, NIGHT = "2026-07-08T19:10:00Z", "2026-07-09T02:10:00Z"
RESULTS = (
    "game_pk,date,home_team_abbreviation,away_team_abbreviation,home_team_score,away_team_score,"
    "status"
)


def h2h(at: Any, home: Any, away: Any, **more: Any) -> dict[str, Any]:
    outcomes = [{"name": HOME, "price": home}, {"name": AWAY, "price": away}]
    return {"key": "h2h", "last_update": at, "outcomes": outcomes} | more


def totals(at: Any, over: Any, under: Any, line: Any = 8.5) -> dict[str, Any]:
    return {"key": "totals", "last_update": at, "outcomes": [
        {"name": "Over", "price": over, "point": line},
        {"name": "Under", "price": under, "point": line}]}  # fmt: skip


def spreads(at: Any, lines: tuple[float, float], prices: tuple[Any, Any]) -> dict[str, Any]:
    outcomes = [
        {"name": team, "price": price, "point": line}
        for team, price, line in zip((HOME, AWAY), prices, lines, strict=True)
    ]
    return {"key": "spreads", "last_update": at, "outcomes": outcomes}


def event(
    name: str, start: Any, *markets: dict[str, Any], at: Any = None, book: str = "fanduel"
) -> dict[str, Any]:
    """One event at one book."""
    told = {"key": book, "markets": list(markets)}
    if at is not None:
        told["last_update"] = at
    return {"id": name, "sport_key": "baseball_mlb", "commence_time": start, "home_team": HOME,
            "away_team": AWAY, "bookmakers": [told]}  # fmt: skip


def odds(name: str, start: str, at: str, home: int, away: int) -> dict[str, Any]:
    """An event with one price of its winner."""
    return event(name, start, h2h(at, home, away), at=at)


def game(
    pk: int, date: str, start: str, number: int = 1, *, state: str = "Preview",
    detail: str = "Scheduled", score: tuple[int, int] | None = None, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """A game of the schedule."""
    home: dict[str, Any] = {"team": {"id": 136, "name": HOME}}
    away: dict[str, Any] = {"team": {"id": 140, "name": AWAY}}
    if score:
        home["score"], away["score"] = score
    return {
        "gamePk": pk, "gameType": "R", "gameDate": start, "officialDate": date,
        "gameNumber": number, "status": {"abstractGameState": state, "detailedState": detail},
        "teams": {"home": home, "away": away}, "venue": {"name": "T-Mobile Park"}, **more,
    }  # fmt: skip


def schedule(*games: dict[str, Any]) -> dict[str, Any]:
    return {"dates": [{"date": one["officialDate"], "games": [one]} for one in games]}


class Feeds:
    """A database, and files that are loaded into it."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self._folder = folder
        self._count = 0

    def load(
        self, body: Any, collected_at: str | None = None, *, columns: str = "",
        layout: Layout | None = None, source: str | None = None, name: str = "",
    ) -> LoadReport:  # fmt: skip
        """Load a JSON value, or text of a CSV; ``columns`` are the words of --map."""
        self._count += 1
        is_text = isinstance(body, str)
        path = self._folder / f"{name or f'f{self._count}'}.{'csv' if is_text else 'json'}"
        path.write_text(body if is_text else json.dumps(body), encoding="utf-8")
        past = LineHistory.from_words([columns], layout=layout) if columns else None
        return ingest(
            self.engine,
            read_file(path, source, collected_at, line_history=past, layout=layout),
        )

    def load_results(self, body: str, columns: str, layout: Layout | None = None) -> LoadReport:
        """Load a CSV of results whose columns are mapped."""
        path = self._folder / f"results{len(body)}.csv"
        path.write_text(body, encoding="utf-8")
        options = MappedResults.from_words([columns], layout=layout or Layout())
        return ingest(self.engine, read_file(path, line_history=options))

    def promote(self) -> PromoteReport:
        return promote(self.engine.url)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return rows(self.engine, query)

    def games(self) -> list[tuple[Any, ...]]:
        """Game pk, date, number, status, score."""
        return self.rows(
            "SELECT game_pk, game_date::text, game_number, status, home_score, away_score"
            " FROM curated.enhanced_games ORDER BY game_date, game_number, game_id"
        )

    def lines(self, side: str = "home") -> list[tuple[Any, ...]]:
        """Game pk, price, opening, closing, in play, of the moneylines of one side."""
        return self.rows(
            "SELECT game_pk, price, is_opening, is_closing, is_in_play"
            " FROM curated.betting_lines_unified JOIN curated.enhanced_games USING (game_id)"
            f" WHERE market_type = 'moneyline' AND side = '{side}' ORDER BY game_pk, first_seen_at"
        )

    def quotes(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        """Line, price, decimal price, validation status by market and side."""
        return {
            row[:2]: row[2:]
            for row in self.rows(
                "SELECT market_type, side, line_value::float, price, decimal_price::float,"
                " validation_status FROM staging.betting_odds_unified"
            )
        }

    def rejected(self) -> dict[str, int]:
        """How many by reason."""
        return dict(
            self.rows(
                "SELECT reason_code, count(*) FROM staging.rejected_records"
                " WHERE resolved_at IS NULL GROUP BY 1"
            )
        )
