"""The package's roles: groups without a login, each with the rights of one part of the pipeline.

A plan is the list of statements that the database lacks, so that applying it twice changes
nothing, and a check is a plan that is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from mlb_perf import sql
from mlb_perf.engine import execute
from mlb_perf.names import quote
from mlb_perf.schemas import MIGRATE_ROLE

RAW, STAGING, CURATED, ANALYTICS, OPERATIONAL, MONITORING = (
    "raw_data", "staging", "curated", "analytics", "operational", "performance_monitoring"
)  # fmt: skip
SCHEMAS = (RAW, STAGING, CURATED, ANALYTICS, OPERATIONAL, MONITORING)

_READ = ("SELECT",)
_APPEND = ("SELECT", "INSERT")
_CHANGE = ("SELECT", "INSERT", "UPDATE")
_ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Role:
    """A group: rights on all tables of schemas, on single tables, and on all functions of schemas.

    A right on one column has its name in parentheses.

    ``member_of``: predefined roles of PostgreSQL. ``maintains``: VACUUM and ANALYZE of every
    table, where the server has that right (17 and later). ``owns``: the schemas, everything in
    them and the version table, and may make them.
    """

    name: str
    purpose: str
    schemas: dict[str, tuple[str, ...]]
    tables: dict[str, tuple[str, ...]] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    makes_temporary: bool = False
    member_of: tuple[str, ...] = ()
    maintains: bool = False
    owns: bool = False

    @property
    def used(self) -> list[str]:
        """The schemas that it needs USAGE of."""
        inside = {*self.schemas, *(name.partition(".")[0] for name in self.tables)}
        return [schema for schema in SCHEMAS if schema in inside or self.maintains]


ROLES = (
    # First, because an owner who is not a superuser gives its tables as a member.
    Role(
        MIGRATE_ROLE,
        "alembic, mlb-perf partitions, rebuilds",
        {},
        makes_temporary=True,
        owns=True,
    ),
    Role(
        "mlb_perf_ingest",
        "mlb-perf load",
        {RAW: _CHANGE},
        {
            f"{STAGING}.rejected_records": _APPEND,
            f"{OPERATIONAL}.pipeline_execution_log": _CHANGE,
            f"{MONITORING}.partition_policies": _READ,
            f"{MONITORING}.detached_partitions": _READ,
        },
        functions=(f"{MONITORING}.range_partitions", f"{MONITORING}.detach_mark"),
        makes_temporary=True,
    ),
    Role(
        "mlb_perf_promote",
        "mlb-perf promote, alias",
        {RAW: ("SELECT", "UPDATE"), STAGING: _ALL, CURATED: _ALL},
        {
            f"{OPERATIONAL}.pipeline_execution_log": _CHANGE,
            f"{OPERATIONAL}.data_quality_metrics": _CHANGE,
            f"{MONITORING}.partition_policies": _READ,
            f"{MONITORING}.detached_partitions": _READ,
            f"{MONITORING}.parked_games": _READ,
        },
        functions=(f"{MONITORING}.range_partitions", f"{MONITORING}.detach_mark"),
        makes_temporary=True,
    ),
    Role(
        "mlb_perf_analyst",
        "the questions of the catalogue",
        dict.fromkeys((RAW, STAGING, CURATED, ANALYTICS, OPERATIONAL), _READ),
    ),
    Role(
        "mlb_perf_monitor",
        "mlb-perf status",
        {MONITORING: _READ},
        {
            f"{STAGING}.curation_queue": _READ,
            f"{OPERATIONAL}.pipeline_execution_log": _READ,
        },
        member_of=("pg_monitor",),
    ),
    Role(
        "mlb_perf_maintain",
        "mlb-perf maintain",
        {MONITORING: _READ},
        {
            **{
                f"{MONITORING}.{table}": _ALL
                for table in ("table_history", "index_history", "query_history", "status_history")
            },
            f"{MONITORING}.maintenance_runs": _CHANGE,
            # To lock the row. A job's command has the rights of whoever runs it.
            f"{MONITORING}.maintenance_jobs": ("UPDATE (is_enabled)",),
            f"{STAGING}.curation_queue": _READ,
            f"{STAGING}.betting_odds_unified": ("SELECT", "UPDATE", "DELETE"),
            f"{STAGING}.compacted_games": _APPEND,
            f"{CURATED}.enhanced_games": ("SELECT", "UPDATE"),
            f"{OPERATIONAL}.pipeline_execution_log": _READ,
        },
        functions=(MONITORING,),
        member_of=("pg_monitor",),
        maintains=True,
    ),
)

_EVERYONE = Role("PUBLIC", "nothing", {})


@dataclass(frozen=True)
class State:
    """The database as far as rights go: what is granted, and to which objects rights can be.

    ``not_owned``: what the group that migrates should own. ``member``: the role to which that
    belongs now, if it must be a member of the group.
    """

    database: str
    version: int
    member: str | None
    version_table_schema: str
    schemas: frozenset[str]
    not_owned: tuple[str, ...]
    roles: frozenset[str]
    granted: frozenset[tuple[str, str, str]]
    relations: tuple[tuple[str, str, str], ...]
    functions: tuple[tuple[str, str], ...]

    def lacks(self, role: Role, right: str, thing: str) -> bool:
        return (role.name, right, thing) not in self.granted


def read_state(connection: Connection, version_table: dict[str, str]) -> State:
    """What is granted to the roles, and what there is; ``version_table``: its place."""
    names = {
        "names": [role.name for role in ROLES], "schemas": list(SCHEMAS), "group": MIGRATE_ROLE,
        **version_table,
    }  # fmt: skip

    def rows(name: str) -> list[tuple[str, ...]]:
        return [
            tuple(row) for row in connection.execute(text(sql.read(f"roles/{name}.sql")), names)
        ]

    [(database, version, member)] = rows("database")
    return State(
        database, int(version), member, version_table["version_table_schema"],
        frozenset(name for (name,) in rows("schemas")),
        tuple(thing for (thing,) in rows("not_owned")),
        frozenset(name for (name,) in rows("present")),
        frozenset((role, right, thing) for role, right, thing in rows("granted")),
        tuple((schema, name, kind) for schema, name, kind in rows("relations")),
        tuple((name, identity) for name, identity in rows("functions")),
    )  # fmt: skip


def plan(state: State) -> list[str]:
    """The statements that the database lacks."""
    of_roles = [statement for role in ROLES for statement in _statements(role, state)]
    return [*of_roles, *_revokes(_EVERYONE, state)]


def apply(connection: Connection, statements: list[str]) -> None:
    """Execute the plan; the caller commits."""
    for statement in statements:
        execute(connection, statement)


def _statements(role: Role, state: State) -> Iterator[str]:
    if role.name not in state.roles:
        yield f"CREATE ROLE {role.name} NOLOGIN"
    if role.owns and state.member is not None:
        yield f"GRANT {role.name} TO {state.member}"
    yield from _grants(role, state)
    if role.owns:  # an owner needs CREATE in the schema
        yield from (f"ALTER {thing} OWNER TO {role.name}" for thing in state.not_owned)
    yield from _revokes(role, state)


def _grants(role: Role, state: State) -> Iterator[str]:
    for right, thing in sorted(_wanted(role, state)):
        if not state.lacks(role, right, thing):
            continue
        if right == "MEMBER":
            yield f"GRANT {thing} TO {role.name}"
        elif right.startswith("DEFAULT "):
            yield _default(thing, right.removeprefix("DEFAULT "), "GRANT", role)
        else:
            yield f"GRANT {right} ON {thing} TO {role.name}"


def _revokes(role: Role, state: State) -> Iterator[str]:
    """What was granted by hand, or by an older version, beyond what the role needs."""
    wanted = _wanted(role, state)
    for name, right, thing in sorted(state.granted):
        if name != role.name or (right, thing) in wanted:
            continue
        if right == "MEMBER":
            yield f"REVOKE {thing} FROM {role.name}"
        elif right.startswith("DEFAULT "):
            yield _default(thing, right.removeprefix("DEFAULT "), "REVOKE", role)
        else:
            yield f"REVOKE {right} ON {thing} FROM {role.name}"


def _default(thing: str, right: str, verb: str, role: Role) -> str:
    schema, kind, owner = thing.split(" ", 2)
    to = "TO" if verb == "GRANT" else "FROM"
    return (
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} "
        f"{verb} {right} ON {kind} {to} {role.name}"
    )


def _wanted(role: Role, state: State) -> set[tuple[str, str]]:
    """Each right and the thing that it is on, in the form in which the catalog is read."""
    found = {("USAGE", f"SCHEMA {schema}") for schema in role.used if schema in state.schemas}
    found |= {("MEMBER", name) for name in role.member_of}
    if role.makes_temporary:
        found.add(("TEMPORARY", f"DATABASE {quote(state.database)}"))
    if role.owns:
        found.add(("CREATE", f"DATABASE {quote(state.database)}"))
        place = f"SCHEMA {quote(state.version_table_schema)}"
        found |= {("CREATE", place), ("USAGE", place)}
    for schema, name, kind in state.relations:
        rights = _rights(role, state, schema, name, kind)
        found |= {(right, f"{kind} {schema}.{name}") for right in rights}
    for schema, rights in _by_schema(role, state).items():
        found |= {(f"DEFAULT {right}", f"{schema} TABLES {MIGRATE_ROLE}") for right in rights}
        if "INSERT" in rights:
            found.add(("DEFAULT USAGE", f"{schema} SEQUENCES {MIGRATE_ROLE}"))
    found |= {
        ("DEFAULT EXECUTE", f"{schema} FUNCTIONS {MIGRATE_ROLE}")
        for schema in state.schemas.intersection(role.functions)
    }
    for name, identity in state.functions:
        if name in role.functions or name.partition(".")[0] in role.functions:
            found.add(("EXECUTE", f"FUNCTION {identity}"))
    return found


def _by_schema(role: Role, state: State) -> dict[str, tuple[str, ...]]:
    """The rights on every table of a schema, those to come too."""
    rights = dict(role.schemas)
    if role.maintains and state.version >= 170000:
        for schema in SCHEMAS:
            rights[schema] = (*rights.get(schema, ()), "MAINTAIN")
    return {schema: found for schema, found in rights.items() if schema in state.schemas}


def _rights(role: Role, state: State, schema: str, name: str, kind: str) -> tuple[str, ...]:
    on_schema = _by_schema(role, state).get(schema, ())
    if kind == "TABLE":
        return (*on_schema, *role.tables.get(f"{schema}.{name}", ()))
    # A sequence belongs to the table whose name it begins with.
    single = any("INSERT" in rights and f"{schema}.{name}".startswith(f"{table}_")
                 for table, rights in role.tables.items())  # fmt: skip
    return ("USAGE",) if "INSERT" in on_schema or single else ()
