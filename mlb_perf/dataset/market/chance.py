"""Chance that is the same on every machine: one stream of numbers a seed and a name.

Only :meth:`random.Random.random` is used, whose numbers Python promises to keep for a seed, and
sums and products of them, which IEEE 754 fixes; ``exp`` and ``log`` differ between C libraries.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """A stream of random numbers, the same for the same seed and name."""

    def __init__(self, seed: int, *name: object) -> None:
        text = ":".join(map(str, (seed, *name)))
        self.next = random.Random(text).random  # noqa: S311, rows of a data set, not secrets

    def happens(self, probability: float) -> bool:
        """Whether something of that probability happens."""
        return self.next() < probability

    def between(self, low: float, high: float) -> float:
        """A number, each as likely."""
        return low + (high - low) * self.next()

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int((high - low + 1) * self.next())

    def bell(self, mean: float, deviation: float) -> float:
        """A number of a bell-shaped distribution: the sum of three, within 3 deviations."""
        return mean + deviation * 2 * (self.next() + self.next() + self.next() - 1.5)

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[int(len(items) * self.next())]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in another order."""
        rest = list(items)
        return [rest.pop(int(len(rest) * self.next())) for _ in range(len(items))]
