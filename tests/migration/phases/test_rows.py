"""Phases 2 and 3 on rows of every tier: up, written to, down, up; nothing of anybody's is lost."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from alembic import command
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from mlb_perf.errors import MlbPerfError
from mlb_perf.migrate.config import alembic_config
from tests.migration.phases.contents import (
    PARTITIONED,
    TABLES,
    assert_nothing_left,
    contents,
    partitioned,
)
from tests.support.sql import rows, run

READER = f"phases_reader{os.environ.get('PYTEST_XDIST_WORKER', '')}"

OWN = (
    "CREATE SCHEMA own",
    f"DROP ROLE IF EXISTS {READER}",
    f"CREATE ROLE {READER}",
    f"GRANT USAGE ON SCHEMA own, curated, raw_data TO {READER}",
    f"GRANT SELECT ON curated.betting_lines_unified, raw_data.odds_api_odds TO {READER}",
    "CREATE VIEW own.closing AS SELECT * FROM curated.betting_lines_unified WHERE is_closing",
    (
        "CREATE MATERIALIZED VIEW own.books AS SELECT sportsbook_key, count(*) AS quotes"
        " FROM staging.betting_odds_unified GROUP BY 1"
    ),
    "CREATE VIEW own.busy AS SELECT books.sportsbook_key FROM own.books WHERE books.quotes > 10",
    (
        "CREATE TABLE own.notes (game_id bigint, game_date date, line_id bigint, said text, FOREIGN"
        " KEY (game_id, game_date, line_id) REFERENCES curated.betting_lines_unified"
        " (game_id, game_date, line_id))"
    ),
    (
        "INSERT INTO own.notes SELECT game_id, game_date, line_id, 'look'"
        " FROM curated.betting_lines_unified ORDER BY line_id LIMIT 3"
    ),
    "CREATE INDEX own_price ON curated.betting_lines_unified (price)",
)
ASKED = (
    "SELECT count(*), sum(price) FROM own.closing",
    "SELECT * FROM own.books ORDER BY 1",
    "SELECT * FROM own.busy ORDER BY 1",
    "SELECT count(*) FROM own.notes JOIN curated.betting_lines_unified USING (line_id)",
)
WRITTEN = (
    "UPDATE curated.betting_lines_unified SET quote_count = quote_count + 1 WHERE is_opening",
    "DELETE FROM staging.betting_odds_unified WHERE odds_id % 7 = 0",
    "UPDATE raw_data.odds_api_odds SET processed_at = NULL WHERE sportsbook_key = 'draftkings'",
    (
        "INSERT INTO raw_data.sbd_splits (external_game_id, sportsbook_key, collected_at, payload)"
        " VALUES ('later', 'book', now(), '{}')"
    ),
)


@pytest.mark.at_revision("0020")
def test_rows_stay(wide: Engine) -> None:
    """By count and hash, table by table; views, grants, indexes and foreign keys of others too."""
    run(wide, *OWN)
    before = contents(wide)
    assert [table for table in TABLES if before[table][0] == 0] == []
    answers = [rows(wide, question) for question in ASKED]

    command.upgrade(alembic_config(), "head")
    assert contents(wide) == before
    assert partitioned(wide) == PARTITIONED
    _others_work(wide, answers)
    run(wide, *WRITTEN, "REFRESH MATERIALIZED VIEW own.books")
    changed = contents(wide)
    answers = [rows(wide, question) for question in ASKED]

    command.downgrade(alembic_config(), "0020")
    assert contents(wide) == changed
    assert partitioned(wide) == set()
    _others_work(wide, answers)

    command.upgrade(alembic_config(), "head")
    assert contents(wide) == changed
    _others_work(wide, answers)
    assert_nothing_left(wide)
    run(wide, f"DROP OWNED BY {READER}", f"DROP ROLE {READER}")


def _others_work(engine: Engine, answers: Sequence[object]) -> None:
    assert [rows(engine, question) for question in ASKED] == answers
    run(engine, "REFRESH MATERIALIZED VIEW own.books")
    with pytest.raises(IntegrityError):
        run(engine, "DELETE FROM curated.betting_lines_unified USING own.notes AS n"
                    " WHERE betting_lines_unified.line_id = n.line_id")  # fmt: skip
    run(engine, f"SET LOCAL ROLE {READER}; SELECT * FROM curated.betting_lines_unified LIMIT 1")
    assert rows(engine, "SELECT to_regclass('curated.own_price') IS NOT NULL") == [(True,)]


@pytest.mark.at_revision("0022")
def test_a_row_that_does_not_fit_is_named(wide: Engine) -> None:
    """Before anything is done to the table, with its key."""
    run(
        wide,
        "UPDATE staging.betting_odds_unified SET sportsbook_id = 3000000000 WHERE odds_id ="
        " (SELECT min(odds_id) FROM staging.betting_odds_unified)",
    )
    before = contents(wide)
    with pytest.raises(Exception, match=r"sportsbook_id = 3000000000.* does not fit") as caught:
        command.upgrade(alembic_config(), "0023")
    assert isinstance(caught.value.__cause__, MlbPerfError)
    assert contents(wide) == before
    assert_nothing_left(wide)
    run(wide, "UPDATE staging.betting_odds_unified SET sportsbook_id = 1"
              " WHERE sportsbook_id > 2147483647")  # fmt: skip
    command.upgrade(alembic_config(), "0023")
    assert_nothing_left(wide)
