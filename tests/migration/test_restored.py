"""A dump that is restored: the server prints some CHECKs in other words, which mean the same."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine

from mlb_perf.embedded.binaries import BIN_VARIABLE, usable_binaries
from mlb_perf.engine import libpq_url
from mlb_perf.errors import CatalogMismatch
from mlb_perf.migrate.config import BASELINE, alembic_config
from mlb_perf.models import SCHEMAS
from tests.support.command_line import invoke
from tests.support.databases import embedded_server, engine_on, speak_to, upgrade
from tests.support.sql import rows, run, value

CHECKS = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
ROOF = "ck_venues_roof_type"
_OF_15_20 = re.compile(rb"^ALTER TABLE .* SET \(pg_attver=[0-9]+\);$")
"""PostgreSQL 15.20 keeps this in the options of columns, and 18.6 refuses it."""


def programs(engine: Engine) -> Path:
    """Where pg_dump and pg_restore of the server are, or of one that is newer."""
    bindir = Path(value(engine, "SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
    return bindir if (bindir / "pg_dump").exists() else Path(str(shutil.which("pg_dump"))).parent


@pytest.fixture
def restored(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A second database, for :func:`restore`; all commands speak to it."""
    url = empty.url.set(database=f"{empty.url.database}_restored")
    run(empty, f"DROP DATABASE IF EXISTS {url.database}", f"CREATE DATABASE {url.database}")
    speak_to(url, monkeypatch)
    engine = engine_on(url)
    yield engine
    engine.dispose()
    run(empty, f"DROP DATABASE {url.database} WITH (FORCE)")


def restore(source: Engine, target: Engine, *options: str) -> None:
    """With the programs of the target, as PostgreSQL recommends between two versions."""
    folder = programs(target)
    archive = subprocess.run(
        [folder / "pg_dump", "-Fc", "--no-owner", libpq_url(source.url)],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    script = subprocess.run(
        [folder / "pg_restore", "--no-owner", *options, "--file=-"],
        input=archive, check=True, capture_output=True,
    ).stdout  # fmt: skip
    done = subprocess.run(
        [folder / "psql", "-qXv", "ON_ERROR_STOP=1", "-d", libpq_url(target.url)],
        input=b"".join(line for line in script.splitlines(True) if not _OF_15_20.search(line)),
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()


@contextmanager
def other_check(engine: Engine) -> Iterator[None]:
    """A CHECK that really differs, for the block."""
    replace = f"ALTER TABLE curated.venues DROP CONSTRAINT {ROOF}, ADD CONSTRAINT {ROOF} "
    before = value(engine, f"SELECT d FROM ({CHECKS}) AS c (n, d) WHERE n = '{ROOF}'")
    run(engine, f"{replace} CHECK (roof_type <> '')")
    yield
    run(engine, f"{replace} {before}")


def assert_head_is_whole(restored: Engine) -> None:
    """Nothing is proposed but what differs."""
    command.check(alembic_config())
    with other_check(restored), pytest.raises(CommandError, match=ROOF):
        command.check(alembic_config())


def assert_baseline_is_adopted(restored: Engine) -> None:
    """But not with a CHECK that differs."""
    run(restored, "DROP TABLE alembic_version")
    with other_check(restored), pytest.raises(CatalogMismatch, match="1 differences"):
        invoke("adopt", "--check")
    assert "is the baseline; next" in invoke("adopt", "--check").output
    assert f"is stamped {BASELINE}" in invoke("adopt").output


def test_head(head: Engine, restored: Engine) -> None:
    restore(head, restored)
    assert sorted(rows(head, CHECKS)) != sorted(rows(restored, CHECKS)), "the text was stable"
    assert_head_is_whole(restored)
    command.downgrade(alembic_config(), "base")
    assert rows(restored, "SELECT FROM pg_namespace WHERE nspname = 'curated'") == []


def test_baseline(empty: Engine, restored: Engine) -> None:
    upgrade(empty.url, BASELINE)
    restore(empty, restored)
    assert_baseline_is_adopted(restored)
    command.upgrade(alembic_config(), "head")
    command.check(alembic_config())


@pytest.fixture
def older(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of the oldest server on this machine that is older than the one of the tests."""
    now = value(empty, "SELECT current_setting('server_version_num')::int / 10000")
    found = [binaries for binaries in usable_binaries({}) if binaries.major < now]
    if not found:
        pytest.skip(f"no server that is older than PostgreSQL {now} is on this machine")
    monkeypatch.setenv(BIN_VARIABLE, str(min(found, key=lambda it: it.major).bin_dir))
    with embedded_server("mlb_perf_older_") as server:
        yield engine_on(server.url())


@pytest.mark.parametrize("revision", ["head", BASELINE])
def test_dump_of_an_older_server(older: Engine, restored: Engine, revision: str) -> None:
    """Restored by the newer one, which prints some definitions in other words."""
    upgrade(older.url, revision)
    restore(older, restored)
    if revision == "head":
        assert_head_is_whole(restored)
        command.downgrade(alembic_config(), "0022")
        command.upgrade(alembic_config(), "head")
        command.check(alembic_config())
    else:
        assert_baseline_is_adopted(restored)


# As docs/deployment.md has it: what the revisions have inserted comes from the dump again.
EMPTIED = """
TRUNCATE curated.leagues, curated.venues, curated.sportsbooks,
    performance_monitoring.maintenance_jobs, performance_monitoring.optimization_log,
    performance_monitoring.partition_policies, performance_monitoring.rebuilds CASCADE
"""
OF_SCHEMAS = [f"--schema={schema}" for schema in SCHEMAS]
CONTENTS = """
SELECT (SELECT count(*) FROM curated.teams), (SELECT count(*) FROM staging.team_aliases),
    (SELECT array_agg(r.tableoid::regclass::text || r.external_game_id ORDER BY r.external_game_id)
     FROM raw_data.odds_api_odds AS r)
"""


def test_data_only(head: Engine, restored: Engine) -> None:
    """The rows of a dump in a fresh schema: one command makes the months that they need."""
    run(
        head,
        "INSERT INTO raw_data.odds_api_odds (external_game_id, sportsbook_key, collected_at,"
        " origin, payload) SELECT 'game' || m, 'book',"
        " make_timestamptz(2026, m, 1, 0, 0, 0, 'UTC'), 'test', '{}'"
        " FROM generate_series(6, 9) AS m",
    )
    command.upgrade(alembic_config(), "head")
    with pytest.raises(AssertionError, match=r'"raw_data.\w+_2026_06" does not exist'):
        restore(head, restored, "--data-only", "--disable-triggers", "--schema=raw_data")
    invoke("partitions", "apply", "--from", "2026-06", "--to", "2026-10")
    run(restored, EMPTIED)
    restore(head, restored, "--data-only", "--disable-triggers", *OF_SCHEMAS)
    assert rows(restored, CONTENTS) == rows(head, CONTENTS)
    assert len(rows(restored, CONTENTS)[0][2]) == 4
