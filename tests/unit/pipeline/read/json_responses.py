"""A response of a test, and what is read of it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from mlb_perf.pipeline.read.reader import read_response
from mlb_perf.pipeline.records import Item, Malformed, RawRecord

MOMENT = dt.datetime(2026, 7, 1, 18, 30, tzinfo=dt.UTC)


SEEN = dt.datetime(2026, 7, 1, 17, 0, 1, tzinfo=dt.UTC)


def read(document: Any, source: str = "odds_api") -> list[Item]:
    body = document if isinstance(document, str | bytes) else json.dumps(document)
    return list(read_response(body, source, MOMENT, name="f"))


def only_malformed(items: list[Item]) -> Malformed:
    (item,) = items
    assert isinstance(item, Malformed)
    return item


def rows(items: list[Item]) -> list[RawRecord]:
    assert all(isinstance(item, RawRecord) for item in items), items
    return [item for item in items if isinstance(item, RawRecord)]
