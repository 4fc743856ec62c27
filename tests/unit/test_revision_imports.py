"""Released revisions do not depend on the models, which change."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ALLOWED = ("mlb_perf.online", "mlb_perf.migrate")


def forbidden(source: str) -> list[str]:
    """The modules of the package that a revision imports and must not."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{name.name}" for name in node.names]
    ours = [name for name in found if f"{name}.".startswith("mlb_perf.")]
    return [name for name in ours if not f"{name}.".startswith(tuple(f"{a}." for a in ALLOWED))]


def test_revisions_import_the_operations_only(pytestconfig: pytest.Config) -> None:
    files = [*Path(pytestconfig.rootpath / "alembic/versions").glob("*.py")]
    assert len(files) >= 26
    imports = {file.name: forbidden(file.read_text(encoding="utf-8")) for file in files}
    assert {name: found for name, found in imports.items() if found} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from mlb_perf.models import metadata", ["mlb_perf.models.metadata"]),
        ("from mlb_perf import models", ["mlb_perf.models"]),
        ("def upgrade():\n    import mlb_perf.models.base", ["mlb_perf.models.base"]),
        ("import mlb_perf.migrated", ["mlb_perf.migrated"]),
        ("from mlb_perf.online.index import options\nfrom mlb_perf import migrate", []),
        ("from alembic import op", []),
    ],
)
def test_an_import_of_the_models_is_found(source: str, found: list[str]) -> None:
    assert forbidden(source) == found
