"""The feeds that can be loaded, each in a module of its own."""

from __future__ import annotations

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read.sources import (
    action_network,
    game_results,
    line_history,
    mlb_stats_api,
    odds_api,
    retrosheet,
    sbd,
    vsin,
)
from mlb_perf.pipeline.read.sources.line_history import LineHistory
from mlb_perf.pipeline.read.sources.source import CsvSource, Head, JsonSource

__all__ = ["SOURCES", "CsvSource", "Head", "JsonSource", "LineHistory", "find", "recognise"]

SOURCES: dict[str, JsonSource | CsvSource] = {
    source.name: source
    for source in (
        odds_api.SOURCE,
        *action_network.SOURCES,
        sbd.SOURCE,
        mlb_stats_api.SOURCE,
        vsin.SOURCE,
        game_results.SOURCE,
        retrosheet.SOURCE,
    )
}
"""By name, in the order in which they are tried; ``line_history`` exists with its options only."""


def find(name: str, options: LineHistory | None = None) -> JsonSource | CsvSource:
    """The source of that name; :class:`LoadFailed` lists them if there is none."""
    if name == line_history.TABLE:
        if options is None:
            raise LoadFailed(
                "line_history needs --map, which says what the columns are: "
                f"--map ours=Theirs,...; ours are {', '.join(line_history.NAMES)}"
            )
        return line_history.source(options)
    if name not in SOURCES:
        raise LoadFailed(f"there is no source {name}; there are:\n{listed()}")
    return SOURCES[name]


def recognise(head: bytes) -> JsonSource | CsvSource | None:
    """The source whose signs the beginning of a file shows; None if no source's."""
    seen = Head(head)
    return next((source for source in SOURCES.values() if source.recognises(seen)), None)


def listed() -> str:
    """The sources, a line each."""
    lines = [f"  {source.name}: {source.about}" for source in SOURCES.values()]
    return "\n".join([*lines, f"  {line_history.TABLE}: {line_history.ABOUT}"])
