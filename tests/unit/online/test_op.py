"""``mlb_perf.online.op``: the stub says what the operations take, and the object is Alembic's."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import alembic.op
import pytest

from mlb_perf.online import op
from mlb_perf.online.index import CreateIndexOnlineOp, DropIndexOnlineOp
from mlb_perf.online.journal_tables import CreateJournalOp, DropJournalOp
from mlb_perf.online.rebuild_table import RebuildTableOp

OPERATIONS = (
    CreateIndexOnlineOp, DropIndexOnlineOp, CreateJournalOp, DropJournalOp, RebuildTableOp,
)  # fmt: skip
STUB = Path(str(op.__file__)).with_suffix(".pyi")


def declared() -> dict[str, list[str]]:
    """The names of the parameters of each function; the longest of its overloads."""
    found: dict[str, list[str]] = {}
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            names = [a.arg for a in (*node.args.args, *node.args.kwonlyargs)]
            found[node.name] = max(found.get(node.name, []), names, key=len)
    return found


def test_each_operation_is_declared() -> None:
    assert set(declared()) == {
        "create_index_online", "drop_index_online", "rebuild_table", "create_journal",
        "drop_journal",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(declared()))
def test_parameters(name: str) -> None:
    """The stub leaves out the form with files of this package; the index's rest has names there."""
    assert getattr(op, name) is getattr(alembic.op, name)
    [operation] = [getattr(kind, name) for kind in OPERATIONS if hasattr(kind, name)]
    own = {"schema", "to", "hash_modulus"} if name == "rebuild_table" else {"rest"}
    actual = [p for p in list(inspect.signature(operation).parameters)[1:] if p not in own]
    assert declared()[name][: len(actual)] == actual
