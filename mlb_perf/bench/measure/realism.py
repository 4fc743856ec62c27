"""Saved responses of The Odds API against a data set's rows, figure by figure.

The file is read as ``mlb-perf load`` does, and ``raw_data.odds_api_odds`` of the database in use;
nothing is written.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import URL, Connection, text

from mlb_perf.bench.document import Found, TextTable
from mlb_perf.bench.judge.quantiles import quantile
from mlb_perf.engine import connect, migration_engine
from mlb_perf.pipeline.load.ingest import read_file
from mlb_perf.pipeline.records import RawRecord
from mlb_perf.progress import Say, silent

Snapshot = tuple[str, str, dt.datetime, str]
"""Game, sportsbook, moment, payload."""

QUANTILES = (0.1, 0.5, 0.9)
GAP = dt.timedelta(hours=5.5), dt.timedelta(hours=7)
"""The saved responses are some six hours apart, so that is the gap that is compared."""

_ROWS = text(
    "SELECT external_game_id, sportsbook_key, collected_at, payload::text"
    " FROM raw_data.odds_api_odds ORDER BY external_game_id, sportsbook_key, collected_at"
)


@dataclass
class Figures:
    """What is compared, as lists of single values."""

    payload_bytes: list[float] = field(default_factory=list)
    hours_ahead: list[float] = field(default_factory=list)
    markets: list[float] = field(default_factory=list)
    has_changed: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    moved_by: list[float] = field(default_factory=list)
    line_moved: list[float] = field(default_factory=list)
    overround: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    books: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def measure(
    database: URL,
    say: Say = silent,
    *,
    file: Annotated[
        Path, typer.Argument(help="Saved responses of The Odds API.", exists=True, dir_okay=False)
    ],
) -> Found:
    """Saved responses of The Odds API against the rows of a data set."""
    with connect(migration_engine(database, {"timezone": "UTC"})) as connection:
        say(f"read {file}")
        real = figures_of(saved(file))
        say("read raw_data.odds_api_odds")
        generated = figures_of(stored(connection))
    return Found([TextTable(["", "saved responses", "data set"], list(_pairs(real, generated)))])


def figures_of(snapshots: Iterable[Snapshot]) -> Figures:
    """The figures of snapshots, each of which is counted once."""
    figures = Figures()
    paths: dict[tuple[str, str], dict[dt.datetime, Any]] = defaultdict(dict)
    for game, book, moment, payload in snapshots:
        event = json.loads(payload)
        start = dt.datetime.fromisoformat(event["commence_time"])
        paths[game, book][moment] = {**event["bookmakers"][0], "start": start}
        figures.payload_bytes.append(len(json.dumps(event)))
        figures.hours_ahead.append((start - moment).total_seconds() / 3600)
        figures.books[game].add(book)
    for (_, book), said in paths.items():
        before = [(at, said[at]) for at in sorted(said) if at < said[at]["start"]]
        for _, snapshot in before:
            _overrounds(figures, book, snapshot)
        _changes(figures, before)
    return figures


def _overrounds(figures: Figures, book: str, snapshot: Any) -> None:
    figures.markets.append(len(snapshot["markets"]))
    for market in snapshot["markets"]:
        if len(market["outcomes"]) == 2:
            total = sum(1 / outcome["price"] for outcome in market["outcomes"])
            figures.overround[f"{book} {market['key']}"].append(total)


def _changes(figures: Figures, before: list[tuple[dt.datetime, Any]]) -> None:
    """What six hours change: each snapshot against the first that is so much later."""
    at = 0
    for n, (moment, snapshot) in enumerate(before):
        if n < at:
            continue
        later = (m for m in range(n, len(before)) if before[m][0] - moment >= GAP[0])
        m = next(later, None)
        if m is None or before[m][0] - moment > GAP[1]:
            continue
        at = m
        _change(figures, snapshot, before[m][1])


def _change(figures: Figures, one: Any, other: Any) -> None:
    others = {market["key"]: market for market in other["markets"]}
    for market in one["markets"]:
        name = market["key"]
        if name not in others:
            continue
        old, new = _content(market), _content(others[name])
        figures.has_changed[name].append(old != new)
        if name == "h2h" and len(old) == len(new) == 2:
            figures.moved_by.append(abs(_share(new) - _share(old)))
        if name == "totals":
            figures.line_moved.append(old[0][2] != new[0][2])


def _content(market: Any) -> list[tuple[str, float, float]]:
    return sorted(
        (outcome["name"], outcome["price"], outcome.get("point", 0.0))
        for outcome in market["outcomes"]
    )


def _share(content: list[tuple[str, float, float]]) -> float:
    one, other = (1 / price for _, price, _ in content)
    return one / (one + other)


def _pairs(real: Figures, generated: Figures) -> Iterator[list[str]]:
    for (name, one), (_, other) in zip(_named(real), _named(generated), strict=True):
        yield [name, one, other]
    for name in sorted(real.overround.keys() & generated.overround.keys()):
        both = (_three(each.overround[name], ".3f") for each in (real, generated))
        yield [f"{name} overround", *both]


def _named(f: Figures) -> Iterator[tuple[str, str]]:
    yield "snapshots", f"{len(f.payload_bytes):,}"
    yield "books a game, mean", f"{_mean([len(books) for books in f.books.values()]):.2f}"
    yield "payload, bytes at 10, 50, 90 %", _three(f.payload_bytes, ".0f")
    yield "hours before the start at 10, 50, 90 %", _three(f.hours_ahead, ".1f")
    yield "in play, share", f"{_mean([hours <= 0 for hours in f.hours_ahead]):.3f}"
    yield "markets a snapshot, mean", f"{_mean(f.markets):.2f}"
    for name in ("h2h", "spreads", "totals"):
        yield f"{name} changed in six hours, share", f"{_mean(f.has_changed[name]):.3f}"
    yield "home chance moved by, at 10, 50, 90 %", _three(f.moved_by, ".4f")
    yield "total's line changed, share", f"{_mean(f.line_moved):.3f}"


def _mean(values: Iterable[float]) -> float:
    counted = list(values)
    return sum(counted) / len(counted) if counted else float("nan")


def _three(values: list[float], style: str) -> str:
    if not values:
        return "none"
    ordered = sorted(values)
    return " ".join(format(quantile(ordered, share), style) for share in QUANTILES)


def saved(path: Path) -> Iterator[Snapshot]:
    """The snapshots of a file, each once."""
    seen = set()
    for item in read_file(path, source="odds_api"):
        if isinstance(item, RawRecord):
            key = (item.external_game_id, item.sportsbook_key or "", item.collected_at)
            if key not in seen:
                seen.add(key)
                yield *key, item.payload


def stored(connection: Connection) -> Iterator[Snapshot]:
    """The snapshots of the database."""
    rows = connection.execution_options(stream_results=True).execute(_ROWS)
    yield from (tuple(row) for row in rows)
