"""Mutated files of every source: no hang, no traceback, no gigabytes, nothing for the terminal.

``MLB_PERF_TEST_EFFORT=200`` reads 20,000 of them.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlb_perf.errors import LoadFailed
from mlb_perf.formatting import GB, printable
from mlb_perf.pipeline.read.reader import read_file
from mlb_perf.pipeline.records import RawRecord
from mlb_perf.pipeline.sample import ODDS, SCHEDULE
from tests.support.effort import tries

SECONDS = 10
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
CSV = {
    "vsin": b"Game,Time,Spread\nNYY @ BOS,7:05,-1.5\n",
    "retrosheet": b'"20240320","0","Wed","LAN","NL",1,"SDN","NL",1,5,2\n',
}
JSON = ("odds_api", "mlb_stats_api", "action_network", "sbd")
PIECES = (
    b"", b"\x00", b"\xff\xfe", b"\x1b]0;t\x07", b"\xe2\x80\xae", b'"', b"\\", b"\\ud800",
    b"{}", b"[]", b"null", b"NaN", b"1e999", b"9" * 5000, b"\n" * 50, b",", b'""', b"\r",
    b"[" * 3000, b"[[]," * 99,
    b'"bookmakers":[', b'"payload":{', b'"data":[', b"\xf0\x9f\xa7\xa2", b"A" * 70_000,
)  # fmt: skip


@pytest.fixture
def address_space() -> Iterator[None]:
    """A gibibyte more than the process has now."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + GB, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _seeds() -> list[tuple[str, bytes]]:
    lines = [line for file in (ODDS, SCHEDULE) for line in _lines(file)[-20:]]
    whole = [json.dumps(json.loads(line)).encode() for line in lines]
    documents = [*whole, b"\n".join(whole)]
    return [(source, data) for source in JSON for data in documents] + [*CSV.items()]


def _lines(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines()


def _mutated(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.choice((1, 1, 3, 10))):
        at, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        piece = chance.choice((*PIECES, data[at:end]))
        end = min(end, at + chance.choice((0, 1, 20, 10**6)))
        data = (data[:at] + piece * chance.choice((1, 1, 1, 40)) + data[end:])[: 2**20]
    packed = chance.choice((None, None, 1, 9))
    if packed is None:
        return data
    data = gzip.compress(data, packed)
    return data[: chance.randrange(len(data))] if chance.random() < 0.2 else data


@pytest.mark.usefixtures("address_space")
def test_mutated_files(tmp_path: Path) -> None:
    file, seeds = tmp_path / "mutated", _seeds()
    for number in range(tries(100)):
        chance = random.Random(number)
        source, seed = chance.choice(seeds)
        file.write_bytes(_mutated(chance, seed))
        began = time.process_time()
        try:
            items = list(read_file(file, chance.choice((source, None)), "2026-07-01"))
            told = [str(item) for item in items if not isinstance(item, RawRecord)]
        except LoadFailed as error:
            told = [printable(str(error))]
        assert time.process_time() - began < SECONDS, number
        assert not [line for line in told if CONTROL.search(line)], number
