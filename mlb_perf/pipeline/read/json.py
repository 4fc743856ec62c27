"""JSON taken apart without being changed: values decoded, their text cut out as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from json.scanner import make_scanner
from typing import Any, NamedTuple

from mlb_perf.pipeline.read import sound
from mlb_perf.pipeline.read.checks import Refusal, storable

_BLANK = re.compile(r"[ \t\n\r]*")
# A string that is not closed is one token to the end: tried again at each quote in it, a long one
# would take the square of its length.
_BRACKET_OR_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


class Leaf(NamedTuple):
    """A decoded value, its text, and why it cannot be stored (None if it can)."""

    value: Any
    text: str
    problem: str | None


class Cursor:
    """A place in a JSON text that moves on as values are read.

    The walk through containers is Python's, what lies in them is decoded in C. Every method
    raises :class:`Refusal` where the text is not JSON.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._constants: list[str] = []
        decoder = json.JSONDecoder(parse_constant=self._constants.append)
        self._scan: Callable[[str, int], tuple[Any, int]] = make_scanner(decoder)  # type: ignore[arg-type]
        # Without a backslash there is no escape that could not be stored.
        self._plain = text.isascii() and "\\" not in text
        self.at = self._blank(0)

    def peek(self) -> str:
        """The character that the next value begins with; empty at the end."""
        return self.text[self.at : self.at + 1]

    def members(self) -> Iterator[str]:
        """Each name in the object here, with the cursor at its value.

        A value that the caller does not read is passed over.
        """
        self.expect("{")
        while self.peek() != "}":
            name = self._name()
            here = self.at
            yield name
            if self.at == here:
                self.leaf()
            self._separator("}")
        self.expect("}")

    def elements(self) -> Iterator[None]:
        """Stop at each element of the array here; one that is not read is passed over."""
        self.expect("[")
        while self.text[self.at : self.at + 1] != "]":
            here = self.at
            yield
            if self.at == here:
                self.leaf()
            self._separator("]")
        self.expect("]")

    def leaf(self) -> Leaf:
        """The value here; NaN, depth and the like are its own problem, not that of what follows."""
        begin = self.at
        problem: str | None = None
        self._constants.clear()
        try:
            value, end = self._scan(self.text, begin)
        except json.JSONDecodeError as error:
            raise Refusal(f"not JSON: {error.msg} at character {error.pos + 1:,}") from None
        except StopIteration as stop:
            raise Refusal(f"not JSON: a value is missing at character {stop.value + 1:,}") from None
        except RecursionError:
            value, end, problem = None, self._skip(), "it is nested too deeply"
        except ValueError as error:  # a number of more digits than Python converts
            value, end, problem = None, self._skip(), str(error).split(";")[0]
        text = self.text[begin:end]
        self.at = self._blank(end)
        if problem is None and (self._constants or not self._plain):
            problem = self._unstorable(text)
        return Leaf(value, text, problem)

    def leaves(self) -> list[Leaf]:
        """The elements of the array here."""
        found: list[Leaf] = []
        self.expect("[")
        while self.text[self.at : self.at + 1] != "]":
            found.append(self.leaf())
            self._separator("]")
        self.expect("]")
        return found

    def expect(self, character: str) -> None:
        """Move past this character and the blanks after it."""
        if self.peek() != character:
            raise Refusal(f"not JSON: {character} is missing at character {self.at + 1:,}")
        self.at = self._blank(self.at + 1)

    def end(self) -> None:
        """Refuse what follows the value."""
        if self.at != len(self.text):
            raise Refusal(f"not JSON: more text at character {self.at + 1:,}, after its end")

    def _unstorable(self, text: str) -> str | None:
        if self._constants:
            return f"it holds {self._constants[0]}, which JSON does not have"
        try:
            storable(text)
        except Refusal as refusal:
            return str(refusal)
        return None

    def _name(self) -> str:
        try:
            name, end = self._scan(self.text, self.at)
        except (StopIteration, ValueError, RecursionError):
            name, end = None, self.at
        if not isinstance(name, str):
            raise Refusal(f"not JSON: a name in quotes is missing at character {self.at + 1:,}")
        self.at = self._blank(end)
        self.expect(":")
        return name

    def _separator(self, closing: str) -> None:
        follows = self.text[self.at : self.at + 1]
        if follows == ",":
            self.at = self._blank(self.at + 1)
            if self.peek() == closing:
                raise Refusal(f"not JSON: a value is missing at character {self.at + 1:,}")
        elif follows != closing:
            raise Refusal(f"not JSON: a comma is missing at character {self.at + 1:,}")

    def _blank(self, at: int) -> int:
        if self.text[at : at + 1] > " ":
            return at
        found = _BLANK.match(self.text, at)
        assert found is not None
        return found.end()

    def _skip(self) -> int:
        """Where the container or number here ends, found without recursion."""
        if self.peek() not in ("[", "{"):
            found = re.compile(r"[-+.0-9eE]*").match(self.text, self.at)
            assert found is not None
            return found.end()
        depth = 0
        for token in _BRACKET_OR_STRING.finditer(self.text, self.at):
            first = token.group()[0]
            depth += (first in "[{") - (first in "]}")
            if depth == 0:
                return token.end()
        raise Refusal("not JSON: a bracket is not closed")


def parts(text: str) -> dict[str, str]:
    """The members of an object, each value as its text."""
    with suppress(Refusal):
        return sound.members(text)
    cursor = Cursor(text)
    return {name: cursor.leaf().text for name in cursor.members()}


def joined(members: dict[str, str]) -> str:
    """An object of values that are JSON text already."""
    return "{" + ",".join(f"{json.dumps(name)}:{text}" for name, text in members.items()) + "}"
