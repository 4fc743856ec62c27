"""The objects of the table, tried on the empty shadow: what it cannot have is known at once.

The caller rolls back. Other tables are not locked: copies of them, without rows, take part in
the foreign keys.
"""

from __future__ import annotations

from mlb_perf.names import qualified, quote
from mlb_perf.online.rebuild import build_indexes
from mlb_perf.online.rebuild.dependents import statistics, views
from mlb_perf.online.rebuild.dependents.snapshot import Dependents
from mlb_perf.online.rebuild.renaming import renamed
from mlb_perf.online.rebuild.target import SHADOWS, Rebuild

_OTHER = qualified(SHADOWS, "mlb_perf_other")


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
        definition = renamed(key.definition, {key.referenced: _OTHER})
        with_other = f"CREATE TABLE {_OTHER} (LIKE {key.referenced} INCLUDING INDEXES)"
        _try(rebuild, with_other, rebuild.target.shadow, key.name, definition)


def _incoming_keys(rebuild: Rebuild) -> None:
    for key in views.read_references(rebuild):
        definition = renamed(key.definition, {rebuild.target.live: rebuild.target.shadow})
        _try(rebuild, f"CREATE TABLE {_OTHER} (LIKE {key.table_name})", _OTHER, "tried", definition)


def _try(rebuild: Rebuild, create: str, table: str, name: str, definition: str) -> None:
    rebuild.run(create)
    rebuild.run(f"ALTER TABLE {table} ADD CONSTRAINT {quote(name)} {definition}")
    rebuild.run(f"DROP TABLE {_OTHER} CASCADE")
