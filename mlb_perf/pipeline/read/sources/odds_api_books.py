"""A bookmaker's row of The Odds API: its payload, its moment and its key."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal
from mlb_perf.pipeline.read.context import Context
from mlb_perf.pipeline.read.json import Leaf
from mlb_perf.pipeline.read.sources.games import newest
from mlb_perf.pipeline.records import RawRecord

TABLE = "odds_api_odds"

# The list that ends an event as the API lays it out, and how far into the event it is looked for.
BOOKMAKERS = re.compile(r'"bookmakers"\s*:\s*\[')
OWN_LENGTH = 4096

KEYED = re.compile(r'\{\s*"(?!bookmakers"|scores"|data")[^"]*"\s*:\s*\[')
ENVELOPE = re.compile(r'"data"\s*:\s*[\[{]')
# The first price that can only be of one kind: -110 is American, 1.91 and 21 are decimal.
_SHOWN = re.compile(r'"price"\s*:\s*"?(?:(?P<american>-\d{3})|[1-9]\d?(?=[.,}\]\s"]))')


def note_prices(text: str, at: int, context: Context) -> None:
    """Keep which kind of prices the response shows, for books that do not show it."""
    if shown := _SHOWN.search(text, at):
        context.hints["shown"] = "american" if shown["american"] else "decimal"


def payload(before: str, book: str, context: Context) -> str:
    """The event's text up to its bookmakers with this one alone."""
    # Nearly every book has one of these, and finding them costs a tenth of the pattern.
    is_shown = "odds_format" not in context.hints and (
        '"price":1.' in book or '": 1.' in book or '": -1' in book
    )
    return f"{before}{book}]{'' if is_shown else _format(book, context)}}}"


def _format(book: str, context: Context) -> str:
    """The member that says which kind of price it is: what the caller says, else what the
    response shows where the book alone does not."""
    told = context.hints.get("odds_format")
    if told is None:
        # Text is found far faster than a pattern.
        price = book.find('"price"')
        if price < 0 or not _SHOWN.search(book, price):
            told = context.hints.get("shown")
    return f',"odds_format":"{told}"' if told else ""


def record(game_id: str, book: Leaf, payload: str, context: Context, origin: str) -> RawRecord:
    """The row of a bookmaker; :class:`Refusal` if it cannot be one."""
    if book.problem:
        raise Refusal(book.problem)
    value: Any = book.value
    if not isinstance(value, dict):
        raise Refusal("a bookmaker is not an object")
    updated = value.get("last_update")
    return RawRecord(
        TABLE,
        game_id,
        _moment(value, context) if updated is None else checks.moment(updated, "last_update"),
        payload,
        origin,
        checks.key(value.get("key"), "bookmaker key"),
    )


def _moment(book: dict[str, Any], context: Context) -> dt.datetime:
    """Of a book without a time: the newest of its markets', else the response's moment."""
    return newest(book.get("markets"), "last_update") or context.moment()
