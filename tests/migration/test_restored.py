"""A dump that is restored: the server prints some CHECKs in other words, which mean the same."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import URL, Engine

from mlb_perf.migrate.adopt import compare_with_baseline
from mlb_perf.migrate.config import alembic_config
from tests.support.databases import engine_on, speak_to
from tests.support.sql import rows, run, value


def programs(engine: Engine) -> Path:
    """Where pg_dump and psql of the server are, or of one that is newer."""
    bindir = Path(value(engine, "SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
    return bindir if (bindir / "pg_dump").exists() else Path(str(shutil.which("pg_dump"))).parent


@pytest.fixture
def restored(empty: Engine) -> Iterator[Engine]:
    """A second database; all commands speak to the first until it is filled by :func:`restore`."""
    url = empty.url.set(database=f"{empty.url.database}_restored")
    run(empty, f"DROP DATABASE IF EXISTS {url.database}", f"CREATE DATABASE {url.database}")
    engine = engine_on(url)
    yield engine
    engine.dispose()
    run(empty, f"DROP DATABASE {url.database}")


def restore(source: Engine, target: Engine) -> None:
    folder = programs(source)
    dump = subprocess.run(
        [folder / "pg_dump", "--no-owner", _dsn(source.url)], check=True, capture_output=True
    )
    subprocess.run(
        [folder / "psql", "-q", "-v", "ON_ERROR_STOP=1", _dsn(target.url)],
        input=dump.stdout, check=True, capture_output=True,
    )  # fmt: skip


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


CHECKS = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"


def test_check_proposes_nothing(
    empty: Engine, restored: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At head; a CHECK that really differs is still proposed."""
    command.upgrade(alembic_config(), "head")
    restore(empty, restored)
    assert sorted(rows(empty, CHECKS)) != sorted(rows(restored, CHECKS)), "the text was stable"
    speak_to(restored.url, monkeypatch)
    command.check(alembic_config())
    run(
        restored,
        "ALTER TABLE curated.venues DROP CONSTRAINT ck_venues_roof_type, ADD CONSTRAINT"
        " ck_venues_roof_type CHECK (roof_type <> '')",
    )
    with pytest.raises(CommandError, match="ck_venues_roof_type"):
        command.check(alembic_config())


def test_the_baseline_is_adopted(empty: Engine, restored: Engine) -> None:
    command.upgrade(alembic_config(), "0006")
    restore(empty, restored)
    run(restored, "DROP TABLE alembic_version")
    with restored.connect() as connection:
        found = compare_with_baseline(connection)
    assert (found.blocking, found.has_tables) == ([], True)
    run(
        restored,
        "ALTER TABLE curated.venues DROP CONSTRAINT ck_venues_roof_type, ADD CONSTRAINT"
        " ck_venues_roof_type CHECK (roof_type <> '')",
    )
    with restored.connect() as connection:
        found = compare_with_baseline(connection)
    (line,) = found.blocking
    assert line.startswith("differs: constraint curated.venues.ck_venues_roof_type")


def test_it_goes_down_and_up(
    empty: Engine, restored: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.upgrade(alembic_config(), "head")
    restore(empty, restored)
    speak_to(restored.url, monkeypatch)
    command.downgrade(alembic_config(), "base")
    command.upgrade(alembic_config(), "head")
    command.check(alembic_config())
