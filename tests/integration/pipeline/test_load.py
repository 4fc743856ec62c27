"""Files into ``raw_data``: each sample, twice, and what is malformed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, text

from mlb_perf.errors import LoadFailed
from mlb_perf.pipeline.load.ingest import RawRecord, ingest, read_file, read_response
from mlb_perf.pipeline.sample import ODDS, SCHEDULE
from tests.integration.pipeline.malformed import MALFORMED, count, event, malformed_file
from tests.support.checkout import SAMPLES, needs_samples
from tests.support.sql import rows, run
from tests.support.waiting import wait_for_rows


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    return malformed_file(tmp_path)


def test_our_own_samples(head: Engine) -> None:
    first = ingest(head, read_file(ODDS))
    assert (first.read, first.loaded, first.malformed) == (1889, 1889, [])
    assert ingest(head, read_file(SCHEDULE)).loaded == 40
    again = ingest(head, read_file(ODDS))
    assert (again.loaded, again.already_there) == (0, 1889)


# What each holds: its table, records, and distinct rows.
COUNTS = {
    "oddsapi_mlb_2026_snapshots.jsonl.gz": ("odds_api_odds", 10_134, 6_985),
    "sbd_betting_splits_2025-06-13.json.gz": ("sbd_splits", 105, 105),
    "splits_2025-06-19.csv.gz": ("vsin_splits", 180, 158),
    "game_outlook_2024.csv.gz": ("game_results", 2_429, 2_429),
    "game_outlook_2025.csv.gz": ("game_results", 2_430, 2_430),
    "retrosheet_GL2019.TXT.gz": ("game_results", 2_429, 2_429),
}


@needs_samples
@pytest.mark.parametrize("name", COUNTS)
def test_the_public_samples_twice(head: Engine, name: str) -> None:
    table, read, distinct = COUNTS[name]
    first = ingest(head, read_file(SAMPLES / name))
    assert (first.read, first.loaded, first.malformed) == (read, distinct, [])
    assert count(head, f"raw_data.{table}") == distinct
    again = ingest(head, read_file(SAMPLES / name))
    assert (again.loaded, again.read, again.malformed) == (0, first.read, [])
    if table == "odds_api_odds":
        assert_payloads_are_the_responses(head, SAMPLES / name)


def assert_payloads_are_the_responses(engine: Engine, path: Path) -> None:
    expected = {}
    with gzip.open(path) as file:
        for line in file:
            for events in json.loads(line)["payload"].values():
                for each in events:
                    for book in each["bookmakers"]:
                        key = (each["id"], book["key"], book["last_update"])
                        expected[key] = {**each, "bookmakers": [book]}
    query = "SELECT external_game_id, sportsbook_key, collected_at, payload"
    found = {
        (game, book, f"{at:%Y-%m-%dT%H:%M:%SZ}"): payload
        for game, book, at, payload in rows(engine, f"{query} FROM raw_data.odds_api_odds")
    }
    assert found == expected


def test_what_is_malformed_is_told_and_kept_once(head: Engine, lines: Path) -> None:
    for loaded, there in ((13, 0), (0, 13)):
        report = ingest(head, read_file(lines))
        assert (report.read, report.loaded, report.already_there) == (15, loaded, there)
        assert list(map(str, report.malformed)) == MALFORMED
    bad, book = rows(
        head,
        "SELECT external_game_id, source, raw_table, sportsbook_key, reason_code, reason, "
        "record ->> 'text', origin FROM staging.rejected_records ORDER BY origin",
    )
    reasons = [told.partition(": ")[2] for told in MALFORMED]
    start = ("odds_api", "odds_api_odds", None, "malformed_record")
    assert bad == ("", *start, reasons[0], '{"broken": ', "odds.jsonl:3")
    assert book[:6] == ("g9", *start, reasons[1])
    (whole,) = json.loads(event("g9", "a").replace("2026-07-01T17:00:01Z", "never"))
    assert json.loads(book[6]) == whole


# Of a feed that was broken for two weeks: without an id of a game, a record a minute.
BROKEN_FOR_LONG = """
    INSERT INTO staging.rejected_records (external_game_id, source, raw_table, collected_at,
        reason_code, reason, record, origin)
    SELECT '', 'odds_api', 'odds_api_odds', now() - n * interval '1 minute', 'malformed_record',
        'not JSON', jsonb_build_object('text', n, 'sha256', md5(n::text)), 'odds.jsonl:3'
    FROM generate_series(1, 20000) AS n"""
READ = (
    "SELECT n_tup_ins, seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables"
    " WHERE relid = 'staging.rejected_records'::regclass"
)


def test_what_is_kept_of_long_ago_is_not_read_again(head: Engine, lines: Path) -> None:
    """A malformed record costs the same, however many of its kind there are."""
    run(head, BROKEN_FOR_LONG, "VACUUM (ANALYZE) staging.rejected_records")
    before = wait_for_rows(head, f"SELECT * FROM ({READ}) AS _ (kept, read) WHERE kept = 20000")
    assert len(ingest(head, read_file(lines)).malformed) == 2
    after = wait_for_rows(head, f"SELECT * FROM ({READ}) AS _ (kept, read) WHERE kept = 20002")
    assert after[0][1] - before[0][1] < 10
    assert len(ingest(head, read_file(lines)).malformed) == 2
    assert count(head, "staging.rejected_records") == 20_002


def test_a_rejected_part_may_have_a_long_value_of_that_name(head: Engine) -> None:
    """Of a feed whose payloads have a key sha256: no index takes 20,000 characters."""
    run(head, """
        INSERT INTO staging.rejected_records (external_game_id, source, raw_table, collected_at,
            reason_code, reason, record)
        SELECT 'g', 'vsin', 'vsin_splits', now(), 'empty_split', 'empty',
            jsonb_build_object('sha256', string_agg(md5(n::text), ''))
        FROM generate_series(1, 700) AS n""")  # fmt: skip
    kept = rows(head, "SELECT length(record ->> 'sha256') FROM staging.rejected_records")
    assert kept == [(22_400,)]


def test_another_payload_for_a_key_is_told(head: Engine) -> None:
    books = ("a", "b")

    def load(body: str, name: str) -> list[str]:
        report = ingest(head, read_response(body, "odds_api", name=name))
        return list(map(str, report.malformed))

    assert load(event("g", *books), "first") == []
    assert load(event("g", *books, price=1.90), "same") == []
    expected = "other:1: differs from first:1, which has the same key"
    assert load(event("g", *books, price=2), "other") == [expected, expected]
    both = f"[{event('h', 'a')[1:-1]},{event('h', 'a', price=2)[1:-1]}]"
    assert load(both, "both") == ["both:2: differs from both:1, which has the same key"]
    kept = rows(
        head,
        "SELECT external_game_id, sportsbook_key, reason_code, record ->> 'text' "
        "FROM staging.rejected_records ORDER BY 1, 2",
    )
    assert [row[:3] for row in kept] == [
        ("g", "a", "conflicting_record"),
        ("g", "b", "conflicting_record"),
        ("h", "a", "conflicting_record"),
    ]
    assert json.loads(kept[2][3]) == json.loads(event("h", "a", price=2))[0]


def test_keys_that_are_there_are_found_among_new_ones(head: Engine) -> None:
    """A batch that is not all new is compared, and what differs is reported with its record."""
    old = [*read_response(event("c", "a", "b"), "odds_api", name="old")]
    assert ingest(head, old).loaded == 2
    bodies = [event(game, "b", "a", price=3 if game == "c" else 1.9) for game in "dcba"]
    news = [
        r for n, body in enumerate(bodies) for r in read_response(body, "odds_api", name=str(n))
    ]
    report = ingest(head, [*news, *news[:2], *old])
    assert (report.read, report.loaded, report.already_there) == (12, 6, 4)
    assert list(map(str, report.malformed)) == [
        "1:1: differs from old:1, which has the same key" for _ in "ab"
    ]
    assert count(head, "raw_data.odds_api_odds") == 8


def test_what_differs_is_told_as_often_as_it_comes(head: Engine) -> None:
    assert ingest(head, read_response(event("g", "a"), "odds_api", name="old")).loaded == 1
    (other,) = read_response(event("g", "a", price=2), "odds_api", name="other")
    report = ingest(head, [other, other])
    assert (report.read, report.loaded, report.already_there) == (2, 0, 0)
    expected = "other:1: differs from old:1, which has the same key"
    assert list(map(str, report.malformed)) == [expected, expected]


def test_new_keys_need_no_temporary_table(head: Engine) -> None:
    """They are copied straight; a record that comes again in the batch is no other key."""
    items = [
        *read_response(event("g", "a"), "odds_api"),
        *read_response(event("h", "a"), "odds_api"),
    ]
    with head.begin() as connection:
        report = ingest(connection, [*items, *items[:1], *items])
        assert (report.loaded, report.already_there, report.malformed) == (2, 3, [])
        made = text("SELECT pg_my_temp_schema() <> 0")
        assert not connection.execute(made).scalar_one()
        ingest(connection, items)
        assert connection.execute(made).scalar_one()


def test_what_only_the_server_refuses(head: Engine) -> None:
    """A number that fits JSON and no numeric, and keys that an application did not check."""
    (good,) = read_response(event("g", "a"), "odds_api")
    (huge,) = read_response(event("g", "b").replace("1.9", "1e200000"), "odds_api")
    assert isinstance(good, RawRecord)
    assert isinstance(huge, RawRecord)
    bad = [
        replace(good, external_game_id="x" * 65),
        replace(good, sportsbook_key=None),
        replace(good, origin="half \ud800"),
        replace(good, payload="{"),
        replace(good, payload='"\x00"'),
    ]
    sound = [replace(good, external_game_id=f"tab\t\\N\n{n}") for n in range(20)]
    report = ingest(head, [*sound[:9], huge, *bad, *sound[9:]])
    assert (report.loaded, len(report.malformed)) == (20, 6)
    assert all("the server refuses it: " in str(problem) for problem in report.malformed)
    assert count(head, "staging.rejected_records") == 6
    games = rows(head, "SELECT external_game_id FROM raw_data.odds_api_odds")
    assert {game for (game,) in games} == {record.external_game_id for record in sound}


def test_a_transaction_of_the_callers(head: Engine, lines: Path) -> None:
    with head.connect() as connection:
        report = ingest(connection, read_file(lines), batch_rows=4)
        assert (report.loaded, len(report.malformed)) == (13, 2)
        connection.rollback()
    assert count(head, "raw_data.odds_api_odds") == 0
    assert count(head, "operational.pipeline_execution_log") == 0
    with head.connect() as connection:
        assert ingest(connection, read_file(lines)).loaded == 13
        connection.commit()
    assert count(head, "raw_data.odds_api_odds") == 13
    with (
        head.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        pytest.raises(LoadFailed, match="commits each statement"),
    ):
        ingest(connection, [])


def test_strictly_nothing_is_loaded(head: Engine, lines: Path) -> None:
    with pytest.raises(LoadFailed, match=r"odds\.jsonl:3: not JSON.*nothing is loaded"):
        ingest(head, read_file(lines), batch_rows=2, strict=True)
    conflicting = [*read_response(event("g", "a"), "odds_api")]
    conflicting += read_response(event("g", "a", price=2), "odds_api")
    with pytest.raises(LoadFailed, match="differs from odds_api:1"):
        ingest(head, conflicting, strict=True)
    assert count(head, "raw_data.odds_api_odds") == 0
    assert count(head, "staging.rejected_records") == 0
    log = "SELECT stage, status, rows_written, error_message FROM operational."
    (first, second) = rows(head, f"{log}pipeline_execution_log ORDER BY execution_id")
    assert first[:3] == second[:3] == ("load", "failed", 0)
    assert "odds.jsonl:3" in first[3]
