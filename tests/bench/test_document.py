"""The result document: written and read again, and refused if it is something else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlb_perf.bench import json_file
from mlb_perf.errors import ConfigurationError
from tests.bench import made


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = made.document()
    json_file.write(tmp_path / "a.json", written)
    assert json_file.read(tmp_path / "a.json") == written


def test_a_document_without_other_measurements_is_read() -> None:
    """As all were that an older version wrote."""
    written = json.loads(json_file.dumps(made.document()))
    del written["measurements"]
    assert json_file.decode(written, "old").measurements == []


def changed(**values: Any) -> str:
    return json.dumps(json.loads(json_file.dumps(made.document())) | values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[1]", "is not a result of the benchmark"),
        (changed(format="other"), "is not a result of the benchmark"),
        (changed(version=99), "has version 99 of the document, and this is 1"),
        (changed(more=1), "has unknown keys: more"),
        (changed(runs=3), r"\.runs is not a list"),
        (changed(command=3), r"\.command is 3, not str"),
        (changed(runs=[{"label": "after"}]), r"\.runs\[0\]: .*missing.*'revision'"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=said):
        json_file.read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.json: No such file"):
        json_file.read(tmp_path / "none.json")


def test_the_run_of_the_largest_scale() -> None:
    value = made.document(made.run("after", 0.1), made.run("after", 3), made.run("before", 1))
    found = value.run("after")
    assert found is not None
    assert found.scale == 3
    assert value.run("before", 3) is None
    assert value.scales() == [0.1, 1, 3]
