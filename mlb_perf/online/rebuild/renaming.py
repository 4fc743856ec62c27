"""Replace the names of relations in the server's definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LITERAL = r"'(?:[^']|'')*'"
_QUOTED = r'"(?:[^"]|"")*"'


def renamed(statement: str, names: Mapping[str, str]) -> str:
    """``statement`` with each qualified name replaced; a text that looks like one stays.

    A literal stays, unless it names a relation: ``'shop.line'::regclass``.
    """
    olds = "|".join(re.escape(old) for old in sorted(names, key=len, reverse=True))
    name = re.compile(rf'(?<![\w".])(?:{olds})(?![\w"])')
    token = re.compile(rf"{_LITERAL}|{name.pattern}|{_QUOTED}")

    def exchange(found: re.Match[str]) -> str:
        if found[0].startswith("'") and statement.startswith("::regclass", found.end()):
            return name.sub(lambda inner: names[inner[0]], found[0])
        return names.get(found[0], found[0])

    return token.sub(exchange, statement)
