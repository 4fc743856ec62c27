"""The page and the metrics over HTTP: a WSGI application that reads, and its server.

Requests share an answer for some seconds, so that the number of clients does not decide how often
the database is asked. Text of the request never comes back in an answer.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Generic, TypeVar

from sqlalchemy import URL
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from mlb_perf.errors import ConfigurationError, MlbPerfError
from mlb_perf.monitor.formats.html import page
from mlb_perf.monitor.formats.prometheus import CONTENT_TYPE, exposition
from mlb_perf.monitor.history import Chart, read
from mlb_perf.monitor.report import Report, assess
from mlb_perf.monitor.server_info import probing
from mlb_perf.monitor.thresholds import Thresholds

HISTORY_SECONDS = 60.0
"""How long the plots are kept: their tables get a row every five minutes."""

_PLAIN = "text/plain; charset=utf-8"
_LOCAL_HOST = re.compile(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)

T = TypeVar("T")


class Shared(Generic[T]):
    """An answer that is asked for at most once in some seconds; a failure is kept as well.

    Clients that come while it is being asked for wait for that answer.
    """

    def __init__(
        self, ask: Callable[[], T], seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._expires = 0.0
        self._answer: T | MlbPerfError

    def __call__(self) -> T | MlbPerfError:
        with self._lock:
            if self._clock() >= self._expires:
                try:
                    self._answer = self._ask()
                except MlbPerfError as error:
                    self._answer = error
                self._expires = self._clock() + self._seconds
            return self._answer


@dataclass(frozen=True)
class Reply:
    """What goes back: a status, the content's type, the content, and further headers."""

    status: HTTPStatus
    content_type: str
    content: str
    headers: tuple[tuple[str, str], ...] = ()


class Site:
    """The WSGI application: ``/`` is the page, ``/metrics`` and ``/healthz`` are for programs.

    ``seconds``: for how long requests share one report. ``is_local``: whether it listens on
    loopback; then a request must name a loopback host, because a page of another host, whose name
    was made to lead here, could read the answers in a browser.
    """

    def __init__(self, url: URL, limits: Thresholds, seconds: float, *, is_local: bool) -> None:
        self._report = Shared(lambda: _report(url, limits), seconds)
        self._charts = Shared(lambda: _charts(url), max(seconds, HISTORY_SECONDS))
        self._is_local = is_local
        self._pages = {"/": self._page, "/metrics": self._metrics, "/healthz": self._health}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        reply = self._reply(environ)
        content = reply.content.encode()
        start_response(
            f"{reply.status.value} {reply.status.phrase}",
            [
                ("Content-Type", reply.content_type),
                ("Content-Length", str(len(content))),
                *_HEADERS, *reply.headers,
            ],
        )  # fmt: skip
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]

    def _reply(self, environ: dict[str, Any]) -> Reply:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            allow = (("Allow", "GET, HEAD"),)
            return Reply(HTTPStatus.METHOD_NOT_ALLOWED, _PLAIN, "only GET and HEAD\n", allow)
        if self._is_local and not _LOCAL_HOST.fullmatch(environ.get("HTTP_HOST", "")):
            said = "this address answers to localhost, 127.0.0.1 and [::1] only\n"
            return Reply(HTTPStatus.MISDIRECTED_REQUEST, _PLAIN, said)
        show = self._pages.get(environ["PATH_INFO"])
        if show is None:
            return Reply(HTTPStatus.NOT_FOUND, _PLAIN, "there are /, /metrics and /healthz\n")
        return show()

    def _page(self) -> Reply:
        report, charts = self._report(), self._charts()
        if isinstance(report, MlbPerfError):
            return _unavailable(report)
        if isinstance(charts, MlbPerfError):
            return _unavailable(charts)
        again = (("Refresh", "30"),)
        return Reply(HTTPStatus.OK, "text/html; charset=utf-8", page(report, charts), again)

    def _metrics(self) -> Reply:
        report = self._report()
        if isinstance(report, MlbPerfError):
            return _unavailable(report)
        return Reply(HTTPStatus.OK, CONTENT_TYPE, exposition(report))

    def _health(self) -> Reply:
        report = self._report()
        if isinstance(report, MlbPerfError):
            return _unavailable(report)
        return Reply(HTTPStatus.OK, _PLAIN, f"ok: {report.facts.taken_at:%Y-%m-%dT%H:%M:%SZ}\n")


def listen(address: IPv4Address | IPv6Address, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises :class:`~mlb_perf.errors.ConfigurationError` if the address cannot be used.
    """
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        return socket.create_server((str(address), port), family=family, backlog=128)
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on port {port} of {address}: {error.strerror}; name another with --port"
        ) from error


def server(site: Site, listener: socket.socket) -> MultiSocketServer | BaseWSGIServer:
    """The server; ``run()`` serves until KeyboardInterrupt.

    A slow client occupies no thread, and none may send more than a small request.
    """
    return create_server(
        site, sockets=[listener], threads=8, ident=None, channel_timeout=30,
        max_request_header_size=16_384, max_request_body_size=1_024,
        clear_untrusted_proxy_headers=True,
    )  # fmt: skip


def _report(url: URL, limits: Thresholds) -> Report:
    with probing(url) as connection:
        return assess(connection, limits)


def _charts(url: URL) -> list[Chart]:
    with probing(url) as connection:
        return read(connection)


def _unavailable(error: MlbPerfError) -> Reply:
    return Reply(HTTPStatus.SERVICE_UNAVAILABLE, _PLAIN, f"{error}\n")
