"""The SQL of the pipeline and of the catalogue avoids what Citus refuses, or gets wrong silently.

Each statement is checked as a distributed database runs it: with copies in place of the tables
that it reads, and the files below ``distributed`` in place of their namesakes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest

from mlb_perf import queries, sql
from mlb_perf.models import metadata, placement
from mlb_perf.pipeline.promote import copies
from mlb_perf.pipeline.promote.session import fill, variant

REFERENCE, LOCAL = (
    {table.fullname for table in metadata.tables.values() if table.info == where}
    for where in (placement.REFERENCE, placement.LOCAL)
)

KNOWN = {
    "promote/distributed/claim.sql": {"reads": "raw rows and descriptions are joined by their key"},
    "promote/reject.sql": {"mixed writes": "the subquery is of the INSERT, and reads the copies"},
    "promote/games_again.sql": {"reads": "one table, and no other"},
    "promote/games_refuse.sql": {"reads": "one table, and no other"},
    "promote/hot.sql": {"reads": "counts of one table each"},
    "promote/retry.sql": {"reads": "raw rows and rejections are joined by their key"},
    "promote/queue_games.sql": {"reads": "the subquery stands alone"},
    "promote/copies/hot_rows.sql": {"reads": "one table, and no other"},
    "load/standing.sql": {"reads": "joined by the key of the batch, which is stored"},
    "load/reject.sql": {"reads": "an inner join with the batch, in a CTE of its own"},
    "features_as_of.sql": {"reads": "inner joins by game in CTEs of their own"},
    "example.sql": {"reads": "a question"},
}
"""Files that break a rule, each with the reason why Citus takes it."""

_TABLE = re.compile(r"\b(?:raw_data|staging|curated|analytics)\.(?:\w+|\{table\})")
_NOISE = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
_SHAPES = re.compile(r"\bLIKE (?:raw_data|staging|curated)\.\w+|FROM \S+\s+WITH NO DATA")
_WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\S+)")
_LOCKS = re.compile(r"\bFOR (?:NO KEY UPDATE|UPDATE|KEY SHARE|SHARE)\b")
_UPSERT = re.compile(r"DO UPDATE\s+SET(?P<set>.*?)(?=\bWHERE\b|\bRETURNING\b|$)", re.DOTALL)
_DISTINCT_ON = re.compile(r"LATERAL \(\s*SELECT DISTINCT ON \((?P<key>[^)]*)\)")


class Statement(NamedTuple):
    text: str

    @property
    def written(self) -> set[str]:
        return set(_WRITES.findall(self.text))

    @property
    def read(self) -> set[str]:
        """Tables of which Citus has rows that the statement reads; a written one is not."""
        written = _WRITES.sub("", self.text)
        return set(_TABLE.findall(written)) - LOCAL

    @property
    def distributed(self) -> set[str]:
        return self.read - REFERENCE


def statements(text: str) -> Iterator[Statement]:
    bare = _NOISE.sub(lambda match: "''" if match[0].startswith("'") else "", text)
    shapeless = _SHAPES.sub("", bare)
    yield from (Statement(part.strip()) for part in shapeless.split(";") if part.strip())


def is_kept_by_citus(table: str) -> bool:
    return _TABLE.fullmatch(table) is not None and table not in LOCAL


def row_locks(one: Statement) -> bool:
    """FOR UPDATE in a distributed query."""
    return bool(_LOCKS.search(one.text) and one.read)


def session_functions(one: Statement) -> bool:
    """A worker does not have the functions of this session's pg_temp."""
    writes_rows = re.search(r"\b(?:UPDATE|DELETE FROM)\s+(\S+)", one.text)
    is_sent = one.distributed or (writes_rows and is_kept_by_citus(writes_rows[1]))
    return bool(is_sent and re.search(r"pg_temp\.\w+\s*\(", one.text))


def no_columns(one: Statement) -> bool:
    """SELECT without a column: a column definition list is required."""
    return bool(re.search(r"\bSELECT\s+FROM\b", one.text))


def functions_of_upserts(one: Statement) -> bool:
    """Functions in DO UPDATE SET have to be IMMUTABLE; now() is not."""
    upsert = _UPSERT.search(one.text)
    goes_to_citus = any(map(is_kept_by_citus, one.written))
    return bool(upsert and goes_to_citus and re.search(r"\w\(", upsert["set"]))


def copied_inserts(one: Statement) -> bool:
    """INSERT ... SELECT without ON CONFLICT and RETURNING is a COPY: errors lose their SQLSTATE."""
    into = re.search(r"INSERT INTO\s+(\S+)", one.text)
    return bool(
        into and is_kept_by_citus(into[1]) and into[1] not in REFERENCE
        and re.search(r"\bSELECT\b", one.text)
        and not re.search(r"ON CONFLICT|RETURNING|\{unless_stored\}", one.text)
    )  # fmt: skip


def mixed_writes(one: Statement) -> bool:
    """A temporary table is not updated from a join with a table of Citus, nor the other way around.

    A reference table is updated from a CTE, a distributed one from the temporary table itself.
    """
    for verb, table in re.findall(r"\b(UPDATE|DELETE FROM)\s+(\S+)", one.text):
        if verb == "UPDATE" and table.upper() == "SET":
            continue
        if not is_kept_by_citus(table) and one.read:
            return True
        joined = r"\bFROM\b" if verb == "UPDATE" else r"\bUSING\b"
        if table in REFERENCE and re.search(joined, one.text) and not one.text.startswith("WITH"):
            return True
        if is_kept_by_citus(table) and re.search(r"\bNOT\s+EXISTS\b", one.text):
            return True
    return False


def reads(one: Statement) -> bool:
    """A batch is joined with copies, so that no LATERAL and no correlated subquery is refused."""
    is_plain = re.fullmatch(
        r"INSERT INTO pg_temp\.\w+\s+SELECT (?:\*|DISTINCT game_id)\s+FROM \S+(?:\s+WHERE .*)?",
        one.text, re.DOTALL,
    )  # fmt: skip
    return bool(one.distributed and not is_plain)


def distinct_on(one: Statement) -> bool:
    """DISTINCT ON in a subquery of each row has the distribution column among its columns."""
    keys = [match["key"] for match in _DISTINCT_ON.finditer(one.text)]
    return bool(one.distributed) and any("game_id" not in key for key in keys)


def windows(one: Statement) -> bool:
    """A window in a subquery of each row is of the distribution column."""
    is_of_each_row = one.distributed and "LATERAL" in one.text
    return bool(is_of_each_row and re.search(r"\bOVER\s*\((?!\s*PARTITION BY game_id)", one.text))


RULES: dict[str, Callable[[Statement], bool]] = {
    "row locks": row_locks,
    "session functions": session_functions,
    "no columns": no_columns,
    "functions of upserts": functions_of_upserts,
    "copied inserts": copied_inserts,
    "mixed writes": mixed_writes,
    "reads": reads,
}

REFUSED = {
    "row locks": "SELECT 1 FROM raw_data.odds_api_odds WHERE processed_at IS NULL FOR UPDATE",
    "session functions": "SELECT pg_temp.as_line(payload) FROM raw_data.vsin_splits",
    "no columns": "SELECT EXISTS (SELECT FROM raw_data.vsin_splits)",
    "functions of upserts": "INSERT INTO curated.ml_features SELECT * FROM line"
    " ON CONFLICT (game_id) DO UPDATE SET updated_at = now() WHERE true",
    "copied inserts": "INSERT INTO staging.games SELECT * FROM description",
    "mixed writes": "UPDATE curated.enhanced_games AS g SET status = best.status FROM best",
    "reads": "INSERT INTO standing SELECT l.* FROM told CROSS JOIN LATERAL"
    " (SELECT * FROM curated.betting_lines_unified AS l LIMIT 1) AS l",
}
"""What was refused, or done otherwise, by Citus 13.2; a rule that finds nothing there is broken."""


@pytest.mark.parametrize("rule", list(RULES))
def test_each_rule_finds_what_citus_refuses(rule: str) -> None:
    (refused,) = statements(REFUSED[rule])
    assert RULES[rule](refused)


def pipeline_files() -> Iterator[str]:
    folder = Path(str(files(sql))) / "pipeline"
    for path in sorted(folder.rglob("*.sql")):
        name = path.relative_to(folder).as_posix()
        stands_in = variant(name.removeprefix("promote/"))
        if name.startswith("promote/") and stands_in != name.removeprefix("promote/"):
            continue
        yield name


def as_distributed(name: str) -> str:
    template = sql.read(f"pipeline/{name}")
    parts = {"rows": "pg_temp.hot_rows"} if "/describe/" in name else {}
    names = {table: f"pg_temp.{table}" for table in copies.TABLES}
    return fill(template, {**names, **parts})


@pytest.mark.parametrize("name", list(pipeline_files()))
def test_the_sql_of_the_pipeline(name: str) -> None:
    found = {
        rule for one in statements(as_distributed(name)) for rule, breaks in RULES.items()
        if breaks(one)
    }  # fmt: skip
    assert found == set(KNOWN.get(name, {}))


@pytest.mark.parametrize("query", queries.CATALOGUE, ids=lambda query: query.name)
def test_the_sql_of_the_catalogue(query: queries.Query) -> None:
    (one,) = statements(query.sql)
    assert not no_columns(one)
    assert not row_locks(one)
    assert not distinct_on(one)
    assert not windows(one)


def test_a_window_that_citus_refuses() -> None:
    (refused,) = statements(
        "SELECT l.* FROM teams CROSS JOIN LATERAL (SELECT lead(price) OVER (ORDER BY first_seen_at)"
        " FROM curated.betting_lines_unified) AS l"
    )
    assert windows(refused)
    assert not windows(Statement(refused.text.replace("ORDER", "PARTITION BY game_id ORDER")))


@pytest.mark.parametrize(
    ("statement", "copy", "is_outdated"),
    [
        ("INSERT INTO curated.betting_lines_unified AS old (game_id)", "stored_lines", True),
        ("INSERT INTO appended SELECT 1 FROM curated.betting_lines_unified", "stored_lines", False),
        ("WITH a AS (SELECT 1) DELETE FROM live_game AS g USING a", "stored_movements", True),
        ("UPDATE staging.games AS stored SET game_id = 1", "descriptions", True),
        ("UPDATE staging.games AS stored SET game_id = 1", "stored_lines", False),
        ("TRUNCATE pg_temp.stored_lines", "stored_lines", True),
        ("LOCK TABLE curated.leagues IN EXCLUSIVE MODE", "stored_lines", True),
        (sql.read("pipeline/promote/distributed/append/lock.sql"), "descriptions", True),
    ],
)
def test_a_copy_is_made_again_after(statement: str, copy: str, is_outdated: bool) -> None:
    """What it is made of was written, its games are others, or another session may have written."""
    assert (copy in copies.outdated(statement)) is is_outdated
