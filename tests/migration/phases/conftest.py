"""A database with rows in every table of the pipeline, before, between and after the rebuilds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pytest_postgresql import factories
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import Engine

from tests.migration.phases.filled import BASELINE, fill
from tests.support.databases import Server, copy_of, engine_on, speak_to, upgrade, url_of

REVISIONS = (BASELINE, "0020", "0021", "0022", "head")


def _fill(host: str, port: str, user: str, dbname: str, password: str, **_: Any) -> None:
    url = url_of(host, int(port), user, password, dbname)
    upgrade(url, BASELINE)
    fill(url)


wide_template = factories.postgresql_noproc(
    dbname="mlb_perf_test_wide", depends_on="server", load=[_fill]
)


@pytest.fixture(scope="package")  # so that one process makes the templates, and runs the folder
def wide_at(wide_template: NoopExecutor, server: Server) -> Iterator[Callable[[str], str]]:
    """The template at one of :data:`REVISIONS`, which is upgraded from the one before it."""
    made = {BASELINE: str(wide_template.template_dbname)}
    with ExitStack() as databases:

        def template(revision: str) -> str:
            if revision not in made:
                before = template(REVISIONS[REVISIONS.index(revision) - 1])
                copy = copy_of(before, server, f"mlb_perf_test_wide_{revision}")
                url = databases.enter_context(copy)
                upgrade(url, revision)
                made[revision] = str(url.database)
            return made[revision]

        yield template


@pytest.fixture
def wide(
    wide_at: Callable[[str], str],
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Engine]:
    """An engine on a filled database, to which all commands speak.

    It is at the baseline, or at the revision of the test's mark, ``at_revision``.
    """
    mark = request.node.get_closest_marker("at_revision")
    template = wide_at(mark.args[0] if mark else BASELINE)
    with copy_of(template, server, "mlb_perf_test_of_wide") as url:
        speak_to(url, monkeypatch)
        yield engine_on(url)
