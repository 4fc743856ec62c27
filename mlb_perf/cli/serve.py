"""``mlb-perf serve`` and ``grafana``: status for browsers, Prometheus and Grafana."""

from __future__ import annotations

import logging
import signal
from importlib.resources import files
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Annotated

import typer

from mlb_perf.cli.monitoring import Limits, LimitsFile, chosen_limits
from mlb_perf.cli.shared import echo
from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate.ini import target
from mlb_perf.monitor.web import Site, listen, server

PORT = 9432

app = typer.Typer()


@app.command()
def serve(
    address: Annotated[str, typer.Option(help="The IP address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")
    ] = PORT,
    remote: Annotated[
        bool,
        typer.Option("--remote", help="Allow an address that other machines reach; see the docs."),
    ] = False,
    every: Annotated[
        float,
        typer.Option(min=0.1, metavar="SECONDS", help="Requests share one report for so long."),
    ] = 5.0,
    threshold: Limits = None,
    thresholds: LimitsFile = None,
) -> None:
    """Serve the page of status and the metrics for Prometheus, until Ctrl-C."""
    host = _address(address, remote)
    limits = chosen_limits(threshold, thresholds)
    site = Site(target().connect_url(), limits, every, is_local=host.is_loopback)
    # Clients that wait for the same report are no reason for a warning.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)  # on which the server ends its loop
    listener = listen(host, port)
    running = server(site, listener)
    shown = f"[{host}]" if host.version == 6 else str(host)
    echo(f"http://{shown}:{listener.getsockname()[1]}/ and /metrics; Ctrl-C ends it")
    running.run()
    running.close()
    echo("stopped")


def _address(text: str, remote: bool) -> IPv4Address | IPv6Address:
    """The address, which must be of this machine alone unless ``remote``."""
    try:
        host = ip_address(text)
    except ValueError as error:
        raise ConfigurationError(
            f"--address {text} is not an IP address; write 127.0.0.1 for this machine alone"
        ) from error
    if not (host.is_loopback or remote):
        raise ConfigurationError(
            f"other machines reach {host}, and the page shows statements and names of tables to "
            "everyone; add --remote if a firewall, or a proxy with a password, protects it"
        )
    return host


@app.command()
def grafana(
    rules: Annotated[
        bool, typer.Option("--rules", help="Print alert rules for Prometheus instead.")
    ] = False,
) -> None:
    """Print a Grafana dashboard, or alert rules for Prometheus."""
    name = "rules.yml" if rules else "dashboard.json"
    echo((files("mlb_perf.monitor") / "grafana" / name).read_text(encoding="utf-8"), nl=False)
