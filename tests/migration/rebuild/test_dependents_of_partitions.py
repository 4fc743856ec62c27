"""Objects on one partition, rules, defaults of views, functions over their types: kept or named."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import ForeignObjects
from tests.migration.rebuild.shop import FIRST_LEAF, MONTHS, PLAIN, ROWS, leftovers, make, rebuild
from tests.migration.rebuild.test_arrivals import at_the_swap
from tests.support.catalogs import assert_same, catalog
from tests.support.sql import rows, run

LEAF = f"shop.{FIRST_LEAF}"
ROLE = f"leaf_reader{os.environ.get('PYTEST_XDIST_WORKER', '')}"


@pytest.fixture
def months(head: Engine) -> Iterator[Engine]:
    """The table by month, with statistics that each partition has too."""
    make(head, 200)
    run(head, f"DROP ROLE IF EXISTS {ROLE}", f"CREATE ROLE {ROLE}")
    run(head, "CREATE STATISTICS shop.own (dependencies) ON game, price FROM shop.line")
    rebuild(head, PLAIN, MONTHS)
    yield head
    run(head, f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}")


ON_A_LEAF = {
    "view shop.march": f"CREATE VIEW shop.march AS SELECT * FROM {LEAF}",
    "index shop.by_amount": f"CREATE INDEX by_amount ON {LEAF} (amount)",
    "index shop.april": f"CREATE UNIQUE INDEX april ON {LEAF} (label)",
    "trigger march": (
        f"CREATE TRIGGER march BEFORE UPDATE ON {LEAF} FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    ),
    f"SELECT granted to {ROLE}": f"GRANT SELECT ON {LEAF} TO {ROLE}",
    "privileges of the column price": f"GRANT SELECT (price) ON {LEAF} TO {ROLE}",
    "statistics shop.march": f"CREATE STATISTICS shop.march ON game, label FROM {LEAF}",
    "constraint march": f"ALTER TABLE {LEAF} ADD CONSTRAINT march CHECK (price < 999)",
    "constraint own_key": (
        f"ALTER TABLE {LEAF} ADD CONSTRAINT own_key FOREIGN KEY (game) REFERENCES shop.game"
    ),
    "foreign key march of shop.bet": (
        "CREATE TABLE shop.bet (game bigint, seen_at timestamptz, line_id bigint,"
        f" CONSTRAINT march FOREIGN KEY (game, seen_at, line_id) REFERENCES {LEAF})"
    ),
    "publication march": f"CREATE PUBLICATION march FOR TABLE {LEAF}",
    "rule march": f"CREATE RULE march AS ON DELETE TO {LEAF} DO ALSO NOTHING",
    "policy march": f"CREATE POLICY march ON {LEAF} USING (true)",
    "row level security": f"ALTER TABLE {LEAF} ENABLE ROW LEVEL SECURITY",
    "function shop.march": (
        f"CREATE FUNCTION shop.march({LEAF}) RETURNS int LANGUAGE sql AS 'SELECT 1'"
    ),
    "comment": f"COMMENT ON TABLE {LEAF} IS 'Mine'",
    "default of the column label": f"ALTER TABLE {LEAF} ALTER label SET DEFAULT 'none'",
    "NOT NULL of the column amount": f"ALTER TABLE {LEAF} ALTER amount SET NOT NULL",
}
ARRIVING = (
    "view shop.march", "index shop.by_amount", "trigger march", f"SELECT granted to {ROLE}",
    "privileges of the column price", "statistics shop.march", "constraint march",
    "foreign key march of shop.bet", "publication march", "rule march", "policy march",
)  # fmt: skip
LATE_FUNCTION = (
    "CREATE FUNCTION shop.late(shop.months) RETURNS text LANGUAGE sql AS 'SELECT $1.label'"
)


def test_objects_on_one_partition_are_named(months: Engine) -> None:
    """Before the copy."""
    run(months, *ON_A_LEAF.values())
    before = rows(months, ROWS)
    with pytest.raises(ForeignObjects, match=r"^shop\.line has") as refused:
        rebuild(months, MONTHS, PLAIN, direction="downgrade")
    for name in ON_A_LEAF:
        place = "" if name.split()[0] in ("view", "function") else f".* on the partition {LEAF}"
        assert re.search(f"{name}[^,]*{place}", str(refused.value)), (name, str(refused.value))
    assert (rows(months, ROWS), leftovers(months)) == (before, [])


def test_objects_on_one_partition_that_arrive(
    months: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each after the copy, before the swap; the last run finds none, and ends."""
    run(months, "CREATE VIEW shop.months AS SELECT label FROM shop.line")
    before = rows(months, ROWS)
    cases = {name: ON_A_LEAF[name] for name in ARRIVING}
    for name, statement in {**cases, r"function shop\.late": LATE_FUNCTION}.items():
        with (
            monkeypatch.context() as patch,
            at_the_swap(patch, months, statement) as swaps,
            pytest.raises(ForeignObjects, match=name),
        ):
            rebuild(months, MONTHS, PLAIN, direction="downgrade")
        assert swaps == [1], f"{name}: the swap did not see it"
        run(months, UNDO.get(name) or undone(statement))
    rebuild(months, MONTHS, PLAIN, direction="downgrade")
    assert (rows(months, ROWS), leftovers(months)) == (before, [])


UNDO = {
    f"SELECT granted to {ROLE}": f"REVOKE SELECT ON {LEAF} FROM {ROLE}",
    "privileges of the column price": f"REVOKE SELECT (price) ON {LEAF} FROM {ROLE}",
}


def undone(statement: str) -> str:
    """The DROP of what the statement creates."""
    if added := re.match(rf"(ALTER TABLE {LEAF}) ADD (CONSTRAINT \w+)", statement):
        return f"{added[1]} DROP {added[2]}"
    kind, name = re.match(r"CREATE (?:UNIQUE )?(\w+) ([\w.]+)", statement).groups()  # type: ignore[union-attr]
    if kind == "INDEX":
        return f"DROP INDEX shop.{name}"
    place = f" ON {LEAF}" if kind in ("TRIGGER", "RULE", "POLICY") else ""
    return f"DROP {kind} {name}{place}"


def test_what_every_partition_has_stops_nothing(months: Engine) -> None:
    """A month that was made later, with all that LIKE copies, and what its table has."""
    run(
        months,
        f"GRANT SELECT ON shop.line TO {ROLE}",
        f"GRANT SELECT ON {LEAF} TO {ROLE}",
        "CREATE TABLE shop.line_2030_01 (LIKE shop.line INCLUDING ALL)",
        "ALTER TABLE shop.line ATTACH PARTITION shop.line_2030_01"
        " FOR VALUES FROM ('2030-01-01 00:00+00') TO ('2030-02-01 00:00+00')",
    )
    rebuild(months, MONTHS, PLAIN, direction="downgrade")
    assert leftovers(months) == []


ELSEWHERE = {
    "a rule of another table": (
        (
            "CREATE RULE writes AS ON INSERT TO shop.game DO ALSO"
            " DELETE FROM shop.line WHERE game = NEW.game"
        ),
        "rule writes on table shop.game",
    ),
    "a policy of another table": (
        "CREATE POLICY reads ON shop.game USING (game IN (SELECT game FROM shop.line))",
        "policy reads on table shop.game",
    ),
    "a function over a view's type": (
        (
            "CREATE VIEW shop.own_view AS SELECT label FROM shop.line;"
            "CREATE FUNCTION shop.over(shop.own_view) RETURNS text LANGUAGE sql"
            " AS 'SELECT $1.label'"
        ),
        r"function shop\.over\(shop\.own_view\)",
    ),
    "a function with a body that reads a view": (
        (
            "CREATE VIEW shop.own_view AS SELECT label FROM shop.line;"
            "CREATE FUNCTION shop.reads() RETURNS bigint BEGIN ATOMIC SELECT count(*)"
            " FROM shop.own_view; END"
        ),
        r"function shop\.reads\(\)",
    ),
    "a column of the row type": (
        "CREATE TABLE shop.archive (line shop.line)",
        "column line of table shop.archive",
    ),
    "a column of an array of a view's type": (
        (
            "CREATE VIEW shop.own_view AS SELECT label FROM shop.line;"
            "CREATE TABLE shop.archive (lines shop.own_view[])"
        ),
        "column lines of table shop.archive",
    ),
}


@pytest.mark.parametrize("count", [0, 200])
@pytest.mark.parametrize("case", ELSEWHERE)
def test_an_object_that_the_swap_would_meet_is_named(head: Engine, case: str, count: int) -> None:
    statement, name = ELSEWHERE[case]
    make(head, count)
    run(head, statement)
    before = catalog(head, ["shop"])
    with pytest.raises(ForeignObjects, match=name):
        rebuild(head, PLAIN, MONTHS)
    assert_same(catalog(head, ["shop"]), before)
    assert leftovers(head) == []


VIEWS = (
    "CREATE VIEW shop.own AS SELECT line_id, label, price FROM shop.line",
    (
        "CREATE RULE writes AS ON INSERT TO shop.own DO INSTEAD INSERT INTO shop.line"
        " (game, label, price) VALUES (7, NEW.label, NEW.price)"
    ),
    "CREATE RULE quiet AS ON DELETE TO shop.own DO INSTEAD NOTHING",
    "COMMENT ON RULE quiet ON shop.own IS 'Quiet, 100%'",
    "ALTER VIEW shop.own ALTER label SET DEFAULT 'none'",
    "ALTER VIEW shop.own ALTER price SET DEFAULT 55",
)
RULES = """
SELECT rulename, pg_get_ruledef(oid), obj_description(oid) FROM pg_rewrite
WHERE ev_class = 'shop.own'::regclass ORDER BY 1
"""
DEFAULTS = """
SELECT adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'shop.own'::regclass
"""


@pytest.mark.parametrize("count", [0, 200])
def test_rules_and_defaults_of_a_view(head: Engine, count: int) -> None:
    make(head, count)
    run(head, *VIEWS)
    before = rows(head, RULES), rows(head, DEFAULTS)
    for was, to, direction in ((PLAIN, MONTHS, "upgrade"), (MONTHS, PLAIN, "downgrade")):
        rebuild(head, was, to, direction=direction)
        assert (rows(head, RULES), rows(head, DEFAULTS)) == before
        run(head, "INSERT INTO shop.own DEFAULT VALUES")
    assert rows(head, "SELECT label, price FROM shop.line WHERE price = 55") == [("none", 55)] * 2
