"""What the public bets: shares of bets and handle of a market, drifting until the start."""

from __future__ import annotations

from mlb_perf.dataset.market.chance import Chance
from mlb_perf.dataset.market.market import Truth

Percents = tuple[float, float, float, float]
"""Home or over, away or under of the bets; the same of the handle."""


class Public:
    """The public's bets on the three markets of a game, as one source counts them."""

    def __init__(self, chance: Chance, truth: Truth, digits: int) -> None:
        lean = 50 + 90 * (truth.chance - 0.5)
        self._chance = chance
        self._digits = digits
        self._bets = [chance.bell(lean, 12), chance.bell(50, 14), chance.bell(58, 11)]
        self._gap = [chance.bell(0, 9) for _ in range(3)]

    def percents(self, market: int) -> Percents:
        """The shares now; each call is a while later."""
        self._bets[market] += self._chance.bell(0, 1.5)
        bets = self._share(self._bets[market])
        money = self._share(self._bets[market] + self._gap[market] + self._chance.bell(0, 2))
        return bets, self._rest(bets), money, self._rest(money)

    def _share(self, value: float) -> float:
        return round(min(max(value, 4.0), 96.0), self._digits)

    def _rest(self, share: float) -> float:
        return round(100 - share, self._digits)
