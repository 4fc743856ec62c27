"""Each command in each state of a database ends with an answer or a sentence, never a traceback."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from pytest_postgresql.executors import NoopExecutor
from sqlalchemy import URL, Engine

from mlb_perf.cli.shared import reported_errors, sentence
from mlb_perf.migrate import environment
from mlb_perf.migrate.config import alembic_config
from tests.support.catalogs import assert_same, catalog
from tests.support.checkout import ROOT
from tests.support.command_line import invoke
from tests.support.databases import Server, copy_of, engine_on, speak_to
from tests.support.heads import HEAD
from tests.support.sql import run

READING = (
    "alembic current --verbose",
    "alembic check",
    "info",
    "plan",
    "status",
    "rebuilds list",
    "adopt --check",
)
ON_REVISIONS = (
    "alembic history --indicate-current",
    "alembic stamp heads --sql",
    "alembic heads --verbose",
    "alembic branches",
    "alembic show heads",
    "alembic upgrade 0025:heads --sql",
    "alembic downgrade 0026:0025 --sql",
    "alembic merge heads -m joined",
    "alembic revision --head heads -m more",
)
WRITING = (f"alembic downgrade {HEAD}", "alembic upgrade heads", "alembic stamp heads")


def answer(words: str) -> str:
    """What a command printed, or its error in a sentence; any other exception is a bug."""
    try:
        result = invoke(*words.split())
    except reported_errors() as error:
        return f"error: {sentence(error)}"
    return f"status {result.exit_code}: {result.output}"


State = Callable[[Engine, pytest.MonkeyPatch], AbstractContextManager[None]]


RESTORED = (
    "DROP TABLE IF EXISTS alembic_version",
    "CREATE TABLE alembic_version (version_num varchar(32))",
    "ALTER TABLE alembic_version ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)",
    "INSERT INTO alembic_version TABLE public.kept",
    "DROP TABLE public.kept",
)


def version(*statements: str) -> State:
    """The head, with another content of the version table."""

    @contextmanager
    def state(engine: Engine, _: pytest.MonkeyPatch) -> Iterator[None]:
        run(engine, "CREATE TABLE public.kept AS TABLE alembic_version", *statements)
        try:
            yield
        finally:
            run(engine, *RESTORED)

    return state


@contextmanager
def half_done(engine: Engine, direction: str) -> Iterator[None]:
    """The first table of 0026 is rebuilt, the second one is not: its lock was not available."""
    config = alembic_config()
    for name in ("lock_timeout", "lock_patience", "lock_attempt"):
        config.set_main_option(name, "20ms")
    if direction == "upgrade":
        command.downgrade(alembic_config(), "0025")
    last = "unified_betting_splits" if direction == "upgrade" else "ml_features"
    with engine.connect() as holder:
        holder.exec_driver_sql(f"LOCK TABLE curated.{last} IN ACCESS SHARE MODE")
        move = command.upgrade if direction == "upgrade" else command.downgrade
        with pytest.raises(CommandError, match="could not acquire"):
            move(config, "0026" if direction == "upgrade" else "0025")
    try:
        yield
    finally:
        command.upgrade(alembic_config(), "head")


def changed(*statements: str, back: str) -> State:
    """The head after some statements, which ``back`` undoes."""

    @contextmanager
    def state(engine: Engine, _: pytest.MonkeyPatch) -> Iterator[None]:
        run(engine, *statements)
        try:
            yield
        finally:
            run(engine, back)

    return state


def at(change: Callable[[URL], URL]) -> State:
    """The commands speak to another address."""

    @contextmanager
    def state(engine: Engine, patch: pytest.MonkeyPatch) -> Iterator[None]:
        speak_to(change(engine.url), patch)
        yield

    return state


OWN = '''"""a revision of a user"""
revision, down_revision, branch_labels, depends_on = "{0}", {1}, {2}, None
def upgrade(): pass
def downgrade(): pass
'''


def project(*revisions: tuple[str, str | None, str | None], rows: tuple[str, ...] = ()) -> State:
    """A user's revisions beside the package's: number, the one before, label."""

    @contextmanager
    def state(engine: Engine, patch: pytest.MonkeyPatch) -> Iterator[None]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for n, (number, before, label) in enumerate(revisions):
                (folder / f"{n}.py").write_text(OWN.format(number, repr(before), repr(label)))
            (folder / "alembic.ini").write_text(
                f"[alembic]\nscript_location = {ROOT / 'alembic'}\npath_separator = newline\n"
                f"version_locations =\n    {ROOT / 'alembic/versions'}\n    {folder}\n"
            )
            patch.setenv("ALEMBIC_CONFIG", str(folder / "alembic.ini"))
            inserts = [f"INSERT INTO alembic_version VALUES ('{row}')" for row in rows]
            given = ["DELETE FROM alembic_version", *inserts] if rows else []
            with version(*given)(engine, patch):
                yield

    return state


@contextmanager
def no_rights(engine: Engine, patch: pytest.MonkeyPatch) -> Iterator[None]:
    role = f"nobody{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    run(engine, f"DROP ROLE IF EXISTS {role}", f"CREATE ROLE {role} LOGIN PASSWORD 'of nobody'")
    speak_to(engine.url.set(username=role, password="of nobody"), patch)
    try:
        yield
    finally:
        run(engine, f"DROP ROLE {role}")


STATES: dict[str, State] = {
    "head": version(),
    "empty version table": version("DELETE FROM alembic_version"),
    "unknown revision": version("UPDATE alembic_version SET version_num = 'gone'"),
    "overlapping": version("INSERT INTO alembic_version VALUES ('0025')"),
    "doubled row": version(
        "ALTER TABLE alembic_version DROP CONSTRAINT alembic_version_pkc",
        "INSERT INTO alembic_version TABLE alembic_version",
    ),
    "older than its tables": version("UPDATE alembic_version SET version_num = '0006'"),
    "no version table": version("DROP TABLE alembic_version"),
    "another table of that name": version(
        "DROP TABLE alembic_version", "CREATE TABLE alembic_version (a int)"
    ),
    "half done up": lambda engine, _: half_done(engine, "upgrade"),
    "half done down": lambda engine, _: half_done(engine, "downgrade"),
    "invalid index": changed(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid ="
        " 'curated.ix_enhanced_games_game_date'::regclass",
        back="UPDATE pg_index SET indisvalid = true WHERE NOT indisvalid",
    ),
    "read only": at(lambda url: url.update_query_dict(
        {"options": "-c default_transaction_read_only=on"}
    )),
    "no database": at(lambda url: url.set(database="absent")),
    "no rights": no_rights,
    "own revision": project(("own1", HEAD, None)),
    "two heads": project(("a1", HEAD, "left"), ("b1", HEAD, "right"), rows=("a1",)),
    "a branch of its own": project(("a1", None, "mine"), rows=(HEAD, "a1")),
    "two files of one number": project(("own1", HEAD, None), ("own1", HEAD, None)),
    "unknown parent": project(("own1", "absent", None)),
    "a circle": project(("own1", "own2", None), ("own2", "own1", None)),
}  # fmt: skip


# A part of what some commands answer in a state, or of each answer.
ANSWERS: dict[str, tuple[tuple[str, str], ...]] = {
    "head": (("info", f"Revision  {HEAD} \\(head\\)"), ("plan", "nothing to do")),
    "empty version table": (("info", "without a revision: mlb-perf adopt --check"),),
    "unknown revision": (
        ("alembic current --verbose", "holds gone, which is not a revision of mlb_perf"),
        ("info", "gone is not a revision of this mlb_perf: install the version"),
        ("plan", "error: the database is at gone; gone is not a revision"),
    ),
    "overlapping": (
        ("alembic current --verbose", f"0025, {HEAD}, but {HEAD} alone says the same"),
        ("info", f"{HEAD} alone says the same: mlb-perf alembic stamp --purge {HEAD}"),
        ("plan", f"error: the database is at 0025, {HEAD}; {HEAD} alone"),
    ),
    "half done up": (("plan", r"half applied .*finish it with: mlb-perf alembic upgrade 0026"),),
    "half done down": (
        ("plan", r"half undone .*finish it with: mlb-perf alembic downgrade 0026-1"),
    ),
    "read only": (("alembic check", "25006.*name the primary"),),
    "no database": (("info", 'error: .*"absent" does not exist'),),
    "no rights": (("info", "error: .*42501.*the role lacks that right"),),
    "own revision": (("info", f"{HEAD}; head is own1; mlb-perf alembic upgrade head"),),
    "two heads": (("info", "a1; heads are a1, b1; mlb-perf alembic upgrade heads"),),
    "a branch of its own": (("info", f"{HEAD}, a1 \\(heads\\)"),),
    "two files of one number": (("alembic heads --verbose", "are both revision own1; give one"),),
    "unknown parent": (
        ("alembic branches", r"0\.py follows absent, which is not a revision here"),
    ),
    "a circle": (("alembic show heads", r"Cycle is detected in revisions \(own1, own2\)"),),
}


@pytest.fixture(scope="module")
def database(head_template: NoopExecutor, server: Server) -> Iterator[Engine]:
    with copy_of(head_template, server, "mlb_perf_test_states") as url:
        yield engine_on(url)


@pytest.mark.parametrize("state", STATES)
def test_commands(database: Engine, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    speak_to(database.url, monkeypatch)
    monkeypatch.setattr(environment, "_configure_logging", lambda: None)
    with STATES[state](database, monkeypatch):
        of_user = ON_REVISIONS if "ALEMBIC_CONFIG" in os.environ else ()
        said = {words: answer(words) for words in (*READING, *of_user, *WRITING)}
        for words, expected in ANSWERS.get(state, ()):
            assert re.search(expected, said[words], re.DOTALL), (words, said[words])


def test_an_empty_database(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands change nothing, and point to the upgrade."""
    monkeypatch.setattr(environment, "_configure_logging", lambda: None)
    before = catalog(empty)
    said = {words: answer(words) for words in (*READING, *WRITING[:1])}
    assert f"none; head is {HEAD}; mlb-perf alembic upgrade head" in said["info"]
    assert "create them with `mlb-perf alembic upgrade head`" in said["adopt --check"]
    assert_same(catalog(empty), before)
