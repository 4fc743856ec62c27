"""A file can neither fill the memory nor take for ever."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read.csv import rows
from mlb_perf.pipeline.read.files import Line
from mlb_perf.pipeline.read.limits import Limits
from mlb_perf.pipeline.read.reader import read_file
from mlb_perf.pipeline.records import Item, Malformed

SECONDS = 2.0
"""Of the processor; each of these took minutes, gigabytes, or did not end."""


def _read(file: Path, data: bytes, source: str, limits: Limits | None = None) -> list[Item]:
    file.write_bytes(data)
    began = time.process_time()
    try:
        return list(read_file(file, source, "2026-07-01", limits=limits or Limits()))
    finally:
        assert time.process_time() - began < SECONDS


def _books(count: int, name: str) -> bytes:
    moment = "2026-05-01T00:00:00Z"
    books = [{"key": f"b{i}", "last_update": moment, "markets": []} for i in range(count)]
    event = {"id": "e", "commence_time": moment, "home_team": name, "away_team": "B"}
    return json.dumps([event | {"bookmakers": books}]).encode()


def test_an_event_is_not_repeated_into_gigabytes(tmp_path: Path) -> None:
    """Each bookmaker's record holds the event: 6,000 times 400 KB."""
    [item] = _read(tmp_path / "odds.json", _books(6_000, "A" * 400_000), "odds_api")
    assert isinstance(item, Malformed)
    assert "far longer than itself" in item.reason
    assert len(_read(tmp_path / "odds.json", _books(6_000, "A"), "odds_api")) == 6_000
    further = Limits(growth=100_000)
    assert len(_read(tmp_path / "odds.json", _books(60, "A" * 400_000), "odds_api", further)) == 60


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_line_without_an_end(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    data = b"[]\n" * 3 + b"a" * 2_000_000 + b'\n{"id": 1}\n'
    limits = Limits(line=1_000_000, ratio=10_000)
    first, second = _read(tmp_path / "odds.jsonl", pack(data), "odds_api", limits)[3:]
    assert isinstance(first, Malformed)
    assert "longer than 977 kB" in first.reason
    assert str(second) == "odds.jsonl:5: no bookmaker quotes event 1", "the next line is read"


@pytest.mark.parametrize("content", [b"x", b"[", b" ", b'"', b"[],", b","])
def test_gzip_of_one_thing_fifty_million_times(tmp_path: Path, content: bytes) -> None:
    data = gzip.compress(content * (50_000_000 // len(content)), 9)
    for source in ("odds_api", "vsin"):
        try:
            told = str(_read(tmp_path / "bomb.gz", data, source)[-1])
        except LoadFailed as error:
            told = str(error)
        assert "unpacks to more than 200 times its size" in told


def test_more_than_may_be_unpacked(tmp_path: Path) -> None:
    data = gzip.compress(os.urandom(3_000_000).replace(b"\n", b""))
    items = _read(tmp_path / "large.gz", data, "odds_api", Limits(unpacked=1_000_000))
    assert "unpacks to more than 977 kB" in str(items[-1])


def test_columns_without_number(tmp_path: Path) -> None:
    header = ",".join(f"c{i}" for i in range(100_000)).encode()
    with pytest.raises(LoadFailed, match="100,000 columns; if it is sound, say --limit columns="):
        _read(tmp_path / "wide.csv", header + b"\n1,2\n" * 100, "vsin")


@pytest.mark.parametrize(
    "data",
    [
        b'[{"a":' + b"[" * 2_000 + b'"' + b'\\"' * 400_000,
        b"[" * 500_000, b'{"a":' * 200_000, b'"' * 900_000, b'["' + b"\\" * 900_000,
        b"[1" + b"0" * 900_000, b"[" + b"[]," * 30_000,
    ],
    ids=["escaped quotes", "arrays", "objects", "quotes", "backslashes", "digits", "empty arrays"],
)  # fmt: skip
def test_json_takes_linear_time(tmp_path: Path, data: bytes) -> None:
    assert _read(tmp_path / "odd.json", data, "odds_api")


@pytest.mark.parametrize(
    "line", [b'a,"b\n', b'"a\nb\n', b'a"b,c\n', b'"""a\n', b"a\n" * 60 + b'"\n']
)
def test_quotes_take_linear_time(line: bytes) -> None:
    lines = [Line(n, text) for n, text in enumerate((line * (150_000 // len(line))).split(b"\n"))]
    began = time.process_time()
    assert list(rows([Line(0, b"x,y"), *lines]))
    assert time.process_time() - began < SECONDS


def test_a_pipe_that_stops(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    waiting = read_file(pipe, "odds_api", "2026-07-01", limits=Limits(wait=1))
    with pytest.raises(LoadFailed, match="brought nothing for 1 s"):
        next(waiting)
    writer = os.open(pipe, os.O_RDWR)
    os.write(writer, b'[{"id"')
    with pytest.raises(LoadFailed, match="brought nothing for 1 s"):
        list(read_file(pipe, "odds_api", "2026-07-01", limits=Limits(wait=1)))
    os.close(writer)


@pytest.mark.parametrize("word", ["line", "line=", "line=0", "line=-1", "lines=5", "line=1TB"])
def test_a_limit_that_is_none(word: str) -> None:
    with pytest.raises(LoadFailed, match=r"write NAME=NUMBER, as line=256MB; the names are line, "):
        Limits.from_words([word])


def test_limits_in_words() -> None:
    assert Limits.from_words(["line=256MB", "wait=5"]) == Limits(line=268_435_456, wait=5)
