"""A login in each role, and what it is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from mlb_perf import roles
from tests.support.databases import engine_on, speak_to
from tests.support.sql import run


def login(role: roles.Role) -> str:
    return f"a_{role.name}"


def as_role(engine: Engine, part: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The commands speak as the login of a role."""
    url = engine.url.set(username=f"a_mlb_perf_{part}")
    speak_to(url, monkeypatch)
    return engine_on(url)


def refused(engine: Engine, *statements: str) -> None:
    for statement in statements:
        with pytest.raises(DBAPIError, match=r"[Pp]ermission denied|must be owner"):
            run(engine, statement)
