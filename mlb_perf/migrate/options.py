"""Our own options in alembic.ini: times, each with its unit."""

from __future__ import annotations

import re

from alembic import context

from mlb_perf.errors import ConfigurationError
from mlb_perf.online.locks import Patience

_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}


def lock_timeout() -> str:
    """Of a session, as PostgreSQL takes it."""
    return f"{seconds('lock_timeout', '2s') * 1000:.0f}ms"


def patience() -> Patience:
    """The ladder of steps that need a strong lock: attempts, pauses, and the end of it."""
    pause = seconds("lock_pause", "5s")
    return Patience(
        attempt_ms=max(round(seconds("lock_attempt", "150ms") * 1000), 1),  # 0 would be no limit
        total_seconds=seconds("lock_patience", "10min"),
        first_pause_seconds=min(Patience.first_pause_seconds, pause),
        longest_pause_seconds=pause,
        raised_by="raise lock_patience in alembic.ini",
    )


def seconds(option: str, default: str) -> float:
    """An option that is a time. Raises :class:`~mlb_perf.errors.ConfigurationError`."""
    text = str(context.config.get_main_option(option, default))
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|min|h)\s*", text)
    if match is None:
        raise ConfigurationError(
            f"{option} in {name()} is {text!r}; write a number and a unit, as in 90s or 15min"
        )
    return float(match[1]) * _UNITS[match[2]]


def name() -> str:
    """The file, for messages."""
    return context.config.config_file_name or "the Alembic configuration"
