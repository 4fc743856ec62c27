"""MLB StatsAPI's schedule, results the day after, and an archive of closing lines."""

from __future__ import annotations

import json

from mlb_perf.bench.dataset.context import Described, Story
from mlb_perf.bench.dataset.market import Path, View
from mlb_perf.bench.dataset.books import Book
from mlb_perf.bench.dataset.moments import DAY, HOUR, MINUTE, day_text, iso
from mlb_perf.bench.dataset.prices import american_price

STATS_API = "mlb_stats_api"
RESULTS = "game_results"
ARCHIVE = "archive"

PINNACLE = Book("pinnacle", "pinnacle", "Pinnacle", 1.0, 1.0, 3, (1.022, 1.026, 1.026))

_STATUS = {
    "Scheduled": "scheduled", "Pre-Game": "pre_game", "In Progress": "in_progress",
    "Final": "final", "Postponed": "postponed", "Cancelled": "cancelled",
}  # fmt: skip

Told = tuple[int, str, tuple[int, int] | None]


def tell(story: Story) -> None:
    """The game from a week before on; its result; its closing line."""
    seen = set()
    for moment, status, score in _words(story):
        if moment >= story.until:
            break
        start = story.start_as_of(moment)
        if _stats_api(story, moment, status, score, start) and (status, score, start) not in seen:
            seen.add((status, score, start))
            _describe(story, moment, status, score, start)
    if story.is_over:
        _result(story)
        _archive(story)


def _words(story: Story) -> list[Told]:
    game, start = story.game, story.game.start
    told: list[Told] = [(start - days * DAY - 9 * HOUR, "Scheduled", None) for days in (7, 4, 2, 1)]
    told += [(start - 5 * HOUR, "Scheduled", None), (start - 20 * MINUTE, "Pre-Game", None)]
    if game.postponed_at is not None:
        told = [
            word for word in told if not game.postponed_at <= word[0] < game.postponed_at + HOUR
        ]
        told.append((game.postponed_at, "Postponed", None))
        told += [(game.first_start - days * DAY, "Scheduled", None) for days in (7, 1)]
        told = [word for word in told if not game.is_cancelled or word[0] <= game.postponed_at]
    if game.is_cancelled:
        return sorted([*told, (start + DAY, "Cancelled", None)], key=lambda word: word[0])
    home, away = story.truth.home_score, story.truth.away_score
    told += [
        (start + 80 * MINUTE, "In Progress", (home // 3, away // 2)),
        (start + 150 * MINUTE, "In Progress", (home // 2, away // 2)),
        (start + 195 * MINUTE, "Final", (home, away)),
        (start + 15 * HOUR, "Final", (home, away)),
    ]
    return sorted(told, key=lambda word: word[0])


def _stats_api(
    story: Story, moment: int, status: str, score: tuple[int, int] | None, start: int
) -> bool:
    game = story.game
    scores = score or (None, None)
    teams = ", ".join(
        f'"{side}": {{"team": {{"id": {team.statsapi_id}, "name": "{team.name}"}}'
        + ("" if points is None else f', "score": {points}')
        + "}"
        for side, team, points in (("away", game.away, scores[1]), ("home", game.home, scores[0]))
    )
    state = "Preview" if status in ("Scheduled", "Pre-Game") else "Final"
    payload = (
        f'{{"gamePk": {game.game_pk}, "gameType": "R", "season": "{game.season}", '
        f'"gameDate": "{iso(start)}", "officialDate": "{story.local_date(start)}", '
        f'"status": {{"abstractGameState": "{"Live" if status == "In Progress" else state}", '
        f'"detailedState": "{status}"}}, "teams": {{{teams}}}, '
        f'"venue": {{"id": {game.home.statsapi_venue_id}, "name": "{game.home.venue}"}}, '
        f'"gameNumber": {game.game_number}, "doubleHeader": "{"S" if game.game_number > 1 else "N"}"}}'
    )
    origin = f"schedule-{day_text(moment)}.json#{game.number % 16 + 1}"
    return story.raw(
        "raw_data.mlb_stats_api_games", (str(game.game_pk), "{at}"), moment, payload, origin
    )


def _describe(
    story: Story, moment: int, status: str, score: tuple[int, int] | None, start: int
) -> None:
    game = story.game
    home, away = score or (None, None)
    story.described.append(
        Described(
            STATS_API,
            str(game.game_pk),
            moment,
            game.home.name,
            game.away.name,
            start,
            story.local_date(start),
            game.game_number,
            _STATUS[status],
            game.home.venue,
            home,
            away,
        )  # fmt: skip
    )


def _result(story: Story) -> None:
    game, truth = story.game, story.truth
    day = story.local_date(game.start)
    moment = game.start // DAY * DAY + DAY + 12 * HOUR
    if moment >= story.until:
        return
    payload = json.dumps({
        "game_pk": str(game.game_pk), "season": str(game.season), "date": day, "status": "STATUS_FINAL",
        "venue": game.home.venue, "home_team_abbreviation": game.home.abbreviation,
        "away_team_abbreviation": game.away.abbreviation, "home_team_score": str(truth.home_score),
        "away_team_score": str(truth.away_score),
    })  # fmt: skip
    key = (str(game.game_pk), "{at}", RESULTS)
    if story.raw(
        "raw_data.game_results", key, moment, payload, f"results-{day}.csv:{game.number % 16 + 2}"
    ):
        story.described.append(
            Described(
                RESULTS,
                str(game.game_pk),
                moment,
                game.home.abbreviation,
                game.away.abbreviation,
                None,
                day,
                1,
                "final",
                game.home.venue,
                truth.home_score,
                truth.away_score,
            )  # fmt: skip
        )


def _archive(story: Story) -> None:
    """The closing line of one book, as somebody's file has it: a second before the start."""
    game = story.game
    view = View(story.chance(ARCHIVE), PINNACLE, story.truth, game.start)
    moment = game.start - 1
    quotes = [
        (line, american_price(one.american), american_price(other.american))
        for line, one, other in view.at(moment)
    ]
    (_, ml_home, ml_away), (spread, sp_home, sp_away), (total, over, under) = quotes
    day = story.local_date(game.start)
    game_id = f"{game.date}:{game.away.abbreviation}@{game.home.abbreviation}:{game.game_number}"
    payload = json.dumps({
        "external_game_id": game_id, "game_date": day, "start_at": iso(game.start), "home_team": game.home.name,
        "away_team": game.away.name, "game_number": str(game.game_number), "sportsbook": "pinnacle",
        "moneyline_home": ml_home.signed, "moneyline_away": ml_away.signed,
        "spread_home": f"{(spread or 0) / 2}", "spread_home_price": sp_home.signed,
        "spread_away_price": sp_away.signed, "total": f"{(total or 0) / 2}",
        "over_price": over.signed, "under_price": under.signed, "prices": "american",
    })  # fmt: skip
    key = (game_id, "pinnacle", "all", "{at}", ARCHIVE)
    origin = f"closing_lines_{game.season}.csv:{game.number + 1}"
    if story.raw("raw_data.line_history", key, moment, payload, origin):
        for market, quote in enumerate(quotes):
            path = Path(ARCHIVE, game_id, "pinnacle", story.reference.books["pinnacle"], market)
            path.say(moment, quote, False)
            story.paths.append(path)
        story.described.append(
            Described(
                ARCHIVE,
                game_id,
                moment,
                game.home.name,
                game.away.name,
                game.start,
                day,
                game.game_number,
                "scheduled",
                None,
            )  # fmt: skip
        )
