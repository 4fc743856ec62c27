"""SQL files, read by name: ``read("baseline/curated/teams.sql")``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def read(name: str) -> str:
    """The text of a file below ``mlb_perf/sql``; ``FileNotFoundError`` if there is none."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


def exists(name: str) -> bool:
    """Whether there is a file of this name below ``mlb_perf/sql``."""
    return files(__name__).joinpath(name).is_file()
