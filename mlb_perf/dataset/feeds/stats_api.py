"""MLB StatsAPI's schedule: the game from a week before on, its status and its score."""

from __future__ import annotations

from mlb_perf.dataset.market.moments import DAY, HOUR, MINUTE, day_text, iso
from mlb_perf.dataset.story import Story

SOURCE = "mlb_stats_api"
TABLE = "raw_data.mlb_stats_api_games"

_STATUS = {
    "Scheduled": "scheduled",
    "Pre-Game": "pre_game",
    "In Progress": "in_progress",
    "Final": "final",
    "Postponed": "postponed",
    "Cancelled": "cancelled",
}

Score = tuple[int, int] | None
"""Runs of the home and of the away team."""

Word = tuple[int, str, Score]


def tell(story: Story) -> None:
    """Each word in order; a description in staging for each that differs."""
    game = story.game
    seen = set()
    for moment, status, score in sorted(_words(story), key=lambda word: word[0]):
        if moment >= story.until:
            break
        start = story.start_as_of(moment)
        content = (status, score, start)
        if _row(story, moment, status, score, start) and content not in seen:
            seen.add(content)
            story.describe(
                SOURCE, str(game.game_pk), moment, start, number=game.game_number,
                status=_STATUS[status], venue=game.home.venue, score=score,
            )  # fmt: skip


def _words(story: Story) -> list[Word]:
    game = story.game
    if game.postponed_at is None:
        return _before(game.start) + _after(story)
    off: Word = (game.postponed_at, "Postponed", None)
    told = [word for word in _before(game.first_start) if word[0] < game.postponed_at]
    if game.is_cancelled:
        return [*told, off, (game.first_start + DAY, "Cancelled", None)]
    again = [word for word in _before(game.start) if word[0] > game.postponed_at + HOUR]
    return [*told, off, *again, *_after(story)]


def _before(start: int) -> list[Word]:
    days: list[Word] = [(start - n * DAY - 9 * HOUR, "Scheduled", None) for n in (7, 4, 2, 1)]
    return [*days, (start - 5 * HOUR, "Scheduled", None), (start - 20 * MINUTE, "Pre-Game", None)]


def _after(story: Story) -> list[Word]:
    start, home, away = story.game.start, story.truth.home_score, story.truth.away_score
    return [
        (start + 80 * MINUTE, "In Progress", (home // 3, away // 2)),
        (start + 150 * MINUTE, "In Progress", (home // 2, away // 2)),
        (start + 195 * MINUTE, "Final", (home, away)),
        (start + 15 * HOUR, "Final", (home, away)),
    ]


def _row(story: Story, moment: int, status: str, score: Score, start: int) -> bool:
    game, home = story.game, story.game.home
    runs = score or (None, None)
    teams = ", ".join(
        f'"{side}": {{"team": {{"id": {team.statsapi_id}, "name": "{team.name}"}}'
        + ("" if points is None else f', "score": {points}')
        + "}"
        for side, team, points in (("away", game.away, runs[1]), ("home", home, runs[0]))
    )
    state = {"Scheduled": "Preview", "Pre-Game": "Preview", "In Progress": "Live"}
    payload = (
        f'{{"gamePk": {game.game_pk}, "gameType": "R", "season": "{game.season}", '
        f'"gameDate": "{iso(start)}", "officialDate": "{story.local_date(start)}", '
        f'"status": {{"abstractGameState": "{state.get(status, "Final")}", '
        f'"detailedState": "{status}"}}, "teams": {{{teams}}}, '
        f'"venue": {{"id": {home.statsapi_venue_id}, "name": "{home.venue}"}}, '
        f'"gameNumber": {game.game_number}, '
        f'"doubleHeader": "{"S" if game.game_number > 1 else "N"}"}}'
    )
    origin = f"schedule-{day_text(moment)}.json#{game.number % 16 + 1}"
    return story.raw(TABLE, (str(game.game_pk),), moment, payload, origin)
