"""The versions that are installed for development and CI are within the ranges of the wheel."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.support.checkout import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


@pytest.mark.parametrize(("name", "extras"), [("run", ["embedded"]), ("dev", ["embedded", "dev"])])
def test_the_lock_holds_every_dependency_with_hashes(name: str, extras: list[str]) -> None:
    """Write it with `make lock` after a change of pyproject.toml."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))
    given = [*PROJECT["dependencies"], *(one for extra in extras for one in EXTRAS[extra])]
    needed = [Requirement(words) for words in given if not words.startswith("mlb-perf")]
    lacking = [str(one) for one in needed if locked.get(one.name, "0") not in one.specifier]
    assert lacking == []
    unhashed = re.findall(r"^([a-z0-9-]+==\S+)(?: ;[^\\\n]*)?\n", text, re.MULTILINE)
    assert unhashed == []
    assert text.count("--hash=sha256:") > len(locked)
