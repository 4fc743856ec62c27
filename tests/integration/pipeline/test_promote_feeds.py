"""Every feed from its file to curated: one game a game, faults rejected by name."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from sqlalchemy import Engine

from mlb_perf.pipeline.load.ingest import LineHistory, ingest, read_file, read_response
from mlb_perf.pipeline.promote import promote
from tests.integration.pipeline.feeds import START
from tests.support.checkout import SAMPLES, needs_samples
from tests.support.sql import rows


@needs_samples
def test_all_samples_together(head: Engine) -> None:
    """Seasons of results, odds, splits: a game that several sources know is one game."""
    for name in (
        "game_outlook_2025.csv.gz", "retrosheet_GL2019.TXT.gz", "splits_2025-06-19.csv.gz",
        "sbd_betting_splits_2025-06-13.json.gz", "oddsapi_mlb_2026_snapshots.jsonl.gz",
    ):  # fmt: skip
        ingest(head, read_file(SAMPLES / name))
    report = promote(head.url, workers=2)
    assert report.rows == 2430 + 2429 + 158 + 105 + 6985
    assert report.not_offered == 182
    games = rows(
        head,
        "SELECT season, count(*), count(scheduled_start_at), count(home_score)"
        " FROM curated.enhanced_games GROUP BY season ORDER BY season",
    )
    # 2025: 29 games of the split rows and 15 of SportsBettingDime, all among the results
    assert games == [(2019, 2429, 0, 2429), (2025, 2430, 44, 2430), (2026, 451, 451, 0)]
    rejected = rows(
        head,
        "SELECT source, reason_code, count(*) FROM staging.rejected_records"
        " GROUP BY source, reason_code ORDER BY source",
    )
    assert rejected == [("vsin", "empty_split", 12)]
    hot = rows(head, "SELECT count(*) FROM raw_data.sbd_splits WHERE processed_at IS NULL")
    assert hot == [(0,)]
    bet365 = rows(
        head,
        "SELECT count(*) FROM curated.betting_lines_unified JOIN curated.sportsbooks"
        " USING (sportsbook_id) WHERE key = 'bet365'",
    )
    assert bet365 == [(0,)]


@needs_samples
def test_split_rows_stand_in_new_yorks_time(head: Engine) -> None:
    """1:20 PM in Chicago stands as 14:20 in the file: 18:20 UTC."""
    ingest(head, read_file(SAMPLES / "splits_2025-06-19.csv.gz"))
    promote(head.url)
    start = "SELECT scheduled_start_at::text FROM curated.enhanced_games WHERE game_pk = 777436"
    assert rows(head, start) == [("2025-06-20 18:20:00+00",)]


ACTION_NETWORK = {
    "games": [
        {
            "id": 257001, "status": "scheduled", "start_time": "2026-07-20T23:05:00.000Z",
            "home_team_id": 2, "away_team_id": 3,
            "teams": [
                {"id": 3, "full_name": "New York Yankees", "abbr": "NYY"},
                {"id": 2, "full_name": "Boston Red Sox", "abbr": "BOS"},
            ],
            "odds": [
                {
                    "type": "game", "book_id": 15, "inserted": "2026-07-20T18:00:00.000Z",
                    "ml_home": -120, "ml_away": 110, "spread_home": -1.5, "spread_away": 1.5,
                    "spread_home_line": 150, "spread_away_line": -170, "total": 8.5,
                    "over": -105, "under": -115, "ml_home_public": 35, "ml_away_public": 65,
                    "ml_home_money": 58, "ml_away_money": 42,
                },
                {"type": "firstfive", "book_id": 15, "ml_home": -130, "ml_away": 115},
            ],
            "markets": {
                "68": {"event": {"moneyline": [
                    {"side": "home", "odds": -118, "bet_info": {
                        "tickets": {"value": 40, "percent": 40}, "money": {"percent": 61}}},
                    {"side": "away", "odds": 108, "bet_info": {
                        "tickets": {"value": 60, "percent": 60}, "money": {"percent": 39}}},
                ]}}
            },
        }
    ]
}  # fmt: skip

SCHEDULE = {
    "dates": [
        {
            "date": "2026-07-20",
            "games": [
                {
                    "gamePk": 999001, "gameDate": "2026-07-20T23:10:00Z",
                    "officialDate": "2026-07-20", "gameNumber": 1,
                    "status": {"detailedState": "Final"}, "venue": {"name": "Fenway Park"},
                    "teams": {
                        "home": {"team": {"name": "Boston Red Sox"}, "score": 5},
                        "away": {"team": {"name": "New York Yankees"}, "score": 3},
                    },
                }
            ],
        }
    ]
}  # fmt: skip


def test_action_network_and_schedule_are_one_game(head: Engine) -> None:
    """Prices and splits of two books; the schedule's start, status and score win."""
    ingest(head, read_response(json.dumps(ACTION_NETWORK), "action_network", START))
    ingest(head, read_response(json.dumps(SCHEDULE), "mlb_stats_api", START))
    promote(head.url)
    game = rows(
        head,
        "SELECT game_pk, status, home_score, away_score, scheduled_start_at::text, name"
        " FROM curated.enhanced_games JOIN curated.venues USING (venue_id)",
    )
    assert game == [(999001, "final", 5, 3, "2026-07-20 23:10:00+00", "Fenway Park")]
    lines = rows(
        head,
        "SELECT key, market_type, side, line_value::text, price"
        " FROM curated.betting_lines_unified JOIN curated.sportsbooks USING (sportsbook_id)"
        " ORDER BY key, market_type, side",
    )
    assert lines == [
        ("action_network_consensus", "moneyline", "away", None, 110),
        ("action_network_consensus", "moneyline", "home", None, -120),
        ("action_network_consensus", "spread", "away", "1.5", -170),
        ("action_network_consensus", "spread", "home", "-1.5", 150),
        ("action_network_consensus", "total", "over", "8.5", -105),
        ("action_network_consensus", "total", "under", "8.5", -115),
        ("draftkings", "moneyline", "away", None, 108),
        ("draftkings", "moneyline", "home", None, -118),
    ]
    splits = rows(
        head,
        "SELECT key, home_or_over_bets_percent::integer, home_or_over_money_percent::integer,"
        " sharp_side FROM curated.unified_betting_splits JOIN curated.sportsbooks"
        " USING (sportsbook_id) WHERE market_type = 'moneyline' ORDER BY key",
    )
    assert splits == [("action_network_consensus", 35, 58, "home"), ("draftkings", 40, 61, "home")]
    assert rows(head, "SELECT count(*) FROM staging.rejected_records") == [(0,)]


PAST = """Date,Start,Away,Home,HomeML,AwayML,RL,HomeRL,AwayRL,OU,Over,Under
2025-07-04,2025-07-04T17:05:00Z,New York Yankees,NY Mets,-125,+105,-1.5,+160,-190,8.5,-110,-110
2025-07-04,2025-07-04T20:10:00Z,Isotopes,Red Sox,-125,+105,-1.5,+160,-190,8.5,-110,-110
"""


def test_past_lines_of_a_file(head: Engine, tmp_path: Path) -> None:
    """Columns named by the user; a file that tells the start alone has closing lines."""
    file = tmp_path / "past.csv"
    file.write_text(PAST)
    columns = LineHistory.from_words(
        [
            "game_date=Date,start_at=Start,away_team=Away,home_team=Home,moneyline_home=HomeML",
            "moneyline_away=AwayML,spread_home=RL,spread_home_price=HomeRL",
            "spread_away_price=AwayRL,total=OU,over_price=Over,under_price=Under",
            "sportsbook:=pinnacle",
        ]
    )
    ingest(head, read_file(file, "line_history", line_history=columns))
    promote(head.url)
    lines = rows(
        head,
        "SELECT key, market_type, side, line_value::text, price, is_closing, is_in_play"
        " FROM curated.betting_lines_unified JOIN curated.sportsbooks USING (sportsbook_id)"
        " ORDER BY market_type, side",
    )
    assert lines == [
        ("pinnacle", "moneyline", "away", None, 105, True, False),
        ("pinnacle", "moneyline", "home", None, -125, True, False),
        ("pinnacle", "spread", "away", "1.5", -190, True, False),
        ("pinnacle", "spread", "home", "-1.5", 160, True, False),
        ("pinnacle", "total", "over", "8.5", -110, True, False),
        ("pinnacle", "total", "under", "8.5", -110, True, False),
    ]
    rejected = rows(head, "SELECT DISTINCT source, reason_code FROM staging.rejected_records")
    assert rejected == [("past", "unknown_game")]


def test_a_game_that_is_queued_while_it_is_curated_is_queued_again(head: Engine) -> None:
    """Who claims takes the game out; who stages meanwhile waits, and puts it back."""
    with head.begin() as connection:
        connection.exec_driver_sql("INSERT INTO staging.curation_queue (game_id) VALUES (7)")
    insert = "INSERT INTO staging.curation_queue (game_id) VALUES (7) ON CONFLICT DO NOTHING"
    with head.connect() as curating:
        curating.exec_driver_sql("DELETE FROM staging.curation_queue")

        def stage() -> None:
            with head.begin() as staging:
                staging.exec_driver_sql(insert)

        worker = threading.Thread(target=stage)
        worker.start()
        worker.join(0.3)
        assert worker.is_alive(), "it did not wait for the one that curates"
        curating.commit()
        worker.join(10)
    assert rows(head, "SELECT game_id FROM staging.curation_queue") == [(7,)]
