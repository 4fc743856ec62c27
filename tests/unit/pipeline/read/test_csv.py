"""Rows of CSV files: splits, results and game logs, and files that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.read.layout import Layout
from mlb_perf.pipeline.read.reader import read_file
from mlb_perf.pipeline.records import Malformed, RawRecord
from tests.support.effort import tries
from tests.unit.pipeline.read.csv_files import WIDE, moment, read, refusals, rows

SPLITS = "game_id,split_type,last_updated,source,book,bets"
RESULTS = "game_pk,date,home_team_score,away_team_score,venue"


def test_splits(file: Path) -> None:
    found = rows(
        read(
            file,
            SPLITS,
            "777,Moneyline,2025-06-19T23:11:05.578000,VSIN,DraftKings,5",
            "777,total,2025-06-19T23:11:05+02:00,SBD,,6",
            "777,first five,2025-06-19,SBD,,7",
        )
    )
    assert found[0] == RawRecord(
        "vsin_splits",
        "777",
        moment(2025, 6, 19, 23, 11, 5, 578000),
        '{"game_id":"777","split_type":"Moneyline","last_updated":"2025-06-19T23:11:05.578000",'
        '"source":"VSIN","book":"DraftKings","bets":"5"}',
        "f.csv:2",
        "draftkings",
        "moneyline",
    )
    assert found[1].sportsbook_key == "sbd_consensus"
    assert found[1].collected_at == moment(2025, 6, 19, 21, 11, 5)
    assert found[2].market_type == "unknown"


def test_broken_rows_are_named_and_alone(file: Path) -> None:
    sound = "777,total,2025-06-19T23:11:05,VSIN,circa,5"
    items = read(
        file,
        SPLITS,
        "777,total,yesterday,VSIN,circa,5",
        "777,total,2025-06-19T23:11:05,,,5",
        ",total,2025-06-19T23:11:05,VSIN,circa,5",
        "777,total",
        sound,
        '777,total,2025-06-19T23:11:05,VSIN,"circa,5',
        sound,
        '777,total,2025-06-19T23:11:05,VSIN,ci"rca,"5"x',
        "777,total,2025-06-19T23:11:05,VSIN,circa,\x00",
        "",
        sound,
    )
    assert refusals(items) == [
        "f.csv:2: last_updated 'yesterday' is not a time in ISO 8601",
        "f.csv:3: neither book nor source is given",
        "f.csv:4: game_id is empty",
        "f.csv:5: 2 fields; the header has 6",
        "f.csv:7: not CSV: a quote is not closed",
        "f.csv:9: not CSV: ',' expected after '\"'",
        "f.csv:10: it holds a NUL character (\\u0000), which PostgreSQL cannot store",
    ]
    assert [row.origin for row in items if isinstance(row, RawRecord)] == [
        "f.csv:6", "f.csv:8", "f.csv:12",
    ]  # fmt: skip


def test_a_quoted_field_over_lines(file: Path) -> None:
    first, second = rows(
        read(file, RESULTS, '1,2024-03-20,2,5,"Two\nlines, ""quoted"""', "2,2024-03-21,2,5,x")
    )
    assert json.loads(first.payload)["venue"] == 'Two\nlines, "quoted"'
    assert (first.origin, second.origin) == ("f.csv:2", "f.csv:4")


def test_a_stray_quote_does_not_swallow_rows_up_to_the_next(file: Path) -> None:
    sound = "2,2024-03-21,2,5,Park"
    items = read(file, RESULTS, '1,2024-03-20,2,5,"Park', sound, '3,2024-03-22,2,5,"Park"', sound)
    assert refusals(items) == ["f.csv:2: not CSV: a quote is not closed"]
    assert len(items) == 4


def test_bytes_that_are_no_utf8(file: Path) -> None:
    file.write_bytes(f"{RESULTS}\n1,2024-03-20,2,5,\xe9\n2,2024-03-21,1,0,x\r\n".encode("latin-1"))
    refused, row = read_file(file)
    assert isinstance(refused, Malformed)
    assert (str(refused), refused.text) == (
        "f.csv:2: not UTF-8 at byte 18 of the line; say --encoding, such as cp1252",
        "1,2024-03-20,2,5,\\xe9",
    )
    assert isinstance(row, RawRecord)
    assert json.loads(row.payload)["venue"] == "x"


def test_results(file: Path) -> None:
    found = rows(read(file, RESULTS, "745444,2024-03-20,2,5,Dome", "745445,20240331,2,5,Dome"))
    assert astuple(found[0])[:3] == ("game_results", "745444", moment(2024, 3, 21, 12))
    assert found[0].source == "game_results"
    assert found[1].collected_at == moment(2024, 4, 1, 12)


def test_retrosheet_from_its_first_season_on(file: Path) -> None:
    fields = ["18710504", "0", "Thu", "CL1", "na", "1", "FW1", *["x"] * 154]
    row, early = read(file, ",".join(fields), ",".join(["17760704", *fields[1:]]))
    assert isinstance(row, RawRecord)
    assert (row.external_game_id, row.collected_at) == ("18710504FW10", moment(1871, 5, 5, 12))
    assert refusals([early]) == [
        "f.csv:2: date 1776-07-04T00:00:00+00:00 is not between 1871 and 2100"
    ]


def test_retrosheet(file: Path) -> None:
    fields = ["20190320", "0", "Wed", "SEA", "AL", "1", "OAK", *["x"] * 154]
    row, short, late, odd = read(
        file,
        ",".join(f'"{field}"' for field in fields),
        '"20190321","0"',
        ",".join(["20190231", *fields[1:]]),
        ",".join(["20190321", "9", *fields[2:]]),
    )
    assert row == RawRecord(
        "game_results",
        "20190320OAK0",
        moment(2019, 3, 21, 12),
        json.dumps({"fields": fields}, separators=(",", ":")),
        "f.csv:1",
        source="retrosheet",
    )
    assert refusals([short, late, odd]) == [
        "f.csv:2: 2 fields; a game log has 161",
        "f.csv:3: date '20190231' is not a time in ISO 8601",
        "f.csv:4: number of the game is '9'",
    ]


def test_headers_that_cannot_be_read(file: Path) -> None:
    with pytest.raises(LoadFailed, match=r"f\.csv has no column H; it has Date, A"):
        read(file, "Date,A", "1,2", options=WIDE)
    with pytest.raises(LoadFailed, match=r"f\.csv has the column A more than once: Date, A, A, H"):
        read(file, "Date,A,A,H,ML 1", "1,2,3,4,5", options=WIDE)
    with pytest.raises(LoadFailed, match="is of no source that is known by its content"):
        read(file, "a,b", "1,2")
    with pytest.raises(LoadFailed, match="is empty"):
        read(file, "")
    with pytest.raises(LoadFailed, match="line_history needs --map"):
        list(read_file(file, "line_history"))
    with pytest.raises(LoadFailed, match="cannot be read: No such file"):
        list(read_file(file.parent / "absent"))


@settings(max_examples=tries(50))
@given(st.lists(st.text(st.characters(exclude_characters='"\n', codec="utf-8"), max_size=40)))
def test_each_line_is_one_record_whatever_is_in_it(lines: list[str]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "f.csv"
        file.write_text("\n".join([RESULTS, *lines]), encoding="utf-8", newline="")
        items = list(read_file(file, "game_results"))
    numbers = [n for n, line in enumerate(lines, 2) if line.encode().strip()]
    assert [item.origin for item in items] == [f"f.csv:{n}" for n in numbers]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04\x14\x00", "is an Excel file: save it as CSV"),
        (b"Date;A;H;ML 1\n1;2;3;4\n", r"f\.csv is separated by ;: say --delimiter ';'"),
        (b"Date\tA\tH\tML 1\n1\t2\t3\t4\n", r"f\.csv is separated by tab: say --delimiter 'tab'"),
    ],
)
def test_files_of_another_form_say_what_to_do(file: Path, content: bytes, message: str) -> None:
    file.write_bytes(content)
    with pytest.raises(LoadFailed, match=message):
        list(read_file(file, line_history=WIDE))


def test_other_files_of_retrosheet_are_named(file: Path) -> None:
    with pytest.raises(LoadFailed, match=r"of Retrosheet the game logs are \(gl2023\.txt\)"):
        read(file, "gid,visteam,hometeam,site,date", "SEA202304010,CLE,SEA,SEA03,20230401")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_other_encodings(file: Path, encoding: str) -> None:
    file.write_text(f"{RESULTS}\n1,2024-03-20,2,5,Caf\xe9 \u2013 park\n", encoding=encoding)
    (row,) = read_file(file, layout=Layout(encoding=encoding))
    assert isinstance(row, RawRecord)
    assert json.loads(row.payload)["venue"] == "Caf\xe9 \u2013 park"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"delimiter": "ab"}, "--delimiter 'ab': give one character, or tab"),
        ({"encoding": "latin-77"}, "--encoding latin-77: unknown"),
        ({"timezone": "Seattle"}, "--timezone Seattle: unknown"),
    ],
)
def test_layouts_that_cannot_be(changed: dict[str, str], message: str) -> None:
    with pytest.raises(LoadFailed, match=message):
        Layout(**changed)  # type: ignore[arg-type]
