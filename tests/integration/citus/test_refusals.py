"""Clusters on which nothing can be distributed: each fault is made, and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, Engine

from mlb_perf.citus.distribute import make_plan
from mlb_perf.errors import DistributionFailed
from tests.support.citus import (
    citus_database,
    coordinator_url,
    database_on,
    head_on_citus,
    needs_citus,
    nodes,
)
from tests.support.command_line import invoke
from tests.support.databases import engine_on, speak_to
from tests.support.sql import rows, run

pytestmark = needs_citus

WORDS = [("plan",), ("distribute",), ("undistribute",), ("status",)]


def refused(url: URL, *words: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        speak_to(url, patch)
        with pytest.raises(DistributionFailed) as caught:
            invoke("citus", *words)
    return str(caught.value)


@pytest.mark.parametrize("words", WORDS)
def test_a_database_without_the_extension(words: tuple[str, ...]) -> None:
    with database_on(nodes(coordinator_url())[:1]) as url:
        assert "run CREATE EXTENSION citus in the database on each" in refused(url, *words)


@pytest.fixture(scope="module")
def empty() -> Iterator[Engine]:
    """A database with the extension alone."""
    with citus_database() as url:
        yield engine_on(url)


@pytest.mark.parametrize("words", WORDS)
def test_an_old_version(empty: Engine, words: tuple[str, ...]) -> None:
    """As its catalog says: of a cluster whose extension was not updated."""
    was = "UPDATE pg_extension SET extversion = '{}' WHERE extname = 'citus' RETURNING 1"
    [(version,)] = rows(empty, "SELECT extversion FROM pg_extension WHERE extname = 'citus'")
    assert rows(empty, was.format("12.1-1")) == [(1,)]
    try:
        said = refused(empty.url, *words)
    finally:
        run(empty, was.format(version))
    assert said.startswith("the extension citus is 12.1-1, and mlb_perf needs 13 or later"), said


def test_a_coordinator_that_is_not_in_its_metadata() -> None:
    """Citus adds workers to it all the same, and would leave reference tables off it."""
    with head_on_citus(is_known=False) as url:
        engine = engine_on(url)
        assert rows(engine, "SELECT 1 FROM pg_dist_node WHERE groupid = 0") == []
        assert rows(engine, "SELECT 1 FROM pg_dist_node WHERE shouldhaveshards")
        said = refused(url, "distribute")
        assert said.startswith("nothing was changed: the coordinator is not in its metadata"), said
        assert rows(engine, "SELECT logicalrelid FROM pg_dist_partition") == []
        here = nodes(coordinator_url())[0]
        run(engine, f"SELECT citus_set_coordinator_host('{here.host}', {here.port})")
        with engine.connect() as connection:
            assert make_plan(connection, 4).conversions
