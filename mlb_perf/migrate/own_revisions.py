"""Revisions that users add: in a folder of their own, under numbers that no release takes."""

from __future__ import annotations

import os
from pathlib import Path

from alembic.script import ScriptDirectory

import mlb_perf
from mlb_perf.errors import ConfigurationError

PREFIX = "own"


def own_folder(script: ScriptDirectory) -> str | None:
    """The last of ``version_locations`` that is not the package's; None if there is no other."""
    package = _of_package(script)
    others = [place for place in script._version_locations if place.resolve() != package]
    return str(others[-1]) if others else None


def folder_for_new(script: ScriptDirectory) -> str | None:
    """Where a new revision goes: the user's folder, or None for that of a checkout.

    Raises :class:`~mlb_perf.errors.ConfigurationError` for a folder that ``pip`` would replace.
    """
    folder = own_folder(script)
    if folder is None and is_installed(script):
        raise ConfigurationError(
            f"a new revision would be written into {_of_package(script)}, which the next "
            "installation of mlb_perf replaces; give your revisions a folder of their own: name "
            "it in version_locations of an alembic.ini of yours, and that file in ALEMBIC_CONFIG "
            "(docs/migrations.md, Your own revisions, has the lines)"
        )
    return folder


def next_number(script: ScriptDirectory, folder: str | os.PathLike[str] | None) -> str:
    """``0027``; in a folder of the user ``own0001``."""
    prefix = PREFIX if folder else ""
    known = (r.revision.removeprefix(prefix) for r in script.walk_revisions()
             if r.revision.startswith(prefix))  # fmt: skip
    return f"{prefix}{max((int(n) for n in known if n.isdigit()), default=0) + 1:04d}"


def is_installed(script: ScriptDirectory) -> bool:
    """Whether the package's revisions are in the installed package, and not in a checkout."""
    return _of_package(script).is_relative_to(Path(mlb_perf.__file__).parent.resolve())


def _of_package(script: ScriptDirectory) -> Path:
    return Path(script.dir).resolve() / "versions"
