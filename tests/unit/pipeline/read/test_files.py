"""Files as such: gzip, lines and documents, moments, and whose they are."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import threading
from pathlib import Path

import pytest

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read.files import HEAD_BYTES
from mlb_perf.pipeline.read.reader import read_file, recognised
from mlb_perf.pipeline.records import Item, Malformed, RawRecord
from mlb_perf.pipeline.sample import ODDS, SCHEDULE, make

EVENT = {
    "id": "e",
    "sport_key": "baseball_mlb",
    "commence_time": "2026-07-01T23:10:00Z",
    "bookmakers": [{"key": "b", "last_update": "2026-07-01T17:00:01Z"}],
}
GAME = {"id": 7, "start_time": "2026-07-01", "home_team_id": 1, "away_team_id": 2}

BEGINNINGS = {
    "odds_api": json.dumps([EVENT]),
    "action_network": json.dumps({"games": [GAME]}),
    "sbd": json.dumps({"group": "x", "games": [{"_id": "1", "bettingSplits": {}}]}, indent=2),
    "mlb_stats_api": json.dumps({"dates": [{"games": [{"gamePk": 1}]}]}),
    "vsin": "id,game_id,split_type,last_updated,source,book\n",
    "game_results": "id,game_pk,date,home_team_score,away_team_score\n",
    "retrosheet": ",".join(['"20190320"', *['"x"'] * 160]),
}


def origins(items: list[Item]) -> list[str]:
    return [f"{item.origin}{'!' * isinstance(item, Malformed)}" for item in items]


@pytest.mark.parametrize("source", BEGINNINGS)
@pytest.mark.parametrize("packed", [False, True])
def test_sources_are_recognised(source: str, packed: bool, tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + BEGINNINGS[source].encode()
    (tmp_path / "f").write_bytes(gzip.compress(data) if packed else data)
    assert recognised(tmp_path / "f") == source


@pytest.mark.parametrize("data", ["{}", "[1]", "a,b\n", "text", "\x00\x01", '{"games": []}'])
def test_what_is_nobodys(data: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_text(data)
    with pytest.raises(LoadFailed, match=r"name it with --source NAME:\n  odds_api: "):
        recognised(tmp_path / "f")


LINE = json.dumps([EVENT])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{LINE}\n{LINE}\n", ["f:1", "f:2"]),
        (f"{LINE}\n\n{{broken\n{LINE}", ["f:1", "f:3!", "f:4"]),
        (f'{{"commence_time": "sport_key":\n{LINE}\n{LINE}', ["f:1!", "f:2", "f:3"]),
        (json.dumps([EVENT, EVENT], indent=1), ["f:1", "f:2"]),
        (f"[\n{json.dumps(EVENT)},\n{json.dumps(EVENT)}\n]", ["f:1", "f:2"]),
        (f"[{json.dumps(EVENT)},\n{json.dumps(EVENT)},\n7]", ["f:1", "f:2", "f:3!"]),
        (json.dumps(EVENT), ["f:1"]),
    ],
)
def test_lines_and_documents(text: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "f").write_text(text)
    assert origins(list(read_file(tmp_path / "f"))) == expected


def test_lines_longer_than_what_is_looked_at(tmp_path: Path) -> None:
    long = json.dumps([EVENT | {"sport_title": "x" * (2 * HEAD_BYTES)}])
    (tmp_path / "f").write_text(f"{long}\n{long}\n{LINE}\n")
    assert origins(list(read_file(tmp_path / "f", "odds_api"))) == ["f:1", "f:2", "f:3"]


def test_gzip_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    lines = "".join(
        json.dumps([EVENT | {"id": os.urandom(16).hex()}]) + "\n" for _ in range(20_000)
    )
    whole = gzip.compress(lines.encode())
    (tmp_path / "f").write_bytes(whole[: len(whole) // 2])
    *before, last = read_file(tmp_path / "f")
    assert isinstance(last, Malformed)
    assert "the gzip data break off here" in last.reason
    assert len(before) > 5_000
    assert all(isinstance(item, RawRecord) for item in before)
    assert last.origin == f"f:{len(before) + 1}"


def test_a_pipe_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(gzip.compress(LINE.encode()),))
    writer.start()
    assert origins(list(read_file(pipe))) == ["pipe:1"]
    writer.join()


def test_moments_of_files(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text(BEGINNINGS["mlb_stats_api"])
    os.utime(path, (1_750_000_000.5, 1_750_000_000.5))

    def moment(given: str | dt.datetime | None = None) -> dt.datetime:
        (item,) = read_file(path, collected_at=given)
        assert isinstance(item, RawRecord)
        return item.collected_at

    written = dt.datetime.fromtimestamp(1_750_000_000, dt.UTC)
    assert moment() == written
    assert moment("2026-07-01T18:30:00+02:00").isoformat() == "2026-07-01T16:30:00+00:00"
    naive = written.replace(tzinfo=None)
    assert moment(naive) == written
    os.utime(path, (0, 0))
    with pytest.raises(LoadFailed, match="between 2000 and 2100; give --collected-at"):
        moment()


def test_progress_is_told_in_bytes_of_the_file(tmp_path: Path) -> None:
    told: list[int] = []
    (tmp_path / "f").write_bytes(packed := gzip.compress(LINE.encode()))
    list(read_file(tmp_path / "f", on_bytes=told.append))
    assert told[-1] == len(packed)


def test_origins_fit_their_column(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 250 + ".json")
    path.write_text(LINE)
    (item,) = read_file(path)
    assert item.origin.endswith("x.json:1")
    assert len(item.origin) <= 255


def test_the_samples_are_what_their_maker_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, path in (("ODDS", ODDS), ("SCHEDULE", SCHEDULE)):
        monkeypatch.setattr(make, name, tmp_path / path.name)
    make.make()
    for path in (ODDS, SCHEDULE):
        made = gzip.decompress((tmp_path / path.name).read_bytes())
        assert made == gzip.decompress(path.read_bytes())
    assert recognised(ODDS) == "odds_api"
    assert recognised(SCHEDULE) == "mlb_stats_api"
