"""Paths and rights, without a server."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

import pytest

from mlb_perf.embedded import EmbeddedServer, account
from mlb_perf.embedded.account import Account, let_read, let_search
from mlb_perf.embedded.cluster import write_private
from mlb_perf.embedded.layout import Layout, prepare_home, prepare_socket_directory
from mlb_perf.embedded.process import words_of_ps
from mlb_perf.errors import ConfigurationError, EmbeddedServerError
from mlb_perf.system import child_environment

SELF = Account(os.geteuid(), os.getegid(), switched=False)
OTHER = Account(54321, 54321, switched=True)


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_the_home_is_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MLB_PERF_HOME", str(tmp_path / "x" / ".." / "home"))
    assert Layout().home == tmp_path.resolve() / "home"
    monkeypatch.setenv("MLB_PERF_HOME", "")
    assert Layout().home.name == "mlb_perf"


@pytest.mark.parametrize("name", ["a$b", 'a"b', "a`b", "a\\b", "a\nb"])
def test_a_home_that_a_shell_would_change_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="set it to a directory with another name"):
        Layout(Path("/") / name)


def test_windows_is_told_where_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path("/nowhere")
    monkeypatch.setattr(os, "name", "nt")
    with pytest.raises(ConfigurationError, match="set MLB_PERF_DATABASE_URL"):
        EmbeddedServer(home)


@pytest.mark.parametrize(("length", "inside"), [(82, True), (83, False)])
def test_a_socket_path_of_over_100_bytes_lies_elsewhere(length: int, inside: bool) -> None:
    layout = Layout(Path("/") / ("h" * (length - 1)))
    assert layout.socket_directory().is_relative_to(layout.home) is inside


def test_a_comma_would_be_two_hosts() -> None:
    assert not Layout(Path("/a,b")).socket_directory().is_relative_to("/a,b")


def test_each_home_has_its_own_short_directory() -> None:
    one, other = (Layout(Path("/") / (c * 99)).socket_directory() for c in "ab")
    assert one == Layout(Path("/" + "a" * 99)).socket_directory()
    assert one != other
    assert one.parent == other.parent


def test_a_short_directory_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "home")
    directory = tmp_path / "short"
    prepare_socket_directory(directory, layout, SELF)
    assert mode(directory) == "0o700"
    directory.chmod(0o750)
    with pytest.raises(EmbeddedServerError, match="others can enter"):
        prepare_socket_directory(directory, layout, SELF)


def test_a_short_directory_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "short").symlink_to(tmp_path / "real")
    with pytest.raises(EmbeddedServerError, match="is not a directory of this user"):
        prepare_socket_directory(tmp_path / "short", Layout(tmp_path / "home"), SELF)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_short_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short").mkdir(mode=0o700)
    os.chown(tmp_path / "short", 12345, 12345)
    with pytest.raises(EmbeddedServerError, match="is not a directory of this user"):
        prepare_socket_directory(tmp_path / "short", Layout(tmp_path / "home"), SELF)


def test_search_is_let_and_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    closed = tmp_path / "closed"
    open_ = closed / "open"
    open_.mkdir(parents=True)
    closed.chmod(0o700)
    open_.chmod(0o755)
    with caplog.at_level(logging.INFO, logger=account.__name__):
        let_search(OTHER, open_)
        let_search(OTHER, open_)
    assert (mode(closed), mode(open_)) == ("0o701", "0o755")
    assert [r.getMessage() for r in caplog.records if str(closed) in r.getMessage()] == [
        f"chmod o+x {closed}, so that mlb_perf can reach its files"
    ]


def test_nothing_is_let_to_oneself(tmp_path: Path) -> None:
    tmp_path.chmod(0o000)
    let_search(SELF, tmp_path)
    let_read(SELF, tmp_path)
    assert mode(tmp_path) == "0o0"
    tmp_path.chmod(0o700)


def test_programs_installed_under_a_strict_umask_become_readable(tmp_path: Path) -> None:
    tree = tmp_path / "pg" / "lib"
    tree.mkdir(parents=True)
    for name, bits in {"program": 0o700, "library": 0o600, "fine": 0o644}.items():
        (tree / name).touch()
        (tree / name).chmod(bits)
    (tree / "link").symlink_to("/etc/shadow")
    tree.chmod(0o700)
    let_read(OTHER, tree, tmp_path / "absent")
    assert [mode(tree / n) for n in ("program", "library", "fine")] == ["0o705", "0o604", "0o644"]
    assert mode(tree) == "0o705"


def test_private_files_do_not_follow_links(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("old")
    (tmp_path / "file").symlink_to(tmp_path / "precious")
    write_private(tmp_path / "file", "new", SELF)
    assert (tmp_path / "precious").read_text() == "old"
    assert (tmp_path / "file").read_text() == "new"
    assert mode(tmp_path / "file") == "0o600"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "precious"]


def test_the_version_of_the_data(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    assert layout.made_by is None
    layout.data.mkdir()
    (layout.data / "PG_VERSION").write_text("15\n")
    assert layout.made_by == 15
    (layout.data / "PG_VERSION").write_text("")
    with pytest.raises(EmbeddedServerError, match="instead of PostgreSQL's major version"):
        _ = layout.made_by


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/opt/pg 18/bin/postgres -D /Users/a b/Application Support/data\n",
         ["/opt/pg 18/bin/postgres", "-D", "/Users/a b/Application Support/data"]),
        ("/bin/postgres -D /data -c port=6000", ["/bin/postgres", "-D", "/data"]),
        ("postgres: io worker 0", ["postgres:"]),
        ("", []),
    ],
)  # fmt: skip
def test_command_lines_of_ps(said: str, words: list[str]) -> None:
    assert words_of_ps(said) == words


def test_the_short_directory_does_not_depend_on_a_long_temporary_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    long = tmp_path / ("t" * 60)
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert len(os.fsencode(Layout(Path("/" + "h" * 99)).socket_directory())) < 80


@pytest.mark.parametrize("wrong", ["group", "everyone", "another owner", "settings"])
def test_a_home_that_others_could_fill_is_refused(tmp_path: Path, wrong: str) -> None:
    """The server would run what their user.conf names, with the rights of this account."""
    layout = Layout(tmp_path / "home")
    prepare_home(layout)
    layout.user_conf.write_text("archive_command = 'true'")
    prepare_home(layout)
    if wrong == "settings":
        layout.user_conf.chmod(0o666)
    elif wrong == "another owner":
        if os.geteuid() != 0:
            pytest.skip("only root can give a directory to another user")
        os.chown(layout.home, 54321, 54321)
    else:
        layout.home.chmod(0o770 if wrong == "group" else 0o707)
    with pytest.raises(EmbeddedServerError, match=r"belongs to another user|others may write"):
        prepare_home(layout)


def test_a_child_of_another_account_gets_few_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLB_PERF_DATABASE_URL", "postgresql://u:secret@h/d")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert "secret" not in str(child_environment(switched=True))
    assert set(child_environment(switched=True)) <= {
        "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TZ", "TZDIR", "LC_ALL"
    }  # fmt: skip
    assert child_environment()["AWS_SECRET_ACCESS_KEY"] == "secret"
