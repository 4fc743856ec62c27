"""Shared by the sources that are files of rows: payloads, dates, and ids that are made."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from mlb_perf.pipeline.read import checks
from mlb_perf.pipeline.read.checks import Refusal, storable
from mlb_perf.pipeline.read.layout import Layout

_MADE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}:.*@.*:.*")


def payload(value: Any) -> str:
    """JSON text of a row's strings, if a jsonb can hold them."""
    return storable(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def dated(layout: Layout, values: dict[str, str]) -> dt.date | None:
    """The game's date; dates, starts and numbers become ISO 8601 and plain in ``values``."""
    day = None
    if given := values.get("game_date", "").strip():
        day = layout.date(given, "game_date", values.get("season", "").strip())
        values["game_date"] = day.isoformat()
    if given := values.get("start_at", "").strip():
        start = layout.moment(given, "start_at", day)
        values["start_at"] = f"{start:%Y-%m-%dT%H:%M:%SZ}"
    if number := values.get("game_number", "").strip():
        values["game_number"] = checks.key(number, "game_number")
    return day


def made_id(values: dict[str, str]) -> str:
    """An id of the date, the teams, and the number or the start."""
    told = [values.get(name, "").strip() for name in ("game_date", "away_team", "home_team")]
    if not all(told):
        raise Refusal("neither external_game_id nor game_date, away_team and home_team are given")
    number = values.get("game_number", "").strip()
    start = values.get("start_at", "").strip()
    last = number or (f"{start[11:16]}Z" if start else "1")
    return checks.key(f"{told[0]}:{told[1]}@{told[2]}:{last}", "the game's id")


def is_made(game_id: str) -> bool:
    """Whether the id is one that was made of date and teams."""
    return _MADE.fullmatch(game_id) is not None
