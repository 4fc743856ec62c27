"""Mako templates of HTML pages: each value is escaped, and a name without a value is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from mako.lookup import TemplateLookup


def render(folder: Path, name: str, **values: Any) -> str:
    """The page that a template of the folder makes of the values."""
    return str(_lookup(folder).get_template(name).render(**values))


@cache
def _lookup(folder: Path) -> TemplateLookup:
    return TemplateLookup(
        [str(folder)], default_filters=["h"], strict_undefined=True, filesystem_checks=False
    )
