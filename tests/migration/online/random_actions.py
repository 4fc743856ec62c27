"""What another session does to the table at a random moment: rows, definitions, dependants."""

from __future__ import annotations

from random import Random

from tests.migration.online.random_table import KINDS, MIRROR, SCHEMA, TABLE, Thing

SYNCED = f"LOCK TABLE {MIRROR} IN EXCLUSIVE MODE"
"""The first statement of each writer: both tables get the same changes, one writer at a time."""

OTHER = f"{SCHEMA}.other (n)"
NOTES = f"""CREATE FUNCTION {SCHEMA}.f_{{n}}() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN INSERT INTO {SCHEMA}.seen VALUES (TG_OP); RETURN NULL; END'"""
NOTED = f"""CREATE TRIGGER a_{{n}} AFTER INSERT OR DELETE ON {TABLE}
FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.f_{{n}}()"""
REFERS = f"""ALTER TABLE {SCHEMA}.child_{{n}} ADD CONSTRAINT fk_{{n}} FOREIGN KEY ({{key}})
REFERENCES {TABLE} ({{key}}) ON DELETE CASCADE"""


def changes(random: Random, it: Thing, *, keys: bool) -> list[str]:
    """The same change of both tables; ``keys``: the key may change too."""
    wheres = ["id::text LIKE '%3'", "hashtext(id::text) % 7 = 2", "hashtext(id::text) % 5 = 0"]
    where = random.choice(wheres)
    what = random.choice(["insert", "update", "update", "delete", "key" if keys else "update"])
    if what == "delete":
        return [f"DELETE FROM {table} WHERE {where}" for table in (TABLE, MIRROR)]
    if what == "insert":
        return _insert(random, it)
    if what == "key":
        change = "id = 'n' || id" if it.values["id"].startswith("'") else "id = id + 1000000"
        where += " AND length(id::text) < 5"
    elif it.plain:
        name = random.choice(it.plain)
        change = (
            f"{name} = (SELECT {KINDS[name][1]} FROM (SELECT {random.randint(1, 90)} AS g) AS s)"
        )
    else:
        change = "id = id"
    return [f"UPDATE {table} SET {change} WHERE {where}" for table in (TABLE, MIRROR)]


def _insert(random: Random, it: Thing) -> list[str]:
    """Rows with new keys; the columns that one shape lacks get their defaults."""
    first = next(it.fresh) * 100
    count = random.randint(1, 9)
    names = [name for name in it.values if name in it.kept]
    values = [it.values[name] for name in names]
    if "at" in names:
        values[names.index("at")] = "timestamp '2026-08-05' + (g % 50) * '2 d'::interval"
    source = f"SELECT {first}::bigint + s AS g FROM generate_series(1, {count}) AS s"
    statements = [
        f"INSERT INTO {TABLE} ({', '.join(names)}) SELECT {', '.join(values)} FROM ({source}) AS s"
    ]
    copied = [name for name in it.kept if name in it.old.c]
    statements.append(
        f"INSERT INTO {MIRROR} ({', '.join(copied)}) SELECT {', '.join(copied)} FROM {TABLE} "
        f"WHERE id IN (SELECT {it.values['id']} FROM ({source}) AS s)"
    )
    return statements


def dependants(random: Random, it: Thing) -> list[str]:
    """Objects around the table, of which some can need a column that is dropped."""
    column = random.choice(it.plain or ["id"])
    some = random.choice([column.name for column in it.old.columns if column.name != "counted"])
    n = next(it.fresh)
    view = f"{SCHEMA}.view_{n}"
    on_kept = [
        [f"CREATE VIEW {view} AS SELECT id, {column} FROM {TABLE}",
         f"GRANT SELECT ON {view} TO PUBLIC"],
        [f"CREATE VIEW {view} WITH (security_barrier) AS SELECT count(*) AS n FROM {TABLE}",
         f"COMMENT ON VIEW {view} IS 'counts'"],
        [f"CREATE MATERIALIZED VIEW {view} AS SELECT id FROM {TABLE}",
         f"CREATE INDEX ON {view} (id)"],
        [f"CREATE INDEX i_{n} ON {TABLE} (id) WHERE id IS NOT NULL"],
        [f"CREATE INDEX i_{n} ON {TABLE} ((id::text || 'x'))"],
        [f"GRANT SELECT, UPDATE ON {TABLE} TO pg_monitor"],
        [f"GRANT SELECT (id) ON {TABLE} TO pg_read_all_stats"],
        [f"COMMENT ON TABLE {TABLE} IS 'comment {n}'"],
        [f"COMMENT ON COLUMN {TABLE}.id IS 'comment {n}'"],
        [f"ALTER TABLE {TABLE} ALTER id SET STATISTICS {n % 500}"],
        [f"CREATE STATISTICS {SCHEMA}.s_{n} ON id, {column} FROM {TABLE}"],
        [f"ALTER TABLE {TABLE} ALTER {column} SET STATISTICS {n % 300}"],
        [f"ALTER TABLE {TABLE} ALTER {column} SET (n_distinct = {n % 90})"],
        [f"ALTER TABLE {TABLE} ALTER id SET DEFAULT {it.values['id'].replace('g', str(n))}"],
        [f"COMMENT ON COLUMN {TABLE}.{column} IS 'comment {n}'"],
        [f"ALTER TABLE {TABLE} ADD CONSTRAINT c_{n} CHECK (id::text <> '{n}' OR {column} IS NULL)"],
        [f"ALTER TABLE {TABLE} OWNER TO pg_database_owner"],
        [f"CREATE PUBLICATION p_{n} FOR TABLE {TABLE} WITH (publish_via_partition_root)"],
        [NOTES.format(n=n), NOTED.format(n=n)],
    ]  # fmt: skip
    key = list(it.old.primary_key)
    listed = ", ".join(c.name for c in key)
    on_kept.append(
        [f"CREATE TABLE {SCHEMA}.child_{n} AS SELECT {listed} FROM {TABLE} LIMIT 0",
         REFERS.format(n=n, key=listed)]
    )  # fmt: skip
    if "name" in it.plain:
        on_kept.append([f"ALTER TABLE {TABLE} ALTER name TYPE varchar({50 + n % 100})"])
    if "whole" in it.old.c:
        on_kept.append(
            [f"ALTER TABLE {TABLE} ADD CONSTRAINT to_{n} FOREIGN KEY (whole) REFERENCES {OTHER}"]
        )  # fmt: skip
    refused = [
        [f"CREATE FUNCTION {SCHEMA}.f_{n}({TABLE}) RETURNS int LANGUAGE sql AS 'SELECT 1'"],
        [f"CREATE POLICY p_{n} ON {TABLE} USING (true)"],
        [f"CREATE RULE r_{n} AS ON DELETE TO {TABLE} DO ALSO NOTIFY deleted"],
        [f"CREATE UNIQUE INDEX u_{n} ON {TABLE} ({', '.join(c.name for c in it.old.primary_key)})"],
        [f"CREATE VIEW {view} AS SELECT {some} FROM {TABLE}"],
        [f"ALTER TABLE {TABLE} ADD COLUMN own_{n} int"],
        [f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY"],
        [f"ALTER TABLE {TABLE} ADD CONSTRAINT self_{n} FOREIGN KEY ({listed}) REFERENCES {TABLE}"],
        [f"ALTER TABLE {TABLE} ALTER {column} SET NOT NULL"],
    ]
    return random.choice(refused if random.random() < 0.07 else on_kept)
