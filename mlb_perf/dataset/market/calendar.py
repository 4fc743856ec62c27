"""A season's games: 54 series of 15 pairs, an all-star break, doubleheaders, postponements.

A week has a series from Monday to Wednesday or from Tuesday to Thursday, and one from Friday to
Sunday. Teams meet by the circle method, so each plays 162 games.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from mlb_perf.dataset.market import moments
from mlb_perf.dataset.market.chance import Chance
from mlb_perf.dataset.reference import Team

SEASON_GAMES = 2430
SEASON_DAYS = 364
"""From one season's last day to the next one's: 52 weeks, so that the weekdays stay."""

REOPENS = 26 * moments.HOUR
"""So long before its new start a postponed game is quoted again."""

_BREAK_WEEK = 16
_FIRST_PITCH = {
    "night": (18 * 60 + 35, 18 * 60 + 40, 18 * 60 + 45, 19 * 60 + 5, 19 * 60 + 10, 19 * 60 + 40),
    "day": (12 * 60 + 10, 13 * 60 + 5, 13 * 60 + 10, 13 * 60 + 35, 14 * 60 + 10, 16 * 60 + 10),
}


@dataclass(frozen=True, slots=True)
class Game:
    """A game as the calendar has it.

    ``number`` counts all games of the data set from 1 and is their ``game_id``. ``first_start``
    and ``start`` are seconds since 1970, and differ where the game was postponed, at
    ``postponed_at``. A game that is cancelled has ``is_cancelled``.
    """

    number: int
    season: int
    game_pk: int
    home: Team
    away: Team
    date: dt.date
    game_number: int
    first_start: int
    start: int
    postponed_at: int | None = None
    is_cancelled: bool = False

    def open_at(self, moment: int) -> int:
        """The moment, or when the books open again if the game has no start by then."""
        again = self.start - REOPENS
        if self.postponed_at is not None and self.postponed_at <= moment < again:
            return again
        return moment


def games(seed: int, scale: float, until: dt.date, teams: tuple[Team, ...]) -> list[Game]:
    """The games of so many seasons, the last of which ends on the Sunday after ``until``.

    Below one season, as many games as it takes of the days up to then, 14 days or more.
    """
    wanted = max(1, round(scale * SEASON_GAMES))
    seasons = -(-wanted // SEASON_GAMES)
    slots = [
        slot
        for back in range(seasons - 1, -1, -1)
        for slot in sorted(_season(seed, back, until, teams), key=_order)
    ]
    kept = _evenly(slots, wanted, until)
    return [_game(n, slot) for n, slot in enumerate(kept, 1)]


@dataclass(frozen=True, slots=True)
class _Slot:
    back: int
    home: Team
    away: Team
    date: dt.date
    game_number: int
    first_start: int
    start: int
    postponed_at: int | None
    is_cancelled: bool


def _order(slot: _Slot) -> tuple[int, int]:
    return slot.first_start, slot.home.statsapi_id


def _evenly(slots: list[_Slot], wanted: int, until: dt.date) -> list[_Slot]:
    """So many of the last games, spread over 14 days if they are few.

    The one that starts next after the end of the data is among them: it has hot rows.
    """
    since = until - dt.timedelta(days=12)
    recent = sum(slot.date > since for slot in slots)
    window = slots[-max(wanted, recent) :]
    end = moments.start_of(until) + moments.DAY
    following = min(
        range(len(window)), key=lambda n: (window[n].start < end, abs(window[n].start - end))
    )
    places = [n * len(window) // wanted for n in range(wanted)]
    places[min(range(wanted), key=lambda n: abs(places[n] - following))] = following
    return [window[n] for n in places]


def _game(number: int, slot: _Slot) -> Game:
    return Game(
        number, slot.date.year, 600_000 + number, slot.home, slot.away, slot.date,
        slot.game_number, slot.first_start, slot.start, slot.postponed_at, slot.is_cancelled,
    )  # fmt: skip


def _season(seed: int, back: int, until: dt.date, teams: tuple[Team, ...]) -> Iterator[_Slot]:
    """The games of the season that ended ``back`` seasons before the last one."""
    chance = Chance(seed, "season", back)
    order = chance.shuffled(teams)
    sunday = until + dt.timedelta(days=6 - until.weekday())
    last = sunday - dt.timedelta(days=SEASON_DAYS * back)
    for number, first, is_weekend in _series_days(last):
        for one, other in _pairs(order, number):
            home, away = (one, other) if (number // 29 + number) % 2 == 0 else (other, one)
            shift = 0 if is_weekend else chance.whole(0, 1)
            yield from _series(chance, back, home, away, first + dt.timedelta(days=shift), last)


def _series_days(last: dt.date) -> Iterator[tuple[int, dt.date, bool]]:
    """The rounds: their number, first day, and whether they are at the week's end."""
    week = last - dt.timedelta(days=27 * 7 + 6)
    number = 0
    for count in range(28):
        if count not in (0, _BREAK_WEEK):
            yield number, week + dt.timedelta(days=7 * count), False
            number += 1
        yield number, week + dt.timedelta(days=7 * count + 4), True
        number += 1


def _pairs(order: list[Team], number: int) -> Iterator[tuple[Team, Team]]:
    """The circle method: one stays, the others go round."""
    turn = number % 29
    circle = [order[0], *(order[1 + (n + turn) % 29] for n in range(29))]
    for n in range(15):
        pair = circle[n], circle[29 - n]
        yield pair if (n + number) % 2 else pair[::-1]


def _series(
    chance: Chance, back: int, home: Team, away: Team, first: dt.date, last: dt.date
) -> Iterator[_Slot]:
    """Three games, of which two may be on one day, or one may be put off."""
    doubled = chance.happens(0.025)
    for n in range(3):
        day = first + dt.timedelta(days=n)
        game_number = 1
        if doubled and n == 1:
            day, game_number = first, 2
        start = _start(chance, day, home, game_number)
        moved = chance.happens(0.016) and not doubled
        later = day + dt.timedelta(days=1 if n < 2 else chance.whole(20, 60))
        # What cannot be made up before the season ends is cancelled.
        cancelled = moved and later > last
        again = start
        if moved and not cancelled:
            again = _start(chance, later, home, 2)
        yield _Slot(
            back, home, away, day, game_number, start, again,
            start - chance.whole(30, 240) * 60 if moved else None, cancelled,
        )  # fmt: skip


def _start(chance: Chance, day: dt.date, home: Team, game_number: int) -> int:
    of_day = day.weekday() == 6 or chance.happens(0.5 if day.weekday() == 5 else 0.2)
    minutes = chance.pick(_FIRST_PITCH["day" if of_day else "night"])
    if game_number > 1:
        minutes = 19 * 60 + 40
    return moments.local(day, minutes, home.time_zone)
