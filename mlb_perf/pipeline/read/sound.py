"""Sound JSON cut into its parts by msgspec, each part as its text came.

This is the quick way, for the responses that there are many of. It reads only texts of which
:mod:`mlb_perf.pipeline.read.json` reads the same; whatever it refuses is read again in that
way, which finds the fault and names it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import msgspec

from mlb_perf.pipeline.read.checks import Refusal, storable

T = TypeVar("T")

_BLANK = re.compile(r"[ \t\n\r]*")
# Strings, of which those with an escape are no names; possessive, so in one go through the text.
_PLAIN_NAMES = re.compile(
    r'(?:[^"]++|"[^"\\]*+"|"[^"\\]*+(?:\\.[^"\\]*+)++"(?![ \t\n\r]*+:))*+', re.DOTALL
)


class Shape(Generic[T]):
    """A type whose members are decoded, or kept as their text (``msgspec.Raw``)."""

    def __init__(self, kind: Any) -> None:
        self._decode = msgspec.json.Decoder(kind).decode

    def of(self, text: str) -> T:
        """The text in this shape; :class:`Refusal` if it is not, or is not JSON."""
        try:
            found: T = self._decode(text)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise Refusal(str(error)) from None
        return found


def require_plain(text: str) -> None:
    """Refuse a text that cannot be stored, and one whose names are not written as they are."""
    if "\\" in text:
        storable(text)
        if not _PLAIN_NAMES.fullmatch(text):
            raise Refusal("a name is escaped")


def may_hold_long_number(text: str) -> bool:
    """Whether a number in it may have more digits than Python converts."""
    most = sys.get_int_max_str_digits()
    return 0 < most < len(text) and max(map(len, text.split(","))) > most


def blank(text: str, at: int) -> int:
    """Where the blanks end."""
    if text[at : at + 1] > " ":
        return at
    found = _BLANK.match(text, at)
    assert found is not None
    return found.end()


def after(text: str, at: int, part: str) -> int:
    """Where what follows this part begins; refused if another part is here.

    msgspec says which parts there are and not where. A part that is not where it should be is a
    second one of the same name.
    """
    if not text.startswith(part, at):
        raise Refusal(f"{part[:40]} is not at character {at + 1:,}")
    return blank(text, at + len(part))


def after_comma(text: str, at: int) -> int:
    """Past a comma, if one is here."""
    return blank(text, at + 1) if text[at : at + 1] == "," else at


def after_all(text: str, at: int, parts: Iterable[str]) -> int:
    """Where what follows the rest of an array, these elements and its bracket, begins."""
    for part in parts:
        if not text.startswith(part, at):
            break
        at += len(part)
        if text[at : at + 1] != "," or text[at + 1 : at + 2] <= " ":
            at = after_comma(text, blank(text, at))
        else:
            at += 1
    return after(text, at, "]")


def cut(raw: msgspec.Raw) -> str:
    """A part as text."""
    return str(raw, "utf-8")


def members(text: str) -> dict[str, str]:
    """The members of an object, each value as its text; of two of one name the last one."""
    return {name: cut(raw) for name, raw in _MEMBERS.of(text).items()}


_MEMBERS: Shape[dict[str, msgspec.Raw]] = Shape(dict[str, msgspec.Raw])
