"""Shared by the tests of roles: they are of the server, so each test removes them."""

from __future__ import annotations

from sqlalchemy import Engine

from mlb_perf.roles import ROLES
from tests.support.sql import rows, run


def remove_roles(engine: Engine) -> None:
    """Drop the package's roles, with what is granted to them in this database."""
    there = {name for (name,) in rows(engine, "SELECT rolname::text FROM pg_catalog.pg_roles")}
    for role in ROLES:
        if role.name in there:
            run(engine, f"REASSIGN OWNED BY {role.name} TO CURRENT_USER",
                f"DROP OWNED BY {role.name}", f"DROP ROLE {role.name}")  # fmt: skip
