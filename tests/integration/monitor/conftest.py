"""A database at head for a module's tests, and a schema for the faults of each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.integration.monitor.support import do


@pytest.fixture
def faults(shared_head: Engine) -> Iterator[Engine]:
    """An engine on the module's database, with an empty schema ``faults``."""
    do(shared_head, "CREATE SCHEMA faults")
    yield shared_head
    do(shared_head, "DROP SCHEMA faults CASCADE")
