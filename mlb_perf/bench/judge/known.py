"""Pages that count as more, and the questions that are known to read more, with the reasons."""

from __future__ import annotations

from typing import Final

_SLACK_PAGES, _SLACK_SHARE = 1.0, 1.05
_GENERIC_PAGES, GENERIC_SHARE = 8.0, 2.0

BY_BATCH: Final = (
    "the rebuild's batches end within a game, whose rows then lie in several places; rebuilt in "
    "one batch it reads fewer pages than at the baseline"
)
BY_LEVEL: Final = (
    "the key of lines is 38% smaller, but it was built at once, which leaves 30% of inner pages "
    "free, so that at this size it has one level more"
)
BY_ORDER: Final = "20 rows in the order of the index; the baseline reads and sorts all open ones"
IN_LARGE: Final = (BY_BATCH, BY_LEVEL, BY_ORDER)
"""Reasons that depend on how long a batch of the rebuild was, or on the number of rows."""
MORE_PAGES: Final = {
    "board_as_of": BY_BATCH,
    "best_price_by_market": BY_BATCH,
    "board_of_day": BY_BATCH,
    "predictions_of_day": "50 rows in the order of the index; the baseline reads and sorts a day",
    "splits_with_lines": BY_LEVEL,
    "open_recommendations": BY_ORDER,
}
"""The questions that read more pages at head than at the baseline, each with the reason."""

WORSE_AS_GENERIC: Final = {
    "snapshots_containing": "a generic plan does not know that one month is enough, and sorts",
}
"""The questions whose plan needs their values. The deployment guide says how to get it."""


def is_more(before: float, after: float) -> bool:
    """Whether a question reads more pages than before: an index may have a level more."""
    return after > max(before + _SLACK_PAGES, before * _SLACK_SHARE)


def is_worse(custom: float, generic: float) -> bool:
    """Whether the generic plan reads that many more pages than the plan for the values.

    A few pages more, some 0.02 ms, count as none.
    """
    return generic > max(custom + _GENERIC_PAGES, custom * GENERIC_SHARE)
