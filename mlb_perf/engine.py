"""Engines with timeouts, connections to supported servers, and URLs for people and for libpq."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, CursorResult, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from mlb_perf import names
from mlb_perf.errors import ConfigurationError, DatabaseUnreachable, UnsupportedServer
from mlb_perf.formatting import one_line, printable

OLDEST_SUPPORTED = 15
NEWEST_TESTED = 18

SECRETS = frozenset({"password", "sslpassword", "oauth_client_secret", "scram_client_key"})
"""Parameters of a URL that no message, log or command line shows."""

DRIVER = "postgresql+psycopg2"

# asyncpg's name for libpq's sslmode, and what SQLAlchemy's asyncpg knows and libpq does not.
_SSL_MODES = {"true": "require", "false": "disable"}
_OF_ASYNCPG = ("ssl", "prepared_statement_cache_size", "prepared_statement_name_func",
               "statement_cache_size", "async_fallback")  # fmt: skip

CONNECT_TIMEOUT_SECONDS = 10
LOCK_TIMEOUT = "60s"

SEARCH_PATH = "pg_catalog, pg_temp"
"""Of every session of the package, which qualifies every other name. In a schema of the usual path
another role may have placed a function or an operator that fits better than PostgreSQL's own."""

_DEFAULT_SCHEMA = "public"

_END_SESSIONS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    " AND pg_has_role(usesysid, 'MEMBER')"
)

# A part of the message of libpq or of the server, and the advice for it.
_HINTS = (
    ("password authentication failed", "check the user and the password in the URL"),
    ("no password supplied", "put the password in the URL, in ~/.pgpass or in PGPASSWORD"),
    ("does not exist", "create it (`createdb NAME`, `createuser NAME`) or name another in the URL"),
    (
        "could not translate host name",
        "check the host name in the URL (in a password, @ is written %40, : %3A and / %2F)",
    ),
    (
        "unsupported startup parameter",
        "a pooler refuses the settings of a migration; connect to the server directly",
    ),
    ("invalid connection option", "check the parameters after the ? in the URL"),
    ("Connection refused", "check that the server runs there and listens on that port"),
    (
        "No such file or directory",
        "check that the server runs and has its socket there",
    ),
    ("timeout expired", "the host does not answer; check the host, the port and the firewall"),
    ("too many clients", "close unused connections, or raise max_connections"),
    (
        "connection slots are reserved",
        "all others are taken; try mlb-perf status with the URL of mlb-perf db url --superuser",
    ),
    ("no pg_hba.conf entry", "allow this user from this machine in the server's pg_hba.conf"),
    ("starting up", "the server is recovering; try again in a minute"),
    ("shutting down", "start the server again"),
)


def own_driver(url: URL) -> URL:
    """The URL of a PostgreSQL database for psycopg2, the driver of the package's own sessions."""
    given = url.query.get("ssl")
    own: URL = url.set(drivername=DRIVER).difference_update_query(_OF_ASYNCPG)
    if isinstance(given, str) and "sslmode" not in own.query:
        own = own.update_query_dict({"sslmode": _SSL_MODES.get(given.lower(), given)})
    return own


def migration_engine(url: URL, settings: Mapping[str, str], *, shown: bool = False) -> Engine:
    """An engine without a pool, whose sessions start with ``settings``.

    The settings are connection arguments, not ``SET`` statements: a statement
    before Alembic's own would open a transaction, and Alembic would then run
    all revisions in it. ``options`` in the URL are kept and come first; a ``search_path`` among
    them has no effect. A statement waits a minute for a lock, unless the URL or ``settings`` say
    otherwise: any role that can connect may hold one. The driver is the package's own, whichever
    the URL names. ``shown``: the engine's URL has no secret parameters, because Alembic shows it,
    and hides the password alone.
    """
    secrets = {name: url.query[name] for name in SECRETS.intersection(url.query)} if shown else {}
    return create_engine(
        own_driver(url).difference_update_query(secrets),
        poolclass=NullPool,
        connect_args={
            "options": _options(url, {"application_name": "mlb_perf", **settings}),
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            **secrets,
        },
    )


def own_engine(engine: Engine) -> Engine:
    """The engine, or one of the package's own on its database if it uses another driver."""
    return engine if engine.driver == "psycopg2" else migration_engine(engine.url, {})


def pinned(url: URL) -> URL:
    """The URL with the package's ``search_path``, for a program or a driver of its own."""
    return url.update_query_dict({"options": _options(url, {})})


def driver(connection: Connection) -> Any:
    """The psycopg2 connection of an open one, for COPY, ``cancel`` and ``mogrify``.

    Raises :class:`~mlb_perf.errors.ConfigurationError` for one of another driver: SQLAlchemy
    uses psycopg 3, if it is installed, for a URL that names no driver.
    """
    if (name := connection.dialect.driver) != "psycopg2":
        raise ConfigurationError(
            f"the connection uses {name}, and this needs psycopg2: begin the URL of its engine "
            f"with {DRIVER}://, or give an engine in place of the connection"
        )
    found = connection.connection.driver_connection
    assert found is not None
    return found


def in_callers_transaction(connection: Connection) -> bool:
    """Whether a transaction is open, which whoever began it will commit or roll back."""
    return connection.in_transaction() and not driver(connection).autocommit


def execute(connection: Connection, statement: str) -> CursorResult[Any]:
    """Run one statement exactly as written: it has no parameters, and ``%`` needs no escape."""
    return connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def drop_database(connection: Connection, name: str) -> None:
    """Drop a database if it is there, with the sessions of the role that are left in it.

    ``connection`` is one that commits each statement. Not WITH (FORCE): while autovacuum works in
    the database that asks for a superuser, and a plain DROP ends autovacuum too.
    """
    connection.execute(_END_SESSIONS, {"name": name})
    execute(connection, f"DROP DATABASE IF EXISTS {names.quote(name)}")


@contextmanager
def plain_search_path(connection: Connection) -> Iterator[None]:
    """For the block no schema of tables is searched, so that their names are written out.

    The server's definitions and SQLAlchemy's reflection leave out schemas of the search_path; and
    SQLAlchemy takes the first one, as it was when it connected, for the default schema. An error
    ends the transaction, and the setting with it.
    """
    before = execute(connection, "SHOW search_path").scalar_one()
    default = connection.dialect.default_schema_name
    set_search_path(connection, SEARCH_PATH)
    connection.dialect.default_schema_name = _DEFAULT_SCHEMA
    try:
        yield
    finally:
        connection.dialect.default_schema_name = default
    set_search_path(connection, before)


def set_search_path(connection: Connection, path: str) -> None:
    """Set it for the transaction that is open."""
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})


@contextmanager
def connect(engine: Engine) -> Iterator[Connection]:
    """A connection to a supported server; closed at the end, rolled back after an error.

    Raises :class:`DatabaseUnreachable` or :class:`UnsupportedServer`.
    """
    try:
        opened = engine.connect()
    except (OperationalError, ProgrammingError) as error:
        raise DatabaseUnreachable(_unreachable(engine.url, error)) from error
    with opened as connection:
        require_supported(connection)
        with pinned_session(connection):
            yield connection


def require_supported(connection: Connection) -> None:
    """Refuse a server that is older than the oldest on which the revisions are tested."""
    major = driver(connection).server_version // 10000
    if major < OLDEST_SUPPORTED:
        raise UnsupportedServer(
            f"{safe(connection.engine.url)} is PostgreSQL {major}; mlb_perf needs "
            f"{OLDEST_SUPPORTED} to {NEWEST_TESTED}, because its revisions use features that "
            f"PostgreSQL {OLDEST_SUPPORTED} introduced (MERGE, UNIQUE NULLS NOT DISTINCT, "
            "security_invoker views); upgrade the server with pg_upgrade, or name another one"
        )


@contextmanager
def pinned_session(connection: Connection) -> Iterator[None]:
    """Give a session the package's ``search_path`` during the block.

    It has it already unless the caller made the engine, or a pooler ignores the settings of a
    connection; such a session gets its own path back.
    """
    begun = connection.in_transaction()
    path = connection.execute(text("SHOW search_path")).scalar_one()
    if path == SEARCH_PATH:
        _end(connection, begun)
        yield
        return
    _set_path(connection, SEARCH_PATH, begun)
    try:
        yield
    except BaseException:
        # A transaction of the caller's is rolled back by the caller, and with it the setting.
        if not begun and not connection.invalidated and not connection.closed:
            connection.rollback()
            _set_path(connection, path, begun)
        raise
    if not connection.closed:
        _set_path(connection, path, begun)


def _set_path(connection: Connection, path: str, begun: bool) -> None:
    connection.execute(
        text("SELECT pg_catalog.set_config('search_path', :path, false)"), {"path": path}
    )
    _end(connection, begun)


def _end(connection: Connection, begun: bool) -> None:
    if not begun:
        connection.commit()


def safe(url: URL) -> str:
    """The URL without its secrets, for messages."""
    masked = dict.fromkeys(SECRETS.intersection(url.query), "hidden")
    return printable(url.update_query_dict(masked).render_as_string(hide_password=True))


def libpq_url(url: URL, *, password: bool = True) -> str:
    """``postgresql://user:password@host:port/database?parameter=value``, for psql and pg_dump.

    ``password``: whether to write it, and the other secrets. SQLAlchemy's own rendering names the
    driver, and writes a space as ``+``, which libpq keeps.
    """
    secret = f":{_quoted(str(url.password))}" if password and url.password else ""
    login = _quoted(url.username) + secret
    host = f"[{url.host}]" if url.host and ":" in url.host else _quoted(url.host)
    place = (f"{login}@" if login else "") + host + (f":{url.port}" if url.port else "")
    shown = url if password else url.difference_update_query(SECRETS)
    given = shown.query.items()
    query = "&".join(f"{_quoted(name)}={_quoted(_one(value))}" for name, value in given)
    return f"postgresql://{place}/{_quoted(url.database)}" + (f"?{query}" if query else "")


def _one(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ",".join(value)


def _quoted(part: str | None) -> str:
    return quote(part or "", safe="")


def _options(url: URL, settings: Mapping[str, str]) -> str:
    """libpq's ``options``: those of the URL, then these settings, the last of a name counts."""
    given = url.query.get("options", "")
    named = {**settings, "search_path": SEARCH_PATH}
    words = [f"-c lock_timeout={LOCK_TIMEOUT}", *([given] if isinstance(given, str) else given)]
    words += [f"-c {name}={_escape(value)}" for name, value in named.items()]
    return " ".join(filter(None, words))


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace(" ", "\\ ")


def _unreachable(url: URL, error: DBAPIError) -> str:
    said = one_line(str(error.orig), 1000) or "the server closed the connection"
    hint = next((hint for sign, hint in _HINTS if sign in said), "check the URL")
    return f"cannot connect to {safe(url)}: {said}; {hint}"
