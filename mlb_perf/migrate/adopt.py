"""Compare an existing database with the baseline, before it is stamped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

from sqlalchemy import Connection

from mlb_perf.migrate.catalog import Catalog, differences, read_catalog
from mlb_perf.online.compare import mean_the_same, without_table
from mlb_perf.schemas import SCHEMAS

SNAPSHOT = "baseline.json"

# A database has its own grants and may have no comments; neither is shape.
_NOT_SHAPE = ("comment on ", "privileges on ")


@dataclass(frozen=True)
class Comparison:
    """How a database differs from the baseline, a line each.

    ``blocking``: objects that are missing or differ, which forbid adoption.
    ``remarks``: comments and privileges that differ, and objects of other users.
    """

    blocking: list[str]
    remarks: list[str]
    has_tables: bool


def compare_with_baseline(connection: Connection) -> Comparison:
    """Compare the six schemas with the frozen picture of the baseline revision."""
    have, want = read_catalog(connection, SCHEMAS), baseline()
    have = {key: _as_wanted(connection, key, text, want.get(key)) for key, text in have.items()}
    lines = differences(have, want)
    missing = [key for key in want.keys() - have.keys() if key.startswith("table ")]
    details = tuple(_of_table(key.removeprefix("table ")) for key in missing)
    lines = [line for line in lines if not line.startswith(tuple(d for ds in details for d in ds))]
    blocking = [line for line in lines if _is_blocking(line)]
    remarks = [line for line in lines if not _is_blocking(line)]
    has_tables = any(key.startswith("table ") for key in want.keys() & have.keys())
    return Comparison(blocking, remarks, has_tables)


def _as_wanted(connection: Connection, key: str, have: str, want: str | None) -> str:
    """The wanted text for an index or a CHECK that means the same, as after a restored dump."""
    kind, _, name = key.partition(" ")
    if want is None or have == want or kind not in ("constraint", "index"):
        return have
    table = have.split(" ON ", 1)[1].split(" USING ", 1)[0] if kind == "index" else name
    table = table.removeprefix("ONLY ") if kind == "index" else table.rpartition(".")[0]
    one, other = (without_table(text) if kind == "index" else text for text in (have, want))
    is_comparable = kind == "index" or have.startswith("CHECK ")
    return want if is_comparable and mean_the_same(connection, table, one, other) else have


def _of_table(qualified: str) -> list[str]:
    """The beginnings of lines that follow from the absence of the whole table."""
    schema, table = qualified.split(".")
    return [
        f"missing: {rest}"
        for rest in (
            f"column {qualified}.",
            f"columns {qualified}:",
            f"constraint {qualified}.",
            f"comment on column {qualified}.",
            f"comment on table {qualified}:",
            f"sequence {qualified}_",
            f"index {schema}.ix_{table}_",
            f"index {schema}.pk_{table}:",
            f"index {schema}.uq_{table}_",
        )
    ]


def baseline() -> Catalog:
    """The baseline's catalog, as it was read from a database at that revision."""
    picture: Catalog = json.loads(files(__package__).joinpath(SNAPSHOT).read_text("utf-8"))
    return picture


def _is_blocking(line: str) -> bool:
    verdict, subject = line.split(": ", 1)
    return verdict != "not ours" and not subject.startswith(_NOT_SHAPE)
