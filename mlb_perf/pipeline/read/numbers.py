"""Numbers as files write them, in one spelling: signs and blanks of Unicode, halves, commas."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Literal

Prices = Literal["american", "decimal"]

_SIGNS = dict.fromkeys(map(ord, "\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"), "-")
_PLAIN = str.maketrans(_SIGNS | {ord("\uff0b"): "+"})
_FRACTIONS = (("\u00bd", ".5"), ("\u00bc", ".25"), ("\u00be", ".75"))
_LARGEST = 1000
_DECIMAL_BELOW = 100


def plain(text: str) -> str:
    """``\u22121\u00bd`` is ``-1.5``; blanks of all kinds are left out."""
    found = "".join(text.translate(_PLAIN).split())
    for sign, digits in _FRACTIONS:
        found = found.replace(sign, digits)
    return found


def with_point(text: str) -> str:
    """``1.234,5`` of a file with decimal commas is ``1234.5``."""
    return text.replace(".", "").replace(",", ".") if "," in text else text


def normal(text: str) -> str:
    """8.50 and +8.5 are 8.5; a text that is not a number stays as it is."""
    number = _number(text)
    if number is None or abs(number) >= _LARGEST:
        return text
    return f"{number.normalize():f}"


def shown(prices: Iterable[str]) -> Prices | None:
    """The kind of prices that these are together: one of -100 or less, or with a +, is American,
    one between 1 and 100 is decimal; None if none of them shows it."""
    found: Prices | None = None
    for text in prices:
        number = _number(text)
        if number is None:
            continue
        if number <= -_DECIMAL_BELOW or plain(text).startswith("+"):
            return "american"
        if 0 < number < _DECIMAL_BELOW:
            found = "decimal"
    return found


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(plain(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
