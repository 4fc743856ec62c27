"""``--map``: which column, or which place in a JSON document, is what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read.checks import Refusal


@dataclass(frozen=True, slots=True)
class Map:
    """Columns (or paths) by our name, and values of all rows by our name."""

    columns: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_words(cls, words: Iterable[str]) -> Map:
        """From ``ours=Theirs`` and ``ours:=value``, several to a word with commas between."""
        columns: dict[str, str] = {}
        fixed: dict[str, str] = {}
        for pair in (pair for word in words for pair in word.split(",") if pair.strip()):
            ours, sign, theirs = pair.partition("=")
            if not sign or not theirs:
                raise LoadFailed(f"--map {pair}: write ours=Theirs, or ours:=value for all rows")
            into = fixed if ours.endswith(":") else columns
            into[ours.removesuffix(":").strip()] = theirs.strip()
        return cls(columns, fixed)

    @property
    def given(self) -> set[str]:
        """Our names that the file or the caller gives."""
        return {*self.columns, *self.fixed}

    def check(self, names: Iterable[str]) -> None:
        """Raise :class:`LoadFailed` for a name that is not one of ``names``."""
        known = tuple(names)
        if unknown := sorted(self.given.difference(known)):
            raise LoadFailed(
                f"--map: no column is called {unknown[0]}; there are {', '.join(known)}"
            )

    def row(self, values: Mapping[str, str]) -> dict[str, str]:
        """A row of the file by our names."""
        return {ours: values[theirs] for ours, theirs in self.columns.items()} | dict(self.fixed)

    def rows(self, document: Any) -> Iterator[dict[str, str]]:
        """The rows of a JSON value: ``odds[].price`` is a row for each element of ``odds``."""
        paths = {ours: theirs.split(".") for ours, theirs in self.columns.items()}
        for values in _expanded(document, paths):
            yield {ours: _text(values.get(ours), ours) for ours in paths} | dict(self.fixed)


def _expanded(value: Any, paths: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Each combination of the elements that the paths go through."""
    members = value if isinstance(value, dict) else {}
    rows: list[dict[str, Any]] = [{}]
    deeper: dict[str, dict[str, list[str]]] = {}
    for ours, (step, *rest) in paths.items():
        if rest or step.endswith("[]"):
            deeper.setdefault(step, {})[ours] = rest
        else:
            rows[0][ours] = members.get(step)
    for step, below in deeper.items():
        found = members.get(step.removesuffix("[]"))
        elements = found if step.endswith("[]") and isinstance(found, list) else [found]
        if step.endswith("[]") and found is None:
            elements = []
        inner = [
            row
            for element in elements
            for row in ([dict.fromkeys(below, element)] if not any(below.values())
                        else _expanded(element, below))
        ]  # fmt: skip
        rows = [{**row, **more} for row in rows for more in inner]
    yield from rows


def _text(value: Any, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise Refusal(f"{name} is not one value but {type(value).__name__}; end its path in a member")
