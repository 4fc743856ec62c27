"""The feeds that can be loaded, each in a module of its own."""

from __future__ import annotations

from collections.abc import Callable

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read.sources import (
    action_network,
    game_results,
    line_history,
    mlb_stats_api,
    odds_api,
    odds_api_books,
    retrosheet,
    sbd,
    vsin,
)
from mlb_perf.pipeline.read.sources.game_results import MappedResults
from mlb_perf.pipeline.read.sources.line_history import LineHistory
from mlb_perf.pipeline.read.sources.source import CsvSource, Head, JsonSource

__all__ = [
    "MERGES",
    "SOURCES",
    "CsvSource",
    "Head",
    "JsonSource",
    "LineHistory",
    "MappedResults",
    "find",
    "recognise",
]

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


MERGES: dict[str, Callable[[str, str], str | None]] = {
    odds_api_books.TABLE: odds_api.merge,
    mlb_stats_api.TABLE: mlb_stats_api.merge,
}
"""By table: what becomes of two payloads of one key; None if they contradict each other."""


def find(
    name: str, options: LineHistory | MappedResults | None = None, *, is_json: bool = False
) -> JsonSource | CsvSource:
    """The source of that name; :class:`LoadFailed` lists them if there is none."""
    if name == line_history.TABLE:
        if not isinstance(options, LineHistory):
            raise LoadFailed(
                "line_history needs --map, which says what the columns are: "
                f"--map ours=Theirs,...; ours are {', '.join(line_history.NAMES)}"
            )
        return line_history.json_source(options) if is_json else line_history.source(options)
    if isinstance(options, MappedResults):
        return game_results.source(options)
    if name not in SOURCES:
        raise LoadFailed(f"there is no source {name}; there are:\n{listed()}")
    return SOURCES[name]


def recognise(head: bytes, delimiter: str = ",") -> JsonSource | CsvSource | None:
    """The source whose signs the beginning of a file shows; None if no source's.

    An empty array is an answer without events, from whichever source.
    """
    seen = Head(head, delimiter)
    if seen.is_empty_answer:
        return odds_api.SOURCE
    if retrosheet.is_other_file(seen):
        raise LoadFailed(
            "a Retrosheet file that is not read: of Retrosheet the game logs are (gl2023.txt), "
            "161 fields a game without a header"
        )
    return next((source for source in SOURCES.values() if source.recognises(seen)), None)


def listed() -> str:
    """The sources, a line each."""
    lines = [f"  {source.name}: {source.about}" for source in SOURCES.values()]
    return "\n".join([*lines, f"  {line_history.TABLE}: {line_history.ABOUT}"])
