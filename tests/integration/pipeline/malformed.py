"""A file of responses, two of which are malformed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tests.support.sql import value


def count(engine: Engine, table: str) -> int:
    return int(value(engine, f"SELECT count(*) FROM {table}"))


def event(game: str, *books: str, at: str = "2026-07-01T17:00:01Z", price: Any = 1.9) -> str:
    quotes = [{"key": key, "last_update": at, "markets": [{"price": price}]} for key in books]
    return json.dumps([{"id": game, "commence_time": "x", "sport_key": "x", "bookmakers": quotes}])


def malformed_file(folder: Path) -> Path:
    """Six sound responses of two rows each; line 3 is no JSON, line 6 has one bad book of two."""
    responses = [event(f"g{n}", "a", "b") for n in range(6)]
    responses[2:2] = ['{"broken": ']
    responses[5:5] = [event("g9", "a", "b").replace("2026-07-01T17:00:01Z", "never", 1)]
    path = folder / "odds.jsonl"
    path.write_text("\n".join(responses))
    return path


MALFORMED = [
    "odds.jsonl:3: not JSON: a value is missing at character 12",
    "odds.jsonl:6: last_update 'never' is not a time in ISO 8601",
]
