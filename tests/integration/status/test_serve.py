"""``mlb-perf serve``: the page and the metrics over HTTP, read-only, for many and bad clients."""

from __future__ import annotations

import http.client
import ipaddress
import logging
import random
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import URL, Engine, event, text
from waitress import wasyncore

from mlb_perf.errors import ConfigurationError, DatabaseUnreachable, MonitoringUnavailable
from mlb_perf.monitor import assess, probing
from mlb_perf.monitor.formats.prometheus import CONTENT_TYPE
from mlb_perf.monitor.thresholds import Thresholds
from mlb_perf.monitor.web import Shared, Site, listen, server
from tests.support.command_line import invoke
from tests.support.databases import shown, speak_to
from tests.support.effort import EFFORT, tries
from tests.support.processes import environment, mlb_perf, started
from tests.support.sql import run

LOOPBACK = ipaddress.IPv4Address("127.0.0.1")
SECRETS = ("hunter2", "hunter3")
Ask = Callable[..., tuple[int, dict[str, str], str]]


@contextmanager
def serving(url: URL, *, is_local: bool = True) -> Iterator[int]:
    """A server in this process, which asks the database once; its port."""
    with listen(LOOPBACK, 0) as listener:
        site = Site(url, Thresholds(), 3600, is_local=is_local)
        running: Any = server(site, listener)
        thread = threading.Thread(target=running.run)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            running.task_dispatcher.shutdown()
            # In the thread of the loop, which then has nothing left to wait for.
            running.trigger.pull_trigger(lambda: wasyncore.close_all(running._map))
            thread.join()


def _ask(
    port: int, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, headers=headers)
    reply = connection.getresponse()
    content = reply.read().decode()
    connection.close()
    return reply.status, dict(reply.getheaders()), content


@pytest.fixture(scope="module")
def looker(shared_head: Engine) -> Iterator[URL]:
    """The URL of a role that may only read, with secrets in it."""
    name = "mlb_perf_test_looker"
    run(shared_head, f"DROP ROLE IF EXISTS {name}",
        f"CREATE ROLE {name} LOGIN PASSWORD '{SECRETS[0]}' IN ROLE pg_monitor",
        f"GRANT USAGE ON SCHEMA performance_monitoring TO {name}")  # fmt: skip
    url = shared_head.url.set(username=name, password=SECRETS[0])
    yield url.update_query_dict({"sslpassword": SECRETS[1]})
    run(shared_head, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


@pytest.fixture(scope="module")
def port(looker: URL) -> Iterator[int]:
    with serving(looker) as number:
        yield number


def test_the_page_the_metrics_and_the_health(port: int, looker: URL) -> None:
    status, headers, page = _ask(port, "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert headers["Refresh"] == "30"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "Server" not in headers
    assert f"as {looker.username}" in page
    assert page.rstrip().endswith("</html>")
    status, headers, metrics = _ask(port, "/metrics")
    assert (status, headers["Content-Type"]) == (200, CONTENT_TYPE)
    families = {family.name: family for family in text_string_to_metric_families(metrics)}
    failed = [s for s in families["mlb_perf_probe_success"].samples if not s.value]
    assert failed == [], "a monitor's role may run every probe"
    status, _, health = _ask(port, "/healthz")
    assert status == 200
    assert re.fullmatch(r"ok: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n", health)


def test_nothing_but_reading(port: int) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"):
        status, headers, _ = _ask(port, "/", method)
        assert (method, status, headers["Allow"]) == (method, 405, "GET, HEAD")
    status, headers, content = _ask(port, "/", "HEAD")
    assert (status, content) == (200, "")
    assert int(headers["Content-Length"]) > 5_000
    for path in ("/x", "/metrics/", "/../etc/passwd", "/%00", "/?", "/<script>"):
        status, _, content = _ask(port, path)
        expected = 200 if path == "/?" else 404
        assert (path, status) == (path, expected)
        assert "script>" not in content or expected == 200


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1:9", "127.1.2.3", "[::1]:1"]
)
def test_a_loopback_host(port: int, host: str) -> None:
    assert _ask(port, "/healthz", Host=host)[0] == 200


@pytest.mark.parametrize("host", ["", "evil.example", "127.0.0.1.evil.example", "localhost:1:2"])
def test_another_host_of_a_page_that_was_made_to_lead_here(port: int, host: str) -> None:
    status, _, content = _ask(port, "/", Host=host)
    assert status == 421
    assert content == "this address answers to localhost, 127.0.0.1 and [::1] only\n"


def test_fifty_clients_ask_the_database_once(looker: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each statement reads, in a session that can do no more."""
    asked: list[str] = []
    statements: list[str] = []

    def counted(*given: Any) -> Any:
        asked.append("assess")
        return assess(*given)

    def noted(*given: Any) -> None:
        statements.append(given[2])

    monkeypatch.setattr("mlb_perf.monitor.web.assess", counted)
    event.listen(Engine, "before_cursor_execute", noted)
    try:
        with serving(looker) as number, ThreadPoolExecutor(50) as clients:
            paths = ["/", "/metrics", "/healthz", "/healthz", "/metrics"] * 10
            answers = list(clients.map(lambda path: _ask(number, path)[0], paths))
    finally:
        event.remove(Engine, "before_cursor_execute", noted)
    assert answers == [200] * 50
    assert asked == ["assess"]
    assert statements
    opening = {re.sub(r"--.*\n", "", statement).split()[0].upper() for statement in statements}
    assert opening <= {"SELECT", "WITH", "SHOW"}


def test_its_session_cannot_write(shared_head: Engine) -> None:
    """Not even as the owner of the tables."""
    with pytest.raises(MonitoringUnavailable, match="read-only transaction"), \
            probing(shared_head.url) as connection:  # fmt: skip
        connection.execute(text("DELETE FROM performance_monitoring.status_history"))


def test_no_answer_has_a_secret(port: int, looker: URL) -> None:
    answers = [_ask(port, path)[2] for path in ("/", "/metrics", "/healthz", "/x")]
    with serving(looker.set(host="127.0.0.1", port=1)) as closed:
        for path in ("/", "/metrics", "/healthz"):
            status, _, content = _ask(closed, path)
            assert status == 503
            assert content.startswith(
                "cannot connect to postgresql+psycopg2://mlb_perf_test_looker:***@"
            )
            answers.append(content)
    assert [secret for secret in SECRETS for answer in answers if secret in answer] == []
    assert SECRETS[0] in shown(looker)


def test_a_failure_is_kept_for_as_long_as_an_answer() -> None:
    now = 100.0
    outcomes: list[str | DatabaseUnreachable] = [DatabaseUnreachable("down"), "up", "later"]

    def ask() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, DatabaseUnreachable):
            raise outcome
        return outcome

    shared = Shared(ask, 5, lambda: now)
    assert str(shared()) == str(shared()) == "down"
    now += 5
    assert shared() == shared() == "up"
    now += 4.9
    assert shared() == "up"
    now += 0.1
    assert shared() == "later"


def _malformed(chance: random.Random) -> bytes:
    """A request that is wrong in one of the ways that scanners and broken clients are."""
    noise = chance.randbytes(chance.randrange(1, 400))
    word = noise.hex().encode()[: chance.randrange(1, 60)]
    start, host = b"GET / HTTP/1.1\r\n", b"Host: localhost\r\n"
    request = chance.choice([
        noise,
        noise.replace(b"\n", b"") + b"\r\n\r\n",
        b"\x16\x03\x01" + noise,  # TLS
        b"GET / HTTP/9.9\r\n" + host + b"\r\n",
        b"GET " + noise.replace(b"\r", b"").replace(b"\n", b"") + b" HTTP/1.1\r\n" + host + b"\r\n",
        b"GET http://[::1 HTTP/1.1\r\n" + host + b"\r\n",
        b"GET //" + word + b"/../.. HTTP/1.1\r\n" + host + b"\r\n",
        b"GET /%" + word + b"%zz%00 HTTP/1.1\r\n" + host + b"\r\n",
        b"GET /?" + b"&".join([word] * 200) + b" HTTP/1.1\r\n" + host + b"\r\n",
        b"G\x00ET / HTTP/1.1\r\n" + host + b"\r\n",
        b" / \r\n\r\n",
        b"GET /\r\n\r\n",
        start + b"Host: " + noise.replace(b"\n", b"") + b"\r\n\r\n",
        start + host + host + b"\r\n",
        start + host + b"X: " + b"a" * chance.randrange(10_000, 40_000) + b"\r\n\r\n",
        start + host + b"X-%d: y\r\n" % chance.randrange(99) * 2_000 + b"\r\n",
        start + host + b" folded\r\n\r\n",
        start + host + b"no colon\r\n\r\n",
        start + host + b"Bad\x00Name: 1\r\n\r\n",
        start + host + b"Content-Length: -1\r\n\r\n",
        start + host + b"Content-Length: " + word + b"\r\n\r\n",
        start + host + b"Content-Length: 99999999999999999999\r\n\r\n" + noise,
        start + host + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        start + host + b"Transfer-Encoding: chunked\r\n\r\n" + word + b"\r\n" + noise,
        start + host + b"Transfer-Encoding: chunked\r\n\r\nfffffffffff\r\n",
        start + host + b"Transfer-Encoding: " + word + b"\r\n\r\n",
        start + host + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\nGET /",
        start + host + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
        start + host + b"Upgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n",
        (start + host + b"\r\n") * chance.randrange(2, 20),
    ])  # fmt: skip
    if chance.random() < 0.2:  # a client that goes away
        request = request[: chance.randrange(len(request) + 1)]
    return request


def _answer(port: int, request: bytes) -> bytes:
    """All that comes back until the server closes; it may close before it has read everything."""
    received = b""
    address = ("127.0.0.1", port)
    with socket.create_connection(address, timeout=60) as client, suppress(ConnectionError):
        client.sendall(request)
        with suppress(OSError):  # closed already
            client.shutdown(socket.SHUT_WR)
        while part := client.recv(65536):
            received += part
    return received


def test_malformed_requests(port: int, caplog: pytest.LogCaptureFixture) -> None:
    """Each is answered in HTTP or cut off; none breaks the server or makes it talk.

    A URL that urllib cannot split is a line in waitress's log, and a connection closed.
    MLB_PERF_TEST_EFFORT=20 sends 2,000 requests, with another seed.
    """
    chance = random.Random(EFFORT)
    with caplog.at_level(logging.ERROR):
        for _ in range(tries(100)):
            request = _malformed(chance)
            answer = _answer(port, request)
            assert re.match(rb"HTTP/1\.[01] (200|4\d\d|501) |HTTP/1\.1 100 Continue|$", answer), (
                request, answer[:200],
            )  # fmt: skip
            assert not any(secret.encode() in answer for secret in SECRETS)
            assert b"Traceback" not in answer
    logged = [record.getMessage() for record in caplog.records]
    assert [line for line in logged if "<class 'ValueError'>:Invalid IPv6 URL" not in line] == []
    assert _ask(port, "/healthz")[0] == 200


def test_slow_clients_keep_nobody_waiting(port: int) -> None:
    """Forty requests that are never finished occupy no thread."""
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    try:
        for client in slow:
            client.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        assert _ask(port, "/healthz")[0] == 200
    finally:
        for client in slow:
            client.close()


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104  refused
def test_an_address_that_others_reach_is_refused(address: str) -> None:
    said = r"other machines reach .*; add --remote if a firewall"
    with pytest.raises(ConfigurationError, match=said):
        invoke("serve", "--address", address)


def test_addresses_that_cannot_be_used(
    looker: URL, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_to(looker, monkeypatch)
    with pytest.raises(ConfigurationError, match="--address localhost is not an IP address; write"):
        invoke("serve", "--address", "localhost")
    taken = rf"port {port} of 127\.0\.0\.1: .*; name another with --port"
    with pytest.raises(ConfigurationError, match=taken):
        invoke("serve", "--port", str(port))
    with pytest.raises(ConfigurationError, match=r"of 192\.0\.2\.1: .*; name another"):
        invoke("serve", "--address", "192.0.2.1", "--remote")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_its_address_and_ends_cleanly(looker: URL, number: signal.Signals) -> None:
    surroundings = environment(MLB_PERF_DATABASE_URL=shown(looker), PYTHONUNBUFFERED="1")
    with started(mlb_perf("serve", "--port", "0"), env=surroundings) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/ and /metrics; Ctrl-C ends it\n", line)
        assert found, line
        assert _ask(int(found[1]), "/healthz")[0] == 200
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (0, "stopped\n", "")
