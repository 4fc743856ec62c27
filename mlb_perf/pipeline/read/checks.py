"""What a value must be to stand in a key or a payload; each check returns it or refuses it."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

KEY_LENGTH = 64
"""Characters of ``external_game_id`` and ``sportsbook_key``."""

EARLIEST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
FIRST_SEASON = dt.datetime(1871, 1, 1, tzinfo=dt.UTC)
"""Results reach back further than feeds, of which a time before 2000 is a broken clock."""

LATEST = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)

_EXACT = 2**53  # whole numbers beyond it are no longer all of them floats
_WHOLE = re.compile(r"^(-?[0-9]+)\.0+$")
_LONGEST_TIME = 40
_UNIX_MILLISECONDS = 100_000_000_000  # as seconds it would be the year 5138

_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
# A high half without its low half, or a low half without its high one.
_ESCAPED_HALF = re.compile(
    r"(?<!\\)(?:\\\\)*(?:"
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F])"
)


class Refusal(ValueError):
    """A record cannot be loaded; the text is the reason."""


def key(value: Any, name: str) -> str:
    """An id as text of 1 to 64 characters; whole numbers are taken."""
    if not isinstance(value, str):
        return _whole(value, name)
    # The same books stand in every event. A long text is not kept.
    return _text_key(value, name) if len(value) > KEY_LENGTH else _known_key(value, name)


def _text_key(value: str, name: str) -> str:
    text = value.strip()
    # A table program, or a column with gaps, writes 745444 as 745444.0.
    if text.endswith("0") and "." in text:
        text = _WHOLE.sub(r"\1", text)
    if not text:
        raise Refusal(f"{name} is empty")
    if len(text) > KEY_LENGTH:
        raise Refusal(f"{name} has {len(text):,} characters; {KEY_LENGTH} are the most")
    return storable(text)


_known_key = lru_cache(maxsize=1024)(_text_key)


def _whole(value: Any, name: str) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and abs(value) < 10 ** (KEY_LENGTH - 1)
    ):
        return str(value)
    raise Refusal(f"{name} is {_kind(value)}, not a text or a whole number")


def moment(value: Any, name: str, earliest: dt.datetime = EARLIEST) -> dt.datetime:
    """A moment in UTC from ISO 8601 text, or from seconds or milliseconds since 1970.

    One without an offset is taken as UTC.
    """
    if not isinstance(value, str):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _since_1970(value, name, earliest)
        raise Refusal(f"{name} is {_kind(value)}, not a time in ISO 8601")
    known = _known_iso if len(value) <= _LONGEST_TIME else _iso
    return known(value, name, earliest)


def _iso(value: str, name: str, earliest: dt.datetime) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(value.strip())
    except ValueError:
        raise Refusal(f"{name} {value[:40]!r} is not a time in ISO 8601") from None
    return in_range(found, name, earliest)


# A book was seen at one moment with all its events.
_known_iso = lru_cache(maxsize=1024)(_iso)


def _since_1970(value: float, name: str, earliest: dt.datetime) -> dt.datetime:
    seconds = value / 1000 if abs(value) >= _UNIX_MILLISECONDS else value
    try:
        found = dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (ValueError, OverflowError, OSError):
        raise Refusal(f"{name} {str(value)[:40]} is not a time since 1970") from None
    return in_range(found, name, earliest)


def in_range(found: dt.datetime, name: str, earliest: dt.datetime = EARLIEST) -> dt.datetime:
    """The moment in UTC; refused before ``earliest`` and after the year 2099."""
    if found.tzinfo is None:
        found = found.replace(tzinfo=dt.UTC)
    if not earliest <= found < LATEST:
        raise Refusal(f"{name} {found.isoformat()} is not between {earliest.year} and 2100")
    return found if found.tzinfo is dt.UTC else found.astimezone(dt.UTC)


def noon_after(value: str, name: str, earliest: dt.datetime = EARLIEST) -> dt.datetime:
    """Noon UTC of the day after a date: when the game of that day is over wherever it was."""
    day = moment(value, name, earliest)
    noon = dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC) + dt.timedelta(days=1)
    return in_range(noon, name, earliest)


def storable(text: str) -> str:
    """JSON text or plain text that a jsonb can hold: no NUL, no half of a surrogate pair."""
    if "\x00" in text or ("\\u0000" in text and _ESCAPED_NUL.search(text)):
        raise Refusal("it holds a NUL character (\\u0000), which PostgreSQL cannot store")
    if ("\\ud" in text or "\\uD" in text) and _ESCAPED_HALF.search(text):
        raise Refusal("it holds half of a surrogate pair, which PostgreSQL cannot store")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Refusal(
                "it holds half of a surrogate pair, which PostgreSQL cannot store"
            ) from None
    return text


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", type(None): "null", bool: "a boolean"}
    return names.get(type(value), "a number" if isinstance(value, int | float) else "missing")
