"""What goes wrong outside of the package: each a sentence, an exit status, and a way on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from mlb_perf.migrate.explain import explain
from mlb_perf.pipeline.failures import sentence
from mlb_perf.settings import URL_VARIABLE
from tests.migration.old_server import old_server
from tests.support.databases import TEST_URL_VARIABLE, Server, embedded_server, shown
from tests.support.heads import HEAD
from tests.support.processes import environment, fail

# Roles belong to the server, which several processes of tests may share.
NOBODY = f"mlb_perf_nobody_{os.environ.get('PYTEST_XDIST_WORKER', '')}"

COMMANDS = (
    ("alembic", (sys.executable, "-m", "alembic", "upgrade", "head")),
    ("mlb-perf alembic", (sys.executable, "-m", "mlb_perf", "alembic", "upgrade", "head")),
    ("mlb-perf info", (sys.executable, "-m", "mlb_perf", "info")),
)


@pytest.fixture(params=[arguments for _, arguments in COMMANDS], ids=[n for n, _ in COMMANDS])
def program(request: pytest.FixtureRequest) -> tuple[str, ...]:
    arguments: tuple[str, ...] = request.param
    return arguments


def fails(program: tuple[str, ...], url: str, root: Path) -> str:
    """Run it on a database; it must fail without a traceback."""
    return fail(program, env=environment(**{URL_VARIABLE: url}), cwd=root)


def test_wrong_host(program: tuple[str, ...], pytestconfig: pytest.Config) -> None:
    said = fails(program, "postgresql://u:secret@no-such-host.invalid/db", pytestconfig.rootpath)
    assert "cannot connect to postgresql+psycopg2://u:***@no-such-host.invalid/db" in said
    assert "check the host name in the URL" in said
    assert "secret" not in said


def test_nothing_listens(program: tuple[str, ...], pytestconfig: pytest.Config) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        said = fails(program, f"postgresql://u@127.0.0.1:{port}/db", pytestconfig.rootpath)
    assert "Connection refused" in said
    assert "check that the server runs there and listens on that port" in said


def test_missing_database(
    program: tuple[str, ...], empty_url: URL, pytestconfig: pytest.Config
) -> None:
    said = fails(program, shown(empty_url.set(database="absent")), pytestconfig.rootpath)
    assert '"absent" does not exist; create it (`createdb NAME`' in said


def test_url_that_is_none(program: tuple[str, ...], pytestconfig: pytest.Config) -> None:
    said = fails(program, "localhost:5432", pytestconfig.rootpath)
    assert "MLB_PERF_DATABASE_URL is not a database URL; write it as postgresql+psycopg2://" in said


def test_other_database(program: tuple[str, ...], pytestconfig: pytest.Config) -> None:
    said = fails(program, "mysql+pymysql://u@h/d", pytestconfig.rootpath)
    assert "is a URL of mysql+pymysql; mlb_perf works with PostgreSQL only" in said


@pytest.mark.skipif(TEST_URL_VARIABLE in os.environ, reason="needs a server of its own")
def test_wrong_password(pytestconfig: pytest.Config) -> None:
    with embedded_server("mlb_perf_password_") as server:
        engine = create_engine(server.url(superuser=True))
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE ROLE guest LOGIN PASSWORD 'right'")
            hba = Path(connection.exec_driver_sql("SHOW hba_file").scalar_one())
            hba.write_text(f"local all guest scram-sha-256\n{hba.read_text()}")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        engine.dispose()
        url = server.url().set(username="guest")
        for wrong in (url.set(password="gu3ssed"), url._replace(password=None)):
            said = fails(COMMANDS[0][1], shown(wrong), pytestconfig.rootpath)
            assert "password" in said
            assert "gu3ssed" not in said
            assert "cannot connect to postgresql+psycopg2://" in said


def test_old_server(program: tuple[str, ...], pytestconfig: pytest.Config) -> None:
    """PostgreSQL 14 is refused, with the reason."""
    with old_server() as port:
        said = fails(program, f"postgresql://u@127.0.0.1:{port}/db", pytestconfig.rootpath)
    assert "is PostgreSQL 14; mlb_perf needs 15 to 18, because" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
@pytest.mark.skipif(TEST_URL_VARIABLE in os.environ, reason="needs the server's own disk")
def test_full_disk(empty: Engine, server: Server, pytestconfig: pytest.Config) -> None:
    """The revision is rolled back; with space again the next run reaches head."""
    folder = Path(server.host).parent / "small"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
    )
    if mount.returncode != 0:
        pytest.skip(f"cannot mount here: {mount.stderr}")
    owner = folder.parent.joinpath("data").stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    try:
        _in_tablespace(empty, folder)
        url = shown(empty.url.update_query_dict({"options": "-c default_tablespace=small"}))
        said = fails(COMMANDS[0][1], url, pytestconfig.rootpath)
        assert "[SQLSTATE 53100]" in said
        assert "the disk is full; free some space, and run again" in said
        subprocess.run(["mount", "-o", "remount,size=100m", str(folder)], check=True)
        subprocess.run(
            COMMANDS[0][1], env={**os.environ, URL_VARIABLE: url}, check=True, capture_output=True
        )
    finally:
        _drop_tablespace(empty)
        subprocess.run(["umount", str(folder)], check=True)


def _in_tablespace(engine: Engine, folder: Path) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE TABLESPACE small LOCATION '{folder}'")


def _drop_tablespace(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for schema in ("raw_data", "staging", "curated", "analytics", "operational",
                       "performance_monitoring"):  # fmt: skip
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        connection.exec_driver_sql("DROP TABLESPACE IF EXISTS small")


INI = {
    "no sections for logging": (
        "[alembic]\nscript_location = {root}/alembic\n",
        ("current",),
        f"{HEAD} (head)",
    ),
    "a bare percent sign": (
        "[alembic]\nscript_location = {root}/alembic\nsqlalchemy.url = postgresql://u:p%40@h/d\n",
        ("current",),
        "write it as %%",
    ),
    "a timeout without a unit": (
        "[alembic]\nscript_location = {root}/alembic\nlock_timeout = 2 parsecs\n",
        ("upgrade", "head"),
        "alembic.ini is '2 parsecs'; write a number and a unit",
    ),
}


@pytest.mark.parametrize(("text", "arguments", "answer"), INI.values(), ids=INI.keys())
def test_ini_files_of_users(
    head: Engine,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    text: str,
    arguments: tuple[str, ...],
    answer: str,
) -> None:
    ini = tmp_path / "alembic.ini"
    ini.write_text(text.replace("{root}", str(pytestconfig.rootpath)))
    environment = {**os.environ, URL_VARIABLE: shown(head.url)}
    if "sqlalchemy.url" in text:
        del environment[URL_VARIABLE]
    result = subprocess.run(
        [sys.executable, "-m", "mlb_perf", "alembic", "-c", str(ini), *arguments],
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    said = result.stdout + result.stderr
    assert "Traceback" not in said, said
    assert answer in said


def test_option_that_libpq_does_not_know(pytestconfig: pytest.Config) -> None:
    said = fails(COMMANDS[0][1], "postgresql://u@h/d?foo=1", pytestconfig.rootpath)
    assert "invalid connection option" in said
    assert "check the parameters after the ? in the URL" in said


def test_missing_ini(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    monkeypatch.setenv("ALEMBIC_CONFIG", "/nowhere/alembic.ini")
    said = fails(COMMANDS[2][1], "postgresql://u@h/d", pytestconfig.rootpath)
    assert "ALEMBIC_CONFIG names /nowhere/alembic.ini, which is not a file" in said


def test_role_without_rights(head: Engine, pytestconfig: pytest.Config) -> None:
    """It may not read the version table: a sentence, also from `current`."""
    with head.begin() as connection:
        connection.exec_driver_sql(f"DROP ROLE IF EXISTS {NOBODY}")
        connection.exec_driver_sql(f"CREATE ROLE {NOBODY} LOGIN PASSWORD 'x'")
    url = shown(head.url.set(username=NOBODY, password="x"))
    try:
        for arguments in (("current", "--check-heads"), ("upgrade", "head")):
            program = (sys.executable, "-m", "alembic", *arguments)
            said = fails(program, url, pytestconfig.rootpath)
            assert "permission denied for table alembic_version" in said
            assert "docs/migrations.md lists what a migration needs" in said
            assert "nothing was changed" in said
    finally:
        with head.begin() as connection:
            connection.exec_driver_sql(f"DROP ROLE {NOBODY}")


def test_reader_that_leaves(pytestconfig: pytest.Config) -> None:
    """`alembic upgrade head --sql | head -1` is no error to write home about."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "alembic", "upgrade", "head", "--sql"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=pytestconfig.rootpath,
    )  # fmt: skip
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.readline()
    writer.stdout.close()
    said = writer.stderr.read()
    assert writer.wait(timeout=30) == 141
    writer.stderr.close()
    assert b"Traceback" not in said
    assert b"BrokenPipe" not in said


def test_a_server_that_is_read_only(empty: Engine, pytestconfig: pytest.Config) -> None:
    """As a standby is: SQLSTATE 25006, with the way out."""
    url = empty.url.update_query_dict({"options": "-c default_transaction_read_only=on"})
    said = fails(COMMANDS[0][1], shown(url), pytestconfig.rootpath)
    assert "[SQLSTATE 25006]" in said
    assert "name the primary, or turn that off, and run again" in said


def test_the_servers_hint_is_the_advice(empty: Engine) -> None:
    """Out of shared memory is not out of memory; and a listed state keeps the package's advice."""
    cases = {
        "53200": "You might need to increase max_locks_per_transaction",
        "2BP01": "Use DROP CASCADE",
        "XX000": "Ask the author",
    }
    said = {}
    for state, hint in cases.items():
        with empty.connect() as connection, pytest.raises(DBAPIError) as caught:
            connection.exec_driver_sql(
                f"DO $$ BEGIN RAISE 'failed' USING ERRCODE = '{state}', HINT = '{hint}.'; END $$"
            )
        said[state] = str(explain(caught.value, connection, began=True))
        in_pipeline = sentence(caught.value)
        assert (state == "53200") == in_pipeline.endswith("per_transaction; then run again")
    assert said["53200"].endswith("max_locks_per_transaction; then run again")
    assert "CASCADE" not in said["2BP01"]
    assert said["XX000"].endswith("Ask the author; then run again")
