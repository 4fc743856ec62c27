"""Nothing is lost: rejections with reasons, retries, workers side by side."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from sqlalchemy import Engine

from mlb_perf.pipeline.promote import promote, retry_rejected
from tests.integration.pipeline.feeds import START, odds_row, store
from tests.support.sql import rows


def load(engine: Engine, *raw: Any) -> None:
    with engine.connect() as connection:
        store(connection, raw)


def conserved(engine: Engine) -> None:
    """Each cold row gave a quote or a rejection, and no hot row gave either."""
    lost = rows(
        engine,
        """
        SELECT r.external_game_id, r.sportsbook_key, r.processed_at IS NULL AS hot
        FROM raw_data.odds_api_odds r
        WHERE (r.processed_at IS NOT NULL) <> (
            EXISTS (SELECT FROM staging.betting_odds_unified s
                    WHERE s.external_game_id = r.external_game_id
                      AND s.sportsbook_key = r.sportsbook_key
                      AND s.collected_at = r.collected_at)
            OR EXISTS (SELECT FROM staging.rejected_records x
                       WHERE x.external_game_id = r.external_game_id
                         AND x.sportsbook_key = r.sportsbook_key
                         AND x.collected_at = r.collected_at))
        """,
    )
    assert lost == []


def season(games: int = 40, moments: int = 12) -> list[Any]:
    """Raw rows of many games at four books, prices moving."""
    chance = random.Random(3)
    teams = ["Boston Red Sox", "New York Yankees", "Chicago Cubs", "Seattle Mariners",
             "Texas Rangers", "Houston Astros"]  # fmt: skip
    made = []
    for number in range(games):
        home, away = chance.sample(teams, 2)
        start = START + dt.timedelta(days=number)
        for book in ("fanduel", "draftkings", "betmgm", "bovada"):
            for moment in range(moments):
                prices = (round(chance.uniform(1.5, 2.0), 2), round(chance.uniform(1.9, 2.6), 2))
                made.append(
                    odds_row(
                        f"g{number}", book, start - dt.timedelta(hours=1 + moment),
                        home=home, away=away, start=start, prices=prices,
                    )
                )  # fmt: skip
    return made


REJECTED: dict[str, tuple[Any, str]] = {
    "unknown team": (odds_row(home="Springfield Isotopes"), "unknown_game"),
    "the same team": (odds_row(home="Boston Red Sox", away="BOS"), "unknown_game"),
    "unknown book": (odds_row(book="my cousin"), "unknown_sportsbook"),
    "unknown market": (odds_row(key="first_five"), "unknown_market"),
    "unknown side": (
        odds_row(outcomes=[{"name": "Draw", "price": 3.4}]), "unknown_side",
    ),
    "no number": (odds_row(prices=("cheap", [1])), "unreadable_price"),
    "a sentinel": (odds_row(prices=(-999999999, 999999999)), "impossible_price"),
    "no more than the stake": (odds_row(prices=(1.0000004, 1.0000004)), "impossible_price"),
    "American or decimal": (odds_row(prices=(110, 101)), "ambiguous_price"),
    "of tomorrow": (odds_row(last_update="2099-07-20T18:00:00Z"), "bad_time"),
    "price of one": (odds_row(prices=(1, 1.0)), "impossible_price"),
    "nothing": (odds_row(outcomes=[]), "no_quotes"),
    "no list": (odds_row(outcomes={"price": 2}), "no_quotes"),
    "no point": (
        odds_row(key="totals", outcomes=[{"name": "Over", "price": 1.9}]), "missing_line",
    ),
    "a third of a run": (
        odds_row(key="totals", outcomes=[{"name": "Over", "price": 1.9, "point": 8.3}]),
        "impossible_line",
    ),
    "no day": (odds_row(last_update="2026-02-30T10:00:00Z"), "bad_time"),
    "no time": (odds_row(last_update="yesterday"), "bad_time"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "reason"), REJECTED.values(), ids=REJECTED.keys())
def test_what_cannot_be_is_rejected_by_name(head: Engine, row: Any, reason: str) -> None:
    """And does not stop the good row beside it."""
    load(head, row, odds_row("good", "draftkings"))
    promote(head.url)
    found = rows(head, "SELECT DISTINCT reason_code FROM staging.rejected_records")
    assert found == [(reason,)]
    good = "SELECT count(*) FROM staging.betting_odds_unified WHERE external_game_id = 'good'"
    assert rows(head, good) == [(2,)]
    conserved(head)
    assert rows(head, "SELECT count(*) FROM raw_data.odds_api_odds WHERE processed_at IS NULL") == [
        (0,)
    ]


@pytest.mark.parametrize("payload", [None, 7, "text", [], {}, {"bookmakers": 3}, [[{}]]])
def test_payloads_that_are_no_events(head: Engine, payload: Any) -> None:
    game, book, at, _ = odds_row("odd")
    load(head, (game, book, at, payload), odds_row("good"))
    report = promote(head.url)
    assert (report.rows, report.rejected) == (2, 1)
    conserved(head)


@pytest.mark.parametrize(
    ("prices", "american"),
    [
        ((1.91, 1.91), (-110, -110)),
        ((2.0, 1.5), (100, -200)),
        ((1.01, 26.0), (-10000, 2500)),
        ((-100000, 5000), (-100000, 5000)),
        ((-110, 150), (-110, 150)),
    ],
)
def test_prices_are_converted(head: Engine, prices: Any, american: tuple[int, int]) -> None:
    load(head, odds_row(prices=prices))
    promote(head.url)
    found = rows(head, "SELECT side, price FROM curated.betting_lines_unified ORDER BY side DESC")
    assert [tuple(row) for row in found] == [("home", american[0]), ("away", american[1])]


def test_contradiction_is_not_lost(head: Engine) -> None:
    """Two blocks of one book with the same moment of the market and other prices."""
    stamp = odds_row()[2]
    later = odds_row(at=START - dt.timedelta(hours=4), prices=(1.7, 2.2), last_update=stamp)
    load(head, odds_row(), later)
    promote(head.url)
    found = rows(head, "SELECT reason_code, count(*) FROM staging.rejected_records GROUP BY 1")
    assert [tuple(row) for row in found] == [("contradicted", 2)]


def test_retry_after_an_alias_was_added(head: Engine) -> None:
    """What is still unknown counts an attempt; what is known now is resolved and curated."""
    load(head, odds_row("a", home="Isotopes"), odds_row("b", home="Capitals"))
    promote(head.url)
    with head.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO staging.team_aliases SELECT league_id, 'any', 'Isotopes', team_id"
            " FROM curated.teams WHERE abbreviation = 'BOS'"
        )
        assert retry_rejected(connection) == 2
    promote(head.url)
    found = rows(
        head,
        "SELECT DISTINCT external_game_id, reason_code, attempts, resolved_at IS NOT NULL"
        " FROM staging.rejected_records ORDER BY 1",
    )
    assert [tuple(row) for row in found] == [
        ("a", "unknown_game", 1, True),
        ("b", "unknown_game", 2, False),
    ]
    assert rows(head, "SELECT count(*) FROM curated.betting_lines_unified") == [(2,)]
    conserved(head)


def test_a_second_promotion_changes_nothing(head: Engine) -> None:
    load(head, *season(5))
    first = promote(head.url)
    picture = (
        "SELECT md5(string_agg(l::text, '' ORDER BY line_id)) FROM curated.betting_lines_unified l"
    )
    before = rows(head, picture)
    second = promote(head.url)
    assert (first.rows, second.rows, second.games) == (240, 0, 0)
    assert rows(head, picture) == before


def test_late_quotes_mend_the_path(head: Engine) -> None:
    """A quote that comes late cuts the run that it falls into."""
    at = [START - dt.timedelta(hours=hours) for hours in (5, 4, 3)]
    load(head, odds_row(at=at[0]), odds_row(at=at[2]))
    promote(head.url)
    load(head, odds_row(at=at[1], prices=(1.7, 2.2)))
    promote(head.url)
    found = rows(
        head,
        "SELECT decimal_price, quote_count, first_seen_at FROM curated.betting_lines_unified"
        " WHERE side = 'home' ORDER BY first_seen_at",
    )
    assert [(float(row[0]), row[1], row[2]) for row in found] == [
        (1.8, 1, at[0]), (1.7, 1, at[1]), (1.8, 1, at[2]),
    ]  # fmt: skip


def test_four_workers_do_no_row_twice(head: Engine) -> None:
    load(head, *season())
    report = promote(head.url, workers=4, batch_rows=50, batch_games=3)
    assert (report.rows, report.quotes, report.rejected) == (1920, 3840, 0)
    conserved(head)
    found = rows(head, "SELECT count(DISTINCT game_id), sum(quote_count) "
                       "FROM curated.betting_lines_unified")  # fmt: skip
    assert found == [(40, 3840)]
