"""Databases on a cluster of Citus, for tests that skip without one.

``MLB_PERF_TEST_CITUS_URL`` names a database of a superuser on the coordinator, with the workers
added. The tests create databases of their own on all nodes, and drop them.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from sqlalchemy import URL, Engine
from sqlalchemy.exc import OperationalError

from mlb_perf.settings import parse_url
from tests.support.command_line import invoke
from tests.support.databases import engine_on, speak_to, upgrade
from tests.support.sql import rows, run, value

CITUS_URL_VARIABLE = "MLB_PERF_TEST_CITUS_URL"

needs_citus = pytest.mark.skipif(
    CITUS_URL_VARIABLE not in os.environ, reason=f"{CITUS_URL_VARIABLE} names no cluster of Citus"
)

_NUMBERS = itertools.count(1)
_NODES = "SELECT nodename, nodeport FROM pg_catalog.pg_dist_node WHERE isactive ORDER BY groupid"


class Node(NamedTuple):
    host: str
    port: int

    def url(self, coordinator: URL, database: str) -> URL:
        return coordinator.set(host=self.host, port=self.port, database=database)


def coordinator_url() -> URL:
    """The superuser's database that the variable names."""
    return parse_url(os.environ[CITUS_URL_VARIABLE], CITUS_URL_VARIABLE)


def nodes(coordinator: URL) -> list[Node]:
    """The coordinator and its workers, the coordinator first."""
    return [Node(*row) for row in rows(engine_on(coordinator), _NODES)]


def add(url: URL, node: Node) -> None:
    """Add a worker to the metadata of a database."""
    run(engine_on(url), f"SELECT citus_add_node('{node.host}', {node.port})")


@contextmanager
def database_on(members: Sequence[Node]) -> Iterator[URL]:
    """A database on each of the nodes, without the extension; its URL on the first."""
    coordinator = coordinator_url()
    name = f"mlb_perf_test_{os.getpid()}_{next(_NUMBERS)}"
    engines = [engine_on(node.url(coordinator, str(coordinator.database))) for node in members]
    try:
        for engine in engines:
            run(engine, f"CREATE DATABASE {name}")
        yield members[0].url(coordinator, name)
    finally:
        for engine in engines:
            run(engine, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def citus_database(*, is_known: bool = True, workers: int | None = None) -> Iterator[URL]:
    """An empty database on all nodes, whose coordinator knows its first ``workers``, or all.

    ``is_known``: whether the coordinator is in its metadata.
    """
    first, *others = members = nodes(coordinator_url())
    with database_on(members) as url:
        for node in members:
            run(engine_on(node.url(url, str(url.database))), "CREATE EXTENSION citus")
        if is_known:
            run(engine_on(url), f"SELECT citus_set_coordinator_host('{first.host}', {first.port})")
        for node in others[:workers]:
            add(url, node)
        yield url


@contextmanager
def head_on_citus(*, is_known: bool = True, workers: int | None = None) -> Iterator[URL]:
    """A database at head whose tables are not distributed yet."""
    with citus_database(is_known=is_known, workers=workers) as url:
        upgrade(url, "head")
        yield url


def workers(engine: Engine) -> list[Engine]:
    """Engines on the database of the workers."""
    _, *others = nodes(engine.url)
    return [engine_on(node.url(engine.url, str(engine.url.database))) for node in others]


_RESTARTED = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE backend_type = 'checkpointer' AND backend_start > :since"
)


def has_recovered(engine: Engine, since: dt.datetime) -> bool:
    """Whether a node has restarted since, and takes statements.

    It takes some before it sees that a process was killed, and none while it recovers.
    """
    try:
        return bool(value(engine, _RESTARTED, since=since))
    except OperationalError:
        return False


SHARDS = 4


def distribute(url: URL) -> None:
    """Distribute the tables over the nodes, by the command."""
    with pytest.MonkeyPatch.context() as patch:
        speak_to(url, patch)
        invoke("citus", "distribute", "--shards", SHARDS)
