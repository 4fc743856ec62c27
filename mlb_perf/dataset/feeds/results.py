"""Files of a day later: the result of a game, and one book's closing line."""

from __future__ import annotations

import json

from mlb_perf.dataset.market.books import PINNACLE
from mlb_perf.dataset.market.market import Path, Quote, View
from mlb_perf.dataset.market.moments import DAY, HOUR, iso
from mlb_perf.dataset.market.prices import american_price
from mlb_perf.dataset.story import Story

RESULTS = "game_results"
ARCHIVE = "archive"


def tell(story: Story) -> None:
    """Both, of a game that is over."""
    if story.is_over:
        _result(story)
        _archive(story)


def _result(story: Story) -> None:
    game, truth = story.game, story.truth
    day = story.local_date(game.start)
    moment = game.start // DAY * DAY + DAY + 12 * HOUR
    if moment >= story.until:
        return
    record = {
        "game_pk": str(game.game_pk),
        "season": str(game.season),
        "date": day,
        "status": "STATUS_FINAL",
        "venue": game.home.venue,
        "home_team_abbreviation": game.home.abbreviation,
        "away_team_abbreviation": game.away.abbreviation,
        "home_team_score": str(truth.home_score),
        "away_team_score": str(truth.away_score),
    }
    key = (str(game.game_pk), RESULTS)
    origin = f"results-{day}.csv:{game.number % 16 + 2}"
    if story.raw("raw_data.game_results", key, moment, json.dumps(record), origin):
        score = (truth.home_score, truth.away_score)
        story.describe(
            RESULTS, str(game.game_pk), moment, None, codes=True, date=day, status="final",
            venue=game.home.venue, score=score,
        )  # fmt: skip


def _archive(story: Story) -> None:
    """The closing line as a user's file has it: a second before the start."""
    game = story.game
    view = View(story.chance(ARCHIVE), PINNACLE, story.truth, game.start)
    moment = game.start - 1
    quotes = [
        (line, american_price(one.american), american_price(other.american))
        for line, one, other in view.at(moment)
    ]
    game_id = f"{game.date}:{game.away.abbreviation}@{game.home.abbreviation}:{game.game_number}"
    payload = json.dumps(_record(story, game_id, quotes))
    lines = "/".join(f"{(line or 0) / 2:g}" for line, *_ in quotes[1:])
    key = (game_id, "pinnacle", "all", "all", lines, ARCHIVE)
    origin = f"closing_lines_{game.season}.csv:{game.number + 1}"
    if story.raw("raw_data.line_history", key, moment, payload, origin):
        for market, quote in enumerate(quotes):
            path = Path(ARCHIVE, game_id, "pinnacle", story.reference.books["pinnacle"], market)
            path.say(moment, quote, False)
            story.paths.append(path)
        story.describe(ARCHIVE, game_id, moment, game.start, number=game.game_number)


def _record(story: Story, game_id: str, quotes: list[Quote]) -> dict[str, str]:
    (_, ml_home, ml_away), (spread, sp_home, sp_away), (total, over, under) = quotes
    game = story.game
    return {
        "external_game_id": game_id,
        "game_date": story.local_date(game.start),
        "start_at": iso(game.start),
        "home_team": game.home.name,
        "away_team": game.away.name,
        "game_number": str(game.game_number),
        "sportsbook": "pinnacle",
        "moneyline_home": ml_home.signed,
        "moneyline_away": ml_away.signed,
        "spread_home": f"{(spread or 0) / 2}",
        "spread_home_price": sp_home.signed,
        "spread_away_price": sp_away.signed,
        "total": f"{(total or 0) / 2}",
        "over_price": over.signed,
        "under_price": under.signed,
        "prices": "american",
    }
