"""Figures in documentation: a command writes them between marks, and edits by hand are found.

A block begins with ``<!-- measured NAME sha256:DIGEST -->`` and ends with
``<!-- end of NAME -->``. The digest is of what lies between.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from mlb_perf.errors import ConfigurationError

_BLOCK = re.compile(
    r"<!-- measured (?P<name>[\w.-]+)(?: sha256:(?P<digest>[0-9a-f]*))? -->\n"
    r"(?P<body>.*?)<!-- end of (?P=name) -->",
    re.DOTALL,
)
_BEGINNING = re.compile(r"<!-- measured ([\w.-]+)")


def fill(path: Path, bodies: Mapping[str, str]) -> list[str]:
    """Write each body into the block of its name in a file; the names that were filled.

    Blocks of other names stay as they are. ConfigurationError if the file has none of the names.
    """
    text = path.read_text(encoding="utf-8")
    filled: list[str] = []

    def written(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in bodies:
            return found[0]
        filled.append(name)
        return block(name, bodies[name])

    changed = _BLOCK.sub(written, text)
    if not filled:
        raise ConfigurationError(
            f"{path} has no block for {', '.join(bodies)}; put "
            f"{empty(next(iter(bodies)))!r} where the figures belong"
        )
    path.write_text(changed, encoding="utf-8")
    return filled


def block(name: str, body: str) -> str:
    """The block with its marks."""
    body = body.strip("\n") + "\n"
    return f"<!-- measured {name} sha256:{_digest(body)} -->\n{body}<!-- end of {name} -->"


def empty(name: str) -> str:
    """The marks of a block that is still to be written."""
    return f"<!-- measured {name} -->\n<!-- end of {name} -->"


def names(text: str) -> list[str]:
    """The names of all blocks that begin in a text, whole or not."""
    return _BEGINNING.findall(text)


def edited(text: str) -> list[str]:
    """The names of blocks whose body is not what was measured, or whose end is missing."""
    whole = {found["name"]: found for found in _BLOCK.finditer(text)}
    return [
        name
        for name in names(text)
        if name not in whole or (whole[name]["digest"] or "") != _digest(whole[name]["body"])
    ]


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
