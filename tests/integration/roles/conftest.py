"""A database with the roles, shared by the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from mlb_perf import roles
from tests.integration.roles.logins import login
from tests.integration.support import remove_roles
from tests.support.command_line import invoke
from tests.support.databases import speak_to
from tests.support.sql import run


@pytest.fixture(scope="module")
def granted(shared_head: Engine) -> Iterator[Engine]:
    """A database with the roles, and a login in each of them."""
    with pytest.MonkeyPatch.context() as patch:
        speak_to(shared_head.url, patch)
        assert invoke("roles", "apply").exit_code == 0
        months = ("--from", "2026-04", "--to", "2026-06")
        invoke("partitions", "apply", "raw_data.odds_api_odds", *months)
    for role in roles.ROLES:
        run(shared_head, f"DROP ROLE IF EXISTS {login(role)}",
            f"CREATE ROLE {login(role)} LOGIN IN ROLE {role.name}")  # fmt: skip
    yield shared_head
    for role in roles.ROLES:
        run(shared_head, f"DROP OWNED BY {login(role)}", f"DROP ROLE {login(role)}")
    remove_roles(shared_head)
