"""One target with the value beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """One target. ``met`` is None where the run did not measure it."""

    part: str
    name: str
    wanted: str
    got: str
    met: bool | None
