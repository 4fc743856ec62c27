"""No message, log line or traceback shows a password, however wrong the URL is."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.config import main
from sqlalchemy import URL, Engine

from mlb_perf.engine import SECRETS
from mlb_perf.settings import URL_VARIABLE
from tests.support.command_line import invoke
from tests.support.databases import shown

SECRET = "s3cret"
PORT = 1  # nothing listens there
URLS = {
    "nothing listens": f"postgresql://u:{SECRET}@127.0.0.1:{PORT}/db",
    "no such host": f"postgresql://u:{SECRET}@no-such-host.invalid/db",
    "an @ in it": f"postgresql://u:p@{SECRET}@127.0.0.1:{PORT}/db",
    "a slash in it": f"postgresql://u:{SECRET}/x@127.0.0.1:{PORT}/db",
    "a slash after a digit": f"postgresql://u:1/{SECRET}@127.0.0.1:{PORT}/db",
    "a slash, and no host": f"postgresql://u/{SECRET}@127.0.0.1:{PORT}/db",
    "a question mark in it": f"postgresql://u:{SECRET}?x@127.0.0.1:{PORT}/db",
    "a percent sign in it": f"postgresql://u:{SECRET}%zz@127.0.0.1:{PORT}/db",
    "a reference in it": f"postgresql://u:{SECRET}%(here)s%(x)s@127.0.0.1:{PORT}/db",
    "in the place of the port": f"postgresql://u@127.0.0.1:{SECRET}/db",
    "another driver": f"postgresql+asyncpg://u:{SECRET}@127.0.0.1:{PORT}/db",
    "no driver": f"u:{SECRET}@127.0.0.1:{PORT}/db",
    "a bracket": f"postgresql://u:{SECRET}@[::1/db",
    "two passwords": f"postgresql://u:x@127.0.0.1:{PORT}/db?password={SECRET}",
    **{
        f"parameter {name}": f"postgresql://u@127.0.0.1:{PORT}/db?{name}={SECRET}"
        for name in sorted(SECRETS)
    },
}
COMMANDS: dict[str, Callable[[], object]] = {
    "alembic": lambda: main(argv=["current", "--verbose"]),
    "alembic --raiseerr": lambda: main(argv=["--raiseerr", "current"]),
    "mlb-perf alembic": lambda: invoke("alembic", "current"),
    "mlb-perf db status": lambda: invoke("db", "status"),
    "mlb-perf info": lambda: invoke("info"),
}
LINE = f"sqlalchemy.url = postgresql://u:{SECRET}@h/db\n"
BROKEN = {
    "twice": f"[alembic]\n{LINE}{LINE}",
    "above the section": f"{LINE}[alembic]\n",
    "no option": f"[alembic]\n{SECRET}\n",
}


def said(run_command: Callable[[], object], capfd: pytest.CaptureFixture[str]) -> str:
    """All that it prints, with the traceback of an error."""
    text = ""
    try:
        text = getattr(run_command(), "output", "")
    except (Exception, SystemExit) as error:
        text = "".join(traceback.format_exception(error))
    printed = capfd.readouterr()
    return text + printed.out + printed.err


@pytest.mark.parametrize("place", ["environment", "alembic.ini"])
@pytest.mark.parametrize("url", URLS.values(), ids=URLS.keys())
def test_a_wrong_url(
    url: str,
    place: str,
    tmp_path: Path,
    pytestconfig: pytest.Config,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if place == "environment":
        monkeypatch.setenv(URL_VARIABLE, url)
        _write_ini(tmp_path, pytestconfig, "")
    else:
        _write_ini(tmp_path, pytestconfig, f"sqlalchemy.url = {url}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALEMBIC_CONFIG", str(tmp_path / "alembic.ini"))
    for name in COMMANDS if place == "environment" else ("alembic --raiseerr", "mlb-perf info"):
        text = said(COMMANDS[name], capfd)
        assert text, name
        assert SECRET not in text, f"{name}: {text}"


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_an_ini_that_cannot_be_read(
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "alembic.ini").write_text(text)
    monkeypatch.setenv("ALEMBIC_CONFIG", str(tmp_path / "alembic.ini"))
    for name in ("mlb-perf alembic", "mlb-perf db status", "mlb-perf info"):
        printed = said(COMMANDS[name], capfd)
        assert "alembic.ini cannot be read" in printed
        assert SECRET not in printed, f"{name}: {printed}"


def test_verbose_of_a_database(
    head: Engine, head_url: URL, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Alembic prints the address: with a mask in place of the password, without other secrets."""
    url = head_url.set(password=SECRET).update_query_dict({"sslpassword": SECRET})
    monkeypatch.setenv(URL_VARIABLE, shown(url))
    text = said(lambda: invoke("alembic", "current", "--verbose"), capfd)
    assert f"Current revision(s) for postgresql+psycopg2://{head.url.username}:***@" in text
    assert SECRET not in text


def _write_ini(folder: Path, pytestconfig: pytest.Config, line: str) -> None:
    text = (pytestconfig.rootpath / "alembic.ini").read_text()
    text = text.replace("%(here)s/alembic", str(pytestconfig.rootpath / "alembic"))
    (folder / "alembic.ini").write_text(text.replace("[alembic]\n", f"[alembic]\n{line}", 1))
