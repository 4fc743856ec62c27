"""Parameters drawn from the existing rows; hot games are drawn more often than others.

A draw takes a few milliseconds and gives the same result for the same rows and the same
random state. It reads the tables, so draw before you reset the usage statistics.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from sqlalchemy import Connection, Row, text

from mlb_perf.queries.query import Sampler

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
# Books open the market some 36 hours before the game; the last quotes arrive after midnight UTC.
AHEAD = dt.timedelta(days=3)

_TRIES = 100
_HOT_SHARE = 8  # the newest eighth of the games draws 63 questions of 100

# The Odds API if it is there, else whichever source knows the most games.
_SOURCE = """
    SELECT source FROM curated.game_id_mappings
    GROUP BY source ORDER BY source = 'odds_api' DESC, count(*) DESC, source LIMIT 1
"""

_EVENTS = """
    SELECT g.game_id, g.game_date, g.season, g.home_team_id, m.source, m.external_game_id,
        coalesce(g.actual_start_at, g.scheduled_start_at) AS start_at
    FROM curated.enhanced_games AS g
    JOIN curated.game_id_mappings AS m ON m.game_id = g.game_id AND m.source = :source
    WHERE coalesce(g.actual_start_at, g.scheduled_start_at) IS NOT NULL
    ORDER BY g.game_date DESC, g.game_id, m.external_game_id
"""


def hot(random: Random, count: int) -> int:
    """A position from 0 to ``count`` - 1; the first positions are drawn most often."""
    return min(count - 1, int(random.expovariate(_HOT_SHARE / count)))


def event(connection: Connection, random: Random, source: str | None = None) -> Row[Any]:
    """A game with an id of ``source``, or of one that is there; the newest are drawn most often.

    Columns: game_id, game_date, season, home_team_id, source, external_game_id, start_at.
    """
    if source is None:
        source = _one(connection, _SOURCE).source
    return pick(connection, random, _EVENTS, hot, source=source)


def event_with(
    connection: Connection,
    random: Random,
    statement: str,
    place: Callable[[Random, int], int] | None = None,
    source: str | None = None,
) -> tuple[Row[Any], Row[Any]]:
    """An :func:`event`, and one row of an ordered ``statement`` about it.

    The statement's parameters are ``:game`` and ``:date``, the id and the date of the
    game, and ``:external``, the source's id. Games without rows, such as postponed ones,
    are skipped. Raises ``LookupError`` if no game with rows is found.
    """
    for _ in range(_TRIES):
        game = event(connection, random, source)
        given = {"game": game.game_id, "date": game.game_date, "external": game.external_game_id}
        wanted = {name: value for name, value in given.items() if f":{name}" in statement}
        if rows := connection.execute(text(statement), wanted).all():
            return game, _placed(rows, random, place)
    raise _nothing_in(statement)


def _one(connection: Connection, statement: str) -> Row[Any]:
    if (found := connection.execute(text(statement)).one_or_none()) is None:
        raise _nothing_in(statement)
    return found


def pick(
    connection: Connection,
    random: Random,
    statement: str,
    place: Callable[[Random, int], int] | None = None,
    **parameters: Any,
) -> Row[Any]:
    """One row of an ordered ``statement``, drawn evenly unless ``place`` is given.

    Raises ``LookupError`` if there are no rows.
    """
    rows = connection.execute(text(statement), parameters).all()
    if not rows:
        raise _nothing_in(statement)
    return _placed(rows, random, place)


def _placed(
    rows: Sequence[Row[Any]], random: Random, place: Callable[[Random, int], int] | None
) -> Row[Any]:
    return rows[place(random, len(rows)) if place is not None else random.randrange(len(rows))]


def _nothing_in(statement: str) -> LookupError:
    return LookupError(
        f"nothing to draw parameters from: no row for {' '.join(statement.split())[:200]}; "
        "fill the database with mlb-perf generate"
    )


def before(random: Random, start: dt.datetime) -> dt.datetime:
    """A moment before the start: half of the time within the last four hours."""
    return start - min(dt.timedelta(hours=random.expovariate(1 / 6)), dt.timedelta(days=3))


def nothing(_connection: Connection, _random: Random) -> dict[str, Any]:
    """No parameters."""
    return {}


def of_game(connection: Connection, random: Random) -> dict[str, Any]:
    """``game_id`` and ``game_date``."""
    found = event(connection, random)
    return {"game_id": found.game_id, "game_date": found.game_date}


def of_day(connection: Connection, random: Random) -> dict[str, Any]:
    """``game_date``: a day with games."""
    return {"game_date": event(connection, random).game_date}


def of_days(days: int) -> Sampler:
    """``from_date`` and ``to_date`` (exclusive): so many days, the last of which has games."""

    def sample(connection: Connection, random: Random) -> dict[str, Any]:
        last = event(connection, random).game_date
        return {"from_date": last - days * DAY + DAY, "to_date": last + DAY}

    return sample


def of_season(connection: Connection, random: Random) -> dict[str, Any]:
    """``season``, and its year as ``from_date`` and ``to_date`` (exclusive)."""
    season = event(connection, random).season
    return {
        "season": season,
        "from_date": dt.date(season, 1, 1),
        "to_date": dt.date(season + 1, 1, 1),
    }


def window(length: dt.timedelta) -> Sampler:
    """``since`` and ``until`` (exclusive): a time span that ends at a moment before a game."""

    def sample(connection: Connection, random: Random) -> dict[str, Any]:
        until = before(random, event(connection, random).start_at)
        return {"since": until - length, "until": until}

    return sample
