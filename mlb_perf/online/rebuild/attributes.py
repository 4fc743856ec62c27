"""A shape as the server reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attribute:
    """The properties of a column that a user can alter, as the server writes them."""

    type_name: str
    default_value: str | None
    is_not_null: bool


Attributes = Mapping[str, Attribute]
"""By the bare name of the column."""


@dataclass(frozen=True)
class Read:
    """A shape as the server reads it: its columns, and the names of its constraints."""

    columns: Attributes = field(default_factory=dict)
    constraints: tuple[str, ...] = ()
