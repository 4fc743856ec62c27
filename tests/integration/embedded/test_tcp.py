"""TCP on request, with the password."""

from __future__ import annotations

import socket

import psycopg2
import pytest

from mlb_perf.embedded import EmbeddedServer
from mlb_perf.embedded.libpq import libpq_url
from mlb_perf.errors import ConfigurationError, EmbeddedServerError
from tests.integration.embedded.support import (
    ask,
    kill,
)


def test_tcp_asks_for_the_password(server: EmbeddedServer) -> None:
    server.start()
    with pytest.raises(EmbeddedServerError, match="db start --tcp"):
        server.url(tcp=True)
    done = server.start(tcp_port=0)
    assert done.restarted
    assert "socket only" in done.reason
    url = server.url(tcp=True)
    assert url.port == done.tcp_port == server.status().tcp_port
    assert ask(url, "SELECT current_user") == "mlb_perf"
    assert ask(server.url(), "SHOW listen_addresses") == "127.0.0.1"
    for wrong in (libpq_url(url, password=False), libpq_url(url.set(password="guess"))):
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(wrong, passfile="/dev/null")
    assert oct((server.home / "password").stat().st_mode & 0o777) == "0o600"
    assert str(url.password) not in (server.home / "server.log").read_text()


def test_the_tcp_port_is_kept(server: EmbeddedServer) -> None:
    port = server.start(tcp_port=0).tcp_port
    kill(server)
    assert server.start().tcp_port == port
    server.stop()
    assert server.start().tcp_port is None
    assert server.start(tcp_port=0).tcp_port == port
    server.stop()
    with socket.create_server(("127.0.0.1", port or 0)):
        with pytest.raises(EmbeddedServerError, match=f"port {port} of 127.0.0.1 is taken"):
            server.start(tcp_port=port)
        assert server.start(tcp_port=0).tcp_port not in {None, port}
    with pytest.raises(ConfigurationError, match="no port that a user's server may take"):
        server.start(tcp_port=70000)


def test_a_port_that_cannot_be_bound_is_not_tried_again(server: EmbeddedServer) -> None:
    """Somebody holds it without listening, which a probe cannot see; the next start is well."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        with pytest.raises(EmbeddedServerError, match="could not bind"):
            server.start(tcp_port=port)
        assert not server.status().running
        done = server.start()
        assert done.started
        assert done.tcp_port is None
    with pytest.raises(ConfigurationError, match="no port that a user's server may take"):
        server.start(tcp_port=80)


def test_variables_of_libpq_do_not_matter(
    server: EmbeddedServer, environment: pytest.MonkeyPatch
) -> None:
    for name in ("PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGOPTIONS"):
        environment.setenv(name, "nonsense")
    environment.setenv("LC_ALL", "xx_XX")
    assert server.start().started
    assert server.stop()
    assert not server.stop()
