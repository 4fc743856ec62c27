"""Prices: each one made once, with the texts that the tables and the feeds have of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, eq=False)
class Price:
    """A price in both notations; the same price is the same object.

    ``text`` is the decimal price as staging keeps it, ``implied`` one over it as promotion rounds
    it, ``probability`` the same as a number, ``json`` as The Odds API writes it, ``signed`` the
    American price with its sign.
    """

    american: int
    text: str
    implied: str
    probability: float
    decimal: float
    json: str
    signed: str


@cache
def decimal_price(hundredths: int) -> Price:
    """A decimal price of so many hundredths, and the whole American price next to it."""
    above = hundredths - 100
    american = above if above >= 100 else -((20_000 + above) // (2 * above))
    return _price(american, hundredths * 10_000)


@cache
def american_price(american: int) -> Price:
    """An American price, and the decimal one to six digits."""
    size = abs(american)
    won = size * 10_000 if american > 0 else (200_000_000 + size) // (2 * size)
    return _price(american, 1_000_000 + won)


def _price(american: int, millionths: int) -> Price:
    implied = (2 * 10**14 + millionths) // (2 * millionths)
    text = f"{millionths // 1_000_000}.{millionths % 1_000_000:06d}"
    return Price(
        american, text, f"0.{implied:08d}", 1_000_000 / millionths, millionths / 1_000_000,
        repr(millionths / 1_000_000), f"{american:+d}",
    )  # fmt: skip


def two_way(probability: float, overround: float) -> tuple[Price, Price]:
    """Decimal prices of both sides at a book that takes so much."""
    return _of(probability * overround), _of((1 - probability) * overround)


def two_way_american(probability: float, overround: float) -> tuple[Price, Price]:
    """American prices of both sides."""
    one, other = two_way(probability, overround)
    return american_price(one.american), american_price(other.american)


def _of(implied: float) -> Price:
    hundredths = int(100 / implied + 0.5)
    return decimal_price(min(max(hundredths, 102), 5000))
