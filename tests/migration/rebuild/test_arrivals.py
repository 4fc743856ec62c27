"""Objects that arrive, change or go during a rebuild; columns that differ from the shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import ForeignObjects, MigrationFailed
from mlb_perf.online.rebuild import drift
from mlb_perf.online.rebuild.attributes import Attributes
from mlb_perf.online.rebuild.swap import swap
from mlb_perf.online.rebuild.target import Rebuild
from tests.migration.rebuild.shop import MONTHS, PLAIN, ROWS, leftovers, make, rebuild, repaired
from tests.support.catalogs import assert_same, catalog
from tests.support.sql import rows, run, value


@contextmanager
def at_the_swap(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, *statements: str
) -> Iterator[list[int]]:
    """Run statements once, after all is prepared and before the swap asks for its lock."""
    swaps: list[int] = []

    def late(*arguments: object) -> None:
        swaps.append(len(swaps) + 1)
        if len(swaps) == 1:
            run(engine, *statements)
        swap(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("mlb_perf.online.rebuild.run.swap", late)
        yield swaps


CARRIED = {
    "an index": ("CREATE INDEX late ON shop.line (amount)",),
    "an index that goes": ("DROP INDEX shop.ix_line_own",),
    "an index that changes": (
        "DROP INDEX shop.ix_line_own; CREATE INDEX ix_line_own ON shop.line (label)",
    ),
    "a foreign key": (
        "ALTER TABLE shop.line ADD CONSTRAINT own FOREIGN KEY (game) REFERENCES shop.game",
    ),
    "a trigger": (
        (
            "CREATE TRIGGER own BEFORE UPDATE ON shop.line FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        ),
        "COMMENT ON TRIGGER own ON shop.line IS 'Mine'",
    ),
    "a grant": ("GRANT SELECT ON shop.line TO PUBLIC",),
    "a comment": (
        "COMMENT ON COLUMN shop.line.label IS 'Late'; COMMENT ON TABLE shop.line IS NULL",
    ),
    "a comment on an index": ("COMMENT ON INDEX shop.ix_line_own IS 'Late'",),
    "a default": ("ALTER TABLE shop.line ALTER label SET DEFAULT 'none'",),
    "a default that goes": ("ALTER TABLE shop.line ALTER seen_at DROP DEFAULT",),
    "NOT NULL": ("ALTER TABLE shop.line ALTER amount SET NOT NULL",),
    "no NOT NULL": ("ALTER TABLE shop.line ALTER price DROP NOT NULL",),
    "a statistics target": ("ALTER TABLE shop.line ALTER label SET STATISTICS 77",),
    "storage": ("ALTER TABLE shop.line ALTER payload SET STORAGE EXTERNAL",),
    "compression": ("ALTER TABLE shop.line ALTER payload SET COMPRESSION pglz",),
    "a CHECK": (
        "ALTER TABLE shop.line ADD CONSTRAINT own CHECK (price < 9999 AND label <> '')",
        "COMMENT ON CONSTRAINT own ON shop.line IS 'Mine'",
    ),
    "a setting": ("ALTER TABLE shop.line SET (autovacuum_vacuum_threshold = 7)",),
    "a view that is replaced": (
        "CREATE OR REPLACE VIEW shop.own AS SELECT label, price + 1 AS price FROM shop.line",
    ),
    "a grant on a view": ("GRANT SELECT ON shop.own TO PUBLIC",),
}


@pytest.mark.parametrize("case", CARRIED)
def test_it_arrives_before_the_swap(
    head: Engine, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """Up and down again the catalog is the one after the change; nothing is lost or comes back."""
    make(head, 200)
    run(
        head,
        "CREATE INDEX ix_line_own ON shop.line (label, price)",
        "CREATE VIEW shop.own AS SELECT label, price FROM shop.line",
    )
    with at_the_swap(monkeypatch, head, *CARRIED[case]) as swaps:
        rebuild(head, PLAIN, MONTHS)
    assert swaps == [1, 2], "the swap did not see the change"
    contents = rows(head, ROWS)
    rebuild(head, MONTHS, PLAIN, direction="downgrade")
    there_and_back = catalog(head, ["shop"])
    assert (rows(head, ROWS), leftovers(head), repaired(head)) == (contents, [], [])
    run(head, "DROP SCHEMA shop CASCADE")
    make(head, 200)
    run(
        head,
        "CREATE INDEX ix_line_own ON shop.line (label, price)",
        "CREATE VIEW shop.own AS SELECT label, price FROM shop.line",
        *CARRIED[case],
    )
    assert_same(there_and_back, catalog(head, ["shop"]))


BEFORE_THE_CHECKS = {
    "an index": ("CREATE INDEX late ON shop.line (amount)", "index shop.late"),
    "a policy": ("CREATE POLICY own ON shop.line USING (true)", None),
}


@pytest.mark.parametrize("count", [0, 200])
@pytest.mark.parametrize("case", BEFORE_THE_CHECKS)
def test_it_arrives_while_the_objects_are_read(
    head: Engine, monkeypatch: pytest.MonkeyPatch, case: str, count: int
) -> None:
    """After the check and the reading of the objects: it is kept, or refused by name."""
    statement, kept = BEFORE_THE_CHECKS[case]
    make(head, count)
    wanted, calls = drift.wanted, []

    def late(it: Rebuild) -> Attributes:
        calls.append(it)
        if len(calls) == (2 if count else 1):
            run(head, statement)
        return wanted(it)

    monkeypatch.setattr(drift, "wanted", late)
    if kept is None:
        with pytest.raises(ForeignObjects, match="policy own"):
            rebuild(head, PLAIN, MONTHS)
        assert value(head, "SELECT relkind FROM pg_class WHERE oid = 'shop.line'::regclass") == "r"
    else:
        rebuild(head, PLAIN, MONTHS)
        assert kept in catalog(head, ["shop"])


def test_a_foreign_key_to_the_table_of_another_owner(
    head: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its check runs with that owner's rights, before the swap on the new table too."""
    make(head, 200)
    run(
        head,
        "GRANT USAGE ON SCHEMA shop TO pg_database_owner",
        "ALTER TABLE shop.line OWNER TO pg_database_owner",
        "CREATE TABLE shop.bet AS SELECT game, seen_at, line_id FROM shop.line LIMIT 0",
        "ALTER TABLE shop.bet ADD FOREIGN KEY (game, seen_at, line_id) REFERENCES shop.line",
    )
    insert = "INSERT INTO shop.bet SELECT game, seen_at, line_id FROM shop.line LIMIT 3"
    with at_the_swap(monkeypatch, head, insert):
        rebuild(head, PLAIN, MONTHS)
    assert len(rows(head, "SELECT FROM shop.bet")) == 3
    assert leftovers(head) == []


REFUSED = {
    "a policy": ("CREATE POLICY own ON shop.line USING (true)", "policy own"),
    "row security": ("ALTER TABLE shop.line ENABLE ROW LEVEL SECURITY", "row level security"),
    "a unique index": ("CREATE UNIQUE INDEX own ON shop.line (label)", "unique index shop.own"),
    "a rule": ("CREATE RULE own AS ON DELETE TO shop.line DO ALSO NOTHING", "rule own"),
    "a column": ("ALTER TABLE shop.line ADD own int", "its columns are .*own"),
    "a type": (
        "ALTER TABLE shop.line ALTER label TYPE varchar(99)",
        r"the column label has been altered to character varying\(99\)",
    ),
    "a function over the row type": (
        "CREATE FUNCTION shop.own(shop.line) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        r"function shop\.own\(shop\.line\)",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_is_refused_before_the_swap(
    head: Engine, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """By name; the table stays as it is, with the new object, and works."""
    statement, name = REFUSED[case]
    make(head, 200)
    before = rows(head, ROWS)
    with (
        at_the_swap(monkeypatch, head, statement),
        pytest.raises((ForeignObjects, MigrationFailed), match=name),
    ):
        rebuild(head, PLAIN, MONTHS)
    assert value(head, "SELECT relkind FROM pg_class WHERE oid = 'shop.line'::regclass") == "r"
    assert rows(head, ROWS) == before
    run(head, "INSERT INTO shop.line (game, label, price) VALUES (7, 'later', 150)")


DRIFTS = {
    "a wider type": (
        "ALTER TABLE shop.line ALTER label TYPE varchar(99)",
        "repeat('x', 99)",
        "110",
    ),
    "another default": ("ALTER TABLE shop.line ALTER label SET DEFAULT 'none'", "DEFAULT", "110"),
    "no NOT NULL": ("ALTER TABLE shop.line ALTER price DROP NOT NULL", "'null'", "NULL"),
}


@pytest.mark.parametrize("case", DRIFTS)
@pytest.mark.parametrize("count", [0, 200])
def test_a_column_that_differs_from_the_shape(head: Engine, case: str, count: int) -> None:
    """Its alteration is kept there and back, and a writer that relies on it does not fail."""
    statement, label, price = DRIFTS[case]
    insert = f"INSERT INTO shop.line (game, label, price) VALUES (7, {label}, {price})"
    make(head, count)
    run(head, statement)
    before = catalog(head, ["shop"])
    rebuild(head, PLAIN, MONTHS)
    run(head, insert)
    rebuild(head, MONTHS, PLAIN, direction="downgrade")
    run(head, insert)
    assert_same(catalog(head, ["shop"]), before)
    assert (leftovers(head), repaired(head)) == ([], [])


def test_a_type_that_the_new_shape_cannot_have(head: Engine) -> None:
    make(head, 200)
    run(head, "ALTER TABLE shop.line ALTER seen_at TYPE timestamptz(3)")
    with pytest.raises(MigrationFailed, match=r"column seen_at has been altered .*cannot follow"):
        rebuild(head, PLAIN, MONTHS)
    assert leftovers(head) == []


SETTINGS = (
    "ALTER TABLE shop.line ALTER payload SET STORAGE EXTERNAL",
    "ALTER TABLE shop.line ALTER payload SET COMPRESSION pglz",
    "ALTER TABLE shop.line SET (fillfactor = 80, toast.autovacuum_vacuum_threshold = 9)",
    "CREATE INDEX in_order ON shop.line (label)",
    "ALTER TABLE shop.line CLUSTER ON in_order",
    # Some rows violate one of them.
    "ALTER TABLE shop.line ADD CONSTRAINT late CHECK (amount > 3) NOT VALID",
    "ALTER TABLE shop.line ADD CONSTRAINT own CHECK (label <> '')",
    "COMMENT ON CONSTRAINT own ON shop.line IS 'Mine'",
)
TOAST = """
SELECT DISTINCT t.reloptions::text FROM pg_class AS c JOIN pg_class AS t ON t.oid = c.reltoastrelid
WHERE c.relkind = 'r' AND c.relnamespace = 'shop'::regnamespace AND c.relname LIKE 'line%'
"""


@pytest.mark.parametrize("count", [0, 200])
def test_settings_of_storage_and_checks(head: Engine, count: int) -> None:
    make(head, count)
    run(head, *SETTINGS)
    before = catalog(head, ["shop"])
    for was, to, direction in ((PLAIN, MONTHS, "upgrade"), (MONTHS, PLAIN, "downgrade")):
        rebuild(head, was, to, direction=direction)
        assert rows(head, TOAST) == [("{autovacuum_vacuum_threshold=9}",)]
    assert_same(catalog(head, ["shop"]), before)
