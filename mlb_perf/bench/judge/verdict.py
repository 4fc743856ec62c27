"""One target with the value beside it."""

from __future__ import annotations

from dataclasses import dataclass

_MORE_DIGITS = 6


@dataclass(frozen=True)
class Verdict:
    """One target. ``met`` is None where the run did not measure it."""

    part: str
    name: str
    wanted: str
    got: str
    met: bool | None


def beside(value: float, limit: float, form: str) -> str:
    """The value in a form such as ``.2f`` or ``.0%``, on its own side of the limit.

    89.96% of a wanted 90% is not written as 90%: it has more digits where it needs them.
    """
    digits, kind = int(form[1:-1]), form[-1]
    text = ""
    for more in range(_MORE_DIGITS):
        text = f"{value:.{digits + more}{kind}}"
        shown = float(text.rstrip("%")) / (100 if kind == "%" else 1)
        if _side(shown, limit) == _side(value, limit):
            break
    return text


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)
