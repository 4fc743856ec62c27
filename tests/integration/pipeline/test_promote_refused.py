"""What the server refuses: set aside with its reason, while all the rest goes on."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine
from typer.testing import CliRunner

from mlb_perf.cli.app import app
from mlb_perf.pipeline.promote import promote, retry_rejected
from tests.integration.pipeline.feeds import START, odds_row, store
from tests.support.sql import rows, run

REJECTED = (
    "SELECT external_game_id, reason_code, reason, origin FROM staging.rejected_records"
    " WHERE resolved_at IS NULL ORDER BY 1"
)
PARKED = "SELECT game_id, reason FROM performance_monitoring.parked_games"
LINES = (
    "SELECT DISTINCT m.external_game_id FROM curated.betting_lines_unified"
    " JOIN curated.game_id_mappings AS m USING (game_id) ORDER BY 1"
)


def games(engine: Engine, count: int) -> list[str]:
    """One block of each of some games, days apart."""
    names = [f"g{number:02d}" for number in range(count)]
    with engine.connect() as connection:
        store(
            connection,
            [
                odds_row(name, start=(start := START - dt.timedelta(days=number)),
                         at=start - dt.timedelta(hours=5))
                for number, name in enumerate(names)
            ],
        )  # fmt: skip
    run(engine, "UPDATE raw_data.odds_api_odds SET origin = 'f.jsonl:' || external_game_id")
    return names


def test_a_row_that_staging_refuses(head: Engine) -> None:
    """It is found among 30, and rejected with its origin and the server's words."""
    names = games(head, 30)
    run(head, "ALTER TABLE staging.betting_odds_unified ADD CONSTRAINT not_these"
              " CHECK (external_game_id NOT IN ('g07', 'g20'))")  # fmt: skip
    report = promote(head.url, batch_rows=16)
    assert (report.rows, report.promoted, report.rows_rejected) == (30, 28, 2)
    assert (report.quotes, report.rejected, report.games) == (56, 2, 28)
    found = rows(head, REJECTED)
    assert [(row[0], row[1], row[3]) for row in found] == [
        ("g07", "refused_by_server", "f.jsonl:g07"), ("g20", "refused_by_server", "f.jsonl:g20"),
    ]  # fmt: skip
    assert 'violates check constraint "not_these"' in found[0][2]
    assert [row[0] for row in rows(head, LINES)] == [
        name for name in names if name not in ("g07", "g20")
    ]
    run(head, "ALTER TABLE staging.betting_odds_unified DROP CONSTRAINT not_these")
    with head.begin() as connection:
        assert retry_rejected(connection) == 2
    assert promote(head.url).quotes == 4
    assert rows(head, REJECTED) == []


def test_a_quote_that_staging_refuses(head: Engine) -> None:
    """It alone of its block is set aside, with its file and line; so is a split."""
    with head.connect() as connection:
        row = odds_row("g1")
        row[3]["bookmakers"][0]["markets"] += [
            {"key": "totals", "outcomes": [{"name": "Over", "price": 1.9, "point": 8.5},
                                           {"name": "Under", "price": 1.95, "point": 8.5}]},
            {"key": "spreads", "outcomes": [{"name": "Boston Red Sox", "price": 2.4, "point": -1.5},
                                            {"name": "New York Yankees", "price": 1.6,
                                             "point": 1.5}]},
        ]  # fmt: skip
        store(connection, [row, odds_row("g1", "betmgm")])
        split = {"bets": 10, "betsPercentage": 50, "stakePercentage": 50}
        body = {"_id": "s1", "date": "2026-07-20T23:05:00Z", "home": {"code": "BOS"},
                "away": {"code": "NYY"},
                "sportsbooks": [{"_id": "betmgm", "odds": {"moneyline": {
                    "home": {"american": "-110"}, "away": {"american": "-105"}}}}],
                "bettingSplits": {"moneyline": {"home": split, "away": split},
                                  "total": {"over": split, "under": split}}}  # fmt: skip
        store(connection, [("s1", "betmgm", row[2], body)], "sbd_splits")
    run(
        head,
        "UPDATE raw_data.odds_api_odds SET origin = 'f.jsonl:' || sportsbook_key",
        "UPDATE raw_data.sbd_splits SET origin = 's.json:1'",
        "ALTER TABLE staging.betting_odds_unified ADD CONSTRAINT not_this"
        " CHECK (sportsbook_key <> 'fanduel' OR side <> 'under')",
        "ALTER TABLE staging.betting_splits ADD CONSTRAINT no_total CHECK (market_type <> 'total')",
    )
    for _ in range(2):  # the row tells the same at each attempt
        report = promote(head.url)
        assert (report.rows_rejected, report.rejected) == (0, 2)
        found = rows(head, REJECTED)
        assert [(row[0], row[1], row[3]) for row in found] == [
            ("g1", "refused_by_server", "f.jsonl:fanduel"), ("s1", "refused_by_server", "s.json:1"),
        ]  # fmt: skip
        assert "side under, line 8.5, price 1.95 at fanduel" in found[0][2]
        assert 'violates check constraint "not_this"' in found[0][2]
        assert "split of market total at betmgm" in found[1][2]
        assert rows(
            head,
            "SELECT l.source, b.key, count(*) FROM curated.betting_lines_unified AS l"
            " JOIN curated.sportsbooks AS b USING (sportsbook_id) GROUP BY 1, 2 ORDER BY 1, 2",
        ) == [("odds_api", "betmgm", 2), ("odds_api", "fanduel", 5), ("sbd", "betmgm", 2)]
        with head.begin() as connection:
            assert retry_rejected(connection) == 3  # each row of the game at that moment
    run(head, "ALTER TABLE staging.betting_odds_unified DROP CONSTRAINT not_this",
              "ALTER TABLE staging.betting_splits DROP CONSTRAINT no_total")  # fmt: skip
    assert (promote(head.url).quotes, rows(head, REJECTED)) == (1, [])
    assert rows(head, "SELECT count(*) FROM curated.unified_betting_splits") == [(2,)]


def test_a_game_that_curated_refuses(head: Engine) -> None:
    """It is parked, printed by the command, tried again with its next news, and costs no other."""
    names = games(head, 9)
    run(head, "ALTER TABLE curated.betting_lines_unified ADD CONSTRAINT not_that_day"
              " CHECK (game_date <> '2026-07-18')")  # fmt: skip
    report = promote(head.url, workers=2)
    assert (report.games, report.parked, report.rejected) == (8, 1, 0)
    assert [row[0] for row in rows(head, LINES)] == [name for name in names if name != "g02"]
    ((_, reason),) = rows(head, PARKED)
    assert 'violates check constraint "not_that_day"' in reason
    said = CliRunner().invoke(app, ["promote"]).output
    assert "parked games" in said
    assert "NYY@BOS on 2026-07-18" in said
    assert "not_that_day" in said

    run(head, "ALTER TABLE curated.betting_lines_unified DROP CONSTRAINT not_that_day")
    assert promote(head.url).games == 0
    with head.connect() as connection:
        start = START - dt.timedelta(days=2)
        at = start - dt.timedelta(hours=4)
        store(connection, [odds_row("g02", start=start, at=at, prices=(1.7, 2.2))])
    assert promote(head.url).games == 1
    assert [row[0] for row in rows(head, LINES)] == names
    assert rows(head, PARKED) == []


def test_a_game_that_cannot_be_described(head: Engine) -> None:
    """Its rows are rejected with the server's reason; the games beside it are made."""
    games(head, 9)
    run(head, "ALTER TABLE curated.enhanced_games ADD CONSTRAINT not_that_day"
              " CHECK (game_date <> '2026-07-18')")  # fmt: skip
    report = promote(head.url)
    assert (report.promoted, report.rows_rejected, report.games) == (8, 1, 8)
    found = rows(head, REJECTED)
    assert [row[:2] for row in found] == [("g02", "unknown_game")] * 2
    assert "not_that_day" in found[0][2]


def test_a_start_that_no_game_can_have(head: Engine) -> None:
    """Long ago or far ahead: the rows say bad_time, and the game beside has its lines."""
    far, old = START.replace(year=2062), START.replace(year=1850)
    with head.connect() as connection:
        store(connection, [odds_row("far", start=far), odds_row("old", start=old),
                           odds_row("good")])  # fmt: skip
    report = promote(head.url)
    assert (report.promoted, report.rows_rejected, report.quotes) == (1, 2, 2)
    assert [row[:2] for row in rows(head, REJECTED)] == [
        ("far", "bad_time"), ("far", "bad_time"), ("old", "bad_time"), ("old", "bad_time"),
    ]  # fmt: skip
    assert rows(head, LINES) == [("good",)]


def test_nothing_promoted_is_an_exit_status(head: Engine) -> None:
    with head.connect() as connection:
        store(connection, [odds_row("a", home="Isotopes")])
    runner = CliRunner()
    found = runner.invoke(app, ["promote"])
    assert found.exit_code == 1
    assert "1 raw rows" in found.output
    assert "0 promoted, 1 rejected, 0 with nothing offered" in found.output
    again = runner.invoke(app, ["promote"])
    assert again.exit_code == 0


def test_what_is_not_offered_is_counted(head: Engine) -> None:
    """Neither a quote nor a rejection; a row of nothing else is told apart from both."""
    with head.connect() as connection:
        store(connection, [
            odds_row("g1", prices=("NA", 1.9)), odds_row("g1", "draftkings", prices=("", None)),
            odds_row("g1", "betmgm", prices=("-", "nan")), odds_row("g1", "bovada"),
        ])  # fmt: skip
    report = promote(head.url)
    assert (report.rows, report.promoted, report.rows_rejected, report.rows_not_offered) == (
        4, 2, 0, 2,
    )  # fmt: skip
    assert (report.quotes, report.rejected, report.not_offered) == (3, 0, 5)
    assert rows(head, REJECTED) == []
    details = rows(head, "SELECT details FROM operational.pipeline_execution_log")[0][0]
    assert (details["promoted"], details["not_offered"], details["rows"]) == (2, 5, 4)
