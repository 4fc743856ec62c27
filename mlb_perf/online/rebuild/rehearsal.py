"""The objects of the table, tried on the empty shadow: what it cannot have is known at once.

The caller rolls back. Other tables are not locked: copies of them, without rows, take part in
the foreign keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from mlb_perf.names import IDENTIFIER, plain, quote
from mlb_perf.online.rebuild import build_indexes
from mlb_perf.online.rebuild.dependents import statistics, views
from mlb_perf.online.rebuild.dependents.snapshot import Dependents
from mlb_perf.online.rebuild.renaming import renamed
from mlb_perf.online.rebuild.target import Rebuild
from mlb_perf.online.shadows import SHADOWS

_OTHERS = f"{SHADOWS}_others"


def rehearse(rebuild: Rebuild, found: Dependents) -> None:
    """Create each object; the server may refuse one."""
    for shape in rebuild.target.to.indexes:
        rebuild.run(build_indexes.in_shadows(shape).create())
    build_indexes.checks_of_empty(rebuild)
    _outgoing_keys(rebuild)
    _incoming_keys(rebuild)
    statistics.create(rebuild, found.statistics)
    views.create_views(rebuild, found.views, filled=False)
    give_all(rebuild)


def give_all(rebuild: Rebuild) -> None:
    """The owner, the privileges, the settings and the comments of the table."""
    live, shadow = rebuild.target.live, rebuild.target.shadow
    views.give(rebuild, "privileges", live, shadow)
    views.give(rebuild, "settings", live, shadow)
    views.give(rebuild, "comments", live, shadow, own=list(rebuild.target.to.commented))


def _outgoing_keys(rebuild: Rebuild) -> None:
    for key in rebuild.target.to.foreign_keys:
        other = _other(key.referenced)
        definition = renamed(key.definition, {key.referenced: other})
        with _created(rebuild, f"{other} (LIKE {key.referenced} INCLUDING INDEXES)"):
            _add(rebuild, rebuild.target.shadow, key.name, definition)


def _incoming_keys(rebuild: Rebuild) -> None:
    for key in views.read_references(rebuild):
        other = _other(key.table_name)
        definition = renamed(key.definition, {rebuild.target.live: rebuild.target.shadow})
        with _created(rebuild, f"{other} (LIKE {key.table_name})"):
            _add(rebuild, other, plain(key.name), definition)


@contextmanager
def _created(rebuild: Rebuild, table: str) -> Iterator[None]:
    rebuild.run(f"CREATE SCHEMA {_OTHERS}; CREATE TABLE {table}")
    yield
    rebuild.run(f"DROP SCHEMA {_OTHERS} CASCADE")


def _other(table: str) -> str:
    """The copy of another table: a message of the server says its bare name."""
    return f"{_OTHERS}.{re.findall(IDENTIFIER, table)[-1]}"


def _add(rebuild: Rebuild, table: str, name: str, definition: str) -> None:
    rebuild.run(f"ALTER TABLE {table} ADD CONSTRAINT {quote(name)} {definition}")
