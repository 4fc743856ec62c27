"""The database of a test of the pipeline, which asks it often."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine

from tests.integration.pipeline.world_of_feeds import Feeds
from tests.support.databases import speak_to


@pytest.fixture
def head(head_url: URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine on a database at head that keeps one session, as an application's does.

    A new session takes the server five times as long as most questions. All commands speak to it.
    """
    speak_to(head_url, monkeypatch)
    engine = create_engine(head_url, pool_size=1, max_overflow=-1, pool_pre_ping=True)
    yield engine
    engine.dispose()


@pytest.fixture
def feeds(head: Engine, tmp_path: Path) -> Feeds:
    """That database, and a folder for files that are loaded into it."""
    return Feeds(head, tmp_path)
