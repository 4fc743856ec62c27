"""The catalogue's questions as pgbench's scripts, with values from the rows that are there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from sqlalchemy import Connection

from mlb_perf.bench.document import PRIMARY_KEY
from mlb_perf.bench.tools import probe
from mlb_perf.bench.tools.catalogue_runs import drawn, statement_of
from mlb_perf.bench.tools.pgbench import Script
from mlb_perf.engine import driver
from mlb_perf.queries import Query
from mlb_perf.queries.query import LOOKUP_MS

PARAMETER_SETS = 16
_MOST_WEIGHT = 100
# A name that no literal holds after a colon: pgbench replaces variables inside of quotes too.
_CHOICE = "mlb_perf_choice"
_PARAMETER = re.compile(r"CAST\(:(?P<name>\w+) AS (?P<type>\w+)\)")
_ARRAY = "SELECT CAST(CAST(%(values)s AS {}[]) AS text)"


def of_probe(connection: Connection, seed: int) -> Script:
    """Read one row by its primary key."""
    ids = Random(seed).choices(probe.prepare(connection), k=PARAMETER_SETS)  # noqa: S311
    return Script(PRIMARY_KEY, _text(connection, probe.STATEMENT, [{"id": i} for i in ids]), 1)


def script(connection: Connection, query: Query, seed: int) -> Script:
    """One question, each time with one of several sets of values."""
    values = drawn(connection, query, seed, PARAMETER_SETS)
    return Script(
        query.name, _text(connection, statement_of(query.sql), values), weight(query.target_ms)
    )


def prepared(connection: Connection, query: Query, seed: int) -> Script:
    """The question with parameters, ``$1`` and so on, as a driver prepares it.

    pgbench cannot choose a text for a variable. So each parameter is an array of the values of all
    sets, and the statement takes one of them. Planner and executor treat that as they treat a
    parameter: its value is not known to a generic plan.
    """
    values = drawn(connection, query, seed, PARAMETER_SETS)
    variables: dict[str, str] = {}

    def element(found: re.Match[str]) -> str:
        name, kind = f"{query.name}_{found['name']}", found["type"]
        array = _ARRAY.format(kind)
        given = {"values": [one[found["name"]] for one in values]}
        variables[name] = connection.exec_driver_sql(array, given).scalar_one()
        return f"(CAST(:{name} AS {kind}[]))[CAST(:{_CHOICE} AS integer)]"

    statement = _PARAMETER.sub(element, query.sql).strip().rstrip(";")
    text = f"\\set {_CHOICE} random(1, {len(values)})\n{statement}\n;\n"
    return Script(query.name, text, weight(query.target_ms), variables)


def is_lookup(query: Query) -> bool:
    """Whether it is one of the quick questions that many clients ask at once."""
    return query.target_ms <= LOOKUP_MS and query.category != "monitoring"


def weight(target_ms: float) -> int:
    """How often a question is asked: in inverse proportion to its target.

    An application asks its quick questions all the time and its long ones now and then; so each
    question gets about the same share of the server's time if it just meets its target.
    """
    return max(1, min(_MOST_WEIGHT, round(_MOST_WEIGHT / target_ms)))


def _text(connection: Connection, statement: str, values: Sequence[Mapping[str, Any]]) -> str:
    lines = [f"\\set {_CHOICE} random(1, {len(values)})"]
    with driver(connection).cursor() as cursor:
        for number, parameters in enumerate(values, 1):
            literal = cursor.mogrify(statement, parameters).decode().strip().rstrip(";")
            word = "if" if number == 1 else "elif"
            lines += [f"\\{word} :{_CHOICE} = {number}", f"{literal}\n;"]
    return "\n".join([*lines, "\\endif", ""])
