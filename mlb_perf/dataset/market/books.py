"""The sportsbooks that quote, how much they take, and how quickly they follow the market.

Overrounds and coverage are those of saved responses of The Odds API, June to August 2026.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Book:
    """A sportsbook in one feed.

    ``key`` is the feed's name for it, ``book`` the key in ``curated.sportsbooks``. ``coverage`` is
    the share of the games that it quotes, ``answers`` the share of the polls that find something
    new, ``lag`` the minutes until it has followed a move at the latest. ``overrounds`` are of
    moneyline, spread and total.
    """

    key: str
    book: str
    title: str
    coverage: float
    answers: float
    lag: int
    overrounds: tuple[float, float, float]


ODDS_API = (
    Book("draftkings", "draftkings", "DraftKings", 1.0, 0.97, 35, (1.045, 1.045, 1.046)),
    Book("fanduel", "fanduel", "FanDuel", 1.0, 0.98, 30, (1.041, 1.044, 1.049)),
    Book("betmgm", "betmgm", "BetMGM", 1.0, 0.94, 60, (1.047, 1.047, 1.047)),
    Book("betrivers", "betrivers", "BetRivers", 0.99, 0.88, 80, (1.047, 1.050, 1.050)),
    Book("williamhill_us", "caesars", "Caesars", 0.93, 0.90, 70, (1.043, 1.042, 1.046)),
    Book("fanatics", "fanatics", "Fanatics", 0.92, 0.84, 80, (1.045, 1.045, 1.047)),
    Book("lowvig", "lowvig", "LowVig.ag", 0.88, 0.86, 15, (1.023, 1.030, 1.034)),
    Book("betonlineag", "betonline", "BetOnline.ag", 0.88, 0.86, 12, (1.023, 1.036, 1.047)),
)

ACTION_NETWORK = (
    Book("68", "draftkings", "DraftKings", 1.0, 1.0, 35, (1.045, 1.045, 1.046)),
    Book("69", "fanduel", "FanDuel", 1.0, 1.0, 30, (1.041, 1.044, 1.049)),
    Book("75", "betmgm", "BetMGM", 1.0, 1.0, 60, (1.047, 1.047, 1.047)),
    Book("123", "caesars", "Caesars", 0.95, 1.0, 70, (1.043, 1.042, 1.046)),
)

SBD = (
    Book("draftkings", "draftkings", "DraftKings", 1.0, 1.0, 35, (1.045, 1.045, 1.046)),
    Book("fanduel", "fanduel", "FanDuel", 1.0, 1.0, 30, (1.041, 1.044, 1.049)),
    Book("betmgm", "betmgm", "BetMGM", 1.0, 1.0, 60, (1.047, 1.047, 1.047)),
    Book("caesars", "caesars", "Caesars", 1.0, 1.0, 70, (1.043, 1.042, 1.046)),
)

VSIN = ("draftkings", "circa")

PINNACLE = Book("pinnacle", "pinnacle", "Pinnacle", 1.0, 1.0, 3, (1.022, 1.026, 1.026))
