"""Revisions that users add: plans of them, and mistakes in them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.util import CommandError
from sqlalchemy import Engine

from mlb_perf.errors import ConfigurationError
from mlb_perf.migrate import environment, own_revisions
from mlb_perf.migrate.config import alembic_config, head_revisions
from tests.support.checkout import ROOT
from tests.support.command_line import invoke
from tests.support.heads import HEAD
from tests.support.sql import rows, run

HEADER = f'''"""a revision of a user"""
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "own", "{HEAD}", None, None
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the revisions, to which a test adds one; all commands use it."""
    shutil.copytree(ROOT / "alembic", tmp_path / "alembic")
    ini = tmp_path / "alembic.ini"
    text = (ROOT / "alembic.ini").read_text()
    ini.write_text(text.replace("%(here)s/alembic", str(tmp_path / "alembic")))
    monkeypatch.setenv("ALEMBIC_CONFIG", str(ini))
    return tmp_path / "alembic" / "versions" / "own.py"


BODIES = {
    "an autocommit_block": """
def upgrade():
    with op.get_context().autocommit_block():
        op.execute("CREATE TABLE public.executed (a int)")
""",
    "get_bind": """
def upgrade():
    op.create_table("planned", sa.Column("a", sa.Integer), schema="public")
    op.get_bind().execute(sa.text("CREATE TABLE public.executed (a int)"))
""",
    "the context's connection": """
def upgrade():
    op.get_context().connection.exec_driver_sql("CREATE TABLE public.executed (a int)")
""",
    "a session": """
def upgrade():
    from sqlalchemy.orm import Session
    Session(bind=op.get_bind()).execute(sa.text("CREATE TABLE public.executed (a int)"))
""",
}


@pytest.mark.parametrize("name", BODIES)
def test_a_plan_executes_nothing(head: Engine, project: Path, name: str) -> None:
    """Not on the way of autocommit_block, nor of the connection; that one it names."""
    project.write_text(HEADER + BODIES[name])
    before = rows(head, "SELECT version_num FROM alembic_version")
    printed = invoke("plan").output
    assert f"from revision {HEAD} to head" in printed
    assert ("cannot be planned: it reads the database" in printed) == (
        name != "an autocommit_block"
    )
    assert rows(head, "SELECT to_regclass('public.executed'), to_regclass('public.planned')") == [
        (None, None)
    ]
    assert rows(head, "SELECT version_num FROM alembic_version") == before
    command.upgrade(alembic_config(), "head")
    assert rows(head, "SELECT to_regclass('public.executed') IS NOT NULL") == [(True,)]


@pytest.mark.usefixtures("head")
def test_tables_without_a_schema(project: Path) -> None:
    project.write_text(HEADER + 'TABLES = ("mine",)\ndef upgrade():\n    pass\n')
    with pytest.raises(CommandError, match=r"own\.py has TABLES but no SCHEMA; add SCHEMA"):
        command.upgrade(alembic_config(), "head")
    project.write_text(HEADER + 'TABLES = ("mine",)\nSCHEMA = "public"\ndef upgrade():\n    pass\n')
    command.upgrade(alembic_config(), "head")


@pytest.mark.usefixtures("head")
def test_two_files_of_one_number(project: Path) -> None:
    """Both are named, by the commands that run revisions and by the plan."""
    project.write_text(HEADER + "def upgrade():\n    pass\n")
    other = project.with_name("other.py")
    other.write_text(project.read_text())
    expected = r"(own|other)\.py and .*(own|other)\.py are both revision own; give"
    for move in (command.upgrade, command.stamp):
        with pytest.raises(CommandError, match=expected):
            move(alembic_config(), "head")
    with pytest.raises(ConfigurationError, match=expected):
        invoke("plan")
    other.unlink()
    command.upgrade(alembic_config(), "head")


UNREADABLE = {
    "raise ValueError('a day off')": r"own\.py is not a revision .*ValueError: a day off",
    "import nothing_of_that_name": r"own\.py is not .*ModuleNotFoundError: No module named 'noth",
    "def (": r"own\.py is not a revision that can be imported \(SyntaxError",
    'revision = "own"': r"a file in .*AttributeError: module 'own_py' has no attribute",
    HEADER.replace('"own"', '"own2"').replace(f'"{HEAD}"', '"own2"'): r"(own2).*; correct down_rev",
}


@pytest.mark.usefixtures("head")
def test_files_that_are_no_revisions(project: Path) -> None:
    """Named by the commands that run env.py, and by mlb-perf for those that do not."""
    for text, expected in UNREADABLE.items():
        project.write_text(text)
        with pytest.raises(CommandError, match=expected):
            command.upgrade(alembic_config(), "head")
        for name in ("heads", "branches", "history"):
            with pytest.raises(ConfigurationError, match=expected):
                invoke("alembic", name)


INI = """
[alembic]
script_location = {package}
path_separator = newline
version_locations =
    {package}/versions
    {own}
"""


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a user beside the package's, as docs/migrations.md has it."""
    own = tmp_path / "revisions"
    ini = tmp_path / "alembic.ini"
    ini.write_text(INI.format(package=ROOT / "alembic", own=own))
    monkeypatch.setenv("ALEMBIC_CONFIG", str(ini))
    monkeypatch.setattr(environment, "_configure_logging", lambda: None)
    return own


def test_a_folder_of_the_users(head: Engine, own_folder: Path) -> None:
    """New files go there, under numbers of its own; a release's next number joins by a merge."""
    invoke("alembic", "revision", "-m", "plain")
    assert head_revisions() == ("own0001",)
    command.upgrade(alembic_config(), "head")
    run(head, "DROP INDEX curated.ix_enhanced_games_game_date")
    command.revision(alembic_config(), message="found", autogenerate=True)
    released = f"{int(HEAD) + 1:04d}"  # as if it were the package's
    text = HEADER.replace('"own"', f'"{released}"') + "def upgrade(): pass"
    (own_folder / f"{released}.py").write_text(text)
    assert "mlb-perf alembic upgrade heads" in invoke("info").output
    invoke("alembic", "merge", "heads", "-m", "joined")
    assert sorted(path.name for path in own_folder.glob("own*.py")) == [
        "own0001_plain.py", "own0002_found.py", "own0003_joined.py",
    ]  # fmt: skip
    command.upgrade(alembic_config(), "head")
    assert rows(head, "SELECT version_num FROM alembic_version") == [("own0003",)]
    command.check(alembic_config())


@pytest.mark.usefixtures("head")
def test_no_file_is_written_into_the_installed_package(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_revisions, "is_installed", lambda _: True)
    before = sorted(project.parent.iterdir())
    for words in (("revision", "-m", "x"), ("merge", "heads", "-m", "x")):
        with pytest.raises(
            ConfigurationError, match=r"folder of their own: name it in version_loc"
        ):
            invoke("alembic", *words)
    with pytest.raises(CommandError, match="folder of their own"):
        command.revision(alembic_config(), autogenerate=True)
    command.check(alembic_config())
    assert sorted(project.parent.iterdir()) == before
