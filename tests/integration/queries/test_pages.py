"""No question reads more pages at head than at the baseline, on the same rows.

Pages are the shared buffers that an execution touches, so a busy machine changes nothing. A page
that is touched twice counts twice.
"""

from __future__ import annotations

import pytest

from tests.integration.queries.season import ASKED, BASELINE, Season
from tests.support.databases import Server, engine_on
from tests.support.sql import value

# An index may have a level more or less, and rows may lie across the end of a page.
SLACK_PAGES, SLACK_SHARE = 1.0, 1.05

_IN_KEY_ORDER = "rows come in the order of the key, so the same heap pages are touched repeatedly"
MORE: dict[str, str] = {
    "board_as_of": _IN_KEY_ORDER,
    "best_price_by_market": _IN_KEY_ORDER,
    "board_of_day": _IN_KEY_ORDER,
    "movements_of_game": _IN_KEY_ORDER,
    "predictions_of_day": "50 rows in the order of the index; the baseline reads and sorts a day",
    "latest_splits": "a raw feed, by its key and not by an index of the game alone",
}
"""The questions that do, each with the reason."""
SINCE_18 = {"board_of_day"}
"""Of these only from PostgreSQL 18 on: the baseline's plan on older servers reads more pages."""


def _more(before: float, after: float) -> bool:
    return after > max(before + SLACK_PAGES, before * SLACK_SHARE)


@pytest.mark.parametrize("name", [query.name for query in ASKED])
def test_no_question_reads_more_pages(season: Season, server: Server, name: str) -> None:
    """But for the known ones; a question that no longer reads more is to leave their list."""
    before, after = season.pages[name]
    known = name in MORE and not (name in SINCE_18 and _version(server) < 18)
    assert _more(before, after) is known, f"{before:.1f} pages at {BASELINE}, {after:.1f} at head"


def _version(server: Server) -> int:
    engine = engine_on(server.url(server.maintenance_dbname))
    number: int = value(engine, "SELECT current_setting('server_version_num')::int")
    return number // 10000
