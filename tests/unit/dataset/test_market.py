"""What a data set is drawn from: chance, prices, the calendar."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest

from mlb_perf.dataset.columns import COLUMNS, Rows
from mlb_perf.dataset.game import Settings, Writer
from mlb_perf.dataset.market import calendar
from mlb_perf.dataset.market.calendar import Game
from mlb_perf.dataset.market.chance import Chance
from mlb_perf.dataset.market.moments import start_of
from mlb_perf.dataset.market.prices import american_price, decimal_price
from mlb_perf.dataset.reference import Reference, Team
from mlb_perf.models import Base

TEAMS = tuple(
    Team(n, 100 + n, f"T{n}", f"Team {n}", n, f"Park {n}", 1000 + n, "America/New_York")
    for n in range(1, 31)
)
BOOKS = (
    "draftkings", "fanduel", "betmgm", "betrivers", "caesars", "fanatics", "lowvig", "betonline",
    "sbd_consensus", "circa", "pinnacle",
)  # fmt: skip
UNTIL = dt.date(2026, 9, 25)


@pytest.fixture(scope="module")
def season() -> list[Game]:
    return calendar.games(1, 1, UNTIL, TEAMS)


def test_the_numbers_are_the_same_everywhere() -> None:
    chance = Chance(7, "a", 1)
    drawn = [chance.whole(1, 1000), chance.pick("abcdef"), round(chance.bell(0, 1), 12)]
    assert drawn == [285, "e", 1.82904294688]


def rows_of(seed: int, game: Game) -> Rows:
    midnight = start_of(UNTIL) + 86400
    books = {book: n for n, book in enumerate(BOOKS, 1)}
    rows = Rows()
    writer = Writer(Settings(seed, midnight, midnight), Reference(1, TEAMS, books), [2026])
    writer.write(game, rows)
    return rows


def test_another_seed_gives_other_rows(season: list[Game]) -> None:
    one, other = (rows_of(seed, season[1200]).lines for seed in (1, 2))
    for table in one.keys() & other.keys():
        if table not in ("raw_data.mlb_stats_api_games", "raw_data.action_network_games"):
            assert set(one[table]) != set(other[table]), table


def test_the_rows_of_a_game_are_the_same_everywhere(season: list[Game]) -> None:
    """The digest changes with the generator, and must not with Python or the machine."""
    rows = rows_of(1, season[1200])
    digest = hashlib.sha256()
    for table in COLUMNS:
        for line in rows.lines.get(table, ()):
            digest.update(f"{table}\t{line}\n".encode())
    assert digest.hexdigest() == "e6382e71afd9ffd9ebbe455a93724737f4a973bc55a91812b9571b0036b5c281"


@pytest.mark.parametrize(
    ("hundredths", "american"), [(175, -133), (214, 114), (200, 100), (102, -5000), (150, -200)]
)
def test_a_decimal_price_has_the_nearest_american_one(hundredths: int, american: int) -> None:
    assert decimal_price(hundredths).american == american


@pytest.mark.parametrize("american", [-10_000, -300, -110, -101, 100, 105, 2_400])
def test_an_american_price_converts_as_promotion_does(american: int) -> None:
    price = american_price(american)
    won = Decimal(american) / 100 if american > 0 else Decimal(100) / -american
    exact = (1 + won).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    assert Decimal(price.text) == exact
    assert Decimal(price.implied) == (1 / exact).quantize(Decimal("0.00000001"), ROUND_HALF_UP)


def test_a_season_has_the_shape_of_a_real_one(season: list[Game]) -> None:
    assert len(season) == 2430
    played = Counter(team for game in season for team in (game.home.team_id, game.away.team_id))
    assert set(played.values()) == {162}
    at_home = Counter(game.home.team_id for game in season)
    assert 75 <= min(at_home.values()) <= max(at_home.values()) <= 87
    days = Counter(game.date for game in season)
    assert max(days.values()) <= 18
    gaps = [(b - a).days for a, b in zip(sorted(days), sorted(days)[1:], strict=False)]
    assert sorted(gaps)[-1] == 5, "the all-star break"
    weekdays = Counter(game.date.weekday() for game in season)
    assert weekdays[5] > 1.3 * weekdays[0]
    assert 20 <= sum(game.postponed_at is not None for game in season) <= 60
    assert 10 <= sum(game.game_number == 2 for game in season) <= 40
    assert len({(g.home, g.away, g.date, g.game_number) for g in season}) == 2430


def test_scale_adds_seasons_and_takes_days() -> None:
    three = calendar.games(1, 3, UNTIL, TEAMS)
    assert Counter(game.season for game in three) == {2024: 2430, 2025: 2430, 2026: 2430}
    tenth = calendar.games(1, 0.1, UNTIL, TEAMS)
    assert len(tenth) == 243
    assert (tenth[-1].date - tenth[0].date).days < 25
    assert [game.number for game in tenth] == list(range(1, 244))


def test_the_columns_are_those_of_the_models() -> None:
    for name, columns in COLUMNS.items():
        table = Base.metadata.tables[name]
        assert set(columns) <= set(table.columns.keys()), name
