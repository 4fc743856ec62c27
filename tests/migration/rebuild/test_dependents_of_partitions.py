"""Objects on one partition, rules, defaults of views, functions over their types: kept or named."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from mlb_perf.errors import ForeignObjects
from tests.migration.rebuild.shop import MONTHS, PLAIN, ROWS, leftovers, make, rebuild
from tests.support.catalogs import assert_same, catalog
from tests.support.sql import rows, run

LEAF = "shop.line_2025_03"
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
    "a view": (f"CREATE VIEW shop.march AS SELECT * FROM {LEAF}", "view shop.march"),
    "an index": (f"CREATE INDEX march ON {LEAF} (amount)", "index shop.march"),
    "a unique index": (f"CREATE UNIQUE INDEX march ON {LEAF} (label)", "index shop.march"),
    "a trigger": (
        (
            f"CREATE TRIGGER march BEFORE UPDATE ON {LEAF} FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        ),
        "trigger march",
    ),
    "a grant": (f"GRANT SELECT ON {LEAF} TO {ROLE}", f"SELECT granted to {ROLE}"),
    "statistics": (f"CREATE STATISTICS shop.march ON game, label FROM {LEAF}", "statistics shop"),
    "a CHECK": (f"ALTER TABLE {LEAF} ADD CONSTRAINT march CHECK (price < 999)", "constraint march"),
    "a foreign key": (
        f"ALTER TABLE {LEAF} ADD CONSTRAINT march FOREIGN KEY (game) REFERENCES shop.game",
        "constraint march",
    ),
    "a foreign key to it": (
        (
            "CREATE TABLE shop.bet (game bigint, seen_at timestamptz, line_id bigint,"
            " CONSTRAINT march FOREIGN KEY (seen_at, game, line_id)"
            f" REFERENCES {LEAF} (seen_at, game, line_id))"
        ),
        r"foreign key march of shop\.bet",
    ),
    "a publication": (f"CREATE PUBLICATION march FOR TABLE {LEAF}", "publication march"),
    "a rule": (f"CREATE RULE march AS ON DELETE TO {LEAF} DO ALSO NOTHING", "rule march"),
    "a policy": (f"CREATE POLICY march ON {LEAF} USING (true)", "policy march"),
    "row security": (f"ALTER TABLE {LEAF} ENABLE ROW LEVEL SECURITY", "row level security"),
    "a function": (
        f"CREATE FUNCTION shop.march({LEAF}) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "function shop.march",
    ),
}


@pytest.mark.parametrize("case", ON_A_LEAF)
def test_an_object_on_one_partition_is_named(months: Engine, case: str) -> None:
    """Before the copy; without it the rebuild runs."""
    statement, name = ON_A_LEAF[case]
    run(months, statement)
    before = rows(months, ROWS)
    place = f".*on the partition {LEAF}" if case not in ("a view", "a function") else ""
    with pytest.raises(ForeignObjects, match=f"shop.line has.*{name}{place}"):
        rebuild(months, MONTHS, PLAIN, direction="downgrade")
    assert (rows(months, ROWS), leftovers(months)) == (before, [])


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
